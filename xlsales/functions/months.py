"""Months between serial dates, with month ends held as Excel's EDATE holds them."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlsales import epoch
from xlsales.epoch import FIRST_OF_MARCH

_EPOCH = np.datetime64(epoch.ISO, "D")
_LONGEST = 100_000  # months, past the end of Excel's calendar from any date


def add_months(dates: Any, months: Any) -> Any:
    """The serial dates so many months later, on the same day or the last one of a shorter month."""
    days = _days(dates)
    first = days.astype("M8[M]")
    target = first + np.minimum(months, _LONGEST).astype(np.int64)
    start = target.astype("M8[D]")
    longest = (target + 1).astype("M8[D]") - start - 1
    return _serials(start + np.minimum(days - first.astype("M8[D]"), longest))


def calendar_months(earlier: Any, later: Any) -> Any:
    """How many month ends lie between two serial dates."""
    months = _days(later).astype("M8[M]") - _days(earlier).astype("M8[M]")
    return months.astype(np.float64)


def _days(dates: Any) -> Any:
    whole = np.floor(dates).astype(np.int64)
    return _EPOCH + (whole + (whole < FIRST_OF_MARCH))


def _serials(days: Any) -> Any:
    since = (days - _EPOCH).astype(np.float64)
    return since - (since < FIRST_OF_MARCH)
