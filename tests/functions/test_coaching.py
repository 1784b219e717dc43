"""Coaching, activity and discounts: values worked by hand, boundary by boundary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import xlsales
from tests.functions.worked import Error, Value, assert_gives, assert_refuses
from xlsales.functions import CATALOGUE, CellError
from xlsales.functions.tips import TIPS

TINY = 1e-9

VALUES: list[Value] = [
    ("MARGIN_AFTER_DISCOUNT", (0.5, 0.2), 0.375),  # 0.3 / 0.8
    ("MARGIN_AFTER_DISCOUNT", (0.5, 0), 0.5),
    ("MARGIN_AFTER_DISCOUNT", (0.5, 0.5), 0),  # sold at cost
    ("MARGIN_AFTER_DISCOUNT", (0.2, 0.36), -0.25),  # -0.16 / 0.64
    ("MARGIN_AFTER_DISCOUNT", (1, 0.4), 1),  # no cost
    ("MARGIN_AFTER_DISCOUNT", (-0.1, 0.45), -1),  # -0.55 / 0.55
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.375), "OK"),  # exactly at the minimum, although stored a hair below
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.375 + TINY), "NO"),
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.375 - TINY), "OK"),
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.4, True), "NO"),  # the margin decides first
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.3, True), "APPROVAL"),
    ("DISCOUNT_GUARD", (0.5, TINY, 0.3, "yes"), "APPROVAL"),  # any discount at all
    ("DISCOUNT_GUARD", (0.5, 0, 0.3, True), "OK"),  # a first sale at full price
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.3, None), "OK"),
    ("DISCOUNT_GUARD", (0.2, 0.36, -0.25), "OK"),
    ("PEER_GAP", (1500, [2000, 3000]), -0.4),  # 1,500 / 2,500 - 1
    ("PEER_GAP", (66, [50, None, 60, 70]), 0.1),  # 66 / 60 - 1; the blank does not count
    ("PEER_GAP", (0, [5]), -1),
    ("PEER_GAP", (-5, [5]), -2),
    ("PEER_GAP", (3, [0, 6]), 0),  # a peer of 0 counts
    ("PEER_FLAG", ("AVERAGE_SALE", 1500, [2000, 3000]), "INVESTIGATE"),  # exactly -40%
    ("PEER_FLAG", ("average_sale", 1501, [2000, 3000]), "OK"),  # -39.96%
    ("PEER_FLAG", ("AVERAGE_SALE", 3500, [2000, 3000]), "BEST PRACTICE"),  # exactly 40% above
    ("PEER_FLAG", ("AVERAGE_SALE", 3499, [2000, 3000]), "OK"),
    ("PEER_FLAG", ("SALES_CYCLE_DAYS", 120, [60]), "INVESTIGATE"),  # twice the peers'
    ("PEER_FLAG", ("SALES_CYCLE_DAYS", 78, [60]), "INVESTIGATE"),  # exactly 30% above
    ("PEER_FLAG", ("SALES_CYCLE_DAYS", 77.9, [60]), "OK"),
    ("PEER_FLAG", ("CLOSE_RATIO", 0.55, [0.5], -0.1), "BEST PRACTICE"),
    ("PEER_FLAG", ("SALES_CYCLE_DAYS", 42, [60]), "BEST PRACTICE"),  # exactly -30%
    ("PEER_FLAG", ("SALES_CYCLE_DAYS", 42.1, [60]), "OK"),
    (
        "PEER_FLAG",
        ("CLOSE_RATIO", 0.45, [0.5], -0.1),
        "INVESTIGATE",
    ),  # 0.9 - 1 is stored as -0.09999999999999998
    ("PEER_FLAG", ("CLOSE_RATIO", 0.4501, [0.5], -0.1), "OK"),
    ("PEER_FLAG", ("AVERAGE_SALE", 2250, [2500], -0.1), "INVESTIGATE"),  # a threshold of one's own
    ("PEER_FLAG", ("AVERAGE_SALE", 1500, [2500], None), "INVESTIGATE"),  # a blank one takes the usual
    ("PEER_FLAG", ("ACTIVITY_BAROMETER", 0, [1], -1), "INVESTIGATE"),
    ("COACHING_TIPS", ("PROPOSAL_RATIO", 0.65), "On standard"),
    ("COACHING_TIPS", ("PROPOSAL_RATIO", 0.65 - TINY), [[tip] for tip in TIPS["PROPOSAL_RATIO"]]),
    ("COACHING_TIPS", ("close_ratio", 0), [[tip] for tip in TIPS["CLOSE_RATIO"]]),
    ("COACHING_TIPS", ("CLOSE_RATIO", 1), "On standard"),
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", 1), "On standard"),
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", 0.99), [[tip] for tip in TIPS["ACTIVITY_BAROMETER"]]),
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", 1.2), "On standard"),
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", 1.2, 1.25), [[tip] for tip in TIPS["ACTIVITY_BAROMETER"]]),
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", 10), "On standard"),
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", "1200%"), "On standard"),  # spelled out
    ("COACHING_TIPS", ("CLOSE_RATIO", 0.65, 0.7), [[tip] for tip in TIPS["CLOSE_RATIO"]]),
    ("COACHING_TIPS", ("CLOSE_RATIO", 0.6, None), [[tip] for tip in TIPS["CLOSE_RATIO"]]),
    # 100 × 0.5 × 0.65 × 1,000 = 32,500; with 65% proposals 42,250
    ("REVENUE_BLOCKER", (100, 0.5, 0.65, 1000, 100, 1000), [["PROPOSAL_RATIO", 9750]]),
    # 50 × 0.8 × 0.5 × 1,000 = 20,000; with 60 appointments 24,000, with 65% closing 26,000
    ("REVENUE_BLOCKER", (50, 0.8, 0.5, 1000, 60, 1000), [["CLOSE_RATIO", 6000]]),
    # 50 × 0.8 × 0.5 × 1,000 = 20,000; sales of 1,400 bring 28,000, 65% closing 26,000
    ("REVENUE_BLOCKER", (50, 0.8, 0.5, 1000, 60, 1400), [["AVERAGE_SALE", 8000]]),
    # both double the 10 × 0.5 × 0.5 × 10 = 25: the earlier stage is named
    ("REVENUE_BLOCKER", (10, 0.5, 0.5, 10, 20, 20, 0.5, 0.5), [["FIRST_APPOINTMENTS", 25]]),
    # both raise 100 × 0.6 × 0.6 × 10 = 360 by half, although 0.9 - 0.6 is stored a hair above 0.3
    ("REVENUE_BLOCKER", (100, 0.6, 0.6, 10, 100, 10, 0.9, 0.9), [["PROPOSAL_RATIO", 180]]),
    ("REVENUE_BLOCKER", (100, 0.65, 0.65, 1000, 100, 1000), [["NONE", 0]]),
    ("REVENUE_BLOCKER", (100, 1, 1, 1000, 10, 10), [["NONE", 0]]),
    # nothing is won before both are raised: no gain, and still the first stage to work on
    ("REVENUE_BLOCKER", (0, 0, 0.7, 10, 5, 10), [["FIRST_APPOINTMENTS", 0]]),
    ("SALES_VELOCITY", (40, 2500, 0.3, 60), 500),  # 30,000 / 60
    ("SALES_VELOCITY", (0, 2500, 0.3, 60), 0),
    ("SALES_VELOCITY", (10, 900, 1, 0.5), 18000),
    ("PIPELINE_COVERAGE", (300000, 100000), 3),
    ("PIPELINE_COVERAGE", (0, 100000), 0),
    ("SELLING_TIME", (22, 40), 0.55),
    ("SELLING_TIME", (40, 40), 1),
    ("SELLING_TIME", (0, 40), 0),
    ("SELLING_TIME_STATUS", (0.55,), "IN BAND"),
    ("SELLING_TIME_STATUS", (0.55 - TINY,), "BELOW"),
    ("SELLING_TIME_STATUS", (0.65,), "IN BAND"),
    ("SELLING_TIME_STATUS", (0.65 + TINY,), "ABOVE"),
    ("SELLING_TIME_STATUS", (0.1 + 0.2, 0.3, 0.3), "IN BAND"),  # 0.30000000000000004 is 0.3
    ("SELLING_TIME_STATUS", (0,), "BELOW"),
    ("SELLING_TIME_STATUS", (1,), "ABOVE"),
    ("SELLING_TIME_STATUS", (0.6, None, 0.6), "IN BAND"),
]

ERRORS: list[Error] = [
    ("MARGIN_AFTER_DISCOUNT", (0.5, 1), "#NUM!", "discount"),
    ("MARGIN_AFTER_DISCOUNT", (0.5, -TINY), "#NUM!", "discount"),
    ("MARGIN_AFTER_DISCOUNT", (20, 0.1), "#NUM!", "gross_margin"),
    ("DISCOUNT_GUARD", (0.5, 0.2, 1 + TINY), "#NUM!", "minimum_margin"),
    ("DISCOUNT_GUARD", (0.5, 0.2, None), "#N/A", "minimum_margin"),
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.3, "maybe"), "#VALUE!", "first_sale"),
    ("DISCOUNT_GUARD", (0.5, 0.2, 0.3, 2), "#VALUE!", "first_sale"),
    ("PEER_GAP", (5, [None, None]), "#N/A", "peers"),
    ("PEER_GAP", (5, []), "#N/A", "peers"),
    ("PEER_GAP", (5, [0, 0]), "#DIV/0!", "peers"),
    ("PEER_GAP", (5, [-1, -2]), "#NUM!", "peers"),
    ("PEER_GAP", (5, ["x"]), "#VALUE!", "peers"),
    ("PEER_GAP", (None, [1]), "#N/A", "value"),
    ("PEER_FLAG", ("CLOSE_RATIO", 0.5, [0.5]), "#N/A", "threshold"),
    ("PEER_FLAG", ("CLOSE_RATIO", 0.5, [0.5], 0.1), "#NUM!", "threshold"),
    ("PEER_FLAG", ("CLOSE_RATIO", 0.5, [0.5], 0), "#NUM!", "threshold"),
    ("PEER_FLAG", ("CLOSE_RATIO", 0.5, [0.5], -1 - TINY), "#NUM!", "threshold"),
    ("PEER_FLAG", ("LUCK", 0.5, [0.5]), "#NUM!", "kpi"),
    ("PEER_FLAG", ("AVERAGE_SALE", 5, [None]), "#N/A", "peers"),
    ("COACHING_TIPS", ("AVERAGE_SALE", 0.5), "#NUM!", "kpi"),
    ("COACHING_TIPS", ("CLOSE_RATIO", 65), "#NUM!", "value"),
    ("COACHING_TIPS", ("CLOSE_RATIO", 0.5, 65), "#NUM!", "threshold"),
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", 80), "#NUM!", "value"),  # 80% typed as a whole number
    ("COACHING_TIPS", ("ACTIVITY_BAROMETER", 0.8, 100), "#NUM!", "threshold"),
    ("COACHING_TIPS", (" ", 0.7, 1), "#N/A", "kpi"),
    ("COACHING_TIPS", ("CLOSE_RATIO", -TINY), "#NUM!", "value"),
    ("COACHING_TIPS", ("CLOSE_RATIO", None), "#N/A", "value"),
    ("COACHING_TIPS", ("CLOSE_RATIO", [0.5, 0.6]), "#VALUE!", ""),
    ("REVENUE_BLOCKER", (100, 1 + TINY, 0.5, 10, 100, 10), "#NUM!", "proposal_ratio"),
    ("REVENUE_BLOCKER", (100, 0.5, 0.5, 10, 100, 10, 65), "#NUM!", "proposal_standard"),
    ("REVENUE_BLOCKER", (100, 0.5, 0.5, 10, None, 10), "#N/A", "appointments_standard"),
    ("REVENUE_BLOCKER", (1e200, 0.5, 0.5, 1e200, 1e200, 1e200), "#NUM!", ""),
    ("SALES_VELOCITY", (40, 2500, 0.3, 0), "#DIV/0!", "cycle_days"),
    ("SALES_VELOCITY", (40, 2500, 0.3, -1), "#DIV/0!", "cycle_days"),
    ("SALES_VELOCITY", (40, 2500, 1 + TINY, 60), "#NUM!", "close_ratio"),
    ("PIPELINE_COVERAGE", (300000, 0), "#N/A", "goal_left"),
    ("PIPELINE_COVERAGE", (300000, -5), "#N/A", "goal_left"),
    ("PIPELINE_COVERAGE", (-1, 5), "#NUM!", "open_pipeline"),
    ("SELLING_TIME", (40 + TINY, 40), "#NUM!", "selling_hours"),
    ("SELLING_TIME", (0, 0), "#DIV/0!", "total_hours"),
    ("SELLING_TIME_STATUS", (55,), "#NUM!", "selling_time"),
    ("SELLING_TIME_STATUS", (0.6, 0.7), "#NUM!", "low"),
]


@pytest.mark.parametrize(("name", "arguments", "result"), VALUES)
def test_result_worked_by_hand(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert_gives(name, arguments, result)


@pytest.mark.parametrize(("name", "arguments", "code", "argument"), ERRORS)
def test_error_and_argument_at_fault(name: str, arguments: tuple[Any, ...], code: str, argument: str) -> None:
    assert_refuses(name, arguments, code, argument)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("MARGIN_AFTER_DISCOUNT", (20, 0.1), "gross_margin is 20, which means 2000%: enter 20% or 0.20."),
        ("PEER_FLAG", ("CLOSE_RATIO", 0.5, [0.5]), '"CLOSE_RATIO" has no usual threshold'),
        ("PIPELINE_COVERAGE", (100, -5), "With -5 left the goal is met"),
        ("SELLING_TIME", (41, 40), "41 selling hours out of 40 are more than all"),
    ],
)
def test_message_says_what_to_type_instead(name: str, arguments: tuple[Any, ...], told: str) -> None:
    assert told in xlsales.check(name, *arguments).reasons


def test_number_of_tips() -> None:
    assert {kpi: len(tips) for kpi, tips in TIPS.items()} == {
        "PROPOSAL_RATIO": 3,
        "CLOSE_RATIO": 4,
        "ACTIVITY_BAROMETER": 5,
    }


def test_flags_of_a_column_of_mixed_figures() -> None:
    sent = ([["AVERAGE_SALE"], ["CLOSE_RATIO"], ["CLOSE_RATIO"], ["LUCK"]], 1, [[2]])
    thresholds = [[None], [-0.6], [None], [None]]
    assert CATALOGUE["PEER_FLAG"].call_cells(*sent, thresholds) == [
        ["INVESTIGATE"],  # 1 / 2 - 1 = -50%, beyond the usual -40%
        ["OK"],
        [CellError("#N/A")],
        [CellError("#NUM!")],
    ]


def test_words_come_as_an_array_of_words() -> None:
    found = xlsales.selling_time_status(np.array([0.5, 0.6, 0.7, 7, np.nan]))
    assert found.tolist() == ["BELOW", "IN BAND", "ABOVE", None, None]
