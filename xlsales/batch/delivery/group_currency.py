"""One currency for the overview: what the territories' currencies are worth in the group's, by the table `rates`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsales.findings import Finding, shown
from xlsales.tables.rates import Rate, Rates
from xlsales.texts import _, _n

_EXAMPLES = 3


@dataclass(frozen=True)
class GroupCurrency:
    """The group's currency, and what each other is worth in it."""

    currency: str
    rates: Mapping[str, Rate]
    of_tables: Container[str] = frozenset()  # currencies that the tables name: a planner may have another one typed
    source: Rates | None = None
    day: dt.date | None = None

    def told(self) -> dict[str, Any]:
        """Return it as `run.json` has it."""
        rates = {
            name: {"rate": rate.value, "date": None if rate.day is None else rate.day.isoformat()}
            for name, rate in self.rates.items()
            if name in self.of_tables
        }
        return {"currency": self.currency, "rates": rates}

    def without(self, currencies: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
        """Yield which territories, given by their currency, are in no total of the group."""
        for currency, keys in currencies.items():
            if currency in self.rates or self.source is None:
                continue
            message = _n(
                "{currency} has no rate{day}: {count} territory ({keys}) is left out of the total in {group}.",
                "{currency} has no rate{day}: {count} territories ({keys}) are left out of the total in {group}.",
                len(keys),
            )
            listed = ", ".join(keys[:_EXAMPLES]) + ("…" if len(keys) > _EXAMPLES else "")
            day = "" if self.day is None else _(" up to {day}").format(day=self.day.isoformat())
            one = shown(currency) or _("(no currency)")
            text = message.format(currency=one, day=day, count=len(keys), keys=listed, group=self.currency)
            yield self.source.finding("RATE_MISSING", text)


class Conversion:
    """Finds the group's currency, and the territories that have a rate in it."""

    def __init__(self, rates: Rates, as_of: dt.date | None, currencies: Mapping[str, str]) -> None:
        """Take the rates, the day, and the currency of each territory by its id."""
        self._rates = rates
        self._of: dict[str, list[str]] = {}
        for key, currency in currencies.items():
            self._of.setdefault(currency, []).append(key)
        known = rates.on(as_of)
        self._one = [name for name, rate in known.items() if rate.value == 1]
        self.group: GroupCurrency | None = None  # where the table says which it is
        if len(self._one) == 1:
            self.group = GroupCurrency(self._one[0], known, frozenset(self._of), rates, as_of)

    def findings(self) -> Iterator[Finding]:
        """Yield what was wrong with the rates, and which territories are in no total of the group."""
        yield from self._rates.findings
        if self.group is not None:
            yield from self.group.without(self._of)
            return
        message = _(
            "The overview has no total in one currency: the currency of the group is the one whose rate is 1, and "
            "{which}. Give one currency the rate 1."
        )
        which = _("it is 1 for {names}").format(names=", ".join(self._one)) if self._one else _("none is")
        yield self._rates.finding("RATES_GROUP", message.format(which=which))
