"""Workbooks as a source: one sheet per table."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from xlsales.cells.escapes import unescaped
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.schema import Kind, Table
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.raw import BadCell, Problem, is_blank
from xlsales.tables.reading import Reading
from xlsales.tables.record import Record
from xlsales.texts import _
from xlsales.workbook import limits, opening

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
_EXACT_DIGITS = 10**15  # Excel keeps 15 digits of a number
_BATCH = 1000  # rows parsed at a time
_PADDED = re.compile(r"0{2,}")  # the number format that shows 7 as 007


class WorkbookSource:
    """An open workbook and the sheets in it; use it in a `with` block."""

    def __init__(self, path: Path):
        self.file = path.name
        self._path = path
        self._book = _load(path)
        self.names: list[str] = [sheet.title for sheet in self._book.worksheets]
        if not self.names:
            self._book.close()
            raise InputError(
                _("{file} has no sheets that can be read. Save it in Excel as “Excel Workbook (.xlsx)”.").format(
                    file=self.file
                )
            )

    def __enter__(self) -> WorkbookSource:
        return self

    def __exit__(self, *exception: object) -> None:
        self._book.close()

    def read(self, table: Table, name: str, mapped: Mapped | None = None) -> Reading:
        """Read one sheet as a table; row 1 is the header, or the one that a map names."""
        head = 1 if mapped is None else mapped.header_row
        rows = self._rows(self._book[name])
        first = next((one for one in rows if one[0] >= head), (head, {}))
        if first[0] != head:  # a sheet with this row blank
            rows = chain([first], rows)
            first = (head, {})
        header = {column: cell.value for column, cell in first[1].items() if cell.value is not None}
        width = max(header, default=0)
        headings = [header.get(column) for column in range(1, width + 1)]
        keys = {column.name for column in table if column.kind is Kind.KEY} if mapped is None else mapped.keys
        is_key = [str(heading).strip().casefold() in keys for heading in headings]
        records = (
            Record(row, [_value(cells.get(at + 1), is_key[at]) for at in range(width)], beside=_beside(cells, width))
            for row, cells in rows
        )
        return Reading(table, self.file, headings, records, mapped)

    def _rows(self, sheet: Any) -> Iterator[tuple[int, dict[int, Any]]]:
        """The rows that exist with the cells that exist, by column."""
        from xlsales.tables.sheet_rows import sheet_rows  # imports openpyxl

        rows = sheet_rows(sheet)
        last = 0
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # what openpyxl does not keep does not matter to a reader
                    batch = list(islice(rows, _BATCH))
            except OSError as error:
                raise InputError(obstacles.in_reading(self._path, error)) from error
            except Exception as error:  # openpyxl raises whatever its parsers raise
                raise _unreadable(self.file) from error
            if not batch:
                return
            for row, cells in batch:
                if row <= last:
                    raise _unreadable(self.file)
                last = row
                yield row, cells


def _load(path: Path) -> Any:
    from xlsales.workbook import openpyxl_texts  # imports openpyxl

    package = opening.read(path, sizes=limits.TABLES)
    opening.opened(package, path.name, sizes=limits.TABLES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not keep does not matter to a reader
            return openpyxl_texts.opened(io.BytesIO(package), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise _unreadable(path.name) from error


def _unreadable(file: str) -> InputError:
    text = _("{file} is not a workbook that can be read. Open it in Excel and save it again.")
    return InputError(text.format(file=file))


def _beside(cells: dict[int, Any], width: int) -> Sequence[int]:
    """The columns of a row's cells beyond the headings, counted from 0."""
    if not cells or max(cells) <= width:
        return ()
    return [at - 1 for at, cell in cells.items() if at > width and not is_blank(cell.value)]


def _value(cell: Any, is_key: bool) -> object:
    if cell is None:
        return None
    value = cell.value
    if cell.data_type == "e":
        return BadCell(str(value), Problem("CELL_ERROR", _error_text(str(value))))
    if value is None and cell.data_type == "f":
        return BadCell("", Problem("CELL_UNCALCULATED", _uncalculated_text()))
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if is_key and _PADDED.fullmatch(cell.number_format) and value == int(value):
        return f"{int(value):0{len(cell.number_format)}}"
    return float(value) if abs(value) >= _EXACT_DIGITS else value


def _error_text(value: str) -> str:
    text = _("The cell holds the error {value}: correct its formula or clear the cell.")
    return text.format(value=value)


def _uncalculated_text() -> str:
    return _("The cell holds a formula that was never calculated: open the workbook in Excel and save it.")
