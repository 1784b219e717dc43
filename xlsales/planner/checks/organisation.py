"""Rules of the organisation's health."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("All twelve elements are scored, or none"),
        "12-COUNT({tblOrgHealth.score})",
        names.ORG_HEALTH,
        N_("Score the rest."),
        judged="COUNT({tblOrgHealth.score})",
    ),
)
