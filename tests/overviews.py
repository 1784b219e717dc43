"""What an overview says of its planners: its columns, and the names of the cells in which planners say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

FIGURES = {
    "Territory": "in_territory_name",
    "Person": "in_person",
    "Leader": "in_leader",
    "Region": "in_region",
    "Currency": "in_currency",
    "Goal": "in_revenue_goal",
    "Revenue": "fig_revenue",
    "Of goal": "fig_of_goal",
    "Year-end at this pace": "fig_trajectory",
    "Close ratio": "out_close_ratio",
    "Average sale": "out_average_sale",
    "Cycle, days": "out_sales_cycle_days",
    "Magic number": "out_magic_number",
    "Rests on a proposal ratio": "calc_proposal_ratio_basis",
    "And on a close ratio": "calc_close_ratio_basis",
    "Barometer": "out_activity_barometer",
    "Checks to look at": "out_open_checks",
    "Checks not yet filled": "out_unfilled_checks",
    "Year": "in_fiscal_year",
    "As of": "calc_as_of",
}


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return the cells of each row by their headings: the planners first, then sums."""
    sheet = openpyxl.load_workbook(folder / "Overview.xlsx", data_only=True)["Overview"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "ID")
    headings = [cell.value for cell in sheet[head]]
    return [dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=head + 1)]
