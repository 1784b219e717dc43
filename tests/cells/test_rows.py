"""Rows kept by column read like a list of dictionaries."""

from __future__ import annotations

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


def test_rows_go_to_another_process_and_come_back() -> None:
    assert pickle.loads(pickle.dumps(ROWS)) == ROWS


def test_row_that_is_not_there_is_an_error() -> None:
    with pytest.raises(IndexError):
        ROWS[3]
