"""The cells of a workbook in one row of places: column by column, so that a range of a column is a slice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.cells.references import LAST_ROW, row_and_column
from xlsales.cells.values import Address

_COLUMN = LAST_ROW + 1  # how far apart the keys of neighbouring columns are


class Box(NamedTuple):
    """A range of a sheet, or a cell."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def keys(self) -> Array:
        """Return the keys of its cells: they rise from row to row, and from column to column."""
        rows, columns = np.arange(self.top, self.bottom + 1), np.arange(self.left, self.right + 1)
        return (columns[:, None] * _COLUMN + rows).ravel()


class Places:
    """Where each cell stands in the row of all cells: only those that somebody needs, however far apart they are."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        by_sheet: defaultdict[str, set[Box]] = defaultdict(set)
        for box in boxes:
            by_sheet[box.sheet].add(box)
        self.size = 0
        self._keys: dict[str, tuple[int, Array]] = {}  # with the place of the first
        for sheet in sorted(by_sheet):
            keys = np.unique(_keys(by_sheet[sheet]))
            self._keys[sheet] = self.size, keys
            self.size += keys.size

    def of(self, sheet: str, rows: Array, columns: Array) -> Array:
        """Return the places of cells that are there."""
        first, keys = self._keys[sheet]
        return np.searchsorted(keys, columns * _COLUMN + rows) + first

    def all_of(self, addresses: Sequence[Address]) -> list[int]:
        """Return the places of cells that are there, by their addresses."""
        found = np.zeros(len(addresses), dtype=np.intp)
        by_sheet: defaultdict[str, list[int]] = defaultdict(list)
        for index, (sheet, _cell) in enumerate(addresses):
            by_sheet[sheet].append(index)
        for sheet, indexes in by_sheet.items():
            cells = np.array([row_and_column(addresses[index][1]) for index in indexes])
            found[indexes] = self.of(sheet, cells[:, 0], cells[:, 1])
        places: list[int] = found.tolist()
        return places

    def runs(self) -> Iterator[tuple[int, Box]]:
        """Yield the cells of columns that follow one another, each run with the place of its first."""
        for sheet, (first, keys) in self._keys.items():
            starts = np.flatnonzero(np.diff(keys, prepend=-1) != 1)
            ends = np.append(starts[1:], keys.size) - 1
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                column, top = divmod(int(keys[start]), _COLUMN)
                yield first + start, Box(sheet, top, column, int(keys[end]) % _COLUMN, column)


def _keys(boxes: Iterable[Box]) -> Array:
    """Return the keys of all cells of some boxes."""
    found = [box for box in boxes if box.size > 1]
    single = np.array([box.left * _COLUMN + box.top for box in boxes if box.size == 1], dtype=np.int64)
    return np.concatenate([single, *(box.keys() for box in found)])
