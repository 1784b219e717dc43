"""Rules of the sheet grid: rows and cells one after another, read as a stream."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from xlsales.texts import N_
from xlsales.workbook.lint.book import ANY, Book, Element, NotXml, SheetEntry, local, namespace, text_of, whole
from xlsales.workbook.lint.characters import item_faults, space_faults, text_faults
from xlsales.workbook.lint.places import LAST_COLUMN, LAST_ROW, Area, at, cell
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.lint.schema import ATTRIBUTES, ORDER, UNKNOWN, attributes_of

rule = Group("sheet grid")
ROW_ORDER = rule(
    "row-order",
    N_("Excel expects rows from the top down and offers to repair a sheet where one comes too late."),
    N_("Sort the rows by their number."),
    "ECMA-376-1 part 1, 18.3.1.73; dotnet/Open-XML-SDK#440",
)
ROW_TWICE = rule(
    "row-twice",
    N_("Excel offers to repair a sheet that has a row twice and drops one of them."),
    N_("Join the cells of the two rows."),
    "ECMA-376-1 part 1, 18.3.1.73",
)
CELL_ORDER = rule(
    "cell-order",
    N_("Excel expects cells from left to right and offers to repair a row where one comes too late."),
    N_("Sort the cells of the row by their column."),
    "ECMA-376-1 part 1, 18.3.1.4; openspout#362, FastExcel#72",
)
CELL_TWICE = rule(
    "cell-twice",
    N_("Excel offers to repair a row that has a cell twice and drops one of them."),
    N_("Keep one of the two cells."),
    "ECMA-376-1 part 1, 18.3.1.4",
)
WRONG_ROW = rule(
    "cell-in-another-row",
    N_("Excel offers to repair a sheet where a cell stands inside a row of another number."),
    N_("Move the cell to the row of its address."),
    "ECMA-376-1 part 1, 18.3.1.4",
)
ADDRESS = rule(
    "cell-address",
    N_("Excel has no such cell and offers to repair the sheet by dropping it."),
    N_("Write addresses from A1 to XFD1048576, in capitals and without $."),
    "Microsoft, Excel specifications and limits; jmcnamara/XlsxWriter#212",
)
ROW_NUMBER = rule(
    "row-number",
    N_("Excel has rows 1 to 1,048,576 and offers to repair a sheet with another."),
    N_("Number the rows from 1."),
    "Microsoft, Excel specifications and limits",
)
TYPE = rule(
    "cell-type",
    N_("Excel knows the cell types b, d, e, inlineStr, n, s and str, and drops a cell of another."),
    N_("Write one of these into t."),
    "ECMA-376-1 part 1, 18.18.11 (ST_CellType); both validators refuse it",
)
NUMBER = rule(
    "cell-number",
    N_("Excel offers to repair a number cell whose value is no number, such as NaN, INF or 1,5."),
    N_("Write the number with a dot, or the value as a text or an error."),
    "ECMA-376-1 part 1, 18.3.1.96",
)
ERROR = rule(
    "cell-error",
    N_("Excel does not know this error value and offers to repair the cell."),
    N_("Write one of Excel's own, such as #N/A or #VALUE!."),
    "ECMA-376-1 part 1, 18.18.11; errors seen in files that Excel saved",
)
BOOLEAN = rule(
    "cell-boolean",
    N_("Excel offers to repair a boolean cell that holds anything but 0 or 1."),
    N_("Write 0 or 1."),
    "ECMA-376-1 part 1, 18.18.11",
)
DATE = rule(
    "cell-date",
    N_('Excel offers to repair a date cell (t="d") whose value is no ISO 8601 date.'),
    N_("Write the date as 2027-01-31T00:00:00, or better as a number with a date format."),
    "ECMA-376-1 part 1, 18.18.11; 18.17.4.2",
)
STRING = rule(
    "shared-string-index",
    N_("Excel offers to repair a cell whose shared string does not exist and empties it."),
    N_("Write the string into xl/sharedStrings.xml and its place, from 0, into the cell."),
    "ECMA-376-1 part 1, 18.4.8; openxml-audit",
)
INLINE = rule(
    "inline-string",
    N_("Excel shows nothing for an inline string outside <is>, or for an <is> in a cell of another type."),
    N_('Write <c t="inlineStr"><is><t>…</t></is></c>.'),
    "ECMA-376-1 part 1, 18.3.1.53",
)
STYLE = rule(
    "style-index",
    N_("Excel calls a workbook corrupt whose cell, row or column has a format that does not exist."),
    N_("Use an index below the count of cellXfs in xl/styles.xml."),
    "ECMA-376-1 part 1, 18.3.1.4, 18.8.10; Open XML SDK refuses it",
)
HEIGHT = rule(
    "row-height",
    N_("Excel has rows up to 409.5 points and offers to repair a sheet with a higher one."),
    N_("Write a height from 0 to 409.5."),
    "Microsoft, Excel specifications and limits",
)
OUTLINE = rule(
    "outline-level",
    N_("Excel groups rows and columns in at most seven levels and offers to repair more."),
    N_("Write outlineLevel from 0 to 7."),
    "ECMA-376-1 part 1, 18.3.1.73, 18.3.1.13; Open XML SDK refuses it",
)
METADATA = rule(
    "cell-metadata",
    N_("Excel offers to repair a cell whose metadata (cm, vm) does not exist."),
    N_("Write the record into xl/metadata.xml, or remove cm and vm from the cell."),
    "ECMA-376-1 part 1, 18.3.1.4, 18.9.5",
)

_ERRORS = """
    #NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED! #UNKNOWN! #CONNECT!
    #BUSY! #EXTERNAL! #PYTHON! #TIMEOUT!
"""
ERRORS = frozenset(_ERRORS.split())
_TYPES = frozenset(("b", "d", "e", "inlineStr", "n", "s", "str"))
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?\s*")
_DATE = re.compile(
    r"-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?|"
    r"T?\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?"
)
_HIGHEST, _DEEPEST = 409.5, 7


def _index(text: str, count: int) -> bool:
    """Whether a text is a place, from 0, in a list of this length."""
    return len(text) < 10 and text.isdecimal() and int(text) < count


class CellFormula(NamedTuple):
    """A formula as its cell has it."""

    row: int
    column: int
    text: str
    kind: str  # "", "array", "shared", "dataTable"
    ref: str | None
    si: str | None
    cm: str | None
    has_value: bool
    shows_error: bool


@dataclass
class Grid:
    """What one passage through a sheet's rows leaves for the other rules."""

    entry: SheetEntry
    faults: list[Fault] = field(default_factory=list)
    formulas: list[CellFormula] = field(default_factory=list)
    shown: dict[tuple[int, int], tuple[str, str | None]] = field(default_factory=dict)  # the cells of wanted rows
    used: Area | None = None

    @cached_property
    def formula_places(self) -> frozenset[tuple[int, int]]:
        """Row and column of every formula."""
        return frozenset((formula.row, formula.column) for formula in self.formulas)

    def where(self, address: str) -> str:
        """Return a cell's place with its sheet."""
        return f"{self.entry.name}!{address}"


def read(book: Book, entry: SheetEntry, wanted: frozenset[int]) -> Grid:
    """Read a sheet's rows and keep the rest of it as the part's root; the values of `wanted` rows are kept."""
    grid = Grid(entry)
    part = entry.part or ""
    xml = book.xml(part)
    if xml is None:
        book.keep(part, None)
        return grid
    passage = _Passage(book, grid, wanted)
    try:
        rows = etree.iterparse(
            io.BytesIO(xml), events=("end",), tag="{*}row", resolve_entities=False, no_network=True, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for _event, row in rows:
            if row.getparent() is not None and local(row.getparent()) == "sheetData":
                grid.faults += passage.row(row)
                row.clear()
                while row.getprevious() is not None:
                    del row.getparent()[0]
        root = rows.root
    except etree.XMLSyntaxError as error:
        book.broken[part] = NotXml("malformed", error.msg or "", error.lineno or 0)
        book.keep(part, None)
        return grid
    for data in root.iterfind("{*}sheetData"):
        del data[:]
    grid.used = passage.used()
    book.keep(part, root)
    return grid


class _Passage:
    """The way through the rows of one sheet."""

    def __init__(self, book: Book, grid: Grid, wanted: frozenset[int]) -> None:
        self._book, self._grid, self._wanted = book, grid, wanted
        self._part = grid.entry.part or ""
        self._styles = book.style_count
        self._strings = len(book.strings) if book.reads("sharedStrings") else ANY
        self._records = book.metadata
        self._row = 0
        self._rows: set[int] = set()
        self._left, self._top, self._right, self._bottom = LAST_COLUMN + 1, LAST_ROW + 1, 0, 0
        self._tags: dict[str, str] = {}

    def used(self) -> Area | None:
        """The area that holds all cells."""
        return Area(self._left, self._top, self._right, self._bottom) if self._right else None

    def row(self, row: Element) -> Iterator[Fault]:
        """Check a row and its cells."""
        number = self._row + 1 if row.get("r") is None else whole(row.get("r")) or 0
        if not 1 <= number <= LAST_ROW:
            yield ROW_NUMBER.at(self._part, row.get("r"), self._grid.entry.name)
            return
        yield from self._order(number)
        yield from attributes_of(self._part, "row", row.keys(), ATTRIBUTES["row"])
        yield from self._format(row, f"{number}:{number}")
        self._row = number
        column = 0
        wanted = number in self._wanted
        for child in row:
            if self._local(child) != "c":
                yield UNKNOWN.at(self._part, f"row/{local(child)}", self._grid.where(f"{number}:{number}"))
                continue
            address = child.get("r")
            place = (number, column + 1) if address is None else cell(address)
            if place is None:
                yield ADDRESS.at(self._part, address, self._grid.entry.name)
                continue
            if place[0] != number:
                yield WRONG_ROW.at(self._part, number, self._grid.where(address))
            elif place[1] <= column:
                broken = CELL_TWICE if place[1] == column else CELL_ORDER
                yield broken.at(self._part, at(number, column), self._grid.where(address))
            if place[1] > LAST_COLUMN:
                yield ADDRESS.at(self._part, "", self._grid.where(f"{number}:{number}"))
                continue
            column = max(column, place[1])
            self._left = min(self._left, place[1])
            yield from self._cell(child, *place, wanted)
        if column:
            self._right = max(self._right, column)
            self._top = min(self._top, number)
            self._bottom = max(self._bottom, number)

    def _order(self, number: int) -> Iterator[Fault]:
        if number in self._rows:
            yield ROW_TWICE.at(self._part, number, self._grid.where(f"{number}:{number}"))
        elif number <= self._row:
            yield ROW_ORDER.at(self._part, self._row, self._grid.where(f"{number}:{number}"))
        self._rows.add(number)

    def _format(self, row: Element, place: str) -> Iterator[Fault]:
        style, height = row.get("s"), row.get("ht")
        if style is not None and not _index(style, self._styles):
            yield STYLE.at(self._part, style, self._grid.where(place))
        if height is not None and not (_NUMBER.fullmatch(height) and 0 <= float(height) <= _HIGHEST):
            yield HEIGHT.at(self._part, height, self._grid.where(place))
        if (whole(row.get("outlineLevel")) or 0) > _DEEPEST:
            yield OUTLINE.at(self._part, row.get("outlineLevel"), self._grid.where(place))

    def _cell(self, element: Element, row: int, column: int, wanted: bool) -> Iterator[Fault]:
        kind = "n"
        style = cm = None
        for name, value in element.items():
            if name == "t":
                kind = value
            elif name == "s":
                style = value
            elif name in ("cm", "vm"):
                cm = value if name == "cm" else cm
                if not _index(value, self._records[name] + 1):
                    yield METADATA.at(self._part, f"{name} {value}", self._grid.where(at(row, column)))
            elif name not in ATTRIBUTES["c"]:
                yield from attributes_of(self._part, "c", (name,), ATTRIBUTES["c"])
        if style is not None and not _index(style, self._styles):
            yield STYLE.at(self._part, style, self._grid.where(at(row, column)))
        formula = value = inline = None
        for child in element:
            name = self._local(child)
            if name == "v":
                value = child
            elif name == "f":
                formula = child
                if value is not None:
                    yield ORDER.at(self._part, "c/f", self._grid.where(at(row, column)))
            elif name == "is":
                inline = child
            elif name != "extLst":
                yield UNKNOWN.at(self._part, f"c/{local(child)}", self._grid.where(at(row, column)))
        text = None if value is None else value.text or ""
        if kind not in _TYPES:
            yield TYPE.at(self._part, kind, self._grid.where(at(row, column)))
        elif (inline is not None) != (kind == "inlineStr" and formula is None) and not (
            kind == "inlineStr" and text is None
        ):
            yield INLINE.at(self._part, kind, self._grid.where(at(row, column)))
        elif inline is not None:
            yield from item_faults(self._part, inline, self._grid.where(at(row, column)))
        elif text:
            yield from self._value(kind, text, value, at(row, column))
        if formula is not None:
            yield from attributes_of(self._part, "f", formula.keys(), ATTRIBUTES["f"])
            get = formula.get
            self._grid.formulas.append(
                CellFormula(
                    row,
                    column,
                    formula.text or "",
                    get("t", ""),
                    get("ref"),
                    get("si"),
                    cm,
                    bool(text) or kind == "str",
                    kind == "e",
                )
            )
        if wanted:
            shown = self._book.string(text or "") if kind == "s" else text_of(inline) if inline is not None else text
            self._grid.shown[row, column] = (kind, shown)

    def _value(self, kind: str, text: str, value: Element, address: str) -> Iterator[Fault]:
        if kind == "n":
            if not _NUMBER.fullmatch(text) or abs(float(text)) == float("inf"):
                yield NUMBER.at(self._part, text, self._grid.where(address))
        elif kind == "s":
            if not _index(text.strip(), self._strings):
                yield STRING.at(self._part, text, self._grid.where(address))
        elif kind == "str":
            yield from text_faults(self._part, text, self._grid.where(address))
            yield from space_faults(self._part, value, self._grid.where(address))
        elif kind == "b":
            if text.strip() not in ("0", "1", "true", "false"):
                yield BOOLEAN.at(self._part, text, self._grid.where(address))
        elif kind == "e":
            if text.strip() not in ERRORS:
                yield ERROR.at(self._part, text, self._grid.where(address))
        elif kind == "d" and not _DATE.fullmatch(text.strip()):
            yield DATE.at(self._part, text, self._grid.where(address))

    def _local(self, element: Element) -> str:
        tag: str = element.tag
        name = self._tags.get(tag)
        if name is None:
            name = self._tags[tag] = local(element) if namespace(element).endswith("/main") else tag
        return name
