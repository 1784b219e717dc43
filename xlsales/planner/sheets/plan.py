"""Plan: the territory, relationship and development plans, and who signed them."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.planner import names
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Fields, Grid, Sheet, TableBlock, stacked
from xlsales.planner.layouts.plan import COVERAGE, LEVERS
from xlsales.planner.styles import SheetKind
from xlsales.schema import Column, Kind
from xlsales.texts import N_

SIGN_OFF = (
    Column("signed_person", N_("Person"), Kind.TEXT, N_("Name of the person whose plan it is.")),
    Column("signed_leader", N_("Leader"), Kind.TEXT, N_("Name of the leader who agrees to it.")),
    Column("signed_on", N_("Agreed on"), Kind.DATE, N_("The day both agreed.")),
)
TABLES = (
    ("tblGoals", N_("Four goals")),
    ("tblActions", N_("Territory plan")),
    ("tblRelations", N_("Relationship plans: the top accounts, and every account to keep or to expand")),
    ("tblDevelopment", N_("Development plan")),
    ("tblSegments", N_("Segments and ideal customers")),
)


def sheet(tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    blocks: list[TableBlock | Grid] = [
        TableBlock(
            layout=tables[name],
            title=title,
            row_height=30,
            good={"verdict": ("ok",)} if name == "tblDevelopment" else {},
            bad={"verdict": ("coach",)} if name == "tblDevelopment" else {},
        )
        for name, title in TABLES
    ]
    coverage = Grid(
        layout=COVERAGE,
        title=N_("Accounts with a plan: against what is usual, and against the target"),
        good={"state": ("ok",)},
        bad={"state": ("look",)},
    )
    blocks.insert(3, coverage)
    levers = Grid(
        layout=LEVERS, title=N_("Which lever brings most, raised to its standard"), bad={"blocker": ("start",)}
    )
    blocks.insert(5, levers)
    agreed = Fields(name="agreed", title=N_("Agreed"), fields=[(column, None) for column in SIGN_OFF], columns=5)
    return Sheet(
        name=names.PLAN,
        kind=SheetKind.INPUT,
        title=N_("Plan"),
        subtitle=N_("Write what you want to reach, how, and how you will know."),
        **stacked((26, 38, 38, 38, 13, 26, 14, 16, 8), [*blocks, agreed]),
        lists=True,
    )
