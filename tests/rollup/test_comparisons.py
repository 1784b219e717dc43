"""Ranking, balance, peers, coverage and pipeline, each figure calculated once more in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from tests.conftest import RawWorkbook
from tests.rollup.test_sums import code, known
from tests.rollup.worlds import Sheet, gathered, mixed, territory, written


def sheet(tmp_path: Path, name: str, rows: Sequence[Any]) -> dict[Any, dict[str, Any]]:
    """The rows of a sheet by territory."""
    book = RawWorkbook(written(gathered(list(rows)), tmp_path / "all.xlsx"))
    return {row["ID"]: row for row in Sheet(book, name).rows()}


def others(rows: list[Any], row: Any, name: str) -> list[float]:
    """What the other territories of the same currency say."""
    like = [one for one in rows if code(one) == code(row) != "–" and one is not row]
    return [value for one in like if (value := known(one[name])) is not None]


def quotient(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def close(value: Any) -> Any:
    return "" if value is None else pytest.approx(value, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_ranking_is_by_pace_and_gives_the_unknown_no_rank(tmp_path: Path, seed: int) -> None:
    rows = mixed(50, seed)
    found = sheet(tmp_path, "Ranking", rows)
    paces = {
        row["territory_id"]: (known(row["fig_trajectory"]) or 0) / (known(row["revenue_goal"]) or 1)
        for row in rows
        if known(row["fig_trajectory"]) is not None and known(row["revenue_goal"])
    }
    for row in rows:
        own = paces.get(row["territory_id"])
        rank = None if own is None else 1 + sum(other > own for other in paces.values())
        assert found[row["territory_id"]]["Rank by pace"] == ("" if rank is None else rank)
        assert found[row["territory_id"]]["Pace of goal"] == close(own)
    ranks = [row["Rank by pace"] for row in found.values()]
    assert [rank for rank in ranks if rank != ""] == sorted(rank for rank in ranks if rank != "")
    assert "" not in ranks[: len(paces)]


def test_equal_paces_have_one_rank(tmp_path: Path) -> None:
    rows = [territory(at, revenue_goal=100, fig_trajectory=pace) for at, pace in enumerate((90, 110, 90, 50))]
    assert [row["Rank by pace"] for row in sheet(tmp_path, "Ranking", rows).values()] == [1, 2, 2, 4]


@pytest.mark.parametrize("seed", range(3))
def test_balance_is_against_the_median_of_the_currency(tmp_path: Path, seed: int) -> None:
    rows = mixed(50, seed)
    found = sheet(tmp_path, "Balance", rows)
    for name, shown in (("revenue_goal", "Goal"), ("opening_revenue", "Opening revenue"), ("fig_accounts", "Accounts")):
        for row in rows:
            own, peers = known(row[name]), others(rows, row, name)
            if name == "fig_accounts":
                own, peers = own or None, [one for one in peers if one > 0]
            middle = median([own, *peers]) if own is not None and peers else None
            gap = own / middle - 1 if own is not None and middle else None
            line = found[row["territory_id"]]
            assert line[f"{shown}: off the median"] == close(gap)
            word = "" if gap is None else "ABOVE" if gap >= 0.2 else "BELOW" if gap <= -0.2 else "OK"
            assert line[f"{shown}: balance"] == word


@pytest.mark.parametrize("seed", range(3))
def test_peers_are_the_others_of_the_currency(tmp_path: Path, seed: int) -> None:
    rows = mixed(50, seed)
    found = sheet(tmp_path, "Peers", rows)
    for name, shown, limit, low, high in (
        ("out_average_sale", "Average sale", 0.4, "INVESTIGATE", "BEST PRACTICE"),
        ("out_sales_cycle_days", "Sales cycle", 0.3, "BEST PRACTICE", "INVESTIGATE"),
    ):
        for row in rows:
            own, peers = known(row[name]), others(rows, row, name)
            gap = own / mean(peers) - 1 if own is not None and peers and mean(peers) else None
            line = found[row["territory_id"]]
            assert line[f"{shown}: gap"] == close(gap)
            word = "" if gap is None else low if gap <= -limit else high if gap >= limit else "OK"
            assert line[f"{shown}: verdict"] == word


def test_nobody_is_compared_with_what_the_others_lost(tmp_path: Path) -> None:
    """A mean of less than 0, of credit notes, would make the best a bad one."""
    rows = [territory(at, out_average_sale=sale) for at, sale in enumerate((10_000.0, -2000.0))]
    found = sheet(tmp_path, "Peers", rows)
    told = [[found[name][f"Average sale: {what}"] for what in ("gap", "verdict")] for name in ("T0", "T1")]
    assert told == [["", ""], [pytest.approx(-1.2), "INVESTIGATE"]]


@pytest.mark.parametrize(
    ("own", "gap", "word"), [(120_000, 0.2, "ABOVE"), (80_000, -0.2, "BELOW"), (119_999, None, "OK")]
)
def test_exactly_a_fifth_off_is_out_of_balance(tmp_path: Path, own: float, gap: float | None, word: str) -> None:
    goals = [own, 100_000, 100_000]
    found = sheet(tmp_path, "Balance", [territory(at, revenue_goal=goal) for at, goal in enumerate(goals)])
    assert found["T0"]["Goal: balance"] == word
    assert gap is None or found["T0"]["Goal: off the median"] == gap


@pytest.mark.parametrize(
    ("column", "heading", "own", "word"),
    [
        ("out_average_sale", "Average sale", 600.0, "INVESTIGATE"),
        ("out_average_sale", "Average sale", 601.0, "OK"),
        ("out_average_sale", "Average sale", 1400.0, "BEST PRACTICE"),
        ("out_sales_cycle_days", "Sales cycle", 700.0, "BEST PRACTICE"),
        ("out_sales_cycle_days", "Sales cycle", 1300.0, "INVESTIGATE"),
        ("out_sales_cycle_days", "Sales cycle", 1299.0, "OK"),
    ],
)
def test_peers_are_judged_at_the_limit_itself(tmp_path: Path, column: str, heading: str, own: float, word: str) -> None:
    rows = [territory(1, **{column: own}), territory(2, **{column: 1000.0}), territory(3, **{column: None})]
    found = sheet(tmp_path, "Peers", rows)
    assert found["T1"][f"{heading}: verdict"] == word
    assert found["T3"][f"{heading}: verdict"] == ""


def test_who_is_alone_in_a_currency_has_no_peers(tmp_path: Path) -> None:
    rows = [territory(1, revenue_goal=5, out_average_sale=9), territory(2, currency="USD", revenue_goal=7)]
    rows += [territory(at, currency=None, revenue_goal=at, out_average_sale=at) for at in (3, 4)]
    for name, word in (("Balance", "Goal: balance"), ("Peers", "Average sale: verdict")):
        assert {row[word] for row in sheet(tmp_path, name, rows).values()} == {""}


@pytest.mark.parametrize(
    ("accounts", "planned", "state"),
    [
        (20, 2, "BELOW USUAL"),
        (20, 3, "BELOW TARGET"),
        (20, 9, "BELOW TARGET"),
        (20, 10, "OK"),
        (0, 0, ""),
        (None, 3, ""),
    ],
)
def test_coverage_is_against_what_is_usual_and_the_target(
    tmp_path: Path, accounts: Any, planned: Any, state: str
) -> None:
    rows = [territory(1, fig_accounts=accounts, fig_accounts_planned=planned, fig_top_accounts=5, fig_top_planned=4)]
    found = sheet(tmp_path, "Coverage", rows)["T1"]
    assert found["Coverage: state"] == state
    assert found["Coverage"] == (planned / accounts if accounts else "")
    assert [found[name] for name in ("Usual", "Target", "Usual, top", "Target, top")] == [0.15, 0.5, 0.27, 1]
    assert (found["Top coverage"], found["Top coverage: state"]) == (0.8, "BELOW TARGET")


@pytest.mark.parametrize("seed", range(2))
def test_pipeline_is_weighted_and_set_against_the_goal_left(tmp_path: Path, seed: int) -> None:
    rows = mixed(40, seed)
    found = sheet(tmp_path, "Pipeline", rows)
    for row in rows:
        line = found[row["territory_id"]]
        forecast, weighted, left = (
            known(row[name]) for name in ("fig_open_forecast", "out_weighted_pipeline", "fig_goal_left")
        )
        assert line["Weighted, of the forecast"] == close(quotient(weighted, forecast))
        assert line["Forecast, times the goal left"] == close(quotient(forecast, left))
        assert line["Weighted, times the goal left"] == close(quotient(weighted, left))


def test_pipeline_of_a_goal_that_is_met_covers_nothing(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Pipeline", [territory(1, fig_open_forecast=5, fig_goal_left=0)])
    assert found["T1"]["Forecast, times the goal left"] == ""
