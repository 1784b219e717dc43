"""What `recalc` does not calculate: no value, never a stale one, and Excel is asked to calculate."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.recalc.books import done, openpyxl_book, parts, shown, value, why_left, with_parts

SHEET = "xl/worksheets/sheet1.xml"
RANGE = {"A1": 1, "A2": 2, "A3": 3, "B1": 4, "B2": 5, "B3": 6, "C1": 9, "C2": 1, "C3": 5, "D1": 3, "E1": 8}


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=NO_SUCH_FUNCTION(A1)", "does not know NO_SUCH_FUNCTION"),
        ("=IFERROR(NO_SUCH_FUNCTION(A1),3)", "does not know NO_SUCH_FUNCTION"),
        ("=RAND()", "does not know RAND"),
        ("=no_such_name+1", "a name in it is unknown"),
        ("=[1]Other!A1", "another workbook"),
        ("='[other.xlsx]S'!A1+1", "another workbook"),
        ("=tblNone[x]", "there is no table for tblNone[x]"),
        ("=Z1+1", "refers to itself"),
        ('=CELL("filename")', "depends on Excel itself"),
        ("=CLOSE_RATIO(A1,)", "an argument of CLOSE_RATIO is left empty"),
        ("=BREAKEVEN_REVENUE(100000,,20%)", "an argument of BREAKEVEN_REVENUE is left empty"),
        ("=0.1+0.2&\" of all\"", "more digits than Excel"),
        ("=SUM(", "Excel does not take it in"),
        ("=SUM(tblNone[[x])", "cannot read it"),
        ('=VALUE("1,5")', "regional settings"),
        ('=TEXT(A1,"0.0E+00")', "does not know its number format"),
        # A comma that is a decimal mark in many countries
        ('=TEXT(A1,"0,00")', "does not know its number format"),
        ('=TEXT(A1,"0,0 %")', "does not know its number format"),
        ('=TEXT(A1,"#,#0")', "does not know its number format"),
        # Approximate lookups where the cells are not in order
        ("=VLOOKUP(2,C1:D3,2)", "not in order"),
        ("=MATCH(2,C1:C3,1)", "not in order"),
        ("=HLOOKUP(2,C1:E1,1)", "not in order"),
        ("=IFERROR(MATCH(2,C:C),0)", "not in order"),
        ("=LOOKUP(2,C1:C3,A1:A3)", "not in order"),
        ("=MATCH(2,A1:A3,-1)", "not in order"),
        # Where an ordinary formula of Excel takes one cell of a range
        ("=A1:A3", "otherwise than Excel"),
        ("=SUM(A1:A3*2)", "otherwise than Excel"),
        ("=ABS(A1:A3)", "otherwise than Excel"),
        ("=SUMPRODUCT(IF(A1:A3>1,1,0))", "otherwise than Excel"),
        ("=SUMIFS(A1:A3,B1:B3,B1:B2)", "otherwise than Excel"),
        ("=VLOOKUP(A1:A3,A1:B3,2,FALSE)", "otherwise than Excel"),
        # Where the engine takes the first cell of a range and Excel all of them
        ("=SUMPRODUCT(LEN(A1:A3))", "first cell of a range in LEN"),
        ("=SUMPRODUCT(1/COUNTIF(A1:A3,A1:A3))", "first cell of a range in COUNTIF"),
        (ArrayFormula("Z1", "=SUM(ROUND(A1:A3,0))"), "first cell of a range in ROUND"),
        ("=SUMPRODUCT(ROW(A1:A3)*1)", "first cell of a range in ROW"),
        ("=SUM(IF(A1=1,ROW(A1:A3)))", "first cell of a range in ROW"),
        (ArrayFormula("Z1", "=IF(A1=1,ROW(A1:A3))"), "first cell of a range in ROW"),
        # What a link shows, where the engine shows nothing
        ('=HYPERLINK("#A1",Y9)', "not known to calculate HYPERLINK"),
        ('=HYPERLINK("#A1")', "not known to calculate HYPERLINK"),
        # Newer functions as Excel does not store them
        ("=CONCAT(B1:B3)", "Excel shows #NAME? for CONCAT"),
        ("=IF(A1=1,1,ifna(A2,1))", "Excel shows #NAME? for IFNA"),
        ("=SUM(_xlfn.FILTER(A1:A3,A1:A3>1))", "Excel shows #NAME? for FILTER"),
        ("=_xlfn.LET(a,2,a)", "Excel shows #NAME? for a, which is stored without its prefix"),
        # What Excel would not take in
        ("=SUM(@A1:A3)", "Excel does not take it in"),
        ("=A1#", "Excel does not take it in"),
        (f'="{"x" * 256}"', "Excel does not take it in"),
        # Array formulas whose result has another size
        (ArrayFormula("Z1:Z5", "=A1:A3*2"), "does not have the size"),
        (ArrayFormula("Z1", "=A1:A3*2"), "does not have the size"),
    ],
)  # fmt: skip
def test_formula_is_left_for_excel_with_the_reason(formula: Any, reason: str) -> None:
    assert reason in why_left(formula, **RANGE)


@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(A1:A3)", "=SUMPRODUCT((A1:A3>1)*B1:B3)", "=INDEX(A1:A3,MATCH(5,B1:B3,0))", "=IF(A1>0,SUM(A:A),SUM(B:B))",
        "=SUMIFS(A1:A3,B1:B3,\">\"&A1)", "=COUNTIF(A:A,A1)", "=SUM(A1:INDEX(A:A,2))", "=CLOSE_RATIO(A1,B1)",
        "=TERRITORY_BALANCE(A1,A1:A3)", "=MATCH(2,A:A)", "=VLOOKUP(2,A1:B3,2)",
        "=VLOOKUP(1,C1:D3,2,FALSE)", "=MATCH(1,C1:C3,0)", "=MATCH(7,B3:B1)", '=TEXT(A1,"0.0%")',
        '=TEXT(A1,"#,##0.00")', '=TEXT(A1,"0,000,000")',
        "=\"123456789012345\"&A1&\" of 0.5\"",
    ],
)  # fmt: skip
def test_formula_is_not_left_for_excel(formula: str) -> None:
    cells = RANGE if "12345" not in formula else {"A1": "."}
    assert why_left(formula.replace("Z1", "Y1"), **cells) == ""


@pytest.mark.parametrize(
    "formula",
    [
        "=Z1", "=IFERROR(Z1,5)", "=SUM(Z1:Z2)", "=SUM(Z:Z)", "=SUM(1:1)", "=COUNTA(Y1:Z1)", "=odd+1", "=SUM(around)",
        '=INDIRECT("Z1")', "=OFFSET(A1,0,25)", "=SUM(A1:INDEX(1:1,26))", "=IF(FALSE,Z1,1)",
    ],
)  # fmt: skip
def test_what_depends_on_a_formula_left_for_excel_is_left_too(formula: str) -> None:
    names = {"odd": "S!$Z$1", "around": "S!$X$1:$Z$3"}
    cells = {"Z1": "=NO_SUCH_FUNCTION(1)", "B5": formula, "B6": '=B5&""', "B7": "=A1"}
    result = done(openpyxl_book(cells, names=names))
    assert result.left.keys() == {("S", "Z1"), ("S", "B5"), ("S", "B6")}
    assert result.dependent == {("S", "B5"), ("S", "B6")}
    assert "depends on S!" in result.left["S", "B5"]
    assert shown(result.package) == {"B7": 0}


def test_what_reads_a_cell_that_an_array_formula_fills_depends_on_what_that_depends_on() -> None:
    cells = {"A1": "=NO_SUCH_FUNCTION(1)", "B1": ArrayFormula("B1:B2", "=A1:A2*2"), "C1": "=B2+1", "C2": "=A2+1"}
    assert set(done(openpyxl_book(cells)).left) == {("S", "A1"), ("S", "B1"), ("S", "C1")}


def test_value_of_a_formula_left_for_excel_goes_and_excel_is_asked() -> None:
    package = openpyxl_book({"A1": "=NO_SUCH_FUNCTION(1)", "A2": "=A1+1", "A3": "=1+1"})
    stale = re.sub(rb"<v></v>|<v ?/>", b"<v>99</v>", parts(package)[SHEET])
    assert stale.count(b"<v>99</v>") == 3
    workbook = parts(package)["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    result = done(with_parts(package, {SHEET: stale, "xl/workbook.xml": workbook}))
    assert shown(result.package) == {"A3": 2}
    assert b'fullCalcOnLoad="1"' in parts(result.package)["xl/workbook.xml"]
    assert (result.formulas, result.recalculated, result.changed) == (3, 1, 3)


def test_workbook_with_all_its_values_is_not_asked_to_calculate() -> None:
    package = openpyxl_book({"A1": "=1+1"})
    workbook = parts(package)["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    assert parts(done(with_parts(package, {"xl/workbook.xml": workbook})).package)["xl/workbook.xml"] == workbook


def test_totals_of_visible_rows_are_left_where_rows_are_hidden() -> None:
    def hide(workbook: Any) -> None:
        workbook["S"].row_dimensions[2].hidden = True

    cells = {**RANGE, "C1": "=SUBTOTAL(109,A1:A3)", "C2": "=SUM(A1:A3)"}
    assert done(openpyxl_book(cells)).left == {}
    left = done(openpyxl_book(cells, change=hide)).left
    assert list(left) == [("S", "C1")]
    assert "rows are hidden" in left["S", "C1"]


def test_circle_and_what_depends_on_it_are_left_even_where_excel_may_go_round() -> None:
    def go_round(workbook: Any) -> None:
        workbook.calculation.iterate = True

    cells = {"A1": "=A2+1", "A2": "=A1", "A3": "=A1+1", "A4": "=5"}
    for change in (None, go_round):
        result = done(openpyxl_book(cells, change=change))
        assert shown(result.package) == {"A4": 5}
        assert set(result.left) == {("S", f"A{row}") for row in (1, 2, 3)}


def test_array_formula_without_room_is_left_and_what_stands_there_stays() -> None:
    cells = {"A1": 1, "A2": 2, "B2": "mine"}
    package = openpyxl_book({**cells, "B1": ArrayFormula("B1", "=A1:A2*10")})
    dynamic = re.sub(rb'<c r="B1"', b'<c r="B1" cm="1"', parts(package)[SHEET])
    result = done(with_parts(package, {SHEET: dynamic}))
    assert shown(result.package) == cells
    assert "no room" in result.left["S", "B1"]


def test_data_table_loses_its_values_in_all_its_cells() -> None:
    package = openpyxl_book({"A1": 1, "B2": "=table", "B3": 8, "C2": 9, "D2": 7, "E1": "=SUM(B2:C3)"})
    element = b'<f t="dataTable" ref="B2:C3" dt2D="1" dtr="1" r1="A1" r2="A2"/>'
    sheet = parts(package)[SHEET].replace(b"<f>table</f>", element)
    result = done(with_parts(package, {SHEET: sheet}))
    assert shown(result.package) == {"A1": 1, "D2": 7}
    assert element in parts(result.package)[SHEET]
    assert result.left["S", "B2"] == "it is a data table"


def test_namespace_prefix_in_a_sheet_is_kept() -> None:
    package = openpyxl_book({"A1": "=1+1", "A2": "=NO_SUCH(1)"})
    sheet = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts(package)[SHEET]).replace(b"xmlns=", b"xmlns:x=")
    result = done(with_parts(package, {SHEET: sheet}))
    assert b'<x:c r="A1"><x:f>1+1</x:f><x:v>2</x:v></x:c>' in parts(result.package)[SHEET]
    assert shown(result.package) == {"A1": 2}


@pytest.mark.parametrize(
    "formula", ["=INDEX(A1:B3,0,1)", "=INDEX(A1:B3,C1,1)", "=INDEX(A1:A3,C1)", "=INDEX(A1:B3,2,C1)+1"]
)
def test_index_of_a_whole_row_or_column_is_left(formula: str) -> None:
    cells = {"A1": 1, "A2": 2, "A3": 3, "B1": 4, "B2": 5, "B3": 6, "C1": 0}
    assert why_left(formula, **cells) == "its result fills several cells, but it is no array formula"
    assert value(formula, **cells) is None


@pytest.mark.parametrize("sheet", ["Plan", "My plan", "It's mine", "2027"])
def test_what_depends_on_a_cell_of_another_sheet_that_is_left_is_left_too(sheet: str) -> None:
    def more(workbook: Any) -> None:
        other = workbook.create_sheet(sheet)
        other["A1"], other["A2"] = "=NO_SUCH(1)", 5

    quoted = sheet if sheet == "Plan" else "'" + sheet.replace("'", "''") + "'"
    cells = {"A1": f"={quoted}!A1+1", "A2": f"={quoted}!A2+1", "A3": f"=SUM({quoted}!A1:A2)"}
    result = done(openpyxl_book(cells, change=more))
    assert result.left.keys() == {(sheet, "A1"), ("S", "A1"), ("S", "A3")}
    assert shown(result.package) == {"A2": 6}
