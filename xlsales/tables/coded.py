"""Columns as numbers that stand for their different cells: what can be said of a cell is said once for all its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.tables.cells import Value
from xlsales.tables.raw import RawTable, is_blank

Codes = npt.NDArray[np.intp]
Objects = npt.NDArray[Any]

# Kinds of columns, by pandas' names, in which no two different cells are equal.
_ALIKE = {"string", "integer", "floating", "date", "boolean", "empty"}


@dataclass(frozen=True)
class Coded:
    """A column: for each row the place of its cell among those that differ."""

    codes: Codes
    cells: Sequence[object]


def of_table(raw: RawTable, name: str) -> Coded:
    """Return a column of a table as codes."""
    return coded(raw.frame[name].to_numpy()) if raw.unread is None else raw.unread.coded(name)


def coded(array: Objects) -> Coded:
    """Return a column of cells as codes; cells that are equal but not alike, as 1 and TRUE, stay apart."""
    if pd.api.types.infer_dtype(array, skipna=True) not in _ALIKE:
        return _one_by_one(array)
    codes, found = pd.factorize(array)
    missing = codes < 0
    if not missing.any():
        return Coded(codes, found.tolist())
    if not all(map(is_blank, array[missing])):  # such as pandas' NaT
        return _one_by_one(array)
    return Coded(np.where(missing, len(found), codes), [*found.tolist(), None])


def _one_by_one(array: Objects) -> Coded:
    known: dict[object, int] = {}
    cells: list[object] = []
    codes = np.empty(len(array), np.intp)
    for row, cell in enumerate(array.tolist()):
        alike = None if is_blank(cell) else (type(cell), *_told(cell, row))
        code = known.setdefault(alike, len(cells))
        if code == len(cells):
            cells.append(None if alike is None else cell)
        codes[row] = code
    return Coded(codes, cells)


def _told(cell: object, row: int) -> tuple[object, ...]:
    """Return what tells a cell from others of its type."""
    if isinstance(cell, Decimal):  # 1.0 and 1.00 are equal, and not the same identifier
        return (str(cell),)
    try:
        hash(cell)
    except TypeError:  # such as a list; nothing but itself is like it
        return ("", row)
    return (cell,)


def objects(values: Sequence[Value]) -> Objects:
    """Return values as an array of objects."""
    array = np.empty(len(values), object)
    array[:] = values
    return array


def numbered(values: Sequence[Value], known: dict[Value, int], *, add: bool) -> Codes:
    """Return a number for each value, the same for equal ones; −1 for those not known, where none are added."""
    if add:
        return np.array([known.setdefault(value, len(known)) for value in values], np.intp)
    return np.array([known.get(value, -1) for value in values], np.intp)
