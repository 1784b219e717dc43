"""Rows kept by column read like a list of dictionaries."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from xlsales.cells.rows import Rows

ROWS = Rows({"id": ["a", "b", "c"], "amount": [1.0, None, 3.0]}, 3)


def test_rows_are_dictionaries_in_their_order() -> None:
    assert list(ROWS) == [{"id": "a", "amount": 1.0}, {"id": "b", "amount": None}, {"id": "c", "amount": 3.0}]
    assert (len(ROWS), ROWS[1], ROWS[-1]["id"]) == (3, {"id": "b", "amount": None}, "c")


@pytest.mark.parametrize(("some", "ids"), [(slice(1, 3), "bc"), (slice(0, 0), ""), (slice(None, None, 2), "ac")])
def test_slice_of_rows_is_rows(some: slice, ids: str) -> None:
    found = ROWS[some]
    assert (len(found), [row["id"] for row in found]) == (len(ids), list(ids))


def test_rows_equal_what_holds_the_same() -> None:
    assert list(ROWS) == ROWS
    assert Rows({"id": []}, 0) == []
    assert ROWS[:2] != ROWS


@pytest.mark.parametrize(
    "cells",
    [
        ["a", "b", "c"],
        [None, None, None],
        [1.5, None, -0.0],
        [1e300, 5e-324, 0.1],
        [1, None, 2**53 + 1],
        [1, 2.0, True],
        [dt.date(1900, 3, 1), None, dt.date(9999, 12, 31)],
        [dt.date(2027, 1, 1), dt.datetime(2027, 1, 1, 12), dt.date.min],
        ["", None, "a"],
    ],
    ids=repr,
)
def test_rows_go_to_another_process_and_come_back(cells: list[object]) -> None:
    sent = Rows({"id": ["a", "b", "c"], "cell": cells}, 3)  # type: ignore[dict-item]
    came = pickle.loads(pickle.dumps(sent))
    assert came == sent
    assert [repr(cell) for cell in came.columns["cell"]] == [*map(repr, cells)]


def test_no_rows_go_to_another_process_too() -> None:
    came = pickle.loads(pickle.dumps(Rows({"id": []}, 0)))
    assert (came, list(came.columns)) == ([], ["id"])


def test_row_that_is_not_there_is_an_error() -> None:
    with pytest.raises(IndexError):
        ROWS[3]
