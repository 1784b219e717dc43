"""Months between serial dates, with month ends held as Excel's EDATE holds them."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlsales import epoch
from xlsales.epoch import FIRST_OF_MARCH
from xlsales.functions.arguments import LAST_DATE

_EPOCH = np.datetime64(epoch.ISO, "D")
_DAY = np.timedelta64(1, "D")
_MONTH = np.timedelta64(1, "M")
_LONGEST = 100_000  # months, past the end of Excel's calendar from any date


def add_months(dates: Any, months: Any) -> Any:
    """The serial dates so many months later, on the same day or the last one of a shorter month."""
    days, known = _days(dates)
    known = known & np.equal(months, months)
    first = days.astype("M8[M]")
    target = first + _whole(np.clip(months, -_LONGEST, _LONGEST), known).astype("m8[M]")
    start = target.astype("M8[D]")
    longest = (target + _MONTH).astype("M8[D]") - start - _DAY
    return np.where(known, _serials(start + np.minimum(days - first.astype("M8[D]"), longest)), np.nan)


def calendar_months(earlier: Any, later: Any) -> Any:
    """How many month ends lie between two serial dates."""
    (first, first_known), (last, last_known) = _days(earlier), _days(later)
    months = (last.astype("M8[M]") - first.astype("M8[M]")) / _MONTH
    return np.where(first_known & last_known, months, np.nan)


def _days(dates: Any) -> tuple[Any, Any]:
    """The days of serial dates, and which of them are in Excel's calendar; the others count as its first day."""
    known = np.greater_equal(dates, 0) & np.less(dates, LAST_DATE)
    whole = _whole(np.floor(dates), known)
    return _EPOCH + (whole + (whole < FIRST_OF_MARCH)).astype("m8[D]"), known


def _whole(numbers: Any, known: Any) -> Any:
    """Whole numbers as integers: what NaN becomes as one differs between processors, so it is never asked."""
    return np.where(known, numbers, 0).astype(np.int64)


def _serials(days: Any) -> Any:
    since = (days - _EPOCH) / _DAY
    return since - (since < FIRST_OF_MARCH)
