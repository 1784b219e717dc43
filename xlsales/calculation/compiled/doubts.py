"""What is in doubt in some planners alone, and all that depends on it there: left for Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xlsales.calculation.certainty import IN_DOUBT
from xlsales.calculation.compiled.cells import Places
from xlsales.calculation.compiled.form import Step
from xlsales.calculation.compiled.reading import Reading, Run, Way
from xlsales.cells.arrays import BLANK, Array
from xlsales.cells.values import Address
from xlsales.texts import _


def leave(run: Run, steps: Sequence[Step], places: Places) -> tuple[Array, Sequence[Mapping[Address, str]]]:
    """Take the values that are in doubt out of a run.

    Return where they stood, as (places, planners), and of each planner the formulas that are in doubt themselves.
    """
    own = np.zeros((places.size, run.planners), dtype=np.bool_)
    for number, where in run.doubtful:
        cells = steps[number].places
        own[cells] |= np.broadcast_to(where, (cells.size, run.planners))
    found = own.copy()
    for step in steps[run.doubtful[0][0] :]:
        for reading in step.readings:
            found[step.places] |= _seen(reading, found)
    run.kinds[found], run.numbers[found] = BLANK, 0.0
    reason = _(IN_DOUBT)
    left = [{places.address(place): reason for place in np.flatnonzero(column).tolist()} for column in own.T]
    return found, left


def _seen(reading: Reading, some: Array) -> Array:
    """Return which cells of a block read any of some, in each planner."""
    places, until = reading.places, reading.until
    rows: Array
    match reading.way:
        case Way.FIXED:
            rows = np.zeros((1, some.shape[1]), dtype=np.bool_)
            return rows
        case Way.SLICE:
            rows = some[reading.start : reading.stop : reading.step]
            return rows
        case Way.COLUMN:
            rows = some[None, reading.start : reading.stop]
        case Way.GATHERED:
            rows = some[places] if places.ndim == 1 else np.logical_or.reduce(some[places], axis=2)
            if places.ndim == 1:
                return rows
    found: Array = np.logical_or.reduce(rows, axis=1) if until is None else np.logical_or.accumulate(rows[0])[until - 1]
    return found
