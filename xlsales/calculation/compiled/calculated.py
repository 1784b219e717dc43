"""The cells of some planners that are calculated together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from xlsales.calculation.compiled.cells import Located
from xlsales.calculation.compiled.form import Base
from xlsales.calculation.compiled.inputs import TURNED
from xlsales.calculation.compiled.reading import Expression, Run
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.values import Value
from xlsales.cells.arrays import BLANK, NUMBER, Array, CellArrays, objects
from xlsales.cells.values import Address, CellValue
from xlsales.texts import _

_GIVEN = 32  # planners of which all cells are turned from rows into columns at a time


class Room:
    """Memory for the cells of a calculation, taken once for many: what is new has to be cleared by the system."""

    def __init__(self) -> None:
        self._numbers, self._kinds = np.empty(0), np.empty(0, dtype=np.int8)

    @cached_property
    def for_planners(self) -> Room:
        """More memory, for what is given of each planner."""
        return Room()

    def arrays(self, rows: int, columns: int) -> tuple[Array, Array]:
        """Return room for numbers and kinds, whatever stands in it."""
        size = rows * columns
        if self._numbers.size < size:
            self._numbers, self._kinds = np.empty(size), np.empty(size, dtype=np.int8)
        return self._numbers[:size].reshape(rows, columns), self._kinds[:size].reshape(rows, columns)


class Calculated:
    """What the cells hold in each planner."""

    def __init__(self, run: Run, located: Located, room: Room | None = None) -> None:
        self._run = run
        self._located = located
        self._room = room

    @property
    def left(self) -> Sequence[Mapping[Address, str]]:
        """The formulas left for Excel in each planner alone, each with the reason; not what depends on them."""
        return self._run.left or [{}] * self._run.planners

    def arrays(self, cells: Sequence[Address] | Array) -> Iterator[CellArrays]:
        """Yield what these cells, or those at these places, hold in each planner.

        Where there is a room, they stand in it, and no longer than until the next planner's are asked for.
        """
        places = cells if isinstance(cells, np.ndarray) else self._places(cells)
        room = None if self._room is None else self._room.for_planners
        texts = self._run.texts.all
        for start in range(0, self._run.planners, _GIVEN):
            kinds, numbers = self._of(places, slice(start, start + _GIVEN), room)
            for own, values in zip(kinds, numbers, strict=True):
                yield CellArrays(own, values, texts)

    def held(self, addresses: Sequence[Address]) -> tuple[Array, Array]:
        """Return kinds and numbers of these cells, a row for each planner; texts are numbered as in `text_ids`."""
        return self._of(self._places(addresses), slice(None))

    @property
    def text_ids(self) -> Mapping[str, int]:
        """The numbers of all texts, in their order."""
        return self._run.texts.ids

    @property
    def texts(self) -> Sequence[str]:
        """All texts by their numbers."""
        return self._run.texts.all

    def values(self, addresses: Sequence[Address]) -> list[list[CellValue]]:
        """Return the values of these cells in each planner."""
        values: list[list[CellValue]] = objects(*self.held(addresses), self._run.texts.all).tolist()
        return values

    def _places(self, addresses: Sequence[Address]) -> Array:
        places = self._located.of(addresses)
        if places.size and places.min() < 0:
            raise KeyError(addresses[int(places.argmin())])
        return places

    def _of(self, places: Array, planners: slice, room: Room | None = None) -> tuple[Array, Array]:
        """Return what cells hold in some of the planners."""
        all_kinds, all_numbers = self._run.kinds[:, planners], self._run.numbers[:, planners]
        numbers, kinds = (room or Room()).arrays(all_numbers.shape[1], places.size)
        for start in range(0, places.size, TURNED):
            some = slice(start, start + TURNED)
            kinds[:, some] = all_kinds[places[some]].T
            np.add(all_numbers[places[some]].T, 0.0, out=numbers[:, some])  # Excel shows no -0
        return kinds, numbers


def new_run(base: Base, texts: Texts, slots: int, planners: int, *, thorough: bool, room: Room | None = None) -> Run:
    """Return some planners as they are without inputs, in `room` if one is given."""
    numbers, kinds = (room or Room()).arrays(base.numbers.size, planners)
    numbers[:], kinds[:] = base.numbers[:, None], base.kinds[:, None]
    return Run(
        planners,
        numbers,
        kinds,
        texts.copy(),
        [None] * slots,
        thorough,
    )


def calculate(run: Run, steps: Iterable[tuple[Any, Expression]]) -> None:
    """Calculate the formulas of some planners, step by step."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for number, (rows, expression) in enumerate(steps):
            keep(run, rows, expression(run))
            if run.doubts:
                run.doubtful += [(number, where) for where in run.doubts]
                run.doubts.clear()


def keep(run: Run, rows: Any, value: Value) -> None:
    """Put a step's results into its cells: a reference to a blank cell shows 0."""
    if value.is_area:
        raise NotImplementedError(_("its result fills several cells"))
    run.numbers[rows] = value.number
    run.kinds[rows] = value.kind
    if value.kinds & BLANK:
        kinds = run.kinds[rows]
        run.kinds[rows] = np.where(kinds == BLANK, np.int8(NUMBER), kinds)


def rows_of(places: Array) -> Any:
    """Return places as a slice where they follow one another."""
    if places[-1] - places[0] == places.size - 1 and (np.diff(places) == 1).all():
        return slice(int(places[0]), int(places[-1]) + 1)
    return places
