"""A percentage that a cell of the planner takes is one that its functions take: none typed in bounds is an error."""

from __future__ import annotations

import pytest

from xlsales.functions import CATALOGUE
from xlsales.planner import actions
from xlsales.planner.layouts.plan import products
from xlsales.planner.sheets.functions import HEADLINES
from xlsales.planner.thresholds import THRESHOLDS
from xlsales.planner.validation import validation
from xlsales.schema import TABLES, Column, Kind

STANDARDS = {threshold.field.name: threshold.field for threshold in THRESHOLDS}
TERRITORY = {column.name: column for column in TABLES["territories"]}
PRODUCTS = {column.name: column for column in products().columns if isinstance(column, Column)}
CHANCES = {column.name: column for column, _chance in actions.chances()}
MAY_PASS_100 = {"barometer"}

USED = [
    (TERRITORY["growth_rate"], "NEW_BUSINESS_NEEDED", "growth"),
    (TERRITORY["growth_rate"], "GROWTH_TARGET", "growth"),
    (TERRITORY["attrition_rate"], "NEW_BUSINESS_NEEDED", "attrition"),
    (TERRITORY["attrition_rate"], "REVENUE_AT_RISK", "loss_rate"),
    (TERRITORY["high_value_share"], "NEW_BUSINESS_NEEDED", "protected_share"),
    (PRODUCTS["growth"], "NEW_BUSINESS_NEEDED", "growth"),
    (PRODUCTS["attrition"], "NEW_BUSINESS_NEEDED", "attrition"),
    (PRODUCTS["protected"], "NEW_BUSINESS_NEEDED", "protected_share"),
    (STANDARDS["barometer"], "COACHING_TIPS", "threshold"),
    (STANDARDS["proposal_ratio"], "REVENUE_BLOCKER", "proposal_standard"),
    (STANDARDS["close_ratio"], "REVENUE_BLOCKER", "close_standard"),
    (STANDARDS["selling_time"], "SELLING_TIME_STATUS", "low"),
    (STANDARDS["selling_time_high"], "SELLING_TIME_STATUS", "high"),
    (STANDARDS["minimum_margin"], "DISCOUNT_GUARD", "minimum_margin"),
    (STANDARDS["peer_average_sale"], "PEER_FLAG", "threshold"),
    (STANDARDS["peer_cycle"], "PEER_FLAG", "threshold"),
    (STANDARDS["decline"], "ACCOUNT_STATUS", "drop"),
    (STANDARDS["incentive"], "INCENTIVE_PAYOUT", "threshold"),
    *((chance, "WEIGHTED_PIPELINE", "probabilities") for chance in CHANCES.values()),
]


@pytest.mark.parametrize(("column", "function", "name"), USED, ids=lambda one: getattr(one, "name", one))
def test_a_percentage_in_the_bounds_of_its_cell_is_taken_by_the_function(
    column: Column, function: str, name: str
) -> None:
    (argument,) = (one for one in CATALOGUE[function].arguments if one.name == name)
    assert column.minimum is not None
    assert column.maximum is not None
    assert argument.admits(column.minimum, column.maximum)


def test_no_percentage_of_tables_and_planners_passes_100_but_where_that_means_something() -> None:
    rates = [column for table in TABLES.values() for column in table if column.kind is Kind.RATE]
    rates += [one for one in (*PRODUCTS.values(), *STANDARDS.values(), *CHANCES.values()) if one.kind is Kind.RATE]
    assert {rate.name for rate in rates if rate.maximum is None or rate.maximum > 1} == MAY_PASS_100


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (TERRITORY["growth_rate"], "Type a percentage from 0% to 100%: 5% or 0.05."),
        (PRODUCTS["growth"], "Type a percentage from 0% to 100%: 5% or 0.05."),
        (STANDARDS["barometer"], "Type a percentage from 0% to 1000%: 5% or 0.05."),
        (STANDARDS["peer_cycle"], "Type a percentage from -100% to -1%: -5% or -0.05."),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
def test_a_refused_percentage_is_told_how_to_type_one(column: Column, told: str) -> None:
    assert validation(column)["error_message"] == told


def test_a_headline_gives_every_argument_that_has_no_default() -> None:
    for headline in HEADLINES:
        given = {*headline.arguments, *headline.ranges}
        assert {one.name for one in CATALOGUE[headline.function].arguments if one.required} <= given, headline.name
