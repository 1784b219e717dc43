"""What a compiled formula cannot tell of one planner's values: it is left for Excel there, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.calculation.compiled.books import INPUTS, given, shown
from tests.one_sheet import one_sheet
from xlsales.calculation.certainty import IN_DOUBT
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.session import Session
from xlsales.cells.values import InputValue
from xlsales.texts import _
from xlsales.workbook.template import Template

NEAR = 0.1 + 0.2  # 0.3 in 15 digits
# Each with inputs that leave it for Excel, and others that do not, with what it gives then.
CASES: tuple[tuple[str, tuple[InputValue, ...], tuple[InputValue, ...], Any], ...] = (
    ("=A1*2", ("5%",), ("5",), 10.0),
    ("=A1*2", ("Jan 5",), ("Janet 5",), "#VALUE!"),
    ("=A1*2", ("$5",), ("x5",), "#VALUE!"),
    ("=A1*2", ("5 мая",), (" 5 ",), 10.0),
    ("=A1*2", ("１２",), ("x",), "#VALUE!"),
    ("=A1*2", ("1 234",), ("1234",), 2468.0),
    ("=-A1", ("1,5",), ("1.5",), -1.5),
    ("=A1%", ("01.02.2026",), ("",), "#VALUE!"),
    ("=A1-A2", ("1/2", 1), ("2", 1), 1.0),
    ("=A1*2", ("\xa05",), ("\xa0x",), "#VALUE!"),
    ("=ABS(A1)", ("2027-01-31",), ("-5",), 5.0),
    ("=INT(A1)", (NEAR * 10,), (3.5,), 3.0),
    ("=MOD(A1,A2)", (5, 0.1), (5, 0.5), 0.0),
    ("=MOD(A1,A2)", (1e15, 7), (15, 7), 1.0),
    ("=ROUNDUP(A1,A2)", (NEAR, 1), (0.31, 1), 0.4),
    ("=ROUNDDOWN(A1,A2)", (1 - 2e-16, 0), (0.999, 0), 0.0),
    ('=A1&"x"', (1e20,), (1e14,), "100000000000000x"),
    ('=A1&"x"', (1.234567e-7,), (0.00001,), "0.00001x"),
    ("=UPPER(A1)", ("straße",), ("strasse",), "STRASSE"),
    ("=LOWER(A1)", ("İ",), ("É",), "é"),
    ("=A1=A2", ("é", "e\u0301"), ("é", "É"), True),
    ("=A1=A2", ("№5", "No5"), ("№5", "№5"), True),
    ("=A1<A2", ("é", "f"), ("e", "F"), True),
    ("=A1<A2", ("a-b", "ab"), ("a b", "ab"), True),
    ("=LARGE(A2:A4,A1)", (1.5, 1, 2, 3), (2, 1, 2, 3), 2.0),
    ("=SMALL(A2:A4,A1)", ("2", 1, 2, 3), (2, 1, 2, 3), 2.0),
    ("=RANK(A1,A2:A4)", ("2,0", 1, 2, 3), ("2", 1, 2, 3), 2.0),
    ("=CHOOSE(A1,A2,A3)", (True, 1, 2), (2, 1, 2), 2.0),
    ("=CHOOSE(A1,A2,A3)", ("2", 1, 2), ("x", 1, 2), "#VALUE!"),
    ("=EDATE(A1,A2)", (59, 1), (61, 1), 92.0),
    ("=EDATE(A1,A2)", (800, -25), (800, -20), 192.0),
    ("=EDATE(A1,A2)", (True, 900), (1000, 0), 1000.0),
    ("=DATE(A1+2000,A2,1)", (-100, 2), (-100, 3), 61.0),
    ('=COUNT(A1&"",1)', ("1/2",), ("x",), 1.0),
    ("=COUNTIF(A2:A6,A1)", ("1/2", 1), ("x", "X"), 1.0),
    ('=COUNTIF(A2:A6,">"&A1)', ("5%", 0.01, 0.5), ("0.05", 0.01, 0.5), 1.0),
    ('=COUNTIF(A2:A6,"<"&A1)', ("é", "f"), ("f", "e"), 1.0),
    ('=COUNTIF(A2:A6,"<"&A1)', ("f", "é"), ("f", "e"), 1.0),
    ("=COUNTIF(A2:A6,A1)", (5, "$5"), (5, "5"), 1.0),
    ("=COUNTIF(A2:A6,A1)", ("é", "e\u0301"), ("é", "É"), 1.0),
    ("=COUNTIF(A2:A6,A1)", (0.3, NEAR), (0.3, 0.3), 1.0),
    ('=COUNTIF(A2:A6,">"&A1)', (0.3, NEAR), (0.3, 0.31), 1.0),
    ('=COUNTIF(A2:A6,"<"&A1)', (NEAR, 0.3 - 1e-16), (0.3, NEAR), 0.0),
    ('=SUMIFS(A2:A4,A2:A4,"<="&A1)', (0.3, NEAR), (0.3, 0.3), 0.3),
    ('=AVERAGEIFS(A2:A4,A2:A4,"<"&A1)', ("Jan 5", 1), ("5", 1), 1.0),
    ("=MATCH(A1,A2:A4,0)", ("é", "e\u0301"), ("é", "É"), 1.0),
    ('=TEXT(A1,"0")', ("1/2",), ("5",), "5"),
)  # fmt: skip


def book(*formulas: str, **cells: Any) -> Template:
    """A workbook whose inputs are A1 to A6, and whose formulas stand from C1 on."""
    listed = {f"C{row}": formula for row, formula in enumerate(formulas, start=1)}
    return one_sheet({**cells, **listed}, {f"in_{cell}": f"S!${cell[0]}${cell[1]}" for cell in INPUTS})


@pytest.mark.parametrize(("formula", "doubtful", "sure", "value"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_value_that_is_in_doubt_is_left_in_that_planner_alone(
    formula: str, doubtful: tuple[InputValue, ...], sure: tuple[InputValue, ...], value: Any
) -> None:
    compiled = Compiled(book(formula, "=IF(ISERROR(C1),0,1)", "=A6"))
    assert (compiled.slow, compiled.left) == ({}, {})
    many = [given(*sure), given(*doubtful), given(*sure)]
    calculated = compiled.given(many)
    found = [dict(zip(compiled.addresses, values, strict=True)) for values in calculated.values(compiled.addresses)]
    assert [shown(one["S", "C1"]) for one in found] == [value, None, value]
    assert [one["S", "C2"] for one in found] == [found[0]["S", "C2"], None, found[0]["S", "C2"]]
    assert [one["S", "C3"] for one in found] == [0.0, 0.0, 0.0]
    assert [dict(left) for left in calculated.left] == [{}, {("S", "C1"): _(IN_DOUBT)}, {}]


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_what_compiled_formulas_doubt_recalc_leaves(case: tuple[str, Any, Any, Any]) -> None:
    formula, doubtful, _sure, _value = case
    assert Session(book(formula)).values(given(*doubtful))["S", "C1"] is None


def test_side_of_a_choice_that_nobody_takes_is_in_no_doubt() -> None:
    compiled = Compiled(book("=IF(A2=1,A1*2,A3)", "=IFERROR(A3,A1*2)", "=CHOOSE(A2,A1*2,A3)", "=_xlfn.IFNA(A3,A1*2)"))
    many = [given("5%", 2, 7), given("5", 1, 7), given("5%", 1, 7)]
    found = [values[-4:] for values in compiled.calculated(many)]
    assert found == [[7.0, 7.0, 7.0, 7.0], [10.0, 7.0, 10.0, 7.0], [None, 7.0, None, 7.0]]


def test_all_that_reads_a_doubtful_cell_goes_with_it_whatever_the_way() -> None:
    formulas = (
        "=SUM(B7:B9)",
        "=INDEX(B7:B9,2)",
        "=COUNTA(B7:B9)",
        "=SUM(B$7:B7)",
        "=SUM(B$7:B8)",
        "=SUM(B$7:B9)",
        "=C4",
    )
    compiled = Compiled(book(*formulas, B7="=A1+0", B8="=A2*2", B9="=A1*3"))
    (sure, doubtful) = compiled.calculated([given(1, 2), given(1, "5%")])
    cells = [cell for _sheet, cell in compiled.addresses]
    assert None not in sure
    assert {cell for cell, value in zip(cells, doubtful, strict=True) if value is None} == {
        "B8", "C1", "C2", "C3", "C5", "C6",
    }  # fmt: skip


def test_what_the_engine_calculates_of_a_doubtful_value_goes_with_it() -> None:
    compiled = Compiled(book("=A1*2", "=MEDIAN(C1,1)", "=MEDIAN(A2,1)"))
    assert [*compiled.slow] == [("S", "C2"), ("S", "C3")]
    calculated = compiled.given([given("5", 3), given("5%", 3), given("7", 5)])
    assert [values[-3:] for values in calculated.values(compiled.addresses)] == [
        [10.0, 5.5, 2.0], [None, None, 2.0], [14.0, 7.5, 3.0],
    ]  # fmt: skip
    assert [list(left) for left in calculated.left] == [[], [("S", "C1")], []]


def test_formula_that_no_input_reaches_is_left_where_it_is_in_doubt() -> None:
    compiled = Compiled(book("=MOD(B7,B8)", "=C1+A1", "=MOD(B7,2)", B7=5, B8=0.1))
    (found,) = compiled.calculated([given(1)])
    assert found[-3:] == [None, None, 1.0]


def test_planner_s_doubts_do_not_depend_on_the_others() -> None:
    compiled = Compiled(book(*(case[0] for case in CASES)))
    many = [given(*case[number]) for case in CASES for number in (1, 2)]
    alone = [compiled.calculated([planner])[0] for planner in many]
    assert compiled.calculated(many) == alone
    assert compiled.calculated(many[::-1])[::-1] == alone
