"""SALES_EXPLAIN: sentences as a person reads them."""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlsales
from tests.parity.batches import batches
from xlsales.functions import CATALOGUE, MISSING, CellError, SalesFunction
from xlsales.functions.arguments import Kind
from xlsales.functions.registry import Example
from xlsales.functions.working import column, filled, listed_rows, written

# No formula for these reads as arithmetic: they pick names, or compare four levers.
IN_PROSE = {"BEST_IN_FRONT", "COMMISSION", "ORG_GAPS", "RAMP_MONTHS", "REVENUE_BLOCKER", "SEASONAL_GOAL"}
EXPLAINED = [function for function in CATALOGUE.values() if not function.is_variadic]
EXAMPLES = [(function, example) for function in EXPLAINED for example in function.examples]

SENTENCES: list[tuple[tuple[Any, ...], str]] = [
    (("CLOSE_RATIO", 13, 20), "CLOSE_RATIO is won ÷ proposals: 13 ÷ 20 = 65%."),
    (("close-ratio", "13", "20"), "CLOSE_RATIO is won ÷ proposals: 13 ÷ 20 = 65%."),
    (("PROPOSAL_RATIO", 1, 3), "PROPOSAL_RATIO is proposals ÷ first appointments: 1 ÷ 3 = 33.33%."),
    (
        ("MAGIC_NUMBER", 15000, 2500, "60%", 0.4, 1),
        "MAGIC_NUMBER is revenue goal ÷ average sale ÷ close ratio ÷ proposal ratio ÷ weeks: "
        "15,000 ÷ 2,500 ÷ 40% ÷ 60% ÷ 1 = 25 first appointments a week.",
    ),
    (
        ("BREAKEVEN_REVENUE", 100000, 0.5, 0.2, "price"),
        "BREAKEVEN_REVENUE (PRICE) is revenue × (1 − discount) × gross margin ÷ (gross margin − discount): "
        "100,000 × (1 − 20%) × 50% ÷ (50% − 20%) = 133,333.33.",
    ),
    (
        ("SALES_CYCLE_DAYS", ["2027-01-04", "2027-01-11", None], ["2027-02-03", "2027-01-31", None]),
        "SALES_CYCLE_DAYS is mean(close dates − start dates): mean(30; 20) = 25 days.",
    ),
    (
        ("SALES_CYCLE_DAYS", np.full(240, 46000.0), np.full(240, 46030.0)),
        "SALES_CYCLE_DAYS is mean(close dates − start dates): mean(240 values) = 30 days.",
    ),
    (
        ("ACCOUNT_SCORE", [5, 3, 4], [2, 1, 1]),
        "ACCOUNT_SCORE is sum(values × weights) ÷ sum(weights): 17 ÷ 4 = 4.25 points.",
    ),
    (
        ("TERRITORY_BALANCE", 90, [80, 100, 140, 200]),
        "TERRITORY_BALANCE is value ÷ median(peers) − 1: 90 ÷ 120 − 1 = −25%.",
    ),
    (
        ("RUN_RATE_NEEDED", 100, -20, 4),
        "RUN_RATE_NEEDED is (goal − actual) ÷ weeks left: (100 − (−20)) ÷ 4 = 30 a week.",
    ),
    (
        ("ACTIVITY_BAROMETER", 3, 0),
        "ACTIVITY_BAROMETER is 100%, because magic number = 0.",
    ),
    (("ACTIVITY_BAROMETER", 20, 25), "ACTIVITY_BAROMETER is actual per week ÷ magic number: 20 ÷ 25 = 80%."),
    (
        ("NEXT_CHECKIN", "2027-01-31", "monthly"),
        "NEXT_CHECKIN (MONTHLY) is EDATE(last, 1): EDATE(2027-01-31, 1) = 2027-02-28.",
    ),
    (
        ("CHECKIN_STATUS", "2027-01-31", "MONTHLY", "2027-03-01"),
        "CHECKIN_STATUS is OVERDUE, because as of (2027-03-01) > NEXT_CHECKIN(last, cadence) (2027-02-28).",
    ),
    (
        ("ACCOUNT_LOAD", 1000, 16),
        "ACCOUNT_LOAD is selling hours ÷ hours per account, rounded down: "
        "1,000 ÷ 16 = 62.5, rounded down to 62 accounts.",
    ),
    (
        ("SUPPORT_NEEDED", 80, 40),
        "SUPPORT_NEEDED is support hours ÷ hours per person, rounded up: 80 ÷ 40 = 2 people.",
    ),
    (
        ("INCENTIVE_PAYOUT", 90000, 100000, 20000, 0.8),
        "INCENTIVE_PAYOUT is target pay × actual ÷ target, because actual ÷ target (90%) ≤ 100%: "
        "20,000 × 90,000 ÷ 100,000 = 18,000.",
    ),
    (
        ("INCENTIVE_PAYOUT", 79000, 100000, 20000, 0.8),
        "INCENTIVE_PAYOUT is 0, because actual ÷ target (79%) < threshold (80%).",
    ),
    (("ACCOUNT_TIER", 3), "ACCOUNT_TIER is B, because score (3) ≥ b cut (2.5)."),
    (
        ("SELLING_TIME_STATUS", 0.6),
        "SELLING_TIME_STATUS is IN BAND, because selling time (60%) ≥ low (55%) and selling time (60%) ≤ high (65%).",
    ),
    (("COVERAGE_STATUS", 5, 4, None), "COVERAGE_STATUS is UNCOVERED, because owner is blank."),
    (
        ("COVERAGE_STATUS", 0, 4, None),
        "COVERAGE_STATUS is UNCOVERED, because planned touches = 0 and owner is blank.",
    ),
    (
        ("COVERAGE_STATUS", 5, 4),
        "COVERAGE_STATUS is COVERED, because planned touches (5) ≥ required touches (4).",
    ),
    (
        ("ACCOUNT_STATUS", "2027-06-01", "2027-07-15", 63000, 90000),
        "ACCOUNT_STATUS is DECLINING, because prior revenue (90,000) > 0 and "
        "(prior revenue − recent revenue) ÷ prior revenue (30%) ≥ drop (30%).",
    ),
    (("ACCOUNT_STATUS", None, "2027-07-15"), "ACCOUNT_STATUS is NEVER, because last order is blank."),
    (
        ("DISCOUNT_GUARD", 0.5, 0.05, 0.3, True),
        "DISCOUNT_GUARD is APPROVAL, because first sale is TRUE and discount (5%) > 0%.",
    ),
    (
        ("PEER_FLAG", "SALES_CYCLE_DAYS", 40, [70, 50]),
        "PEER_FLAG is BEST PRACTICE, because kpi = SALES_CYCLE_DAYS and "
        "PEER_GAP(value, peers) (−33.33%) ≤ threshold (−30%).",
    ),
    (
        ("COACHING_TIPS", "CLOSE_RATIO", 0.65),
        "COACHING_TIPS is On standard, because value (65%) ≥ threshold (65%).",
    ),
    (
        ("BEST_IN_FRONT", [3, 5], ["Ann", "Bob"]),
        "BEST_IN_FRONT, the name with the highest fit, gives Bob for fit (3; 5) and names (Ann; Bob).",
    ),
    # why there is no result
    (
        ("CLOSE_RATIO", 13, 0),
        "CLOSE_RATIO has no result: proposals is 0, so there is nothing to divide by: enter a value above 0.",
    ),
    (
        ("BREAKEVEN_REVENUE", 100, 20, 0.2),
        "BREAKEVEN_REVENUE has no result: gross_margin is 20, which means 2000%: enter 20% or 0.20.",
    ),
    (("CLOSE_RATIO", 13), "CLOSE_RATIO has no result: proposals is blank: enter a value (count)."),
    (("CLOSE_RATIO",), "CLOSE_RATIO has no result: won is blank: enter a value (count)."),
    (
        ("CLOSE_RATIO", 1, 2, 3),
        "CLOSE_RATIO has no result: 3 arguments are too many: CLOSE_RATIO(won, proposals).",
    ),
    (
        ("CLOSE_RATIO", CellError("#REF!"), 2),
        "CLOSE_RATIO has no result: won already holds the error #REF!: correct it there first.",
    ),
    (("CLOSE_RATO", 1, 2), "There is no sales function CLOSE_RATO to explain; did you mean CLOSE_RATIO?"),
    (("ZZZ",), "There is no sales function ZZZ to explain: give a name such as MAGIC_NUMBER."),
]


@pytest.mark.parametrize(("call", "sentence"), SENTENCES)
def test_sentence(call: tuple[Any, ...], sentence: str) -> None:
    assert xlsales.sales_explain(*call) == sentence


@pytest.mark.parametrize(
    ("function", "example"), EXAMPLES, ids=[f"{f.name}-{f.examples.index(e)}" for f, e in EXAMPLES]
)
def test_every_function_is_explained_with_its_result(function: SalesFunction, example: Example) -> None:
    """The formulas are worked apart from the functions; a sentence by formula proves that both agree."""
    told = xlsales.sales_explain(function.name, *example.arguments)
    assert told.endswith(".")
    assert "{" not in told
    assert "\n" not in told
    assert (" for " in told and " gives " in told) == (function.name in IN_PROSE), told
    if isinstance(example.result, str):
        assert example.result in told
    elif isinstance(example.result, list):
        assert str(example.result[0][0]).rstrip(".") in told


@pytest.mark.parametrize("function", EXPLAINED, ids=lambda function: function.name)
def test_call_without_arguments_says_what_is_needed(function: SalesFunction) -> None:
    told = xlsales.sales_explain(function.name)
    assert told.startswith(f"{function.name} has no result: ")
    assert any(argument.name in told for argument in function.arguments)


def test_result_in_the_sentence_is_the_functions_own() -> None:
    chance = np.random.default_rng(4)
    for _case in range(50):
        goal, sale, weeks = chance.uniform(1, 1e6), chance.uniform(1, 1e4), chance.integers(1, 53)
        told = xlsales.sales_explain("MAGIC_NUMBER", goal, sale, 0.6, 0.4, weeks)
        found = re.search(r"= ([\d,.]+)(?: first|\.$)", told)
        assert found
        shown = float(found[1].rstrip(".").replace(",", ""))
        assert shown == pytest.approx(xlsales.magic_number(goal, sale, 0.6, 0.4, weeks), abs=0.005)


def test_ranges_for_single_cells_give_a_sentence_each() -> None:
    cells = CATALOGUE["SALES_EXPLAIN"].call_cells("CLOSE_RATIO", [[13.0], [5.0]], [[20.0], [4.0]])
    assert [row[0].split(":")[0] for row in cells] == [
        "CLOSE_RATIO is won ÷ proposals",
        "CLOSE_RATIO has no result",
    ]
    assert xlsales.sales_explain("CLOSE_RATIO", pd.Series([13]), 20) == [SENTENCES[0][1]]
    wide = CATALOGUE["SALES_EXPLAIN"].call_cells("CLOSE_RATIO", [[1.0], [2.0]], [[4.0, 5.0]])
    assert wide[1][1] == "CLOSE_RATIO is won ÷ proposals: 2 ÷ 5 = 40%."
    told = CATALOGUE["SALES_EXPLAIN"].call_cells("CLOSE_RATIO", [[1.0], [2.0]], [[4.0], [5.0], [6.0]])
    assert told.startswith("CLOSE_RATIO has no result: won, proposals differ in size")


@pytest.mark.parametrize("name", [f.name for f in EXPLAINED if not f.spills])
def test_rows_written_together_are_the_sentences_of_each(name: str) -> None:
    """Rows that are alike are written at once; no row may get another's words or numbers."""
    function = CATALOGUE[name]
    alone = [position for position, argument in enumerate(function.arguments) if not argument.is_range]
    for batch in batches(name):
        told = CATALOGUE["SALES_EXPLAIN"].call_cells(name, *_trimmed(batch.columns, alone))
        rows = [row[0] for row in told] if isinstance(told, list) else [told] * len(batch.cases)
        for case, sentence in zip(batch.cases, rows, strict=True):
            given = _without_end(case.given)
            expected = xlsales.sales_explain(name, *given)
            faulty_range = "has no result" in expected and any(argument.is_range for argument in function.arguments)
            assert sentence == expected or faulty_range, given


def _trimmed(columns: tuple[Any, ...], alone: list[int]) -> list[Any]:
    """The arguments of a batch as cells send them: single cells in a column."""
    return _without_end(
        [
            [[cell] for cell in column] if position in alone and column is not MISSING else column
            for position, column in enumerate(columns)
        ]
    )


def _without_end(given: Sequence[Any]) -> list[Any]:
    kept = list(given)
    while kept and kept[-1] is MISSING:
        kept.pop()
    return kept


REMARKED = [
    (
        ("BREAKEVEN_REVENUE", 100000, 0.3, 0.4),
        "sells at or below cost: 40% off leaves nothing of a gross margin of 30%",
    ),
    (("BREAKEVEN_REVENUE", 100000, 0.3, 0.3, "profit"), "sells at or below cost"),
    (("BREAKEVEN_UPLIFT", 0.3, 0.4), "sells at or below cost"),
    (("DISCOUNT_GUARD", 0.3, 0.4, -0.5), "It sells below cost: 40% off is more than the gross margin of 30%."),
]


@pytest.mark.parametrize(("call", "remark"), REMARKED)
def test_discount_below_cost_is_remarked_on(call: tuple[Any, ...], remark: str) -> None:
    assert remark in xlsales.sales_explain(*call)


@pytest.mark.parametrize(
    "call",
    [
        ("BREAKEVEN_REVENUE", 100000, 0.5, 0.4),
        ("BREAKEVEN_REVENUE", 100000, 0.5, 0.4, "PRICE"),
        ("BREAKEVEN_UPLIFT", 0.5, 0.4),
        ("DISCOUNT_GUARD", 0.4, 0.4, 0),
    ],
)
def test_discount_above_cost_is_not_remarked_on(call: tuple[Any, ...]) -> None:
    assert "below cost" not in xlsales.sales_explain(*call)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ((None,), CellError("#N/A")),
        ((CellError("#NAME?"), 1), CellError("#NAME?")),
        (([["CLOSE_RATIO"], ["AVERAGE_SALE"]], 1, 2), CellError("#VALUE!")),
        (([["CLOSE_RATIO"]], 1, 2), CellError("#VALUE!")),
    ],
)
def test_the_name_itself_must_be_one_text(sent: tuple[Any, ...], shown: Any) -> None:
    found = CATALOGUE["SALES_EXPLAIN"].call_cells(*sent)
    if sent == ([["CLOSE_RATIO"]], 1, 2):  # a range of one cell is that cell
        assert found == "CLOSE_RATIO is won ÷ proposals: 1 ÷ 2 = 50%."
    else:
        assert found == shown


def test_face_takes_any_number_of_arguments() -> None:
    path = Path(__file__).parents[2] / "udfs" / "sales_udfs.py"
    spec = importlib.util.spec_from_file_location("faces_of_explain", path)
    assert spec
    assert spec.loader
    faces = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(faces)
    assert faces.SALES_EXPLAIN([["CLOSE_RATIO"]], [[13.0]], [[20.0]]) == SENTENCES[0][1]
    assert faces.COVERAGE_STATUS([[4.0]], [[4.0]]) == "COVERED"
    assert faces.COVERAGE_STATUS([[4.0]], [[4.0]], [[None]]) == "UNCOVERED"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.NUMBER, 1234567.0, "1,234,567"),
        (Kind.NUMBER, 0.1 + 0.2, "0.3"),
        (Kind.NUMBER, -2.5, "−2.5"),
        (Kind.NUMBER, 1e-9, "1e-09"),
        (Kind.NUMBER, -0.0, "0"),
        (Kind.NUMBER, 1e20, "1e+20"),
        (Kind.RATE, 0.125, "12.5%"),
        (Kind.RATE, 1.0, "100%"),
        (Kind.DATE, 46391.0, "2027-01-04"),
        (Kind.CHOICE, "PRICE", "PRICE"),
        (Kind.FLAG, False, "FALSE"),
        (Kind.NUMBER, float("nan"), "blank"),
        (Kind.NUMBER, np.array([1.5, 1000]), "(1.5; 1,000)"),
    ],
)
def test_numbers_are_written_as_a_person_writes_them(kind: Kind, value: Any, text: str) -> None:
    assert written(kind, value) == text


@pytest.mark.parametrize(("value", "text"), [(0.123456, "0.1235"), (-0.98765, "−0.9877"), (1.23456, "1.23"), (0, "0")])
def test_number_below_one_keeps_four_decimals_where_others_have_two(value: float, text: str) -> None:
    assert written(Kind.NUMBER, value, decimals=2) == text


NASTY = (0.0, -0.0, 0.1, -0.005, 0.995, 0.99995, 999.999999, 1e15, 1e15 - 1, -1e15, 5e-324, 1e308, math.inf, math.nan)


@given(
    st.lists(st.floats() | st.sampled_from(NASTY) | st.decimals(-9999, 9999, places=2).map(float), min_size=1),
    st.sampled_from([Kind.NUMBER, Kind.RATE]),
    st.sampled_from([2, 6]),
)
def test_numbers_of_an_array_are_written_as_each_of_them_alone(cells: list[float], kind: Kind, decimals: int) -> None:
    alone = [written(kind, cell, decimals=decimals) for cell in cells]
    assert column(len(cells), kind, np.array(cells), decimals=decimals) == alone


def test_sentence_for_rows_keeps_every_text_of_its_row() -> None:
    assert filled("{b} of {a}: {b}!", 2, a="rows", b=["x", "y"]) == ["x of rows: x!", "y of rows: y!"]
    assert listed_rows([["a", "b"], ["a", "c"]]) == ["a", "b and c"]
    assert listed_rows([["a"], ["b"], ["b"]]) == ["a and b"]
