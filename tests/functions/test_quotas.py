"""Quotas, commission, pipeline and customers: values worked by hand, with the field's usage they follow.

Rows marked [1] to [7] are the worked examples of pages that define the figure as we do:

1. calculator.academy/quota-attainment-calculator: sales ÷ quota of the same period.
2. winsabove.com/glossary/weighted-pipeline: each deal's amount × the win rate of its stage, summed.
3. saasmaths.com/glossary/unit-economics/net-revenue-retention: (start + expansion − churn) ÷ start.
4. quickcalculator.co, "CAC payback (months)": cost of acquisition ÷ gross profit of a month.
5. mrexcel.com/board/threads/1088633 and excelforum.com/excel-formulas-and-functions/581766: marginal tiers.
6. metrickittools.com/glossary/sales-ramp: half of the quota after half of the ramp.
7. getgangly.com/glossary/conversation-rate: conversations with a next step ÷ conversations. What "conversation ratio"
   means differs: contactscience.com has it for conversations ÷ dials; ours is that of the source on sales KPIs.

All other rows are worked by hand from the definition, forecast bias among them: (forecast − actual) ÷ actual, above 0
when forecasts are too high, the sign that microlinkinc.com and calculator.city give it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlsales
from tests.functions.worked import Error, Value, assert_gives, assert_refuses
from xlsales.functions import CATALOGUE

TINY = 1e-9
TIERS = ([0.8, 1, 1.2], [0.04, 0.08, 0.12])
YEAR = [1, 1, 1, 2, 2, 2, 3, 3, 3, 2, 2, 2]  # 24

VALUES: list[Value] = [
    ("QUOTA_ATTAINMENT", (80000, 100000), 0.8),
    ("QUOTA_ATTAINMENT", (150000, 120000), 1.25),
    ("QUOTA_ATTAINMENT", (50000, 45000), 10 / 9),  # [1] 111.11%
    ("QUOTA_ATTAINMENT", (-5000, 100000), -0.05),  # credit notes
    ("QUOTA_ATTAINMENT", (0, 1), 0),
    ("CONVERSATION_RATIO", (12, 80), 0.15),
    ("CONVERSATION_RATIO", (2, 10), 0.2),  # [7]
    ("CONVERSATION_RATIO", (80, 80), 1),
    ("CONVERSATION_RATIO", (0, 80), 0),
    ("STAGE_WIN_RATE", (12, 40), 0.3),
    ("STAGE_WIN_RATE", (40, 40), 1),
    ("STAGE_WIN_RATE", (0, 40), 0),
    ("WEIGHTED_PIPELINE", ([100000, 50000, 20000], [0.1, 0.5, 0.8]), 51000),  # 10,000 + 25,000 + 16,000
    ("WEIGHTED_PIPELINE", ([120000, 80000, 200000], [0.15, 0.4, 0.7]), 190000),  # [2]
    ("WEIGHTED_PIPELINE", ([100000, None, 20000], [0.1, 0.5, None]), 10000),  # one complete row
    ("WEIGHTED_PIPELINE", ([100000], [1]), 100000),
    ("WEIGHTED_PIPELINE", ([100000, 5], [0, 0]), 0),
    ("WEIGHTED_PIPELINE", ([None], [None]), 0),  # nothing in it
    ("WEIGHTED_PIPELINE", (400, "25%"), 100),
    ("CATCH_UP_NUMBER", (390000, 2500, 0.6, 0.4, 20), 32.5),  # 156; 390; 650; ÷ 20
    ("CATCH_UP_NUMBER", (0, 2500, 0.6, 0.4, 0), 0),  # met
    ("CATCH_UP_NUMBER", (-1, 2500, 0.6, 0.4, -3), 0),
    ("CATCH_UP_NUMBER", (2500, 2500, 1, 1, 0.5), 2),
    ("RAMPED_QUOTA", (60000, 2, 6), 20000),
    ("RAMPED_QUOTA", (60000, 3, 6), 30000),  # [6] 50% by month 3
    ("RAMPED_QUOTA", (60000, 6, 6), 60000),  # [6] and 100% by month 6
    ("RAMPED_QUOTA", (60000, 9, 6), 60000),
    ("RAMPED_QUOTA", (60000, 0, 6), 0),
    ("RAMPED_QUOTA", (60000, 0, 0), 60000),  # no ramp
    ("RAMPED_QUOTA", (60000, 1.5, 6), 15000),
    ("SEASONAL_GOAL", (240000, YEAR, 0), 0),
    ("SEASONAL_GOAL", (240000, YEAR, 3), 30000),  # 3 of 24
    ("SEASONAL_GOAL", (240000, YEAR, 3.5), 40000),  # 4 of 24
    ("SEASONAL_GOAL", (240000, YEAR, 12), 240000),
    ("SEASONAL_GOAL", (240000, [YEAR], 6), 90000),  # a row; 9 of 24
    ("SEASONAL_GOAL", (1000, [0, 0, 1], 2), 0),
    ("SEASONAL_GOAL", (1000, 7, 0.25), 250),
    ("COMMISSION", (120000, 100000, [0, 1], [0.05, 0.1]), 7000),  # 5,000 + 2,000
    ("COMMISSION", (130000, 100000, *TIERS), 3600),  # 800 + 1,600 + 1,200
    ("COMMISSION", (130000, 100000, [0, 1, 1.25], [0.05, 0.075, 0.125]), 7500),  # [5] 5,000 + 1,875 + 625
    ("COMMISSION", (15000, 5000, [0, 1, 2], [0.05, 0.1, 0.2]), 1750),  # [5] 250 + 500 + 1,000
    ("COMMISSION", (80000, 100000, *TIERS), 0),  # exactly at the threshold: nothing lies above it yet
    ("COMMISSION", (79000, 100000, *TIERS), 0),
    ("COMMISSION", (100000, 100000, *TIERS), 800),
    ("COMMISSION", (1120000, 100000, *TIERS), 122400),  # uncapped: 800 + 1,600 + 1,000,000 × 12%
    ("COMMISSION", (-5000, 100000, *TIERS), 0),
    ("COMMISSION", (50000, 100000, [0], [0.1]), 5000),
    ("COMMISSION", (50000, 100000, 0, 0.1), 5000),
    ("COMMISSION", (200000, 100000, [0, 1], [0.1, 0.05]), 15000),  # a falling rate
    ("COMMISSION", (1300000, 100000, [0, "1200%"], [0.01, 0.02]), 14000),  # spelled out: 12,000 + 2,000
    ("NET_REVENUE_RETENTION", (500000, 60000, 20000, 30000), 1.02),
    ("NET_REVENUE_RETENTION", (100000, 20000, 0, 10000), 1.1),  # [3]
    ("NET_REVENUE_RETENTION", (200000, 30000, 0, 20000), 1.05),  # [3]
    ("NET_REVENUE_RETENTION", (200000, 0, 10000, 30000), 0.8),
    ("NET_REVENUE_RETENTION", (100, 0, 0, 100), 0),
    ("NET_REVENUE_RETENTION", (0.3, 0, 0.1, 0.2), 0),  # 0.1 + 0.2 is stored a hair above 0.3
    ("NET_REVENUE_RETENTION", (100, 300, 0, 0), 4),
    ("CAC_PAYBACK_MONTHS", (600, 150), 4),  # [4]
    ("CAC_PAYBACK_MONTHS", (6000, 500), 12),
    ("CAC_PAYBACK_MONTHS", (0, 500), 0),
    ("FORECAST_BIAS", ([100, 200], [130, 200]), 0.1),
    ("FORECAST_BIAS", ([100, 300], [80, 220]), -0.25),
    ("FORECAST_BIAS", ([100, 100], [150, 50]), 0),  # errors that cancel out
    ("FORECAST_BIAS", ([100, None], [100, 40]), 0.4),  # a deal that never came
    ("FORECAST_BIAS", ([100, 50], [100, None]), 0),  # one that nobody forecast
    ("FORECAST_BIAS", ([100, 0], [100, 40]), 0.4),
]

ERRORS: list[Error] = [
    ("QUOTA_ATTAINMENT", (1, 0), "#DIV/0!", "quota"),
    ("QUOTA_ATTAINMENT", (1, -1), "#NUM!", "quota"),
    ("QUOTA_ATTAINMENT", (1, None), "#N/A", "quota"),
    ("CONVERSATION_RATIO", (81, 80), "#NUM!", "first_appointments"),
    ("CONVERSATION_RATIO", (0, 0), "#DIV/0!", "conversations"),
    ("STAGE_WIN_RATE", (41, 40), "#NUM!", "won"),
    ("STAGE_WIN_RATE", (0, 0), "#DIV/0!", "entered"),
    ("WEIGHTED_PIPELINE", ([100], [10]), "#NUM!", "probabilities"),  # 10% typed as a whole number
    ("WEIGHTED_PIPELINE", ([-1], [0.1]), "#NUM!", "amounts"),
    ("WEIGHTED_PIPELINE", ([100, 200], [0.1]), "#VALUE!", ""),
    ("CATCH_UP_NUMBER", (1, 2500, 0.6, 0.4, 0), "#NUM!", "weeks_left"),
    ("CATCH_UP_NUMBER", (1, 2500, 0.6, 0.4, -1), "#NUM!", "weeks_left"),
    ("CATCH_UP_NUMBER", (1, 0, 0.6, 0.4, 5), "#DIV/0!", "average_sale"),
    ("CATCH_UP_NUMBER", (1, 2500, 60, 0.4, 5), "#NUM!", "proposal_ratio"),
    ("RAMPED_QUOTA", (60000, -1, 6), "#NUM!", "months_since_hire"),
    ("RAMPED_QUOTA", (60000, 1, -TINY), "#NUM!", "ramp_months"),
    ("SEASONAL_GOAL", (1000, YEAR, 12 + TINY), "#NUM!", "months_gone"),
    ("SEASONAL_GOAL", (1000, [0, 0], 1), "#DIV/0!", "weights"),
    ("SEASONAL_GOAL", (1000, [1, None, 1], 1), "#N/A", "weights"),
    ("SEASONAL_GOAL", (1000, [1, -1], 1), "#NUM!", "weights"),
    ("COMMISSION", (1, 0, [0], [0.1]), "#NUM!", "quota"),
    ("COMMISSION", (1, 1, [1, 0.5], [0.1, 0.2]), "#NUM!", "thresholds"),
    ("COMMISSION", (1, 1, [0.5, 0.5], [0.1, 0.2]), "#NUM!", "thresholds"),
    ("COMMISSION", (1, 1, [0, 100], [0.1, 0.2]), "#NUM!", "thresholds"),  # 100% typed as a whole number
    ("COMMISSION", (1, 1, [0], [5]), "#NUM!", "rates"),
    ("COMMISSION", (1, 1, [0, None], [0.1, 0.2]), "#N/A", "thresholds"),  # half a tier is a slip
    ("COMMISSION", (1, 1, [], []), "#N/A", "thresholds"),
    ("COMMISSION", (1, 1, [0, 1], [0.1]), "#VALUE!", ""),
    ("NET_REVENUE_RETENTION", (100, 0, 50, 51), "#NUM!", "churn"),
    ("NET_REVENUE_RETENTION", (0, 0, 0, 0), "#DIV/0!", "opening"),
    ("NET_REVENUE_RETENTION", (100, -1, 0, 0), "#NUM!", "expansion"),
    ("CAC_PAYBACK_MONTHS", (100, 0), "#DIV/0!", "monthly_gross_profit"),
    ("CAC_PAYBACK_MONTHS", (100, -1), "#NUM!", "monthly_gross_profit"),
    ("FORECAST_BIAS", ([0, None], [1, 2]), "#DIV/0!", "actuals"),
    ("FORECAST_BIAS", ([5, -1], [1, 2]), "#NUM!", "actuals"),
]


@pytest.mark.parametrize(("name", "arguments", "result"), VALUES)
def test_result_worked_by_hand(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert_gives(name, arguments, result)


@pytest.mark.parametrize(("name", "arguments", "code", "argument"), ERRORS)
def test_error_and_argument_at_fault(name: str, arguments: tuple[Any, ...], code: str, argument: str) -> None:
    assert_refuses(name, arguments, code, argument)


def test_percent_typed_as_a_whole_number_is_told() -> None:
    told = xlsales.check("COMMISSION", 1, 1, [0, 80], [0.1, 0.2]).reasons
    assert told.startswith("thresholds is 80, which means 8000%: enter 80% or 0.80")
    assert "enter 10% or 0.10" in xlsales.check("WEIGHTED_PIPELINE", [1], [10]).reasons


def test_stages_in_a_column_give_a_rate_each() -> None:
    assert CATALOGUE["STAGE_WIN_RATE"].call_cells([[12], [12], [12]], [[60], [40], [15]]) == [[0.2], [0.3], [0.8]]


@given(
    st.floats(0, 1e6),
    st.floats(1, 1e6),
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 1)), min_size=1, max_size=6),
)
def test_commission_is_paid_sale_by_sale(actual: float, quota: float, tiers: list[tuple[float, float]]) -> None:
    """However the sales are cut, the commission of the whole is that of what was there, and of what came."""
    thresholds = np.cumsum([step for step, _rate in tiers]) - tiers[0][0]
    rates = [rate for _step, rate in tiers]
    whole = xlsales.commission(actual, quota, thresholds, rates)
    half = xlsales.commission(actual / 2, quota, thresholds, rates)
    assert 0 <= half <= whole <= max(rates) * actual + 1e-9
    assert whole - half <= max(rates) * actual / 2 + 1e-6


@given(st.floats(1, 1e9), st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(0, 1))
def test_seasonal_goal_rises_to_the_whole_goal(goal: float, weights: list[float], share: float) -> None:
    weights = [*weights, 1.0]
    months = share * len(weights)
    due = xlsales.seasonal_goal(goal, weights, months)
    assert 0 <= due <= goal * (1 + 1e-12)
    assert due <= xlsales.seasonal_goal(goal, weights, len(weights)) == pytest.approx(goal)


@given(st.floats(1, 1e9), st.floats(1, 1e6), st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0.5, 53))
def test_catch_up_is_the_magic_number_of_what_is_left(
    goal: float, sale: float, proposal: float, close: float, weeks: float
) -> None:
    assert xlsales.catch_up_number(goal, sale, proposal, close, weeks) == pytest.approx(
        xlsales.magic_number(goal, sale, proposal, close, weeks)
    )


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1e6)), min_size=1, max_size=9))
def test_bias_is_never_farther_off_than_the_forecasts(pairs: list[tuple[float, float]]) -> None:
    actuals, forecasts = zip(*pairs, strict=True)
    off = 1 - xlsales.forecast_accuracy(actuals, forecasts)
    bias = xlsales.forecast_bias(actuals, forecasts)
    assert min(abs(bias), 1) <= off + 1e-9
