"""When two values are one to a person, and what names a row."""

from __future__ import annotations

import pytest

from xlsales.batch.update.inputs import Row, Value, key_of, numbered, placed_rows, same
from xlsales.functions.errors import CellError


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (None, "", True),
        (None, 0.0, False),
        (0.0, False, False),
        (1.0, True, False),
        (0.1 + 0.2, 0.3, True),
        (1e14, 1e14 + 1, False),
        ("12", 12.0, True),
        ("1.5e3", 1500.0, True),
        ("007", 7.0, False),
        ("007", "7", False),
        ("12 %", 0.12, False),
        ("1,5", 1.5, False),
        ("a\r\nb", "a\nb", True),
        ("a ", "a", False),
        ("A", "a", False),
        ("Zoe\u0308", "Zo\u00eb", True),
        ("#N/A", CellError("#N/A"), False),
        (CellError("#N/A"), CellError("#N/A"), True),
        (CellError("#N/A"), None, False),
    ],
)
def test_same(one: Value, other: Value, wanted: bool) -> None:
    assert same(one, other) is wanted
    assert same(other, one) is wanted


@pytest.mark.parametrize(
    ("table", "row", "wanted"),
    [
        ("accounts", {"account_id": "007"}, ("007",)),
        ("accounts", {"account_id": 7.0}, ("7",)),
        ("accounts", {"account_id": " A1 "}, ("A1",)),
        ("accounts", {"account_id": "Zoe\u0308"}, ("Zo\u00eb",)),
        ("accounts", {"account_name": "no id"}, None),
        ("accounts", {"account_id": CellError("#REF!")}, None),
        ("checkins", {"kind": "WEEKLY", "turn": 5.0}, ("WEEKLY", "5")),
        ("checkins", {"kind": "WEEKLY"}, None),
        ("actions", {"activity": "x"}, None),
    ],
)
def test_what_names_a_row(table: str, row: Row, wanted: tuple[str, ...] | None) -> None:
    assert key_of(table, row) == wanted


def test_scores_are_named_by_their_place_and_go_back_to_it() -> None:
    rows = numbered("org_health", [{}, {"score": 4.0}, {}, {"score": 2.0}])
    assert rows == [{"element": 2.0, "score": 4.0}, {"element": 4.0, "score": 2.0}]
    assert placed_rows("org_health", rows) == [{}, rows[0], {}, rows[1]]
