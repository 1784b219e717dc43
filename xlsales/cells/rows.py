"""Rows of an input table, column by column: less to store, send and read than a dictionary for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self, TypeAlias, TypeVar, overload

from xlsales.cells.arrays import Array
from xlsales.cells.table_columns import Columns
from xlsales.cells.values import InputValue

Row: TypeAlias = Mapping[str, InputValue]
T = TypeVar("T")
Turn: TypeAlias = Callable[[Any], Any]


class Rows(Sequence[Row]):
    """Rows of one table; every column has a value for every row, None for blank.

    They may be some of the rows of many territories, which share their columns: what is made of a column is made once.
    """

    __slots__ = ("_all", "_count", "_start", "_turned")

    def __init__(self, columns: Mapping[str, Sequence[InputValue]], count: int) -> None:
        self._all = columns if isinstance(columns, Columns) else Columns(columns, count)
        self._start, self._count = 0, count
        self._turned: Mapping[str, Turn] = {}

    @classmethod
    def of(cls, columns: Columns, start: int, count: int) -> Self:
        """Return some of the rows of columns."""
        self = cls(columns, count)
        self._start = start
        return self

    @property
    def all(self) -> Columns:
        """The columns of all territories, as they are before any is turned."""
        return self._all

    @property
    def place(self) -> slice:
        """Where the rows stand in those."""
        return slice(self._start, self._start + self._count)

    @property
    def columns(self) -> Mapping[str, Sequence[InputValue]]:
        """The columns by name."""
        if self._count == self._all.count and not self._turned:
            return self._all
        return _Cut(self._all, slice(self._start, self._start + self._count), self._turned)

    def numbers(self, name: str) -> Array:
        """Return a column of numbers, or of days, as cells hold it: NaN for blank."""
        return self._all.numbers(name)[self._start : self._start + self._count]

    def serials(self, name: str) -> list[Any]:
        """Return a column of days as serial numbers, None for blank; anything else in it is as it is."""
        return self._all.serials(name)[self._start : self._start + self._count]

    def mapped(self, name: str, function: Callable[[Any], T]) -> list[T]:
        """Return what a function makes of each value of a column."""
        turn = self._turned.get(name)
        found = self._all.mapped(name, function if turn is None else _Then(turn, function))
        return found[self._start : self._start + self._count]

    def array(self, name: str, function: Callable[[Any], Any], dtype: type) -> Array:
        """Return the same as an array."""
        turn = self._turned.get(name)
        found = self._all.array(name, function if turn is None else _Then(turn, function), dtype)
        return found[self._start : self._start + self._count]

    @property
    def filled(self) -> frozenset[str]:
        """The columns that have a value."""
        return self._all.filled(self._start, self._start + self._count)

    def turned(self, turns: Mapping[str, Turn]) -> Rows:
        """Return the same rows with what a function makes of the values of some columns, in texts or blank cells."""
        found = Rows.of(self._all, self._start, self._count)
        found._turned = turns
        return found

    @staticmethod
    def together(many: Sequence[Rows]) -> tuple[Columns, list[int]]:
        """Return the columns of several rows of one table, and where each of these begins."""
        starts = [0]
        for rows in many:
            starts.append(starts[-1] + len(rows))
        first = many[0]
        places = [(rows._all, rows._start) for rows in many]
        follow = all(
            after == (before[0], before[1] + len(rows))
            for (before, after), rows in zip(pairwise(places), many, strict=False)
        )
        if follow and not any(rows._turned for rows in many):
            return first._all.cut(first._start, first._start + starts[-1]), starts[:-1]
        joined = {name: [value for rows in many for value in rows.columns[name]] for name in first.columns}
        return Columns(joined, starts[-1]), starts[:-1]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        names = tuple(self.columns)
        return (dict(zip(names, cells, strict=True)) for cells in zip(*self.columns.values(), strict=True))

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Row | Rows:
        if not isinstance(index, slice):
            return {name: values[index] for name, values in self.columns.items()}
        start, stop, step = index.indices(self._count)
        if step == 1 and not self._turned:
            return Rows.of(self._all, self._start + start, max(0, stop - start))
        columns = {name: values[index] for name, values in self.columns.items()}
        return Rows(columns, len(range(start, stop, step)))

    def __reduce__(self) -> tuple[Callable[..., Rows], tuple[Columns, int]]:
        own, _starts = Rows.together([self])
        return Rows, (own, self._count)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        raise TypeError("rows can change, and have no hash")


@dataclass(frozen=True)
class _Then:
    """What one function makes of what another makes of a value; equal where both are the same."""

    first: Callable[[Any], Any]
    second: Callable[[Any], Any]

    def __call__(self, value: Any) -> Any:
        return self.second(self.first(value))


class _Cut(Mapping[str, Sequence[InputValue]]):
    """Columns of some of the rows."""

    __slots__ = ("_all", "_some", "_turned")

    def __init__(self, columns: Columns, some: slice, turned: Mapping[str, Turn]) -> None:
        self._all, self._some, self._turned = columns, some, turned

    def __getitem__(self, name: str) -> Sequence[InputValue]:
        turn = self._turned.get(name)
        return (self._all[name] if turn is None else self._all.mapped(name, turn))[self._some]

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
