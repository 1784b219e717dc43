"""Reads the cells that a block refers to, each range once in a calculation."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from xlsales.calculation.compiled.groups import Access
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.values import Value, of
from xlsales.cells.arrays import Array
from xlsales.cells.values import Address


@dataclass
class Run:
    """One calculation of several planners."""

    planners: int
    numbers: Array  # (places, planners)
    kinds: Array
    texts: Texts
    memory: list[Any]  # what was read or worked out already, by slot
    thorough: bool = False  # whether both sides of every IF are worked out, as a trial of the formulas
    left: list[Mapping[Address, str]] = field(default_factory=list)  # for Excel in each planner, where any may be

    @property
    def every(self) -> Array:
        """The numbers of the planners, to pick one cell for each."""
        return np.arange(self.planners)


Expression: TypeAlias = Callable[[Run], Value]


@dataclass
class Reader:
    """Makes the expressions that read cells."""

    numbers: Array  # (places,) what cells hold that depend on no input
    kinds: Array
    reached: Array  # which depend on inputs
    slots: dict[Hashable, int] = field(default_factory=dict)

    def slot(self, key: Hashable) -> int:
        """Return a place in a run's memory, the same for the same key."""
        return self.slots.setdefault(key, len(self.slots))

    def expression(self, access: Access) -> Expression:
        """Return what reads a cell or range."""
        if not self.reached[access.places].any():
            return _constant(self._fixed(access))
        if access.until is not None:
            whole = self._whole(access.places[0])
            return _growing(whole, access.until)
        if access.is_range:
            return self._whole(access.places[0]) if access.places.shape[0] == 1 else self._gathered(access.places)
        return self._cells(access.places)

    def _fixed(self, access: Access) -> Value:
        places = access.places
        if not access.is_range and (places == places[0]).all():
            kind = int(self.kinds[places[0]])
            return Value(kind, kind, float(self.numbers[places[0]]), reference=True)
        return of(self.kinds[places][..., None], self.numbers[places][..., None], reference=True, until=access.until)

    def _cells(self, places: Array) -> Expression:
        if (places == places[0]).all():
            places = places[:1]
        step = _step(places)
        return self._slice(places, step) if step else self._gathered(places)

    def _slice(self, places: Array, step: int) -> Expression:
        which = slice(int(places[0]), int(places[-1]) + 1, step)
        return _remembered(
            self.slot((which.start, which.stop, step)),
            lambda run: of(run.kinds[which], run.numbers[which], reference=True),
        )

    def _gathered(self, places: Array) -> Expression:
        return _remembered(
            self.slot((places.shape, places.tobytes())),
            lambda run: of(run.kinds[places], run.numbers[places], reference=True),
        )

    def _whole(self, places: Array) -> Expression:
        """Read a range that all cells of the block share."""
        rows, columns = places.shape
        if columns == 1 and _step(places[:, 0]) == 1:
            first, last = int(places[0, 0]), int(places[-1, 0]) + 1

            def read(run: Run) -> Value:
                shape = (1, rows, 1, run.planners)
                kinds, numbers = run.kinds[first:last].reshape(shape), run.numbers[first:last].reshape(shape)
                return of(kinds, numbers, reference=True)

            return _remembered(self.slot((first, last, "range")), read)
        return self._gathered(places[None])


def _step(places: Array) -> int:
    """Return the distance of places that stand at one distance from each other, 0 where they do not."""
    if places.size == 1:
        return 1
    steps = np.diff(places)
    return int(steps[0]) if steps[0] > 0 and (steps == steps[0]).all() else 0


def _constant(value: Value) -> Expression:
    return lambda run: value


def _growing(whole: Expression, until: Array) -> Expression:
    def read(run: Run) -> Value:
        value = whole(run)
        return Value(value.kinds, value.kind, value.number, reference=True, until=until)

    return read


def _remembered(slot: int, read: Expression) -> Expression:
    def expression(run: Run) -> Value:
        found: Value | None = run.memory[slot]
        if found is None:
            found = run.memory[slot] = read(run)
        return found

    return expression
