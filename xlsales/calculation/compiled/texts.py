"""Texts as numbers: every different text has an id, so that comparing and looking up is NumPy's work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np

from xlsales.calculation.certainty import DoubtError, as_number
from xlsales.cells.arrays import EMPTY_TEXT, Array, TextIds
from xlsales.cells.escapes import fits
from xlsales.cells.letters import folded, has_order, is_usual, likened_to, order, sorting
from xlsales.cells.wildcards import has_wildcard

_UNREAD, _UNKNOWN = np.inf, np.int8(-1)
IN_DOUBT = -np.inf  # the number of a text that is one in some region

Asked: TypeAlias = Callable[[tuple[int, ...]], "Array | None"]  # which values of an array are asked for; None: all


class Texts:
    """All the texts of one calculation; the template's own come first and stay."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._ids = TextIds()
        for text in known:
            self.id(text)
        self._folds: dict[str, int] = {}
        self._fold: Array = np.empty(0, dtype=np.intp)
        self._alike: dict[str, set[int]] = {}  # texts, folded, that may be the same: those with letters like others
        self.has_doubles = False  # texts that may be the same to Excel, and are not to us
        self._read: Array = np.empty(0)
        self._wild: Array = np.empty(0, dtype=np.bool_)
        self._strange: Array = np.empty(0, dtype=np.int8)

    def copy(self) -> Texts:
        """The same texts, to be added to."""
        self.folded(EMPTY_TEXT)
        self.wild(EMPTY_TEXT)
        other = Texts()
        other._ids, other._folds, other._fold = TextIds(self._ids), dict(self._folds), self._fold
        other._read, other._wild, other._strange = self._read.copy(), self._wild, self._strange.copy()
        other._alike, other.has_doubles = {key: set(alike) for key, alike in self._alike.items()}, self.has_doubles
        return other

    def id(self, text: str) -> int:
        """Return a text's id, a new one where it is new."""
        return self._ids[text]

    @property
    def ids(self) -> TextIds:
        """The ids by text; a new text gets one when it is looked up."""
        return self._ids

    @property
    def all(self) -> list[str]:
        """Every text, at the place of its id."""
        return self._ids.texts

    def different(self, ids: Array) -> Array:
        """Return ids in ascending order, each once: they are marked, which takes a fiftieth of sorting them."""
        marks = np.zeros(len(self._ids), dtype=np.bool_)
        marks[ids] = True
        return np.flatnonzero(marks)

    def folded(self, ids: Any) -> Any:
        """Return numbers that are equal where texts are equal but for their letter case."""
        if len(self._fold) < len(self._ids):
            new = self.all[len(self._fold) :]
            keys = [folded(text) for text in new]
            folds = self._folds
            found = [folds.setdefault(key, len(folds)) for key in keys]
            self._fold = np.append(self._fold, found).astype(np.intp)
            self._liken(new, keys)
        return self._fold[_index(ids)]

    def _liken(self, new: Sequence[str], keys: Sequence[str]) -> None:
        """Look for texts that may be the same to Excel as others; few have letters that any other is like."""
        for text in [text for text in new if not text.isascii()]:
            if not is_usual(text):
                key = folded(likened_to(text))
                self._alike.setdefault(key, {self._folds[key]} if key in self._folds else set()).add(
                    self._folds[folded(text)]
                )
        for key in self._alike.keys() & keys if self._alike else ():
            self._alike[key].add(self._folds[key])
        if self._alike:
            self.has_doubles = any(len(alike) > 1 for alike in self._alike.values())

    def may_be_alike(self, one: Any, other: Any) -> Any:
        """Return where texts differ in more than letter case, and may be the same to Excel all the same."""
        one, other = self.folded(one), self.folded(other)
        found: Any = np.False_
        for alike in self._alike.values() if self.has_doubles else ():
            if len(alike) > 1:
                found = found | (np.isin(one, list(alike)) & np.isin(other, list(alike)))
        return found & np.not_equal(one, other)

    @property
    def folds(self) -> int:
        """How many texts differ in more than letter case, among those that were folded."""
        return len(self._folds)

    def ranks(self, *many: Any) -> list[Any]:
        """Return numbers in the order of these texts, letter case aside; that of the empty text is 0.

        Only the texts that are asked for are put in order: of the thousands that planners hold, few are compared.
        """
        folds = [self.folded(ids) for ids in (EMPTY_TEXT, *many)]
        asked = np.zeros(len(self._folds), dtype=np.bool_)
        for some in folds:
            asked[some] = True
        keys, places = list(self._folds), np.flatnonzero(asked).tolist()
        ranks = np.zeros(len(keys))
        ranks[sorted(places, key=lambda place: sorting(keys[place]))] = np.arange(len(places))
        return [ranks[some] for some in folds[1:]]

    def without_order(self, ids: Any) -> Any:
        """Return where the place of texts among others depends on the language, or is not known."""
        if len(self._strange) < len(self._ids):
            self._strange = np.append(self._strange, np.full(len(self._ids) - len(self._strange), _UNKNOWN))
        index = _index(ids)
        found = self._strange[index]
        unknown = found == _UNKNOWN
        if unknown.any():
            texts = self.all
            for one in self.different(np.broadcast_to(index, unknown.shape)[unknown]).tolist():
                self._strange[one] = bool(texts[one]) and not has_order(texts[one])
            found = self._strange[index]
        return found > 0

    def out_of_order(self, one: Any, other: Any) -> Any:
        """Return where it is not known which of two texts comes first."""
        one, other = np.broadcast_arrays(_index(one), _index(other))
        asked = (self.without_order(one) | self.without_order(other)) & np.not_equal(one, other)
        if not asked.any():
            return np.False_
        known = self.all
        found = np.zeros(one.shape, dtype=np.bool_)
        pairs = list(zip(one[asked].tolist(), other[asked].tolist(), strict=True))
        unknown = {pair: order(known[pair[0]], known[pair[1]]) is None for pair in set(pairs)}
        found[asked] = [unknown[pair] for pair in pairs]
        return found

    def wild(self, ids: Any) -> Any:
        """Return where texts are patterns when they are looked for."""
        if len(self._wild) < len(self._ids):
            new = [has_wildcard(text) for text in self.all[len(self._wild) :]]
            self._wild = np.append(self._wild, np.array(new, dtype=np.bool_))
        return self._wild[_index(ids)]

    def numbers(self, ids: Any) -> Any:
        """Return the numbers that the texts spell; NaN where they spell none, IN_DOUBT where only Excel can tell."""
        if len(self._read) < len(self._ids):
            self._read = np.append(self._read, np.full(len(self._ids) - len(self._read), _UNREAD))
        index = _index(ids)
        found = self._read[index]
        unread = np.equal(found, _UNREAD)
        if unread.any():
            texts = self.all
            for number in self.different(np.broadcast_to(index, unread.shape)[unread]).tolist():
                self._read[number] = spelled(texts[number])
            found = self._read[index]
        return found

    def made(self, make: Callable[..., str | None], *columns: Any, asked: Asked = lambda shape: None) -> Any:
        """Return the ids of the texts that a function makes of each set of values, -1 where it makes none.

        A text longer than a cell holds is none. Where values are not asked for, it is the empty text.
        """
        arrays = np.broadcast_arrays(*columns)
        some = asked(arrays[0].shape)
        known: dict[tuple[Any, ...], float] = {}
        ids = []
        for given in zip(*((array.ravel() if some is None else array[some]).tolist() for array in arrays), strict=True):
            if given not in known:
                text = make(*given)
                known[given] = -1.0 if text is None or not fits(text) else float(self.id(text))
            ids.append(known[given])
        if some is None:
            return np.array(ids, dtype=np.float64).reshape(arrays[0].shape)
        found = np.full(arrays[0].shape, float(EMPTY_TEXT))
        found[some] = ids
        return found


def _index(ids: Any) -> Any:
    return np.asarray(ids).astype(np.intp)


def spelled(text: str) -> float:
    """Return the number in a text, NaN where there is none, IN_DOUBT where only Excel can tell."""
    try:
        number = as_number(text)
    except DoubtError:
        return IN_DOUBT
    if number is None:
        return np.nan
    return number if abs(number) < np.inf else IN_DOUBT


def shown(number: float) -> str:
    """Write a number as Excel's General format puts it into a text: up to 15 digits."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    digits = Decimal(f"{number:.14e}").normalize()
    exponent = digits.adjusted()
    if -10 < exponent < 15:
        return format(digits, "f")
    mantissa = format(digits.scaleb(-exponent), "f")
    return f"{mantissa}E{exponent:+03d}"
