"""A figure is shown with as many digits in the overview and in the roll-up as in the planner that it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from tests.rollup.worlds import whole, written
from xlsales.batch.overview_columns import COLUMNS

# The headings under which the roll-up's sheets show figures of planners, and what comes of several of them.
HEADINGS = {
    "Goal": "in_revenue_goal",
    "Revenue": "fig_revenue",
    "Revenue so far": "fig_revenue",
    "Year-end at this pace": "fig_trajectory",
    "Year-end": "fig_trajectory",
    "Of goal": "fig_of_goal",
    "Pace of goal": "fig_pace_of_goal",
    "Magic number, a week": "out_magic_number",
    "Catch-up number, a week": "out_catch_up_number",
    "Catch-up number: now": "out_catch_up_number",
    "First appointments a week": "fig_per_week",
    "Barometer": "out_activity_barometer",
    "Barometer: now": "out_activity_barometer",
    "Organisation health": "out_org_health",
    "Organisation health: last": "out_org_health",
    "Average sale": "out_average_sale",
    "Sales cycle, days": "out_sales_cycle_days",
    "Proposal ratio": "out_proposal_ratio",
    "Close ratio": "out_close_ratio",
    "Coverage": "out_plan_coverage",
    "Accounts with a plan": "out_plan_coverage",
    "Top coverage": "out_top_coverage",
    "Dormant value": "out_dormant_value",
    "Weighted pipeline": "out_weighted_pipeline",
}


def digits(number_format: str) -> tuple[int, bool]:
    """How many decimals a number format shows, and whether of a percentage."""
    found = re.search(r"\.(0+)", number_format)
    return len(found[1]) if found else 0, number_format.endswith("%")


@pytest.fixture(scope="module")
def planner(small_template_xlsx: Path) -> dict[str, str]:
    """The number formats of a planner's named cells."""
    book = openpyxl.load_workbook(small_template_xlsx)
    places = {name: next(iter(one.destinations), None) for name, one in book.defined_names.items()}
    cells = {name: book[place[0]][place[1].replace("$", "")] for name, place in places.items() if place}
    return {name: cell.number_format for name, cell in cells.items() if not isinstance(cell, tuple)}


@pytest.mark.parametrize("column", [column for column in COLUMNS if column.name.startswith(("fig_", "out_", "of_"))])
def test_overview_shows_a_figure_as_its_planner_does(planner: dict[str, str], column: object) -> None:
    name, shown = (getattr(column, attribute) for attribute in ("name", "number_format"))
    assert digits(shown) == digits(planner["fig_of_goal" if name == "of_goal" else name])


def test_rollup_shows_a_figure_as_its_planner_does(planner: dict[str, str], tmp_path: Path) -> None:
    told, before = whole()
    book = openpyxl.load_workbook(written(told, tmp_path / "all.xlsx", before))
    seen = set()
    for name in ("Summary", "Ranking", "Peers", "Coverage", "Totals", "Leaders", "Against last", "Trend"):
        sheet = book[name]
        for heading in (cell for row in sheet.iter_rows(max_row=11) for cell in row if cell.value in HEADINGS):
            figure = HEADINGS[heading.value]
            number_format = sheet.cell(heading.row + 1, heading.column).number_format
            if number_format == "General":
                continue  # the title of a sheet, or of several columns
            assert digits(number_format) == digits(planner[figure]), (name, heading.coordinate, figure)
            seen.add(heading.value)
    assert seen == HEADINGS.keys()
