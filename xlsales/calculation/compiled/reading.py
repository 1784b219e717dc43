"""How the cells that a block refers to are read, each range once in a calculation."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.values import Value, anywhere, of
from xlsales.cells.arrays import Array
from xlsales.cells.values import Address

if TYPE_CHECKING:
    from xlsales.calculation.compiled.groups import Access


@dataclass
class Run:
    """One calculation of several planners."""

    planners: int
    numbers: Array  # (places, planners)
    kinds: Array
    texts: Texts
    memory: list[Any]  # what was read or worked out already, by slot
    thorough: bool = False  # whether both sides of every IF are worked out, as a trial of the formulas
    left: Sequence[Mapping[Address, str]] = field(default_factory=list)  # for Excel in each planner, where any may be
    asked: Any = None  # where values are asked for, as (cells of the block, planners); anywhere, unless told
    doubts: list[Any] = field(default_factory=list)  # where values of the step that is calculated are in doubt
    doubtful: list[tuple[int, Any]] = field(default_factory=list)  # those of all steps, with the number of each

    @property
    def every(self) -> Array:
        """The numbers of the planners, to pick one cell for each."""
        return np.arange(self.planners)

    def doubt(self, where: Any) -> None:
        """Note where it is not known what Excel makes of a value: in cells of the block and planners, or in areas."""
        if not anywhere(where):
            return
        if np.ndim(where) == 4:
            where = where.any(axis=(1, 2))
        if self.asked is not None:
            where = where & self.asked
            if not anywhere(where):
                return
        self.doubts.append(where)

    def asked_in(self, shape: tuple[int, ...]) -> Array | None:
        """Return which of some values are asked for, or more; None where all may be."""
        asked = self.asked
        if asked is None or len(shape) != 2 or shape[1] != asked.shape[1]:
            return None
        if asked.shape[0] not in (1, shape[0]):
            if shape[0] != 1:
                return None
            asked = asked.any(axis=0, keepdims=True)
        found: Array = np.broadcast_to(asked, shape)
        return found

    def only(self, expression: Expression, where: Any) -> Value:
        """Work an expression out for those who look at it in some places alone; elsewhere it may be anything."""
        if self.thorough or getattr(where, "ndim", 0) != 2:
            return expression(self)
        before = self.asked
        self.asked = where if before is None else before & where
        try:
            return expression(self)
        finally:
            self.asked = before


Expression: TypeAlias = Callable[[Run], Value]


class Way(IntEnum):
    """How a reference reads cells."""

    FIXED = 0  # what depends on no input, read once for all
    SLICE = 1  # single cells at one distance from each other
    COLUMN = 2  # a range of one column that all cells of a block share
    GATHERED = 3


class Reading(NamedTuple):
    """How a reference reads cells, and where in a run's memory that stands; nothing in it but numbers."""

    way: Way
    places: Array  # those that are gathered or fixed
    start: int = 0
    stop: int = 0
    step: int = 1
    slot: int = 0
    until: Array | None = None  # how many rows of it each cell of the block sees, where they differ


NO_PLACES = np.empty(0, dtype=np.intp)


@dataclass
class Reader:
    """Tells how cells are read."""

    reached: Array  # (places,): which depend on inputs
    slots: dict[Hashable, int] = field(default_factory=dict)

    def slot(self, key: Hashable) -> int:
        """Return a place in a run's memory, the same for the same key."""
        return self.slots.setdefault(key, len(self.slots))

    def reading(self, access: Access) -> Reading:
        """Return how a cell or range is read."""
        if not self.reached[access.places].any():
            return Reading(Way.FIXED, access.places, until=access.until)
        if access.until is not None:
            return self._whole(access.places[0])._replace(until=access.until)
        if access.is_range:
            return self._whole(access.places[0]) if access.places.shape[0] == 1 else self._gathered(access.places)
        return self._cells(access.places)

    def _cells(self, places: Array) -> Reading:
        if (places == places[0]).all():
            places = places[:1]
        step = _step(places)
        if not step:
            return self._gathered(places)
        start, stop = int(places[0]), int(places[-1]) + 1
        return Reading(Way.SLICE, NO_PLACES, start, stop, step, self.slot((start, stop, step)))

    def _gathered(self, places: Array) -> Reading:
        return Reading(Way.GATHERED, places, slot=self.slot((places.shape, places.tobytes())))

    def _whole(self, places: Array) -> Reading:
        """Read a range that all cells of the block share."""
        if places.shape[1] == 1 and _step(places[:, 0]) == 1:
            first, last = int(places[0, 0]), int(places[-1, 0]) + 1
            return Reading(Way.COLUMN, NO_PLACES, first, last, slot=self.slot((first, last, "range")))
        return self._gathered(places[None])


def expression(reading: Reading, numbers: Array, kinds: Array) -> Expression:
    """Return what reads cells so, given what those hold that depend on no input."""
    if reading.way is Way.FIXED:
        return _constant(_fixed(reading, numbers, kinds))
    found = _remembered(reading.slot, _READS[reading.way](reading))
    return found if reading.until is None else _growing(found, reading.until)


def kinds_alone(reading: Reading, numbers: Array, kinds: Array) -> Expression:
    """Return what reads a range for who does not look at its numbers: these are many bytes more to gather."""
    places, slot = reading.places, reading.slot
    whole = expression(reading, numbers, kinds)
    if reading.way is not Way.GATHERED or places.ndim == 1 or reading.until is not None:
        return whole

    def read(run: Run) -> Value:
        if run.memory[slot] is not None:
            return whole(run)
        found = run.kinds.take(places, axis=0)
        return of(found, np.broadcast_to(0.0, found.shape), reference=True)

    return read


def _fixed(reading: Reading, numbers: Array, kinds: Array) -> Value:
    places = reading.places
    if places.ndim == 1 and (places == places[0]).all():
        kind = int(kinds[places[0]])
        return Value(kind, kind, float(numbers[places[0]]), reference=True)
    return of(kinds[places][..., None], numbers[places][..., None], reference=True, until=reading.until)


def _slice(reading: Reading) -> Expression:
    which = slice(reading.start, reading.stop, reading.step)
    return lambda run: of(run.kinds[which], run.numbers[which], reference=True)


def _gathered(reading: Reading) -> Expression:
    places = reading.places
    return lambda run: of(run.kinds.take(places, axis=0), run.numbers.take(places, axis=0), reference=True)


def _column(reading: Reading) -> Expression:
    first, last = reading.start, reading.stop

    def read(run: Run) -> Value:
        shape = (1, last - first, 1, run.planners)
        kinds, numbers = run.kinds[first:last].reshape(shape), run.numbers[first:last].reshape(shape)
        return of(kinds, numbers, reference=True)

    return read


_READS: Mapping[Way, Callable[[Reading], Expression]] = {
    Way.SLICE: _slice,
    Way.COLUMN: _column,
    Way.GATHERED: _gathered,
}


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
