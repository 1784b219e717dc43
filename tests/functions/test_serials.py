"""Dates as analysts hold them: every unit of NumPy and pandas, missing ones, and ones that Excel's calendar has not."""

from __future__ import annotations

import datetime as dt
import itertools
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlsales

DAYS = ["1900-03-01", "1969-12-31", "1970-01-01", "2027-01-31", "2192-06-01", "2261-12-31"]
A_MONTH_LATER = ["1900-04-01", "1970-01-31", "1970-02-01", "2027-02-28", "2192-07-01", "2262-01-31"]


@pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms", "us", "ns"])
def test_a_date_is_the_same_in_every_unit(unit: str) -> None:
    held = np.array([*DAYS, "NaT"], dtype=f"M8[{unit}]")
    assert xlsales.next_checkin(held, "MONTHLY").astype(str).tolist() == [*A_MONTH_LATER, "NaT"]
    for day, later in zip(held, A_MONTH_LATER, strict=False):
        assert str(xlsales.next_checkin(day, "MONTHLY")) == later
        assert xlsales.sales_explain("NEXT_CHECKIN", np.array([day]), "MONTHLY")[0].endswith(f"= {later}.")


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_a_column_of_pandas_counts_as_the_days_it_shows(unit: str, zone: str | None) -> None:
    held = pd.Series(np.array([*DAYS, "NaT"], dtype=f"M8[{unit}]")).dt.tz_localize(zone)
    found = xlsales.next_checkin(held, "MONTHLY")
    assert [str(day.date()) for day in found[:-1]] == A_MONTH_LATER
    assert pd.isna(found.iloc[len(DAYS)])
    assert str(xlsales.next_checkin(held[3], "MONTHLY")) == A_MONTH_LATER[3]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_time_of_day_counts_the_same_in_every_unit(unit: str) -> None:
    times = [dt.datetime(2027, 3, day, hour, 59, 59) for day, hour in itertools.product((1, 28), (0, 11, 23))]
    held = np.array(times, dtype=f"M8[{unit}]")
    assert xlsales.sales_cycle_days(held[:1], held[-1:]) == xlsales.sales_cycle_days(times[:1], times[-1:])
    found = xlsales.next_checkin(held, "DAILY").astype(str).tolist()
    assert found == ["2027-03-02"] * 3 + ["2027-03-29"] * 3


@pytest.mark.parametrize(
    ("held", "day"),
    [
        (np.array([57], "M8[Y]"), "2027-01-08"),
        (np.array([57 * 12 + 2], "M8[M]"), "2027-03-08"),
        (np.array([2977], "M8[W]"), "2027-01-28"),
        (np.array([20_850 * 24 // 6], "M8[6h]"), "2027-02-08"),
        (np.array(["2027-02-01"], ">M8[us]"), "2027-02-08"),
        (np.array([1], "i8").view("M8[ps]"), "1970-01-08"),
        (np.array([-1], "i8").view("M8[fs]"), "1970-01-08"),  # a moment is less than what a serial date can tell
        (np.array([1], "i8").view("M8[as]"), "1970-01-08"),
    ],
)
def test_units_that_hardly_anyone_has_are_dates_too(held: Any, day: str) -> None:
    assert xlsales.next_checkin(held, "WEEKLY").astype(str).tolist() == [day]


@pytest.mark.parametrize(
    "held",
    [
        np.array(["1899-12-29"], "M8[ns]"),
        np.array(["1677-09-21T00:12:44"], "M8[ns]"),  # the first moment of the unit
        np.array(["10000-01-01"], "M8[us]"),
        np.array([10**15], "M8[D]"),
        np.array([10**15], "M8[Y]"),
        np.array([-(10**15)], "M8[M]"),
        np.array([10**17], "M8[W]"),
    ],
)
def test_a_date_outside_excels_calendar_is_a_fault_of_its_row(held: Any) -> None:
    beside = np.concatenate([held, np.array(["2027-01-31", "NaT"], held.dtype)])
    found = xlsales.check("next_checkin", beside, "DAILY")
    assert found.errors.tolist() == ["#NUM!", "", "#N/A"]
    assert "no date from 1900 to 9999" in found.reasons[0]
    assert np.isnat(found.values).tolist() == [True, False, True]
    assert xlsales.check("next_checkin", held[0], "DAILY").errors == "#NUM!"


def test_missing_dates_of_every_library_are_blanks() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # NumPy's, of a NaT without a unit
        unitless = np.datetime64("NaT")
    for missing in (None, pd.NaT, pd.NA, float("nan"), "", unitless, np.datetime64("NaT", "ns"), np.array(unitless)):
        assert xlsales.check("next_checkin", missing, "DAILY").errors == "#N/A"
        assert xlsales.check("next_checkin", [missing, "2027-01-31"], "DAILY").errors.tolist() == ["#N/A", ""]
    assert xlsales.check("next_checkin", np.full(2, unitless), "DAILY").errors.tolist() == ["#N/A"] * 2


WRONG_DAYS = [np.nan, np.inf, -np.inf, 1e300, -1e300, -5.0, 2_958_466.0]


@pytest.mark.parametrize("wrong", WRONG_DAYS)
def test_a_wrong_date_spoils_its_own_row_only(wrong: float) -> None:
    good, end = 46_000.0, 46_092.0
    code = "#N/A" if np.isnan(wrong) else "#NUM!"
    ramp = xlsales.check("ramp_months", np.array([good, wrong, good]), np.array([end, end, wrong]))
    assert ramp.errors.tolist() == ["", code, code]
    assert ramp.values[0] == xlsales.ramp_months(good, end)
    held = xlsales.check("next_checkin", np.array([wrong, good]), "QUARTERLY")
    assert held.errors.tolist() == [code, ""]
    status = xlsales.check("account_status", np.array([good, wrong]), np.array([end, end]))
    assert status.errors.tolist() == ["", "" if np.isnan(wrong) else "#NUM!"]
    assert xlsales.check("account_status", good, wrong).errors == code
    due = xlsales.check("checkin_status", np.array([wrong, good]), "MONTHLY", end)
    assert due.errors.tolist() == ["" if np.isnan(wrong) else "#NUM!", ""]


@pytest.mark.parametrize("months", [1.0, 120_000.0, 1e300])
def test_so_many_months_without_an_order_may_end_after_the_calendar(months: float) -> None:
    last = np.array([61.0, 46_000.0, 2_958_465.0])
    assert xlsales.account_status(last, 2_958_465.0, months=months).tolist() == (
        ["DORMANT", "DORMANT", "ACTIVE"] if months == 1 else ["ACTIVE"] * 3
    )


def test_the_first_and_the_last_day_of_the_calendar_count() -> None:
    assert xlsales.ramp_months(dt.date(1900, 3, 1), dt.date(9999, 12, 31)) == pytest.approx(97_197 + 30 / 31)
    assert xlsales.ramp_months(dt.date(9999, 12, 1), dt.date(9999, 12, 31)) == pytest.approx(30 / 31)


@pytest.mark.parametrize("unit", ["D", "s", "us", "ns"])
def test_a_duration_is_no_number(unit: Any) -> None:
    for held in (np.array([5], f"m8[{unit}]"), [np.timedelta64(5, unit)], pd.Series([dt.timedelta(5)], dtype=object)):
        assert xlsales.check("average_sale", 100, held).errors.tolist() == ["#VALUE!"]
    assert xlsales.check("average_sale", 100, np.timedelta64(5, unit)).errors == "#VALUE!"
    assert xlsales.check("average_sale", 100, np.array([np.timedelta64("NaT", unit)])).errors.tolist() == ["#N/A"]
