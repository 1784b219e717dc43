"""Areas as lists of cells: what functions that take a range whole have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.values import NO_ERROR, Value
from xlsales.cells.arrays import EMPTY_TEXT, ERROR, TEXT, Array

_MOST_IN_16_BITS = 2**15 - 1  # to count in them takes a third of the time
_MANY = 1_000  # sums at once, from which on one addition for all of them is faster than running totals


def listed(value: Value) -> tuple[Array, Array]:
    """Return kinds and numbers of an area with its cells, row by row, on one axis: (block, cells, planners)."""
    if value.cells is None:
        kind, numbers = value.kind, value.number
        if np.shape(kind) != np.shape(numbers):
            kind, numbers = np.broadcast_arrays(kind, numbers)
        block, rows, columns, planners = numbers.shape
        shape = (block, rows * columns, planners)
        value.cells = kind.reshape(shape), numbers.reshape(shape)
    return value.cells


def folded(texts: Texts, value: Value) -> Array:
    """Return numbers that are equal where an area's texts are but for their letter case, -1 where there is no text."""
    if value.folds is None:
        kinds, numbers = listed(value)
        is_text = kinds == TEXT
        value.folds = np.where(is_text, texts.folded(np.where(is_text, numbers, EMPTY_TEXT)), -1)
    return value.folds


def shape_of(value: Value) -> tuple[int, int]:
    """Return rows and columns of an area; a scalar has one of each."""
    if not value.is_area:
        return 1, 1
    shape = value.number.shape if getattr(value.number, "ndim", 0) == 4 else value.kind.shape
    return shape[1], shape[2]


def reduced(combine: np.ufunc, cells: Any, value: Value) -> Any:
    """Combine (block, cells, planners) over the cells, each row after the one before, whoever stands beside it."""
    if value.until is None:
        return _added(cells) if combine is np.add else combine.reduce(cells, axis=1)
    last = value.until * shape_of(value)[1] - 1
    down = combine.accumulate(cells, axis=1)
    return down[0, last] if cells.shape[0] == 1 else down[np.arange(last.size), last]


def _added(cells: Array) -> Array:
    """Add (block, cells, planners) up, one cell after the other: NumPy's own sum has an order of its choice."""
    if cells[:, 0].size < _MANY:
        found: Array = np.add.accumulate(cells, axis=1)[:, -1]
        return found
    found = cells[:, 0].copy()
    for place in range(1, cells.shape[1]):
        found += cells[:, place]
    return found


def counted(which: Any, value: Value) -> Any:
    """Count where something holds in an area, given as (block, cells, planners)."""
    if value.until is None and which.shape[1] <= _MOST_IN_16_BITS:
        return np.add.reduce(which.view(np.int8), axis=1, dtype=np.int16).astype(np.float64)
    if value.until is None:
        return np.count_nonzero(which, axis=1).astype(np.float64)
    return reduced(np.add, which.astype(np.float64), value)


def faults_in(value: Value) -> Any:
    """Return the first error of an area for each cell of the block and planner."""
    if not value.kinds & ERROR:
        return None
    kind, numbers = listed(value)
    wrong = np.equal(kind, ERROR)
    if value.until is not None:
        wrong = wrong & (np.arange(wrong.shape[1])[None, :] < (value.until * shape_of(value)[1])[:, None])[:, :, None]
    first = wrong.argmax(axis=1)[:, None]
    numbers = np.broadcast_to(numbers, wrong.shape)
    found = np.take_along_axis(numbers, first, axis=1)[:, 0] + 1.0
    return np.where(wrong.any(axis=1), found, float(NO_ERROR))


def block_of(value: Value) -> int:
    """Return for how many cells of the block a value is given."""
    arrays: tuple[Any, ...] = (value.kind, value.number, value.until)
    return max([array.shape[0] for array in arrays if getattr(array, "ndim", 0)], default=1)


def rows_of(value: Value, rows: slice) -> Value:
    """Return a value for some cells of the block."""
    if block_of(value) == 1:
        return value
    kind, numbers = (
        array[rows] if np.ndim(array) and np.shape(array)[0] > 1 else array for array in (value.kind, value.number)
    )
    until = None if value.until is None else value.until[rows]
    return Value(value.kinds, kind, numbers, reference=value.reference, until=until)
