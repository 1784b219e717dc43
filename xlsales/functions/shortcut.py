"""Works arrays of numbers the quick way: first as if all were well, then a look whether it was.

Computing first brings the numbers into the processor's cache, where looking at them costs little. Only the
extremes are looked at, and where a result proves an argument (`Proof`), that argument is not looked at at
all. Whatever is not plainly in order is worked again with care, in `evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xlsales.functions.arguments import Argument, Kind, Proof
from xlsales.functions.coercion import Coerced
from xlsales.functions.faults import Shape

_INFINITY = 0x7FF0_0000_0000_0000  # its bits; negative numbers and NaN, taken as whole numbers, are above it


class _UnsureError(Exception):
    """A requirement fails somewhere: the elements must be worked with care."""


@dataclass(frozen=True)
class _Trust:
    """Stands for `Require`: says only whether all is well, and leaves out what the result proves."""

    proven: bool

    def __call__(self, condition: Any, code: str, argument: str, text: str) -> None:
        if callable(condition):
            if self.proven:
                return
            condition = condition()
        if not np.all(condition):
            raise _UnsureError


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
        self._trust = _Trust(proof is not None)
        self._values: list[Any] = [
            np.float64(column.values) if type(column.values) is float else column.values for column in columns
        ]
        self._cut = [
            isinstance(value, np.ndarray) and value.ndim == len(shape) and len(value) == shape[0]
            for value in self._values
        ]
        proven, never_below_0 = (proof.of, proof.never_below_0) if proof else ((), ())
        self._looked_at = [
            (position, replace(argument, at_least=0) if argument.name in never_below_0 else argument)
            for position, argument in enumerate(arguments)
            if isinstance(self._values[position], np.ndarray) and argument.name not in proven
        ]

    @staticmethod
    def open_to(arguments: Sequence[Argument], columns: Sequence[Coerced], shape: Shape) -> bool:
        """Whether the call has arrays of nothing but numbers, and single values that are in order."""
        return bool(shape) and all(
            _is_plain(argument, column) for argument, column in zip(arguments, columns, strict=True)
        )

    def work(self, rows: slice, result: np.ndarray[Any, Any]) -> bool:
        """Fill in the result of these rows, or say that they need care."""
        values = [value[rows] if cut else value for value, cut in zip(self._values, self._cut, strict=True)]
        try:
            found = self._body(self._trust, *values)
        except _UnsureError:
            return False
        if not all(_all_inside(argument, values[position]) for position, argument in self._looked_at):
            return False
        if result.dtype == np.float64 and not self._is_sound(np.asarray(found, dtype=np.float64)):
            return False
        result[...] = found
        return True

    def _is_sound(self, found: np.ndarray[Any, Any]) -> bool:
        if not found.size:
            return True
        if self._proof is not None and self._proof.at_least == 0:
            return _top(found) <= _bits(self._proof.up_to)
        return _top(found) < _INFINITY or bool(np.isfinite(np.sum(found)))


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
    if argument.at_least == 0 and argument.above is None:
        top = _top(values)
        if argument.below is not None:
            return top < _bits(argument.below)
        return top < _INFINITY if argument.up_to is None else top <= _bits(argument.up_to)
    if argument.admits(0, 0) and argument.up_to is None and argument.below is None and _top(values) < _INFINITY:
        return True
    return argument.admits(np.minimum.reduce(values, axis=None), np.maximum.reduce(values, axis=None))


def _top(values: np.ndarray[Any, Any]) -> int:
    """The largest bit pattern: one look finds what is large, infinite, NaN, or negative."""
    return int(np.maximum.reduce(values.view(np.uint64), axis=None))


def _bits(bound: float) -> int:
    return int(np.float64(bound).view(np.uint64))
