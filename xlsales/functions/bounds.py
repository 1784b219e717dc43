"""Where the numbers of an array lie, told in as few looks as possible.

The bits of numbers from 0 on, taken as whole numbers, rise with them, and those of infinity, of NaN and of what is less
than 0 are above all of theirs: where a domain begins at 0, the largest pattern tells whether all numbers are inside.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from xlsales.functions.arguments import Argument

_PART = 65_536  # numbers: half a megabyte, so that a second look does not read from memory again
_INFINITY = 0x7FF0_0000_0000_0000  # its bits
_BELOW_0 = 0x8000_0000_0000_0000  # those of -0, and more of what is less
_LARGEST = sys.float_info.max


class Extent(NamedTuple):
    """Where the numbers of an array lie, apart from NaN: none is less than `low` or more than `high`."""

    low: float
    high: float
    nan: Any = False  # or which of them are

    def with_number(self, number: float) -> Extent:
        """The extent with this number in the place of NaN."""
        return Extent(np.fmin(self.low, number), np.fmax(self.high, number))


def extent(argument: Argument, values: np.ndarray[Any, Any]) -> Extent:
    """Where the numbers lie, as narrowly as it takes to tell whether all are in the domain."""
    flat = values.reshape(-1)
    limit = _limit(argument)
    if limit is not None and (flat.size <= _PART or _top(flat[:_PART]) <= limit):
        top = np.maximum.reduce(flat.view(np.uint64))
        if int(top) <= limit:
            return Extent(0.0, top.view(np.float64))
    if flat.size <= _PART:
        found = _extent(flat)
    else:
        parts = (flat[start : start + _PART] for start in range(0, flat.size, _PART))
        found = _joined([(part.size, _extent(part)) for part in parts])
    return found if found.nan is False else found._replace(nan=found.nan.reshape(values.shape))


def _joined(parts: Sequence[tuple[int, Extent]]) -> Extent:
    """The extent of what is so many numbers of each of these extents."""
    nan: Any = False
    if any(one.nan is not False for _size, one in parts):
        nan = np.concatenate([np.zeros(size, dtype=bool) if one.nan is False else one.nan for size, one in parts])
    lows, highs = [one.low for _size, one in parts], [one.high for _size, one in parts]
    return Extent(np.fmin.reduce(lows), np.fmax.reduce(highs), nan)


def _extent(part: np.ndarray[Any, Any]) -> Extent:
    low, high = np.fmin.reduce(part), np.maximum.reduce(part)
    return Extent(low, high) if high == high else Extent(low, np.fmax.reduce(part), np.isnan(part))


def all_inside(argument: Argument, values: np.ndarray[Any, Any]) -> bool:
    """Whether all numbers are in the domain, and none is NaN; a divisor's 0 shows in the result."""
    if not values.size:
        return True
    if (limit := _limit(argument)) is not None:
        return _top(values) <= limit
    bounded = (argument.up_to, argument.below, argument.spelled_above) != (None, None, None)
    if argument.admits(0, 0) and not bounded and _top(values) < _INFINITY:
        return True
    return argument.admits(np.minimum.reduce(values, axis=None), np.maximum.reduce(values, axis=None))


def outside(argument: Argument, values: np.ndarray[Any, Any]) -> Any:
    """Which numbers are outside the domain, or NaN."""
    if (limit := _limit(argument)) is not None:
        return values.view(np.uint64) > limit
    if argument.admits(-_LARGEST, _LARGEST):
        return ~np.isfinite(values)
    return argument.outside(values) | np.isnan(values)


def all_finite(values: np.ndarray[Any, Any]) -> bool:
    """Whether no value is infinite or NaN; where some are less than 0, a sum tells."""
    top = _top(values) if values.size else 0
    return top < _INFINITY or (top >= _BELOW_0 and bool(np.isfinite(np.sum(values))))


def all_from_0(values: np.ndarray[Any, Any], up_to: float) -> bool:
    """Whether all values are from 0 to this one."""
    return not values.size or _top(values) <= _bits(up_to)


def not_from_0(values: np.ndarray[Any, Any], up_to: float) -> np.ndarray[Any, Any]:
    """Which values are not from 0 to this one, NaN among them."""
    found: np.ndarray[Any, Any] = values.view(np.uint64) > _bits(up_to)
    return found


def _limit(argument: Argument) -> int | None:
    """The largest bit pattern in the domain, where the domain begins at 0."""
    if argument.at_least != 0 or argument.above is not None:
        return None
    return _last(argument.below, argument.up_to, argument.spelled_above)


@cache
def _last(below: float | None, *tops: float | None) -> int:
    if below is not None:
        return _bits(below) - 1
    return min((_bits(top) for top in tops if top is not None), default=_INFINITY - 1)


def _top(values: np.ndarray[Any, Any]) -> int:
    """The largest bit pattern; as Python's integer, because NumPy 1 compares its own with others by way of floats."""
    return int(np.maximum.reduce(values.view(np.uint64), axis=None))


@cache
def _bits(bound: float) -> int:
    return int(np.float64(bound).view(np.uint64))
