"""A plan in which nothing is wrong, and a way to say what is put into which cells of a planner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from xlsales.excel.values import Address, InputValue
from xlsales.template import Template

# A defined name with its value, or `table.heading` with the values of the first rows; None leaves a cell blank.
Content: TypeAlias = Mapping[str, "InputValue | Sequence[InputValue]"]


def day(text: str) -> dt.date:
    """A date as a cell holds it."""
    return dt.date.fromisoformat(text)


HELD = {12: "2027-03-29", 54: "2027-03-31", 64: "2027-03-31"}  # what is due in the week before 31 March 2027
SOUND: Content = {
    "in_territory_name": "North",
    "in_person": "Ada",
    "in_fiscal_year": 2027,
    "in_currency": "EUR",
    "in_revenue_goal": 120_000,
    "in_as_of": day("2027-03-31"),
    "tblAccounts.Account ID": ["A1", "A2", "A3", "A4"],
    "tblAccounts.Account": ["Acme", "Bond", "Corta", "Dow"],
    "tblAccounts.Owner": ["Ada", "Ada", "Bo", "Bo"],
    "tblAccounts.High value?": ["YES", "NO", None, None],
    "tblAccounts.Prior 12 months": [900, 500, 0, None],
    "tblAccounts.Last 12 months": [1000, 400, 0, None],
    "tblAccounts.Last contact": [day("2027-02-28"), day("2027-03-30"), None, None],  # 31 days ago, and one
    "tblAccounts.Plan date": [day("2027-01-04")] * 4,
    "tblDeals.Deal ID": ["D1", "D2", "D3"],
    "tblDeals.Account ID": ["A1", "A1", None],
    "tblDeals.First appointment": [day("2027-01-11"), day("2027-03-01"), None],
    "tblDeals.Closed": [day("2027-02-10"), None, None],
    "tblDeals.Amount": [5000, None, None],
    "tblDeals.Discount": [0.2, None, None],  # leaves (0.5 − 0.2) ÷ 0.8 = 37.5% of margin
    "tblDeals.First sale?": ["NO", "YES", None],
    "tblDeals.Outcome": ["WON", "OPEN", None],
    "tblDeals.Forecast": [6000, 700, None],  # off by 1,000 of 5,000: 80% accurate
    "tblWeeks.First appointments": [None] * 14 + [4],  # the week of 4 January, after 13 of history and one across
    "tblWeeks.Proposals": [None] * 14 + [4],
    "tblWeeks.Won": [None] * 14 + [4],
    "tblWeeks.Revenue": [None] * 14 + [5000],
    "tblWeeks.Selling": [None] * 14 + [22],  # of 40 hours: 55%
    "tblWeeks.Paperwork": [None] * 14 + [18],
    "tblProducts.Product line": ["Pumps", "Valves"],
    "tblProducts.Goal this year": [70_000, 50_000],
    "tblStages.Owner": ["Ada", "Ada", "Ada", "Ada"],
    "tblFunctions.Owner": ["Ada"] * 10,
    "tblCheckins.Held": [day(HELD[row]) if row in HELD else None for row in range(70)],
    "tblOrgHealth.Score": [4] * 12,
}


def inputs(template: Template, content: Content) -> dict[Address, InputValue]:
    """Put the content into the template's cells."""
    cells: dict[Address, InputValue] = {}
    for place, value in content.items():
        table, _dot, heading = place.partition(".")
        if isinstance(value, Sequence) and not isinstance(value, str):
            cells |= {template.tables[table].cell(heading, row): cell for row, cell in enumerate(value)}
        else:
            cells[template.names[place]] = value
    return cells
