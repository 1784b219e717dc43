"""Small workbooks for trying formulas, and the comparison of what two calculations give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.one_sheet import one_sheet
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.functions import CellError
from xlsales.workbook.template import Template

INPUTS = ("A1", "A2", "A3", "A4", "A5", "A6")
# Beside the inputs: errors, truths and empty texts, for functions that look at ranges.
BESIDE = {"B1": "=A1/A2", "B2": "=A1=A2", "B3": "=A3", "B4": '=IF(A4="","",A4)', "B5": 3, "B6": "x"}


def book(*formulas: str, **cells: Any) -> Template:
    """A workbook of one sheet, S: its inputs are A1 to A6, its formulas stand from C1 on."""
    names = {f"in_{cell}": f"S!${cell[0]}${cell[1]}" for cell in INPUTS}
    listed = {f"C{row}": formula for row, formula in enumerate(formulas, start=1)}
    return one_sheet({**BESIDE, **cells, **listed}, {**names, "several": "S!$A$1:$A$3", "a_number": "42"})


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
