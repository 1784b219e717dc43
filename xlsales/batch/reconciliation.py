"""What a calculated planner says about its own inputs: its rules are the workbook's, its words become findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from xlsales.batch.plan import Plan
from xlsales.cells.values import CellValue
from xlsales.epoch import EPOCH
from xlsales.findings import Finding
from xlsales.schema import ACTIVITY, TERRITORIES, word_name
from xlsales.texts import _
from xlsales.workbook.template import Template

Figures: TypeAlias = Mapping[str, CellValue]

# What the figures of a planner rest on, by their names in `run.json`.
BASES = {
    "average_sale": "calc_average_sale_basis",
    "proposal_ratio": "calc_proposal_ratio_basis",
    "close_ratio": "calc_close_ratio_basis",
}
CHECKS = {"look": "out_open_checks", "not_yet": "out_unfilled_checks"}
_DIFFERENT, _FIRST, _LAST, _APART, _GOAL = (
    "fig_weeks_different",
    "fig_different_from",
    "fig_different_to",
    "fig_sales_apart",
    "calc_goal",
)
NAMES = (*BASES.values(), *CHECKS.values(), _DIFFERENT, _FIRST, _LAST, _APART, _GOAL)
_CODES = ("MEASURED", "STANDARD", "TYPED", "NOT YET")


def findings(plan: Plan, figures: Figures) -> Iterator[Finding]:
    """Yield what the planner's checks found that the tables can mend."""
    if figures.get(_GOAL) == "":
        message = _("The revenue goal is 0: this planner has no magic number, no goal to date and no barometer.")
        where = Finding("warning", "GOAL_ZERO", message, table=TERRITORIES.name, territory_id=plan.territory_id)
        yield replace(where, column="revenue_goal", value="0")
    count, apart = figures.get(_DIFFERENT), figures.get(_APART)
    if isinstance(count, float) and count > 0:
        message = _(
            "Weeks in which this table and the dated deals differ: {count}, from {first} to {last}. "
            "This table counts: correct one of the two, or list all deals of the year, not the latest alone."
        )
        days = {name: _day(figures.get(cell)) for name, cell in (("first", _FIRST), ("last", _LAST))}
        text = message.format(count=f"{count:.0f}", **days)
        yield Finding("warning", "SALES_DIFFER", text, table=ACTIVITY.name, territory_id=plan.territory_id)
    elif isinstance(apart, float) and apart != 0:
        message = _(
            "Revenue of this year, as this planner counts it, less that of the deals won: {apart}. "
            "Weeks of this table count before deals: correct one of the two, or list all deals of the year, not the "
            "latest alone."
        )
        text = message.format(apart=f"{apart:.0f}")
        yield Finding("warning", "SALES_DIFFER", text, table=ACTIVITY.name, territory_id=plan.territory_id)


def _day(value: CellValue) -> str:
    return (EPOCH + dt.timedelta(days=int(value))).isoformat() if isinstance(value, float) else ""


def basis(template: Template, figures: Figures) -> dict[str, str]:
    """Return what each figure rests on, as a code: MEASURED, STANDARD, TYPED, or NOT YET."""
    codes = {template.constants.get(word_name(code)): code for code in _CODES}
    found = {name: figures.get(cell) for name, cell in BASES.items()}
    return {name: codes[word] for name, word in found.items() if isinstance(word, str) and word in codes}


def checks(figures: Figures) -> dict[str, int]:
    """Return how many checks look, and how many have nothing to judge yet."""
    found = {name: figures.get(cell) for name, cell in CHECKS.items()}
    return {name: int(count) for name, count in found.items() if isinstance(count, float)}
