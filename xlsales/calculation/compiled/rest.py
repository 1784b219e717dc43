"""The formulas that are not compiled, in the calculation engine, which gets the values of all that they read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from xlsales.calculation.compiled.cells import Located
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.engine.dependents import ANYWHERE
from xlsales.calculation.session import Session
from xlsales.cells.arrays import Array, coded, objects
from xlsales.cells.columns import coordinate_to_tuple
from xlsales.cells.references import Area
from xlsales.cells.values import Address


class Rest:
    """Calculates some formulas of a template, planner by planner: it takes as long as they are many."""

    def __init__(self, session: Session, slow: Sequence[Address], given: Sequence[Address], located: Located) -> None:
        """Narrow an engine to the formulas that are `slow`; `given` are the other cells that change."""
        read = _read(given, session.referred(slow))
        formulas = set(session.addresses)
        session.narrow(slow, [address for address in given if address in formulas], read)
        self._session = session
        self._read = read
        self._given = located.of(read)
        self._results = located.of(slow)

    @property
    def reads(self) -> int:
        """How many cells each planner hands to the engine."""
        return len(self._read)

    def fill(self, run: Run, doubtful: Array | None = None) -> None:
        """Put the results into the cells of a run that has all the others; those left for Excel are blank.

        `doubtful` are the places that have no value in a planner, as (places, planners).
        """
        known, left = run.left, []
        kinds, numbers = run.kinds[self._given].T, run.numbers[self._given].T + 0.0
        for planner, values in enumerate(objects(kinds, numbers, run.texts.all).tolist()):
            found = self._session.calculated([dict(zip(self._read, values, strict=True))])[0]
            own = dict(self._session.left_now)
            if doubtful is not None and known[planner]:
                reached = [
                    one for one, place in zip(self._read, self._given.tolist(), strict=True) if doubtful[place, planner]
                ]
                without = self._session.affected(reached)
                found = [
                    None if one in without else value for one, value in zip(self._session.addresses, found, strict=True)
                ]
                own = {**known[planner], **{address: why for address, why in own.items() if address not in without}}
            left.append(own)
            pairs = [coded(value, run.texts.ids) for value in found]
            run.kinds[self._results, planner] = [kind for kind, _number in pairs]
            run.numbers[self._results, planner] = [number for _kind, number in pairs]
        run.left = left


def _read(cells: Sequence[Address], areas: set[tuple[str, Area]]) -> list[Address]:
    """Return those cells that lie in some areas, whose sheets are in lower case."""
    if ANYWHERE in areas:
        return list(cells)
    by_sheet: defaultdict[str, list[Area]] = defaultdict(list)
    for sheet, area in areas:
        by_sheet[sheet].append(area)
    found: list[Address] = []
    for sheet in dict.fromkeys(sheet for sheet, _cell in cells):
        own = [cell for name, cell in cells if name == sheet]
        rows, columns = np.array([coordinate_to_tuple(cell) for cell in own]).T
        inside = np.zeros(len(own), dtype=np.bool_)
        for left, top, right, bottom in by_sheet[sheet.casefold()]:
            inside |= (rows >= top) & (rows <= bottom) & (columns >= left) & (columns <= right)
        found += [(sheet, own[place]) for place in np.flatnonzero(inside).tolist()]
    return found
