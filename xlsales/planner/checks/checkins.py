"""Rules of the calendar of check-ins."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("No check-in is due"),
        "IF(COUNT({tblCheckins.held})=0,0,COUNTIF({tblCheckins.status},word_due))",
        names.CHECKINS,
        N_("Hold it, and fill its date."),
        WARNING,
    ),
)
