"""Every function says everything about itself, and what it says is right."""

from __future__ import annotations

import doctest
import re
from typing import Any

import pytest

import xlsales
from xlsales.functions import CATALOGUE, SalesFunction, reference
from xlsales.functions.serials import moments

ALL = list(CATALOGUE.values())
DOCUMENTED = [  # the order of the documentation
    "BREAKEVEN_REVENUE",
    "BREAKEVEN_UPLIFT",
    "MARGIN_AFTER_DISCOUNT",
    "DISCOUNT_GUARD",
    "PROPOSAL_RATIO",
    "CLOSE_RATIO",
    "AVERAGE_SALE",
    "SALES_CYCLE_DAYS",
    "MAGIC_NUMBER",
    "ACTIVITY_BAROMETER",
    "CONVERSATION_RATIO",
    "STAGE_WIN_RATE",
    "WEIGHTED_PIPELINE",
    "CATCH_UP_NUMBER",
    "PEER_GAP",
    "PEER_FLAG",
    "COACHING_TIPS",
    "REVENUE_BLOCKER",
    "SALES_VELOCITY",
    "PIPELINE_COVERAGE",
    "SELLING_TIME",
    "SELLING_TIME_STATUS",
    "GROWTH_TARGET",
    "RETENTION_RATE",
    "NEW_BUSINESS_NEEDED",
    "BALANCE_MIX",
    "NET_REVENUE_RETENTION",
    "CAC_PAYBACK_MONTHS",
    "PLAN_COVERAGE",
    "FORECAST_ACCURACY",
    "FORECAST_BIAS",
    "MIX_GAP",
    "RUN_RATE_NEEDED",
    "NEXT_CHECKIN",
    "CHECKIN_STATUS",
    "QUOTA_ATTAINMENT",
    "RAMPED_QUOTA",
    "SEASONAL_GOAL",
    "COMMISSION",
    "ACCOUNT_SCORE",
    "ACCOUNT_TIER",
    "ACCOUNT_STATUS",
    "DORMANT_VALUE",
    "COVERAGE_STATUS",
    "REVENUE_AT_RISK",
    "BEST_IN_FRONT",
    "PENETRATION",
    "TERRITORY_BALANCE",
    "ORG_HEALTH",
    "ORG_GAPS",
    "ACCOUNT_LOAD",
    "SUPPORT_NEEDED",
    "ASSISTANT_PAYBACK",
    "TURNOVER_RATE",
    "RAMP_MONTHS",
    "INCENTIVE_PAYOUT",
    "SALES_EXPLAIN",
]

LONGEST_TWIN = 210  # characters, with addresses like $C$12

# Where that cannot hold every check: words in cells, dates worked out from words, pairwise sums.
LONGER_TWINS = {
    "DISCOUNT_GUARD": 230,
    "SALES_CYCLE_DAYS": 250,
    "PEER_FLAG": 440,
    "FORECAST_ACCURACY": 250,
    "MIX_GAP": 300,
    "NEXT_CHECKIN": 260,
    "CHECKIN_STATUS": 490,
    "SEASONAL_GOAL": 1150,
    "COVERAGE_STATUS": 260,
    "COMMISSION": 1700,
    "ACCOUNT_STATUS": 450,
    "DORMANT_VALUE": 230,
    "REVENUE_AT_RISK": 250,
    "BEST_IN_FRONT": 410,
    "RAMP_MONTHS": 610,
}

each = pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
each_with_a_twin = pytest.mark.parametrize(
    "function", [function for function in ALL if function.native], ids=lambda function: function.name
)


def close(result: Any) -> Any:
    """The result, with numbers a hair of binary noise wide."""
    if isinstance(result, list):
        return [close(cell) for cell in result]
    return pytest.approx(result, rel=1e-12) if isinstance(result, (int, float)) else result


def in_python(function: SalesFunction, result: Any) -> Any:
    """An example's result as Python shows it: a date for a serial."""
    return moments(result) if function.gives_date else result


def test_catalogue_is_in_the_order_of_the_documentation() -> None:
    assert list(CATALOGUE) == DOCUMENTED


@each
def test_declaration_is_complete(function: SalesFunction) -> None:
    assert 10 < len(function.summary) <= 255
    assert function.summary.endswith(".")
    assert function.category == "Sales planning"
    assert function.formula
    assert function.source
    assert function.unit
    assert bool(function.native) != bool(function.no_native)
    for argument in function.arguments:
        assert 10 < len(argument.help) <= 255, argument.name
        assert argument.unit, argument.name


@each
def test_argument_names_suit_excel(function: SalesFunction) -> None:
    for argument in function.arguments:
        assert re.fullmatch(r"[a-z][a-z_]*[a-z]", argument.name), argument.name
        assert argument.name not in {"type", "next", "end", "function", "date", "name", "sub", "loop", "to"}
    assert len(function.arguments) + sum(len(argument.name) for argument in function.arguments) <= 254


@each
def test_formula_names_every_numeric_argument(function: SalesFunction) -> None:
    for argument in function.arguments:
        if argument.is_numeric and function.name not in ("BREAKEVEN_UPLIFT", "BREAKEVEN_REVENUE"):
            assert argument.name in function.formula


@each
def test_examples_give_what_they_say(function: SalesFunction) -> None:
    assert len(function.examples) >= 2
    for example in function.examples:
        assert example.working
        assert function.call(*example.arguments) == close(in_python(function, example.result))
        assert function.call_cells(*example.arguments) == close(example.result)


@each
def test_docstring_examples_are_right(function: SalesFunction) -> None:
    """As a reader types them, one after the other, into a Python of their own."""
    documented = getattr(xlsales, function.python_name).__doc__
    test = doctest.DocTestParser().get_doctest(documented, {}, function.python_name, None, None)
    assert len(test.examples) == 1 + len(function.examples)  # the import as well
    told: list[str] = []
    assert doctest.DocTestRunner(verbose=False).run(test, out=told.append).failed == 0, "".join(told)


def test_example_of_check_is_right() -> None:
    test = doctest.DocTestParser().get_doctest(xlsales.check.__doc__ or "", {}, "check", None, None)
    assert test.examples
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


@each
def test_docstring_has_the_sections_of_numpydoc(function: SalesFunction) -> None:
    documented = getattr(xlsales, function.python_name).__doc__
    assert documented.startswith(function.summary)
    for section in ("Parameters\n---", "Returns\n---", "Raises\n---", "Notes\n---", "Examples\n---"):
        assert section in documented
    for text in (function.source, *function.formula.splitlines(), *(a.unit for a in function.arguments)):
        assert text in documented


@each_with_a_twin
def test_native_twins_are_ordinary_formulas(function: SalesFunction) -> None:
    cells = {argument.name: f"$C${12 + i}" for i, argument in enumerate(function.arguments)}
    twins = [function.native_formula(**cells)]
    for word in function.native_for or {}:
        choice = next(argument for argument in function.arguments if argument.choices)
        twins.append(function.native_formula(**{**cells, choice.name: f'"{word}"'}))
        assert len(twins[-1]) <= 160
    assert len(twins[0]) <= LONGER_TWINS.get(function.name, LONGEST_TWIN)
    for twin in twins:
        assert "{" not in twin
        assert not re.search(r"\b(LET|LAMBDA|IFS|SWITCH|FILTER|XLOOKUP|TODAY|NOW|OFFSET|INDIRECT)\(", twin)


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("MAGIC_NUMBER", "MAGIC_NUMBER(revenue_goal, average_sale, proposal_ratio, close_ratio, [weeks=52])"),
        ("BREAKEVEN_REVENUE", 'BREAKEVEN_REVENUE(revenue, gross_margin, discount, [basis="PROFIT"])'),
        ("SALES_CYCLE_DAYS", "SALES_CYCLE_DAYS(start_dates, close_dates)"),
        ("ORG_HEALTH", "ORG_HEALTH(scores, [lowest=1], [highest=5])"),
    ],
)
def test_signature_shows_what_is_optional(name: str, signature: str) -> None:
    assert CATALOGUE[name].signature == signature


def test_example_is_written_as_typed_in_a_cell() -> None:
    function = CATALOGUE["MAGIC_NUMBER"]
    assert reference.excel_call(function, function.examples[0]) == "=MAGIC_NUMBER(15000, 2500, 60%, 40%, 1)"


@pytest.mark.parametrize("name", ["BREAKEVEN_REVENUE", "BREAKEVEN_UPLIFT"])
def test_both_bases_stand_side_by_side(name: str) -> None:
    told = " ".join(CATALOGUE[name].notes)
    for text in ("PROFIT", "PRICE", "46,875", "50,000", "125,000", "133,333.33"):
        assert text in told


def test_magic_number_is_told_apart_from_the_other_one() -> None:
    assert "not the SaaS" in " ".join(CATALOGUE["MAGIC_NUMBER"].notes)
