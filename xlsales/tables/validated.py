"""Validated tables: values that can be trusted, grouped by territory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.cells import table_columns
from xlsales.cells.rows import Row, Rows
from xlsales.cells.table_columns import Columns
from xlsales.findings import Finding
from xlsales.schema import ACTIVITY, DEALS, NUMERIC, TABLES, TERRITORIES, Column, Kind
from xlsales.tables.coded import Codes
from xlsales.tables.held import EXACT, Frames, HeldRows, Values
from xlsales.tables.marks import Marks
from xlsales.tables.order import in_order


@dataclass(frozen=True)
class Accounting:
    """What became of a table's rows: read = accepted + refused + skipped."""

    read: int = 0
    accepted: int = 0
    refused: int = 0  # the findings say why
    skipped: int = 0  # rows of a territory that was itself refused

    def __add__(self, other: Accounting) -> Accounting:
        return Accounting(
            self.read + other.read,
            self.accepted + other.accepted,
            self.refused + other.refused,
            self.skipped + other.skipped,
        )


@dataclass(frozen=True)
class Trimmed:
    """Identifiers of one column that had spaces around them."""

    rows: int
    first: Finding  # still without its message


class Validated:
    """The accepted rows of every table, the findings, and what became of every row.

    `frames` hold every column of the schema: numbers as float64 with NaN for blank, all else as objects with
    None for blank; the index holds the row numbers. `rows` and `territories` give Python values.
    """

    def __init__(
        self,
        frames: Mapping[str, pd.DataFrame | HeldRows],
        findings: Sequence[Finding],
        accounting: Mapping[str, Accounting],
        skipped_territories: Sequence[str] = (),
        *,
        files: Mapping[str, str] = MappingProxyType({}),
        trimmed: Sequence[Trimmed] = (),
        own: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        marks: Marks | None = None,
    ):
        self.frames = Frames(frames)
        self.findings = tuple(findings)
        self.accounting = dict(accounting)
        self.skipped_territories = tuple(skipped_territories)
        self.files = dict(files)  # by table
        self.trimmed = tuple(trimmed)
        self.own = own  # by territory: what its row holds in columns of the company's own, by heading
        self.marks = Marks() if marks is None else marks

    @property
    def territory_ids(self) -> list[str]:
        """The territories that get a planner, in their stated order."""
        return [str(name) for name in self._by_territory["territories"].all.columns["territory_id"]]

    @property
    def territories(self) -> Iterator[Row]:
        """The accepted rows of `territories`, one dictionary each."""
        return iter(self.territory_rows)

    @property
    def territory_rows(self) -> Rows:
        """The same rows column by column."""
        return self._by_territory["territories"].all

    def rows(self, table: str, territory_id: str) -> Rows:
        """A territory's accepted rows of one table, in their stated order; every column, None for blank."""
        return self._by_territory[table].of(territory_id)

    @cached_property
    def _by_territory(self) -> dict[str, _ByTerritory]:
        territories = _ByTerritory(self.frames.held(TERRITORIES.name), ())
        names = territories.all.columns["territory_id"]
        others = [name for name in self.frames if name != TERRITORIES.name]
        return {TERRITORIES.name: territories} | {name: _ByTerritory(self.frames.held(name), names) for name in others}


class _ByTerritory:
    """A table's rows in their stated order, those of a territory one after the other, and these in a given order."""

    def __init__(self, held: HeldRows, names: Iterable[object]) -> None:
        table, columns = held.table, held.columns
        within = in_order(table.name, {name: (own.places, own.different) for name, own in columns.items()})
        known = {name: place for place, name in enumerate(names)}
        own = columns["territory_id"]
        if table is TERRITORIES:
            for name in map(own.different.__getitem__, own.places[within].tolist()):
                known.setdefault(name, len(known))
        codes = np.array([known.get(name, -1) for name in own.different], np.intp)[own.places[within]]
        order = within[np.argsort(codes, kind="stable")]
        packed = {column.name: _packed(columns[column.name], order, column) for column in table}
        self.all = Rows(Columns.of_packed(packed, len(held)), len(held))
        ends = np.cumsum(np.bincount(codes, minlength=len(known))).tolist()
        self._runs = dict(zip(known, zip([0, *ends], ends, strict=False), strict=True))

    def of(self, territory_id: str) -> Rows:
        """Return the rows of a territory."""
        return self.all[slice(*self._runs.get(territory_id, (0, 0)))]


def _packed(values: Values, order: Codes, column: Column) -> table_columns.Packed:
    """Return a column's values in an order, as rows hold them."""
    places = values.places[order]
    if column.kind in NUMERIC:
        return _numbers(np.array(values.different, np.float64)[places], values, places, column)
    if not any(value is not None for value in values.different):
        return None
    if column.kind is Kind.DATE:
        days: list[Any] = values.different
        return table_columns.days(days)[places]
    found = table_columns.Repeated(places.astype(np.int32), values.different)
    return found if 2 * len(values.different) <= len(places) else found.values()


def _numbers(array: npt.NDArray[np.float64], values: Values, places: Codes, column: Column) -> table_columns.Packed:
    missing = np.isnan(array)
    if missing.all():
        return None
    if column.kind is not Kind.COUNT:
        return array
    if np.abs(array[~missing]).max() <= EXACT:
        return table_columns.counts(array, missing)
    return table_columns.packed(table_columns.Repeated(places.astype(np.int32), values.different).values())


def default_as_of(validated: Validated) -> date | None:
    """The last day with data; None without any. See `LastDay`."""
    return LastDay.of(validated).day


@dataclass(frozen=True)
class LastDay:
    """The last day that some rows tell of.

    A day is one on which something has happened: an appointment, a proposal, a decision, an order, a talk. What is
    planned is none, such as the close date of an open deal. A week that has figures is known to its end, unless dated
    rows of that week or later ones say how far the data go.
    """

    dated: date | None = None
    week: date | None = None  # the Monday of the last week with figures

    @classmethod
    def of(cls, validated: Validated) -> LastDay:
        """Look at the accepted rows of every table."""
        dated = (
            _latest(_happened(column, validated.frames.held(name)))
            for name in validated.frames
            for column in TABLES[name]
            if column.past and column.name != "week_start"
        )
        weeks = validated.frames.held(ACTIVITY.name)
        figures = [weeks.columns[column.name] for column in ACTIVITY if column.kind in NUMERIC]
        filled = ~np.logical_and.reduce([figure.are_blank for figure in figures])
        return cls(max(filter(None, dated), default=None), _latest(weeks.columns["week_start"].some(filled)))

    def __or__(self, other: LastDay) -> LastDay:
        dated, week = (
            max(filter(None, days), default=None) for days in ((self.dated, other.dated), (self.week, other.week))
        )
        return LastDay(dated, week)

    @property
    def day(self) -> date | None:
        """The day."""
        if self.week is None or (self.dated is not None and self.dated >= self.week):
            return self.dated
        return self.week + timedelta(days=6)


def _happened(column: Column, rows: HeldRows) -> Values:
    """Return a column of days without those that are only planned: the close dates of deals that are not decided."""
    days = rows.columns[column.name]
    if rows.table is not DEALS or column.name != "close_date":
        return days
    outcome, stage = rows.columns["outcome"], rows.columns["stage"]
    return days.some(outcome.among("WON", "LOST") | (outcome.are_blank & stage.among("CLOSED")))


def _latest(days: Values) -> date | None:
    return max((day for day in days.different if isinstance(day, date)), default=None)
