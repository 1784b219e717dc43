"""What the overview's formulas give, calculated from the figures themselves: for very many planners an engine that
reads the sheet looks through all rows again for each of them.

Only for figures of which it is certain what a formula makes of them; with any others, an engine calculates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from xlsales.batch.overview_columns import BETWEEN, LIMITS
from xlsales.cells.values import CellValue
from xlsales.planner.peer_verdicts import side
from xlsales.texts import _
from xlsales.workbook.xlsxwriter_texts import Texts

GAPS = {"close_gap": "out_close_ratio", "sale_gap": "out_average_sale", "cycle_gap": "out_sales_cycle_days"}
ADDED = ("revenue_goal", "fig_revenue", "fig_trajectory")
_ITS_GOAL = "goal of a known revenue"
_GROUPS = ("leader", "region")
_CURRENCY = re.compile("[A-Z]{3}")
_TAKEN_FOR_NUMBERS = ("INF", "NAN")  # by some engines
_SMALLEST, _LARGEST = 1e-100, 1e100  # so that no share of them is beyond what a cell holds


def known(planners: Sequence[Mapping[str, CellValue]]) -> Values | None:
    """Return the values of an overview's formulas; None where an engine must find out."""
    plain = all(_is_plain(figures) for figures in planners) and all(
        len({name.casefold() for name in names}) == len({name.lower() for name in names}) == len(names)
        for names in ({str(figures.get(group) or "") for figures in planners} for group in _GROUPS)
    )
    return Values(planners) if plain else None


def _is_plain(figures: Mapping[str, CellValue]) -> bool:
    currency = figures.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency) or currency in _TAKEN_FOR_NUMBERS:
        return False
    numbers = (figures.get(name) for name in (*ADDED, *GAPS.values()))
    names = (figures.get(name) for name in _GROUPS)
    return all(map(_is_understood, numbers)) and all(
        name is None or (isinstance(name, str) and Texts().storable(name) == name) for name in names
    )


def _is_understood(value: CellValue) -> bool:
    if value is None or isinstance(value, str):
        return True
    if type(value) not in (int, float) or not isinstance(value, (int, float)):
        return False
    return value == 0 or _SMALLEST < abs(value) < _LARGEST


class Values:
    """The values of the formulas of a planner's row, and of totals."""

    def __init__(self, planners: Sequence[Mapping[str, CellValue]]) -> None:
        self._planners = planners
        self._sums: dict[tuple[str, ...], float] = defaultdict(float)  # of what is known, by figure and whose it is
        self._counts: dict[tuple[str, str], int] = defaultdict(int)
        for figures in planners:
            currency = str(figures["currency"])
            for name in GAPS.values():
                number = _stored(figures.get(name))
                if number is not None:
                    self._sums[name, currency] += number
                    self._counts[name, currency] += 1
            amounts = {name: _stored(figures.get(name)) for name in ADDED}
            amounts[_ITS_GOAL] = None if amounts["fig_revenue"] is None else amounts["revenue_goal"]
            for name, amount in amounts.items():
                for of in () if amount is None else _counted_in(figures, currency):
                    self._sums[name, *of] += amount or 0.0

    def of_row(self, place: int, column: str) -> CellValue:
        """Return what a column's formula gives in the row of a planner."""
        figures = self._planners[place]
        if column == "of_goal":
            return _share(_stored(figures.get("fig_revenue")), _stored(figures.get("revenue_goal")))
        if column == "flag":
            return self._flag(figures)
        return self._gap(figures, GAPS[column])

    def total(self, column: str, currency: str, group: str = "", name: str = "") -> CellValue:
        """Return what is the total of a currency, or of a leader or region in it."""
        key = (currency, group, name) if group else (currency,)
        if column == "of_goal":
            return _share(self._sums.get(("fig_revenue", *key)), self._sums.get((_ITS_GOAL, *key)))
        return self._sums.get((column, *key), "")

    def _gap(self, figures: Mapping[str, CellValue], name: str) -> CellValue:
        own, currency = _stored(figures.get(name)), str(figures["currency"])
        if own is None or not self._sums[name, currency] > own:
            return ""
        others = self._counts[name, currency] - 1
        return own * others / (self._sums[name, currency] - own) - 1

    def _flag(self, figures: Mapping[str, CellValue]) -> str:
        flags = []
        for name, _limit, _label, limit, (_low, low), (_high, high) in LIMITS:
            gap = self._gap(figures, GAPS[name])
            found = side(gap, limit) if isinstance(gap, float) else 0
            flags += [_(low if found < 0 else high)] if found else []
        return BETWEEN.join(flags)


def _counted_in(figures: Mapping[str, CellValue], currency: str) -> Iterator[tuple[str, ...]]:
    """Yield whose totals a planner is in: its currency's, and those of its leader and region in it."""
    yield (currency,)
    yield from ((currency, group, str(figures.get(group) or "")) for group in _GROUPS)


def _share(revenue: float | None, goal: float | None) -> CellValue:
    return revenue / goal if revenue is not None and goal else ""


def _stored(value: Any) -> float | None:
    """Return a number as its cell holds it."""
    return None if value is None or isinstance(value, str) else _of_sixteen_digits(value)


@cache
def _of_sixteen_digits(value: float) -> float:
    return float(f"{value:.16G}")  # as XlsxWriter writes it
