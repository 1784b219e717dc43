"""What stands between the values of cells that differ one after the other: the same in most copies, and made once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.workbook.stamp.segments import Runs, Segments
from xlsales.workbook.stamp.slots import WAYS, Slots, object_row

_MOST = 3  # joints for each slot that are kept: copies that fill the same columns need less than one


class Joints:
    """Joins the values of a template's slots.

    A joint reaches from the end of a value, or from the beginning of a run, to the next value, or the end of the run.
    Its sides are numbers: a slot together with the way in which it is written, or behind all of these a segment.
    """

    def __init__(self, slots: Slots, segments: Segments) -> None:
        self._slots, self._segments = slots, segments
        self._sides = WAYS * len(slots.places)  # those that are slots
        self._all = self._sides + len(segments.segments)
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[int, int] = {}  # of the joints, by both sides
        self._joints = np.empty(0, dtype=object)
        # To look up thousands of joints one by one takes longer than to join them: nearly all are what was there last
        # time, or the time before. So each left side has two of them, the right side and the joint's number.
        self._rights = np.full((2, self._all), -1, dtype=np.int32)
        self._last = np.zeros((2, self._all), dtype=np.int32)

    def joined(self, some: Array, ways: Array, shown: Array, runs: Runs) -> list[bytes]:
        """Return the contents of runs, in which some slots differ: how each is written, and its value."""
        if not len(some):
            return []
        if len(self._joints) > _MOST * len(self._slots.places):
            self._forget()
        sides = WAYS * some + ways
        before = np.append(0, sides[:-1])
        before[runs.begin] = self._sides + runs.first
        left, right = np.append(before, sides[runs.end - 1]), np.append(sides, self._sides + runs.last)
        joints = self._of(left, right)
        both = np.empty((len(some), 2), dtype=object)
        both[:, 0], both[:, 1] = joints[: len(some)], shown
        pieces, ends = both.ravel(), joints[len(some) :].tolist()
        return [
            b"".join([*pieces[2 * start : 2 * stop].tolist(), end])
            for start, stop, end in zip(runs.begin.tolist(), runs.end.tolist(), ends, strict=True)
        ]

    def _of(self, left: Array, right: Array) -> Array:
        """Return the joints between sides; no left one comes twice."""
        numbers = self._last[0][left]
        others = np.flatnonzero(self._rights[0][left] != right)
        if others.size:
            numbers[others] = self._before(left[others], right[others])
        found: Array = self._joints.take(numbers)
        return found

    def _before(self, left: Array, right: Array) -> Array:
        """Return the numbers of joints that are not the last ones beside these sides, and make them so."""
        self._rights[:, left], self._last[:, left] = self._rights[::-1, left], self._last[::-1, left]
        others = np.flatnonzero(self._rights[0][left] != right)
        if others.size:
            some, beside = left[others], right[others]
            self._last[0, some] = self._looked_up((some * self._all + beside).tolist())
            self._rights[0, some] = beside
        numbers: Array = self._last[0][left]
        return numbers

    def _looked_up(self, keys: Sequence[int]) -> list[int]:
        try:
            return list(map(self._numbers.__getitem__, keys))
        except KeyError:
            self._learn([key for key in keys if key not in self._numbers])
            return list(map(self._numbers.__getitem__, keys))

    def _learn(self, keys: Sequence[int]) -> None:
        left, right = np.divmod(np.array(keys, dtype=np.int64), self._all)
        offsets, bounds = self._segments.offsets, self._segments.bounds
        starts, (_heads, tails) = self._beside(left, offsets[1:], bounds[:, 0])
        stops, (heads, _tails) = self._beside(right, offsets, bounds[:, 1])
        content = self._segments.content
        between = [content[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
        self._numbers |= {key: number for number, key in enumerate(keys, start=len(self._joints))}
        self._joints = np.append(self._joints, tails + object_row(between) + heads)

    def _beside(self, sides: Array, of_pieces: Array, of_segments: Array) -> tuple[Array, Array]:
        """Return where sides are in the template, and what stands before and behind their values."""
        is_slot = sides < self._sides
        slots, ways = np.divmod(sides[is_slot], WAYS)
        where = np.empty(len(sides), dtype=np.int64)
        where[is_slot] = of_pieces[self._slots.places[slots]]
        where[~is_slot] = of_segments[sides[~is_slot] - self._sides]
        around = np.full((2, len(sides)), b"", dtype=object)
        around[:, is_slot] = self._slots.around(ways, slots)
        return where, around
