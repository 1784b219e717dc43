"""Rules across rows and across tables: territories, repeated rows, scores, accounts."""

from __future__ import annotations

from collections.abc import Container

import pandas as pd

from xlsales.findings import shown
from xlsales.schema import ELEMENTS
from xlsales.tables.check import TableCheck
from xlsales.tables.held import python_values
from xlsales.tables.order import says_more
from xlsales.texts import _

_EXAMPLES = 3


def refuse_repeated_territories(check: TableCheck) -> None:
    """Refuse all rows of a territory that is there more than once: nobody can tell which one is right."""
    rows_of: dict[str, list[int]] = {}
    for row, territory_id in check.territory_rows():
        rows_of.setdefault(territory_id, []).append(row)
    for territory_id, rows in rows_of.items():
        if len(rows) == 1 or not check.raw.usable:
            continue
        message = _("The territory {territory_id} is there {count} times (rows {rows}): keep one row.")
        shown_rows = ", ".join(str(row) for row in rows[:_EXAMPLES]) + ("…" if len(rows) > _EXAMPLES else "")
        message = message.format(territory_id=shown(territory_id), count=len(rows), rows=shown_rows)
        for row in rows:
            check.refuse(row, "DUPLICATE", message, "territory_id")


def sort_by_territory(check: TableCheck, produced: Container[str], skipped: Container[str]) -> None:
    """Skip the rows of refused territories, and refuse those of territories that nobody declared."""
    for row, territory_id in check.territory_rows():
        if territory_id in skipped:
            check.skip(row)
        elif territory_id not in produced and check.raw.usable:
            message = _("The territory {territory_id} is not in the table territories: add it or correct the row.")
            message = message.format(territory_id=shown(territory_id))
            check.refuse(row, "TERRITORY_UNKNOWN", message, "territory_id")


def refuse_duplicates(check: TableCheck) -> None:
    """Refuse rows that share a key but for the one that says most, whatever their order."""
    accepted = check.accepted()
    key = list(check.table.key)
    alike = accepted[accepted.duplicated(key, keep=False)]
    if alike.empty:
        return
    columns = ", ".join(name for name in key if name != "territory_id")
    cells = [python_values(alike[column.name].to_numpy(), column) for column in check.table]
    rows_of: dict[tuple[object, ...], list[tuple[int, tuple[object, ...]]]] = {}
    names = [column.name for column in check.table]
    for row, values in zip(alike.index.tolist(), zip(*cells, strict=True), strict=True):
        rows_of.setdefault(tuple(values[names.index(name)] for name in key), []).append((row, values))
    stays = {same: max(rows, key=lambda one: says_more(one[1]))[0] for same, rows in rows_of.items()}
    others = sorted((row, stays[same]) for same, rows in rows_of.items() for row, _values in rows if row != stays[same])
    for row, first in others:
        message = _("The row has the same {columns} as row {first}, which stays: keep one of them.")
        check.refuse(row, "DUPLICATE", message.format(columns=columns, first=first), key[-1])


def refuse_incomplete_scores(check: TableCheck) -> None:
    """Refuse the scores of a territory that has some but not all of them."""
    every = set(range(1, len(ELEMENTS) + 1))
    for territory_id, scores in check.accepted().groupby("territory_id", sort=False):
        missing = sorted(every - {int(element) for element in scores["element"]})
        if not missing:
            continue
        message = _("{count} of the {all} scores of {territory_id} are missing or refused ({elements}): add them.")
        message = message.format(
            count=len(missing),
            all=len(every),
            territory_id=shown(territory_id),
            elements=", ".join(str(element) for element in missing),
        )
        rows = [int(row) for row in scores.index]
        check.refuse_together(rows, "SCORES_INCOMPLETE", message, "element")


def report_unknown_accounts(deals: TableCheck, accounts: TableCheck) -> None:
    """Say which deals name an account that their territory does not have; they stay."""
    pair = ["territory_id", "account_id"]
    known = pd.MultiIndex.from_frame(accounts.accepted()[pair])
    named = deals.accepted().dropna(subset=["account_id"])
    unknown = named[~pd.MultiIndex.from_frame(named[pair]).isin(known)]
    for row, account_id in zip(unknown.index, unknown["account_id"], strict=True):
        message = _(
            "The account {account_id} is not among the territory's accounts: add it or correct the deal. "
            "The row is kept."
        )
        message = message.format(account_id=shown(account_id))
        deals.report("warning", "ACCOUNT_UNKNOWN", message, int(row), "account_id")
