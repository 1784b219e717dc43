"""The planner's calendar: its weeks, and the check-ins of a year."""

from __future__ import annotations

import calendar
import datetime as dt

from xlsales.schema import CADENCES

# How often each kind of check-in comes round in a year, and how many weeks or months apart.
TIMES_A_YEAR = dict(zip(CADENCES, (52, 26, 12, 4, 2, 1), strict=True))
WEEKS_APART = {"WEEKLY": 1, "BIWEEKLY": 2}
MONTHS_APART = {kind: 12 // times for kind, times in TIMES_A_YEAR.items() if kind not in WEEKS_APART}
# In the order of the calendar's rows: first those that most people plan.
_ROWS = ("WEEKLY", *MONTHS_APART, "BIWEEKLY")


def first_week(year_start: dt.date, history_weeks: int) -> dt.date:
    """Return the Monday that the planner's weeks begin with."""
    return monday(year_start) - dt.timedelta(weeks=history_weeks)


def weeks_of(year_start: dt.date, history_weeks: int, rows: int) -> list[dt.date | None]:
    """Return the Monday of each row of the planner's weeks, None for a row that the year does not need."""
    first, end = first_week(year_start, history_weeks), later(year_start, 12)
    mondays = (first + dt.timedelta(weeks=row) for row in range(rows))
    return [monday if monday < end else None for monday in mondays]


def checkin_turns() -> list[tuple[str, int]]:
    """Return every check-in of a year, kind by kind, with its turn among those of its kind."""
    return [(kind, turn) for kind in _ROWS for turn in range(1, TIMES_A_YEAR[kind] + 1)]


def planned_kinds(cadence: str) -> frozenset[str]:
    """Return the kinds of check-in of somebody who talks at least that often: that kind, and those months apart."""
    rarer = CADENCES[CADENCES.index(cadence) :]
    return frozenset(kind for kind in rarer if kind == cadence or kind in MONTHS_APART)


def checkin_dates(year_start: dt.date) -> list[tuple[str, dt.date]]:
    """Return every check-in of the year, kind by kind: each Monday, each last day of a month, and so on."""
    return [(kind, _checkin_date(year_start, kind, turn)) for kind, turn in checkin_turns()]


def _checkin_date(year_start: dt.date, kind: str, turn: int) -> dt.date:
    if kind in WEEKS_APART:
        return monday(year_start) + dt.timedelta(weeks=turn * WEEKS_APART[kind])
    return later(year_start, turn * MONTHS_APART[kind]) - dt.timedelta(days=1)


def monday(day: dt.date) -> dt.date:
    """Return the Monday on or before a day."""
    return day - dt.timedelta(days=day.weekday())


def later(day: dt.date, months: int) -> dt.date:
    """Return the day some months later, clamped to the month's end as Excel's EDATE does."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
