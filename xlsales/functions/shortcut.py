"""Works arrays of numbers the quick way: first as if all were well, then a look whether it was.

Computing first brings the numbers into the processor's cache, where looking at them costs little. Only the
extremes are looked at, and where a result proves an argument (`Proof`), that argument is not looked at at
all. Only where an extreme is amiss is each element looked at; those that are not plainly in order are worked
again with care, in `evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from xlsales.functions import bounds
from xlsales.functions.arguments import MISSING, Argument, Kind, Proof
from xlsales.functions.coercion import Coerced
from xlsales.functions.faults import Shape


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
        looked_at = [
            (position, replace(argument, at_least=0) if argument.name in never_below_0 else argument)
            for position, argument in enumerate(arguments)
            if spread[position] and argument.name not in proven
        ]
        self._with_default = [(position, argument) for position, argument in looked_at if _has_default(argument)]
        self._without_default = [(position, argument) for position, argument in looked_at if not _has_default(argument)]

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
        doubts: list[Any] = []
        for position, argument in self._with_default:
            if not bounds.all_inside(argument, values[position]):
                values[position] = np.where(np.isnan(values[position]), argument.default, values[position])
                doubts.append(bounds.outside(argument, values[position]))
        require = _Doubts(proven=self._proof is not None)
        found = self._body(require, *values)
        doubts += require.found
        doubts += [
            bounds.outside(argument, values[position])
            for position, argument in self._without_default
            if not bounds.all_inside(argument, values[position])
        ]
        if result.dtype == np.float64:
            found = np.asarray(found, dtype=np.float64)
            if not self._is_sound(found):
                doubts.append(self._unsound(found))
        result[...] = found
        if not doubts:
            return None
        found = reduce(np.logical_or, doubts)
        return found if found.shape == result.shape else np.broadcast_to(found, result.shape)

    def _is_sound(self, found: np.ndarray[Any, Any]) -> bool:
        if self._proof is not None and self._proof.at_least == 0:
            return bounds.all_from_0(found, self._proof.up_to)
        return bounds.all_finite(found)

    def _unsound(self, found: np.ndarray[Any, Any]) -> Any:
        if self._proof is not None and self._proof.at_least == 0:
            return bounds.not_from_0(found, self._proof.up_to)
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


def _has_default(argument: Argument) -> bool:
    """Whether a blank stands for a number."""
    return argument.default is not MISSING and argument.default is not None and not argument.keep_blank


def _is_below_0(value: Any) -> bool:
    """Whether a single value is; of an array, every block is looked at."""
    return not isinstance(value, np.ndarray) and value < 0
