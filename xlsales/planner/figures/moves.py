"""Rows whose formulas read cells of another row, after cells were cut and pasted."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.planner.layouts import layouts
from xlsales.planner.layouts.watch import moved
from xlsales.planner.sizes import Sizes
from xlsales.texts import N_

_LAYOUTS = {layout.excel_table: layout for layout in layouts(Sizes())}
# The lists, and what is said of their rows.
_LISTS = {
    "tblAccounts": N_("Accounts: rows that read other rows"),
    "tblDeals": N_("Deals: rows that read other rows"),
    "tblWeeks": N_("Weeks: rows that read other rows"),
    "tblCheckins": N_("Check-ins: rows that read other rows"),
    "tblTeam": N_("Team: rows that read other rows"),
    "tblStages": N_("Parts of the sale: rows that read other rows"),
    "tblFunctions": N_("Functions of the organisation: rows that read other rows"),
    "tblProducts": N_("Product lines: rows that read other rows"),
    "tblGoals": N_("Goals: rows that read other rows"),
    "tblRelations": N_("Relationship plans: rows that read other rows"),
    "tblDevelopment": N_("Development: rows that read other rows"),
}


def name_of(table: str) -> str:
    """Return the name of a list's figure."""
    return f"moved_{table.removeprefix('tbl').lower()}"


FIGURES = tuple(
    Figure(name_of(table), label, "0", moved(_LAYOUTS[table]), N_("Cells were cut and pasted."))
    for table, label in _LISTS.items()
)
