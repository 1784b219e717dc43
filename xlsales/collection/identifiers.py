"""Rows of a returned planner that have no ID, or one that another row has, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsales.cells.letters import folded
from xlsales.collection.planner import Value
from xlsales.schema import Column, Kind, Table


def column(table: Table) -> Column | None:
    """Return the column with the IDs of a table's rows, where it has one."""
    ids = [table[name] for name in table.key if name != "territory_id"]
    return ids[0] if ids and ids[0].kind is Kind.KEY else None


def odd(ids: Sequence[Value]) -> Iterator[tuple[int, int | None]]:
    """Yield each row with the ID of a row above, as Excel compares them, and that row; None for a row without an ID."""
    first: dict[str, int] = {}
    for row, value in enumerate(ids):
        known = "" if value is None else folded(" ".join(str(value).split()))
        above = first.setdefault(known, row) if known else None
        if above != row:
            yield row, above
