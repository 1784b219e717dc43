"""Cells that meet criteria, picked: counted or added up for each value that is looked for, without passing others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from xlsales.calculation.compiled.values import everywhere
from xlsales.cells.arrays import Array

_CACHED = 50_000  # cells that are compared at a time
_MOST = 1_000_000  # whole numbers, those of all planners, among which some are looked for


class Picked(Protocol):
    """The cells that meet criteria, for each cell of the block and planner."""

    def counts(self, of: Array | None = None) -> Array:
        """Count these cells, or add up what is given of each, one after the other."""

    def of(self, cells: Array) -> Array:
        """Return what stands in them, given the cells of all planners: (1, cells, planners)."""


class Few(NamedTuple):
    """Those for some values alone that are asked for, where these are few."""

    places: Array  # of the values among those of all cells of the block and planners
    shape: tuple[int, int]
    own: Array  # for each cell that meets the criteria, to which of the values it belongs
    where: tuple[Array, Array]  # and its planner and cell

    def counts(self, of: Array | None = None) -> Array:
        """Count them, or add them up; 0 for values that are not asked for."""
        whole = np.zeros(self.shape)
        whole.ravel()[self.places] = np.bincount(self.own, of, self.places.size)
        return whole

    def of(self, cells: Array) -> Array:
        """Return what stands in them."""
        return by_planner(cells, self.shape[1])[self.where]


class Equal(NamedTuple):
    """Those that are equal to whole numbers, such as days, of which each planner looks for many."""

    numbers: Array  # for each cell that meets the criteria, the number and planner that it belongs to
    where: Array  # and its place among those of all cells and planners
    sought: Array  # (block, planners): the same of what is looked for
    size: int  # of all numbers and planners
    planners: int

    def counts(self, of: Array | None = None) -> Array:
        """Count them, or add them up; anything for values that are not asked for."""
        found: Array = np.bincount(self.numbers, of, self.size)[self.sought]
        return found.astype(np.float64, copy=False)

    def of(self, cells: Array) -> Array:
        """Return what stands in them."""
        found: Array = np.broadcast_to(cells[0], (cells.shape[1], self.planners)).ravel()[self.where]
        return found


def equal(cells: Array, which: Any, sought: Array, asked: Array | None) -> Equal | None:
    """Find the cells that are equal to numbers, each planner's, among those (cells, planners) that count.

    None where a number that is asked for is not whole, or where these are too far apart.
    """
    planners = sought.shape[1]
    some = sought if asked is None else sought[np.broadcast_to(asked, sought.shape)]
    if not some.size or not everywhere(some == np.trunc(some)):
        return None
    lowest, highest = some.min(), some.max()
    span = highest - lowest + 1
    if not span * planners <= _MOST:
        return None
    inside = (cells >= lowest) & (cells <= highest) & (cells == np.trunc(cells)) & which
    where = np.flatnonzero(inside)
    first = np.arange(planners) * int(span)
    numbers = first[where % planners] + (cells[inside] - lowest).astype(np.intp)
    own = first + (np.clip(sought, lowest, highest) - lowest).astype(np.intp)
    return Equal(numbers, where, own, int(span) * planners, planners)


def equal_pairs(numbers: Array, planners: Array, sought: Array) -> tuple[Array, Array]:
    """Return to which of some values which cells are equal, given those of all planners and the planner of each.

    They are put in order once, and each value is looked up.
    """
    different = np.unique(sought)
    if not different.size:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    places = np.searchsorted(different, numbers)
    places[places == different.size] = 0
    planner, cells = np.divmod(np.flatnonzero(different[places] == numbers), numbers.shape[1])
    keys = planner * different.size + places[planner, cells]
    order = np.argsort(keys, kind="stable")
    wanted = planners * different.size + np.searchsorted(different, sought)
    start, stop = (np.searchsorted(keys[order], wanted, side) for side in ("left", "right"))
    own = np.repeat(np.arange(sought.size), stop - start)
    before = np.cumsum(stop - start) - (stop - start)
    return own, cells[order[np.arange(own.size) + (start - before)[own]]]


def compared_pairs(
    compare: Callable[[Any, Any], Array], numbers: Array, planners: Array, sought: Array
) -> tuple[Array, Array]:
    """Return the same where cells are to be less or more: all of them are compared."""
    size = numbers.shape[1]
    step = max(1, _CACHED // size)
    found = [np.empty(0, dtype=np.intp)]
    for start in range(0, sought.size, step):
        some = slice(start, start + step)
        met = compare(numbers[planners[some]], sought[some, None])
        found.append(np.flatnonzero(met) + start * size)
    return np.divmod(np.concatenate(found), size)


def by_planner(cells: Array, planners: int) -> Array:
    """Return cells (1, cells, planners) as (planners, cells)."""
    return np.broadcast_to(np.ascontiguousarray(cells[0].T), (planners, cells.shape[1]))
