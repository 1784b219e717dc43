"""Rules of the lists that a person sorts, cuts and lengthens: every row is counted, and reads itself."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import Check
from xlsales.planner.figures.moves import name_of
from xlsales.texts import N_

# Each sheet with its lists, and what its rule says.
_SHEETS = (
    (names.ACCOUNTS, ("tblAccounts",), N_("Each row of Accounts reads itself")),
    (names.PIPELINE, ("tblDeals",), N_("Each row of Pipeline reads itself")),
    (names.ACTIVITY, ("tblWeeks",), N_("Each row of Activity reads itself")),
    (names.CHECKINS, ("tblCheckins",), N_("Each row of Check-ins reads itself")),
    (names.TEAM, ("tblTeam", "tblStages", "tblFunctions"), N_("Each row of Team reads itself")),
    (names.GROWTH, ("tblProducts",), N_("Each row of Growth reads itself")),
    (names.PLAN, ("tblGoals", "tblRelations", "tblDevelopment"), N_("Each row of Plan reads itself")),
)

CHECKS = tuple(
    Check(
        rule,
        "+".join(f"fig_{name_of(table)}" for table in tables),
        sheet,
        N_(
            "Cells were cut and pasted, and formulas went on reading them: copy the grey cells of a row that was not "
            "touched over those of the whole list."
        ),
    )
    for sheet, tables, rule in _SHEETS
)
