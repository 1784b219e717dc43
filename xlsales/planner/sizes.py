"""How many rows each table of a planner has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from xlsales import standards
from xlsales.schedule import weeks_of

HISTORY_WEEKS = standards.ROLLING_WEEKS  # before the year starts, so that rolling ratios exist in its first week
YEAR_WEEKS = 54  # a leap year that starts on a Sunday touches 54 weeks
# The weeks that a blank planner lists, until a batch or a person types others; the last row is for longer years.
MONDAYS = weeks_of(dt.date(standards.FIRST_YEAR, 1, 1), HISTORY_WEEKS, HISTORY_WEEKS + YEAR_WEEKS)


@dataclass(frozen=True)
class Sizes:
    """Rows of the tables that grow with the territory."""

    accounts: int = 100
    deals: int = 400
    team: int = 12

    def __post_init__(self) -> None:
        for name, rows in (("accounts", self.accounts), ("deals", self.deals), ("team", self.team)):
            if not 1 <= rows <= 100_000:
                raise ValueError(f"{name} must be a number of rows from 1 to 100,000, not {rows}")
