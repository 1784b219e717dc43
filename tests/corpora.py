"""`python tests --corpora FOLDER…`: recalculates the workbooks of some folders and accounts for each value.

Each folder is a corpus: workbooks that Excel saved and that anyone can fetch, such as those of IronCalc
(`xlsx/tests/calc_tests`), Apache POI (`test-data/spreadsheet`), ClosedXML, pycel and formulas. Nothing in them is
written. A value that changes has a cause: its formula had none or asks for the day, or one that it refers to has
changed. What has no cause is told and the exit code is 1. `--all` calculates what would be kept as well; then what
changes without a cause is a value that is not Excel's.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.precedents import Precedents
from xlsales.bounded import Bounds
from xlsales.cells.values import Address
from xlsales.errors import InputError
from xlsales.recalc import Recalculated
from xlsales.recalc.book import Book
from xlsales.recalc.book import read as read_book
from xlsales.recalc.worker import Recalculator
from xlsales.workbook import parts
from xlsales.workbook.sheet_part import Cell

AS_OF = dt.date(2027, 1, 31)
SUFFIXES = (".xlsx", ".xlsm")
COLUMNS = ("workbooks", "refused", "formulas", "stored", "kept", "calculated", "left", "changed", "emptied", "no cause")


@dataclass
class Compared:
    """A workbook before and after its recalculation, cell by cell."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[str, ...]] = field(default_factory=list)  # each value that changed: cell, formula, values, cause

    def tell(self, count: str, cause: str, line: tuple[str, ...]) -> None:
        """Count a change and tell it."""
        self.counts[count] += 1
        self.counts["no cause"] += not cause
        self.lines.append((*line, cause))


def main(arguments: Sequence[str]) -> int:
    """Recalculate the corpora and print a table of what became of their values."""
    parser = argparse.ArgumentParser(prog="python tests --corpora", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="each of them a corpus")
    parser.add_argument("--all", action="store_true", help="calculate also what would be kept")
    parser.add_argument("--changes", type=Path, help="a CSV file for each value that changes, and its cause")
    chosen = parser.parse_args(arguments)
    changes: list[tuple[str, ...]] = []
    table: dict[str, Counter[str]] = {}
    with Recalculator(Bounds()) as recalculator:
        for folder in chosen.folders:
            found = table[folder.name] = Counter[str]()
            for path in _workbooks(folder):
                compared = _recalculated(recalculator, path, everything=chosen.all)
                found.update(compared.counts)
                changes += [(str(path.relative_to(folder.parent)), *line) for line in compared.lines]
    if chosen.changes:
        with chosen.changes.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("file", "cell", "formula", "before", "after", "cause"), *changes])
    untraced = [change for change in changes if not change[-1]]
    told = [*_table(table), *(" | ".join(("no cause:", *change[:-1])) for change in untraced)]
    sys.stdout.write("\n".join(told) + "\n")
    return int(bool(untraced))


def _workbooks(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(path for path in found if not path.name.startswith("~$"))


def _recalculated(recalculator: Recalculator, path: Path, *, everything: bool) -> Compared:
    package = path.read_bytes()
    try:
        done = recalculator.recalculated(package, path.name, AS_OF, everything=everything)
    except InputError as error:
        sys.stderr.write(f"refused: {error}\n")
        return Compared(Counter(workbooks=1, refused=1))
    return compared(package, done, path.name)


def compared(package: bytes, done: Recalculated, name: str) -> Compared:
    """Compare a workbook with what became of it."""
    if not done.formulas:
        return Compared(Counter(workbooks=1))
    before, after = read_book(package, name), read_book(done.package, name)
    found = Compared(_counted(before, done))
    changed = dict(_changed(before, after))
    without = before.formulas.cells.keys() - before.stored().keys()
    restless = changed.keys() | without
    precedents = Precedents(before.formulas)
    filled = precedents.filled(restless) | Precedents(after.formulas).filled(restless)
    for address, (old, new) in changed.items():
        if old is None or address in without:
            continue
        if address in before.formulas.cells:
            cause = precedents.cause(address, restless)
        else:
            cause = "an array formula fills it" if address in filled else ""
        found.tell("emptied" if new is None else "changed", cause, _line(before, address, old, new))
    for part in _other_parts(before, after):
        found.tell("parts", "", (part, "", "another part of the workbook", ""))
    return found


def _counted(before: Book, done: Recalculated) -> Counter[str]:
    return Counter(
        workbooks=1,
        formulas=done.formulas,
        stored=len(before.stored()),
        kept=len(done.kept),
        calculated=done.recalculated,
        left=len(done.left.keys() - done.kept),
    )


def _changed(before: Book, after: Book) -> Iterator[tuple[Address, tuple[str | None, str | None]]]:
    """Yield the cells that show something else now, with both."""
    for sheet, part in before.sheets.items():
        now = after.sheets[sheet].cells
        for reference, cell in part.cells.items():
            old, new = _shown(cell), _shown(now[reference])
            if old != new:
                yield (sheet, reference), (old, new)
        yield from (((sheet, place), (None, _shown(now[place]))) for place in now.keys() - part.cells.keys())


def _shown(cell: Cell) -> str | None:
    """Return the kind of a cell's value and the value, numbers in one way of writing."""
    if not cell.has_value or cell.shown is None:
        return None
    try:
        return repr(float(cell.shown)) if cell.kind in ("", "n") else f"{cell.kind} {cell.shown}"
    except ValueError:
        return cell.shown


def _line(before: Book, address: Address, old: str, new: str | None) -> tuple[str, ...]:
    formula = before.formulas.cells.get(address)
    return "!".join(address), "" if formula is None else formula.text, old, new or ""


def _other_parts(before: Book, after: Book) -> Iterator[str]:
    """Yield the parts that differ in more than values; the workbook's own may ask for a calculation."""
    worksheets = {place: sheet for sheet, place in before.places.items()}
    for name in dict.fromkeys((*before.parts, *after.parts)):
        old, new = before.parts.get(name), after.parts.get(name)
        if name in worksheets:
            is_same = _without_values(before, worksheets[name]) == _without_values(after, worksheets[name])
        elif name == before.workbook and old is not None and new is not None:
            is_same = new in (old, parts.asking_for_full_calculation(old))
        else:
            is_same = old == new
        if not is_same:
            yield name


def _without_values(book: Book, sheet: str) -> tuple[bytes, set[tuple[bytes, bytes, bytes]]]:
    """Return what a worksheet has around its cells, and what the cells have beside their values."""
    part = book.sheets[sheet]
    around = part.with_cells(dict.fromkeys(part.cells, b""))
    return around, {(cell.head, cell.formula, cell.after) for cell in part.cells.values()}


def _table(table: Mapping[str, Counter[str]]) -> Iterator[str]:
    widths = [max(len(column), 9) for column in COLUMNS]
    yield " ".join(["corpus".ljust(24), *(column.rjust(width) for column, width in zip(COLUMNS, widths, strict=True))])
    for corpus, counts in [*table.items(), ("all", sum(table.values(), Counter[str]()))]:
        figures = (f"{counts[name]:,}".rjust(width) for name, width in zip(COLUMNS, widths, strict=True))
        yield " ".join([corpus.ljust(24), *figures])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
