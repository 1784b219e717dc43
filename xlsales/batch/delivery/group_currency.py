"""One currency for the overview: what the territories' currencies are worth in the group's, by the table `rates`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xlsales.findings import Finding
from xlsales.tables.rates import Rate, Rates
from xlsales.texts import _, _n

_EXAMPLES = 3


@dataclass(frozen=True)
class GroupCurrency:
    """The group's currency, and the rates that the overview counts with."""

    currency: str
    rates: Mapping[str, Rate]

    def told(self) -> dict[str, Any]:
        """Return it as `run.json` has it."""
        rates = {
            name: {"rate": rate.value, "date": None if rate.day is None else rate.day.isoformat()}
            for name, rate in self.rates.items()
        }
        return {"currency": self.currency, "rates": rates}


class Conversion:
    """Finds the group's currency, and the territories that have a rate in it."""

    def __init__(self, rates: Rates, as_of: dt.date | None, currencies: Mapping[str, str]) -> None:
        """Take the rates, the day, and the currency of each territory by its id."""
        self._rates = rates
        self._day = as_of
        self._known = rates.on(as_of)
        self._of: dict[str, list[str]] = {}
        for key, currency in currencies.items():
            self._of.setdefault(currency, []).append(key)
        self._one = [name for name, rate in self._known.items() if rate.value == 1]

    @property
    def group(self) -> GroupCurrency | None:
        """The group's currency; None where the table does not say which it is."""
        if len(self._one) != 1:
            return None
        used = {name: rate for name, rate in self._known.items() if name in self._of}
        return GroupCurrency(self._one[0], used)

    def findings(self) -> Iterator[Finding]:
        """Yield what was wrong with the rates, and which territories are in no total of the group."""
        yield from self._rates.findings
        if len(self._one) != 1:
            message = _(
                "The overview has no total in one currency: the currency of the group is the one whose rate is 1, and "
                "{which}. Give one currency the rate 1."
            )
            which = _("it is 1 for {names}").format(names=", ".join(self._one)) if self._one else _("none is")
            yield self._rates.finding("RATES_GROUP", message.format(which=which))
            return
        for currency, keys in self._of.items():
            if currency not in self._known:
                message = _n(
                    "{currency} has no rate{day}: {count} territory ({keys}) is left out of the total in {group}.",
                    "{currency} has no rate{day}: {count} territories ({keys}) are left out of the total in {group}.",
                    len(keys),
                )
                listed = ", ".join(keys[:_EXAMPLES]) + ("…" if len(keys) > _EXAMPLES else "")
                day = "" if self._day is None else _(" up to {day}").format(day=self._day.isoformat())
                text = message.format(currency=currency, day=day, count=len(keys), keys=listed, group=self._one[0])
                yield self._rates.finding("RATE_MISSING", text)
