"""The order in which the rows of each table stand in planners and reports, whatever their order in the source.

Every order ends with the columns of the table's key, so that no two rows are alike. Texts are compared by their
characters, the same on every computer and in every language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.schema import CADENCES, TEAM_STAGES
from xlsales.texts import N_

Columns: TypeAlias = Mapping[str, Sequence[Any]]
Places: TypeAlias = "npt.NDArray[np.intp]"

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
    order: list[int] = in_order(table, {name: _coded(columns[name]) for name in _KEYS[table]}).tolist()
    return order


def in_order(table: str, columns: Mapping[str, tuple[Places, Sequence[Any]]]) -> Places:
    """Return the same of columns given as the place of each row's cell among those that differ, and these."""
    ranks = [_ranks(*columns[name], key) for name, key in _KEYS[table].items()]
    order: Places = np.lexsort(ranks[::-1])
    return order


def _coded(cells: Sequence[Any]) -> tuple[Places, list[Any]]:
    codes, different = pd.factorize(np.fromiter(cells, object, len(cells)), use_na_sentinel=False)
    return codes, [None if cell != cell else cell for cell in different.tolist()]


def _ranks(codes: Places, different: Sequence[Any], key: Callable[[Any], Any]) -> Places:
    """Return for each row the place of its cell's key among the keys that differ."""
    keys = [*map(key, different)]
    ranks = np.zeros(len(keys), np.intp)
    in_order = sorted(range(len(keys)), key=keys.__getitem__)
    for before, place in pairwise(in_order):
        ranks[place] = ranks[before] + (keys[before] != keys[place])
    return ranks[codes]


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


def _itself(value: object) -> object:
    return value


def _largest_first(revenue: float | None) -> float:
    return -(revenue or 0.0)


def _open_first(outcome: str | None) -> bool:
    return outcome not in (None, "OPEN")


def _latest_first(day: dt.date | None) -> int:
    return -day.toordinal() if day else 0


# What the rows of each table are sorted by: the columns in turn, each by what its function makes of a cell.
_KEYS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "territories": {"territory_id": by_value},
    "accounts": {"recent_revenue": _largest_first, "account_name": _itself, "account_id": _itself},
    "deals": {"outcome": _open_first, "first_appointment": _latest_first, "deal_id": _itself},
    "activity": {"week_start": _itself},
    "org_health": {"element": _itself},
    "team": {"stage": partial(_place, TEAM_STAGES), "name": _itself},
    "checkins": {"held": _itself, "kind": partial(_place, CADENCES)},
}
