"""Amounts that may be a thousand times as large: `1.250` in a plain file, from where a point stands between thousands.

No single cell tells. A column does: amounts each of whose points has exactly three digits behind it, and none of which
is 1000 or more, are hardly ever meant as they are read. They are read as it is documented, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from xlsales.findings import Finding
from xlsales.schema import TABLES, Kind
from xlsales.tables.coded import of_table
from xlsales.tables.held import Frames
from xlsales.tables.raw import RawTable, is_blank
from xlsales.texts import _

Place = tuple[str, str]  # table and column

_FEWEST = 3  # cells, before anything is said of a column
_GROUPED = re.compile(r"\s*[+-]?[1-9]\d{0,2}\.\d{3}\s*", re.ASCII)
_WITH_THOUSANDS = 1000
_COLUMNS = [(table.name, column.name) for table in TABLES.values() for column in table if column.kind is Kind.MONEY]
_ORDER = {place: at for at, place in enumerate(_COLUMNS)}


@dataclass(frozen=True)
class Grouped:
    """Cells of one column that look like thousands with a point between them."""

    cells: int
    first: Finding  # still without its message

    def __add__(self, other: Grouped) -> Grouped:
        return Grouped(self.cells + other.cells, min(self.first, other.first, key=lambda one: one.row or 0))


@dataclass(frozen=True)
class Marks:
    """What the points in columns of money are, as far as some rows tell."""

    grouped: Mapping[Place, Grouped] = field(default_factory=dict)
    decimal: frozenset[Place] = frozenset()  # columns in which a cell shows that the point is a decimal mark

    @classmethod
    def of(cls, tables: Mapping[str, RawTable], frames: Frames) -> Marks:
        """Look at cells, and at the numbers of the accepted rows."""
        grouped: dict[Place, Grouped] = {}
        decimal: set[Place] = set()
        for place in _ORDER:
            table = tables.get(place[0])
            if table is None or place[1] not in table.columns:
                continue
            numbers = np.array(frames.held(place[0]).columns[place[1]].different, np.float64)
            if (np.abs(numbers) >= _WITH_THOUSANDS).any():
                decimal.add(place)
                continue
            if not all(map(_may_be_grouped, of_table(table, place[1]).cells)):
                decimal.add(place)
            elif found := _grouped(table, place[1]):
                grouped[place] = found
        return cls(grouped, frozenset(decimal))

    def __or__(self, other: Marks) -> Marks:
        both = {place: self.grouped[place] + other.grouped[place] for place in self.grouped.keys() & other.grouped}
        return Marks({**self.grouped, **other.grouped, **both}, self.decimal | other.decimal)

    def findings(self) -> Iterator[Finding]:
        """What is to be said of the columns, once all rows have been looked at."""
        for place, found in sorted(self.grouped.items(), key=lambda one: _ORDER[one[0]]):
            if found.cells >= _FEWEST and place not in self.decimal:
                message = _(
                    "All amounts with a decimal mark have three digits behind it ({count} rows), and none is 1000 or "
                    "more: “{value}” is read as {read}, not as {instead}. Where the mark stands between thousands, "
                    "say so in a map: decimal and thousands under [read]."
                )
                value = found.first.value or ""
                instead = value.replace(".", "")
                message = message.format(count=found.cells, value=value, read=f"{float(value):g}", instead=instead)
                yield replace(found.first, message=message)


def _may_be_grouped(cell: object) -> bool:
    """Whether nothing about a cell says that a point is a decimal mark."""
    if isinstance(cell, str):
        return "." not in cell or _GROUPED.fullmatch(cell) is not None
    return not isinstance(cell, float) or cell.is_integer() or is_blank(cell)


def _grouped(table: RawTable, column: str) -> Grouped | None:
    cells = zip(table.frame.index.tolist(), table.frame[column].tolist(), strict=True)
    found = [(row, cell.strip()) for row, cell in cells if isinstance(cell, str) and "." in cell]
    if not found:
        return None
    row, cell = found[0]
    return Grouped(len(found), Finding("warning", "THOUSANDS", "", table.file, table.table.name, row, column, cell))
