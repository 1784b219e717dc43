"""Reads the formulas of a workbook that openpyxl has open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import DataTableFormula

from xlsales.excel import escapes
from xlsales.excel.formulas import Formula, Formulas, Table
from xlsales.excel.references import area
from xlsales.excel.values import Address


def read(workbook: Any) -> Formulas:
    """Return the formulas of a workbook and what they refer to.

    openpyxl does not tell which array formulas are dynamic: all count as fixed.
    """
    found = Formulas(
        counts_from_1904=workbook.epoch == CALENDAR_MAC_1904,
        rounds_as_shown=workbook.calculation.fullPrecision is False,
        iterates=bool(workbook.calculation.iterate),
    )
    for scope, names in [("", workbook.defined_names), *((sheet.title, sheet.defined_names) for sheet in workbook)]:
        for name, defined in names.items():
            found.names[scope, name.lower()] = defined.attr_text or ""
    for sheet in workbook.worksheets:
        found.sizes[sheet.title] = (sheet.max_row, sheet.max_column)
        found.hides_rows = found.hides_rows or any(row.hidden for row in sheet.row_dimensions.values())
        found.cells.update(_cells(sheet))
        for table in sheet.tables.values():
            found.tables[table.displayName.lower()] = _table(sheet.title, table)
    return found


def _cells(sheet: Any) -> Iterator[tuple[Address, Formula]]:
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
        yield (sheet.title, cell.coordinate), _formula(cell.value)


def _formula(value: Any) -> Formula:
    """Return a formula; array formulas and data tables come as objects."""
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, DataTableFormula):
        return Formula("", area(value.ref), is_data_table=True)
    return replace(_of_text(value.text or ""), area=area(value.ref))


def _of_text(stored: str) -> Formula:
    text = escapes.formula(stored)
    return Formula(text.removeprefix("="), is_escaped=text != stored)


def _table(sheet: str, table: Any) -> Table:
    around = area(table.ref)
    assert around is not None  # openpyxl has checked it
    headings = 1 if table.headerRowCount is None else table.headerRowCount
    columns = tuple(column.name for column in table.tableColumns)
    return Table(sheet, around, headings, table.totalsRowCount or 0, columns)
