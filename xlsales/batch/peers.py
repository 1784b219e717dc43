"""What the other territories of a run sell and how long it takes them: the peers that a planner compares itself with.

Counted from the tables before any planner is made: of each territory a few numbers stay, whatever its rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from array import array
from dataclasses import replace
from math import fsum
from typing import TypeVar

from xlsales.batch.packed import AnyPlan, Own
from xlsales.batch.plan import Plan
from xlsales.cells.rows import Rows
from xlsales.cells.values import serial
from xlsales.schedule import later
from xlsales.tables.sold import Sold

AVERAGE_SALE, CYCLE_DAYS = "peer_average_sale", "peer_cycle_days"
COLUMNS = ("territory_id", "currency", AVERAGE_SALE, CYCLE_DAYS)  # of the territory, to give it its peers by

T = TypeVar("T", bound=AnyPlan)


class Peers:
    """Takes every plan of a run, then gives each the means of the others that count in the same currency.

    What a territory has of its own goes with its plan. A figure is what the territory's planner shows of its year up
    to the day that all look from; where none is asked for, there is nothing after it.
    """

    def __init__(self, as_of: dt.date | None = None) -> None:
        self._as_of = as_of
        self._all: dict[tuple[str, str], array[float]] = {}  # by currency and figure
        self._totals: dict[tuple[str, str], float] = {}  # of those, the same in any order
        self._fingerprints = 0

    def look(self, plan: Plan) -> Own:
        """Take a territory's figures of its year, and return them."""
        found: dict[tuple[str, str], float] = {}
        sold = Sold(_rows(plan, "activity"), _rows(plan, "deals"), *_year(plan, self._as_of))
        for figure, value in ((AVERAGE_SALE, sold.average_sale()), (CYCLE_DAYS, sold.cycle_days())):
            if value is not None:
                found[plan.territory_id, figure] = value
                self._take((str(plan.territory["currency"]), figure), array("d", [value]))
                text = json.dumps([plan.territory_id, figure, float(value).hex()])
                self._add(int.from_bytes(hashlib.sha256(text.encode()).digest()))
        return found

    def join(self, others: Peers) -> None:
        """Take the figures of territories that were looked at elsewhere."""
        for like, values in others._all.items():
            self._take(like, values)
        self._add(others._fingerprints)

    def _take(self, like: tuple[str, str], values: array[float]) -> None:
        self._all.setdefault(like, array("d")).extend(values)

    def _add(self, fingerprint: int) -> None:
        self._fingerprints = (self._fingerprints + fingerprint) % 2**256  # the same in any order

    @property
    def fingerprint(self) -> str:
        """A fingerprint of all figures taken, whatever the order of the territories."""
        return f"{self._fingerprints:064x}"

    def given(self, plan: T, own: Own) -> T:
        """Return a plan with the means of its peers, where its territory names none and there are any.

        `own` are figures of some territories, and of its own where it has any.
        """
        wanted = [name for name in (AVERAGE_SALE, CYCLE_DAYS) if plan.territory[name] is None]
        found = {name: self._mean(plan, name, own.get((plan.territory_id, name))) for name in wanted}
        return replace_peers(plan, {name: mean for name, mean in found.items() if mean is not None})

    def _mean(self, plan: AnyPlan, figure: str, own: float | None) -> float | None:
        like = str(plan.territory["currency"]), figure
        values = self._all.get(like, ())
        if like not in self._totals:
            self._totals[like] = fsum(values)
        others, total = len(values) - (own is not None), self._totals[like] - (own or 0.0)
        return total / others if others and total >= 0 else None  # what credit notes bring below 0 is no measure


def replace_peers(plan: T, peers: dict[str, float]) -> T:
    """Return the same plan with these means; its fingerprint of the rows stays."""
    given = replace(plan, peers=peers)
    if "content_hash" in vars(plan):
        vars(given)["content_hash"] = plan.content_hash
    return given


def _year(plan: Plan, as_of: dt.date | None) -> tuple[int, int]:
    """Return the first day of the year, and the first after it or after the day that all look from, as serials."""
    start = plan.territory["year_start"]
    first = start if isinstance(start, dt.date) else dt.date(int(str(plan.territory["fiscal_year"])), 1, 1)
    after = later(first, 12)
    return serial(first), serial(after if as_of is None else min(after, as_of + dt.timedelta(days=1)))


def _rows(plan: Plan, table: str) -> Rows | None:
    rows = plan.rows.get(table)
    return rows if isinstance(rows, Rows) else None
