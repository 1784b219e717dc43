"""Works arrays of numbers the quick way: first as if all were well, then a look whether it was.

Computing first brings the numbers into the processor's cache, where looking at them costs little. Only the
extremes are looked at, and where a result proves an argument (`Proof`), that argument is not looked at at
all. Only where an extreme is amiss is each element looked at; those that are not plainly in order are worked
again with care, in `evaluation`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from xlsales.functions.arguments import Argument, Kind, Proof
from xlsales.functions.coercion import Coerced
from xlsales.functions.faults import Shape

_INFINITY = 0x7FF0_0000_0000_0000  # its bits; negative numbers and NaN, taken as whole numbers, are above it
_LARGEST = sys.float_info.max


class _Doubts:
    """Stands for `Require`: notes where a requirement fails, and leaves out what the result proves."""

    def __init__(self, *, proven: bool) -> None:
        self.proven = proven
        self.found: list[Any] = []

    def __call__(self, condition: Any, code: str, argument: str, text: str) -> None:
        if callable(condition):
            if self.proven:
                return
            condition = condition()
        if not np.all(condition):
            self.found.append(np.logical_not(condition))


class Shortcut:
    """The quick way through one call; only where `open_to` allows it."""

    def __init__(
        self,
        arguments: Sequence[Argument],
        body: Callable[..., Any],
        proof: Proof | None,
        columns: Sequence[Coerced],
        shape: Shape,
    ) -> None:
        names = [argument.name for argument in arguments]
        if proof and any(_is_below_0(columns[names.index(name)].values) for name in proof.never_below_0):
            proof = None
        self._body = body
        self._proof = proof
        self._values: list[Any] = [
            np.float64(column.values) if type(column.values) is float else column.values for column in columns
        ]
        spread = [
            isinstance(value, np.ndarray) and not argument.is_range
            for argument, value in zip(arguments, self._values, strict=True)
        ]
        self._cut = [
            spreads and value.ndim == len(shape) and len(value) == shape[0]
            for spreads, value in zip(spread, self._values, strict=True)
        ]
        proven, never_below_0 = (proof.of, proof.never_below_0) if proof else ((), ())
        self._looked_at = [
            (position, replace(argument, at_least=0) if argument.name in never_below_0 else argument)
            for position, argument in enumerate(arguments)
            if spread[position] and argument.name not in proven
        ]

    @staticmethod
    def open_to(arguments: Sequence[Argument], columns: Sequence[Coerced]) -> bool:
        """Whether the call has arrays of nothing but numbers, and ranges and single values that are in order."""
        return all(
            argument.is_range or _is_plain(argument, column)
            for argument, column in zip(arguments, columns, strict=True)
        )

    def work(self, rows: slice, result: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
        """Fill in the result of these rows, and say which of its elements need care, if any."""
        values = [value[rows] if cut else value for value, cut in zip(self._values, self._cut, strict=True)]
        require = _Doubts(proven=self._proof is not None)
        found = self._body(require, *values)
        doubts = require.found + [
            _outside(argument, values[position])
            for position, argument in self._looked_at
            if not _all_inside(argument, values[position])
        ]
        if result.dtype == np.float64:
            found = np.asarray(found, dtype=np.float64)
            if not self._is_sound(found):
                doubts.append(self._unsound(found))
        result[...] = found
        if not doubts:
            return None
        return np.broadcast_to(reduce(np.logical_or, doubts), result.shape)

    def _is_sound(self, found: np.ndarray[Any, Any]) -> bool:
        if not found.size:
            return True
        if self._proof is not None and self._proof.at_least == 0:
            return _top(found) <= _bits(self._proof.up_to)
        return _top(found) < _INFINITY or bool(np.isfinite(np.sum(found)))

    def _unsound(self, found: np.ndarray[Any, Any]) -> Any:
        if self._proof is not None and self._proof.at_least == 0:
            return found.view(np.uint64) > _bits(self._proof.up_to)
        return ~np.isfinite(found)


def _is_plain(argument: Argument, column: Coerced) -> bool:
    if column.error_cells or column.wrong is not False or column.blank is not False:
        return False
    value = column.values
    if isinstance(value, np.ndarray):
        return bool(argument.is_numeric and value.dtype == np.float64)
    if argument.kind is Kind.CHOICE:
        return value in argument.choices
    if argument.is_numeric and value is not None:
        return argument.admits(value, value) and not (argument.divisor and value == 0)
    return True


def _is_below_0(value: Any) -> bool:
    """Whether a single value is; of an array, every block is looked at."""
    return not isinstance(value, np.ndarray) and value < 0


def _all_inside(argument: Argument, values: np.ndarray[Any, Any]) -> bool:
    """Whether all numbers are in the domain; a divisor's 0 shows in the result."""
    if not values.size:
        return True
    if (limit := _limit(argument)) is not None:
        return _top(values) <= limit
    bounded = (argument.up_to, argument.below, argument.spelled_above) != (None, None, None)
    if argument.admits(0, 0) and not bounded and _top(values) < _INFINITY:
        return True
    return argument.admits(np.minimum.reduce(values, axis=None), np.maximum.reduce(values, axis=None))


def _outside(argument: Argument, values: np.ndarray[Any, Any]) -> Any:
    """Which numbers are outside the domain, or blank."""
    if (limit := _limit(argument)) is not None:
        return values.view(np.uint64) > limit
    if argument.admits(-_LARGEST, _LARGEST):
        return ~np.isfinite(values)
    return argument.outside(values) | np.isnan(values)


def _limit(argument: Argument) -> int | None:
    """The largest bit pattern in the domain, where the domain begins at 0."""
    if argument.at_least != 0 or argument.above is not None:
        return None
    if argument.below is not None:
        return _bits(argument.below) - 1
    tops = [_bits(top) for top in (argument.up_to, argument.spelled_above) if top is not None]
    return min(tops, default=_INFINITY - 1)


def _top(values: np.ndarray[Any, Any]) -> int:
    """The largest bit pattern: one look finds what is large, infinite, NaN, or negative."""
    return int(np.maximum.reduce(values.view(np.uint64), axis=None))


def _bits(bound: float) -> int:
    return int(np.float64(bound).view(np.uint64))
