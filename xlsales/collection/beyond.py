"""What a planner holds beyond the input tables: goals, actions, relations and the like, and single inputs of its own.

No batch fills them, so no table of the input declares them. What a column holds is told by how the template shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from openpyxl.styles.numbers import is_date_format

from xlsales.cells.columns import column_index_from_string
from xlsales.collection.planner import Columns, Value
from xlsales.schema import AS_OF, ORDINAL, TABLES, TERRITORIES, Column, Kind, Table
from xlsales.workbook.given import Given
from xlsales.workbook.given import Kind as Holds
from xlsales.workbook.returned import PLANNER_TABLES, Returned, ReturnedRow, ReturnedTable
from xlsales.workbook.returned.shape import Glanced

INPUT = "in_"  # what the columns of such single inputs begin with, as their names do
ALWAYS_THERE = (ORDINAL.name,)  # columns of such tables that stand in every planner
DETAILS = "details"
OTHERS = "other_cells"
_OTHER_COLUMNS = ("territory_id", "table", "row", "sheet", "cell", "column", "value")
_OF_TERRITORIES = frozenset(column.name for column in (*TERRITORIES, AS_OF))


class Beyond:
    """The columns that a planner has beyond the input tables, as its template shows them."""

    def __init__(self, template: Returned) -> None:
        self._template = template
        self._columns: dict[tuple[str, str], Column] = {}

    def singles(self, planner: Returned | Glanced) -> Iterator[tuple[Column, Given]]:
        """Yield the single inputs that are no columns of territories, each with its cell."""
        for name, given in planner.inputs.items():
            if name not in _OF_TERRITORIES:
                own = self._template.inputs.get(name, given)
                yield self._column("", f"{INPUT}{name}", own), given

    def tables(self, planner: Returned | Glanced) -> Iterator[Table]:
        """Yield the tables that are no input tables, with the columns that somebody fills."""
        for name in PLANNER_TABLES:
            own = planner.tables.get(name)
            if own is not None:
                yield Table(name, (TERRITORIES["territory_id"], *self.columns(name, own)), ())

    def columns(self, name: str, own: ReturnedTable) -> tuple[Column, ...]:
        """Return the columns of a table that somebody fills and the input table does not have, from left to right."""
        known = {column.name for column in TABLES[name]} if name in TABLES else set()
        mine = self._template.tables.get(name)
        rows = mine.rows if mine is not None else own.rows
        return tuple(
            self._column(name, column, rows[0].get(column) if rows else None)
            for column in sorted(own.letters, key=lambda one: column_index_from_string(own.letters[one]))
            if column not in known and column not in own.computed
        )

    def _column(self, table: str, name: str, given: Given | None) -> Column:
        found = self._columns.get((table, name))
        if found is None:
            kind = Kind.TEXT if given is None else kind_of(given.number_format)
            found = self._columns[table, name] = Column(name, name, kind, "")
        return found


class OtherCells:
    """Cells that somebody filled in rows that their tables cannot have: a talk that was not held yet, and the like."""

    def __init__(self) -> None:
        self.columns: Columns = {name: [] for name in _OTHER_COLUMNS}

    def add(self, territory_id: str, table: ReturnedTable, number: int, row: Mapping[str, Given]) -> None:
        """Take the cells of a row."""
        for name, given in row.items():
            if not given.is_blank and name not in table.computed:
                cells = territory_id, table.name, number, given.sheet, given.cell, name, _plain(given)
                for column, value in zip(_OTHER_COLUMNS, cells, strict=True):
                    self.columns[column].append(value)


def is_total(row: ReturnedRow) -> bool:
    """Whether a row adds up what stands above it: a formula in it reads several rows of its own column."""
    return any(given.formula and _reads_above(given) for given in row.values())


def _reads_above(given: Given) -> bool:
    column = given.cell.rstrip("0123456789")
    row = int(given.cell[len(column) :])
    ranges = re.findall(rf"(?<![\w.!'$])\$?{column}\$?(\d+):\$?{column}\$?(\d+)(?!\w)", given.formula, re.IGNORECASE)
    return any(int(first) < int(last) < row for first, last in ranges)


def _plain(given: Given) -> Value:
    """Return a value as it stands, a day where it is shown as one."""
    if given.kind is Holds.NUMBER and given.shows_date:
        return given.day or given.value
    return given.value


def kind_of(number_format: str) -> Kind:
    """Return what a cell holds that is shown in this way."""
    if is_date_format(number_format):
        return Kind.DATE
    if number_format in ("@", "General"):
        return Kind.TEXT
    return Kind.RATE if "%" in number_format else Kind.NUMBER


def details(columns: Mapping[str, Sequence[Value]]) -> dict[str, str]:
    """Return the details of a territory by their names; of several with one name the first."""
    found: dict[str, str] = {}
    for name, value in zip(columns.get("detail", ()), columns.get("value", ()), strict=False):
        heading = " ".join(str(name or "").split())
        if heading and value not in (None, ""):
            found.setdefault(heading, str(value))
    return found
