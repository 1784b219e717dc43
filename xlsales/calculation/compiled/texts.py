"""Texts as numbers: every different text has an id, so that comparing and looking up is NumPy's work."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import numpy as np

from xlsales.cells.arrays import EMPTY_TEXT, Array, TextIds
from xlsales.cells.escapes import fits
from xlsales.cells.letters import folded, sorting
from xlsales.cells.wildcards import has_wildcard
from xlsales.epoch import MIDNIGHT

_UNREAD = np.inf
# As the calculation engine reads a number in a text, with the dates that it knows.
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(%?)", re.ASCII)
_BLANKS = " \t\r\n"  # a no-break space is none: a number with one is a text in Excel
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y")


class Texts:
    """All the texts of one calculation; the template's own come first and stay."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._ids = TextIds()
        for text in known:
            self.id(text)
        self._folds: dict[str, int] = {}
        self._fold: Array = np.empty(0, dtype=np.intp)
        self._read: Array = np.empty(0)
        self._wild: Array = np.empty(0, dtype=np.bool_)
        self._list: list[str] = []

    def copy(self) -> Texts:
        """The same texts, to be added to."""
        self.folded(EMPTY_TEXT)
        self.wild(EMPTY_TEXT)
        other = Texts()
        other._ids, other._folds, other._fold = TextIds(self._ids), dict(self._folds), self._fold
        other._read, other._wild = self._read.copy(), self._wild
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
        if len(self._list) != len(self._ids):
            self._list = list(self._ids)
        return self._list

    def folded(self, ids: Any) -> Any:
        """Return numbers that are equal where texts are equal but for their letter case."""
        if len(self._fold) < len(self._ids):
            new = self.all[len(self._fold) :]
            keys = [folded(text) for text in new]
            folds = self._folds
            self._fold = np.append(self._fold, [folds.setdefault(key, len(folds)) for key in keys]).astype(np.intp)
        return self._fold[_index(ids)]

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

    def wild(self, ids: Any) -> Any:
        """Return where texts are patterns when they are looked for."""
        if len(self._wild) < len(self._ids):
            new = [has_wildcard(text) for text in self.all[len(self._wild) :]]
            self._wild = np.append(self._wild, np.array(new, dtype=np.bool_))
        return self._wild[_index(ids)]

    def numbers(self, ids: Any) -> Any:
        """Return the numbers that the texts spell; NaN where they spell none."""
        if len(self._read) < len(self._ids):
            self._read = np.append(self._read, np.full(len(self._ids) - len(self._read), _UNREAD))
        index = _index(ids)
        found = self._read[index]
        unread = np.equal(found, _UNREAD)
        if unread.any():
            texts = self.all
            for number in np.unique(np.broadcast_to(index, unread.shape)[unread]).tolist():
                self._read[number] = spelled(texts[number])
            found = self._read[index]
        return found

    def made(self, make: Callable[..., str | None], *columns: Any) -> Any:
        """Return the ids of the texts that a function makes of each set of values, -1 where it makes none.

        A text longer than a cell holds is none.
        """
        arrays = np.broadcast_arrays(*columns)
        known: dict[tuple[Any, ...], float] = {}
        ids = []
        for given in zip(*(array.ravel().tolist() for array in arrays), strict=True):
            if given not in known:
                text = make(*given)
                known[given] = -1.0 if text is None or not fits(text) else float(self.id(text))
            ids.append(known[given])
        return np.array(ids, dtype=np.float64).reshape(arrays[0].shape)


def _index(ids: Any) -> Any:
    return np.asarray(ids).astype(np.intp)


def spelled(text: str) -> float:
    """Return the number in a text, NaN where there is none."""
    stripped = text.strip(_BLANKS)
    found = _NUMBER.fullmatch(stripped)
    if found:
        number = float(found[1])
        return (number / 100 if found[2] else number) if abs(number) < np.inf else np.nan
    for date in _DATES if stripped[:1].isdigit() else ():
        try:
            return float((dt.datetime.strptime(stripped, date) - MIDNIGHT).days)
        except ValueError:
            continue
    return np.nan


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
