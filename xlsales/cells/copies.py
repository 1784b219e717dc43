"""Which formulas of a column are copies of one another, told without taking each of them apart."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from xlsales.cells.references import LAST_ROW, moving_rows

_NUMBER = re.compile(r"((?<![0-9])[1-9][0-9]{0,6}(?![0-9]))")  # that may be a row: all of them are read alike


class Copies:
    """Knows formulas by what stands between their numbers: which of these are rows that move."""

    def __init__(self) -> None:
        self._moving: dict[tuple[str, ...], Sequence[bool]] = {}

    def form(self, formula: str, row: int) -> Hashable:
        """Return what is the same for two formulas of a column exactly where one is a copy of the other."""
        pieces = _NUMBER.split(formula)
        words, numbers = tuple(pieces[::2]), list(map(int, pieces[1::2]))
        if numbers and max(numbers) > LAST_ROW:
            return formula, row
        moving = self._moving.get(words)
        if moving is None:
            moving = self._moving[words] = _moving(formula, pieces)
        return words, tuple([n - row if moves else n for n, moves in zip(numbers, moving, strict=True)])


def _moving(formula: str, pieces: Sequence[str]) -> Sequence[bool]:
    """Return for each number of a formula in pieces whether it is a row that moves."""
    starts = {start for start, _end in moving_rows(formula)}
    places = [0]
    for piece in pieces:
        places.append(places[-1] + len(piece))
    return [place in starts for place in places[1:-1:2]]
