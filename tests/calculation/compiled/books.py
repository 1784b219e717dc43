"""Small workbooks for trying formulas, and the comparison of what two calculations give."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.functions import CellError
from xlsales.workbook.template import Template, parse

INPUTS = ("A1", "A2", "A3", "A4", "A5", "A6")
# Beside the inputs: errors, truths and empty texts, for functions that look at ranges.
BESIDE = {"B1": "=A1/A2", "B2": "=A1=A2", "B3": "=A3", "B4": '=IF(A4="","",A4)', "B5": 3, "B6": "x"}


def book(*formulas: str, **cells: Any) -> Template:
    """A workbook of one sheet, S: its inputs are A1 to A6, its formulas stand from C1 on."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "S"
    for address, value in {**BESIDE, **cells}.items():
        sheet[address] = value
    for row, formula in enumerate(formulas, start=1):
        sheet.cell(row, 3).value = formula
    for cell in INPUTS:
        workbook.defined_names[f"in_{cell}"] = DefinedName(f"in_{cell}", attr_text=f"S!${cell[0]}${cell[1]}")
    workbook.defined_names["several"] = DefinedName("several", attr_text="S!$A$1:$A$3")
    workbook.defined_names["a_number"] = DefinedName("a_number", attr_text="42")
    saved = io.BytesIO()
    workbook.save(saved)
    return parse(saved.getvalue(), "book.xlsx")


def given(*values: InputValue) -> dict[Address, InputValue]:
    """These values in A1, A2 and so on."""
    return {("S", cell): value for cell, value in zip(INPUTS, values, strict=False)}


def shown(value: CellValue) -> Any:
    """A value to compare: an error by its code."""
    return value.code if isinstance(value, CellError) else value


def alike(one: CellValue, other: CellValue) -> bool:
    """Whether two calculations agree: numbers but for the last digits, anything else exactly."""
    if type(one) is float and type(other) is float:
        return abs(one - other) <= max(1e-9, 1e-12 * abs(other))
    return type(one) is type(other) and one == other


def differences(
    addresses: Sequence[Address], found: Sequence[CellValue], wanted: Sequence[CellValue]
) -> dict[Address, tuple[Any, Any]]:
    """What two calculations disagree about: what was found, and what was wanted."""
    return {
        address: (shown(one), shown(other))
        for address, one, other in zip(addresses, found, wanted, strict=True)
        if not alike(one, other)
    }
