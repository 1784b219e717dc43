"""A plan in which nothing is wrong, and a way to say what is put into which cells of a planner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from xlsales.cells.values import Address, InputValue
from xlsales.workbook.template import Template

# A defined name with its value, or `table.heading` with the values of the first rows; None leaves a cell blank.
Content: TypeAlias = Mapping[str, "InputValue | Sequence[InputValue]"]


def day(text: str) -> dt.date:
    """A date as a cell holds it."""
    return dt.date.fromisoformat(text)


HELD = dict.fromkeys(range(13), "2027-03-29") | {
    52: "2027-01-29",
    53: "2027-02-26",
    54: "2027-03-31",
    64: "2027-03-31",
}
BEFORE = [None] * 13  # the weeks of history, before the one of 28 December that the year begins in
# All that is due by 31 March 2027 is done: 13 weeks counted, every check has something to judge and nothing to say.
SOUND: Content = {
    "in_territory_name": "North",
    "in_person": "Ada",
    "in_fiscal_year": 2027,
    "in_currency": "EUR",
    "in_revenue_goal": 19_000,  # a quarter of it, 4,750, is due
    "in_opening_revenue": 15_000,
    "in_as_of": day("2027-03-31"),
    "tblAccounts.Account ID": ["A1", "A2", "A3", "A4"],
    "tblAccounts.Account": ["Acme", "Bond", "Corta", "Dow"],
    "tblAccounts.Owner": ["Ada", "Ada", "Bo", "Bo"],
    "tblAccounts.High value?": ["YES", "NO", None, None],
    "tblAccounts.Prior 12 months": [900, 500, 0, None],
    "tblAccounts.Last 12 months": [1000, 400, 0, None],
    "tblAccounts.Last order": [day("2027-02-20"), day("2027-01-15"), None, None],
    "tblAccounts.Last contact": [day("2027-02-28"), day("2027-03-30"), None, None],  # 31 days ago, and one
    "tblAccounts.Touches needed": [4, 2, 1, 1],
    "tblAccounts.Touches planned": [4, 3, 1, 1],
    "tblAccounts.Plan date": [day("2027-01-04")] * 4,
    "tblDeals.Deal ID": ["D1", "D2", "D3"],
    "tblDeals.Account ID": ["A1", "A1", "A2"],
    "tblDeals.First appointment": [day("2027-01-11"), day("2027-03-01"), day("2027-01-20")],
    "tblDeals.Closed": [day("2027-02-10"), None, day("2027-02-17")],
    "tblDeals.Amount": [5000, None, None],
    "tblDeals.Discount": [0.2, None, None],  # leaves (0.5 − 0.2) ÷ 0.8 = 37.5% of margin
    "tblDeals.First sale?": ["NO", "YES", None],
    "tblDeals.Outcome": ["WON", "OPEN", "LOST"],
    "tblDeals.Interview": [None, None, day("2027-02-20")],
    "tblDeals.Forecast": [6000, 700, None],  # off by 1,000 of 5,000: 80% accurate
    "tblWeeks.Conversations": [*BEFORE, 10, 18],
    "tblWeeks.First appointments": [*BEFORE, 1, 2, *[1] * 11],  # 14 in 13 weeks
    "tblWeeks.Proposals": [*BEFORE, *[1] * 13],
    "tblWeeks.Won": [*BEFORE, *[1] * 7, 0, *[1] * 5],  # none in the week of 15 February, when D3 was lost
    "tblWeeks.Revenue": [*BEFORE, *[0] * 6, 5000, *[0] * 6],  # D1, won in the week of 8 February
    "tblWeeks.Selling": [*BEFORE, None, 22],  # of 40 hours: 55%
    "tblWeeks.Paperwork": [*BEFORE, None, 17],
    "tblWeeks.Surprises": [*BEFORE, None, 1],
    "tblProducts.Product line": ["Pumps", "Valves"],
    "tblProducts.Goal this year": [12_000, 7_000],
    "tblProducts.Protected share": [0.4, None],
    "tblStages.Owner": ["Ada", "Ada", "Ada", "Ada"],
    "tblFunctions.Owner": ["Ada"] * 10,
    "tblGoals.What I want to reach": ["Five new customers"],
    "tblCheckins.Held": [day(HELD[row]) if row in HELD else None for row in range(97)],
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
