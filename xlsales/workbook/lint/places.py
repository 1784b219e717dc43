"""Addresses of cells and areas, read quickly and strictly."""

from __future__ import annotations

import bisect
import heapq
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")


class Area(NamedTuple):
    """Cells from one corner to the other."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: Area) -> bool:
        """Whether it has a cell in common with another."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def within(self, other: Area) -> bool:
        """Whether all of it lies in another."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def __str__(self) -> str:
        first, last = at(self.top, self.left), at(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """Return the number of a column: 1 for A; 0 where there is no such column."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number if number <= LAST_COLUMN else 0


@lru_cache(maxsize=20_000)
def column_letters(number: int) -> str:
    """Return the letters of a column."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def at(row: int, column: int) -> str:
    """Return the address of a cell."""
    return f"{column_letters(column)}{row}"


def cell(text: str) -> tuple[int, int] | None:
    """Return row and column of an address such as `B6`; None where no sheet has it."""
    found = _CELL.fullmatch(text)
    if found is None:
        return None
    row, column = int(found[2]), column_number(found[1])
    return (row, column) if column and row <= LAST_ROW else None


def area(text: str) -> Area | None:
    """Return the area of a text such as `B6:V40`, `$A:$C` or `2:3`; None where no sheet has it."""
    found = _AREA.fullmatch(text)
    if found:
        left, top = column_number(found[1]), int(found[2])
        right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    elif found := _COLUMNS.fullmatch(text):
        left, top, right, bottom = column_number(found[1]), 1, column_number(found[2]), LAST_ROW
    elif found := _ROWS.fullmatch(text):
        left, top, right, bottom = 1, int(found[1]), LAST_COLUMN, int(found[2])
    else:
        return None
    if not (0 < left <= right and top <= bottom <= LAST_ROW):
        return None
    return Area(left, top, right, bottom)


def areas(text: str) -> list[Area] | None:
    """Return the areas of an `sqref`; None where one of them is none."""
    found = [area(one) for one in text.split()]
    return [one for one in found if one] if found and all(found) else None


def overlap(found: Iterable[Area]) -> tuple[Area, Area] | None:
    """Return two areas that share a cell, if any: a sweep over the rows, quick whatever their number."""
    alive: list[tuple[int, int, Area]] = []  # by their columns, which are apart as long as nothing overlaps
    ends: list[tuple[int, tuple[int, int, Area]]] = []
    for one in sorted(found, key=lambda one: one.top):
        while ends and ends[0][0] < one.top:
            _bottom, gone = heapq.heappop(ends)
            del alive[bisect.bisect_left(alive, gone)]
        entry = (one.left, one.right, one)
        place = bisect.bisect_left(alive, entry)
        for other in alive[max(place - 1, 0) : place + 1]:
            if other[0] <= one.right and one.left <= other[1]:
                return other[2], one
        alive.insert(place, entry)
        heapq.heappush(ends, (one.bottom, entry))
    return None
