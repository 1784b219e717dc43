"""The totals of a roll-up are the sums of what was collected, added up once more in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.conftest import RawWorkbook
from tests.rollup.worlds import Sheet, gathered, mixed, products, territory, written

GOALS = products(
    ("T0", "a", 100), ("T0", "b", 50.5), ("T2", "a", 7), ("T4", "a", None), ("T6", "a", "n/a"), ("T9", "a", 3)
)


def known(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
    return float(value) if is_number else None


def code(row: dict[str, Any]) -> str:
    found = str(row["currency"] or "").strip().upper()
    return found if len(found) == 3 else "–"


def plan(row: dict[str, Any]) -> float | None:
    return {"T0": 150.5, "T2": 7.0, "T9": 3.0}.get(row["territory_id"])


def expected(rows: list[dict[str, Any]], currency: str) -> list[Any]:
    """What stands in a row of totals behind its name and its currency, in the order of the sheet."""

    def total(name: str, *where: str) -> tuple[int, Any]:
        picked = [row for row in rows if all(known(value(row, one)) is not None for one in (name, *where))]
        return len(picked), sum(known(value(row, name)) or 0 for row in picked) if picked else ""

    def value(row: dict[str, Any], name: str) -> Any:
        return plan(row) if name == "plan" else row[name]

    def share(part: Any, all_of: Any) -> Any:
        return part / all_of if part != "" and all_of not in ("", 0) else ""

    found: list[Any] = [len(rows), *total("revenue_goal")]
    for name in ("plan", "fig_revenue", "fig_trajectory"):
        count, amount = total(name, "revenue_goal")
        goal = total("revenue_goal", name)[1]
        found += [count, goal, amount, share(amount, goal)]
    found += total("out_catch_up_number")
    pace = [
        row
        for row in rows
        if None not in (known(row["out_activity_barometer"]), known(row["out_magic_number"]), known(per_week(row)))
    ]
    needed, done = ([known(of(row)) or 0 for row in pace] for of in (lambda row: row["out_magic_number"], per_week))
    found += [len(pace), sum(needed) if pace else "", sum(done) if pace else ""]
    found.append(share(found[-1], found[-2]))
    for all_of, planned in (("fig_accounts", "fig_accounts_planned"), ("fig_top_accounts", "fig_top_planned")):
        there = [row for row in rows if (known(row[all_of]) or 0) > 0 and known(row[planned]) is not None]
        sums = [sum(known(row[name]) or 0 for row in there) if there else "" for name in (all_of, planned)]
        found += [len(there), *sums, share(sums[1], sums[0])]
    count, amount = total("out_org_health")
    found += [count, amount / count if count else ""]
    for name in ("out_dormant_value", "out_weighted_pipeline", "out_open_checks"):
        found += total(name)
    for name in ("revenue_goal", "opening_revenue", "fig_accounts"):
        values = [one for row in rows if (one := known(row[name])) is not None and (name != "fig_accounts" or one > 0)]
        found.append(median(values) if values else "")
    money = (2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 32, 34, 37, 38)
    return ["–" if currency == "–" and at in money else one for at, one in enumerate(found)]


def per_week(row: dict[str, Any]) -> Any:
    barometer, magic = known(row["out_activity_barometer"]), known(row["out_magic_number"])
    given = row["fig_per_week"]
    if given is None or given != given:
        return None if barometer is None or magic is None else barometer * magic
    return given


BY: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "Totals": ("Group", lambda _row: "All"),
    "Leaders": ("Leader", lambda row: " ".join(row["leader"].split()).casefold()),
    "Regions": ("Region", lambda row: " ".join(row["region"].split()).casefold()),
}


@pytest.mark.parametrize("sheet", BY)
@pytest.mark.parametrize("seed", range(3))
def test_totals_are_the_sums_of_what_is_known(tmp_path: Path, sheet: str, seed: int) -> None:
    rows = mixed(60, seed)
    path = written(gathered(rows, details=GOALS), tmp_path / "all.xlsx")
    _heading, key = BY[sheet]
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        groups.setdefault((key(row) or "(not named)", code(row)), []).append(row)
    found = {
        (str(row[1]) if sheet == "Totals" else str(row[1]).casefold(), str(row[2])): row[3:]
        for row in Sheet(RawWorkbook(path), sheet, 5).lists()
    }
    everything = found.pop(("All currencies", "–"), None)
    assert found.keys() == groups.keys()
    for group, territories in groups.items():
        assert found[group] == [pytest.approx(one, rel=1e-12) for one in expected(territories, group[1])], group
    if sheet == "Totals":
        assert everything == [pytest.approx(one, rel=1e-12) for one in expected(rows, "–")]


def test_amounts_of_two_currencies_are_never_added(tmp_path: Path) -> None:
    rows = [territory(1, revenue_goal=100), territory(2, revenue_goal=30, currency="USD"), territory(3, currency="?")]
    rows[2] |= {"revenue_goal": 5}
    sheets = RawWorkbook(written(gathered(rows), tmp_path / "all.xlsx"))
    assert [(row["Currency"], row["Goal"]) for row in Sheet(sheets, "Totals", 5).rows()] == [
        ("EUR", 100),
        ("USD", 30),
        ("–", "–"),
        ("–", "–"),
    ]
    assert [row["Leader"] for row in Sheet(sheets, "Leaders", 5).rows()] == ["Ines"] * 3


def test_of_two_copies_neither_is_summed_and_both_are_named(tmp_path: Path) -> None:
    rows = [territory(1, revenue_goal=100), territory(2, revenue_goal=30), territory(2, file="Copy.xlsx")]
    rows[2] |= {"revenue_goal": 40, "territory_id": "t2"}
    book = RawWorkbook(written(gathered(rows), tmp_path / "all.xlsx"))
    assert [row["Goal"] for row in Sheet(book, "Totals", 5).rows()] == [100]
    assert [row["File"] for row in Sheet(book, "Not counted").rows()] == ["Planner T2.xlsx", "Copy.xlsx"]
    assert "Planner T2.xlsx, Copy.xlsx" in str(book.sheets["Summary"]["B3"].value)


def test_a_plan_of_another_year_or_of_nobody_is_in_no_total(tmp_path: Path) -> None:
    rows = [territory(number, revenue_goal=1) for number in (1, 2)]
    rows += [territory(3, revenue_goal=50, fiscal_year=2026), territory(4, revenue_goal=70, territory_id=" ")]
    rows += [territory(5, revenue_goal=90, counted=False, not_counted_because="Nobody wants it.")]
    book = RawWorkbook(written(gathered(rows), tmp_path / "all.xlsx"))
    (total,) = Sheet(book, "Totals", 5).lists()
    assert total[3:6] == [2, 2, 2]  # territories, those with a goal, their goals
    reasons = [row["Why"] for row in Sheet(book, "Not counted").rows()]
    assert reasons[0] == "It is the plan of 2026; most are of 2027."
    assert "blank" in reasons[1]
    assert reasons[2] == "Nobody wants it."


def test_what_is_not_known_is_no_zero(tmp_path: Path) -> None:
    rows = [territory(1, revenue_goal=100), territory(2)]
    book = RawWorkbook(written(gathered(rows), tmp_path / "all.xlsx"))
    (total,) = Sheet(book, "Totals", 5).lists()
    assert total[3:10] == [2, 1, 100, 0, "", "", ""]
    summary = {cell.value for cell in book.sheets["Summary"].values() if cell.formula}
    assert {"1 of 2 known", "0 of 2 known", "–", 100.0} <= summary
    assert 0 not in summary


def test_no_account_is_not_an_account_without_a_plan(tmp_path: Path) -> None:
    rows = [territory(1, fig_accounts=0, fig_accounts_planned=0), territory(2, fig_accounts=4, fig_accounts_planned=1)]
    book = RawWorkbook(written(gathered(rows), tmp_path / "all.xlsx"))
    (total,) = Sheet(book, "Totals", 5).lists()
    at = Sheet(book, "Totals", 5).headings.index("Coverage")
    assert total[at - 3 : at + 1] == [1, 4, 1, 0.25]


def test_a_plan_that_is_not_known_is_no_sum_of_the_lines_that_are(tmp_path: Path) -> None:
    lines = products(("T1", "a", 100), ("T1", "b", None))
    told = gathered([territory(1, revenue_goal=10.0, plan_revenue=None)], details=lines)
    total = Sheet(RawWorkbook(written(told, tmp_path / "all.xlsx")), "Totals", 5).lists()[0]
    assert total[3:] == expected([territory(0, territory_id="unknown", revenue_goal=10.0)], "EUR")
