"""What the other territories of a run sell and how long it takes them: the peers that a planner compares itself with.

Counted from the tables before any planner is made: of each territory a few numbers stay, whatever its rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import fsum, isnan, nan
from typing import NamedTuple, TypeVar

import numpy as np

from xlsales.batch.packed import AnyPlan, Own
from xlsales.batch.plan import Plan
from xlsales.cells.rows import Rows
from xlsales.cells.values import serial
from xlsales.epoch import EPOCH
from xlsales.schedule import later

AVERAGE_SALE, CYCLE_DAYS = "peer_average_sale", "peer_cycle_days"
COLUMNS = ("territory_id", "currency", AVERAGE_SALE, CYCLE_DAYS)  # of the territory, to give it its peers by

_MONDAYS = EPOCH.toordinal() - 1  # days between the Monday that ordinals count from and serial 0

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
        decided = _decided(plan, *year)
        for figure, value in ((AVERAGE_SALE, _average_sale(plan, decided, *year)), (CYCLE_DAYS, _cycle_days(decided))):
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


def _average_sale(plan: Plan, decided: Sequence[_Decided], first: int, after: int) -> float | None:
    """Revenue over sales won: of each week what its row says, and where that is blank what its deals say."""
    of_year = range(_week(first), _week(after - 1) + 1)
    typed = {
        _week(int(start)): (won, revenue)
        for start, won, revenue in _numbers(plan, "activity", "week_start", "won", "revenue")
        if not isnan(start) and _week(int(start)) in of_year
    }
    won = [count for count, _revenue in typed.values() if not isnan(count)]
    revenue = [amount for _count, amount in typed.values() if not isnan(amount)]
    for outcome, close, _start, amount in decided:
        if outcome != "WON":
            continue
        count_of_week, revenue_of_week = typed.get(_week(close), (nan, nan))
        if isnan(count_of_week) and not amount < 0:  # a credit note is no sale
            won.append(1.0)
        if isnan(revenue_of_week) and not isnan(amount):
            revenue.append(amount)
    sales = fsum(won)
    return fsum(revenue) / sales if sales else None


def _week(day: int) -> int:
    """Return which week it is, of all that begin on Mondays."""
    return (day + _MONDAYS) // 7


def _cycle_days(decided: Sequence[_Decided]) -> float | None:
    """Mean days from first appointment to decision of this year's deals."""
    days = [close - int(start) for _outcome, close, start, _amount in decided if not isnan(start)]
    return sum(days) / len(days) if days else None


class _Decided(NamedTuple):
    """A deal won or lost; what is not known of it is no number."""

    outcome: str
    close: int
    first: float
    amount: float


def _decided(plan: Plan, first: int, after: int) -> list[_Decided]:
    """Return the deals that were decided in a year."""
    rows = plan.rows.get("deals", ())
    if not isinstance(rows, Rows) or not rows:
        return []
    close = rows.numbers("close_date")
    of_year = np.flatnonzero((close >= first) & (close < after))
    outcomes = rows.columns["outcome"]
    days, starts, amounts = (
        rows.numbers(name)[of_year].tolist() for name in ("close_date", "first_appointment", "amount")
    )
    found = zip(map(outcomes.__getitem__, of_year.tolist()), map(int, days), starts, amounts, strict=True)
    return [_Decided(str(one[0]), *one[1:]) for one in found if one[0] in ("WON", "LOST")]


def _numbers(plan: Plan, table: str, *names: str) -> Iterable[tuple[float, ...]]:
    """Return the cells of some columns of a table, row by row; NaN for blank."""
    rows = plan.rows.get(table, ())
    return zip(*(rows.numbers(name).tolist() for name in names), strict=True) if isinstance(rows, Rows) else ()
