"""Rules of the calendar of check-ins."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("No check-in is due"),
        "COUNTIF({tblCheckins.status},word_due)",
        names.CHECKINS,
        N_("Hold it, and fill its date."),
        WARNING,
        judged="COUNT({tblCheckins.held})",
    ),
    Check(
        N_("No check-in was missed"),
        "COUNTIF({tblCheckins.status},word_missed)",
        names.CHECKINS,
        N_("Filter Status for MISSED: hold them, or fill the dates when they were held."),
        WARNING,
        judged="COUNT({tblCheckins.held})*COUNT(calc_as_of)",
    ),
    Check(
        N_("Every check-in was held in the year"),
        'COUNTIF({tblCheckins.held},"<"&calc_year_start)+COUNTIF({tblCheckins.held},">="&MIN(calc_as_of,calc_year_end)+1)',
        names.CHECKINS,
        N_("A date lies ahead, or in another year: correct it."),
        judged="COUNT({tblCheckins.held})*COUNT(calc_until)",
    ),
)
