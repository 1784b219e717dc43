"""Rows that many planners of one shape have alike, byte for byte: blank ones, headings, words. What they hold is known.

Each row may be known in a few ways. The rest of a sheet is left to `layout`, as runs of rows. A row becomes known when
it comes a second time; that is looked at in the first planners, and then in one of several.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlsales.cells.arrays import BLANK, Array
from xlsales.workbook import limits
from xlsales.workbook.returned.cell_texts import CellTexts, Run
from xlsales.workbook.returned.cell_values import CellValues
from xlsales.workbook.returned.known_cells import KeptTexts, KnownCells
from xlsales.workbook.returned.layout import Layout

_CELL = b"<c"
_FIRST, _ONE_OF = 24, 16  # planners in which rows are looked at, and then one of so many
_WAYS = 3  # in which a row may be known
_TOGETHER = 16  # rows that are compared at once
_SEEN = 6  # ways that a row had before and that are remembered, to be known again
_MOST = 8 << 20  # bytes of rows that are known
_FURTHEST = 16  # rows that are passed over where others before them are not known
_LOST = 4  # times that a sheet's next row is not found, from which on the rest is one run


class Place(NamedTuple):
    """Where the rows of a sheet stand in its part."""

    content: bytes | bytearray
    start: int
    end: int


class Rows(NamedTuple):
    """The rows of a planner: those that are not known, and where the others are known from."""

    runs: list[Run]
    known: list[tuple[int, slice]]  # the way, but for the first, and the cells
    unknown: list[tuple[int, bytes]]  # rows by their numbers, where they are to be remembered


class _Joined(NamedTuple):
    """Several rows."""

    text: bytes
    after: int  # the row behind them


class KnownRows:
    """The rows of a shape."""

    def __init__(self, layout: Layout) -> None:
        """Know none as yet."""
        self._layout = layout
        self._rows = [row for rows in layout.rows for row in rows]
        self._ends = [layout.gap_texts[row[-1]] for row in self._rows]
        self._least = np.cumsum([0, *map(layout.least, self._rows)]).tolist()
        self._ways: list[list[bytes]] = [[] for _row in self._rows]
        self._seen: list[list[int]] = [[] for _row in self._rows]
        # Behind the cells there is one more, a blank one.
        self._kinds = [np.full(layout.size + 1, BLANK, dtype=np.int8) for _way in range(_WAYS)]
        self._numbers = [np.zeros(layout.size + 1) for _way in range(_WAYS)]
        self._joined: dict[int, _Joined] = {}  # by the first of the rows
        self._texts = KeptTexts()
        self._tail: list[str] = []  # these, as they were when rows were remembered last
        self._cells = KnownCells(layout.size, self._texts)
        self._size = self._planners = 0

    def divided(self, places: Sequence[Place], shared: int) -> Rows | None:
        """Divide the rows of a planner with so many shared texts; None where they do not begin as they should."""
        self._planners += 1
        self._texts.fewest = min(self._texts.fewest, shared)
        looks = self._planners <= _FIRST or self._planners % _ONE_OF == 0
        ways: Sequence[Sequence[bytes]] = self._ways if shared >= self._texts.shared else [()] * len(self._rows)
        found = Rows([], [], [])
        first = 0
        for sheet, (place, rows) in enumerate(zip(places, self._layout.rows, strict=True)):
            start = self._start(sheet, place)
            if start is None:
                return None
            self._divide(place._replace(start=start), range(first, first + len(rows)), ways, found, looks=looks)
            first += len(rows)
        return found

    def _start(self, sheet: int, place: Place) -> int | None:
        """Return where the first cell of a sheet stands."""
        lead = self._layout.leads[sheet]
        if place.content.startswith(lead, place.start):
            return place.start + len(lead)
        start = place.content.find(_CELL, place.start, min(place.end, place.start + limits.LONG))
        return start if start >= 0 and self._layout.is_led(sheet, bytes(place.content[place.start : start])) else None

    def _divide(
        self, sheet: Place, numbers: range, ways: Sequence[Sequence[bytes]], found: Rows, *, looks: bool
    ) -> None:
        content, place, end = sheet
        starts_with, last, view = content.startswith, numbers[-1], memoryview(content)
        joined = self._joined if ways is self._ways else {}
        open_row, open_at, lost, steps = -1, place, 0, 1
        number = numbers[0]
        while number <= last:
            whole = joined.get(number)
            if whole is not None and starts_with(whole.text, place):
                length, after = len(whole.text), whole.after
            else:
                length, after = 0, number + 1
                for way, text in enumerate(ways[number]):
                    if starts_with(text, place) and (number != last or place + len(text) == end):
                        length = len(text)
                        if way:
                            self._take(way, number, found)
                        break
            if length:
                if open_row >= 0:
                    self._open(open_row, number, view[open_at:place], found)
                open_row, steps, number = -1, 1, after
                place += length
                continue
            if open_row < 0:
                open_row, open_at = number, place
            after = min(number + steps, last + 1)
            following = end if after > last else self._start_of(after, number, sheet._replace(start=place))
            if following < 0:
                lost += 1
                if lost > _LOST:
                    break
                steps = 2 * steps + 1
                continue
            if looks:
                found.unknown.append((number, bytes(content[place:following])))
            else:
                steps = min(2 * steps, _FURTHEST)  # unknown rows follow one another
            place, number = following, after
        if open_row >= 0:
            self._open(open_row, last + 1, view[open_at:end], found)

    def _start_of(self, number: int, behind: int, sheet: Place) -> int:
        """Return where a row begins, behind another one at the start of the place; -1 where that is not found."""
        ending = self._ends[number - 1]
        least = self._least[number] - self._least[behind]  # that is not looked through
        for start in (sheet.start + least, sheet.start):
            found = sheet.content.find(ending, start, sheet.end)
            if found >= 0:
                return found + len(ending)
        return -1

    def _open(self, first: int, last: int, text: memoryview, found: Rows) -> None:
        found.runs.append(Run(slice(self._rows[first].start, self._rows[last - 1].stop), text))

    def _take(self, way: int, number: int, found: Rows) -> None:
        row = self._rows[number]
        start = row.start
        if found.known and found.known[-1][0] == way and found.known[-1][1].stop == start:
            start = found.known.pop()[1].start
        found.known.append((way, slice(start, row.stop)))

    def unknown(self, texts: CellTexts, shared: int) -> tuple[Array, int]:
        """Return which cells in rows of a planner are not known, by their places, and how many tags they have."""
        tags = int(np.count_nonzero(texts.is_tag))
        if shared < self._texts.shared:
            return np.arange(texts.cells.size), tags
        same = self._cells.same(texts)
        return np.flatnonzero(~same), tags - self._cells.tags(texts.cells[same])

    def filled(self, rows: Rows, cells: Array, read: Array, values: CellValues) -> CellValues:
        """Return the values of all cells, and of a blank one behind them, given those that were read in the runs."""
        kinds, numbers = self._kinds[0].copy(), self._numbers[0].copy()
        for way, some in rows.known:
            kinds[some], numbers[some] = self._kinds[way][some], self._numbers[way][some]
        self._cells.fill(cells, kinds, numbers)
        kinds[read], numbers[read] = values.kinds, values.numbers
        return CellValues(kinds, numbers, [*values.texts, *self._tail])

    def remember(self, rows: Rows, texts: CellTexts, read: Array, values: CellValues, odd: Array, shared: int) -> None:
        """Remember rows that are not known, given the values of all cells; a row that comes again is known then.

        So are cells, by their places, that were read and are not odd.
        """
        are_odd = set(odd.tolist())
        for number, text in rows.unknown:
            mark, seen, row = hash(text), self._seen[number], self._rows[number]
            if mark not in seen:
                seen.append(mark)
                del seen[:-_SEEN]
            elif len(self._ways[number]) < _WAYS and are_odd.isdisjoint(row):
                self._know(number, text, values, shared)
        self._cells.remember(texts, read, values, shared)
        self._tail = self._texts.tail()
        self._join()

    def _join(self) -> None:
        """Join rows that follow one another, as far as they are known, to be compared at once."""
        self._joined.clear()
        first = 0
        for rows in self._layout.rows:
            for start in range(first, first + len(rows) - 1, _TOGETHER):  # all but the last row, whose end is looked at
                after = min(start + _TOGETHER, first + len(rows) - 1)
                some = self._ways[start:after]
                if all(some):
                    self._joined[start] = _Joined(b"".join(ways[0] for ways in some), after)
            first += len(rows)

    def _know(self, number: int, text: bytes, values: CellValues, shared: int) -> None:
        row = slice(self._rows[number].start, self._rows[number].stop)
        if self._size + len(text) > _MOST:
            return
        kinds = values.kinds[row]
        numbers = self._texts.numbers(kinds, values.numbers[row], values, shared)
        if numbers is None:
            return
        way = len(self._ways[number])
        self._kinds[way][row], self._numbers[way][row] = kinds, numbers
        self._ways[number].append(text)
        self._size += len(text)
