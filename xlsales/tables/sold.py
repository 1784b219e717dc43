"""What a territory has sold in its year, and how long that took it: counted from its rows as arrays."""

from __future__ import annotations

from math import fsum
from typing import TypeVar

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.cells.rows import Rows
from xlsales.epoch import EPOCH

_MONDAYS = EPOCH.toordinal() - 1  # days between the Monday that ordinals count from and serial 0

T = TypeVar("T", int, Array)


class Sold:
    """The weeks and the decided deals of a year; NaN is what is not known of one."""

    def __init__(self, activity: Rows | None, deals: Rows | None, first: int, after: int) -> None:
        """Take a territory's rows, its first day of the year and the first after it, as serials."""
        weeks = range(_week(first), _week(after - 1) + 1)
        self._first_week = weeks.start
        self._counts, self._amounts = np.full(len(weeks), np.nan), np.full(len(weeks), np.nan)  # as rows say them
        if activity:
            self._type(activity, weeks)
        self._won = np.zeros(0, bool)
        self._close = self._first = self._amount = np.zeros(0)
        if deals:
            self._decide(deals, first, after)

    def _type(self, rows: Rows, weeks: range) -> None:
        place = _week(rows.numbers("week_start")) - weeks.start
        there = (place >= 0) & (place < len(weeks))
        places = place[there].astype(np.intp)
        self._counts[places], self._amounts[places] = rows.numbers("won")[there], rows.numbers("revenue")[there]

    def _decide(self, rows: Rows, first: int, after: int) -> None:
        close, won = rows.numbers("close_date"), rows.array("outcome", _is_won, bool)
        decided = (close >= first) & (close < after) & (won | rows.array("outcome", _is_lost, bool))
        self._won, self._close = won[decided], close[decided]
        self._first, self._amount = (rows.numbers(name)[decided] for name in ("first_appointment", "amount"))

    def average_sale(self) -> float | None:
        """Revenue over sales won: of each week what its row says, and where that is blank what its deals say."""
        counts, amounts = self._counts, self._amounts
        weeks = _week(self._close[self._won]).astype(np.intp) - self._first_week
        amount = self._amount[self._won]
        sold = np.count_nonzero(np.isnan(counts[weeks]) & ~(amount < 0))  # a credit note is no sale
        of_deals = amount[np.isnan(amounts[weeks]) & ~np.isnan(amount)]
        sales = fsum([*counts[~np.isnan(counts)].tolist(), sold])
        return fsum([*amounts[~np.isnan(amounts)].tolist(), *of_deals.tolist()]) / sales if sales else None

    def cycle_days(self) -> float | None:
        """Mean days from first appointment to decision of this year's deals."""
        days = self._close - self._first
        known = days[~np.isnan(days)]
        return float(known.sum()) / len(known) if len(known) else None


def _week(day: T) -> T:
    """Return which week it is, of all that begin on Mondays, of a day or of many."""
    return (day + _MONDAYS) // 7


def _is_won(outcome: object) -> bool:
    return outcome == "WON"


def _is_lost(outcome: object) -> bool:
    return outcome == "LOST"
