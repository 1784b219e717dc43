"""Calls that the engines answer otherwise than Excel did in workbooks that it saved: left for it, their kin are not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.recalc.books import done, openpyxl_book, parts, saved_by_excel, shown, value, with_parts
from xlsales.recalc import recalculated

CELLS = {"A1": "#VALUE!", "A2": "#N/A", "A3": True, "A4": "x", "A5": "26/08/2011", "B1": 1, "B2": 2, "B3": 3}
CELLS |= {"C1": 4, "C2": 5, "C3": 6}
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "formula",
    [
        "TYPE(A1)", "IF(TYPE(A2)=16,1,2)", "TYPE(1/0)",
        'LEFT("ciao",A4)', 'RIGHT("ciao",A4)', 'MID("ciao",2,A4)',
        'REPLACE("ciao",10,2,3)',
        "INDEX(B1:C3,2)", "INDEX({1,2;3,4},1)",
        "MATCH(B2,{4,3,2,1})", 'MATCH(A4,{FALSE,2.1,TRUE,4.1},1)', 'LOOKUP(20,{"a",2.1,"b",4.1},{"L","M","N","R"})',
        'VLOOKUP(B2,{3,"a";2,"b"},2)', "HLOOKUP(2,{3,2;5,6},2)",
        "RANK(A1,B1:B3)", "INDEX(#REF!,RANK(#REF!,#REF!))",
        'DATEDIF(45000,46000,"YD")', 'DATEDIF(45000,46000,"md")', "DATEDIF(45000,46000,A4)",
        'COUNT(TRUE,"26/08")', "WEEKDAY(A5)", 'MONTH("26/08/2011")', "DAYS(A5,1)",
        "CHOOSE(A3,A1,B2)", "CODE(A3)",
    ],
)  # fmt: skip
def test_call_that_excel_answers_otherwise_is_left(formula: str) -> None:
    assert value(f"={formula}", **CELLS) is None


@pytest.mark.parametrize(
    ("formula", "excel"),
    [
        ("TYPE(B1)", 1), ('LEFT("ciao",B2)', "ci"), ('LEFT("ciao",LEN(A4))', "c"), ('MID("ciao",2,2)', "ia"),
        ("INDEX(B1:C3,2,1)", 2), ("INDEX(B1:B3,2)", 2), ("INDEX({1,2;3,4},2,1)", 3),
        ("MATCH(B2,{1,2,3,4})", 2), ("MATCH(B2,{4,3,2,1},0)", 3), ('LOOKUP(B2,{0,2,4},{"a","b","c"})', "b"),
        ('LOOKUP("b",{"a","B","c"})', "B"), ('VLOOKUP(B2,{-1,"a";2,"b"},2)', "b"), ("HLOOKUP(2,{-1.1,2;5,6},2)", 6),
        ('VLOOKUP(B2,{3,"a";2,"b"},2,FALSE)', "b"), ("RANK(B1,B1:B3)", 3), ("MATCH(A2,B1:B3)", "#N/A"),
        ('DATEDIF(45000,46000,"y")', 2), ("COUNT(B1:B3)", 3), ("WEEKDAY(A4)", "#VALUE!"), ("WEEKDAY(46000)", 3),
        ("CHOOSE(B2,A1,B2)", 2), ('REPLACE("ciao",1,2,"x")', "xao"),
    ],
)  # fmt: skip
def test_call_of_the_same_function_that_excel_answers_alike_is_calculated(formula: str, excel: Any) -> None:
    assert value(f"={formula}", **CELLS) == excel


def test_array_formula_whose_result_would_be_one_error_is_left() -> None:
    package = openpyxl_book({**CELLS, "E1": ArrayFormula("E1:E4", "=_xlfn.VSTACK(A1:A2,B1:B2)")})
    dynamic = re.sub(rb'<c r="E1"', b'<c r="E1" cm="1"', parts(package)[SHEET])
    result = done(with_parts(package, {SHEET: dynamic}))
    assert ("S", "E1") in result.left or len([cell for cell in shown(result.package) if cell.startswith("E")]) == 4


def test_escapes_in_a_text_that_excel_stored_are_what_they_stand_for_to_those_that_read_it() -> None:
    cells = {"A1": "=NO_SUCH(1)", "B1": "=CLOSE_RATIO(LEN(A1),_xlfn.UNICODE(A1))"}
    package = saved_by_excel(openpyxl_book(cells), {"A1": "_x0008_\n"})
    assert shown(done(package).package)["B1"] == 0.25


def test_data_table_whose_first_cell_has_no_value_keeps_the_others() -> None:
    package = openpyxl_book({"A1": 1, "B2": "=table", "B3": 8, "C2": 9, "C3": 7, "E1": "=SUM(B2:C3)"})
    element = b'<f t="dataTable" ref="B2:C3" dt2D="1" dtr="1" r1="A1" r2="A2"/>'
    sheet = parts(package)[SHEET].replace(b"<f>table</f>", element)
    package = saved_by_excel(with_parts(package, {SHEET: sheet}), {"E1": 24})
    result = recalculated(package, "book.xlsx", everything=True)
    assert {cell: shown(result.package).get(cell) for cell in ("B3", "C2", "C3")} == {"B3": 8, "C2": 9, "C3": 7}
