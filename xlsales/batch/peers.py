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
from typing import NamedTuple, TypeVar

import numpy as np

from xlsales.batch.packed import AnyPlan, Own
from xlsales.batch.plan import Plan
from xlsales.cells.arrays import Array
from xlsales.cells.rows import Rows
from xlsales.cells.values import serial
from xlsales.epoch import EPOCH
from xlsales.schedule import later

AVERAGE_SALE, CYCLE_DAYS = "peer_average_sale", "peer_cycle_days"
COLUMNS = ("territory_id", "currency", AVERAGE_SALE, CYCLE_DAYS)  # of the territory, to give it its peers by

_MONDAYS = EPOCH.toordinal() - 1  # days between the Monday that ordinals count from and serial 0

P = TypeVar("P", bound=AnyPlan)
T = TypeVar("T", int, Array)


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

    def given(self, plan: P, own: Own) -> P:
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


def replace_peers(plan: P, peers: dict[str, float]) -> P:
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


def _average_sale(plan: Plan, decided: _Decided, first: int, after: int) -> float | None:
    """Revenue over sales won: of each week what its row says, and where that is blank what its deals say."""
    counts, amounts = _typed(plan, range(_week(first), _week(after - 1) + 1))
    weeks = _week(decided.close[decided.won]).astype(np.intp) - _week(first)
    amount = decided.amount[decided.won]
    sold = np.count_nonzero(np.isnan(counts[weeks]) & ~(amount < 0))  # a credit note is no sale
    of_deals = amount[np.isnan(amounts[weeks]) & ~np.isnan(amount)]
    sales = fsum([*counts[~np.isnan(counts)].tolist(), sold])
    return fsum([*amounts[~np.isnan(amounts)].tolist(), *of_deals.tolist()]) / sales if sales else None


def _typed(plan: Plan, weeks: range) -> tuple[Array, Array]:
    """Return the sales and the revenue of some weeks as their rows say them; NaN for blank, and where there is none."""
    counts, amounts = np.full(len(weeks), np.nan), np.full(len(weeks), np.nan)
    rows = plan.rows.get("activity")
    if isinstance(rows, Rows) and rows:
        place = _week(rows.numbers("week_start")) - weeks.start
        there = (place >= 0) & (place < len(weeks))
        places = place[there].astype(np.intp)
        counts[places], amounts[places] = rows.numbers("won")[there], rows.numbers("revenue")[there]
    return counts, amounts


def _week(day: T) -> T:
    """Return which week it is, of all that begin on Mondays, of a day or of many."""
    return (day + _MONDAYS) // 7


def _cycle_days(decided: _Decided) -> float | None:
    """Mean days from first appointment to decision of this year's deals."""
    days = decided.close - decided.first
    known = days[~np.isnan(days)]
    return float(known.sum()) / len(known) if len(known) else None


class _Decided(NamedTuple):
    """Deals won or lost; NaN is what is not known of one."""

    won: Array
    close: Array
    first: Array
    amount: Array


_NONE = _Decided(np.zeros(0, bool), *[np.zeros(0)] * 3)


def _decided(plan: Plan, first: int, after: int) -> _Decided:
    """Return the deals that were decided in a year."""
    rows = plan.rows.get("deals")
    if not isinstance(rows, Rows) or not rows:
        return _NONE
    close = rows.numbers("close_date")
    won = rows.array("outcome", _is_won, bool)
    wanted = (close >= first) & (close < after) & (won | rows.array("outcome", _is_lost, bool))
    return _Decided(*(own[wanted] for own in (won, close, rows.numbers("first_appointment"), rows.numbers("amount"))))


def _is_won(outcome: object) -> bool:
    return outcome == "WON"


def _is_lost(outcome: object) -> bool:
    return outcome == "LOST"
