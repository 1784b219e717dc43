"""A planner opened for the rules: its XML read as it is, with no library's opinion in between."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from tests.unshared import unshared

Element: TypeAlias = etree._Element
Place: TypeAlias = tuple[int, int]  # row and column, from 1

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TOOLTIPS = "_IntelliSense_"  # the one sheet that nobody sees
# Texts in formulas and quoted sheet names, where digits and brackets mean nothing.
QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it."""

    row: int
    column: int
    style: int
    kind: str
    formula: str | None
    array: bool
    stored: str | None

    @property
    def address(self) -> str:
        """Its address on the sheet."""
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True)
class ExcelTable:
    """A table's name, its range and the names of its columns."""

    name: str
    ref: str
    headings: tuple[str, ...]

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Its first column, heading row, last column and last row."""
        left, top, right, bottom = range_boundaries(self.ref)
        return left, top, right, bottom

    def columns(self) -> Iterator[tuple[str, list[Place]]]:
        """Each heading with the places of its rows."""
        left, top, right, bottom = self.bounds
        for heading, column in zip(self.headings, range(left, right + 1), strict=False):
            yield heading, [(row, column) for row in range(top + 1, bottom + 1)]


class Sheet:
    """One sheet: its XML, its cells and its tables; nobody changes it, so that planners can share it."""

    def __init__(self, name: str, part: str, state: str, opened: Opened) -> None:
        self.name, self.part, self.state = name, part, state
        self.read = opened.read_by(part)
        self.tree = etree.fromstring(opened.parts[part])
        unshared(self.tree)
        self.tables = [_table(opened.parts[target]) for kind, target in opened.links(part) if kind == "table"]
        self._texts = opened.texts

    def find(self, path: str) -> Element | None:
        """The first element of this name."""
        found: Element | None = self.tree.find(f".//{MAIN}{path}")
        return found

    def iter(self, name: str) -> Iterator[Element]:
        """All elements of this name."""
        yield from self.tree.iter(f"{MAIN}{name}")

    @cached_property
    def cells(self) -> dict[Place, Cell]:
        """Every cell, by row and column."""
        return {(cell.row, cell.column): cell for cell in self._read()}

    def _read(self) -> Iterator[Cell]:
        for element in self.iter("c"):
            row, column = coordinate_to_tuple(element.get("r"))
            formula, value = element.find(f"{MAIN}f"), element.find(f"{MAIN}v")
            kind, inline = element.get("t", "n"), element.find(f"{MAIN}is")
            stored = None if value is None else value.text or ""
            if kind == "s":
                stored = self._texts[int(stored or 0)]
            elif inline is not None:
                stored = _text(inline)
            yield Cell(
                row,
                column,
                int(element.get("s", 0)),
                kind,
                None if formula is None else formula.text or "",
                formula is not None and formula.get("t") == "array",
                stored,
            )

    @cached_property
    def formulas(self) -> list[tuple[str, Cell]]:
        """Every formula with its place: once for a table's column, and once for each cell elsewhere."""
        return list(self._formulas())

    def _formulas(self) -> Iterator[tuple[str, Cell]]:
        headings = {place: (table, name) for table in self.tables for name, rows in table.columns() for place in rows}
        told = set()
        for place, cell in self.cells.items():
            if cell.formula is None:
                continue
            where = f"{self.name}!{cell.address}"
            if place in headings:
                table, heading = headings[place]
                same = (table.name, heading, relative(cell.formula, cell.row))
                if same in told:
                    continue
                told.add(same)
                where = f"{where} ({table.name}, {heading})"
            yield where, cell


class Opened:
    """A planner's parts, its sheets in the order of their tabs (but for the tooltips'), and its defined names."""

    def __init__(self, parts: Mapping[str, bytes], like: Opened | None = None) -> None:
        """Open a planner; the sheets that it shares with another one are taken from that."""
        self.parts = dict(parts)
        self.book = etree.fromstring(self.parts["xl/workbook.xml"])
        shared = self.parts.get("xl/sharedStrings.xml")
        self.texts = [_text(item) for item in etree.fromstring(shared)] if shared else []
        targets = {link.get("Id"): target for link, target in self._relationships("xl/workbook.xml")}
        known = {(tab.name, tab.part, tab.state): tab for tab in like.tabs} if like else {}
        self.tabs: list[Sheet] = []
        for tab in self.book.iter(f"{MAIN}sheet"):
            place = tab.get("name"), targets[tab.get(f"{RELATIONSHIP}id")], tab.get("state", "visible")
            found = known.get(place)
            same = found is not None and found.read == self.read_by(place[1])
            self.tabs.append(found if found is not None and same else Sheet(*place, self))
        self.sheets = [sheet for sheet in self.tabs if sheet.name != TOOLTIPS]
        self.names = {
            (name.get("name"), name.get("localSheetId")): name.text or ""
            for name in self.book.iter(f"{MAIN}definedName")
        }

    def read_by(self, sheet: str) -> tuple[bytes | None, ...]:
        """All that a sheet is read from."""
        tables = (self.parts[target] for kind, target in self.links(sheet) if kind == "table")
        return self.parts[sheet], self.parts.get("xl/sharedStrings.xml"), *tables

    def _relationships(self, part: str) -> Iterator[tuple[Element, str]]:
        folder, file = posixpath.split(part)
        content = self.parts.get(f"{folder}/_rels/{file}.rels")
        for link in etree.fromstring(content) if content else ():
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target")))
            yield link, target.lstrip("/")

    def links(self, part: str) -> Iterator[tuple[str, str]]:
        """The parts that a part leads to, with the kind of each."""
        for link, target in self._relationships(part):
            yield link.get("Type").rpartition("/")[2], target

    def sheet(self, name: str) -> Sheet:
        """A sheet by its name."""
        return next(sheet for sheet in self.sheets if sheet.name == name)

    def local_names(self, name: str) -> dict[str, str]:
        """The sheets that have a built-in name such as `_xlnm.Print_Area`, with what it stands for."""
        return {
            self.tabs[int(index)].name: text
            for (found, index), text in self.names.items()
            if found == name and index is not None
        }

    def named_cells(self, *prefixes: str) -> Iterator[tuple[str, Sheet, Place]]:
        """Every defined name of one cell that begins with one of the prefixes."""
        for (name, _local), text in self.names.items():
            if name.startswith(prefixes) and ":" not in text:
                sheet, _mark, cell = text.replace("$", "").replace("'", "").partition("!")
                yield name, self.sheet(sheet), coordinate_to_tuple(cell)

    @cached_property
    def styles(self) -> Styles:
        """The workbook's cell styles."""
        return Styles(etree.fromstring(self.parts["xl/styles.xml"]))

    def locked(self, cell: Cell) -> bool:
        """Whether a protected sheet refuses to change the cell."""
        return self.styles.locked[cell.style]


class Styles:
    """Font colour, fill, number format and locking of every cell style, and what conditional formats change."""

    def __init__(self, root: Element) -> None:
        fonts = [_rgb(font.find(f"{MAIN}color"), "000000") for font in root.find(f"{MAIN}fonts")]
        fills = [_fill(fill) for fill in root.find(f"{MAIN}fills")]
        formats = list(root.find(f"{MAIN}cellXfs"))
        self.fonts = [fonts[int(xf.get("fontId", 0))] for xf in formats]
        self.fills = [fills[int(xf.get("fillId", 0))] for xf in formats]
        protections = [xf.find(f"{MAIN}protection") for xf in formats]
        self.locked = [p is None or p.get("locked", "1") not in ("0", "false") for p in protections]
        self.hidden = [p is not None and p.get("hidden", "0") in ("1", "true") for p in protections]
        codes = dict(BUILTIN_FORMATS)
        codes |= {
            int(one.get("numFmtId")): one.get("formatCode") for one in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
        }
        self.formats = [codes.get(int(xf.get("numFmtId", 0)), "General") for xf in formats]
        # The number format of each conditional format that changes nothing else, and "".
        self.conditional_formats = [
            dxf[0].get("formatCode", "") if len(dxf) == 1 and dxf[0].tag == f"{MAIN}numFmt" else ""
            for dxf in root.iterfind(f"{MAIN}dxfs/{MAIN}dxf")
        ]
        self.conditional = [
            (
                _rgb(dxf.find(f"{MAIN}font/{MAIN}color"), ""),
                _rgb(dxf.find(f"{MAIN}fill/{MAIN}patternFill/{MAIN}bgColor"), ""),
            )
            for dxf in root.iterfind(f"{MAIN}dxfs/{MAIN}dxf")
        ]


@lru_cache(maxsize=1 << 16)
def relative(formula: str, row: int) -> str:
    """Write a formula with its relative rows counted from its own: `$B7` in row 9 becomes `$B[-2]`."""

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}[{int(found[2]) - row:+d}]"

    def outside(text: str) -> str:
        return re.sub(r"(?<![\w.$])(\$?[A-Z]{1,3})(\d+)(?![\w(.])", moved, text)

    pieces, end = [], 0
    for quoted in QUOTED.finditer(formula):
        pieces += [outside(formula[end : quoted.start()]), quoted[0]]
        end = quoted.end()
    return "".join([*pieces, outside(formula[end:])])


def unquoted(formula: str) -> str:
    """A formula with its texts and quoted sheet names emptied."""
    return QUOTED.sub(lambda found: found[0][0] * 2, formula)


def _table(part: bytes) -> ExcelTable:
    root = etree.fromstring(part)
    names = tuple(column.get("name") for column in root.iter(f"{MAIN}tableColumn"))
    return ExcelTable(root.get("displayName"), root.get("ref"), names)


def _text(item: Element) -> str:
    return "".join(run.text or "" for run in item.iter(f"{MAIN}t"))


def _rgb(color: Element | None, default: str) -> str:
    """A colour as six hexadecimal digits; of the theme's, only its white and black are known."""
    if color is None:
        return default
    if color.get("rgb"):
        return str(color.get("rgb"))[-6:]
    return {"0": "FFFFFF", "1": "000000"}.get(color.get("theme"), "unknown")


def _fill(fill: Element) -> str:
    pattern = fill.find(f"{MAIN}patternFill")
    if pattern is None:
        return "unknown"
    if pattern.get("patternType") in (None, "none"):
        return "FFFFFF"
    return _rgb(pattern.find(f"{MAIN}fgColor"), "unknown")
