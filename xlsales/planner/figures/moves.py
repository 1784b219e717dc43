"""Rows whose formulas read cells of another row, after cells were cut and pasted, and rows beneath the lists."""

from __future__ import annotations

from xlsales.planner.areas import BENEATH, HEADS
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


# And of what stands beneath them.
_BENEATH = {
    "tblAccounts": N_("Accounts: cells filled beneath the list"),
    "tblDeals": N_("Deals: cells filled beneath the list"),
    "tblWeeks": N_("Weeks: cells filled beneath the list"),
    "tblCheckins": N_("Check-ins: cells filled beneath the list"),
    "tblTeam": N_("Team: cells filled beneath the list"),
    "tblStages": N_("Parts of the sale: cells filled beneath the list"),
    "tblFunctions": N_("Functions of the organisation: cells filled beneath the list"),
    "tblSupport": N_("Support: cells filled beneath the list"),
    "tblProducts": N_("Product lines: cells filled beneath the list"),
    "tblGoals": N_("Goals: cells filled beneath the list"),
    "tblActions": N_("Territory plan: cells filled beneath the list"),
    "tblRelations": N_("Relationship plans: cells filled beneath the list"),
    "tblDevelopment": N_("Development: cells filled beneath the list"),
    "tblSegments": N_("Segments: cells filled beneath the list"),
}


def _named(kind: str, table: str) -> str:
    return f"{kind}_{table.removeprefix('tbl').lower()}"


def _beneath(table: str) -> str:
    """Count what stands beneath a list as far as formulas read it: where they grow with it, nothing does."""
    columns = _LAYOUTS[table].columns
    inside = f"{columns[0].name}__{columns[-1].name}"
    names = (BENEATH, HEADS, inside)
    everything, headings, counted = (f"COUNTA({{{table}.{name}}})" for name in names)
    return f"MAX(0,{everything}-{headings}-{counted})"


MOVED = {table: _named("moved", table) for table in _LISTS}
UNCOUNTED = {table: _named("beneath", table) for table in _BENEATH}
FIGURES = (
    *(
        Figure(MOVED[table], label, "0", moved(_LAYOUTS[table]), N_("Cells were cut and pasted."))
        for table, label in _LISTS.items()
    ),
    *(
        Figure(UNCOUNTED[table], label, "0", _beneath(table), N_("No figure counts them."))
        for table, label in _BENEATH.items()
    ),
)
