"""A credit note lowers the revenue of its week, and is neither a sale won nor a proposal decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planner.in_the_engine import opened
from tests.planner.sound_plan import Content, day, inputs
from xlsales.cells.values import CellValue

DEALS: Content = {
    "in_fiscal_year": 2027,
    "in_revenue_goal": 100_000,
    "in_as_of": day("2027-03-31"),
    "tblDeals.Deal ID": ["D1", "D2", "D3"],
    "tblDeals.First appointment": [day("2027-01-11"), day("2027-01-12"), None],
    "tblDeals.Closed": [day("2027-02-10"), day("2027-02-11"), day("2027-03-03")],
    "tblDeals.Amount": [5000, None, -1200],
    "tblDeals.Outcome": ["WON", "LOST", "WON"],
}


@pytest.mark.parametrize(("amount", "revenue", "won"), [(-1200, 3800, 1), (-5000, 0, 1), (1200, 6200, 2)])
def test_credit_note_lowers_revenue_and_counts_as_no_sale(
    small_template_xlsx: Path, amount: float, revenue: float, won: float
) -> None:
    template, session = opened(small_template_xlsx)
    values = session.values(inputs(template, {**DEALS, "tblDeals.Amount": [5000, None, amount]}))

    def figure(name: str) -> CellValue:
        return values[template.names[name]]

    assert (figure("fig_revenue"), figure("fig_won"), figure("fig_proposals")) == (revenue, won, won + 1)
