"""`rates`: what a unit of each currency is worth in the group's, on which day; read beside the input tables.

The group's currency is the one whose rate is 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from xlsales.findings import Finding, shown
from xlsales.schema import RATES
from xlsales.tables.check import TableCheck
from xlsales.tables.raw import RawTable
from xlsales.tables.validation import check_rows
from xlsales.texts import _


class Rate(NamedTuple):
    """What a unit of a currency is worth, and since when: None is always."""

    value: float
    day: date | None


@dataclass(frozen=True)
class Rates:
    """The rates of a source, and what was wrong with their rows."""

    file: str
    all: Sequence[tuple[str, Rate]]
    findings: Sequence[Finding]

    def on(self, day: date | None) -> dict[str, Rate]:
        """Return the rate of each currency on a day: the latest that is not after it."""
        found: dict[str, Rate] = {}
        for currency, rate in self.all:
            if day is not None and rate.day is not None and rate.day > day:
                continue
            before = found.get(currency)
            if before is None or (rate.day or date.min) > (before.day or date.min):
                found[currency] = rate
        return dict(sorted(found.items()))

    def finding(self, code: str, message: str) -> Finding:
        """Return a warning about the table."""
        return Finding("warning", code, message, self.file, RATES.name)


def rates_of(raw: RawTable) -> Rates:
    """Check the table: a row with a problem is left out and told, and so are rows that contradict each other."""
    check = TableCheck(raw)
    check_rows(check)
    rows: dict[tuple[str, date | None], dict[int, float]] = defaultdict(dict)
    accepted = check.accepted()
    if not accepted.empty:
        for row, currency, rate, day in accepted[["currency", "rate", "date"]].itertuples(name=None):
            rows[str(currency), day or None][int(row)] = float(rate)
    found: list[tuple[str, Rate]] = []
    for (currency, day), values in rows.items():
        if len(set(values.values())) == 1:
            found.append((currency, Rate(next(iter(values.values())), day)))
            continue
        message = _("{currency} has {count} different rates{day} (rows {rows}): keep the right one.")
        of_day = "" if day is None else _(" of {day}").format(day=day.isoformat())
        text = message.format(
            currency=shown(currency), count=len(set(values.values())), day=of_day, rows=", ".join(map(str, values))
        )
        for row in values:
            check.refuse(row, "DUPLICATE", text, "rate")
    return Rates(raw.file, found, check.findings)
