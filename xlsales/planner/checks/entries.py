"""Rules of what was typed or pasted: the right kind of value in each cell, and formulas where formulas belong."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import Check
from xlsales.planner.figures.guards import FIGURES, filled, wrong_kinds
from xlsales.texts import N_

# Each sheet with its tables, and what its two rules say.
_SHEETS = (
    (
        names.ACCOUNTS,
        ("tblAccounts",),
        N_("Accounts holds the right kinds of values"),
        N_("The grey cells of Accounts calculate"),
    ),
    (
        names.PIPELINE,
        ("tblDeals",),
        N_("Pipeline holds the right kinds of values"),
        N_("The grey cells of Pipeline calculate"),
    ),
    (
        names.ACTIVITY,
        ("tblWeeks",),
        N_("Activity holds the right kinds of values"),
        N_("The grey cells of Activity calculate"),
    ),
    (
        names.CHECKINS,
        ("tblCheckins",),
        N_("Check-ins holds the right kinds of values"),
        N_("The grey cells of Check-ins calculate"),
    ),
    (
        names.TEAM,
        ("tblTeam", "tblStages", "tblFunctions"),
        N_("Team holds the right kinds of values"),
        N_("The grey cells of Team calculate"),
    ),
    (
        names.GROWTH,
        ("tblProducts",),
        N_("Growth holds the right kinds of values"),
        N_("The grey cells of Growth calculate"),
    ),
    (
        names.PLAN,
        ("tblGoals", "tblActions", "tblRelations", "tblDevelopment"),
        N_("Plan holds the right kinds of values"),
        N_("The grey cells of Plan calculate"),
    ),
    (
        names.ORG_HEALTH,
        ("tblOrgHealth",),
        N_("Org health holds the right kinds of values"),
        N_("The grey cells of Org health calculate"),
    ),
)


_OVERWRITTEN = [figure.name for figure in FIGURES]


def _keys(tables: tuple[str, ...]) -> set[str]:
    return {table.removeprefix("tbl").lower() for table in tables}


CHECKS = tuple(
    check
    for sheet, tables, right_kinds, calculates in _SHEETS
    for check in (
        Check(
            right_kinds,
            wrong_kinds(tables),
            sheet,
            N_("Texts stand for dates or amounts, or numbers for IDs: type them again, IDs with an apostrophe before."),
            judged=filled(tables),
        ),
        Check(
            calculates,
            "+".join(f"fig_{name}" for name in _OVERWRITTEN if name.split("_")[1] in _keys(tables)),
            sheet,
            N_("A formula was overwritten or is missing: copy one from a row above or below."),
        ),
    )
)
