"""Opens a workbook in openpyxl to read it, and reads its formulas."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import DataTableFormula

from xlsales.cells import escapes
from xlsales.cells.formulas import Formula, Formulas, Table
from xlsales.cells.references import area
from xlsales.cells.values import Address
from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook import openpyxl_texts
from xlsales.workbook import package as packages
from xlsales.workbook import parts as parts_of
from xlsales.workbook.defined_names import DefinedName


def opened(parts: Mapping[str, bytes], name: str, *, as_stored: bool = False, **options: bool) -> Any:
    """Return a workbook in openpyxl, without its defined names, of which it knows some kinds only.

    Its texts are as Excel shows them, or as they are stored, escapes included.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl would lose on saving: here it only reads
            nameless = _without_names(parts)
            if as_stored:
                return openpyxl_texts.opened(io.BytesIO(nameless), **options)
            return openpyxl_texts.read(nameless, **options)
    except Exception as error:  # openpyxl raises whatever its parsers do
        message = _("{name} is not a workbook that can be read ({error}). Open it in Excel and save it again.")
        cause = error.__cause__ or error  # openpyxl's own words are several lines of advice
        first = str(cause).partition("\n")[0] or type(cause).__name__
        raise InputError(message.format(name=name, error=first)) from error


def _without_names(parts: Mapping[str, bytes]) -> bytes:
    contents = dict(parts)
    part = parts_of.workbook_part(contents)
    root = parts_of.parse(contents[part])
    for names in list(root.iter("{*}definedNames")):
        names.getparent().remove(names)
    contents[part] = parts_of.serialised(root)
    return packages.write(contents, compressed=False)


def read(workbook: Any, names: Iterable[DefinedName]) -> Formulas:
    """Return the formulas of a workbook, given its defined names, and what they refer to.

    openpyxl does not tell which array formulas are dynamic: all count as fixed.
    """
    found = Formulas(
        counts_from_1904=workbook.epoch == CALENDAR_MAC_1904,
        rounds_as_shown=workbook.calculation.fullPrecision is False,
        iterates=bool(workbook.calculation.iterate),
    )
    for defined in names:
        found.names[defined.sheet, defined.name.lower()] = defined.formula
    for sheet in workbook.worksheets:
        found.sizes[sheet.title] = (sheet.max_row, sheet.max_column)
        found.hides_rows = found.hides_rows or any(row.hidden for row in sheet.row_dimensions.values())
        found.cells.update(_cells(sheet))
        for table in sheet.tables.values():
            found.tables[table.displayName.lower()] = _table(sheet.title, table)
    return found


def _cells(sheet: Any) -> Iterator[tuple[Address, Formula]]:
    """Yield the formulas row by row; `iter_rows` would make up every cell up to a stray one in XFD1048576."""
    for _place, cell in sorted(sheet._cells.items()):
        if cell.data_type == "f":
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
