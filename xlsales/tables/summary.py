"""What can only be said of all parts of a source together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xlsales.findings import Finding
from xlsales.schema import TABLES
from xlsales.tables.marks import Marks
from xlsales.tables.shared_accounts import DifferentAccounts, SharedAccounts
from xlsales.tables.validated import Accounting, LastDay, Trimmed, Validated
from xlsales.texts import _n


@dataclass(frozen=True)
class Told:
    """What a `Summary` is told of a validated part."""

    accounting: Mapping[str, Accounting]
    skipped_territories: Sequence[str]
    last: LastDay
    files: Mapping[str, str]  # by table
    trimmed: Sequence[Trimmed]
    accounts: DifferentAccounts
    marks: Marks

    @classmethod
    def of(cls, validated: Validated) -> Told:
        """Look at a part."""
        accounts = DifferentAccounts.of(validated.frames["accounts"]["account_id"].to_numpy())
        known = validated.accounting, validated.skipped_territories, LastDay.of(validated)
        return cls(*known, validated.files, validated.trimmed, accounts, validated.marks)


class Summary:
    """Adds up validated parts; of the rows it keeps 9 bytes for each account.

    with parted(source) as parts:
        summary = Summary()
        for part in parts:
            summary.add(validate(part))
    """

    def __init__(self) -> None:
        self.accounting: dict[str, Accounting] = {}
        self.skipped_territories: list[str] = []
        self._last = LastDay()
        self._trimmed: dict[tuple[int, int], Trimmed] = {}  # by table and column
        self._accounts = SharedAccounts()
        self._marks = Marks()
        self._files: dict[str, str] = {}

    @classmethod
    def of(cls, validated: Validated) -> Summary:
        """The summary of a source in one part."""
        summary = cls()
        summary.add(validated)
        return summary

    @property
    def as_of(self) -> date | None:
        """The last day with data, as `default_as_of`."""
        return self._last.day

    def add(self, validated: Validated) -> None:
        """Count in one more part."""
        self.take(Told.of(validated))

    def take(self, told: Told) -> None:
        """Count in one more part, of which this is known."""
        for name, counts in told.accounting.items():
            self.accounting[name] = self.accounting.get(name, Accounting()) + counts
        self.skipped_territories += told.skipped_territories
        self._last |= told.last
        self._files |= told.files
        for trimmed in told.trimmed:
            self._add_trimmed(trimmed)
        self._accounts.add(told.accounts)
        self._marks |= told.marks

    def findings(self) -> list[Finding]:
        """The findings about rows of several parts, once all parts have been added."""
        return [*self._shared(), *self._spaces(), *self._marks.findings()]

    def _add_trimmed(self, more: Trimmed) -> None:
        tables = list(TABLES)
        table = TABLES[more.first.table or ""]
        columns = [column.name for column in table]
        place = tables.index(table.name), columns.index(more.first.column or "")
        known = self._trimmed.get(place)
        if known is not None:
            first = min(known.first, more.first, key=lambda finding: finding.row or 0)
            more = Trimmed(known.rows + more.rows, first)
        self._trimmed[place] = more

    def _shared(self) -> Iterator[Finding]:
        if self._accounts.count:
            message = _n(
                "{count} account is in more than one territory ({accounts}): each planner counts it; "
                "keep an account in one territory, or the roll-up counts it twice.",
                "{count} accounts are in more than one territory ({accounts}): each planner counts them; "
                "keep an account in one territory, or the roll-up counts it twice.",
                self._accounts.count,
            )
            message = message.format(count=self._accounts.count, accounts=self._accounts.examples)
            yield Finding("warning", "ACCOUNT_SHARED", message, self._files["accounts"], "accounts")

    def _spaces(self) -> Iterator[Finding]:
        for _place, trimmed in sorted(self._trimmed.items()):
            message = _n(
                "Spaces around the identifier were removed in {count} row, first in row {row}.",
                "Spaces around the identifier were removed in {count} rows, first in row {row}.",
                trimmed.rows,
            )
            message = message.format(count=trimmed.rows, row=trimmed.first.row)
            yield replace(trimmed.first, message=message)
