"""What came back is handed to the roll-up: what counts, what does not and why, and its tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import RawWorkbook
from tests.workbook.returned.edits import EXAMPLE
from xlsales.collection import writing
from xlsales.collection.collected import Collected, collected
from xlsales.collection.finding import PlannerFinding
from xlsales.collection.planner import Planner, Value, unreadable
from xlsales.rollup import earlier
from xlsales.rollup.gathered import FIGURES, PLAN


def planner(territory: str, file: str = "", **more: float) -> Planner:
    """A planner that was read."""
    about = {"territory_id": territory, "territory_name": f"Name {territory}", "person": "P", "leader": "=1+1"}
    inputs: dict[str, Value] = {**about, "fiscal_year": 2027.0, "currency": "EUR", "revenue_goal": 100.0}
    accounts: dict[str, list[object]] = {
        "territory_id": [territory],
        "account_id": ["A1"],
        "account_name": ["@Acme"],
    }
    return Planner(
        file or f"{territory}.xlsx",
        territory,
        2027,
        file or territory,
        as_of=dt.date(2027, 3, 1),
        inputs=inputs,
        figures=more,
        completeness=0.5,
        tables={"accounts": {**_blank("accounts"), **accounts}},  # type: ignore[dict-item]
    )


def _blank(name: str) -> dict[str, list[object]]:
    from xlsales.schema import TABLES

    return {column.name: [None] for column in TABLES[name]}


@pytest.fixture
def came_back() -> Collected:
    one, two, three = planner("T1", fig_revenue=40.0), planner("T2", "a.xlsx"), planner("T2", "b.xlsx")
    broken = unreadable("broken #1.xlsx", "it is cut off")
    copies = [PlannerFinding("TWO_COPIES", file, "T2", got="=other") for file in ("a.xlsx", "b.xlsx")]
    return collected([one, two, three, broken], [one], copies)


def test_workbook_of_collect_is_its_rollup(tmp_path: Path, came_back: Collected) -> None:
    out = tmp_path / "all.xlsx"
    assert writing.write(came_back, out) == [out]
    book = openpyxl.load_workbook(out, data_only=True)
    left_out = [row[0:3] for row in book["Not counted"].iter_rows(min_row=5, values_only=True)]
    assert [row[0] for row in left_out] == ["a.xlsx", "b.xlsx", "broken #1.xlsx"]
    assert "it is cut off" in left_out[2][2]
    assert "none of them is counted" in left_out[0][2]
    totals = list(book["Totals"].iter_rows(min_row=5, values_only=True))
    assert [totals[1][totals[0].index(name)] for name in ("Territories", "Goal", "Revenue")] == [1, 100, 40]
    accounts = list(book["accounts"].values)
    assert dict(zip(*accounts, strict=True))["account_name"] == "@Acme"
    assert [cell.data_type for cell in book["Leaders"]["B"] if cell.value == "=1+1"] == ["s"]
    assert "2027-03-01" in book["Summary"]["B2"].value
    codes = [row[1] for row in book["Findings"].iter_rows(min_row=2, values_only=True)]
    assert sorted(codes) == ["TWO_COPIES", "TWO_COPIES", "UNREADABLE"]


def test_a_day_in_a_column_of_anything_is_shown_as_one(tmp_path: Path) -> None:
    cells: dict[str, list[Value]] = {"territory_id": ["T1", "T1"], "value": [dt.date(2027, 4, 23), 46500.0]}
    one = planner("T1")
    writing.write(collected([one], [replace(one, tables={"other_cells": cells})], []), tmp_path / "all.xlsx")
    shown = [cell.number_format for cell in openpyxl.load_workbook(tmp_path / "all.xlsx")["other_cells"]["B"][1:]]
    assert shown == ["yyyy-mm-dd", "General"]


@pytest.mark.parametrize("kind", [".xlsx", ".csv", ".parquet"])
def test_each_form_of_a_result_can_be_its_history(tmp_path: Path, came_back: Collected, kind: str) -> None:
    if kind == ".parquet":
        pytest.importorskip("pyarrow")
    writing.write(came_back, tmp_path / f"May{kind}")
    before = earlier.read(tmp_path / f"May{kind}")
    now = collected([], [planner("T1", fig_revenue=55.0), planner("T2")], [])
    writing.write(now, tmp_path / "all.xlsx", [before])
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx", data_only=True)["Against last"]
    head, first, second = list(sheet.iter_rows(min_row=5, values_only=True))
    assert before.called == "May, 2027-03-01"
    assert [first[head.index(f"Revenue: {when}")] for when in ("last", "now", "change")] == [40, 55, 15]
    assert (second[0], second[4]) == ("T2", "NEW")


def test_planner_tells_all_that_the_rollup_adds_up(example: Planner) -> None:
    raw = RawWorkbook(EXAMPLE)
    named = {name: raw.named(name) for name in FIGURES if not name.startswith("comp")}
    assert {name: example.figures.get(name) for name in named if isinstance(named[name], float)} == {
        name: pytest.approx(value) for name, value in named.items() if isinstance(value, float)
    }
    assert sum(isinstance(value, float) for value in named.values()) > len(named) * 0.8
    place = raw.names["col_products_goal"].replace("$", "").replace("'", "")
    sheet, _mark, head = place.partition("!")
    letter, row = head.rstrip("0123456789"), int(head.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    goals = [cell.value for at in range(1, 9) if (cell := raw.sheets[sheet].get(f"{letter}{row + at}")) is not None]
    known = [goal for goal in goals if isinstance(goal, float)]
    assert known
    assert example.figures[PLAN] == pytest.approx(sum(known))
