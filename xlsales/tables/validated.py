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
from xlsales.schema import ACTIVITY, DEALS, NUMERIC, TABLES, TERRITORIES, Column, Kind, Table
from xlsales.tables.cells import Value
from xlsales.tables.marks import Marks
from xlsales.tables.order import stated

_EXACT = 2**53


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
        frames: Mapping[str, pd.DataFrame],
        findings: Sequence[Finding],
        accounting: Mapping[str, Accounting],
        skipped_territories: Sequence[str] = (),
        *,
        files: Mapping[str, str] = MappingProxyType({}),
        trimmed: Sequence[Trimmed] = (),
        own: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        marks: Marks | None = None,
    ):
        self.frames = dict(frames)
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
        territories = _ByTerritory(TERRITORIES, self.frames[TERRITORIES.name], ())
        names = territories.all.columns["territory_id"]
        others = {name: frame for name, frame in self.frames.items() if name != TERRITORIES.name}
        return {TERRITORIES.name: territories} | {
            name: _ByTerritory(TABLES[name], frame, names) for name, frame in others.items()
        }


class _ByTerritory:
    """A table's rows in their stated order, those of a territory one after the other, and these in a given order."""

    def __init__(self, table: Table, frame: pd.DataFrame, names: Iterable[object]) -> None:
        within = np.array(stated(table.name, _Cells(table, frame)), np.intp)
        known = {name: place for place, name in enumerate(names)}
        numbers, found = pd.factorize(frame["territory_id"].to_numpy()[within])
        codes = np.array([known.setdefault(name, len(known)) for name in found], np.intp)[numbers]
        order = within[np.argsort(codes, kind="stable")]
        arrays = {column: frame[column.name].to_numpy()[order] for column in table}
        values: dict[str, list[Value]] = {}
        packed: dict[str, table_columns.Packed] = {}
        for column, array in arrays.items():
            if column.kind in NUMERIC:
                packed[column.name] = _numbers(array, column)
                continue
            cells = values[column.name] = array.tolist()
            if column.kind is not Kind.DATE:
                packed[column.name] = cells if cells.count(None) < len(cells) else None
        self.all = Rows(Columns(values, len(frame), packed, [column.name for column in table]), len(frame))
        ends = np.cumsum(np.bincount(codes, minlength=len(known))).tolist()
        self._runs = dict(zip(known, zip([0, *ends], ends, strict=False), strict=True))

    def of(self, territory_id: str) -> Rows:
        """Return the rows of a territory."""
        return self.all[slice(*self._runs.get(territory_id, (0, 0)))]


class _Cells(Mapping[str, Sequence[Value]]):
    """The columns of a frame as Python has their values."""

    def __init__(self, table: Table, frame: pd.DataFrame) -> None:
        self._table = table
        self._frame = frame

    def __getitem__(self, name: str) -> list[Value]:
        return python_values(self._frame[name].to_numpy(), self._table[name])

    def __iter__(self) -> Iterator[str]:
        return (column.name for column in self._table)

    def __len__(self) -> int:
        return len(self._table.columns)


def _numbers(array: npt.NDArray[Any], column: Column) -> table_columns.Packed:
    """A frame's column of numbers, an array of its own, as rows hold it."""
    if array.dtype == np.float64:
        missing = np.isnan(array)
        if missing.all():
            return None
        if column.kind is not Kind.COUNT:
            array[missing] = np.nan  # the one that all tables have
            return array
        if np.abs(array[~missing]).max() <= _EXACT:
            return table_columns.counts(array, missing)
    return table_columns.packed(python_values(array, column))


def python_values(array: npt.NDArray[Any], column: Column) -> list[Value]:
    """The values of a frame's column as Python has them: None for blank, counts as int."""
    values: list[Value] = array.tolist()
    if column.kind not in NUMERIC:
        return values
    whole = column.kind is Kind.COUNT
    missing = np.isnan(array) if array.dtype == np.float64 else None
    if missing is not None and not (whole and np.abs(array[~missing]).max(initial=0) > _EXACT):
        numbers = np.where(missing, 0, array).astype(np.int64) if whole else array
        cells: npt.NDArray[Any] = numbers.astype(object)
        cells[missing] = None
        return list(cells)
    return [None if value != value else int(value) if whole and isinstance(value, float) else value for value in values]


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
            _latest(_happened(name, column, frame))
            for name, frame in validated.frames.items()
            for column in TABLES[name]
            if column.past and column.name != "week_start"
        )
        weeks = validated.frames[ACTIVITY.name]
        figures = [column.name for column in ACTIVITY if column.kind in NUMERIC]
        filled = weeks["week_start"][weeks[figures].notna().any(axis=1)] if len(weeks) else weeks["week_start"]
        return cls(max(filter(None, dated), default=None), _latest(filled))

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


def _happened(name: str, column: Column, frame: pd.DataFrame) -> pd.Series[Any]:
    """Return a column of days without those that are only planned: the close dates of deals that are not decided."""
    days = frame[column.name]
    if name != DEALS.name or column.name != "close_date" or not len(frame):
        return days
    is_closed = frame["outcome"].isna() & (frame["stage"] == "CLOSED")
    return days[frame["outcome"].isin(("WON", "LOST")) | is_closed]


def _latest(days: pd.Series[Any]) -> date | None:
    return max(set(days.tolist()) - {None}, default=None)
