"""Dates as serial numbers: EDATE, DATE, MONTH and the others.

Excel counts a 29 February 1900 that never was: serial 60.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from xlsales import epoch
from xlsales.calculation.compiled.coercion import as_float, as_numbers
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.values import NO_ERROR, Value, fault_where, first_fault, with_faults
from xlsales.cells.arrays import BOOL, NUMBER
from xlsales.functions.errors import NUM
from xlsales.texts import _

_LAST = 2_958_465  # 31 December 9999
_LEAP_THAT_WAS_NOT = epoch.FIRST_OF_MARCH - 1
_SURE = epoch.FIRST_OF_MARCH
_EPOCH = np.datetime64(epoch.ISO, "D") + np.timedelta64(1, "D")  # serials above 60 are lowered, not those below raised
_DAY = np.timedelta64(1, "D")
_MONTH = np.timedelta64(1, "M")
_LAST_YEAR = 9_999
_MOST_MONTHS = 12 * _LAST_YEAR
_YEARS_WITHOUT_CENTURY = 1900
_FAR = 1e9


def _serials(value: Value, run: Run) -> tuple[Any, Any]:
    """Return whole serial numbers and the faults: texts are no dates here, but for those that spell a number."""
    numbers, faults = as_numbers(value, run)
    whole = np.floor(numbers)
    inside = np.greater_equal(whole, 0) & np.less_equal(whole, _LAST)
    return np.where(inside, whole, 0.0), first_fault(faults, fault_where(~inside, NUM))


def _days(serials: Any) -> Any:
    """Return NumPy days; serial 60 is taken for 28 February."""
    serials = np.asarray(serials)
    return _EPOCH + _days_long(serials - (serials >= _LEAP_THAT_WAS_NOT))


def _days_long(numbers: Any) -> Any:
    return np.asarray(numbers).astype(np.int64).astype("timedelta64[D]")


def _serial_of(days: Any) -> Any:
    numbers = (days - _EPOCH) / _DAY
    return numbers + (numbers >= _LEAP_THAT_WAS_NOT)


def _dated(run: Run, days: Any, faults: Any, doubtful: Any) -> Value:
    """Return days as serial numbers, and an error where Excel's calendar has none; before March 1900 are doubts."""
    serials = _serial_of(days)
    sound = np.True_ if faults is None else np.equal(faults, NO_ERROR)
    run.doubt(sound & (doubtful | ((serials >= 0) & (serials < _SURE))))
    outside = fault_where((serials < 0) | (serials > _LAST), NUM)
    return with_faults(NUMBER, serials, first_fault(faults, outside))


def _month_of(months: Any) -> Any:
    return np.asarray(months).astype(np.int64).astype("datetime64[M]")


def edate(run: Run, start: Value, months: Value) -> Value:
    """The same day so many months later, or the last of that month."""
    serials, faults = _serials(start, run)
    moved, wrong = as_numbers(months, run)
    run.doubt(start.has(BOOL) | months.has(BOOL))
    moved = np.trunc(moved)
    near = np.less_equal(np.abs(moved), _MOST_MONTHS)
    days = _days(serials)
    month = days.astype("datetime64[M]")
    target = month + np.where(near, moved, 0).astype(np.int64).astype("timedelta64[M]")
    first = target.astype("datetime64[D]")
    last = (target + _MONTH).astype("datetime64[D]") - _DAY
    found = np.minimum(first + (days - month.astype("datetime64[D]")), last)
    return _dated(run, found, first_fault(faults, wrong, fault_where(~near, NUM)), np.less(serials, _SURE))


def date(run: Run, year: Value, month: Value, day: Value) -> Value:
    """The serial number of a year, month and day."""
    parts = [as_numbers(part, run) for part in (year, month, day)]
    years, months, days = (np.trunc(np.clip(numbers, -_FAR, _FAR)) for numbers, _faults in parts)
    inside = (years >= 0) & (years <= _LAST_YEAR) & (np.abs(months) <= _MOST_MONTHS) & (np.abs(days) <= _LAST)
    years = np.where(years < _YEARS_WITHOUT_CENTURY, years + _YEARS_WITHOUT_CENTURY, years)
    whole = (years - 1970) * 12 + months - 1
    first = _month_of(np.where(inside, whole, 0)).astype("datetime64[D]")
    found = first + _days_long(np.where(inside, days, 1)) - _DAY
    faults = first_fault(*(faults for _numbers, faults in parts), fault_where(~inside, NUM))
    return _dated(run, found, faults, np.False_)


def _part(of: Callable[[Any], Any]) -> Callable[[Run, Value], Value]:
    def function(run: Run, value: Value) -> Value:
        serials, faults = _serials(value, run)
        return with_faults(NUMBER, as_float(of(serials)), faults)

    return function


def _months_since_1970(serials: Any) -> Any:
    return (_days(serials).astype("datetime64[M]") - np.datetime64("1970-01", "M")) // _MONTH


def _year(serials: Any) -> Any:
    found = _months_since_1970(serials) // 12 + 1970.0
    return np.where(np.equal(serials, 0), 1900.0, found)


def _month(serials: Any) -> Any:
    found = _months_since_1970(serials) % 12 + 1.0
    return np.where(np.equal(serials, 0), 1.0, found)  # 0 January 1900


def _day(serials: Any) -> Any:
    days = _days(serials)
    found = (days - days.astype("datetime64[M]").astype("datetime64[D]")) / _DAY + 1.0
    found = np.where(np.equal(serials, 0), 0.0, found)
    return np.where(np.equal(serials, _LEAP_THAT_WAS_NOT), 29.0, found)


year, month, day = _part(_year), _part(_month), _part(_day)

# By the kind of count: the weekday that is first, Monday being 0, and its number.
_COUNTS = {1: (6, 1), 2: (0, 1), 3: (0, 0)}


def weekday(run: Run, value: Value, count: Value | None = None) -> Value:
    """The number of the weekday; Excel's weekdays before March 1900 are one too far."""
    numbers, faults = as_numbers(value, run)
    whole = np.floor(numbers)
    faults = first_fault(faults, fault_where(np.less(whole, 0) | np.greater(whole, _LAST), NUM))
    kind = int(np.max(count.number)) if count is not None and count.kinds == NUMBER else 1
    if (count is not None and np.ndim(count.number)) or kind not in _COUNTS:
        raise NotImplementedError(_("WEEKDAY with this kind of count"))
    first, lowest = _COUNTS[kind]
    return with_faults(NUMBER, np.mod(whole - 2 - first, 7) + lowest, faults)
