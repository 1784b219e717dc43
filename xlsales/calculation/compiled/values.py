"""Cell values of many planners at once: NumPy arrays with a kind beside every number.

Scalars have the axes (cells of the block, planners), areas (cells of the block, rows, columns, planners); an
axis of length 1 stands for any length, and a Python number for all axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from xlsales.cells.arrays import BLANK, BOOL, ERROR, ERROR_CODES, NUMBER, TEXT, Array
from xlsales.texts import _

NO_ERROR: Final = 0  # in arrays of faults; an error is its number in ERROR_CODES, and one more
FAULTS: Final = {code: number for number, code in enumerate(ERROR_CODES, start=1)}

_KIND: Final = {kind: np.int8(kind) for kind in (BLANK, NUMBER, TEXT, BOOL, ERROR)}
_ERROR_KIND, _NUMBER_KIND = _KIND[ERROR], _KIND[NUMBER]


class Value:
    """What a formula's part gives, for every cell of a block and every planner.

    `number` holds the number, a text's id, 1 or 0 for TRUE and FALSE, an error's place in ERROR_CODES, 0 for blank.
    """

    __slots__ = ("are_amounts", "cells", "comparable", "folds", "kind", "kinds", "number", "reference", "until")

    def __init__(
        self, kinds: int, kind: Any, number: Any, *, reference: bool = False, until: Array | None = None
    ) -> None:
        self.kinds = kinds  # those that may occur
        self.kind = kind  # one kind, or an array of them
        self.number = number
        self.reference = reference  # whether it is cells themselves: COUNT and AND skip texts in these only
        self.cells: tuple[Array, Array] | None = None  # of an area, once they were listed
        self.folds: Array | None = None  # of its texts, once they were compared
        self.are_amounts: bool | None = None  # whether its numbers have few decimals, once that was asked
        self.comparable: dict[str, Array] | None = None  # with numbers, as some operators need it
        self.until = until  # how many rows of an area each cell of the block sees, where they differ

    @property
    def is_area(self) -> bool:
        """Whether it has rows and columns of its own."""
        return getattr(self.number, "ndim", 0) == 4 or getattr(self.kind, "ndim", 0) == 4

    def has(self, kind: int) -> Any:
        """Return where it is of this kind."""
        if not self.kinds & kind:
            return np.False_
        return np.equal(self.kind, kind)


def number(value: Any) -> Value:
    """Numbers all of them."""
    return Value(NUMBER, NUMBER, value)


def truth(value: Any) -> Value:
    """TRUE and FALSE."""
    return Value(BOOL, BOOL, value)


def text(ids: Any) -> Value:
    """Texts by their ids."""
    return Value(TEXT, TEXT, ids)


def error(code: str) -> Value:
    """One error value everywhere."""
    return Value(ERROR, ERROR, float(FAULTS[code] - 1))


def anywhere(truths: Any) -> bool:
    """Whether something holds in some place: of few, NumPy's `any` takes eight times as long to say so."""
    return bool(np.count_nonzero(truths))


def everywhere(truths: Any) -> bool:
    """Whether something holds in all places."""
    return bool(np.count_nonzero(truths) == np.size(truths))


EMPTY: Final = Value(BLANK, BLANK, 0.0)


def of(kind: Any, numbers: Any, *, reference: bool = False, until: Array | None = None) -> Value:
    """Wrap arrays; find out which kinds occur."""
    kinds = int(np.bitwise_or.reduce(kind, axis=None))
    if not kinds & (kinds - 1):
        return Value(kinds, kinds, numbers, reference=reference, until=until)
    return Value(kinds, kind, numbers, reference=reference, until=until)


def with_faults(kind: int, numbers: Any, faults: Any) -> Value:
    """Values of one kind, but errors where there are faults."""
    if faults is None:
        return Value(kind, kind, numbers)
    wrong = np.not_equal(faults, NO_ERROR)
    if not anywhere(wrong):
        return Value(kind, kind, numbers)
    return Value(
        kind | ERROR,
        np.where(wrong, _ERROR_KIND, _KIND[kind]),
        np.where(wrong, faults - 1.0, numbers),
    )


def first_fault(*all_faults: Any) -> Any:
    """Of several faults in the same place, keep the first; None means that there are none."""
    given = [faults for faults in all_faults if faults is not None]
    if not given:
        return None
    found = given[-1]
    for faults in reversed(given[:-1]):
        found = np.where(np.not_equal(faults, NO_ERROR), faults, found)
    return found


def fault_where(wrong: Any, code: str) -> Any:
    """Return this fault where something is wrong; None where nothing is."""
    return np.where(wrong, float(FAULTS[code]), float(NO_ERROR)) if anywhere(wrong) else None


def faults_of(value: Value) -> Any:
    """Return the errors among values as faults."""
    if not value.kinds & ERROR:
        return None
    if value.kinds == ERROR:
        return value.number + 1.0
    return np.where(value.has(ERROR), value.number + 1.0, float(NO_ERROR))


def _kind_array(value: Value) -> Any:
    return _KIND[value.kind] if isinstance(value.kind, int) else value.kind


def select(condition: Any, yes: Value, no: Value) -> Value:
    """Take the one where a condition holds, and the other elsewhere."""
    reference = yes.reference and no.reference
    kinds = yes.kinds | no.kinds
    chosen = np.where(condition, yes.number, no.number)
    if isinstance(yes.kind, int) and isinstance(no.kind, int) and yes.kind == no.kind:
        return Value(kinds, yes.kind, chosen, reference=reference)
    kind = np.where(condition, _kind_array(yes), _kind_array(no))
    if kinds & ERROR:  # mostly those that were not chosen
        return of(kind, chosen, reference=reference)
    return Value(kinds, kind, chosen, reference=reference)


def lifted(value: Value) -> Value:
    """Give a scalar the two axes of areas, to be worked with them element by element."""
    if value.is_area:
        return whole(value)
    return Value(value.kinds, _with_axes(value.kind), _with_axes(value.number), reference=value.reference)


def whole(area: Value) -> Value:
    """Refuse an area that grows from cell to cell where only one of one size is known to work."""
    if area.until is not None:
        raise NotImplementedError(_("a range that grows with its cell, in this place"))
    return area


def _with_axes(values: Any) -> Any:
    return values[:, None, None, :] if np.ndim(values) == 2 else values


def aligned(values: Sequence[Value]) -> Sequence[Value]:
    """Give all the same axes: those of areas where there is one."""
    for value in values:
        if value.is_area:
            return [lifted(one) for one in values]
    return values
