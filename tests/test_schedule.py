"""The planner's calendar: dates worked by hand, and the same dates that the planner's own formulas show."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.depth import every
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.session import Session
from xlsales.cells.values import Address, CellValue, InputValue, serial
from xlsales.planner.sizes import HISTORY_WEEKS, YEAR_WEEKS
from xlsales.schedule import checkin_dates, first_week, later, monday, planned_kinds, weeks_of
from xlsales.schema import CADENCES
from xlsales.workbook.template import Template, read


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("2027-01-01", "2026-12-28"),  # a Friday
        ("2026-12-28", "2026-12-28"),  # a Monday is its own
        ("2027-01-03", "2026-12-28"),  # a Sunday still belongs to it
        ("2028-02-29", "2028-02-28"),
        ("2024-03-01", "2024-02-26"),
    ],
)
def test_monday_of_a_week(of: str, expected: str) -> None:
    assert monday(day(of)) == day(expected)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2027-01-01", 12, "2028-01-01"),
        ("2027-01-31", 1, "2027-02-28"),  # clamped to the month's end
        ("2028-01-31", 1, "2028-02-29"),  # which is later in a leap year
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2027-10-31", 1, "2027-11-30"),
        ("2027-02-28", 1, "2027-03-28"),  # not stretched to a month's end
        ("2027-07-15", 0, "2027-07-15"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-01-15", -1, "2026-12-15"),
        ("1900-02-28", 12, "1901-02-28"),
    ],
)
def test_some_months_later(start: str, months: int, expected: str) -> None:
    assert later(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("year_start", "weeks", "expected"),
    [
        ("2027-01-01", 13, "2026-09-28"),  # 13 weeks before Monday 28 December 2026
        ("2024-01-01", 13, "2023-10-02"),  # a year that starts on a Monday
        ("2023-01-01", 13, "2022-09-26"),  # and on a Sunday: its week began on 26 December
        ("2026-07-01", 13, "2026-03-30"),
        ("2028-02-29", 0, "2028-02-28"),
    ],
)
def test_first_week(year_start: str, weeks: int, expected: str) -> None:
    assert first_week(day(year_start), weeks) == day(expected)


def of_kind(year_start: str, kind: str) -> list[str]:
    return [date.isoformat() for found, date in checkin_dates(day(year_start)) if found == kind]


def test_check_ins_of_a_calendar_year() -> None:
    assert Counter(kind for kind, _date in checkin_dates(day("2027-01-01"))) == {
        "WEEKLY": 52,
        "BIWEEKLY": 26,
        "MONTHLY": 12,
        "QUARTERLY": 4,
        "HALF-YEARLY": 2,
        "YEARLY": 1,
    }
    weekly = of_kind("2027-01-01", "WEEKLY")
    assert (weekly[0], weekly[1], weekly[-1]) == ("2027-01-04", "2027-01-11", "2027-12-27")
    assert of_kind("2027-01-01", "MONTHLY") == [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30",
        "2027-07-31", "2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31",
    ]  # fmt: skip
    assert of_kind("2027-01-01", "QUARTERLY") == ["2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31"]
    assert of_kind("2027-01-01", "HALF-YEARLY") == ["2027-06-30", "2027-12-31"]
    assert of_kind("2027-01-01", "YEARLY") == ["2027-12-31"]
    biweekly = of_kind("2027-01-01", "BIWEEKLY")
    assert biweekly == weekly[1::2]
    assert (biweekly[0], biweekly[1], biweekly[-1]) == ("2027-01-11", "2027-01-25", "2027-12-27")


def test_check_ins_of_a_leap_year_that_starts_in_july() -> None:
    assert of_kind("2027-07-01", "QUARTERLY") == ["2027-09-30", "2027-12-31", "2028-03-31", "2028-06-30"]
    assert of_kind("2027-07-01", "MONTHLY")[7] == "2028-02-29"
    weekly = of_kind("2027-07-01", "WEEKLY")  # 1 July 2027 is a Thursday: the first Monday after it is the 5th
    assert (weekly[0], weekly[-1]) == ("2027-07-05", "2028-06-26")


def test_check_ins_of_a_year_that_starts_within_a_month() -> None:
    assert of_kind("2027-04-06", "MONTHLY")[:2] == ["2027-05-05", "2027-06-05"]
    assert of_kind("2027-04-06", "HALF-YEARLY") == ["2027-10-05", "2028-04-05"]


def test_check_ins_of_a_year_that_starts_on_a_month_s_last_day() -> None:
    # A month after 31 January is 28 February; the day before that is the check-in.
    assert of_kind("2027-01-31", "MONTHLY")[:3] == ["2027-02-27", "2027-03-30", "2027-04-29"]


days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


@given(days)
def test_every_day_of_a_year_has_its_week_in_the_calendar(start: dt.date) -> None:
    first, end = first_week(start, HISTORY_WEEKS), later(start, 12) - dt.timedelta(days=1)
    assert first.weekday() == 0
    assert HISTORY_WEEKS * 7 <= (start - first).days < HISTORY_WEEKS * 7 + 7
    assert (end - first).days // 7 < HISTORY_WEEKS + YEAR_WEEKS


@given(days)
def test_the_weeks_of_a_year_are_all_its_mondays_and_those_of_its_history(start: dt.date) -> None:
    weeks = weeks_of(start, HISTORY_WEEKS, HISTORY_WEEKS + YEAR_WEEKS)
    listed = [week for week in weeks if week]
    assert listed == weeks[: len(listed)]
    assert listed[0] == first_week(start, HISTORY_WEEKS)
    assert {(after - before).days for before, after in pairwise(listed)} == {7}
    last = later(start, 12) - dt.timedelta(days=1)
    assert listed[-1] <= last < listed[-1] + dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("cadence", "kinds"),
    [
        ("WEEKLY", ["HALF-YEARLY", "MONTHLY", "QUARTERLY", "WEEKLY", "YEARLY"]),
        ("BIWEEKLY", ["BIWEEKLY", "HALF-YEARLY", "MONTHLY", "QUARTERLY", "YEARLY"]),
        ("MONTHLY", ["HALF-YEARLY", "MONTHLY", "QUARTERLY", "YEARLY"]),
        ("HALF-YEARLY", ["HALF-YEARLY", "YEARLY"]),
        ("YEARLY", ["YEARLY"]),
    ],
)
def test_a_cadence_plans_its_own_kind_and_all_rarer_ones(cadence: str, kinds: list[str]) -> None:
    assert sorted(planned_kinds(cadence)) == kinds


@given(days)
def test_check_ins_of_a_kind_follow_one_another_within_the_year(start: dt.date) -> None:
    dates = checkin_dates(start)
    for kind in {kind for kind, _date in dates}:
        mine = [date for found, date in dates if found == kind]
        assert mine == sorted(set(mine))
        assert start < mine[0]
        assert mine[-1] < later(start, 12)


@given(days, st.integers(0, 240), st.integers(0, 240))
def test_months_add_up_but_for_the_ends_of_months(start: dt.date, first: int, second: int) -> None:
    whole, parts = later(start, first + second), later(later(start, first), second)
    assert (whole.year, whole.month) == (parts.year, parts.month)
    assert whole.day == parts.day or start.day > 28


YEAR_STARTS = (
    "2027-01-01",
    "2028-01-01",  # a leap year
    "2024-01-01",  # which starts on a Monday
    "2023-01-01",  # a Sunday
    "2012-01-01",  # a leap year that starts on a Sunday: 54 weeks
    "2026-07-01",
    "2027-07-01",  # with 29 February in it
    "2027-04-06",
    "2028-02-29",
    "2027-01-31",
    "2027-08-31",
    "2027-12-31",
)
YEARS = list(product(YEAR_STARTS, ("", "WEEKLY", "BIWEEKLY", "QUARTERLY", "FORTNIGHTLY")))


class Calendar:
    """The Check-ins and Activity sheets of a small planner."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self._checkins = template.tables["tblCheckins"]

    def typed(self, year_start: str, cadence: str) -> Mapping[Address, InputValue]:
        """The inputs of a year."""
        names = self.template.names
        return {names["in_year_start"]: day(year_start), names["in_checkin_cadence"]: cadence or None}

    def shown(self, values: Mapping[Address, CellValue]) -> tuple[list[tuple[object, object]], object]:
        """The check-ins by kind and date, and the Monday that the weeks should begin with."""
        rows = range(self._checkins.rows)
        kinds = (self.template.defaults[self._checkins.cell("Kind", row)] for row in rows)
        dates = (values[self._checkins.cell("Planned for", row)] for row in rows)
        return list(zip(kinds, dates, strict=True)), values[self.template.names["calc_first_week"]]


def worked_out(year_start: str, cadence: str) -> tuple[list[tuple[object, object]], object]:
    """The same as Python has it."""
    planned = planned_kinds(cadence if cadence in CADENCES else "WEEKLY")  # what is no kind: as if nothing was chosen
    dates = checkin_dates(day(year_start))
    shown: list[tuple[object, object]] = [(kind, float(serial(d)) if kind in planned else "") for kind, d in dates]
    return shown, serial(first_week(day(year_start), HISTORY_WEEKS))


@pytest.fixture(scope="module")
def calendar(small_template_xlsx: Path) -> Calendar:
    return Calendar(read(small_template_xlsx))


def test_the_planners_formulas_calculate_the_same_calendar(calendar: Calendar) -> None:
    compiled = Compiled(calendar.template)
    for year, values in zip(YEARS, compiled.calculated([calendar.typed(*year) for year in YEARS]), strict=True):
        assert (calendar.shown(dict(zip(compiled.addresses, values, strict=True))), year) == (worked_out(*year), year)


def test_the_calculation_engine_calculates_the_same_calendar(calendar: Calendar) -> None:
    """Of most years one, with each choice in turn."""
    session = Session(calendar.template)
    for year in YEARS[:: every(6)]:
        assert (calendar.shown(session.values(calendar.typed(*year))), year) == (worked_out(*year), year)
