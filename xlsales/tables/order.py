"""The order in which the rows of each table stand in planners and reports, whatever their order in the source.

Every order ends with the columns of the table's key, so that no two rows are alike. Texts are compared by their
characters, the same on every computer and in every language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from xlsales.schema import CADENCES, TEAM_STAGES
from xlsales.texts import N_

Columns: TypeAlias = Mapping[str, Sequence[Any]]

_DIGITS = re.compile(r"([0-9]+)")

# What docs/tables.md says of each.
ORDERS = {
    "territories": N_("by `territory_id`, numbers in it by their value (T2 before T10)"),
    "accounts": N_("the largest `recent_revenue` first, then by `account_name` and `account_id`"),
    "deals": N_("open deals first, then the latest `first_appointment`, then by `deal_id`"),
    "activity": N_("by `week_start`"),
    "org_health": N_("by `element`"),
    "team": N_("by `stage` as the sale goes, those without one last, then by `name`"),
    "checkins": N_("by `held`, then by `kind`"),
}


def stated(table: str, columns: Columns) -> list[int]:
    """Return the positions of a table's rows in their stated order; blank cells are None."""
    names, key = _KEYS[table]
    keys = [key(*cells) for cells in zip(*(columns[name] for name in names), strict=True)]
    return sorted(range(len(keys)), key=keys.__getitem__)


def by_value(text: str) -> tuple[list[object], str]:
    """Return what to sort identifiers by: T2 comes before T10, and T02 beside T2."""
    pieces: list[object] = list(_DIGITS.split(text))
    pieces[1::2] = [(len(digits), digits) for digits in (str(piece).lstrip("0") for piece in pieces[1::2])]
    return pieces, text


def says_more(cells: Sequence[object]) -> tuple[object, ...]:
    """Return what to compare rows of one key by: the greatest has most cells filled, then the latest days.

    What is left is compared column by column: one of them must stay, whatever the order of the rows.
    """
    days = [cell for cell in cells if isinstance(cell, dt.date)]
    filled = [(0, "") if cell is None else (1, cell) for cell in cells]
    return sum(known for known, _cell in filled), sorted(days, reverse=True), filled


def _place(choices: Sequence[str], value: object) -> int:
    return choices.index(str(value)) if value in choices else len(choices)


def _largest_first(revenue: float | None, name: str, account_id: str) -> object:
    return -(revenue or 0.0), name, account_id


def _open_first(outcome: str | None, first: dt.date | None, deal_id: str) -> object:
    return outcome not in (None, "OPEN"), -first.toordinal() if first else 0, deal_id


def _as_the_sale_goes(stage: str | None, name: str) -> object:
    return _place(TEAM_STAGES, stage), name


def _as_held(held: dt.date, kind: str) -> object:
    return held, _place(CADENCES, kind)


_KEYS: Mapping[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "territories": (("territory_id",), by_value),
    "accounts": (("recent_revenue", "account_name", "account_id"), _largest_first),
    "deals": (("outcome", "first_appointment", "deal_id"), _open_first),
    "activity": (("week_start",), lambda week_start: week_start),
    "org_health": (("element",), lambda element: element),
    "team": (("stage", "name"), _as_the_sale_goes),
    "checkins": (("held", "kind"), _as_held),
}
