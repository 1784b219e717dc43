"""Organisation: values worked by hand, boundary by boundary."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlsales
from xlsales import SalesFunctionError
from xlsales.functions import CATALOGUE, CellError
from xlsales.functions.months import add_months

NA, NUM, VALUE = (CellError(code) for code in ("#N/A", "#NUM!", "#VALUE!"))
LETTERS = list("ABCDEFGHIJKL")

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    # the fourth element is pipeline management, the twelfth top performers
    ("ORG_GAPS", ([4, 4, 4, 2, 4, 4, 4, 4, 4, 4, 4, 1],), [["Top performers"], ["Pipeline management"]]),
    ("ORG_GAPS", ([3] * 12,), "No gaps"),  # exactly at the mark
    ("ORG_GAPS", ([2.999999] + [3] * 11,), [["Management and rep relationship"]]),
    ("ORG_GAPS", ([2, 1, 2] + [5] * 9, LETTERS), [["B"], ["A"], ["C"]]),  # A and C are equal: as listed
    ("ORG_GAPS", ([5] * 11 + [4], LETTERS, 5), [["L"]]),
    ("ORG_GAPS", ([1] + [5] * 11, ["", *LETTERS[1:]]), [["Management and rep relationship"]]),
    ("ORG_GAPS", ([1] * 12, LETTERS), [[letter] for letter in LETTERS]),
    (
        "ORG_GAPS",
        ([[2] + [3] * 5, [3] * 5 + [1]],),
        [["Top performers"], ["Management and rep relationship"]],
    ),
    ("ORG_GAPS", ([3] * 12, None, 2), "No gaps"),
    ("ACCOUNT_LOAD", (1000, 16), 62),  # 62.5
    ("ACCOUNT_LOAD", (960, 16), 60),
    ("ACCOUNT_LOAD", (959.99, 16), 59),
    ("ACCOUNT_LOAD", (0, 16), 0),
    ("ACCOUNT_LOAD", (15, 16), 0),
    ("ACCOUNT_LOAD", (0.3, 0.1), 3),  # 2.9999999999999996 in binary
    ("SUPPORT_NEEDED", (90, 40), 3),  # 2.25
    ("SUPPORT_NEEDED", (80, 40), 2),
    ("SUPPORT_NEEDED", (80.01, 40), 3),
    ("SUPPORT_NEEDED", (0, 40), 0),
    ("SUPPORT_NEEDED", (1, 40), 1),
    ("SUPPORT_NEEDED", (0.21, 0.07), 3),  # 3.0000000000000004 or 2.9999999999999996: three
    ("ASSISTANT_PAYBACK", (450, 500), 0.9),
    ("ASSISTANT_PAYBACK", (500, 500), 1),
    ("ASSISTANT_PAYBACK", (0, 500), 0),
    ("TURNOVER_RATE", (3, 20), 0.15),
    ("TURNOVER_RATE", (0, 20), 0),
    ("TURNOVER_RATE", (6, 5), 1.2),
    ("TURNOVER_RATE", (1, 2.5), 0.4),
    ("RAMP_MONTHS", ("2027-01-15", "2027-01-15"), 0),
    ("RAMP_MONTHS", ("2027-01-15", "2027-02-15"), 1),
    ("RAMP_MONTHS", ("2027-01-15", "2027-04-01"), 2 + 17 / 31),  # 15 March + 17 days, 15 April is 31 on
    ("RAMP_MONTHS", ("2027-01-15", "2027-02-01"), 17 / 31),  # 15 January + 17 of 31 days
    ("RAMP_MONTHS", ("2027-01-31", "2027-02-28"), 1),  # a month end to a month end
    ("RAMP_MONTHS", ("2027-01-31", "2027-02-27"), 27 / 28),  # 31 January to 28 February has 28 days
    ("RAMP_MONTHS", ("2027-01-31", "2027-03-30"), 1 + 30 / 31),  # 28 February + 30 of 31 days
    ("RAMP_MONTHS", ("2027-01-31", "2027-03-31"), 2),
    ("RAMP_MONTHS", ("2028-01-31", "2028-02-28"), 28 / 29),  # a leap year: the month ends on the 29th
    ("RAMP_MONTHS", ("2028-02-29", "2029-02-28"), 12),
    ("RAMP_MONTHS", ("2026-11-30", "2027-02-28"), 3),  # over the year's end
    ("RAMP_MONTHS", ("2027-01-15T18:00", "2027-02-15T09:00"), 1),  # days, not hours
    ("INCENTIVE_PAYOUT", (79999, 100000, 20000, 0.8), 0),
    ("INCENTIVE_PAYOUT", (80000, 100000, 20000, 0.8), 16000),  # exactly at the threshold
    ("INCENTIVE_PAYOUT", (100000, 100000, 20000, 0.8, 3), 20000),  # exactly at the target
    ("INCENTIVE_PAYOUT", (110000, 100000, 20000, 0.8, 2), 24000),  # 20,000 * (1 + 0.1 * 2)
    ("INCENTIVE_PAYOUT", (110000, 100000, 20000, 0.8), 22000),
    ("INCENTIVE_PAYOUT", (500000, 100000, 20000, 0.8, 2), 180000),  # 20,000 * (1 + 4 * 2), no cap
    ("INCENTIVE_PAYOUT", (110000, 100000, 20000, 0.8, 0), 20000),  # nothing beyond the target
    ("INCENTIVE_PAYOUT", (100000, 100000, 20000, 1), 20000),
    ("INCENTIVE_PAYOUT", (-5, 100000, 20000, 0), 0),
    ("INCENTIVE_PAYOUT", (0, 100000, 20000, 0), 0),
    ("INCENTIVE_PAYOUT", (0.3, 0.8, 100, 0.375), 37.5),  # 0.3 / 0.8 is stored a hair below 0.375
]

ERRORS: list[tuple[str, tuple[Any, ...], str, str]] = [
    ("ORG_GAPS", ([3] * 11,), "#VALUE!", "scores"),
    ("ORG_GAPS", ([3] * 11 + [None],), "#N/A", "scores"),
    ("ORG_GAPS", ([3] * 12, LETTERS[:11]), "#VALUE!", "names"),
    ("ORG_GAPS", ([3] * 12, [[letter] for letter in LETTERS]), "#VALUE!", ""),  # a row and a column
    ("ORG_GAPS", ([3] * 11 + ["x"],), "#VALUE!", "scores"),
    ("ORG_GAPS", ([3] * 12, None, [1, 2]), "#VALUE!", ""),
    ("ACCOUNT_LOAD", (1000, 0), "#DIV/0!", "hours_per_account"),
    ("ACCOUNT_LOAD", (-1, 16), "#NUM!", "selling_hours"),
    ("ACCOUNT_LOAD", (1000, -16), "#NUM!", "hours_per_account"),
    ("SUPPORT_NEEDED", (90, 0), "#DIV/0!", "hours_per_person"),
    ("SUPPORT_NEEDED", (-1, 40), "#NUM!", "support_hours"),
    ("ASSISTANT_PAYBACK", (450, 0), "#DIV/0!", "gross_profit_per_deal"),
    ("ASSISTANT_PAYBACK", (-1, 500), "#NUM!", "monthly_cost"),
    ("TURNOVER_RATE", (1, 0), "#DIV/0!", "average_headcount"),
    ("TURNOVER_RATE", (-1, 20), "#NUM!", "leavers"),
    ("RAMP_MONTHS", ("2027-01-15", "2027-01-14"), "#NUM!", "first_full_month"),
    ("RAMP_MONTHS", (None, "2027-01-14"), "#N/A", "hired"),
    ("RAMP_MONTHS", ("soon", "2027-01-14"), "#VALUE!", "hired"),
    ("INCENTIVE_PAYOUT", (1, 0, 100, 0.8), "#NUM!", "target"),
    ("INCENTIVE_PAYOUT", (1, -1, 100, 0.8), "#NUM!", "target"),
    ("INCENTIVE_PAYOUT", (1, 1, -100, 0.8), "#NUM!", "target_pay"),
    ("INCENTIVE_PAYOUT", (1, 1, 100, 80), "#NUM!", "threshold"),
    ("INCENTIVE_PAYOUT", (1, 1, 100, 0.8, -1), "#NUM!", "accelerator"),
    ("INCENTIVE_PAYOUT", (1, 1, 100, None), "#N/A", "threshold"),
]


@pytest.mark.parametrize(("name", "arguments", "result"), VALUES)
def test_result_worked_by_hand(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    found = getattr(xlsales, name.lower())(*arguments)
    if isinstance(result, (int, float)):
        assert type(found) is float
        assert np.signbit(found) == np.signbit(result)  # no minus in front of a nought
        result = pytest.approx(result, rel=1e-12)
    assert found == result


@pytest.mark.parametrize(("name", "arguments", "code", "argument"), ERRORS)
def test_error_and_argument_at_fault(name: str, arguments: tuple[Any, ...], code: str, argument: str) -> None:
    with pytest.raises(SalesFunctionError) as caught:
        getattr(xlsales, name.lower())(*arguments)
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert caught.value.message.endswith(".")


CELLS: list[tuple[str, tuple[Any, ...], Any]] = [
    ("ORG_GAPS", ([[3.0]] * 11 + [[1.0]],), "Top performers"),
    ("ORG_GAPS", ([[3.0]] * 11 + [[1.0]], None, None), "Top performers"),
    ("ORG_GAPS", ([[3.0]] * 11 + [[1.0]], [[None]] * 12), "Top performers"),
    ("ORG_GAPS", ([[3.0]] * 11 + [[CellError("#REF!")]],), CellError("#REF!")),
    ("ORG_GAPS", ([[3.0]] * 12, [[CellError("#REF!")]] * 12), CellError("#REF!")),
    ("ACCOUNT_LOAD", ([[1000], [None], ["x"], [-1]], 16), [[62.0], [NA], [VALUE], [NUM]]),
    ("INCENTIVE_PAYOUT", ([[70], [80], [120]], 100, 10, 0.8), [[0.0], [8.0], [12.0]]),
    ("RAMP_MONTHS", ([[46391], [46422]], [[46422, 46450]]), [[1.0, pytest.approx(1 + 28 / 28)], [0.0, 1.0]]),
]


@pytest.mark.parametrize(("name", "sent", "shown"), CELLS)
def test_cell_shows(name: str, sent: tuple[Any, ...], shown: Any) -> None:
    found = CATALOGUE[name].call_cells(*sent)
    assert (found[0][0] if isinstance(shown, str) and isinstance(found, list) else found) == shown


def test_ramp_says_both_dates_when_they_are_swapped() -> None:
    told = xlsales.check("RAMP_MONTHS", "2027-05-01", "2027-04-01").reasons
    assert told.startswith("2027-04-01 lies before the day of hiring, 2027-05-01")


def edate(day: dt.date, months: int) -> dt.date:
    """Excel's EDATE, slowly."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def serial(day: dt.date) -> float:
    return float((day - dt.date(1899, 12, 30)).days)


@given(st.dates(dt.date(1900, 3, 1), dt.date(2200, 1, 1)), st.integers(0, 600))
def test_months_are_added_as_edate_does(day: dt.date, months: int) -> None:
    assert add_months(serial(day), float(months)) == serial(edate(day, months))


def test_dates_before_march_1900_are_one_lower() -> None:
    assert add_months(1.0, 1.0) == 32  # 1 January to 1 February 1900
    assert add_months(32.0, 1.0) == 61  # to 1 March: Excel counts a 29 February in between


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 2000))
def test_ramp_grows_with_every_day(hired: dt.date, days: int) -> None:
    start = serial(hired)
    sooner, later = xlsales.ramp_months(start, np.array([start + days, start + days + 1]))
    assert 0 < later - sooner <= 1 / 28 + 1e-12
    assert days // 31 <= sooner <= days / 28


@given(st.floats(0, 1e6), st.floats(0.01, 1e4))
def test_load_and_support_are_whole_and_enclose_the_quotient(hours: float, each: float) -> None:
    load, support = xlsales.account_load(hours, each), xlsales.support_needed(hours, each)
    assert load == int(load)
    assert support == int(support)
    assert load - 1e-8 <= hours / each <= support + 1e-8
    assert support - load in (0, 1)


@given(st.floats(0.5, 2), st.floats(0.001, 0.5), st.floats(0, 3))
def test_more_sales_never_pay_less(reached: float, more: float, accelerator: float) -> None:
    less, greater = xlsales.incentive_payout(np.array([reached, reached + more]), 1, 1000, 0.8, accelerator)
    assert greater >= less
