"""One truth about sales in a batch: dated deals where nothing is typed, and a finding where both differ."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.conftest import RawWorkbook, Tables, WriteTables
from xlsales.batch import Batch, Options, prepare

Run: TypeAlias = Callable[..., tuple[Batch, dict[str, RawWorkbook], dict[str, Any]]]
NORTH = {
    "territory_id": "T1",
    "territory_name": "North",
    "person": "Person A",
    "fiscal_year": "2027",
    "currency": "EUR",
    "revenue_goal": "1000000",
    "growth_rate": "10%",
    "attrition_rate": "17%",
    "gross_margin": "50%",
    "selling_weeks": "52",
}
WON = {"territory_id": "T1", "stage": "CLOSED", "outcome": "WON"}
SOLD = [
    {**WON, "deal_id": "D1", "close_date": "2027-02-01", "amount": "400000"},
    {**WON, "deal_id": "D2", "close_date": "2027-03-01", "amount": "300000"},
]


@pytest.fixture
def run(write_tables: WriteTables, tmp_path: Path, small_template_xlsx: Path) -> Run:
    """Make the planners of some tables; return the batch, the planners by territory, and run.json."""

    def made(as_of: str = "2027-06-30", **tables: Any) -> tuple[Batch, dict[str, RawWorkbook], dict[str, Any]]:
        source: Tables = {"territories": [NORTH], **tables}
        out = tmp_path / "plans"
        options = Options(out, template=small_template_xlsx, as_of=dt.date.fromisoformat(as_of), workers=1)
        with prepare(write_tables(tmp_path / "tables", source), options) as batch:
            batch.run()
        report = json.loads((out / "run.json").read_text(encoding="utf-8"))
        return batch, {one.territory_id: RawWorkbook(out / one.file_name) for one in batch.made}, report

    return made


def codes(batch: Batch) -> list[tuple[str, str]]:
    """The findings."""
    return [(finding.code, finding.message) for finding in batch.findings]


def test_deals_without_activity_are_sales(run: Run) -> None:
    batch, planners, report = run(deals=SOLD)
    north = planners["T1"]
    assert north.named("fig_revenue") == 700_000
    assert north.named("out_average_sale") == 350_000
    assert north.named("state_goal_to_date") == "OK"  # 1,000,000 × 6 ÷ 12 are due
    assert "All checks pass" not in str(north.named("out_checks_said"))
    assert codes(batch) == []
    (planner,) = report["planners"]
    assert planner["basis"] == {"average_sale": "MEASURED", "proposal_ratio": "STANDARD", "close_ratio": "MEASURED"}
    assert planner["checks"]["look"] == north.named("out_open_checks")
    assert planner["checks"]["not_yet"] == north.named("out_unfilled_checks") != 0


def test_deals_after_the_as_of_date_or_before_the_year_are_not_of_this_year(run: Run) -> None:
    more = [
        {**WON, "deal_id": "D3", "close_date": "2026-12-30", "amount": "5"},
        {**WON, "deal_id": "D4", "close_date": "2027-02-28", "amount": "70"},
    ]
    _batch, planners, _report = run("2027-02-28", deals=[SOLD[0], *more])
    assert planners["T1"].named("fig_revenue") == 400_070


def test_weeks_that_differ_from_the_deals_are_a_finding(run: Run) -> None:
    activity = [
        {"territory_id": "T1", "week_start": "2027-02-01", "won": "1", "revenue": "390000", "proposals": "1"},
        {"territory_id": "T1", "week_start": "2027-03-01", "won": "1", "revenue": "300000", "proposals": "2"},
    ]
    batch, planners, _report = run(deals=SOLD, activity=activity)
    assert planners["T1"].named("fig_revenue") == 690_000  # what is typed counts
    message = (
        "Weeks in which this table and the dated deals differ: 2, from 2027-02-01 to 2027-03-01. "
        "This table counts: correct one of the two, or list all deals of the year, not the latest alone."
    )
    assert codes(batch) == [("SALES_DIFFER", message)]
    (finding,) = batch.findings
    assert (finding.severity, finding.table, finding.territory_id) == ("warning", "activity", "T1")


def test_totals_that_differ_though_no_week_does_are_a_finding(run: Run) -> None:
    activity = [{"territory_id": "T1", "week_start": "2027-04-05", "won": "1", "revenue": "50"}]
    batch, planners, _report = run(deals=SOLD, activity=activity)
    assert planners["T1"].named("fig_revenue") == 700_050
    ((code, message),) = codes(batch)
    assert code == "SALES_DIFFER"
    assert "less that of the deals won: 50." in message


def test_weeks_that_agree_with_the_deals_are_no_finding(run: Run) -> None:
    activity = [{"territory_id": "T1", "week_start": "2027-02-01", "won": "1", "revenue": "400000"}]
    batch, planners, _report = run(deals=SOLD, activity=activity)
    assert planners["T1"].named("fig_revenue") == 700_000
    assert codes(batch) == []


def test_goal_of_0_is_a_finding_and_nothing_is_measured_against_it(run: Run) -> None:
    activity = [
        {"territory_id": one, "week_start": "2027-01-04", "first_appointments": "5", "proposals": "3", "won": "1"}
        for one in ("Z1", "Z2")
    ]
    territories = [{**NORTH, "territory_id": "Z1", "revenue_goal": "0"}, {**NORTH, "territory_id": "Z2"}]
    batch, planners, _report = run("2027-01-31", territories=territories, activity=activity)
    assert [(finding.code, finding.territory_id) for finding in batch.findings] == [("GOAL_ZERO", "Z1")]
    zero = planners["Z1"]
    assert (zero.named("out_magic_number"), zero.named("out_activity_barometer")) == ("", "")
    assert (zero.named("state_barometer"), zero.named("state_goal_to_date")) == ("NOT YET", "NOT YET")
    errors = [place for one in planners.values() for place, cell in one.formulas() if cell.kind == "e"]
    assert errors == []


def test_every_week_of_another_year_has_its_monday_in_the_planner(run: Run) -> None:
    territory = {**NORTH, "fiscal_year": "2026", "year_start": "2026-07-01"}
    _batch, planners, _report = run("2026-12-31", territories=[territory], deals=SOLD[:0])
    assert planners["T1"].named("fig_weeks_unfit") == 0
    assert planners["T1"].named("fig_weeks_of_year") == 53
