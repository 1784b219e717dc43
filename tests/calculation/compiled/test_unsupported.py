"""Formulas that the calculation engine calculates for each planner: each that is to blame, with the reason."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.calculation.compiled.books import book, given
from xlsales.calculation.compiled import Compiled
from xlsales.cells.values import CellValue, InputValue


def column(compiled: Compiled, *inputs: InputValue) -> list[CellValue]:
    """What the formulas in column C give."""
    (found,) = compiled.calculated([given(*inputs)])
    return [value for (_sheet, cell), value in zip(compiled.addresses, found, strict=True) if cell.startswith("C")]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=TODAY()-A1", "TODAY depends on more than its cells"),
        ("=TODAY()", "TODAY depends on more than its cells"),
        ("=SUM(OFFSET(A1,1,0))", "OFFSET depends on more"),
        ('=INDIRECT("A"&2)', "INDIRECT depends on more"),
        ("=MEDIAN(A1:A6)", "MEDIAN is not compiled"),
        ("=SUM(A:A)", "references to whole columns and rows are not compiled"),
        ("=A1+a_number", "the reference a_number is not compiled"),
        ("=SUM(A1:A1048576)", "a reference goes too far"),
        ("=SUM(A1:A$1048576)", "a range has too many cells"),
        ("=A1+XFD1", "a reference goes too far"),
        ('=TEXT(A1,"yyyy-mm-dd")', "TEXT with this format"),
        ("=INDEX(A1:A6,A1)", "its result fills several cells"),
        ("=INDEX(A1:B6,2)+A1", "is not known to calculate INDEX as Excel does"),
        ("=MATCH(A1,A2:A6,-1)", "it looks something up among inputs"),
        ("=MATCH(A1,A2:A6,1)", "it looks something up among inputs"),
        ("=MATCH(A1,A2:A6)", "it looks something up among inputs"),
        ("=WEEKDAY(A1,A2)", "WEEKDAY with this kind of count"),
        ("=RANK(A1,A2:A6,B1)", "RANK with this kind of order"),
        ('=RANK(A1,A2:A6,"x")', "RANK with this kind of order"),
        ('=IF(A1="#N/A",1,2)', "a text reads like an error value"),
        ("=IFNA(A1/A2,1)", "Excel shows #NAME? for IFNA"),
    ],
)
def test_formula_that_is_not_compiled_is_named(formula: str, reason: str) -> None:
    compiled = Compiled(book(formula))
    assert [*compiled.slow, *compiled.left] == [("S", "C1")]
    assert reason in {**compiled.slow, **compiled.left}["S", "C1"]


def test_range_of_a_list_of_thousands_of_deals_with_all_its_columns_is_compiled() -> None:
    compiled = Compiled(book("=COUNTA(E1:AU3300)+A1", E5="x", AU3300=1))  # 141,900 cells
    assert (compiled.slow, compiled.left) == ({}, {})
    assert column(compiled, 5) == [7]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (
            "=SUMPRODUCT(B7:B8,B9:B10)+A1",
            "it gives 3.0 where the calculation engine gives 13.0",
        ),  # "5" counts 0 in Excel
        ("=UPPER(B11)&A1", "it gives É where the calculation engine gives é"),
    ],
)
def test_formula_that_the_engine_answers_otherwise_before_anything_is_filled_in_is_named(
    formula: str, reason: str
) -> None:
    compiled = Compiled(book(formula, B7="5", B8=1, B9=2, B10=3, B11="é"))
    assert compiled.slow == {("S", "C1"): reason}


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=TEXT(A1,A2)", "does not know its number format"),
        ("=SUMPRODUCT(A1,A2)", "the ranges of SUMPRODUCT differ in size"),
        ("=SUM(IF(A1:A3>1,A1:A3))", "otherwise than Excel"),
        ("=SUM(EDATE(A1:A3,1))", "otherwise than Excel"),
        ("=NO_SUCH(A1)", "does not know NO_SUCH"),
        ("=C1+A1", "it refers to itself"),
    ],
)
def test_formula_that_is_left_for_excel_is_named(formula: str, reason: str) -> None:
    compiled = Compiled(book(formula, "=C1+1", "=A1+1"))
    assert reason in compiled.left["S", "C1"]
    assert compiled.left.keys() == {("S", "C1"), ("S", "C2")}
    assert compiled.slow == {}


def test_range_that_grows_is_compiled_only_where_it_is_known_to_work() -> None:
    compiled = Compiled(book(*(f"=MATCH(A{row},A$1:A{row},0)" for row in range(1, 5))))
    assert set(compiled.slow.values()) == {"a range that grows with its cell, in this place"}
    assert len(compiled.slow) == 4
    assert column(compiled, 7, 7, 8, 7) == [1, 1, 3, 1]


@pytest.mark.parametrize("formulas", [("=C2+A1", "=C1+1"), ("=C1+A1",), ("=IF(A1>0,C2,1)", "=C1")])
def test_formulas_that_depend_on_themselves_and_what_depends_on_them_are_left_alone(formulas: tuple[str, ...]) -> None:
    compiled = Compiled(book(*formulas, D1="=C1*2", D2="=A1*2"))
    assert compiled.left.keys() == {*(("S", f"C{row}") for row in range(1, len(formulas) + 1)), ("S", "D1")}
    values = dict(zip(compiled.addresses, compiled.calculated([given(4)])[0], strict=True))
    assert (values["S", "C1"], values["S", "D1"], values["S", "D2"]) == (None, None, 8)


def test_input_cell_with_a_formula_is_named() -> None:
    compiled = Compiled(book("=A1", A2="=1+1"))
    assert compiled.slow["S", "A2"] == "it is an input cell with a formula"


def test_what_no_input_reaches_may_be_anything_that_does_not_change() -> None:
    template = book("=MEDIAN(B5,7)+A1", "=MEDIAN(B5,7)", "=C2+A1", '=SUMIFS(F:F,F:F,">2")', "=C4+A1", F1=2, F2=6)
    compiled = Compiled(template)
    assert set(compiled.slow) == {("S", "C1")}
    assert column(compiled, 2) == [7, 5, 7, 6, 8]


@pytest.mark.parametrize(("as_of", "slow"), [(dt.date(2027, 3, 31), set()), (None, {"C1", "C2"})])
def test_today_is_a_constant_where_the_day_is_given(as_of: dt.date | None, slow: set[str]) -> None:
    compiled = Compiled(book("=TODAY()", "=C1+A1", "=A1"), as_of)
    assert compiled.slow.keys() == {("S", cell) for cell in slow}
    if as_of:
        assert column(compiled, 2) == [46477, 46479, 2]


def test_what_reads_a_slow_formula_through_a_name_or_an_unknown_place_is_slow() -> None:
    template = book("=MEDIAN(A1:A3)", '=INDIRECT("C"&1)', "=SUM(C1:C2)+A1", "=A1*2")
    compiled = Compiled(template)
    assert compiled.slow.keys() == {("S", f"C{row}") for row in (1, 2, 3)}
    assert column(compiled, 1, 5, 9) == [5, 5, 11, 2]


def test_result_that_may_fill_cells_is_slow_with_what_reads_these_cells() -> None:
    template = book("=OFFSET(A1,0,0,A1,1)", C4="x", E2="=C3+1", E3="=F5+1", E4="=C5&A2", E5="=D2+A2", A1=1)
    compiled = Compiled(template)
    assert {cell for _sheet, cell in compiled.slow} == {"C1", "E2", "E5"}
    found = compiled.calculated([given(2, 2, 3), given(1, 2, 3), given(2, 2, 3)])
    several, one, again = (dict(zip(compiled.addresses, values, strict=True)) for values in found)
    assert several == again
    assert (several["S", "C1"], several["S", "E3"], several["S", "E4"]) == (None, 1, "2")
    assert (one["S", "C1"], one["S", "E2"], one["S", "E5"]) == (1, 1, 2)


def test_reference_to_a_far_cell_costs_no_room() -> None:
    compiled = Compiled(book("=A1+ZZ400000", ZZ400000=5, XFD1048576="=A1*2"))
    assert compiled.slow == {("S", "XFD1048576"): "a reference goes too far"}
    values = dict(zip(compiled.addresses, compiled.calculated([given(3)])[0], strict=True))
    assert (values["S", "C1"], values["S", "XFD1048576"]) == (8, 6)


def test_planners_that_rank_in_two_orders_are_no_matter_to_one_another() -> None:
    compiled = Compiled(book("=RANK(A1,A2:A4,A5)"))
    falls, rises = (given(5, 1, 2, 5, order) for order in (0, 1))
    found = compiled.calculated([falls, rises, falls])
    assert [dict(zip(compiled.addresses, row, strict=True))["S", "C1"] for row in found] == [1, 3, 1]
