"""Which numbers the columns of a table take, for all columns of a planner's table at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xlsales.cells.arrays import NUMBER, Array
from xlsales.schema import NUMERIC, Column, Kind


@dataclass(frozen=True)
class Takes:
    """What the columns of a table take, by their places."""

    are_numbers: Array  # columns of numbers; the others take none
    are_counts: Array  # those of whole numbers
    least: Array
    most: Array

    @staticmethod
    def of(columns: Sequence[Column], places: Mapping[str, int]) -> Takes:
        """Take the columns of a table that it has."""
        size = len(places)
        are_numbers, are_counts = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        least, most = np.full(size, -math.inf), np.full(size, math.inf)
        for column in columns:
            if column.name in places and column.kind in NUMERIC:
                place = places[column.name]
                are_numbers[place], are_counts[place] = True, column.kind is Kind.COUNT
                least[place] = -math.inf if column.minimum is None else column.minimum
                most[place] = math.inf if column.maximum is None else column.maximum
        return Takes(are_numbers, are_counts, least, most)

    def days(self, kinds: Array, are_dates: Array) -> Array:
        """Return which cells of these kinds show a day where a number belongs."""
        found: Array = are_dates & (kinds == NUMBER) & self.are_numbers
        return found

    def plain(self, kinds: Array, numbers: Array, are_days: Array) -> Array:
        """Return which cells hold a number such as their columns take."""
        found: Array = (kinds == NUMBER) & self.are_numbers & ~are_days
        found &= (numbers >= self.least) & (numbers <= self.most)
        found &= ~self.are_counts | (numbers == np.trunc(numbers))
        return found
