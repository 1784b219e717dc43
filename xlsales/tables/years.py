"""Several fiscal years in one table of territories: each is a run of its own.

A row of `territories` belongs to its year. Rows of the other tables go with their territory into each of its years,
where the planner takes what belongs to its year; rows of territories that have no row for the year are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xlsales.schedule import later
from xlsales.schema import TERRITORIES, Table
from xlsales.tables.cells import parse_column, territory_keys
from xlsales.tables.raw import Chunk

Period = tuple[date, date]  # the first day of a fiscal year, and the first after it


def period(fiscal_year: int, year_start: date | None) -> Period:
    """Return when a fiscal year begins and ends."""
    start = year_start or date(fiscal_year, 1, 1)
    return start, later(start, 12)


class FiscalYears:
    """Takes the rows of a source, the table territories first, and knows its years; with one chosen, keeps its rows."""

    def __init__(self, chosen: int | None = None, *, is_first: bool = True) -> None:
        """Take the year that is wanted, and whether what cannot be told goes with it."""
        self.chosen = chosen
        self._is_first = is_first
        self._wanted: set[int] = set()
        self._periods: dict[str, Mapping[int, Period]] = {}  # by territory; those that are alike are one
        self._alike: dict[tuple[tuple[int, Period], ...], Mapping[int, Period]] = {}
        self._unclear: set[str] = set()  # territories with a row of which the year cannot be read

    @property
    def all(self) -> list[int]:
        """The years of all territories, the first of them first."""
        return sorted({year for years in self._alike.values() for year in years})

    @property
    def wanted(self) -> list[int]:
        """The years of the territories that were asked for."""
        return sorted(self._wanted)

    def others(self, territory_id: str) -> tuple[Period, ...]:
        """Return the other years of a territory."""
        return tuple(one for year, one in self._periods.get(territory_id, {}).items() if year != self.chosen)

    def note(self, table: Table, chunk: Chunk) -> None:
        """Take rows of any table; those of territories tell the years."""
        if table.name != TERRITORIES.name:
            return
        for key, year, start in self._rows(chunk):
            if key is not None and year is None:
                self._unclear.add(key)
            elif key is not None and year is not None:
                periods = {**self._periods.get(key, {}), year: period(year, start)}
                self._periods[key] = self._alike.setdefault(tuple(periods.items()), periods)

    def want(self, table: Table, chunk: Chunk) -> Chunk:
        """Take rows that were asked for, and return them."""
        if table.name == TERRITORIES.name:
            self._wanted |= {year for _key, year, _start in self._rows(chunk) if year is not None}
        return chunk

    def keep(self, table: Table, chunk: Chunk) -> Chunk:
        """Return the rows of the chosen year; what cannot be told goes with the first, where a finding tells of it."""
        if self.chosen is None:
            return chunk
        if table.name == TERRITORIES.name:
            wanted = [
                year == self.chosen or (year is None and self._is_first) for _key, year, _start in self._rows(chunk)
            ]
        else:
            blank: list[object] = [None] * len(chunk.rows)
            keys = territory_keys(table, chunk.columns.get("territory_id", blank))
            wanted = [self._belongs(key) for key in keys]
        return chunk if all(wanted) else chunk.take([at for at, one in enumerate(wanted) if one])

    def settle(self) -> None:
        """Forget, once all rows were taken, what no planner needs to know: where there is one year, all have it."""
        if len(self.all) < 2:
            self._periods.clear()

    def _belongs(self, key: str | None) -> bool:
        if key is None or (key not in self._periods and key not in self._unclear):
            return self._is_first
        return self.chosen in self._periods.get(key, {}) or (self._is_first and key in self._unclear)

    @staticmethod
    def _rows(chunk: Chunk) -> list[tuple[str | None, int | None, date | None]]:
        blank: list[object] = [None] * len(chunk.rows)
        parsed = {
            name: parse_column(TERRITORIES[name], chunk.columns.get(name, blank))[0]
            for name in ("territory_id", "fiscal_year", "year_start")
        }
        return [
            (
                key if isinstance(key, str) else None,
                year if isinstance(year, int) and _is_possible(year) else None,
                start if isinstance(start, date) else None,
            )
            for key, year, start in zip(*parsed.values(), strict=True)
        ]


def _is_possible(year: int) -> bool:
    column = TERRITORIES["fiscal_year"]
    return (column.minimum or 0) <= year <= (column.maximum or 0)


def end_of(territory: Mapping[str, object]) -> date:
    """Return the first day after a territory's fiscal year."""
    start = territory["year_start"]
    return period(int(str(territory["fiscal_year"])), start if isinstance(start, date) else None)[1]
