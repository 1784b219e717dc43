"""Tables that no file of an export holds, counted from another: what accounts have bought, what weeks have brought.

Counted are the accepted rows, so that what is counted and what stands in the planner say the same. A territory is
never divided into several parts, so each part counts for itself; only what `Facts` holds is known of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.findings import Finding
from xlsales.schedule import later
from xlsales.schema import TABLES, TERRITORIES, Table
from xlsales.tables.mapping.mapped import Found, Mapped, Wants
from xlsales.tables.mapping.shape import Condition, Counted, How, Largest, TableMap
from xlsales.tables.raw import RawTable
from xlsales.tables.record import Record
from xlsales.tables.validated import LastDay, Validated
from xlsales.tables.years import end_of

WEEK = "week_start"
_TERRITORY = TERRITORIES.key[0]
Flags = npt.NDArray[np.bool_]


@dataclass
class Facts:
    """What counting needs to know of all rows: the last day with data, and the first day of each column of days."""

    last: LastDay = field(default_factory=LastDay)
    first: dict[str, date] = field(default_factory=dict)
    ends: list[date] = field(default_factory=list)  # of the fiscal years of the territories

    def look(self, validated: Validated, counted: str, columns: Sequence[str]) -> None:
        """Take the rows of one more part."""
        self.last |= LastDay.of(validated)
        years = validated.frames[TERRITORIES.name][["fiscal_year", "year_start"]]
        self.ends += [
            end_of({"fiscal_year": int(year), "year_start": start}) for year, start in years.itertuples(index=False)
        ]
        for name in columns:
            days = set(validated.frames[counted][name].tolist()) - {None}
            if days:
                self.first[name] = min(days | ({self.first[name]} if name in self.first else set()))

    def join(self, other: Facts) -> None:
        """Take what is known of other parts."""
        self.last |= other.last
        self.ends += other.ends
        for name, day in other.first.items():
            self.first[name] = min(day, self.first.get(name, day))


class Counting:
    """The tables that a map counts from another."""

    def __init__(
        self,
        tables: Mapping[str, TableMap],
        entries: Mapping[str, Mapping[str, Found]],
        wants: Wants,
        *,
        one_year: bool,
    ) -> None:
        """Take what the map says and looks up; with `one_year`, a fiscal year that is over is seen from its end."""
        self.tables = dict(tables)
        self.facts: Facts | None = None
        self._entries, self._wants = entries, wants
        self._one_year = one_year

    def look(self, parts: Iterator[Validated]) -> None:
        """Find out what is to be known of all parts."""
        self.join(map(self.facts_of, parts))

    def facts_of(self, validated: Validated) -> Facts:
        """Return what is to be known of one part."""
        facts = Facts()
        for shape in self.tables.values():
            facts.look(validated, shape.count, sorted({one.week for one in shape.counted.values() if one.week}))
        return facts

    def join(self, parts: Iterable[Facts]) -> None:
        """Take what is known of all parts."""
        self.facts = Facts()
        for facts in parts:
            self.facts.join(facts)

    def counted(self, validated: Validated, as_of: date | None) -> Iterator[tuple[RawTable, list[Finding]]]:
        """Yield each counted table as a source would hold it, and what its lookups did not find."""
        if self.facts is None:
            self.look(iter([validated]))
        assert self.facts is not None
        day = as_of or self.facts.last.day
        if self._one_year and self.facts.ends and day is not None:
            day = min(day, max(self.facts.ends) - timedelta(days=1))
        for name, shape in self.tables.items():
            if shape.count not in validated.files:
                continue
            file, frame = validated.files[shape.count], validated.frames[shape.count]
            rows = _Rows(TABLES[name], shape, frame, day, self.facts)
            mapped = Mapped(TABLES[name], _of_keys(shape), How(), self._wants, self._entries.get(name, {}))
            yield (
                RawTable(TABLES[name], file, _joined(rows, mapped, file), filled=bool(len(rows.index))),
                mapped.findings,
            )


def _of_keys(shape: TableMap) -> TableMap:
    """Return what a map takes from the first row of each group."""
    return TableMap(shape.count, columns=shape.columns, constants=shape.constants, values=shape.values)


def _joined(rows: _Rows, mapped: Mapped, file: str) -> pd.DataFrame:
    """Return the rows as cells: their keys, what the map takes from the rows counted, and what was counted."""
    header, records = mapped.apply(file, list(rows.firsts), rows.records())
    taken = pd.DataFrame([one.cells for one in records], columns=header, index=rows.labels, dtype=object)
    cells = {name: list(rows.index.get_level_values(name)) for name in map(str, rows.index.names)} | rows.counted
    own = pd.DataFrame({name: pd.Series(list(values), rows.labels, object) for name, values in cells.items()})
    return pd.concat([own, taken[[name for name in header if name not in own]]], axis=1)


class _Rows:
    """The rows of a counted table."""

    def __init__(self, table: Table, shape: TableMap, frame: pd.DataFrame, day: date | None, facts: Facts) -> None:
        self._keys = [name for name in table.key if name != WEEK]
        self._table, self._shape, self._day, self._facts = table, shape, day, facts
        self._source = frame.dropna(subset=self._keys)
        groups = self._source.groupby(self._keys, sort=True)
        self.firsts = groups.first().reset_index()
        self.counted: dict[str, list[Any]] = {}
        if WEEK in table.key:
            self.index = self._weeks()
            self.labels = list(range(1, len(self.index) + 1))
        else:
            at = pd.Series(self._source.index, self._source.index).groupby([self._source[k] for k in self._keys])
            first = at.first()
            self.index = pd.MultiIndex.from_tuples(list(first.index), names=self._keys)
            self.labels = first.tolist()
        for name, one in shape.counted.items():
            self.counted[name] = self._values(one)
        for name, largest in shape.largest.items():
            self.counted[name] = self._flags(largest)

    def records(self) -> Iterator[Record]:
        """Yield the first filled cells of the rows that were counted into each row."""
        names = list(self.firsts)
        places = [names.index(name) for name in self._keys]
        known = {
            tuple(cells[place] for place in places): cells
            for cells in self.firsts.astype(object).where(self.firsts.notna(), None).to_numpy().tolist()
        }
        of_keys = [self.index.get_level_values(name) for name in self._keys]
        for label, *key in zip(self.labels, *of_keys, strict=True):
            yield Record(int(label), known[tuple(key)])

    def _chosen(self, one: Counted) -> pd.DataFrame:
        """Return the rows that a column is about."""
        chosen: Flags = np.ones(len(self._source), bool)
        for condition in one.when:
            chosen &= _holds(self._source[condition.column], condition)
        if one.within is not None:
            column, months = one.within
            after = None if self._day is None else later(self._day, -months)
            chosen &= self._source[column].map(lambda day: self._is_within(day, after)).to_numpy(bool)
        return self._source[chosen]

    def _is_within(self, day: date | None, after: date | None) -> bool:
        return day is not None and self._day is not None and after is not None and after < day <= self._day

    def _values(self, one: Counted) -> list[Any]:
        rows = self._chosen(one)
        keys = [rows[name] for name in self._keys]
        week = one.week
        if week:
            rows = rows[rows[week].map(self._is_past).to_numpy(bool)]
            keys = [*(rows[name] for name in self._keys), rows[week].map(_monday).rename(WEEK)]
        if one.how in ("first", "last"):
            return self._days(one, rows)
        grouped = rows[one.columns[0]].groupby(keys)
        found = {"count": grouped.count, "different": grouped.nunique, "sum": grouped.sum}[one.how]()
        values = _at(found, self.index)
        if not week:
            return [value if value is not None else 0 for value in values]
        first = self._facts.first.get(week)
        known = [first is not None and _monday(first) <= day for day in self.index.get_level_values(WEEK)]
        nothing = 0 if self._shape.complete else None
        return [
            (nothing if is_known else None) if value is None else value
            for value, is_known in zip(values, known, strict=True)
        ]

    def _days(self, one: Counted, rows: pd.DataFrame) -> list[Any]:
        """Return the first or the last of some days, which may stand in several columns."""
        parts = [rows[[*self._keys, name]].set_axis([*self._keys, "day"], axis=1) for name in one.columns]
        days = pd.concat(parts)
        days = days[days["day"].map(self._is_past).to_numpy(bool)]
        numbers = days["day"].map(date.toordinal).groupby([days[name] for name in self._keys])
        found = numbers.min() if one.how == "first" else numbers.max()
        return [None if value is None else date.fromordinal(value) for value in _at(found, self.index)]

    def _is_past(self, day: date | None) -> bool:
        return day is not None and (self._day is None or day <= self._day)

    def _weeks(self) -> pd.MultiIndex:
        """Return the weeks of each territory: those in which something is counted, or all up to the as-of date."""
        found: dict[Any, set[date]] = {}
        for one in self._shape.counted.values():
            rows = self._chosen(one)
            days = rows[one.week]
            for key, day in zip(rows[_TERRITORY].tolist(), days.tolist(), strict=True):
                if self._is_past(day):
                    found.setdefault(key, set()).add(_monday(day))
        if self._shape.complete and self._day is not None:
            last = _monday(self._day)
            for weeks in found.values():
                first = min(weeks)
                weeks |= {first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)}
        pairs = [(key, week) for key in sorted(found) for week in sorted(found[key])]
        return pd.MultiIndex.from_arrays(
            [[key for key, _week in pairs], pd.Index([week for _key, week in pairs], dtype=object)],
            names=[*self._keys, WEEK],
        )

    def _flags(self, largest: Largest) -> list[str]:
        """Return YES for the largest rows that together bring the first share of their territory, else NO."""
        values = np.array([float(value or 0) for value in self.counted[largest.column]])
        territories = self.index.get_level_values(_TERRITORY)
        flags = ["NO"] * len(values)
        totals = pd.Series(values).groupby(np.asarray(territories)).sum()
        before: dict[Any, float] = {}
        for at in np.argsort(-values, kind="stable").tolist():  # of equals, the first by the key
            territory = territories[at]
            larger = before.get(territory, 0.0)
            if larger < largest.share * totals[territory]:
                flags[at] = "YES"
            before[territory] = larger + values[at]
        return flags


def _holds(cells: pd.Series[Any], condition: Condition) -> Flags:
    known: dict[object, bool] = {}
    for cell in set(cells.tolist()):
        is_blank = cell is None or cell != cell
        known[cell] = condition.holds("" if is_blank else f"{cell:g}" if isinstance(cell, float) else str(cell))
    return np.array([known[cell] for cell in cells.tolist()], bool)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _at(found: pd.Series[Any], index: pd.MultiIndex) -> list[Any]:
    """Return what was found for each row, whole numbers as such; None for nothing."""
    known = {key if isinstance(key, tuple) else (key,): value for key, value in found.to_dict().items()}
    values = (known.get(key if isinstance(key, tuple) else (key,)) for key in index)
    return [None if value is None else int(value) if float(value).is_integer() else float(value) for value in values]
