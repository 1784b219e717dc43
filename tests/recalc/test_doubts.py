"""Odd values in cells: the value is Excel's, or the formula is left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.recalc.books import value, why_left
from xlsales.calculation.certainty import IN_DOUBT
from xlsales.texts import _

CELLS = {
    "A1": 0, "A2": -1, "A3": "№5", "A4": "Team 5", "A5": " 7 ", "A6": 0.3, "A7": "=(0.1+0.2)", "A8": 2, "A9": 100,
    "B1": 46023, "B2": 46050, "B3": "x", "B4": "e\u0301", "B5": "é", "B6": "=A1*A2", "B7": "5", "B8": 1, "B9": "$5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "excel"),
    [
        # 0 has no minus
        ('=-A1&"x"', "0x"), ('=A1*A2&"x"', "0x"), ('="Change: "&ROUND(-0.4,0)', "Change: 0"), ('=A1/A2&""', "0"),
        ("=LEN(A1*A2)", 1), ("=LEFT(ROUND(-0.2,0),2)", "0"), ("=EXACT(ROUND(-0.2,0),0)", True),
        ('=TRUNC(-0.5)&"x"', "0x"),
        ("=LEN(B6)", 1), ("=UPPER(-A1)", "0"), ('=IF(-A1&""="0",1,2)', 1),
        # A text in TEXT stays as it is, unless it says a number
        ('=TEXT(A3,"#,##0")', "№5"), ('=TEXT(A4,"0%")', "Team 5"), ('=TEXT("N5","0.00")', "N5"),
        ('=TEXT(A5,"0.0")', "7.0"),
        ('=TEXT(A4&"x","0")', "Team 5x"), ('=TEXT(B3,"yyyy-mm-dd")', "x"), ('=TEXT(1/A1,"0")', "#DIV/0!"),
        # Small numbers of few decimals
        ('=LEFT(0.00001,9)', "0.00001"),
        # What is compared with others
        ("=_xlfn.SWITCH(A6,0.3,1,2)", 1), ('=_xlfn.SWITCH(B3,"x",1,2)', 1), ("=_xlfn.SWITCH(A8,1,5,2,6)", 6),
        ("=DELTA(A8,2)", 1),
        ("=_xlfn.DAYS(B2,B1)", 27), ('=DATEDIF(B1,B2,"d")', 27), ("=NETWORKDAYS(B1,B2,A9)", 20),
        ("=SUBTOTAL(9,A8:A9)", 102), ("=COUNT(B3&\"\",1)", 1), ("=COUNTIF(B4:B5,\"x\")", 0),
    ],
)  # fmt: skip
def test_value_is_excels(formula: str, excel: Any) -> None:
    assert value(formula, **CELLS) == excel


@pytest.mark.parametrize(
    "formula",
    [
        '=B6&"x"', '=TEXT(B9,"0")', '=COUNT(A3&"5%",B9&"")', '=COUNTIF(B4:B5,"é")', "=COUNTIF(B4:B5,B5)",
        "=MATCH(B5,B4:B4,0)", "=VLOOKUP(B5,B4:B4,1,FALSE)", "=_xlfn.SWITCH(A7,0.3,1,2)", "=_xlfn.SWITCH(A7,A6,1,2)",
        "=_xlfn.SWITCH(B4,B5,1,2)", "=DELTA(A6,A7)", "=GESTEP(A6,A7)", "=PERCENTRANK(A6:A9,A7)",
        "=ROWS(_xlfn.UNIQUE(A6:A7))",
        "=ROWS(_xlfn.UNIQUE(B4:B5))", "=_xlfn.DAYS(61,A8)", '=DATEDIF(A8,A9,"d")', '=EDATE(A8,A5)',
        '=NETWORKDAYS(A5,A8)',
        "=WORKDAY(B1,A8,B3:B3)", "=NETWORKDAYS(B1,B2,B3)", "=DAYS360(A8,B1)", "=WEEKNUM(A8)",
        "=SUBTOTAL(1.5,A8:A9)", "=EDATE(60,1500)", '=B9*2', "=SUM(B9&\"\",1)", "=A9*\"5 мая\"",
        '=LEFT(0.00001234567891,9)',
    ],
)  # fmt: skip
def test_formula_is_left(formula: str) -> None:
    assert why_left(formula, **CELLS)


def test_text_with_a_zero_that_lost_its_minus_is_in_doubt() -> None:
    assert why_left('=B6&"x"', **CELLS) == _(IN_DOUBT)
