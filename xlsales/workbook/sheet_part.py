"""The cells of a worksheet part, each with its place in the part's bytes, so that single cells can be rewritten.

A part is never built anew: what is not rewritten keeps its bytes, known to this program or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from xml.parsers import expat

from xlsales.cells.columns import coordinate_to_tuple, get_column_letter
from xlsales.cells.references import Area, area
from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook import sheet_scan
from xlsales.workbook.limits import DEEPEST
from xlsales.workbook.sheet_cells import Cell, Row, without_value

__all__ = ["Cell", "SheetPart", "read", "with_room_for"]

_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s[^<>]*?\bref\s*=\s*["']([^"'<>]*)["']""")
_SPANS = re.compile(rb"""\s+spans\s*=\s*("[^"]*"|'[^']*')""")


@dataclass
class SheetPart:
    """A worksheet part and where its cells are."""

    content: bytes
    prefix: bytes = b""  # of the main namespace, with its colon
    cells: dict[str, Cell] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    data: tuple[int, int] = (0, 0)  # where rows stand: between <sheetData> and </sheetData>

    @cached_property
    def formulas(self) -> list[Cell]:
        """The cells with a formula, in the part's order."""
        return [cell for cell in self.cells.values() if cell.formula]

    def with_cells(self, rewritten: Mapping[str, bytes]) -> bytes:
        """Return the part with these cells' elements in place of the ones it has; all of them must be there."""
        pieces: list[bytes] = []
        position = 0
        for cell in sorted((self.cells[reference] for reference in rewritten), key=lambda cell: cell.start):
            pieces += [self.content[position : cell.start], rewritten[cell.reference]]
            position = cell.end
        return b"".join([*pieces, self.content[position:]])


def read(content: bytes, name: str) -> SheetPart:
    """Read a worksheet part; `name` is for errors."""
    content = _utf8(content, name)
    found = sheet_scan.scanned(content)
    if found is not None:
        cells = {cell.reference: cell for cell in found.cells}
        return SheetPart(content, cells=cells, rows={row.number: row for row in found.rows}, data=found.data)
    reader = _Reader(content)
    try:
        reader.parse()
    except expat.ExpatError as error:
        raise InputError(
            _("{part}: this sheet cannot be read ({error}). Open the workbook in Excel and save it again.").format(
                part=name, error=error
            )
        ) from error
    return reader.part


def with_room_for(part: SheetPart, references: set[str], name: str) -> SheetPart:
    """Return the part with an empty cell wherever one of the references has none yet."""
    missing = references - part.cells.keys()
    if not missing:
        return part
    part = _with_wider_dimension(_with_open_data(part, name), missing, name)
    prefix = part.prefix
    by_row: dict[int, list[int]] = {}
    for reference in missing:
        row, column = coordinate_to_tuple(reference)
        by_row.setdefault(row, []).append(column)
    insertions: list[tuple[int, int, bytes]] = []  # from, to, what stands there then
    for number, columns in sorted(by_row.items()):
        insertions += _cells_into(part, number, sorted(columns), prefix)
    pieces: list[bytes] = []
    position = 0
    for start, end, new in sorted(insertions, key=lambda one: (one[0], one[1])):
        pieces += [part.content[position:start], new]
        position = end
    content = b"".join([*pieces, part.content[position:]])
    return read(content, name)


def _with_open_data(part: SheetPart, name: str) -> SheetPart:
    """Return the part with an element <sheetData> that has an end of its own."""
    inside = part.data[0]
    if not part.content.startswith(b"/>", inside - 2):
        return part
    opened = part.content[: inside - 2].rstrip() + b"></%bsheetData>" % part.prefix
    return read(opened + part.content[inside:], name)


def _with_wider_dimension(part: SheetPart, references: set[str], name: str) -> SheetPart:
    """Return the part saying that it has cells as far as these, if it says how far they go."""
    found = _DIMENSION.search(part.content, 0, part.data[0])
    said = area(found[1].decode(errors="replace")) if found else None
    if found is None or said is None:
        return part
    rows, columns = zip(*map(coordinate_to_tuple, references), strict=True)
    wider = Area(min(said.left, *columns), min(said.top, *rows), max(said.right, *columns), max(said.bottom, *rows))
    if wider == said:
        return part
    return read(part.content[: found.start(1)] + str(wider).encode() + part.content[found.end(1) :], name)


def _cells_into(part: SheetPart, number: int, columns: list[int], prefix: bytes) -> list[tuple[int, int, bytes]]:
    row = part.rows.get(number)
    new = {column: b'<%bc r="%b%d"/>' % (prefix, get_column_letter(column).encode(), number) for column in columns}
    if row is None:
        before = [known.end for known in part.rows.values() if known.number < number]
        place = max(before, default=part.data[0])
        return [(place, place, b'<%brow r="%d">%b</%brow>' % (prefix, number, b"".join(new.values()), prefix))]
    opening = part.content[row.start : row.inside]
    closed = opening.rstrip().endswith(b"/>")
    bare = _SPANS.sub(b"", opening)  # a hint, and wrong from now on
    if closed:
        opened = bare.rstrip()[:-2].rstrip() + b">"
        return [(row.start, row.end, opened + b"".join(new.values()) + b"</%brow>" % prefix)]
    changes = [(row.start, row.inside, bare)] if bare != opening else []
    own = {
        coordinate_to_tuple(cell.reference)[1]: cell
        for cell in part.cells.values()
        if row.start <= cell.start < row.end
    }
    for column, element in new.items():
        left = [cell.end for known, cell in own.items() if known < column]
        place = max(left, default=row.inside)
        changes.append((place, place, element))
    return changes


def _utf8(content: bytes, name: str) -> bytes:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            _("{part}: this sheet is stored as UTF-16. Open the workbook in Excel and save it again.").format(part=name)
        )
    return content


class _Reader:
    """Collects the cells from expat's events, which know their place in the bytes."""

    def __init__(self, content: bytes) -> None:
        self.part = SheetPart(content)
        self._content = content
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._open: list[_Open] = []
        self._row = self._column = 0
        self._cell = _Pending()

    def parse(self) -> None:
        self._parser.Parse(self._content, True)

    def _tag_end(self, start: int) -> int:
        tag = _TAG.match(self._content, start)
        return tag.end() if tag else len(self._content)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise expat.ExpatError("its elements are nested too deeply")
        local = name.rpartition(":")[2]
        place = self._parser.CurrentByteIndex
        inside = self._tag_end(place)
        match len(self._open), local:
            case 0, _:
                self.part.prefix = name.removesuffix(local).encode()
            case 1, "sheetData":
                self.part.data = (inside, inside)
            case 2, "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
            case 3, "c":
                self._start_cell(attributes)
            case 4, "v" | "is":
                self._cell.shown = ""
        self._open.append(_Open(local, place, inside))
        if local in ("v", "t") and not any(known.name == "rPh" for known in self._open):
            self._parser.CharacterDataHandler = self._cell.add_text  # phonetic runs are no part of the text

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r") or f"{get_column_letter(self._column + 1)}{self._row}"
        self._column = coordinate_to_tuple(reference)[1]
        self._cell = _Pending(reference, attributes.get("t", ""))

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        self._parser.CharacterDataHandler = None
        place = self._parser.CurrentByteIndex
        closed = self._content.startswith(b"/>", element.inside - 2)
        end = element.inside if closed else self._tag_end(place)
        match len(self._open), element.name:
            case 1, "sheetData":
                self.part.data = (element.inside, element.inside if closed else place)
            case 2, "row":
                self.part.rows[self._row] = Row(self._row, element.start, end, element.inside)
            case 3, "c":
                self._end_cell(element, place, end, closed=closed)
            case 4, "f":
                self._cell.formula = self._content[element.start : end]
                self._cell.value_end = end
            case 4, "v" | "is":
                self._cell.value_end = end

    def _end_cell(self, element: _Open, place: int, end: int, *, closed: bool) -> None:
        opening = self._content[element.start : element.inside - (2 if closed else 1)].rstrip()
        after = b"" if closed else self._content[self._cell.value_end or element.inside : place]
        pending = self._cell
        self.part.cells[pending.reference] = Cell(
            pending.reference,
            pending.kind,
            element.start,
            end,
            without_value(opening),
            pending.formula,
            after.strip(),
            pending.shown,
        )


class _Open(NamedTuple):
    """An element that is open: where its tag starts and where its inside starts."""

    name: str
    start: int
    inside: int


@dataclass(slots=True)
class _Pending:
    """A cell while it is read."""

    reference: str = ""
    kind: str = ""
    formula: bytes = b""
    shown: str | None = None
    value_end: int = 0

    def add_text(self, text: str) -> None:
        self.shown = (self.shown or "") + text


def _refuse_doctype(*_declaration: object) -> None:
    raise expat.ExpatError("a document type is declared, which no workbook needs")
