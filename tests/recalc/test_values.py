"""What formulas show after `recalc`, in workbooks as pandas, openpyxl and XlsxWriter make them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

import xlsales
from tests.recalc.books import AS_OF, done, openpyxl_book, shown, value, with_parts
from tests.recalc.books import parts as parts_of

NUMBERS = {"A1": -1, "A2": 2, "A3": 3.5, "B1": 10, "B2": 20, "B3": 30, "C1": "x", "D1": dt.date(2027, 1, 31)}


@pytest.mark.parametrize(
    ("formula", "shows"),
    [
        ("=MAGIC_NUMBER(15000,2500,60%,40%,1)", 25),  # 15,000 ÷ 2,500 ÷ 0.6 ÷ 0.4
        ("=CLOSE_RATIO(B1,B2)", 0.5),
        ("=CLOSE_RATIO(B2,B1)", "#NUM!"),
        ('=IFERROR(CLOSE_RATIO(B2,B1),"none")', "none"),
        ("=CLOSE_RATIO(A9,B1)", "#N/A"),
        ("=_xll.CLOSE_RATIO(B1,B2)", 0.5),
        ("=[1]!CLOSE_RATIO(B1,B2)", 0.5),
        ("='C:\\Users\\Ann Lee\\xlsales.xlam'!CLOSE_RATIO(B1,B2)", 0.5),
        ("=close_ratio(B1,B2)*2", 1),
        ("=CLOSE_RATIO(B1:B3,B1:B3)", 1),  # an ordinary formula shows the first of the three
        ("=SUM(A1:A3)", 4.5),
        ("=SUMPRODUCT((A1:A3>0)*B1:B3)", 50),
        ("=_xlfn.XLOOKUP(20,B1:B3,A1:A3)", 2),
        ("=1/0", "#DIV/0!"),
        ('=C1&"y"', "xy"),
        ("=A1<0", True),
        ("=A9", 0),
        ("=TODAY()", 46418),
        ("=NOW()", 46418),
        ("=D1+0.25", 46418.25),
        ("=YEAR(D1)", 2027),
        ("=TIME(6,0,0)", 0.25),
        ("=LOG10(B1*10)", 2),
        ('="a & b < c"', "a & b < c"),
    ],
)
def test_formula_shows(formula: str, shows: Any) -> None:
    found = value(formula, **NUMBERS)
    assert found == (pytest.approx(shows) if type(shows) is float else shows)
    assert type(found) is type(shows) or {type(found), type(shows)} == {int, float}


def test_pandas_table_with_formulas_gets_the_functions_values() -> None:
    frame = pd.DataFrame({"won": [13, 5, 5], "proposals": [20, 10, 4]})
    frame["ratio"] = [f"=CLOSE_RATIO(A{row},B{row})" for row in range(2, 5)]
    saved = io.BytesIO()
    frame.to_excel(saved, index=False, sheet_name="Deals")
    result = done(saved.getvalue())
    assert (result.formulas, result.recalculated, result.changed) == (3, 3, 3)
    read = pd.read_excel(io.BytesIO(result.package), keep_default_na=False, engine="openpyxl")
    expected = xlsales.close_ratio(frame["won"], frame["proposals"])  # NaN where the cell has an error
    pd.testing.assert_series_equal(read["ratio"], expected, check_names=False)
    assert shown(result.package, "Deals")["C4"] == "#NUM!"


def xlsxwriter_book() -> bytes:
    """Three rows, and functions over all of them in formulas of every kind."""
    saved = io.BytesIO()
    workbook = xlsxwriter.Workbook(saved, {"in_memory": True})
    sheet = workbook.add_worksheet("S")
    for row, cells in enumerate([(13, 20), (5, 10), (5, 4)]):
        sheet.write_row(row, 0, cells)
    sheet.write_dynamic_array_formula("D1:D3", "=CLOSE_RATIO(A1:A3,B1:B3)")
    sheet.write_dynamic_array_formula("E1", "=_xlfn._xlws.SORT(A1:A3)")  # spills into cells that are not there
    sheet.write_array_formula("F1:F3", "{=A1:A3*2}")
    sheet.write_dynamic_array_formula("G1:G9", "=A1:A2+1")  # used to be longer
    sheet.write_formula("H1", "=SUM(_xlfn.ANCHORARRAY(E1))")
    sheet.write_formula("H2", "=D3")
    sheet.write_formula("H3", "=COUNT(G1:G9)")
    workbook.close()
    return saved.getvalue()


def test_results_of_array_formulas_fill_their_cells() -> None:
    result = done(xlsxwriter_book())
    found = shown(result.package)
    assert result.left == {}
    assert [found[f"D{row}"] for row in (1, 2, 3)] == [0.65, 0.5, "#NUM!"]
    assert [found[f"E{row}"] for row in (1, 2, 3)] == [5, 5, 13]
    assert [found[f"F{row}"] for row in (1, 2, 3)] == [26, 10, 10]
    assert [found.get(f"G{row}") for row in range(1, 10)] == [14, 6] + [None] * 7
    assert [found[f"H{row}"] for row in (1, 2, 3)] == [23, "#NUM!", 2]


def test_array_formula_says_which_cells_it_fills_now() -> None:
    sheet = parts_of(done(xlsxwriter_book()).package)["xl/worksheets/sheet1.xml"]
    assert [area in sheet for area in (b'ref="E1:E3"', b'ref="G1:G2"', b'ref="D1:D3"')] == [True] * 3


def test_array_formula_of_openpyxl_fills_its_cells() -> None:
    cells = {"A1": 1, "A2": 2, "B1": ArrayFormula("B1:B2", "=A1:A2*10"), "C1": "=SUM(B1:B2)"}
    assert shown(done(openpyxl_book(cells)).package) == {"A1": 1, "A2": 2, "B1": 10, "B2": 20, "C1": 30}


def test_table_references_are_calculated() -> None:
    cells = {
        "A1": "won", "B1": "of all", "C1": "ratio",
        "A2": 13, "B2": 20, "C2": "=CLOSE_RATIO(tblDeals[[#This Row],[won]],tblDeals[[#This Row],[of all]])",
        "A3": 5, "B3": 10, "C3": "=CLOSE_RATIO(tblDeals[[#This Row],[won]],tblDeals[[#This Row],[of all]])",
        "E1": "=SUM(tblDeals[won])", "E2": "=SUM(tblDeals[[won]:[of all]])", "E3": "=tblDeals[[#Headers],[ratio]]",
        "E4": "=AVERAGE(TBLDEALS[ratio])",
    }  # fmt: skip
    found = shown(done(openpyxl_book(cells, tables={"tblDeals": "A1:C3"})).package)
    assert (found["C2"], found["C3"]) == (0.65, 0.5)
    assert [found[f"E{row}"] for row in range(1, 5)] == [18, 48, "ratio", pytest.approx(0.575)]


def test_names_are_calculated() -> None:
    cells = {
        "A1": 2,
        "A2": 3,
        "B1": "=SUM(both)",
        "B2": "=share*100",
        "B3": "=next+1",
        "B4": "=MAGIC_NUMBER(1,1,1,share,1)",
    }
    names = {"both": "S!$A$1:$A$2", "share": "0.5", "next": "S!$A$1+10"}
    found = shown(done(openpyxl_book(cells, names=names)).package)
    assert [found[f"B{row}"] for row in range(1, 5)] == [5, 50, 13, 2]


def test_dates_count_from_1904_where_the_workbook_does() -> None:
    cells = {"A1": dt.date(2027, 1, 31), "B1": "=TODAY()", "B2": "=YEAR(A1)", "B3": "=A1-DATE(2027,1,1)", "B4": "=A1"}
    found = shown(done(openpyxl_book(cells, from_1904=True)).package)
    day = (AS_OF - dt.date(1904, 1, 1)).days
    assert [found[f"B{row}"] for row in range(1, 5)] == [day, 2027, 30, day]


def test_shared_formulas_are_calculated_in_each_cell() -> None:
    package = openpyxl_book({"A1": 1, "A2": 2, "A3": 3, "B1": "=first", "B2": "=second", "B3": "=third"})
    name = "xl/worksheets/sheet1.xml"
    sheet = parts_of(package)[name].replace(b"<f>first</f>", b'<f t="shared" ref="B1:B3" si="0">A1*$A$3</f>')
    sheet = sheet.replace(b"<f>second</f>", b'<f t="shared" si="0"/>').replace(
        b"<f>third</f>", b'<f t="shared" si="0"/>'
    )
    result = done(with_parts(package, {name: sheet}))
    found = shown(result.package)
    assert [found[f"B{row}"] for row in (1, 2, 3)] == [3, 6, 9]
    assert parts_of(result.package)[name].count(b"<f") == 3


def test_hidden_sheets_are_calculated() -> None:
    def hide(workbook: Any) -> None:
        for state in ("hidden", "veryHidden"):
            sheet = workbook.create_sheet(state)
            sheet["A1"] = "=S!A1*2"
            sheet.sheet_state = state

    package = done(openpyxl_book({"A1": 21, "B1": "=hidden!A1+veryHidden!A1"}, change=hide)).package
    assert shown(package, "hidden") == shown(package, "veryHidden") == {"A1": 42}
    assert shown(package)["B1"] == 84


def test_without_a_date_today_is_the_clocks() -> None:
    from xlsales.recalc import recalculated

    days = (dt.date.today() - dt.date(1899, 12, 30)).days
    found = shown(recalculated(openpyxl_book({"A1": "=TODAY()"}), "book.xlsx").package)["A1"]
    assert found - days in (0, 1)  # midnight may lie between
