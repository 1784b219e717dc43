"""The linter: will Excel open this workbook without repair, and is there anything that Excel never writes?

`check` reads the bytes itself, within limits, and runs every rule. A rule has a name, says in one sentence what Excel
does with what breaks it, what to do about it, and where that is written; docs/reliability.md lists them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xlsales.files import obstacles
from xlsales.texts import _
from xlsales.workbook.lint import (
    archive,
    characters,
    conditions,
    drawings,
    formulas,
    layout,
    links,
    package,
    properties,
    schema,
    sheet,
    styles,
    tables,
    vba,
    workbook,
)
from xlsales.workbook.lint.archive import Unreadable
from xlsales.workbook.lint.book import CONTENT_TYPES, Book, Table
from xlsales.workbook.lint.formulas import Known
from xlsales.workbook.lint.rules import RULES, Fault, Rule

__all__ = ["RULES", "Checked", "Fault", "Rule", "Unreadable", "check", "check_file"]

_KEPT = 100  # faults of one rule in one part; the others are counted


@dataclass(frozen=True)
class Checked:
    """What the rules found in one workbook."""

    faults: tuple[Fault, ...]
    count: int  # of all faults, also of those that are not listed

    @property
    def is_sound(self) -> bool:
        """Whether no rule is broken."""
        return not self.count


def check_file(path: Path) -> Checked:
    """Check a file; raises Unreadable where its bytes are no workbook, OSError where it cannot be read."""
    if obstacles.is_endless(path):
        raise Unreadable(_("It is no ordinary file."))
    return check(path.read_bytes(), path.name)


def check(content: bytes, name: str) -> Checked:
    """Check a workbook's bytes; the name's extension says what kind of workbook it should be."""
    members, faults = archive.read(content)
    book = Book(name, members)
    if not book.parts:
        packed = [fault.rule for fault in faults if fault.rule in (archive.ENCRYPTED, archive.METHOD)]
        raise Unreadable(_(packed[0].excel) if packed else _("It is a zip archive without a file in it."))
    _refuse_others(book)
    kept: list[Fault] = []
    counts: Counter[tuple[str, str]] = Counter()
    for fault in (*faults, *_faults(book)):
        counts[fault.rule.name, fault.part] += 1
        if counts[fault.rule.name, fault.part] <= _KEPT:
            kept.append(fault)
    order = {name: place for place, name in enumerate(RULES)}
    kept.sort(key=lambda fault: order[fault.rule.name])
    return Checked(tuple(kept), counts.total())


def _refuse_others(book: Book) -> None:
    """Say so where the package is another kind of document."""
    if "mimetype" in book.parts and b"opendocument" in book.parts["mimetype"]:
        raise Unreadable(_("It is an OpenDocument file: save it as an Excel workbook."))
    kind = book.content_type(book.workbook) or ""
    if kind == package.BINARY or book.workbook.endswith(".bin"):
        raise Unreadable(_("It is a binary workbook (.xlsb): save it as .xlsx or .xlsm."))
    if "wordprocessingml" in kind or "presentationml" in kind:
        raise Unreadable(_("It is an Office document, but no workbook."))
    if CONTENT_TYPES not in book.parts and book.workbook not in book.parts:
        raise Unreadable(_("It is a zip archive, but no workbook."))


def _faults(book: Book) -> Iterator[Fault]:
    yield from package.content_types(book)
    yield from package.kind_of_file(book)
    yield from package.relationships(book)
    if book.workbook not in book.parts:
        yield from package.malformed(book)
        return
    yield from workbook.sheets(book)
    yield from characters.shared_strings(book)
    yield from styles.styles(book)
    known = Known(book)
    grids: dict[str, sheet.Grid] = {}
    by_sheet = tables.by_sheet(book)
    for entry in book.sheets:
        if entry.is_grid and entry.part:
            grids[entry.name] = sheet.read(book, entry, tables.rows_wanted(by_sheet.get(entry.part, [])))
    for grid in grids.values():
        yield from grid.faults
        yield from _sheet(book, known, grid, by_sheet.get(grid.entry.part or "", []))
    yield from _whole(book, known, grids)
    yield from _every_part(book)
    yield from package.malformed(book)


def _sheet(book: Book, known: Known, grid: sheet.Grid, own: list[Table]) -> Iterator[Fault]:
    root = book.root(grid.entry.part or "")
    if root is None:
        return
    yield from layout.layout(book, grid, root, own)
    yield from formulas.cells(known, grid)
    yield from tables.of_sheet(book, grid, root, own)
    yield from conditions.of_sheet(book, known, grid, root)
    yield from drawings.of_sheet(book, grid, root)
    yield from links.of_sheet(book, known, grid, root)


def _whole(book: Book, known: Known, grids: dict[str, sheet.Grid]) -> Iterator[Fault]:
    if not book.sheets:
        return
    yield from workbook.names(book)
    yield from workbook.filters(book)
    yield from workbook.chain(book, grids)
    yield from workbook.calculated(book, grids)
    yield from formulas.names(known)
    yield from formulas.of_tables(known)
    yield from tables.names(book)
    yield from styles.table_formats(book)
    yield from drawings.images(book)
    yield from drawings.drawings(book)
    yield from drawings.charts(book, known)
    yield from vba.project(book)
    yield from properties.properties(book)
    yield from schema.roots(book)


def _every_part(book: Book) -> Iterator[Fault]:
    for part in _xml_parts(book):
        root = book.root(part)
        if root is not None and not part.endswith(".rels"):
            yield from package.ids_of(book, part, root)
            yield from package.compatibility_of(part, root)
            yield from schema.schema_of(part, root)


def _xml_parts(book: Book) -> Iterable[str]:
    return [name for name in book.parts if name.casefold().endswith((".xml", ".rels", ".vml"))]
