"""Rows of a planner as one text, and where its cells stand in it; texts are compared eight bytes at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.workbook import limits

WORD = 8
END = b"<end of the rows, and of all sheets: sixty-four bytes of no sheet>"  # so that every cell has bytes behind it
_TAG, _LETTER_C = b"<c"


class Run(NamedTuple):
    """Some whole rows of one sheet, one after the other."""

    cells: slice
    text: memoryview  # from the first cell on, up to the next row's first cell or the end of the rows


class CellTexts(NamedTuple):
    """The cells of some rows."""

    text: bytes
    runs: Sequence[slice]  # of cells, by their numbers among all
    cells: Array  # these numbers
    starts: Array
    following: Array  # where the next ones begin
    is_tag: Array  # (bytes,) where tags begin

    @property
    def has_long_cells(self) -> bool:
        """Whether a cell is so long that it may do harm."""
        return bool((self.following - self.starts).max(initial=0) >= limits.LONG)

    @staticmethod
    def of(runs: Sequence[Run], padding: int) -> CellTexts | None:
        """Find the cells of some runs, with so many bytes behind them; None where these are other ones."""
        text = b"".join([*(run.text for run in runs), END, b" " * padding])
        edges = np.array(list(accumulate((len(run.text) for run in runs), initial=0)))
        sizes = np.array(list(accumulate((run.cells.stop - run.cells.start for run in runs), initial=0)))
        signs = np.frombuffer(text, np.uint8)
        is_tag = signs[: edges[-1]] == _TAG
        starts = np.flatnonzero(is_tag & (signs[1 : edges[-1] + 1] == _LETTER_C))
        if starts.size != sizes[-1] or (starts[sizes[:-1]] != edges[:-1]).any():
            return None
        slices = [run.cells for run in runs]
        cells = np.concatenate([edges[:0], *(np.arange(some.start, some.stop) for some in slices)])
        return CellTexts(text, slices, cells, starts, np.append(starts, edges[-1])[1:], is_tag)


def words_at(text: bytes, places: Array, words: int) -> Array:
    """Return so many words from each place of a text on, (places, words)."""
    width = words * WORD
    view = np.ndarray((len(text) - width + 1,), f"V{width}", text, strides=(1,))
    found: Array = view[places].view("<u8").reshape(-1, words)
    return found


def word_at(text: bytes, places: Array) -> Array:
    """Return the word at each place of a text."""
    found: Array = words_at(text, places, 1)[:, 0]
    return found


def word(text: bytes) -> int:
    """Return a text of up to eight bytes as a word."""
    return int.from_bytes(text, "little")


def mask(length: int) -> int:
    """Return the bits of a word that hold so many bytes."""
    return (1 << 8 * length) - 1
