"""Rules of the lists that a person sorts, cuts and lengthens: every row is counted, and reads itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsales.planner import names
from xlsales.planner.checks.check import Check
from xlsales.planner.figures.moves import MOVED, UNCOUNTED
from xlsales.texts import N_

# Each sheet with its lists, and what its two rules say.
_SHEETS = (
    (
        names.ACCOUNTS,
        ("tblAccounts",),
        N_("Each row of Accounts reads itself"),
        N_("Nothing stands beneath the list of Accounts"),
    ),
    (
        names.PIPELINE,
        ("tblDeals",),
        N_("Each row of Pipeline reads itself"),
        N_("Nothing stands beneath the list of Pipeline"),
    ),
    (
        names.ACTIVITY,
        ("tblWeeks",),
        N_("Each row of Activity reads itself"),
        N_("Nothing stands beneath the list of Activity"),
    ),
    (
        names.CHECKINS,
        ("tblCheckins",),
        N_("Each row of Check-ins reads itself"),
        N_("Nothing stands beneath the list of Check-ins"),
    ),
    (
        names.TEAM,
        ("tblTeam", "tblStages", "tblFunctions", "tblSupport"),
        N_("Each row of Team reads itself"),
        N_("Nothing stands beneath the list of Team"),
    ),
    (
        names.GROWTH,
        ("tblProducts",),
        N_("Each row of Growth reads itself"),
        N_("Nothing stands beneath the list of Growth"),
    ),
    (
        names.PLAN,
        ("tblGoals", "tblActions", "tblRelations", "tblDevelopment", "tblSegments"),
        N_("Each row of Plan reads itself"),
        N_("Nothing stands beneath the lists of Plan"),
    ),
)


def _sum(figures: Mapping[str, str], tables: Sequence[str]) -> str:
    return "+".join(f"fig_{figures[table]}" for table in tables if table in figures)


CHECKS = tuple(
    check
    for sheet, tables, reads, beneath in _SHEETS
    for check in (
        Check(
            reads,
            _sum(MOVED, tables),
            sheet,
            N_(
                "Cells were cut and pasted, and formulas followed them: undo it, and copy instead. Or copy the grey "
                "cells of a row that was not touched over those of the whole list."
            ),
        ),
        Check(
            beneath,
            _sum(UNCOUNTED, tables),
            sheet,
            N_("No figure counts those cells: insert rows into the list, and move what stands beneath it there."),
        ),
    )
)
