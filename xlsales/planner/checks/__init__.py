"""The rules that the sheet Checks shows, one module for each sheet that they look at.

To add a rule, add a `Check` to the module of its sheet, and a mistake that breaks it to tests/planner/test_checks.py.
"""

from __future__ import annotations

from xlsales.planner.checks import (
    accounts,
    activity,
    checkins,
    entries,
    growth,
    lists,
    organisation,
    pipeline,
    plan,
    targets,
    team,
)

CHECKS = (
    *targets.CHECKS,
    *accounts.CHECKS,
    *pipeline.CHECKS,
    *activity.CHECKS,
    *growth.CHECKS,
    *team.CHECKS,
    *plan.CHECKS,
    *checkins.CHECKS,
    *organisation.CHECKS,
    *entries.CHECKS,
    *lists.CHECKS,
)
