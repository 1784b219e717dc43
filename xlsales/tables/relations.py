"""Rules across rows and across tables: territories, repeated rows, scores, accounts."""

from __future__ import annotations

from collections.abc import Container

import pandas as pd

from xlsales.findings import shown
from xlsales.schema import ELEMENTS
from xlsales.tables.check import TableCheck
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
    """Refuse a row whose key an earlier row has; the first one stays."""
    accepted = check.accepted()
    key = list(check.table.key)
    later = accepted[accepted.duplicated(key)]
    if later.empty:
        return
    firsts = accepted[~accepted.duplicated(key)]
    first_row = dict(zip(zip(*(firsts[name] for name in key), strict=True), firsts.index, strict=True))
    for row, values in zip(later.index, zip(*(later[name] for name in key), strict=True), strict=True):
        message = _("The row has the same {columns} as row {first}: keep one of them.")
        columns = ", ".join(name for name in key if name != "territory_id")
        message = message.format(columns=columns, first=first_row[values])
        check.refuse(int(row), "DUPLICATE", message, key[-1])


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
