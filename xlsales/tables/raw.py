"""Raw tables: what a source holds, its columns matched to the schema, no value looked at yet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.findings import Finding
from xlsales.schema import Table

if TYPE_CHECKING:
    from xlsales.tables.coded import Coded
    from xlsales.tables.mapping.counting import Counting


Flags: TypeAlias = "npt.NDArray[np.bool_]"


@dataclass(frozen=True)
class Problem:
    """Why a cell or a row cannot be used."""

    code: str
    message: str


@dataclass(frozen=True)
class BadCell:
    """A cell that the source itself holds no value for, such as `#N/A` in a workbook."""

    text: str
    problem: Problem

    def __str__(self) -> str:
        return self.text


@dataclass
class Chunk:
    """Some rows of a table: their numbers and, by column, their cells as the source has them."""

    rows: list[int] = field(default_factory=list)
    columns: dict[str, list[object]] = field(default_factory=dict)
    damaged: dict[int, Problem] = field(default_factory=dict)

    def take(self, positions: Sequence[int]) -> Chunk:
        """The rows at some positions, in this order."""
        rows = [self.rows[at] for at in positions]
        columns = {name: [cells[at] for at in positions] for name, cells in self.columns.items()}
        return Chunk(rows, columns, {row: self.damaged[row] for row in rows if row in self.damaged})

    def parsed(self) -> Chunk:
        """The same rows with all their cells."""
        return self

    def append(self, other: Chunk) -> None:
        """Add the rows of another chunk of the same table."""
        self.rows += other.rows
        for name, cells in other.columns.items():
            self.columns.setdefault(name, []).extend(cells)
        self.damaged |= other.damaged


class Unread(Protocol):
    """Rows of a table that are taken apart where somebody asks for them."""

    @property
    def index(self) -> pd.Index[int]:
        """The row numbers."""

    @property
    def columns(self) -> Sequence[str]:
        """The known columns."""

    def coded(self, name: str) -> Coded:
        """Return a column as numbers that stand for its different cells."""

    def frame(self, rows: Flags | None = None) -> pd.DataFrame:
        """Return the rows, or some of them, taken apart."""


class RawTable:
    """One table as its source holds it, or the rows that one part has of it."""

    def __init__(
        self,
        table: Table,
        file: str,
        frame: pd.DataFrame | Unread,
        damaged: Mapping[int, Problem] = MappingProxyType({}),
        usable: bool = True,
        filled: bool = True,
    ) -> None:
        """Take the known columns, cells untouched; the index holds the row numbers."""
        self.table = table
        self.file = file
        self.damaged = dict(damaged)  # rows that could not be read
        self.usable = usable  # False: a required column is missing, or a column is there twice
        self.filled = filled  # False: the source has no rows of this table, in any part
        self.unread = None if isinstance(frame, pd.DataFrame) else frame
        self._frame = frame

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The known columns, cells untouched; the index holds the row numbers."""
        return self._frame if isinstance(self._frame, pd.DataFrame) else self._frame.frame()

    @property
    def index(self) -> pd.Index[int]:
        """The row numbers."""
        return self._frame.index

    @cached_property
    def columns(self) -> list[str]:
        """The known columns."""
        return [str(name) for name in self._frame.columns]

    def some(self, rows: Flags) -> RawTable:
        """Return the table with some of its rows."""
        frame = self.unread.frame(rows) if self.unread is not None else self.frame[rows]
        return RawTable(self.table, self.file, frame, self.damaged, self.usable, self.filled)


@dataclass(frozen=True)
class Outline:
    """What is known of a table before its rows, for any process: what pandas packs, not every pandas unpacks."""

    table: Table
    file: str
    columns: Sequence[str]
    usable: bool = True
    filled: bool = True

    def holding(self, chunks: Iterable[Chunk]) -> RawTable:
        """The table with some rows."""
        held = Chunk(columns={name: [] for name in self.columns})
        for chunk in chunks:
            held.append(chunk.parsed())
        frame = pd.DataFrame(held.columns, index=held.rows, dtype=object)
        return RawTable(self.table, self.file, frame, held.damaged, self.usable, self.filled)


@dataclass(frozen=True)
class RawTables:
    """The tables of one source or of one part of it, and what was found while reading them."""

    tables: Mapping[str, RawTable]
    findings: tuple[Finding, ...] = ()
    whole: bool = True  # False: a part; a `Summary` of all parts says what concerns several of them
    counting: Counting | None = None  # tables that are counted from the accepted rows of others


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing: empty, only spaces, or a database's or data frame's null."""
    if isinstance(cell, str):
        return not cell or cell.isspace()
    if isinstance(cell, float):
        return math.isnan(cell)
    if isinstance(cell, Decimal):
        return cell.is_nan()
    return cell is None or cell is pd.NaT or cell is pd.NA


def near_match(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was probably meant to be, if any is near."""
    plain = {_plain(candidate): candidate for candidate in candidates}
    matches = get_close_matches(_plain(name), list(plain), n=1, cutoff=0.7)
    return plain[matches[0]] if matches else None


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
