"""The cells of a workbook in one row of places: column by column, so that a range of a column is a slice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.cells.columns import get_column_letter
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

    def __init__(self, keys: Mapping[str, Array]) -> None:
        """Take the keys of the cells by sheet, which rise."""
        self.keys = keys
        self.size = 0
        self._keys: dict[str, tuple[int, Array]] = {}  # with the place of the first
        for sheet, own in keys.items():
            self._keys[sheet] = self.size, own
            self.size += own.size

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Self:
        """Return the places of all cells of some boxes."""
        by_sheet: defaultdict[str, set[Box]] = defaultdict(set)
        for box in boxes:
            by_sheet[box.sheet].add(box)
        return cls({sheet: np.unique(_keys(by_sheet[sheet])) for sheet in sorted(by_sheet)})

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

    def address(self, place: int) -> Address:
        """Return the address of the cell at a place."""
        sheet, (first, keys) = next(
            one for one in reversed(self._keys.items()) if one[1][0] <= place and one[1][1].size
        )
        column, row = divmod(int(keys[place - first]), _COLUMN)
        return sheet, f"{get_column_letter(column)}{row}"

    def look(self, sheet: str, rows: Array, columns: Array) -> Array:
        """Return the places of cells, -1 for those that are not there."""
        if sheet not in self._keys:
            return np.full(np.broadcast(rows, columns).shape, -1)
        first, keys = self._keys[sheet]
        wanted = columns * _COLUMN + rows
        found = np.searchsorted(keys, wanted)
        return np.where(keys[np.minimum(found, keys.size - 1)] == wanted, found + first, -1)

    def runs(self) -> Iterator[tuple[int, Box]]:
        """Yield the cells of columns that follow one another, each run with the place of its first."""
        for sheet, (first, keys) in self._keys.items():
            starts = np.flatnonzero(np.diff(keys, prepend=-1) != 1)
            ends = np.append(starts[1:], keys.size) - 1
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                column, top = divmod(int(keys[start]), _COLUMN)
                yield first + start, Box(sheet, top, column, int(keys[end]) % _COLUMN, column)


class Located:
    """Where cells stand, by their addresses."""

    def __init__(self, places: Places, some: Array | None = None) -> None:
        """Take places; where only `some` of them count, the others are as if they were not there."""
        self._places = places
        self._some = some
        self._known: dict[Address, int] = {}

    def of(self, addresses: Sequence[Address]) -> Array:
        """Return the places of cells, -1 for those that are not there."""
        known = self._known
        new = [address for address in addresses if address not in known]
        by_sheet: defaultdict[str, list[str]] = defaultdict(list)
        for sheet, cell in new:
            by_sheet[sheet].append(cell)
        for sheet, cells in by_sheet.items():
            rows, columns = np.array([row_and_column(cell) for cell in cells]).T
            found = self.column(sheet, rows, columns)
            known.update(zip([(sheet, cell) for cell in cells], found.tolist(), strict=True))
        return np.fromiter(map(known.__getitem__, addresses), dtype=np.intp, count=len(addresses))

    def column(self, sheet: str, rows: Array, columns: Any) -> Array:
        """Return the places of a sheet's cells, -1 for those that are not there."""
        found = self._places.look(sheet, rows, np.asarray(columns))
        return found if self._some is None else np.where((found >= 0) & self._some[found], found, -1)


def _keys(boxes: Iterable[Box]) -> Array:
    """Return the keys of all cells of some boxes."""
    found = [box for box in boxes if box.size > 1]
    single = np.array([box.left * _COLUMN + box.top for box in boxes if box.size == 1], dtype=np.int64)
    return np.concatenate([single, *(box.keys() for box in found)])
