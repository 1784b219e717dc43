"""Values of cells as bytes: what stands in their elements, for thousands of cells at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import orjson

from xlsales.cells.arrays import EMPTY_TEXT, ERROR_CODES, Array, CellArrays
from xlsales.cells.escapes import fits
from xlsales.cells.stored import contents as stored_contents
from xlsales.cells.stored import number as stored_number
from xlsales.functions.errors import VALUE
from xlsales.workbook.stamp.slots import (
    AS_EMPTY_TEXT,
    AS_ERROR,
    AS_NUMBER,
    AS_TEXT,
    AS_TRUTH,
    WRITTEN_AS,
    Slots,
    object_row,
)

_PLAIN = (1e-4, 1e16)  # Python writes numbers of this size without an exponent, and orjson the same digits
_SMALL = 2**16  # days up to the year 2079 are below it


class Renderer:
    """Renders the cells of a template's slots."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._texts = _StoredTexts([])

    def rendered(self, changed: Array, cells: CellArrays, first_text: int) -> tuple[Array, Array, list[str]]:
        """Return how each of the changed slots is written, what stands in it, and the texts that inputs refer to.

        These texts are the workbook's shared strings from `first_text` on.
        """
        slots = self._slots
        numbers = cells.numbers[changed]
        ways = WRITTEN_AS[cells.kinds[changed]]
        of_input = slots.is_input[changed]
        of_formula = (ways == AS_TEXT) & ~of_input
        ways[of_formula & (numbers == EMPTY_TEXT)] = AS_EMPTY_TEXT
        too_long = self._stored(cells.texts).too_long(numbers, of_formula)
        ways[too_long], numbers[too_long] = AS_ERROR, _TOO_LONG
        shown = np.full(len(changed), b"", dtype=object)
        is_number, is_text = ways == AS_NUMBER, ways == AS_TEXT
        shown[is_number] = number_texts(numbers[is_number])
        of_formula, of_input = is_text & ~of_input, is_text & of_input
        shown[of_formula] = self._stored(cells.texts).of(numbers[of_formula].astype(np.intp))
        shown[of_input], added = _indexes(numbers[of_input].astype(np.intp), cells.texts, first_text)
        for way, words in ((AS_TRUTH, (b"0", b"1")), (AS_ERROR, _ERRORS)):
            some = ways == way
            if some.any():
                shown[some] = object_row(words)[numbers[some].astype(np.intp)]
        return ways, shown, added

    def _stored(self, texts: Sequence[str]) -> _StoredTexts:
        """Return the texts as they are stored: copies that are calculated together have the same list."""
        if self._texts.texts is not texts or self._texts.count != len(texts):
            self._texts = _StoredTexts(texts)
        return self._texts


class _StoredTexts:
    """Texts as bytes of XML, each made when it is first asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts, self.count = texts, len(texts)
        self._stored = np.full(len(texts), None, dtype=object)
        self._is_known = np.zeros(len(texts), dtype=np.bool_)
        self._is_too_long = np.zeros(len(texts), dtype=np.bool_)

    def of(self, ids: Array) -> Array:
        """Return the texts of these ids."""
        self._learn(ids)
        return self._stored[ids]

    def too_long(self, numbers: Array, some: Array) -> Array:
        """Return where some of the numbers are the ids of texts that no cell can hold: Excel shows an error there."""
        ids = numbers[some].astype(np.intp)
        self._learn(ids)
        found = np.zeros(len(numbers), dtype=np.bool_)
        found[some] = self._is_too_long[ids]
        return found

    def _learn(self, ids: Array) -> None:
        unknown = ids[~self._is_known[ids]]
        if not unknown.size:
            return
        new = np.unique(unknown)
        texts = [self.texts[one] for one in new.tolist()]
        self._stored[new] = object_row([content.encode() for content in stored_contents(texts)])
        self._is_too_long[new] = [not fits(text) for text in texts]
        self._is_known[new] = True


def number_texts(numbers: Array) -> Array:
    """Return each number as the shortest text that reads back as the same number."""
    are_small = (numbers >= 0) & (numbers < _SMALL)
    whole = np.where(are_small, numbers, 0.0).astype(np.intp)
    found = _small_texts().take(whole)
    others = np.flatnonzero(whole != numbers)
    if others.size:
        found[others] = _other_texts(numbers[others])
    return found


@cache
def _small_texts() -> Array:
    """Counts and days: most numbers of a planner, and the same ones over and over."""
    return object_row(_plain_texts(np.arange(_SMALL)))


def _other_texts(numbers: Array) -> Array:
    size = np.abs(numbers)
    whole = (size < _PLAIN[1]) & (numbers == np.trunc(numbers))
    plain = ~whole & (size >= _PLAIN[0]) & (size < _PLAIN[1])
    others = ~(whole | plain)
    found = np.empty(len(numbers), dtype=object)
    found[whole] = _plain_texts(numbers[whole].astype(np.int64))  # no ".0" at their ends, no negative zero
    found[plain] = _plain_texts(numbers[plain])
    found[others] = object_row([stored_number(number).encode() for number in numbers[others].tolist()])
    return found


def _plain_texts(numbers: Array) -> list[bytes]:
    return orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",") if len(numbers) else []


_ERRORS = tuple(code.encode() for code in ERROR_CODES)
_TOO_LONG = ERROR_CODES.index(VALUE)


def _indexes(ids: Array, texts: Sequence[str], first: int) -> tuple[Array, list[str]]:
    """Return each text's index among the shared strings, and the texts in the order in which they come up."""
    places = np.arange(len(ids))
    of_text = np.zeros(len(texts), dtype=np.intp)
    of_text[ids[::-1]] = places[::-1]  # of those with the same text the first, which comes last
    different = ids[of_text[ids] == places]
    of_text[different] = np.arange(first, first + len(different))
    return number_texts(of_text[ids].astype(np.float64)), [texts[one] for one in different.tolist()]
