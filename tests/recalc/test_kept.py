"""What Excel calculated keeps its value, unless something that it depends on is new or changed."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.recalc.books import AS_OF, done, openpyxl_book, parts, saved_by_excel, shown, with_parts
from xlsales.recalc import recalculated


def excel_book(cells: dict[str, Any], values: dict[str, Any], **more: Any) -> bytes:
    return saved_by_excel(openpyxl_book(cells, **more), values)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+1", 3), ("=NO_SUCH(1)", 5), ('=GETPIVOTDATA("x",A1)', 7), ("=RAND()", 0.5), ("=ROMAN(499,1)", "LDVLIV"),
        ('=INDIRECT("A1")', 9), ("=SUM(A:A)", 4), ("=A1", True), ("=1/0", "#N/A"), ("=Z1+1", 6), ('="a"', ""),
    ],
)  # fmt: skip
def test_value_that_excel_stored_stays_whatever_would_be_calculated_here(formula: str, value: Any) -> None:
    package = excel_book({"A1": 1, "Z1": formula}, {"Z1": value})
    result = done(package)
    assert result.package == package
    assert (result.kept, result.changed) == ({("S", "Z1")}, 0)


@pytest.mark.parametrize("program", ["XlsxWriter", "Microsoft Excel Compatible / Openpyxl 3.1.5"])
def test_value_of_a_library_that_does_not_calculate_is_none(program: str) -> None:
    package = excel_book({"A1": "=1+1"}, {"A1": 0})
    properties = parts(package)["docProps/app.xml"].replace(b"Microsoft Excel", program.encode())
    assert shown(done(with_parts(package, {"docProps/app.xml": properties})).package) == {"A1": 2}


@pytest.mark.parametrize("wish", ['fullCalcOnLoad="1"', 'calcMode="manual"', 'calcCompleted="0"'])
def test_value_is_none_where_the_workbook_asks_for_a_calculation(wish: str) -> None:
    package = excel_book({"A1": "=1+1"}, {"A1": 7})
    workbook = parts(package)["xl/workbook.xml"].replace(b"<calcPr ", f"<calcPr {wish} ".encode())
    assert shown(done(with_parts(package, {"xl/workbook.xml": workbook})).package) == {"A1": 2}


@pytest.mark.parametrize(
    "reader",
    ["=A1*10", "=SUM(A:A)*10", "=SUM(1:1)*10", "=ten", '=10*INDIRECT("A1")', "=10*SUM(OFFSET(A2,-1,0))", "=s!A1*10"],
)
def test_what_depends_on_a_new_value_is_calculated(reader: str) -> None:
    cells = {"A1": "=CLOSE_RATIO(1,4)", "B2": reader, "B3": "=B2+1", "C3": "=7"}
    package = excel_book(cells, {"A1": 0.5, "B2": 5, "B3": 6, "C3": 8}, names={"ten": "S!$A$1*10"})
    result = done(package)
    assert shown(result.package) == {"A1": 0.25, "B2": 2.5, "B3": 3.5, "C3": 8}
    assert result.kept == {("S", "C3")}


def test_what_depends_on_a_value_that_is_the_same_as_before_stays() -> None:
    package = excel_book({"A1": "=CLOSE_RATIO(1,4)", "A2": "=A1*10", "A3": "=A2"}, {"A1": 0.25, "A2": 99, "A3": 98})
    assert done(package).package == package


def test_what_changes_and_comes_to_the_same_changes_nothing_further() -> None:
    cells = {"A1": "=CLOSE_RATIO(1,4)", "A2": "=A1>0", "A3": "=IF(A2,1,2)"}
    result = done(excel_book(cells, {"A1": 0.5, "A2": True, "A3": 77}))
    assert shown(result.package) == {"A1": 0.25, "A2": True, "A3": 77}


def test_today_is_calculated_and_what_depends_on_it() -> None:
    result = done(excel_book({"A1": "=TODAY()", "A2": "=A1+1", "A3": "=1"}, {"A1": 1, "A2": 2, "A3": 3}))
    assert shown(result.package) == {"A1": 46418, "A2": 46419, "A3": 3}


def test_formula_without_a_value_and_what_depends_on_it_are_calculated() -> None:
    result = done(excel_book({"A1": "=1+1", "A2": "=A1+1", "A3": "=1"}, {"A2": 9, "A3": 5}))
    assert shown(result.package) == {"A1": 2, "A2": 3, "A3": 5}


def test_what_cannot_be_calculated_loses_its_value_only_where_something_before_it_changed() -> None:
    cells = {"A1": "=CLOSE_RATIO(1,4)", "B1": "=NO_SUCH(A1)", "B2": "=B1+1", "C1": "=NO_SUCH(2)", "C2": "=C1+A1"}
    result = done(excel_book(cells, {"A1": 0.5, "B1": 1, "B2": 2, "C1": 3, "C2": 3.5}))
    assert shown(result.package) == {"A1": 0.25, "C1": 3, "C2": 3.25}
    assert set(result.left) == {("S", "B1"), ("S", "B2")}
    assert b'fullCalcOnLoad="1"' in parts(result.package)["xl/workbook.xml"]


def test_all_calculates_what_is_known_and_keeps_the_rest() -> None:
    cells = {"A1": "=1+1", "A2": "=NO_SUCH(1)", "A3": "=A2+A1"}
    package = excel_book(cells, {"A1": 9, "A2": 4, "A3": 13})
    result = recalculated(package, "book.xlsx", AS_OF, everything=True)
    assert shown(result.package) == {"A1": 2, "A2": 4, "A3": 6}
    assert "NO_SUCH" in result.left["S", "A2"]
    assert result.kept == {("S", "A2")}


def test_array_that_is_left_keeps_the_cells_that_it_fills_and_their_area() -> None:
    cells = {"A1": 1, "B1": 2, "A2": 3, "B2": 4, "D1": ArrayFormula("D1:E1", "=NO_SUCH(A1:B2)"), "E1": 2}
    package = openpyxl_book(cells)
    result = done(package)
    assert shown(result.package)["E1"] == 2
    assert b'ref="D1:E1"' in parts(result.package)["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("title", ["sheet1", "SHEET1", "Sheet1", "sHEET1"])
def test_sheet_called_sheet1_is_a_sheet_like_any_other(title: str) -> None:
    cells = {"B2": 7, "A1": "=CLOSE_RATIO(B2,14)", "A2": f"={title}!B2+1", "A3": "=ShEeT1!A1*2", "A4": "=ISBLANK(B1)"}

    def rename(workbook: Any) -> None:
        workbook.active.title = title

    result = done(openpyxl_book(cells, change=rename))
    assert shown(result.package, title) == {"A1": 0.5, "A2": 8, "A3": 1, "A4": True, "B2": 7}
