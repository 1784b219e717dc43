"""A source with several fiscal years: which rows of a territory stand in the planner of another year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from xlsales.cells.rows import Row, Rows

Period: TypeAlias = tuple[date, date]  # the first day of a fiscal year, and the first after it
OTHER_YEAR: Final = "OTHER_YEAR"
_DAYS: Final = ("week_start", "held")  # what a row of a calendar is about
_BEGINS: Final = ("first_appointment", "proposal_date", "close_date")


def is_elsewhere(others: Sequence[Period], row: Row) -> bool:
    """Whether a row that its planner has no place for stands in that of another year."""
    days = [day for name in _DAYS if isinstance(day := row.get(name), date)]
    return any(first <= day < after for day in days for first, after in others)


def begun(rows: Mapping[str, Rows], end: date) -> tuple[dict[str, Rows], dict[str, int]]:
    """Return the rows without deals that begin after a fiscal year, and how many those are."""
    deals = rows.get("deals")
    if not deals:
        return dict(rows), {}
    dates = [deals.columns.get(name, [None] * len(deals)) for name in _BEGINS]
    first = [min((day for day in days if isinstance(day, date)), default=None) for days in zip(*dates, strict=True)]
    kept = [at for at, day in enumerate(first) if day is None or day < end]
    if len(kept) == len(deals):
        return dict(rows), {}
    columns = {name: [cells[at] for at in kept] for name, cells in deals.columns.items()}
    return {**rows, "deals": Rows(columns, len(kept))}, {"deals": len(deals) - len(kept)}
