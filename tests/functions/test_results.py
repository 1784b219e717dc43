"""Hand-worked values and boundaries of each function."""

from __future__ import annotations

import math
from typing import Any

import pytest

import xlsales
from xlsales import SalesFunctionError
from xlsales.functions import CATALOGUE, CellError

TINY = 1e-9

VALUES = [
    # name, arguments, result
    ("BREAKEVEN_REVENUE", (100000, 0.5, 0.2), 125000),  # 100,000 / 0.8
    ("BREAKEVEN_REVENUE", (100000, 0.5, 0.2, "PRICE"), 400000 / 3),  # 100,000 * 0.8 * 0.5 / 0.3
    ("BREAKEVEN_REVENUE", (100000, 0.5, 0.2, "price"), 400000 / 3),
    ("BREAKEVEN_REVENUE", (100000, 0.5, 0.2, " Profit "), 125000),
    ("BREAKEVEN_REVENUE", (100000, 0.5, 0), 100000),  # nothing given away, nothing to earn back
    ("BREAKEVEN_REVENUE", (100000, 0.5, 0, "PRICE"), 100000),
    ("BREAKEVEN_REVENUE", (100000, 0.5, 0.99), 10000000),  # 100,000 / 0.01
    ("BREAKEVEN_REVENUE", (100000, 1, 0.2, "PRICE"), 100000),  # no cost: 100,000 * 0.8 / 0.8
    ("BREAKEVEN_REVENUE", (0, 0.5, 0.2), 0),
    ("BREAKEVEN_UPLIFT", (0.5, 0.2), 0.25),  # 0.2 / 0.8
    ("BREAKEVEN_UPLIFT", (0.5, 0.2, "PRICE"), 1 / 3),  # 0.2 * 0.5 / 0.3
    ("BREAKEVEN_UPLIFT", (0.5, 0.2, "UNITS"), 2 / 3),  # 0.2 / 0.3
    ("BREAKEVEN_UPLIFT", (0.5, 0), 0),
    ("BREAKEVEN_UPLIFT", (1, 0.2, "UNITS"), 0.25),  # 0.2 / 0.8
    ("PROPOSAL_RATIO", (12, 20), 0.6),
    ("PROPOSAL_RATIO", (0, 20), 0),
    ("PROPOSAL_RATIO", (20, 20), 1),
    ("CLOSE_RATIO", (13, 20), 0.65),
    ("CLOSE_RATIO", (0, 1), 0),
    ("CLOSE_RATIO", (1, 1), 1),
    ("AVERAGE_SALE", (50000, 20), 2500),
    ("AVERAGE_SALE", (0, 20), 0),
    ("AVERAGE_SALE", (-100, 4), -25),  # credit notes
    ("SALES_CYCLE_DAYS", (["2027-01-04", "2027-01-11"], ["2027-02-03", "2027-01-31"]), 25),  # (30 + 20) / 2
    ("SALES_CYCLE_DAYS", ([46000], [46000]), 0),  # closed on the day
    ("SALES_CYCLE_DAYS", ([46000, None, 46010], [46090, 46100, None]), 90),  # one complete pair
    ("SALES_CYCLE_DAYS", (46000, 46045.5), 45.5),
    ("MAGIC_NUMBER", (15000, 2500, 0.6, 0.4, 1), 25),  # 15,000/2,500 = 6; /0.4 = 15; /0.6 = 25
    ("MAGIC_NUMBER", (780000, 2500, 0.6, 0.4), 25),  # 312; 780; 1,300; / 52
    ("MAGIC_NUMBER", (0, 2500, 0.6, 0.4), 0),
    ("MAGIC_NUMBER", (-1, 2500, 0.6, 0.4), 0),
    ("MAGIC_NUMBER", (0, 2500, 0.6, 0.4, 0), 0),  # met, with no weeks left
    ("MAGIC_NUMBER", (5000, 2500, 1, 1, 1), 2),  # every conversation sells
    ("MAGIC_NUMBER", (5000, 2500, 1, 1, 0.5), 4),
    ("ACTIVITY_BAROMETER", (20, 25), 0.8),
    ("ACTIVITY_BAROMETER", (30, 25), 1.2),
    ("ACTIVITY_BAROMETER", (0, 25), 0),
    ("ACTIVITY_BAROMETER", (0, 0), 1),
    ("ORG_HEALTH", ([1] * 12,), 0),
    ("ORG_HEALTH", ([5] * 12,), 1),
    ("ORG_HEALTH", ([5, 4, 3, 2, 4, 3, 5, 4, 3, 2, 4, 3],), 0.625),  # mean 3.5: 2.5 / 4
    ("ORG_HEALTH", ([7] * 6 + [9] * 6, 0, 10), 0.8),
    ("ORG_HEALTH", ([[3] * 6, [4] * 6],), 0.625),  # two rows of six
]

ERRORS = [
    # name, arguments, code, argument at fault
    ("BREAKEVEN_REVENUE", (-1, 0.5, 0.2), "#NUM!", "revenue"),
    ("BREAKEVEN_REVENUE", (100, 0, 0.2), "#NUM!", "gross_margin"),
    ("BREAKEVEN_REVENUE", (100, 1 + TINY, 0.2), "#NUM!", "gross_margin"),
    ("BREAKEVEN_REVENUE", (100, 20, 0.2), "#NUM!", "gross_margin"),
    ("BREAKEVEN_REVENUE", (100, 0.5, -TINY), "#NUM!", "discount"),
    ("BREAKEVEN_REVENUE", (100, 0.5, 1), "#NUM!", "discount"),
    ("BREAKEVEN_REVENUE", (100, 0.5, 0.5, "PRICE"), "#NUM!", "discount"),  # at cost
    ("BREAKEVEN_REVENUE", (100, 0.5, 0.6, "PRICE"), "#NUM!", "discount"),
    ("BREAKEVEN_REVENUE", (100, 0.5, 0.2, "REBATE"), "#NUM!", "basis"),
    ("BREAKEVEN_REVENUE", (100, 0.5, 0.2, 1), "#VALUE!", "basis"),
    ("BREAKEVEN_UPLIFT", (0, 0.2), "#NUM!", "gross_margin"),
    ("BREAKEVEN_UPLIFT", (0.5, 1), "#NUM!", "discount"),
    ("BREAKEVEN_UPLIFT", (0.5, 0.5, "UNITS"), "#NUM!", "discount"),
    ("BREAKEVEN_UPLIFT", (0.5, 0.2, "PIECES"), "#NUM!", "measure"),
    ("PROPOSAL_RATIO", (1, 0), "#DIV/0!", "first_appointments"),
    ("PROPOSAL_RATIO", (0, 0), "#DIV/0!", "first_appointments"),
    ("PROPOSAL_RATIO", (21, 20), "#NUM!", "proposals"),
    ("PROPOSAL_RATIO", (-1, 20), "#NUM!", "proposals"),
    ("CLOSE_RATIO", (5, 0), "#DIV/0!", "proposals"),
    ("CLOSE_RATIO", (5, 4), "#NUM!", "won"),
    ("CLOSE_RATIO", (1, -4), "#NUM!", "proposals"),
    ("AVERAGE_SALE", (100, 0), "#DIV/0!", "won"),
    ("AVERAGE_SALE", (100, -1), "#NUM!", "won"),
    ("AVERAGE_SALE", (math.inf, 1), "#NUM!", "revenue"),
    ("AVERAGE_SALE", (1e300, 1e-300), "#NUM!", ""),  # beyond what a cell holds
    ("SALES_CYCLE_DAYS", ([46000], [45999]), "#NUM!", "close_dates"),
    ("SALES_CYCLE_DAYS", ([46000], [None]), "#DIV/0!", "close_dates"),
    ("SALES_CYCLE_DAYS", ([], []), "#DIV/0!", "close_dates"),
    ("SALES_CYCLE_DAYS", ([46000, 46001], [46002]), "#VALUE!", ""),
    ("SALES_CYCLE_DAYS", (["soon"], [46000]), "#VALUE!", "start_dates"),
    ("SALES_CYCLE_DAYS", (["2027-02-30"], [46000]), "#VALUE!", "start_dates"),
    ("SALES_CYCLE_DAYS", ([20270104], [46000]), "#NUM!", "start_dates"),
    ("SALES_CYCLE_DAYS", ([0], [46000]), "#DIV/0!", "close_dates"),  # 0, a link to a blank cell, is no date
    ("SALES_CYCLE_DAYS", ([0.5], [46000]), "#NUM!", "start_dates"),
    ("MAGIC_NUMBER", (15000, 0, 0.6, 0.4), "#DIV/0!", "average_sale"),
    ("MAGIC_NUMBER", (15000, 2500, 0, 0.4), "#DIV/0!", "proposal_ratio"),
    ("MAGIC_NUMBER", (15000, 2500, 0.6, 0), "#DIV/0!", "close_ratio"),
    ("MAGIC_NUMBER", (15000, 2500, 0.6, 0.4, 0), "#DIV/0!", "weeks"),
    ("MAGIC_NUMBER", (15000, 2500, 0.6, 0.4, -1), "#NUM!", "weeks"),
    ("MAGIC_NUMBER", (15000, -1, 0.6, 0.4), "#NUM!", "average_sale"),
    ("MAGIC_NUMBER", (15000, 2500, 1 + TINY, 0.4), "#NUM!", "proposal_ratio"),
    ("MAGIC_NUMBER", (15000, 2500, 0.6, -TINY), "#NUM!", "close_ratio"),
    ("MAGIC_NUMBER", (-1, 0, 0.6, 0.4), "#DIV/0!", "average_sale"),  # an error, although the goal is met
    ("ACTIVITY_BAROMETER", (-1, 25), "#NUM!", "actual_per_week"),
    ("ACTIVITY_BAROMETER", (1, -25), "#NUM!", "magic_number"),
    ("ORG_HEALTH", ([3] * 11,), "#VALUE!", "scores"),
    ("ORG_HEALTH", ([3] * 13,), "#VALUE!", "scores"),
    ("ORG_HEALTH", (3,), "#VALUE!", "scores"),
    ("ORG_HEALTH", ([3] * 11 + [None],), "#N/A", "scores"),
    ("ORG_HEALTH", ([3] * 11 + [6],), "#NUM!", "scores"),
    ("ORG_HEALTH", ([3] * 11 + [0.9],), "#NUM!", "scores"),
    ("ORG_HEALTH", ([3] * 12, 5, 5), "#NUM!", "highest"),
]


@pytest.mark.parametrize(("name", "arguments", "result"), VALUES)
def test_result_worked_by_hand(name: str, arguments: tuple[Any, ...], result: float) -> None:
    found = getattr(xlsales, name.lower())(*arguments)
    assert type(found) is float
    assert found == pytest.approx(result, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("name", "arguments", "code", "argument"), ERRORS)
def test_error_and_argument_at_fault(name: str, arguments: tuple[Any, ...], code: str, argument: str) -> None:
    with pytest.raises(SalesFunctionError) as caught:
        getattr(xlsales, name.lower())(*arguments)
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert isinstance(caught.value, ValueError)
    assert caught.value.message.endswith(".")
    assert str(caught.value) == f"{code} {caught.value.message}"


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("BREAKEVEN_REVENUE", (100, 20, 0.1), "gross_margin is 20, which means 2000%: enter 20% or 0.20."),
        ("BREAKEVEN_REVENUE", (100, 0.5, 12.5), "discount is 12.5, which means 1250%: enter 12.5% or 0.125."),
        ("BREAKEVEN_REVENUE", (100, 0.5, 1), "discount must be 0% or more, and less than 100%; it is 100%."),
        ("BREAKEVEN_REVENUE", (100, 0, 0.1), "gross_margin must be more than 0% and at most 100%; it is 0%."),
        (
            "BREAKEVEN_REVENUE",
            (100, 0.5, 0.6, "PRICE"),
            "A discount of 60% takes the whole gross margin of 50%",
        ),
        ("BREAKEVEN_REVENUE", (100, 0.5, 0.2, "X"), 'basis is "X": type one of the words PROFIT, PRICE.'),
        ("AVERAGE_SALE", ("1,000", 4), 'revenue is "1,000", which may mean 1000 or 1: enter'),
        ("AVERAGE_SALE", ("1.234", 4), 'revenue is "1.234", which may mean 1234 or 1.2340: enter'),
        ("AVERAGE_SALE", ("1.234,5", 4), 'revenue is "1.234,5", which is not a number: type digits'),
        ("AVERAGE_SALE", (None, 4), "revenue is blank: enter a value (currency)."),
        ("CLOSE_RATIO", (5, 4), "5 sales won from 4 proposals are more than all"),
        ("ORG_HEALTH", ([3] * 11,), "scores needs exactly 12 cells; this range has 11."),
        ("SALES_CYCLE_DAYS", ([20270104], [46000]), "start_dates is 20270104, which is no date"),
    ],
)
def test_message_says_what_to_type_instead(name: str, arguments: tuple[Any, ...], told: str) -> None:
    with pytest.raises(SalesFunctionError) as caught:
        getattr(xlsales, name.lower())(*arguments)
    assert told in caught.value.message


def test_each_row_keeps_its_own_error_beside_others_of_the_same_word() -> None:
    columns = (
        [CellError("#DIV/0!"), 100000.0, 100000.0],
        [0.5, 0.1, 0.5],
        [0.2, 0.3, 0.2],
        ["price", "price", "profit"],
    )
    (found,) = CATALOGUE["BREAKEVEN_REVENUE"].call_cells(*columns)
    assert found == [CellError("#DIV/0!"), CellError("#NUM!"), 125000]  # 100,000 ÷ 0.8
