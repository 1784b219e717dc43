"""True accounts: every row that was read is in a planner, left out with a reason, refused, or skipped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.batches import PLANNERS, Run
from tests.depth import examples
from xlsales.batch import row_accounts
from xlsales.batch.row_accounts import REASONS, RowAccounts
from xlsales.schema import TABLES
from xlsales.tables import Accounting

if TYPE_CHECKING:
    from tests.conftest import Tables

MARKED = {  # a column of each table that can hold a mark of its row
    "territories": "leader", "accounts": "segment", "deals": "product", "activity": "conversations",
    "org_health": "evidence", "team": "role", "checkins": "topic",
}  # fmt: skip
FIRST_MARK = 700_000


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def rows(out: Path) -> dict[str, dict[str, Any]]:
    report: dict[str, dict[str, Any]] = json.loads((out / "run.json").read_text(encoding="utf-8"))["rows"]
    return report


def account(read: int, placed: int, refused: int = 0, skipped: int = 0, **left_out: int) -> dict[str, Any]:
    return {"read": read, "in_planners": placed, "left_out": left_out, "refused": refused, "skipped": skipped}


def test_rows_that_the_planner_has_no_place_for_are_counted_with_the_reason(
    run: Run, out: Path, small_tables: Tables
) -> None:
    small_tables["activity"] += [{"territory_id": "T1", "week_start": day} for day in ("2020-01-06", "2019-01-07")]
    small_tables["checkins"] = [
        {"territory_id": "T2", "kind": "WEEKLY", "held": day}
        for day in ("2027-01-05", "2027-01-06", "2027-01-07", "2026-01-07")
    ]
    batch = run(small_tables)
    assert rows(out)["activity"] == account(7, 5, OUTSIDE_YEAR=2)
    assert rows(out)["checkins"] == account(4, 1, OUTSIDE_YEAR=1, SAME_ROW=2)
    assert rows(out)["territories"] == account(3, 3)
    assert list(row_accounts.lines(batch.accounts)) == [
        "Rows of the tables that are not in planners:",
        "  activity: 7 read, 5 in planners, 2 left out (outside the planner's calendar)",
        "  checkins: 4 read, 1 in planners, 1 left out (outside the planner's calendar), "
        "2 left out (another row stands in their place)",
    ]
    sheet = openpyxl.load_workbook(out / "findings.xlsx")["Rows"]
    cells = {str(row[0]): list(row[1:]) for row in sheet.values}
    assert cells["table"] == ["read", "in planners", "left out", "refused", "skipped", "reasons"]
    assert cells["deals"][:5] == [4, 4, 0, 0, 0]
    assert cells["checkins"][:5] == [4, 1, 3, 0, 0]
    assert str(cells["checkins"][5]).startswith("1: outside the planner's calendar, 2: another row")


def test_rows_of_a_planner_that_could_not_be_made_are_in_no_planner(
    run: Run, out: Path, small_tables: Tables, small_template: Path
) -> None:
    small_tables["team"] = [{"territory_id": "T1", "name": f"P{number}", "role": "Seller"} for number in range(13)]
    run(small_tables, template=small_template)
    assert rows(out)["territories"] == account(3, 2, skipped=1)
    assert rows(out)["team"] == account(13, 0, skipped=13)
    assert rows(out)["deals"] == account(4, 1, skipped=3)


def test_rows_of_a_planner_that_could_not_be_written_are_in_no_planner(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def held(path: Path, target: Path) -> Path:
        if target.name == PLANNERS[0]:
            raise PermissionError(13, "The process cannot access the file", str(path), 32, str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", held)
    run(small_tables)
    assert rows(out)["territories"] == account(3, 2, skipped=1)
    assert rows(out)["accounts"] == account(3, 1, skipped=2)
    assert rows(out)["org_health"] == account(12, 0, skipped=12)


def test_all_rows_in_planners_are_told_in_one_line(run: Run, small_tables: Tables) -> None:
    assert list(row_accounts.lines(run(small_tables).accounts)) == ["All 27 rows of the tables are in planners."]


def test_a_table_that_was_not_read_has_no_account() -> None:
    accounts = RowAccounts().of({"deals": Accounting(2, 1, 1, 0)})
    assert list(accounts) == ["deals"]
    assert accounts["deals"].told() == account(2, 0, refused=1, skipped=1)


ROWS: Mapping[str, Mapping[str, st.SearchStrategy[str]]] = {
    "territories": {
        "territory_name": st.just("North"), "person": st.sampled_from(["Ada", "Ada", "Ada", ""]),
        "currency": st.just("EUR"), "fiscal_year": st.just("2027"),
        "revenue_goal": st.sampled_from(["5", "5", "5", "x"]),
    },
    "accounts": {"account_id": st.sampled_from("ABCDEFGH"), "account_name": st.sampled_from(["Acme", "Acme", ""])},
    "deals": {"deal_id": st.sampled_from("ABCDEFGH"), "outcome": st.sampled_from(["", "OPEN", "MAYBE"])},
    "activity": {"week_start": st.sampled_from(["2027-01-04", "2027-01-11", "2027-01-12", "2019-01-07"])},
    "org_health": {"element": st.integers(1, 12).map(str), "score": st.sampled_from(["3", "3", "6"])},
    "team": {
        "name": st.text(st.sampled_from("ab"), min_size=1, max_size=4),
        "stage": st.sampled_from(["", "SALE", "x"]),
    },
    "checkins": {
        "kind": st.sampled_from(["WEEKLY", "MONTHLY"]),
        "held": st.sampled_from(["2027-01-05", "2027-01-06", "2027-01-11", "2026-01-05", "2028-01-05", ""]),
    },
}  # fmt: skip


@st.composite
def tables_in_trouble(draw: st.DrawFn) -> Tables:
    """Tables with rows of every kind of trouble, each row with a mark of its own."""
    tables: Tables = {}
    mark = FIRST_MARK
    for name, columns in ROWS.items():
        ids = st.sampled_from(["T1", "T2", "T3"] if name == "territories" else ["T1", "T1", "T2", "T3", "T9", ""])
        row = st.fixed_dictionaries({"territory_id": ids, **columns})
        tables[name] = draw(st.lists(row, min_size=1, max_size=14 if name in ("team", "org_health") else 7))
        if name == "org_health" and draw(st.booleans()):
            tables[name] = [{"territory_id": "T1", "element": str(number), "score": "3"} for number in range(1, 13)]
        for one in tables[name]:
            mark += 1
            one[MARKED[name]] = str(mark)
    return tables


@settings(deadline=None, max_examples=examples(6), suppress_health_check=list(HealthCheck))
@given(tables_in_trouble())
def test_what_was_read_is_in_planners_or_left_out_or_refused_or_skipped(
    run: Run, tmp_path_factory: pytest.TempPathFactory, tables: Tables
) -> None:
    out = tmp_path_factory.mktemp("accounts") / "plans"
    batch = run(tables, out)
    found = marks(out)
    for name, told in rows(out).items():
        assert told["read"] == len(tables[name])
        assert told["read"] == told["in_planners"] + sum(told["left_out"].values()) + told["refused"] + told["skipped"]
        assert min([told["refused"], told["skipped"], *told["left_out"].values()]) >= 0
        assert told["in_planners"] == sum(found[row[MARKED[name]]] for row in tables[name])
        refusals = [one for one in batch.findings if one.severity == "error" and one.table == name and one.row]
        assert bool(refusals) == bool(told["refused"])
        assert set(told["left_out"]) <= set(REASONS)
    assert rows(out).keys() == TABLES.keys()


def marks(out: Path) -> Counter[str]:
    """How often each mark stands in a cell of a planner."""
    found: Counter[str] = Counter()
    for path in out.glob("T*.xlsm"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type != "f" and str(cell.value).isdecimal() and int(str(cell.value)) > FIRST_MARK:
                        found[str(cell.value)] += 1
    return found
