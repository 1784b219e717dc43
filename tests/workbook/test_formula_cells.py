"""ISFORMULA is answered from where a workbook's formulas stand."""

from __future__ import annotations

import pytest

from tests.calculation.compiled.books import book, given
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.session import Session
from xlsales.workbook.formula_cells import answered

FORMULAS = {("S", "B2"), ("S", "B3"), ("S", "C2"), ("It's", "A1")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SUMPRODUCT(1*_xlfn.ISFORMULA($B$2:$C$4))", "3"),
        ("SUMPRODUCT(1-_xlfn.ISFORMULA($B$2:$C$4))", "3"),
        ("1+SUMPRODUCT(1-ISFORMULA(B2:B4))*2", "1+1*2"),
        ("IF(isformula(B2),1,ISFORMULA($B$4))", "IF(TRUE,1,FALSE)"),
        ("ISFORMULA('It''s'!A1)", "TRUE"),
        ("SUMPRODUCT(1*_xlfn.ISFORMULA('It''s'!A1:A2))", "1"),
        ("ISFORMULA(B2:B4)", "ISFORMULA(B2:B4)"),  # several values: not answered
        ("SUM(B2:B4)", "SUM(B2:B4)"),
    ],
)
def test_isformula_is_answered_where_one_value_is_asked_for(text: str, told: str) -> None:
    assert answered(text, "S", FORMULAS) == told


def test_both_calculations_count_cells_without_a_formula() -> None:
    counting = ("=SUMPRODUCT(1-_xlfn.ISFORMULA(B1:B6))", "=SUMPRODUCT(1*_xlfn.ISFORMULA(B1:B6))", "=ISFORMULA(B5)")
    template = book(*counting)
    values = Session(template).values(given(1, 2))
    assert [values["S", f"C{row}"] for row in (1, 2, 3)] == [2, 4, False]
    assert Compiled(template).calculated([given(1, 2)]) == [list(values.values())]
