"""Cells that many planners have alike, byte for byte, in rows that are no others'. What they hold is known.

A cell becomes known when it is the same in two planners one after the other, of those that are looked at; what it was
before is forgotten.
"""

from __future__ import annotations

import sys

import numpy as np

from xlsales.cells.arrays import BLANK, ERROR, TEXT, Array
from xlsales.workbook.returned.cell_texts import WORD, CellTexts, mask, words_at
from xlsales.workbook.returned.cell_values import CellValues

_WORDS = 8  # of the longest cell that may be known
_LONGEST = _WORDS * WORD
_MOST_TEXTS = 4_000
# By how many words a cell has: which of eight bytes tell whether they are the same, and factors for a mark.
_WHICH = np.array([mask(words) for words in range(_WORDS + 1)], dtype=np.uint64)
_FACTORS = np.array(
    [[0x9E3779B97F4A7C15 ** (word + 1) % (1 << 64) * (word < words) for word in range(_WORDS)]
     for words in range(_WORDS + 1)], dtype=np.uint64
)  # fmt: skip


class KeptTexts:
    """Which texts the values that are known refer to: a planner's shared ones by their places, or ones kept here."""

    def __init__(self) -> None:
        """Know none as yet."""
        self.shared = 0  # how many shared texts they refer to
        self.fewest = sys.maxsize  # shared texts that a planner had
        self._own: dict[str, int] = {}

    def tail(self) -> list[str]:
        """Return the texts that are kept, from the last one on: their numbers are -1, -2…"""
        return list(reversed(self._own))

    def numbers(self, kinds: Array, values: Array, texts: CellValues, shared: int) -> Array | None:
        """Return the numbers of values as they are kept; None where a text is of some planners alone, or too many."""
        own, of_all = _texts(kinds, values, shared)
        needed = int(values[of_all].max(initial=-1)) + 1
        if needed > self.fewest or len(self._own) + np.count_nonzero(own) > _MOST_TEXTS:
            return None
        self.shared = max(self.shared, needed)
        found = values.copy()
        names = [texts.texts[place] for place in values[own].astype(np.intp).tolist()]
        found[own] = [-1 - self._own.setdefault(one, len(self._own)) for one in names]
        return found


def _texts(kinds: Array, numbers: Array, shared: int) -> tuple[Array, Array]:
    """Return which values are texts of their own cells, and which are shared ones."""
    is_text = (kinds == TEXT) | (kinds == ERROR)
    is_own = is_text & ((numbers < 0) | (numbers >= shared))
    return is_own, is_text & ~is_own


class KnownCells:
    """The cells of a shape."""

    def __init__(self, size: int, texts: KeptTexts) -> None:
        """Know none as yet."""
        self._kept = texts
        self._lengths = np.zeros(size, dtype=np.intp)  # 0 where nothing is known
        self._which = np.zeros(size, dtype=np.uint64)
        self._words = np.zeros((size, _WORDS), dtype=np.uint64)
        self._tags = np.zeros(size, dtype=np.intp)
        self._marks = np.zeros(size, dtype=np.uint64)  # of what a cell was in the planner that was looked at last
        self._kinds = np.full(size, BLANK, dtype=np.int8)
        self._numbers = np.zeros(size)

    def same(self, texts: CellTexts) -> Array:
        """Return which cells are as they are known."""
        lengths = self._lengths[texts.cells]
        found = words_at(texts.text, texts.starts, _WORDS)
        differs, start = np.empty(found.shape, dtype=np.bool_), 0
        for run in texts.runs:
            end = start + run.stop - run.start
            np.not_equal(found[start:end], self._words[run], out=differs[start:end])
            start = end
        same: Array = (differs.view(np.uint64)[:, 0] & self._which[texts.cells]) == 0
        same &= lengths == texts.following - texts.starts
        return same

    def tags(self, cells: Array) -> int:
        """Return how many tags known cells have."""
        return int(self._tags[cells].sum())

    def fill(self, cells: Array, kinds: Array, numbers: Array) -> None:
        """Put what known cells hold among the values of all."""
        kinds[cells], numbers[cells] = self._kinds[cells], self._numbers[cells]

    def remember(self, texts: CellTexts, some: Array, values: CellValues, shared: int) -> None:
        """Remember some cells that are not known, given the values of all; those that come again are known then."""
        lengths = (texts.following - texts.starts)[some]
        some, lengths = some[lengths <= _LONGEST], lengths[lengths <= _LONGEST]
        cells, counts = texts.cells[some], -(-lengths // WORD)
        words = words_at(texts.text, texts.starts[some], _WORDS)
        marks = (words * _FACTORS[counts]).sum(axis=1, dtype=np.uint64) + lengths.astype(np.uint64)
        again = self._marks[cells] == marks
        self._marks[texts.cells] = 0
        self._marks[cells] = marks
        kinds, numbers = values.kinds[cells], values.numbers[cells]
        again &= ~(_texts(kinds, numbers, shared)[1] & (numbers >= self._kept.fewest))
        kept = self._kept.numbers(kinds[again], numbers[again], values, shared)
        if kept is None:
            return
        known, some = cells[again], some[again]
        tags = np.cumsum(texts.is_tag)
        self._lengths[known], self._words[known] = lengths[again], words[again]
        self._which[known] = _WHICH[counts[again]]
        self._tags[known] = tags[texts.following[some] - 1] - tags[texts.starts[some]] + 1
        self._kinds[known], self._numbers[known] = kinds[again], kept
