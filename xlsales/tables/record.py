"""Rows of a source, before their columns are matched."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlsales.tables.raw import Problem


class Record(NamedTuple):
    """One row of a source; as many cells as the header has."""

    row: int
    cells: Sequence[object]
    problem: Problem | None = None  # why it could not be read whole
    beside: Sequence[int] = ()  # positions of cells beyond the header


class Deferred(ABC):
    """Rows of a source that are not taken apart yet; as a process sends them to another, so they come."""

    rows: Sequence[int]

    @abstractmethod
    def records(self) -> Iterator[Record]:
        """Take them apart."""

    def held(self) -> Iterable[Deferred]:
        """Return the same rows with all that it takes to take them apart, wherever that is done."""
        return [self]


class Run(NamedTuple):
    """Rows of a source column by column; as many columns as the header has."""

    rows: Sequence[int]
    columns: Sequence[Sequence[object]]
    problems: Mapping[int, Problem] = {}  # why some of them could not be read whole

    def part(self, which: slice) -> Run:
        """Some of the rows, one after the other."""
        return self._replace(rows=self.rows[which], columns=[cells[which] for cells in self.columns])
