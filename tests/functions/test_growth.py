"""Growth, plans and check-ins: values worked by hand, boundary by boundary."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlsales
from tests.functions.worked import Error, Value, assert_gives, assert_refuses
from xlsales.functions.serials import serial

TINY = 1e-9


def day(text: str) -> float:
    """The serial of a date."""
    return serial(dt.date.fromisoformat(text))


VALUES: list[Value] = [
    ("GROWTH_TARGET", (100000, 0.1), 110000),
    ("GROWTH_TARGET", (100000, 0.1, 3), 133100),  # 1.1 × 1.1 × 1.1 = 1.331
    ("GROWTH_TARGET", (100000, 0.1, 0), 100000),
    ("GROWTH_TARGET", (100000, 0.21, 0.5), 110000),  # the root of 1.21 is 1.1
    ("GROWTH_TARGET", (100000, -0.5, 2), 25000),
    ("GROWTH_TARGET", (100000, 0, 7), 100000),
    ("GROWTH_TARGET", (0, 0.1), 0),
    ("GROWTH_TARGET", (100, 1), 200),
    ("GROWTH_TARGET", (100, "150%"), 250),  # more than 100%, spelled out
    ("GROWTH_TARGET", (100, 0.1, None), 110),
    ("RETENTION_RATE", (83, 100), 0.83),
    ("RETENTION_RATE", (100, 100), 1),
    ("RETENTION_RATE", (0, 100), 0),
    ("NEW_BUSINESS_NEEDED", (100, 0.1, 0.17), 27),
    ("NEW_BUSINESS_NEEDED", (100, 0.1, 0.17, 0.4), 20.2),  # 10 + 17 × 0.6
    ("NEW_BUSINESS_NEEDED", (100, 0.1, 0.17, 0.4, 0.9), 24.2),  # 20.2 + 40 × 10%
    ("NEW_BUSINESS_NEEDED", (100, 0.1, 0.17, 1, 1), 10),  # all protected: growth alone
    ("NEW_BUSINESS_NEEDED", (100, -0.1, 0.05), 0),  # shrinks faster than attrition takes: -5, so 0
    ("NEW_BUSINESS_NEEDED", (100, -0.17, 0.17), 0),
    ("NEW_BUSINESS_NEEDED", (0, -0.5, 0.1), 0),
    ("BALANCE_MIX", (30000, 70000), 0.3),
    ("BALANCE_MIX", (0, 70000), 0),
    ("BALANCE_MIX", (5, 0), 1),
    ("PLAN_COVERAGE", (17, 20), 0.85),
    ("PLAN_COVERAGE", (5, 5), 1),
    ("FORECAST_ACCURACY", ([100, 200], [110, 180]), 0.9),  # 1 - 30/300
    ("FORECAST_ACCURACY", ([100, 200], [100, 200]), 1),
    ("FORECAST_ACCURACY", ([100, 100], [300, 100]), 0),  # 1 - 200/200
    ("FORECAST_ACCURACY", ([100, 100], [400, 100]), 0),  # 1 - 300/200 is below 0
    ("FORECAST_ACCURACY", ([100, None, 100], [90, 40, None]), 0.5),  # off by 10 + 40; the third was not forecast
    ("FORECAST_ACCURACY", ([100, None], [90, None]), 0.9),  # an empty row
    ("FORECAST_ACCURACY", ([0, 100], [10, 100]), 0.9),  # 1 - 10/100
    ("FORECAST_ACCURACY", (100, 90), 0.9),
    ("MIX_GAP", ([60, 40], [0.5, 0.5]), 0.1),
    ("MIX_GAP", ([3, 1], [75, 25]), 0),
    ("MIX_GAP", ([5, 0], [0, 8]), 1),
    ("MIX_GAP", ([2, 1, 1], [1, 1, 2]), 0.25),  # (25% + 0% + 25%) / 2
    ("MIX_GAP", ([60, None, 40], [1, 7, 1]), 0.1),
    ("MIX_GAP", (7, 3), 0),
    ("RUN_RATE_NEEDED", (520000, 130000, 39), 10000),
    ("RUN_RATE_NEEDED", (500, 500, 0), 0),
    ("RUN_RATE_NEEDED", (500, 501, -3), 0),
    ("RUN_RATE_NEEDED", (500, -100, 0.5), 1200),  # credit notes: 600 in half a week
    ("NEXT_CHECKIN", ("2027-01-31", "DAILY"), day("2027-02-01")),
    ("NEXT_CHECKIN", ("2027-12-28", "WEEKLY"), day("2028-01-04")),
    ("NEXT_CHECKIN", ("2027-12-28", "biweekly"), day("2028-01-11")),
    ("NEXT_CHECKIN", ("2028-02-29", "YEARLY"), day("2029-02-28")),
    ("NEXT_CHECKIN", ("2027-01-30", "MONTHLY"), day("2027-02-28")),
    ("NEXT_CHECKIN", ("2027-01-28", "MONTHLY"), day("2027-02-28")),
    ("NEXT_CHECKIN", ("2028-01-31", "MONTHLY"), day("2028-02-29")),  # a leap year
    ("NEXT_CHECKIN", ("2027-02-28", "MONTHLY"), day("2027-03-28")),
    ("NEXT_CHECKIN", ("2027-12-31", "MONTHLY"), day("2028-01-31")),
    ("NEXT_CHECKIN", ("2027-11-30", "QUARTERLY"), day("2028-02-29")),
    ("NEXT_CHECKIN", ("2100-01-31", "monthly"), day("2100-02-28")),  # a century without leap day
    ("NEXT_CHECKIN", ("2027-08-31", "HALF-YEARLY"), day("2028-02-29")),
    ("NEXT_CHECKIN", ("2027-03-31T18:30", "HALF-YEARLY"), day("2027-09-30")),  # the time of day is dropped
    ("NEXT_CHECKIN", ("1960-01-31", "MONTHLY"), day("1960-02-29")),
    ("NEXT_CHECKIN", (61, "MONTHLY"), 92),  # 1 March 1900, 1 April 1900
    ("CHECKIN_STATUS", ("2027-01-31", "MONTHLY", "2027-02-27"), "OK"),
    ("CHECKIN_STATUS", ("2027-01-31", "MONTHLY", "2027-02-28"), "DUE"),
    ("CHECKIN_STATUS", ("2027-01-31", "MONTHLY", "2027-02-28T23:59"), "DUE"),  # still that day
    ("CHECKIN_STATUS", ("2027-01-31", "MONTHLY", "2027-03-01"), "OVERDUE"),
    ("CHECKIN_STATUS", ("2027-03-01", "DAILY", "2027-03-01"), "OK"),
    ("CHECKIN_STATUS", ("2027-03-01", "DAILY", "2027-02-01"), "OK"),
    ("CHECKIN_STATUS", (None, "WEEKLY", "2027-03-01"), "NEVER"),
    ("CHECKIN_STATUS", ("", "WEEKLY", "2027-03-01"), "NEVER"),
    ("CHECKIN_STATUS", (" ", "WEEKLY", "2027-03-01"), "NEVER"),
    ("CHECKIN_STATUS", (0, "WEEKLY", "2027-03-01"), "NEVER"),  # a link to a blank cell
    ("CHECKIN_STATUS", ("2027-01-31", "YEARLY", "2028-01-31"), "DUE"),
    ("CHECKIN_STATUS", ("2027-01-31", "BIWEEKLY", "2027-02-15"), "OVERDUE"),
]

ERRORS: list[Error] = [
    ("GROWTH_TARGET", (100, -1), "#NUM!", "growth"),
    ("GROWTH_TARGET", (100, 20), "#NUM!", "growth"),
    ("GROWTH_TARGET", (-1, 0.1), "#NUM!", "opening"),
    ("GROWTH_TARGET", (100, 0.1, -TINY), "#NUM!", "years"),
    ("GROWTH_TARGET", (100, 5), "#NUM!", "growth"),  # 5% typed as a whole number
    ("GROWTH_TARGET", (100, 1 + TINY), "#NUM!", "growth"),
    ("GROWTH_TARGET", (100, "5"), "#NUM!", "growth"),
    ("GROWTH_TARGET", (100, "1001%"), "#NUM!", "growth"),
    ("NEW_BUSINESS_NEEDED", (100, 10, 0.1), "#NUM!", "growth"),
    ("GROWTH_TARGET", (100, 1, 1100), "#NUM!", ""),  # beyond what a cell holds
    ("RETENTION_RATE", (101, 100), "#NUM!", "kept"),
    ("RETENTION_RATE", (0, 0), "#DIV/0!", "opening"),
    ("NEW_BUSINESS_NEEDED", (100, 0.1, 17), "#NUM!", "attrition"),
    ("NEW_BUSINESS_NEEDED", (100, 0.1, 0.17, 1 + TINY), "#NUM!", "protected_share"),
    ("NEW_BUSINESS_NEEDED", (100, 0.1, 0.17, 0.4, -TINY), "#NUM!", "protected_retention"),
    ("BALANCE_MIX", (0, 0), "#DIV/0!", "new_revenue"),
    ("BALANCE_MIX", (-1, 5), "#NUM!", "new_revenue"),
    ("PLAN_COVERAGE", (6, 5), "#NUM!", "with_plan"),
    ("PLAN_COVERAGE", (0, 0), "#DIV/0!", "total"),
    ("FORECAST_ACCURACY", ([0, 0], [1, 2]), "#DIV/0!", "actuals"),
    ("FORECAST_ACCURACY", ([5, None], [None, 5]), "#DIV/0!", "actuals"),
    ("FORECAST_ACCURACY", ([], []), "#DIV/0!", "actuals"),
    ("FORECAST_ACCURACY", ([5, -1], [1, 2]), "#NUM!", "actuals"),
    ("FORECAST_ACCURACY", ([5, 1], [1]), "#VALUE!", ""),
    ("MIX_GAP", ([0, 0], [1, 2]), "#DIV/0!", "actual_mix"),
    ("MIX_GAP", ([1, 2], [0, 0]), "#DIV/0!", "target_mix"),
    ("MIX_GAP", ([1, -2], [1, 1]), "#NUM!", "actual_mix"),
    ("RUN_RATE_NEEDED", (500, 499, 0), "#NUM!", "weeks_left"),
    ("RUN_RATE_NEEDED", (500, 499, -1), "#NUM!", "weeks_left"),
    ("NEXT_CHECKIN", (None, "WEEKLY"), "#N/A", "last"),
    ("NEXT_CHECKIN", ("2027-02-29", "WEEKLY"), "#VALUE!", "last"),
    ("NEXT_CHECKIN", ("2027-01-31", "SOMETIMES"), "#NUM!", "cadence"),
    ("NEXT_CHECKIN", (0, "WEEKLY"), "#N/A", "last"),
    ("NEXT_CHECKIN", ("2027-01-31", " "), "#N/A", "cadence"),
    ("NEXT_CHECKIN", (60, "WEEKLY"), "#NUM!", "last"),  # the day that never was
    ("NEXT_CHECKIN", ("9999-01-01", "WEEKLY"), "#NUM!", "last"),
    ("CHECKIN_STATUS", (None, "SOMETIMES", "2027-03-01"), "#NUM!", "cadence"),
    ("CHECKIN_STATUS", ("2027-01-31", "WEEKLY", None), "#N/A", "as_of"),
    ("CHECKIN_STATUS", ("soon", "WEEKLY", "2027-03-01"), "#VALUE!", "last"),
]


@pytest.mark.parametrize(("name", "arguments", "result"), VALUES)
def test_result_worked_by_hand(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    assert_gives(name, arguments, result)


@pytest.mark.parametrize(("name", "arguments", "code", "argument"), ERRORS)
def test_error_and_argument_at_fault(name: str, arguments: tuple[Any, ...], code: str, argument: str) -> None:
    assert_refuses(name, arguments, code, argument)


def test_message_says_what_to_type_instead() -> None:
    told = xlsales.check("GROWTH_TARGET", 100, 20).reasons
    assert told == "growth is 20, which means 2000%: enter 20% or 0.20."
    told = xlsales.check("GROWTH_TARGET", 100, 5).reasons
    assert told == 'growth is 5, which means 500%: enter 5% or 0.05; where 500% is meant, enter it as text, "500%".'
    told = xlsales.check("GROWTH_TARGET", 100, -5).reasons
    assert told == "growth is -5, which means -500%: enter -5% or -0.05."
    assert "NET_REVENUE_RETENTION" in xlsales.check("RETENTION_RATE", 101, 100).reasons
    assert xlsales.check("RETENTION_RATE", 101, 100).reasons.startswith("101 kept of 100 are more than all")


def test_no_minus_stands_in_front_of_a_nought() -> None:
    assert not np.signbit(xlsales.new_business_needed([0.0, 100.0], [-0.5, -0.5], [0.1, 0.1])).any()


def test_dates_come_back_as_dates() -> None:
    assert xlsales.next_checkin("2027-01-31", "MONTHLY") == dt.date(2027, 2, 28)
    found = xlsales.next_checkin(np.array(["2027-01-31", "2027-03-01"], dtype="M8[D]"), "MONTHLY")
    assert found.dtype == np.dtype("M8[D]")
    assert found.tolist() == [dt.date(2027, 2, 28), dt.date(2027, 4, 1)]


def test_a_series_of_dates_keeps_its_index() -> None:
    held = pd.Series(pd.to_datetime(["2027-01-31", "NaT"]), index=["Ann", "Bob"], name="held")
    found = xlsales.next_checkin(held, ["MONTHLY", "WEEKLY"])
    assert found.index.tolist() == ["Ann", "Bob"]
    assert found["Ann"] == pd.Timestamp("2027-02-28")
    assert found.isna().tolist() == [False, True]
    assert xlsales.check("NEXT_CHECKIN", held, "WEEKLY").errors.tolist() == ["", "#N/A"]
    assert xlsales.check("NEXT_CHECKIN", None, "WEEKLY").values is None


def test_every_day_of_four_years_moves_as_the_calendar_does() -> None:
    days = [dt.date(2027, 1, 1) + dt.timedelta(days=number) for number in range(4 * 365 + 1)]
    found = xlsales.next_checkin(days, "MONTHLY").tolist()
    for held, due in zip(days, found, strict=True):
        months = held.year * 12 + held.month  # the month after, counted from 0
        assert (due.year, due.month) == (months // 12, months % 12 + 1)
        ends_month = (due + dt.timedelta(days=1)).day == 1
        assert due.day == held.day or (due.day < held.day and ends_month)


def test_status_of_a_column_with_cadences_of_its_own() -> None:
    held = [46000.0, np.nan, 46000.0, 46000.0]
    cadences = ["DAILY", "WEEKLY", "weekly", "SOMETIMES"]
    checked = xlsales.check("CHECKIN_STATUS", held, cadences, 46007)
    assert checked.values.tolist() == ["OVERDUE", "NEVER", "DUE", None]
    assert checked.errors.tolist() == ["", "", "", "#NUM!"]
