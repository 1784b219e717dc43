"""Validated tables: values that can be trusted, grouped by territory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import numpy.typing as npt
import pandas as pd

from xlsales.findings import Finding
from xlsales.schema import TABLES, Column, Kind
from xlsales.tables.cells import Value

NUMERIC = (Kind.MONEY, Kind.RATE, Kind.COUNT, Kind.NUMBER)


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
    ):
        self.frames = dict(frames)
        self.findings = tuple(findings)
        self.accounting = dict(accounting)
        self.skipped_territories = tuple(skipped_territories)
        self.files = dict(files)  # by table
        self.trimmed = tuple(trimmed)
        self._arrays = {
            name: {column.name: frame[column.name].to_numpy() for column in TABLES[name]}
            for name, frame in self.frames.items()
        }
        self._positions = {
            name: frame.groupby("territory_id", sort=False).indices for name, frame in self.frames.items()
        }

    @property
    def territory_ids(self) -> list[str]:
        """The territories that get a planner, in the order of the table."""
        return list(self.frames["territories"]["territory_id"])

    @property
    def territories(self) -> Iterator[dict[str, Value]]:
        """The accepted rows of `territories`, one dictionary each."""
        return (self.rows("territories", territory_id)[0] for territory_id in self.territory_ids)

    def rows(self, table: str, territory_id: str) -> list[dict[str, Value]]:
        """A territory's accepted rows of one table, in their original order; every column, None for blank."""
        positions = self._positions[table].get(territory_id)
        if positions is None:
            return []
        columns = [python_values(self._arrays[table][column.name][positions], column) for column in TABLES[table]]
        names = [column.name for column in TABLES[table]]
        return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def python_values(array: npt.NDArray[Any], column: Column) -> list[Value]:
    """The values of a frame's column as Python has them: None for blank, counts as int."""
    values: list[Value] = array.tolist()
    if column.kind not in NUMERIC:
        return values
    whole = column.kind is Kind.COUNT
    return [None if value != value else int(value) if whole and isinstance(value, float) else value for value in values]


def default_as_of(validated: Validated) -> date | None:
    """The latest day that the tables know of as past, a week counted to its Sunday; None without any."""
    days = [
        day + timedelta(days=6) if column.name == "week_start" else day
        for name, frame in validated.frames.items()
        for column in TABLES[name]
        if column.past
        for day in (_latest(frame[column.name]),)
        if day is not None
    ]
    return max(days, default=None)


def _latest(days: pd.Series[Any]) -> date | None:
    return max((day for day in days if day is not None), default=None)
