"""The worksheets of a workbook: their formulas, their tables, what their cells hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, from_ISO8601

from xlsales.cells import escapes
from xlsales.cells.formulas import Formula, Formulas, Table
from xlsales.cells.references import Area, area, row_and_column
from xlsales.cells.values import Address, InputValue
from xlsales.functions.errors import VALUE
from xlsales.workbook import parts, shared_texts, sheet_formulas, sheet_part
from xlsales.workbook.defined_names import DefinedName
from xlsales.workbook.external_links import linked_files
from xlsales.workbook.sheet_part import Cell, SheetPart
from xlsales.workbook.vba.functions_in import own_functions

TRUE = ("1", "true", "on")
_HIDDEN_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\b[^>]*\bhidden\s*=\s*["'](?:1|true)["']""")
_MOST_PARTS = 8  # styles that are remembered: many workbooks of one template have the same
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")


class NamedTable(NamedTuple):
    """An Excel table and its name."""

    name: str
    table: Table


class Worksheets:
    """The worksheets of a workbook, each read once."""

    def __init__(
        self, contents: Mapping[str, bytes], name: str, read: Callable[[bytes, str], SheetPart] = sheet_part.read
    ) -> None:
        """Read the worksheets, each as `read` does; `name` is for errors."""
        self.contents = contents
        self.places = parts.sheet_parts(contents)
        self.sheets: dict[str, SheetPart] = {
            sheet: read(contents[place], f"{name}, {sheet}") for sheet, place in self.places.items()
        }

    @cached_property
    def tables(self) -> list[NamedTable]:
        """The Excel tables, sheet by sheet."""
        return [table for sheet, place in self.places.items() for table in self._tables(sheet, place)]

    def formulas(self, names: Iterable[DefinedName], *, are_fixed: bool = True) -> Formulas:
        """Return the formulas, given the workbook's defined names, and what they refer to.

        Where they `are_fixed`, a result fills the cells that the file says, and none that it needs besides.
        """
        calculation = self._workbook.find("{*}calcPr")
        found = Formulas(
            tables={table.name.lower(): table.table for table in self.tables},
            names={(defined.sheet, defined.name.lower()): defined.formula for defined in names},
            functions=own_functions(self.contents),
            links=linked_files(self.contents),
            unread=parts.macro_sheets(self.contents),
            counts_from_1904=self.counts_from_1904,
        )
        if calculation is not None:
            found.rounds_as_shown = calculation.get("fullPrecision", "1") not in TRUE
            found.iterates = calculation.get("iterate") in TRUE
        for sheet, part in self.sheets.items():
            found.sizes[sheet] = _size(part)
            found.hides_rows = found.hides_rows or _HIDDEN_ROW.search(part.content) is not None
            found.cells.update(_in_order(sheet, part, are_fixed))
        return found

    def value(self, address: Address) -> InputValue:
        """Return what a cell without a formula holds: dates where its format shows one; None where there is nothing."""
        sheet, reference = address
        cell = self.sheets[sheet].cells.get(reference)
        if cell is None or not cell.shown:
            return None
        match cell.kind:
            case "s":
                return self.texts[int(cell.shown)] or None
            case "b":
                return bool(int(cell.shown))
            case "d":
                date: InputValue = from_ISO8601(cell.shown)
                return date
            case "" | "n":
                return self._number(cell, cell.shown)
        return escapes.unescaped(cell.shown) if cell.kind == "inlineStr" else cell.shown

    def _number(self, cell: Cell, shown: str) -> InputValue:
        number = float(shown) if set(shown) & set(".eE") else int(shown)
        style = _STYLE.search(cell.head)
        code = self.formats.get(int(style[1]) if style else 0)
        if code is None or not is_date_format(code):
            return number
        try:
            date: InputValue = from_excel(number, self._epoch, timedelta=is_timedelta_format(code))
        except (OverflowError, ValueError):
            return VALUE
        return date

    @cached_property
    def _epoch(self) -> dt.datetime:
        epoch: dt.datetime = CALENDAR_MAC_1904 if self.counts_from_1904 else CALENDAR_WINDOWS_1900
        return epoch

    @cached_property
    def counts_from_1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""
        properties = self._workbook.find("{*}workbookPr")
        return properties is not None and properties.get("date1904") in TRUE

    @cached_property
    def _workbook(self) -> etree._Element:
        return parts.parse(self.contents[parts.workbook_part(self.contents)])

    @cached_property
    def texts(self) -> Sequence[str]:
        """The shared texts by their numbers."""
        part = self._of_kind("sharedStrings")
        return () if part is None else shared_texts.texts_of(part)

    @cached_property
    def formats_by_head(self) -> dict[bytes, str]:
        """The codes of number formats by the opening tags of cells, as far as they were looked up; kept by readers."""
        part = self._of_kind("styles")
        return {} if part is None else _formats_by_head(part)

    @cached_property
    def formats(self) -> Mapping[int, str]:
        """The codes of the number formats by the indexes of the cells' styles."""
        part = self._of_kind("styles")
        return {} if part is None else formats_of(part)

    def _of_kind(self, kind: str) -> bytes | None:
        found = parts.target_of_kind(self.contents, parts.workbook_part(self.contents), kind)
        return None if found is None else self.contents[found]

    def _tables(self, sheet: str, place: str) -> Iterator[NamedTable]:
        for kind, target in parts.targets(self.contents, place).values():
            if kind.endswith("/table") and target in self.contents:
                root = parts.parse(self.contents[target])
                around = area(root.get("ref", ""))
                if around is not None:
                    yield NamedTable(root.get("displayName") or root.get("name") or "", _table(sheet, around, root))


def _table(sheet: str, around: Area, root: etree._Element) -> Table:
    columns = root.iterfind("{*}tableColumns/{*}tableColumn")
    names = tuple(escapes.unescaped(column.get("name", "")) for column in columns)
    return Table(sheet, around, int(root.get("headerRowCount", "1")), int(root.get("totalsRowCount", "0")), names)


def _in_order(sheet: str, part: SheetPart, are_fixed: bool) -> Iterator[tuple[Address, Formula]]:
    """Yield the formulas of a sheet, row by row."""
    found = list(sheet_formulas.formulas(part))
    located = [row_and_column(reference) for reference, _formula in found]
    if located != sorted(located):
        found = [pair for _place, pair in sorted(zip(located, found, strict=True), key=lambda both: both[0])]
    for reference, formula in found:
        is_changed = are_fixed and formula.is_dynamic
        yield (sheet, reference), replace(formula, is_dynamic=False) if is_changed else formula


def _size(part: SheetPart) -> tuple[int, int]:
    """Return the last row and column with a cell."""
    located = [row_and_column(reference) for reference in part.cells]
    rows, columns = zip(*located, strict=True) if located else ((1,), (1,))
    return max(rows), max(columns)


@lru_cache(maxsize=_MOST_PARTS)
def _formats_by_head(_part: bytes) -> dict[bytes, str]:
    return {}


@lru_cache(maxsize=_MOST_PARTS)
def formats_of(part: bytes) -> Mapping[int, str]:
    """Return the codes of the number formats that a part of styles has."""
    root = parts.parse(part)
    own = {int(entry.get("numFmtId", "0")): entry.get("formatCode", "") for entry in root.iterfind("{*}numFmts/*")}
    numbers = [int(style.get("numFmtId", "0")) for style in root.iterfind("{*}cellXfs/{*}xf")]
    return {index: own.get(number) or BUILTIN_FORMATS.get(number, "") for index, number in enumerate(numbers)}
