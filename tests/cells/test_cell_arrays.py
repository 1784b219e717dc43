"""Cells as arrays of kinds and numbers, and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from xlsales.cells.arrays import ERROR_CODES, TextIds, arrays_of, coded, objects
from xlsales.functions import CellError

VALUES: list[Any] = [None, 0.0, -2.5, "", "a", "A", "a", True, False, *map(CellError, ERROR_CODES)]


@pytest.mark.parametrize("more", [0, 1000], ids=["many cells", "more texts than cells"])
def test_values_come_back_as_they_were(more: int) -> None:
    arrays = arrays_of(VALUES, TextIds())
    found = objects(arrays.kinds, arrays.numbers, [*arrays.texts, *map(str, range(more))]).tolist()
    assert found == VALUES
    assert [type(value) for value in found] == [type(value) for value in VALUES]


def test_arrays_of_several_planners_come_back_in_their_shape() -> None:
    arrays = arrays_of(VALUES, TextIds())
    kinds, numbers = np.tile(arrays.kinds, (2, 1)), np.tile(arrays.numbers, (2, 1))
    assert objects(kinds, numbers, arrays.texts).tolist() == [VALUES, VALUES]


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3.0), (dt.date(2027, 1, 31), 46418.0), (dt.datetime(2027, 1, 31, 15), 46418.0)]
)
def test_whole_numbers_and_dates_are_numbers(value: Any, number: float) -> None:
    assert coded(value, TextIds()) == coded(number, TextIds())


def test_texts_that_are_known_keep_their_ids() -> None:
    known = TextIds()
    first = [known[text] for text in ("x", "", "y", "x")]
    more = TextIds(known)
    assert first == [1, 0, 2, 1]
    assert [more[text] for text in ("z", "y")] == [3, 2]
    assert "z" not in known


def test_what_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="nothing that a cell holds"):
        coded(b"bytes", TextIds())  # type: ignore[arg-type]
