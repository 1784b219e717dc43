"""The values of many cells as NumPy arrays: a kind and a number for each cell, and one list of texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from xlsales.cells.values import CellValue, InputValue, serial
from xlsales.functions.errors import DIV0, NA, NAME, NULL, NUM, REF, VALUE, CellError

Array: TypeAlias = "np.ndarray[Any, Any]"

# In the order in which Excel sorts them; several of them make a set.
BLANK: Final = 1
NUMBER: Final = 2
TEXT: Final = 4
BOOL: Final = 8
ERROR: Final = 16

ERROR_CODES: Final = (NULL, DIV0, VALUE, REF, NAME, NUM, NA, "#SPILL!", "#CALC!")
EMPTY_TEXT: Final = 0  # the id of the text ""

_ERRORS: Final = tuple(map(CellError, ERROR_CODES))
_ERROR_PLACES: Final = {code: place for place, code in enumerate(ERROR_CODES)}


class TextIds(dict[str, int]):
    """The ids of texts; a new text gets one when it is looked up."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        super().__init__({"": EMPTY_TEXT} if known is None else known)
        self.texts = list(self)  # by their ids

    def __missing__(self, text: str) -> int:
        self[text] = found = len(self.texts)
        self.texts.append(text)
        return found


@dataclass(frozen=True, slots=True)
class CellArrays:
    """The values of some cells of one workbook, in an order that is known elsewhere.

    `numbers` holds the number, a text's id, 1 or 0 for TRUE and FALSE, an error's place in ERROR_CODES, 0 for blank.
    """

    kinds: Array  # (cells,), int8
    numbers: Array  # (cells,), float64
    texts: Sequence[str]  # by id


def coded(value: CellValue | InputValue, ids: Mapping[str, int]) -> tuple[int, float]:
    """Return the kind and number of what a cell holds."""
    match value:
        case None:
            return BLANK, 0.0
        case str():
            return TEXT, float(ids[value])
        case bool():
            return BOOL, float(value)
        case float() | int():
            return NUMBER, float(value)
        case dt.date():
            return NUMBER, float(serial(value))
        case CellError(code=code):
            return ERROR, float(_ERROR_PLACES[code])
    raise TypeError(f"{value!r} is nothing that a cell holds")


def arrays_of(values: Iterable[CellValue | InputValue], ids: TextIds) -> CellArrays:
    """Return values as arrays; their texts get ids."""
    pairs = [coded(value, ids) for value in values]
    kinds = np.fromiter((kind for kind, _number in pairs), dtype=np.int8, count=len(pairs))
    numbers = np.fromiter((number for _kind, number in pairs), dtype=np.float64, count=len(pairs))
    return CellArrays(kinds, numbers, list(ids))


def objects(kinds: Array, numbers: Array, texts: Sequence[str]) -> Array:
    """Return values as Python has them: numbers, texts, truths, errors, None for blanks."""
    found = np.empty(kinds.shape, dtype=object)
    is_number = kinds == NUMBER
    found[is_number] = numbers[is_number].tolist()
    others = ~is_number
    if not others.any():
        return found
    places = numbers[others].astype(np.intp)
    if places.size < len(texts):
        of_kind = {BLANK: (None,), BOOL: (False, True), ERROR: _ERRORS, TEXT: texts}
        found[others] = [of_kind[kind][one] for kind, one in zip(kinds[others].tolist(), places.tolist(), strict=True)]
        return found
    table, starts = _catalogue(texts)
    found[others] = table[starts[kinds[others]] + places]
    return found


def _catalogue(texts: Sequence[str]) -> tuple[Array, Array]:
    """Return all that is no number in one array, and where each kind starts in it."""
    table = np.empty(len(_ERRORS) + 3 + len(texts), dtype=object)
    table[:] = [None, False, True, *_ERRORS, *texts]
    starts = np.zeros(ERROR + 1, dtype=np.intp)
    starts[BLANK], starts[BOOL], starts[ERROR], starts[TEXT] = 0, 1, 3, 3 + len(_ERRORS)
    return table, starts
