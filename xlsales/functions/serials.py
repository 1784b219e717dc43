"""Excel's serial dates and the dates of Python and NumPy, each from the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from xlsales import epoch

_EPOCH64 = np.datetime64(epoch.ISO, "D")
_EPOCH_TO_1970 = 25_569.0  # days
_FIRST_OF_MARCH = float(epoch.FIRST_OF_MARCH)
_DAY = dt.timedelta(days=1)
# How many of NumPy's units a day has.
_A_DAY = {"D": 1.0, "h": 24.0, "m": 1440.0, "s": 86_400.0, "ms": 86_400e3, "us": 86_400e6}
_A_DAY |= {"ns": 86_400e9, "ps": 86_400e12, "fs": 86_400e15, "as": 86_400e18}
_COARSE = {"W": (7, "D"), "M": (1, "M"), "Y": (12, "M")}  # as so many days or months
_MONTHS = 360_000  # from 1970, past both ends of Excel's calendar


def serial(moment: dt.date) -> float:
    """The Excel serial date of a Python date or date and time."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime(moment.year, moment.month, moment.day)
    days = (moment.replace(tzinfo=None) - epoch.MIDNIGHT) / _DAY
    return days if days >= _FIRST_OF_MARCH else days - 1


def serials(moments: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The Excel serial dates of `datetime64` in any unit, NaN for NaT.

    They are counted in numbers, because the fine units reach only some centuries, hours or seconds around 1970.
    """
    unit, size = np.datetime_data(moments.dtype)
    weight, unit = _COARSE.get(unit, (1, unit))
    counts = np.where(np.isnat(moments), np.nan, moments.astype(np.int64) * float(weight * size))
    if unit == "M":
        counts, unit = _first_days(counts), "D"
    a_day = _A_DAY.get(unit, np.nan)  # "generic" has no unit, and no dates
    days = (counts + _EPOCH_TO_1970 * a_day) / a_day
    return np.where(days < _FIRST_OF_MARCH, days - 1, days)


def _first_days(months: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The first days of months, both counted from 1970."""
    dated = months == months
    whole = np.where(dated, np.clip(months, -_MONTHS, _MONTHS), 0.0).astype(np.int64)
    days = (whole.astype("M8[M]").astype("M8[D]") - np.datetime64(0, "D")) / np.timedelta64(1, "D")
    return np.where(dated, days, np.nan)


def moments(serials: Any) -> Any:
    """The days of serial dates from March 1900 on: dates for single ones, `datetime64[D]` for arrays."""
    if not isinstance(serials, np.ndarray):
        return (epoch.MIDNIGHT + dt.timedelta(days=int(serials))).date()
    dated = np.isfinite(serials)
    days = np.floor(np.where(dated, serials, 0.0)).astype(np.int64)
    return np.where(dated, _EPOCH64 + days.astype("m8[D]"), np.datetime64("NaT", "D"))
