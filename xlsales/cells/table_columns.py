"""The columns of a table, as Python has their values and as arrays, each made of the other when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Self, TypeAlias, TypeVar

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.cells.values import InputValue, serial
from xlsales.epoch import EPOCH

T = TypeVar("T")
# Numbers are float64 with NaN for blank; whole numbers int64 and days, by their ordinals, int32, with the smallest
# number for blank. A column of blank cells is None, and any other a list.
Packed: TypeAlias = "Array | list[InputValue] | None"

_BLANK: Final = type(None)
_NUMBERS, _COUNTS, _DAYS = {float, _BLANK}, {int, _BLANK}, {date, _BLANK}
_NO_COUNT, _NO_DAY = np.iinfo(np.int64).min, np.iinfo(np.int32).min


class Columns(Mapping[str, Sequence[InputValue]]):
    """Columns with a value for every row, None for blank. They can be sent: numbers and days go as arrays."""

    def __init__(
        self,
        values: Mapping[str, Sequence[InputValue]],
        count: int,
        packed: Mapping[str, Packed] = MappingProxyType({}),
        names: Sequence[str] = (),
    ) -> None:
        """Take columns as Python has their values, and others that are packed; `names` say their order."""
        self.names = tuple(names) or (*values, *packed)
        self.count = count
        self._values = dict(values)
        self._packed: dict[str, Packed] = dict(packed)
        self._arrays: dict[str, Array] = {}
        self._serials: dict[str, list[Any]] = {}
        self._mapped: dict[tuple[str, Callable[..., Any]], list[Any]] = {}

    @classmethod
    def of_packed(cls, packed: Mapping[str, Packed], count: int) -> Self:
        """Return columns that were packed."""
        return cls({}, count, packed)

    def __getitem__(self, name: str) -> Sequence[InputValue]:
        values = self._values.get(name)
        if values is None:
            values = self._values[name] = _unpacked(self._packed[name], self.count)
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __reduce__(self) -> tuple[Callable[..., Columns], tuple[Mapping[str, Packed], int]]:
        return Columns.of_packed, ({name: self.packed(name) for name in self.names}, self.count)

    def packed(self, name: str) -> Packed:
        """Return a column as it is sent and stored, which is a tenth of the work."""
        if name not in self._packed:
            self._packed[name] = packed(self._values[name])
        return self._packed[name]

    def numbers(self, name: str) -> Array:
        """Return a column of numbers, or of days, as cells hold it: NaN for blank."""
        if name not in self._arrays:
            self._arrays[name] = _numbers(self.packed(name), self.count)
        return self._arrays[name]

    def mapped(self, name: str, function: Callable[[Any], T]) -> list[T]:
        """Return what a function makes of each value; it is asked once for all rows."""
        found = self._mapped.get((name, function))
        if found is None:
            found = self._mapped[name, function] = list(map(function, self[name]))
        return found

    def serials(self, name: str) -> list[Any]:
        """Return a column of days as serial numbers, None for blank; anything else in it is as it is."""
        found = self._serials.get(name)
        if found is None:
            found = self._serials[name] = _serials(self.packed(name), self.count)
        return found

    @cached_property
    def full(self) -> frozenset[str]:
        """The columns in which no cell is blank."""
        return frozenset(name for name in self.names if self._blanks(name) == 0)

    @cached_property
    def partly(self) -> frozenset[str]:
        """The columns in which some cells are blank, but not all."""
        return frozenset(name for name in self.names if 0 < self._blanks(name) < self.count)

    def _blanks(self, name: str) -> int:
        return self.blanks(name, 0, self.count)

    def blanks(self, name: str, start: int, stop: int) -> int:
        """Return how many cells of a column are blank, in some rows."""
        values = self._values.get(name)
        if values is not None:
            return values[start:stop].count(None)
        column = self._packed[name]
        if column is None:
            return stop - start
        some = column[start:stop]
        if isinstance(some, list):
            return some.count(None)
        is_blank = np.isnan(some) if some.dtype == np.float64 else some == _blank_of(some)
        return int(np.count_nonzero(is_blank))

    def cut(self, start: int, stop: int) -> Columns:
        """Return some rows."""
        packed = ((name, self.packed(name)) for name in self.names)
        return Columns.of_packed({n: None if p is None else p[start:stop] for n, p in packed}, stop - start)


def counts(numbers: Array, missing: Array) -> Array:
    """Return whole numbers as they are packed."""
    return np.where(missing, _NO_COUNT, np.where(missing, 0, numbers).astype(np.int64))


def packed(values: Sequence[InputValue]) -> Packed:
    """Return values as they are packed."""
    kinds = set(map(type, values))
    if kinds <= {_BLANK}:
        return None
    if kinds <= _NUMBERS:
        return np.array(values, dtype=np.float64)  # None becomes NaN
    if kinds <= _DAYS:
        known: dict[Any, int] = {day: _NO_DAY if day is None else day.toordinal() for day in set(values)}  # type: ignore[union-attr]
        return np.fromiter(map(known.__getitem__, values), dtype=np.int32, count=len(values))
    if kinds <= _COUNTS:
        whole = [_NO_COUNT if value is None else value for value in values]
        if all(_NO_COUNT <= value < 2**63 for value in whole):  # type: ignore[operator]
            return np.array(whole, dtype=np.int64)
    return list(values)


def _unpacked(column: Packed, count: int) -> list[InputValue]:
    if column is None:
        return [None] * count
    if isinstance(column, list):
        return column
    values: list[InputValue] = column.tolist()
    if column.dtype == np.float64:
        return [None if value != value else value for value in values] if np.isnan(column).any() else values
    if column.dtype == np.int64:
        return [None if value == _NO_COUNT else value for value in values]
    known: dict[Any, date | None] = {
        day: None if day == _NO_DAY else date.fromordinal(day) for day in np.unique(column).tolist()
    }
    return list(map(known.__getitem__, values))


def _serials(column: Packed, count: int) -> list[Any]:
    if column is None or isinstance(column, list):
        return [serial(value) if isinstance(value, date) else value for value in _unpacked(column, count)]
    if column.dtype != np.int32:
        return _unpacked(column, count)
    serials: list[Any] = (column - np.int64(EPOCH.toordinal())).tolist()
    for place in np.flatnonzero(column == _NO_DAY).tolist():
        serials[place] = None
    return serials


def _blank_of(column: Array) -> int:
    """Return what stands for blank in a column of counts or days."""
    return _NO_COUNT if column.dtype == np.int64 else _NO_DAY


def _numbers(column: Packed, count: int) -> Array:
    if column is None:
        return np.full(count, np.nan)
    if isinstance(column, list):
        return np.array(_serials(column, count), dtype=np.float64)
    if column.dtype == np.float64:
        return column
    if column.dtype == np.int64:
        return np.where(column == _NO_COUNT, np.nan, column)
    return np.where(column == _NO_DAY, np.nan, column.astype(np.float64) - EPOCH.toordinal())
