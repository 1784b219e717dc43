"""Accepted rows of a table: of each column the values that differ, and for each row the place of its own.

So what is to be found out of values – their order, their days, their blanks – is asked once for each that differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.schema import NUMERIC, TABLES, Column, Kind, Table
from xlsales.tables.cells import Value
from xlsales.tables.coded import Codes, objects

EXACT = 2**53


@dataclass(frozen=True)
class Values:
    """The values of a column: those that differ, each in some row, and for each row the place of its own."""

    places: Codes
    different: list[Value]

    def some(self, rows: npt.NDArray[np.bool_]) -> Values:
        """Return those of some rows."""
        if rows.all():
            return self
        places = self.places[rows]
        used = np.bincount(places, minlength=len(self.different)) > 0
        return Values((np.cumsum(used) - 1)[places], list(compress(self.different, used.tolist())))

    @property
    def are_blank(self) -> npt.NDArray[np.bool_]:
        """Of each row, whether its cell is blank."""
        return self.among(None)

    def among(self, *wanted: Value) -> npt.NDArray[np.bool_]:
        """Return of each row whether its value is one of those wanted."""
        found: npt.NDArray[np.bool_] = np.array([value in wanted for value in self.different], bool)[self.places]
        return found

    def array(self, column: Column) -> npt.NDArray[Any]:
        """Return the value of each row, as a frame holds them."""
        values = np.array(self.different, np.float64) if column.kind in NUMERIC else objects(self.different)
        return values[self.places]


@dataclass(frozen=True)
class HeldRows:
    """The accepted rows of a table."""

    table: Table
    index: pd.Index[int]  # the row numbers
    columns: Mapping[str, Values]

    def __len__(self) -> int:
        return len(self.index)

    @classmethod
    def of(cls, table: Table, frame: pd.DataFrame) -> HeldRows:
        """Return the rows of a frame."""
        return cls(table, frame.index, {column.name: _values(frame[column.name], column) for column in table})

    @classmethod
    def none(cls, table: Table) -> HeldRows:
        """Return no rows."""
        places = np.zeros(0, np.intp)
        return cls(table, pd.Index([], dtype=np.int64), {column.name: Values(places, []) for column in table})

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The same rows as a frame."""
        arrays = ((column.name, self.columns[column.name].array(column)) for column in self.table)
        columns = {name: pd.Series(array, self.index, array.dtype) for name, array in arrays}
        return pd.DataFrame(columns, self.index, copy=False)


class Frames(MutableMapping[str, pd.DataFrame]):
    """The accepted rows of every table as frames, each made when it is asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame | HeldRows]) -> None:
        self._tables = dict(tables)
        self._held: dict[str, HeldRows] = {}  # of frames

    def __getitem__(self, name: str) -> pd.DataFrame:
        found = self._tables[name]
        return found.frame if isinstance(found, HeldRows) else found

    def __setitem__(self, name: str, frame: pd.DataFrame | HeldRows) -> None:
        self._tables[name] = frame
        self._held.pop(name, None)

    def __delitem__(self, name: str) -> None:
        del self._tables[name]
        self._held.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def count(self, name: str) -> int:
        """Return how many rows a table has."""
        return len(self._tables[name])

    def held(self, name: str) -> HeldRows:
        """Return the rows of a table."""
        found = self._tables[name]
        if isinstance(found, HeldRows):
            return found
        if name not in self._held:
            self._held[name] = HeldRows.of(TABLES[name], found)
        return self._held[name]


def _values(cells: pd.Series[Any], column: Column) -> Values:
    places, different = pd.factorize(cells.to_numpy(), use_na_sentinel=False)
    values = python_values(different, column)
    return Values(places, [None if value != value else value for value in values])


def python_values(array: npt.NDArray[Any], column: Column) -> list[Value]:
    """The values of a frame's column as Python has them: None for blank, counts as int."""
    values: list[Value] = array.tolist()
    if column.kind not in NUMERIC:
        return values
    whole = column.kind is Kind.COUNT
    missing = np.isnan(array) if array.dtype == np.float64 else None
    if missing is not None and not (whole and np.abs(array[~missing]).max(initial=0) > EXACT):
        numbers = np.where(missing, 0, array).astype(np.int64) if whole else array
        cells: npt.NDArray[Any] = numbers.astype(object)
        cells[missing] = None
        return list(cells)
    return [None if value != value else int(value) if whole and isinstance(value, float) else value for value in values]
