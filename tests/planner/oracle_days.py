"""Days of the calendar, as the oracles of planners count them."""

from __future__ import annotations

import datetime as dt
from functools import cache


def monday(day: dt.date) -> dt.date:
    """The Monday on or before a day."""
    return day - dt.timedelta(days=day.weekday())


@cache
def months_later(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    following = dt.date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(dt.date(index // 12, index % 12 + 1, 1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(1))
