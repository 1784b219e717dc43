"""The names of the sheets, in the order of the tabs; links, checks and blocks name a sheet by these alone."""

from __future__ import annotations

START = "Start"
DASHBOARD = "Dashboard"
TARGETS = "Targets"
ACCOUNTS = "Accounts"
PIPELINE = "Pipeline"
ACTIVITY = "Activity"
DISCOUNTS = "Discounts"
GROWTH = "Growth"
TEAM = "Team"
PLAN = "Plan"
CHECKINS = "Check-ins"
ORG_HEALTH = "Org health"
FUNCTIONS = "Functions"
CHECKS = "Checks"
LISTS = "Lists"
