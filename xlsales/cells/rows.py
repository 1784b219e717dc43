"""Rows of an input table, column by column: less to store, send and read than a dictionary for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Self, TypeAlias, TypeVar, overload

from xlsales.cells.arrays import Array
from xlsales.cells.table_columns import Columns
from xlsales.cells.values import InputValue

Row: TypeAlias = Mapping[str, InputValue]
T = TypeVar("T")


class Rows(Sequence[Row]):
    """Rows of one table; every column has a value for every row, None for blank.

    They may be some of the rows of many territories, which share their columns: what is made of a column is made once.
    """

    __slots__ = ("_all", "_changed", "_count", "_start")

    def __init__(self, columns: Mapping[str, Sequence[InputValue]], count: int) -> None:
        self._all = columns if isinstance(columns, Columns) else Columns(columns, count)
        self._start, self._count = 0, count
        self._changed: Mapping[str, Sequence[InputValue]] = {}

    @classmethod
    def of(cls, columns: Columns, start: int, count: int) -> Self:
        """Return some of the rows of columns."""
        self = cls(columns, count)
        self._start = start
        return self

    @property
    def columns(self) -> Mapping[str, Sequence[InputValue]]:
        """The columns by name."""
        if self._count == self._all.count and not self._changed:
            return self._all
        return _Cut(self._all, slice(self._start, self._start + self._count), self._changed)

    def numbers(self, name: str) -> Array:
        """Return a column of numbers, or of days, as cells hold it: NaN for blank."""
        return self._all.numbers(name)[self._start : self._start + self._count]

    def serials(self, name: str) -> list[Any]:
        """Return a column of days as serial numbers, None for blank; anything else in it is as it is."""
        return self._all.serials(name)[self._start : self._start + self._count]

    def mapped(self, name: str, function: Callable[[Any], T]) -> list[T]:
        """Return what a function makes of each value of a column; of days and numbers, which `with_columns` keeps."""
        return self._all.mapped(name, function)[self._start : self._start + self._count]

    def are(self, name: str, question: Callable[[Any], bool]) -> Array:
        """Return what a question about each value of a column is answered with; as `mapped`, not of changed ones."""
        return self._all.are(name, question)[self._start : self._start + self._count]

    @property
    def filled(self) -> frozenset[str]:
        """The columns that have a value."""
        if not self._count:
            return frozenset()
        stop = self._start + self._count
        some = {name for name in self._all.partly if self._all.blanks(name, self._start, stop) < self._count}
        return self._all.full | some if some else self._all.full

    def with_columns(self, changed: Mapping[str, Sequence[InputValue]]) -> Rows:
        """Return the same rows with other values in some columns, in the places of those that are there."""
        found = Rows.of(self._all, self._start, self._count)
        found._changed = {**self._changed, **changed}
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
        if follow and not any(rows._changed for rows in many):
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
        if step == 1 and not self._changed:
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


class _Cut(Mapping[str, Sequence[InputValue]]):
    """Columns of some of the rows."""

    __slots__ = ("_all", "_changed", "_some")

    def __init__(self, columns: Columns, some: slice, changed: Mapping[str, Sequence[InputValue]]) -> None:
        self._all, self._some, self._changed = columns, some, changed

    def __getitem__(self, name: str) -> Sequence[InputValue]:
        return self._changed[name] if name in self._changed else self._all[name][self._some]

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
