"""The columns of a table, as Python has their values and as arrays, each made of the other when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import compress
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self, TypeAlias, TypeVar

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.cells.values import InputValue, serial
from xlsales.epoch import EPOCH

T = TypeVar("T")


class Repeated(NamedTuple):
    """A column whose values come again and again: those that differ, and for each row the place of its own."""

    places: Array  # int32
    different: list[InputValue]

    def __len__(self) -> int:
        return len(self.places)

    def values(self) -> list[Any]:
        """Return the value of each row."""
        return _taken(self.different, self.places)

    def cut(self, start: int, stop: int) -> Repeated:
        """Return some rows, with no value that is in none of them."""
        places = self.places[start:stop]
        used = np.zeros(len(self.different), bool)
        used[places] = True
        numbers = np.cumsum(used, dtype=np.int32) - np.int32(1)
        return Repeated(numbers[places], list(compress(self.different, used.tolist())))


# Numbers are float64 with NaN for blank; whole numbers int64 and days, by their ordinals, int32, with the smallest
# number for blank. A column of blank cells is None, and any other a list, or where its values come again, that.
Packed: TypeAlias = "Array | Repeated | list[InputValue] | None"

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
        self._kept: dict[tuple[Callable[..., Any], str], Any] = {}
        self._made: dict[tuple[str, Callable[..., Any]], Array] = {}

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
            column = self._packed.get(name)
            found = list(map(function, self[name])) if column is None else _mapped(column, function, self.count)
            self._mapped[name, function] = found
        return found

    def kept(self, function: Callable[[Columns, str], T], about: str) -> T:
        """Return what a function makes of all columns; it is asked once."""
        if (function, about) not in self._kept:
            self._kept[function, about] = function(self, about)
        found: T = self._kept[function, about]
        return found

    def array(self, name: str, function: Callable[[Any], Any], dtype: type) -> Array:
        """Return what a function makes of each value as an array; it is asked once for all rows."""
        found = self._made.get((name, function))
        if found is None:
            column = self._packed.get(name)
            if isinstance(column, Repeated):
                found = np.array(list(map(function, column.different)), dtype)[column.places]
            else:
                found = np.fromiter(map(function, self[name]), dtype, self.count)
            self._made[name, function] = found
        return found

    def serials(self, name: str) -> list[Any]:
        """Return a column of days as serial numbers, None for blank; anything else in it is as it is."""
        found = self._serials.get(name)
        if found is None:
            found = self._serials[name] = _serials(self.packed(name), self.count)
        return found

    def filled(self, start: int, stop: int) -> frozenset[str]:
        """Return the columns that have a value in some rows."""
        if start == stop:
            return frozenset()
        full, names, before = self._blanks
        some = before[:, stop] - before[:, start] < stop - start
        return full.union(compress(names, some.tolist())) if names else full

    @cached_property
    def _blanks(self) -> tuple[frozenset[str], list[str], Array]:
        """The columns without a blank cell; others with a value, and how many of their cells are blank before each row.

        The last of these numbers is that of all rows.
        """
        blank = {name: self._are_blank(name) for name in self.names}
        full = frozenset(name for name, cells in blank.items() if not cells.any())
        partly = [name for name, cells in blank.items() if name not in full and not cells.all()]
        before = np.zeros((len(partly), self.count + 1), np.int32)
        for name, own in zip(partly, before, strict=True):
            np.cumsum(blank[name], out=own[1:])
        return full, partly, before

    def _are_blank(self, name: str) -> Array:
        column = self._packed.get(name, self._values.get(name))
        if column is None:
            return np.ones(self.count, bool)
        if isinstance(column, Repeated):
            return np.array([value is None for value in column.different], bool)[column.places]
        if isinstance(column, np.ndarray):
            return np.isnan(column) if column.dtype == np.float64 else column == _blank_of(column)
        return np.fromiter((value is None for value in column), bool, len(column))

    def cut(self, start: int, stop: int) -> Columns:
        """Return some rows."""
        return Columns.of_packed({name: _cut(self.packed(name), start, stop) for name in self.names}, stop - start)


def _cut(column: Packed, start: int, stop: int) -> Packed:
    if column is None:
        return None
    return column.cut(start, stop) if isinstance(column, Repeated) else column[start:stop]


def _taken(values: Sequence[Any], places: Array) -> list[Any]:
    """Return the values at some places."""
    array = np.empty(len(values), object)
    array[:] = values
    taken: list[Any] = array[places].tolist()
    return taken


def _mapped(column: Packed, function: Callable[[Any], T], count: int) -> list[T]:
    """Return what a function makes of each value of a packed column, asked once for those that come again."""
    if isinstance(column, Repeated):
        return _taken(list(map(function, column.different)), column.places)
    if not isinstance(column, np.ndarray) or column.dtype != np.int32:
        return list(map(function, _unpacked(column, count)))
    different, places = np.unique(column, return_inverse=True)
    return _taken([function(_day(day)) for day in different.tolist()], places)


def _day(ordinal: int) -> date | None:
    return None if ordinal == _NO_DAY else date.fromordinal(ordinal)


def days(values: Sequence[date | None]) -> Array:
    """Return days as they are packed."""
    ordinals = (_NO_DAY if day is None else day.toordinal() for day in values)
    return np.fromiter(ordinals, dtype=np.int32, count=len(values))


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
        different: list[Any] = list(set(values))
        known = dict(zip(different, days(different).tolist(), strict=True))
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
    if isinstance(column, Repeated):
        return column.values()
    if column.dtype == np.int32:
        return _mapped(column, _itself, count)
    return _with_blank(column, np.isnan(column) if column.dtype == np.float64 else column == _NO_COUNT)


def _itself(value: Any) -> Any:
    return value


def _with_blank(column: Array, are_blank: Array) -> list[Any]:
    """Return the values of a column of numbers, None for blank."""
    if are_blank.any():
        column = column.astype(object)
        column[are_blank] = None
    values: list[Any] = column.tolist()
    return values


def _serials(column: Packed, count: int) -> list[Any]:
    if column is None:
        return [None] * count
    if not isinstance(column, np.ndarray):
        return [serial(value) if isinstance(value, date) else value for value in _unpacked(column, count)]
    if column.dtype != np.int32:
        return _unpacked(column, count)
    return _with_blank(column - np.int64(EPOCH.toordinal()), column == _NO_DAY)


def _blank_of(column: Array) -> int:
    """Return what stands for blank in a column of counts or days."""
    return _NO_COUNT if column.dtype == np.int64 else _NO_DAY


def _numbers(column: Packed, count: int) -> Array:
    if column is None:
        return np.full(count, np.nan)
    if not isinstance(column, np.ndarray):
        return np.array(_serials(column, count), dtype=np.float64)
    if column.dtype == np.float64:
        return column
    if column.dtype == np.int64:
        return np.where(column == _NO_COUNT, np.nan, column)
    return np.where(column == _NO_DAY, np.nan, column.astype(np.float64) - EPOCH.toordinal())
