"""Rules of who does what."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("Each part of the sale has the right owner"),
        "COUNTIF({tblStages.verdict},word_no_owner)+COUNTIF({tblStages.verdict},word_no_assistant)"
        "+COUNTIF({tblStages.verdict},word_seller_searches)",
        names.TEAM,
        N_("One owner each; by the coverage model, sellers neither search nor do paperwork."),
        WARNING,
        judged="COUNTA({tblStages.owner})",
    ),
    Check(
        N_("Each of the ten functions has an owner"),
        "COUNTIF({tblFunctions.verdict},word_no_owner)",
        names.TEAM,
        N_("Name one person for each function, or none at all."),
        WARNING,
        judged="COUNTA({tblFunctions.owner})",
    ),
)
