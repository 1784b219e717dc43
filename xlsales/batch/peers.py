"""What the other territories of a run sell and how long it takes them: the peers that a planner compares itself with.

Counted from the tables before any planner is made: of each territory a few numbers stay, whatever its rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from array import array
from collections.abc import Iterable
from dataclasses import replace
from math import fsum
from typing import Any, TypeVar

from xlsales.batch.packed import AnyPlan, Own
from xlsales.batch.plan import Plan
from xlsales.cells.rows import Rows
from xlsales.schedule import later

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
        year = _year(plan, self._as_of)
        for figure, value in ((AVERAGE_SALE, _average_sale(plan, *year)), (CYCLE_DAYS, _cycle_days(plan, *year))):
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


def _year(plan: Plan, as_of: dt.date | None) -> tuple[dt.date, dt.date]:
    """Return the first day of the year, and the first after it or after the day that all look from."""
    start = plan.territory["year_start"]
    first = start if isinstance(start, dt.date) else dt.date(int(str(plan.territory["fiscal_year"])), 1, 1)
    after = later(first, 12)
    return first, after if as_of is None else min(after, as_of + dt.timedelta(days=1))


def _average_sale(plan: Plan, first: dt.date, after: dt.date) -> float | None:
    """Revenue over sales won: of each week what its row says, and where that is blank what its deals say."""
    of_year = range(_week(first), _week(after - dt.timedelta(days=1)) + 1)
    typed = {
        _week(start): (won, revenue)
        for start, won, revenue in _columns(plan, "activity", "week_start", "won", "revenue")
        if start is not None and _week(start) in of_year
    }
    won = [float(count) for count, _revenue in typed.values() if count is not None]
    revenue = [float(amount) for _count, amount in typed.values() if amount is not None]
    for outcome, close, amount in _columns(plan, "deals", "outcome", "close_date", "amount"):
        if outcome != "WON" or close is None or not first <= close < after:
            continue
        count_of_week, revenue_of_week = typed.get(_week(close), (None, None))
        if count_of_week is None and (amount is None or amount >= 0):  # a credit note is no sale
            won.append(1.0)
        if revenue_of_week is None and amount is not None:
            revenue.append(float(amount))
    sales = fsum(won)
    return fsum(revenue) / sales if sales else None


def _week(day: dt.date) -> int:
    """Return which week it is, of all that begin on Mondays."""
    return (day.toordinal() - 1) // 7


def _cycle_days(plan: Plan, first: dt.date, after: dt.date) -> float | None:
    """Mean days from first appointment to decision of this year's deals."""
    days = [
        (close - start).days
        for outcome, close, start in _columns(plan, "deals", "outcome", "close_date", "first_appointment")
        if outcome in ("WON", "LOST") and close is not None and first <= close < after and start is not None
    ]
    return sum(days) / len(days) if days else None


def _columns(plan: Plan, table: str, *names: str) -> Iterable[tuple[Any, ...]]:
    """Return the cells of some columns of a table, row by row; None for blank."""
    rows = plan.rows.get(table, ())
    return zip(*(rows.columns[name] for name in names), strict=True) if isinstance(rows, Rows) and rows else ()
