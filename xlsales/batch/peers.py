"""What the other territories of a run sell and how long it takes them: the peers that a planner compares itself with.

Counted from the tables before any planner is made: of each territory a few numbers stay, whatever its rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from math import fsum
from typing import TypeVar

from xlsales.batch.packed import AnyPlan
from xlsales.batch.plan import Plan
from xlsales.cells.rows import Rows
from xlsales.schedule import later

AVERAGE_SALE, CYCLE_DAYS = "peer_average_sale", "peer_cycle_days"
COLUMNS = ("territory_id", "currency", AVERAGE_SALE, CYCLE_DAYS)  # of the territory, to give it its peers by

T = TypeVar("T", bound=AnyPlan)


class Peers:
    """Takes every plan of a run, then gives each the means of the others that count in the same currency."""

    def __init__(self) -> None:
        self._own: dict[tuple[str, str], float] = {}  # by territory and figure
        self._all: dict[tuple[str, str], list[float]] = defaultdict(list)  # by currency and figure
        self._totals: dict[tuple[str, str], float] = {}  # of those, the same in any order

    def look(self, plan: Plan) -> None:
        """Take a territory's figures of its year."""
        for figure, value in ((AVERAGE_SALE, _average_sale(plan)), (CYCLE_DAYS, _cycle_days(plan))):
            if value is not None:
                self._own[plan.territory_id, figure] = value
                self._all[str(plan.territory["currency"]), figure].append(value)

    def join(self, others: Peers) -> None:
        """Take the figures of territories that were looked at elsewhere."""
        self._own |= others._own
        for like, values in others._all.items():
            self._all[like] += values

    @property
    def fingerprint(self) -> str:
        """A fingerprint of all figures taken, whatever the order of the territories."""
        figures = sorted((*key, float(mean).hex()) for key, mean in self._own.items())
        return hashlib.sha256(json.dumps(figures).encode()).hexdigest()

    def given(self, plan: T) -> T:
        """Return a plan with the means of its peers, where its territory names none and there are any."""
        found = {name: self._mean(plan, name) for name in (AVERAGE_SALE, CYCLE_DAYS) if plan.territory[name] is None}
        return replace_peers(plan, {name: mean for name, mean in found.items() if mean is not None})

    def _mean(self, plan: AnyPlan, figure: str) -> float | None:
        like = str(plan.territory["currency"]), figure
        if like not in self._totals:
            self._totals[like] = fsum(self._all[like])
        own = self._own.get((plan.territory_id, figure))
        others = len(self._all[like]) - (own is not None)
        return (self._totals[like] - (own or 0.0)) / others if others else None


def replace_peers(plan: T, peers: dict[str, float]) -> T:
    """Return the same plan with these means; its fingerprint of the rows stays."""
    given = replace(plan, peers=peers)
    if "content_hash" in vars(plan):
        vars(given)["content_hash"] = plan.content_hash
    return given


def _year(plan: Plan) -> tuple[dt.date, dt.date]:
    """Return the first day of the year, and the first after it."""
    start = plan.territory["year_start"]
    first = start if isinstance(start, dt.date) else dt.date(int(str(plan.territory["fiscal_year"])), 1, 1)
    return first, later(first, 12)


def _average_sale(plan: Plan) -> float | None:
    """Revenue over sales won of this year's deals; of the weeks where no deal was won."""
    first, after = _year(plan)
    deals = [amount for _start, close, amount in _won(plan) if first <= close < after]
    sales = sum(amount >= 0 for amount in deals)  # a credit note is no sale
    if sales:
        return fsum(deals) / sales
    weeks = [row for row in plan.rows.get("activity", ()) if _within(row["week_start"], first, after)]
    won, revenue = (fsum(float(str(row.get(name) or 0)) for row in weeks) for name in ("won", "revenue"))
    return revenue / won if won else None


def _cycle_days(plan: Plan) -> float | None:
    """Mean days from first appointment to decision of this year's deals."""
    first, after = _year(plan)
    days = [
        (close - start).days
        for start, close, outcome in _columns(plan, "first_appointment", "close_date", "outcome")
        if isinstance(start, dt.date) and isinstance(close, dt.date)
        if first <= close < after and outcome in ("WON", "LOST")
    ]
    return sum(days) / len(days) if days else None


def _won(plan: Plan) -> Iterator[tuple[object, dt.date, float]]:
    for start, close, amount, outcome in _columns(plan, "first_appointment", "close_date", "amount", "outcome"):
        if outcome == "WON" and isinstance(close, dt.date) and isinstance(amount, (int, float)):
            yield start, close, float(amount)


def _columns(plan: Plan, *names: str) -> Iterator[tuple[object, ...]]:
    rows = plan.rows.get("deals", ())
    if isinstance(rows, Rows) and rows:
        yield from zip(*(rows.columns[name] for name in names), strict=True)


def _within(day: object, first: dt.date, after: dt.date) -> bool:
    return isinstance(day, dt.date) and first <= day < after
