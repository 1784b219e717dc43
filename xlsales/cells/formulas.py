"""The formulas of a workbook, and what they refer to by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from xlsales.cells.columns import get_column_letter
from xlsales.cells.references import Area
from xlsales.cells.values import Address

_CLOCK = re.compile(r"\b(?:TODAY|NOW)\s*\(", re.IGNORECASE)
Names: TypeAlias = Mapping[tuple[str, str], str]  # (sheet or "", name in lower case) → formula


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a cell has it."""

    text: str  # without the equals sign
    area: Area | None = None  # the cells of an array formula or a data table, its own first
    is_dynamic: bool = False  # an array formula that takes as many cells as its result needs
    is_data_table: bool = False
    is_escaped: bool = False  # the file has it otherwise, with escapes

    @property
    def is_array(self) -> bool:
        """Whether everything in it is calculated for arrays, not for one cell."""
        return self.area is not None


@dataclass(frozen=True)
class Table:
    """An Excel table."""

    sheet: str
    area: Area  # with its headings and totals
    headings: int  # rows
    totals: int
    columns: tuple[str, ...]

    @property
    def head(self) -> int:
        """The row of its headings; of a table without them, the one above its first row."""
        return self.area.top + self.headings - 1


@dataclass
class Formulas:
    """All formulas of a workbook, and how the workbook calculates them."""

    cells: dict[Address, Formula] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)  # by name in lower case
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)  # of the workbook's own VBA, in lower case
    links: list[str] = field(default_factory=list)  # names of the files that [1], [2] … mean; "" for one unknown
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)  # of the sheets: last row and column
    unread: set[str] = field(default_factory=set)  # sheets whose cells are not read, those of old macros
    counts_from_1904: bool = False
    rounds_as_shown: bool = False
    iterates: bool = False  # goes round in circles
    hides_rows: bool = False


def asks_the_clock(text: str) -> bool:
    """Whether a formula, or one of several in a text, may ask for the day or the time."""
    return _CLOCK.search(text) is not None


def cells_of(address: Address, filled: Area | None) -> Iterator[Address]:
    """Yield a formula's cell and those of the area that it fills."""
    yield address
    if filled is not None:
        for row in range(filled.top, filled.bottom + 1):
            for column in range(filled.left, filled.right + 1):
                place = f"{get_column_letter(column)}{row}"
                if place != address[1]:
                    yield address[0], place
