"""Workbooks as a source: one sheet per table."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.schema import Kind, Table
from xlsales.tables.raw import BadCell, Problem, RawTable, raw_table
from xlsales.texts import _

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")  # an old .xls, or any workbook with a password
_EXACT_DIGITS = 10**15  # Excel keeps 15 digits of a number
_PADDED = re.compile(r"0{2,}")  # the number format that shows 7 as 007


class WorkbookSource:
    """An open workbook and the sheets in it."""

    def __init__(self, path: Path):
        self.file = path.name
        self._values = _load(path, data_only=True)
        # Only a second reading tells a blank cell from a formula that nothing has calculated.
        self._formulas = _load(path, data_only=False) if _has_formulas(path) else None
        self.names = [sheet.title for sheet in self._values.worksheets]
        if not self.names:
            raise InputError(
                _("{file} has no sheets that can be read. Save it in Excel as “Excel Workbook (.xlsx)”.").format(
                    file=self.file
                )
            )

    def read(self, table: Table, name: str) -> tuple[RawTable, list[Finding]]:
        """Read one sheet as a table; row 1 is the header."""
        rows: dict[int, dict[int, Any]] = defaultdict(dict)
        # Walking the cells that exist, not the rectangle: one stray cell in XFD1048576 must not cost hours.
        for (row, column), cell in self._values[name]._cells.items():
            rows[row][column] = cell
        header = rows.pop(1, {})
        width = max((column for column, cell in header.items() if cell.value is not None), default=0)
        headings = [header[column].value if column in header else None for column in range(1, width + 1)]
        keys = {column.name for column in table if column.kind is Kind.KEY}
        is_key = [str(heading).strip().casefold() in keys for heading in headings]
        formulas = None if self._formulas is None else self._formulas[name]
        body = [
            (row, [_value(rows[row].get(at + 1), formulas, is_key[at]) for at in range(width)]) for row in sorted(rows)
        ]
        return raw_table(table, self.file, headings, body)


def _load(path: Path, *, data_only: bool) -> Any:
    from openpyxl import load_workbook

    with path.open("rb") as file:
        if file.read(8) == _COMPOUND_FILE:
            raise InputError(
                _(
                    "{file} is protected with a password or is an old .xls file. "
                    "Save it as “Excel Workbook (.xlsx)” without a password."
                ).format(file=path.name)
            )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not keep does not matter to a reader
            return load_workbook(path, data_only=data_only)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise InputError(
            _("{file} is not a workbook that can be read. Open it in Excel and save it again.").format(file=path.name)
        ) from error


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        return any(
            re.search(rb"<(\w+:)?f[ />]", package.read(name)) is not None
            for name in package.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _value(cell: Any, formulas: Any, is_key: bool) -> object:
    if cell is None:
        return None
    value = cell.value
    if cell.data_type == "e":
        return BadCell(str(value), Problem("CELL_ERROR", _error_text(str(value))))
    if value is None and formulas is not None and formulas.cell(cell.row, cell.column).data_type == "f":
        return BadCell("", Problem("CELL_UNCALCULATED", _uncalculated_text()))
    if isinstance(value, str):
        return _unescape(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if is_key and _PADDED.fullmatch(cell.number_format) and value == int(value):
        return f"{int(value):0{len(cell.number_format)}}"
    return float(value) if abs(value) >= _EXACT_DIGITS else value


def _unescape(text: str) -> str:
    from openpyxl.utils.escape import unescape

    return str(unescape(text)) if "_x" in text else text


def _error_text(value: str) -> str:
    text = _("The cell holds the error {value}: correct its formula or clear the cell.")
    return text.format(value=value)


def _uncalculated_text() -> str:
    return _("The cell holds a formula that was never calculated: open the workbook in Excel and save it.")
