"""What became of every row of the tables: read = in planners + left out + refused + skipped.

Counted after the planners were written: rows of one that could not be made, or that a stopped run did not come to,
are skipped. Of each table a few numbers are kept, whatever its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from xlsales.schema import TABLES, TERRITORIES
from xlsales.tables import Accounting
from xlsales.texts import N_, _, _n

# Why the rows of a planner that was made do not stand in it, by the code of the finding that tells where.
REASONS = {
    "OUTSIDE_YEAR": N_("outside the planner's calendar"),
    "SAME_ROW": N_("another row stands in their place"),
    "NO_SHEET": N_("the template has no table for them"),
    "OTHER_YEAR": N_("of another fiscal year"),
    "DELETED_KEPT": N_("their rows were deleted in the planner"),
}
BY_MAP = "MAP_LEFT_OUT"
WORDS = REASONS | {BY_MAP: N_("as the map says")}
_NONE: Mapping[str, int] = MappingProxyType({})
COLUMNS = (N_("table"), N_("read"), N_("in planners"), N_("left out"), N_("refused"), N_("skipped"), N_("reasons"))


@dataclass(frozen=True)
class TableAccount:
    """What became of the rows of one table."""

    read: int
    in_planners: int
    left_out: Mapping[str, int]  # by the code of the reason
    refused: int  # a finding at each of them says why
    skipped: int  # rows of territories without a planner

    def told(self) -> dict[str, Any]:
        """Return the account as `run.json` has it."""
        return vars(self) | {"left_out": dict(self.left_out)}

    @property
    def reasons(self) -> str:
        """Why rows were left out, in words."""
        return ", ".join(f"{count}: {_(WORDS[code])}" for code, count in self.left_out.items())

    @property
    def cells(self) -> list[str | int]:
        """The account as cells below `COLUMNS`, but for the first."""
        left_out = sum(self.left_out.values())
        return [self.read, self.in_planners, left_out, self.refused, self.skipped, self.reasons]


class RowAccounts:
    """Counts in every planner that was made."""

    def __init__(self) -> None:
        self._placed: Counter[str] = Counter()
        self._left_out: Counter[tuple[str, str]] = Counter()

    def add(self, placed: Mapping[str, int], left_out: Mapping[str, Mapping[str, int]]) -> None:
        """Count in the rows of a planner that was written, and those that it has no place for."""
        self._placed[TERRITORIES.name] += 1
        self._placed.update(placed)
        for table, reasons in left_out.items():
            self._left_out.update({(table, code): count for code, count in reasons.items()})

    def take(self, told: object) -> None:
        """Count in what the report of a run that has ended says under "rows"."""
        for table, account in told.items() if isinstance(told, Mapping) else ():
            match account:
                case {"in_planners": int(placed), "left_out": dict(reasons)}:
                    self._placed[table] += placed
                    counted = [(code, n) for code, n in reasons.items() if isinstance(n, int) and code != BY_MAP]
                    self._left_out.update({(str(table), str(code)): n for code, n in counted})

    def of(self, read: Mapping[str, Accounting], by_map: Mapping[str, int] = _NONE) -> dict[str, TableAccount]:
        """Return the account of each table that was read, in the order of the schema.

        `by_map` are the rows that a map has left out before anything was looked at.
        """
        return {name: self._of(name, read[name], by_map.get(name, 0)) for name in TABLES if name in read}

    def _of(self, table: str, counts: Accounting, by_map: int) -> TableAccount:
        left_out = {code: self._left_out[table, code] for code in REASONS if self._left_out[table, code]}
        waiting = counts.accepted - self._placed[table] - sum(left_out.values())
        left_out |= {BY_MAP: by_map} if by_map else {}
        read = counts.read + by_map
        return TableAccount(read, self._placed[table], left_out, counts.refused, counts.skipped + waiting)


def lines(accounts: Mapping[str, TableAccount]) -> Iterator[str]:
    """Yield lines for a person: one if all rows are in planners, else one for each table that has others."""
    read = sum(account.read for account in accounts.values())
    missing = {name: account for name, account in accounts.items() if account.in_planners < account.read}
    if not missing:
        message = _n(
            "The {count:,} row of the tables is in a planner.",
            "All {count:,} rows of the tables are in planners.",
            read,
        )
        yield message.format(count=read)
        return
    yield _("Rows of the tables that are not in planners:")
    for name, account in missing.items():
        message = _("  {table}: {read:,} read, {placed:,} in planners")
        told = [message.format(table=name, read=account.read, placed=account.in_planners)]
        told += [f"{count:,} {_('left out')} ({_(WORDS[code])})" for code, count in account.left_out.items()]
        if account.refused:
            told.append(_("{count:,} refused").format(count=account.refused))
        if account.skipped:
            told.append(_("{count:,} skipped with their territories").format(count=account.skipped))
        yield ", ".join(told)
