"""The stated order of every table: what stands where does not depend on the order of the source's rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import examples
from tests.tables.conftest import GOOD_ROWS
from xlsales.schema import TABLES
from xlsales.tables import Validated
from xlsales.tables.order import ORDERS, by_value, stated

MakeFolder = Callable[..., Path]
Run = Callable[..., Validated]

COLUMNS: dict[str, list[dict[str, str]]] = {
    "territories": [{"territory_id": name} for name in ("T1", "T02", "T2", "T10", "U1")],
    "accounts": [
        {"account_id": "A9", "account_name": "Zinc", "recent_revenue": "5"},
        {"account_id": "A1", "account_name": "Acme", "recent_revenue": "1"},
        {"account_id": "A2", "account_name": "Acme", "recent_revenue": "1"},
        {"account_id": "A0", "account_name": "Bond"},
    ],
    "deals": [
        {"deal_id": "D3", "outcome": "OPEN", "first_appointment": "2027-01-12"},
        {"deal_id": "D1", "first_appointment": "2027-01-11"},
        {"deal_id": "D2", "outcome": "OPEN", "first_appointment": "2027-01-11"},
        {"deal_id": "D0"},
        {"deal_id": "D4", "outcome": "LOST", "first_appointment": "2027-01-12"},
    ],
    "activity": [{"week_start": day} for day in ("2026-12-28", "2027-01-04", "2027-10-04")],
    "org_health": [{"element": str(number)} for number in range(1, 13)],
    "team": [
        {"name": "Cy", "stage": "SEARCH"},
        {"name": "Di", "stage": "WAKE DORMANT"},
        {"name": "Ada", "stage": "SALE"},
        {"name": "Bo", "stage": "SALE"},
        {"name": "Aya"},
    ],
    "checkins": [
        {"held": "2027-01-04", "kind": "WEEKLY"},
        {"held": "2027-01-04", "kind": "MONTHLY"},
        {"held": "2027-01-11", "kind": "WEEKLY"},
    ],
}


@pytest.mark.parametrize("table", TABLES)
@settings(deadline=None, max_examples=examples(3), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_rows_come_in_their_stated_order_however_they_were_shuffled(
    make_folder: MakeFolder, run: Run, table: str, data: st.DataObject
) -> None:
    rows = [{**GOOD_ROWS[table], **row} for row in COLUMNS[table]]
    if table == "territories":
        other = "accounts", [{**GOOD_ROWS["accounts"], "territory_id": row["territory_id"]} for row in rows[::-1]]
    else:
        other = "territories", [GOOD_ROWS["territories"]]
    validated = run(make_folder(**{table: data.draw(st.permutations(rows))}, **dict([other])), parts=(7,))
    assert [finding for finding in validated.findings if finding.code != "ACCOUNT_SHARED"] == []
    found = validated.territories if table == "territories" else validated.rows(table, "T1")
    key = [name for name in TABLES[table].key if len({row[name] for row in rows}) > 1]
    assert [[str(row[name]) for name in key] for row in found] == [[row[name] for name in key] for row in rows]
    if table == "territories":
        assert validated.territory_ids == [row["territory_id"] for row in rows]


def test_every_table_states_its_order() -> None:
    assert list(ORDERS) == sorted(TABLES, key=list(ORDERS).index)
    assert set(ORDERS) == set(TABLES)


@given(st.lists(st.text(st.sampled_from("0129Tt-é"), max_size=5), unique=True, max_size=8), st.data())
def test_identifiers_have_one_order(names: list[str], data: st.DataObject) -> None:
    assert sorted(data.draw(st.permutations(names)), key=by_value) == sorted(names, key=by_value)


def test_identifiers_of_very_many_digits_have_an_order() -> None:
    digits = ["9", "10", "9" * 5000, "1" + "0" * 5000]
    assert sorted([digits[2], digits[0], digits[3], digits[1]], key=by_value) == digits


def test_days_and_blanks_can_be_compared() -> None:
    columns: dict[str, list[Any]] = {
        "outcome": [None, "WON"],
        "first_appointment": [None, dt.date(2027, 1, 4)],
        "deal_id": ["b", "a"],
    }
    assert stated("deals", columns) == [0, 1]
