"""What planners take for granted where the territories say nothing, or ask for what there is not yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xlsales.cells.rows import Rows
from xlsales.cells.values import InputValue
from xlsales.findings import Finding, shown
from xlsales.schema import NUMERIC, SPOKEN, TERRITORIES, Column, Kind
from xlsales.texts import _n
from xlsales.workbook.template import Template

_LANGUAGE = "language"
_BLANK = ("planned_", "season_", "peer_")  # blank on purpose: measured instead, an even year, the run's own


class Assumptions:
    """Counts, over the parts of a source, the territories that rest on a default of the template."""

    def __init__(self, template: Template) -> None:
        self._defaults = dict(_defaults(template))
        self._blank: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()

    @property
    def columns(self) -> set[str]:
        """The columns of the territories that are looked at."""
        return {*self._defaults, _LANGUAGE}

    def look(self, territories: Rows) -> None:
        """Count in the territories of one more part."""
        for name in self._defaults:
            cells = territories.columns.get(name)
            self._blank[name] += len(territories) if cells is None else cells.count(None)
        languages = Counter(territories.columns.get(_LANGUAGE, ()))
        self._languages.update({str(one): n for one, n in languages.items() if one is not None and one not in SPOKEN})

    def findings(self) -> Iterator[Finding]:
        """Yield what was assumed, each with the number of territories, once all parts have been looked at."""
        table = TERRITORIES.name
        for name, default in self._defaults.items():
            if count := self._blank[name]:
                message = _n(
                    "{column} is blank for {count} territory: its planner takes {default}, the default.",
                    "{column} is blank for {count} territories: their planners take {default}, the default.",
                    count,
                )
                message = message.format(column=name, count=count, default=_shown(TERRITORIES[name], default))
                yield Finding("info", "DEFAULT_TAKEN", message, table=table, column=name)
        for language, count in sorted(self._languages.items()):
            message = _n(
                "{count} territory asks for the language “{language}”, which has no effect yet: "
                "its planner is in English.",
                "{count} territories ask for the language “{language}”, which has no effect yet: "
                "their planners are in English.",
                count,
            )
            message = message.format(count=count, language=language)
            yield Finding("warning", "LANGUAGE", message, table=table, column="language", value=language)


def _defaults(template: Template) -> Iterator[tuple[str, InputValue]]:
    """Yield the numbers that figures rest on and that the template holds, by column of the territories."""
    for column in TERRITORIES:
        address = template.names.get(f"in_{column.name}")
        default = template.defaults.get(address) if address else None
        plain = column.kind in NUMERIC and not column.name.startswith(_BLANK)
        if plain and default is not None:
            yield column.name, default


def _shown(column: Column, value: InputValue) -> str:
    if column.kind is Kind.RATE and isinstance(value, (int, float)):
        return f"{value:.10%}".rstrip("%").rstrip("0").rstrip(".") + "%"
    return shown(value)
