"""Rows kept by column read like a list of dictionaries."""

from __future__ import annotations

import datetime as dt
import pickle

import numpy as np
import pytest

from xlsales.cells.rows import Rows
from xlsales.cells.table_columns import Columns, Repeated
from xlsales.cells.words import Words

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


DAYS = [dt.date(2027, 1, 4), None, dt.date(2027, 1, 6), None]
MANY = Rows({"id": ["a", "b", "c", "d"], "day": DAYS, "count": [1, 2, None, None], "sum": [0.5, None, -0.0, 4.0]}, 4)
_PLACES = np.array([2, 0, 1, 2], np.int32)
AGAIN = Rows(Columns.of_packed({"stage": Repeated(_PLACES, ["won", None, "lost"]), "sum": np.ones(4)}, 4), 4)
PARTS = [[MANY[:2], MANY[2:]], [MANY[2:], MANY[:2]], [MANY[1:3]], [MANY[:0], MANY[3:]]]
PARTS += [[AGAIN[:2], AGAIN[2:]], [AGAIN[2:], AGAIN[:1]]]


@pytest.mark.parametrize("some", [slice(0, 4), slice(1, 3), slice(2, 4), slice(4, 4)])
@pytest.mark.parametrize("is_sent", [False, True])
def test_some_rows_tell_the_same_as_rows_of_their_own(some: slice, is_sent: bool) -> None:
    """Whatever is made of the columns of all rows at once."""
    own = Rows({name: values[some] for name, values in MANY.columns.items()}, len(range(4)[some]))
    shared = pickle.loads(pickle.dumps(MANY))[some] if is_sent else MANY[some]
    assert list(shared) == list(own)
    assert shared.filled == own.filled == {name for name, cells in own.columns.items() if {*cells} - {None}}
    assert shared.serials("day") == own.serials("day") == [day and day.toordinal() - 693_594 for day in DAYS[some]]
    assert shared.mapped("day", str) == own.mapped("day", str) == [str(day) for day in DAYS[some]]
    for name in ("day", "count", "sum"):
        assert shared.numbers(name).tobytes() == own.numbers(name).tobytes()


@pytest.mark.parametrize("some", [slice(0, 4), slice(1, 3), slice(1, 2), slice(2, 3), slice(4, 4)])
@pytest.mark.parametrize("is_sent", [False, True])
def test_values_that_come_again_are_those_of_a_plain_column(some: slice, is_sent: bool) -> None:
    plain = Rows({"stage": ["lost", "won", None, "lost"][some]}, len(range(4)[some]))
    shared = pickle.loads(pickle.dumps(AGAIN[some])) if is_sent else AGAIN[some]
    assert shared.columns["stage"] == plain.columns["stage"]
    assert shared.filled == plain.filled | ({"sum"} if plain else set())
    for function in (str, repr):
        assert shared.mapped("stage", function) == plain.mapped("stage", function)
    assert shared.serials("stage") == plain.serials("stage")
    are = [True, True, False, True][some]
    assert shared.array("stage", bool, bool).tolist() == plain.array("stage", bool, bool).tolist() == are


def test_rows_that_are_sent_take_no_value_of_others_along() -> None:
    own, _begins = Rows.together([AGAIN[2:]])
    sent = own.packed("stage")
    assert isinstance(sent, Repeated)
    assert (sent.different, sent.places.tolist()) == ([None, "lost"], [0, 1])


@pytest.mark.parametrize("many", PARTS)
def test_rows_that_are_put_together_are_the_same_rows(many: list[Rows]) -> None:
    columns, begins = Rows.together(many)
    again = [Rows.of(columns, begin, len(rows)) for begin, rows in zip(begins, many, strict=True)]
    assert again == many


def test_rows_with_other_words_keep_what_they_are() -> None:
    some = MANY[1:3].turned({"id": Words({"b": "x", "c": "y"})})
    assert [row["id"] for row in some] == ["x", "y"]
    assert (some.serials("day"), [row["count"] for row in some]) == ([None, 46393], [2, None])
    assert some.mapped("id", str.upper) == ["X", "Y"]
    assert some.array("id", len, int).tolist() == [1, 1]
    assert list(pickle.loads(pickle.dumps(some))) == list(some) == [some[0], some[1]]
    assert [row["id"] for row in some[1:]] == ["y"]
    assert [row["id"] for row in MANY[1:3]] == ["b", "c"]


def test_words_stand_for_codes_and_anything_else_is_as_it_is() -> None:
    some = AGAIN[1:].turned({"stage": Words({"won": "gewonnen", "open": "offen"})})
    assert [row["stage"] for row in some] == ["gewonnen", None, "lost"]
    assert some.mapped("stage", Words({"gewonnen": "won"})) == ["won", None, "lost"]


def test_no_rows_go_to_another_process_too() -> None:
    came = pickle.loads(pickle.dumps(Rows({"id": []}, 0)))
    assert (came, list(came.columns)) == ([], ["id"])


def test_row_that_is_not_there_is_an_error() -> None:
    with pytest.raises(IndexError):
        ROWS[3]
