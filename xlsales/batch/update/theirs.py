"""What stands in a planner that somebody has edited, as inputs; and what of it cannot be taken over as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsales.batch.update import weeks
from xlsales.batch.update.inputs import KEYS, NUMBERED, Inputs, Row, Value, key_of, numbered, same, without_blank_ends
from xlsales.batch.update.layout import Layout
from xlsales.cells.values import Address, serial
from xlsales.errors import InputError
from xlsales.functions.errors import CellError
from xlsales.schema import NUMERIC, TABLES, TERRITORIES, WORDED, Column, Table, word_name
from xlsales.schema import Kind as ColumnKind
from xlsales.texts import _
from xlsales.workbook.given import DAYS_TO_1904, Given, Kind
from xlsales.workbook.returned import Returned, ReturnedRow
from xlsales.workbook.template import INPUT_NAMES

_UNREAD = CellError("#VALUE!")  # what is no value, such as a picture: the cell is as if nobody had typed there


@dataclass(frozen=True)
class NoPlace:
    """A single input, or a column of a table, with what somebody typed there."""

    table: str  # "" for a single input
    column: str
    values: Sequence[tuple[str, Value]]  # each with what its row is called


@dataclass
class Theirs:
    """What stands in a planner."""

    inputs: Inputs = field(default_factory=Inputs)
    formulas: list[Given] = field(default_factory=list)  # input cells that hold one
    days: list[Given] = field(default_factory=list)  # input cells of numbers that show one
    rich: list[Given] = field(default_factory=list)  # input cells with a data type, or a picture
    lost: list[str] = field(default_factory=list)  # tables and names of inputs that are gone
    more: list[NoPlace] = field(default_factory=list)  # inputs that the new template does not have
    cells: set[Address] = field(default_factory=set)  # all cells that were read


def read(planner: Returned, layout: Layout, base: Inputs) -> Theirs:
    """Read the inputs that a template has; InputError where a cell cannot be understood."""
    return _Reader(planner, layout, base).read()


class _Reader:
    def __init__(self, planner: Returned, layout: Layout, base: Inputs) -> None:
        self._planner, self._layout, self._base = planner, layout, base
        self._found = Theirs()

    def read(self) -> Theirs:
        """Read single inputs, then tables."""
        names = {name: place for name, place in self._planner.names.items() if name.startswith(INPUT_NAMES)}
        for name in self._layout.single:
            if name not in names:
                self._found.lost += [name] if name in self._base.single else []
                continue
            column = _column(TERRITORIES, name.removeprefix("in_"))
            value = self._value(self._planner.cells.at(names[name]), column)
            self._found.inputs.single[name] = self._base.single.get(name) if value is _UNREAD else value
        for name in sorted(self._base.single.keys() & names.keys() - self._layout.single.keys()):
            column = _column(TERRITORIES, name.removeprefix("in_"))
            value = self._value(self._planner.cells.at(names[name]), column)
            if value is not _UNREAD and not same(value, self._base.single[name]):
                self._found.more.append(NoPlace("", name, [("", value)]))
        for name, placed in self._layout.tables.items():
            table = self._planner.tables.get(name)
            if table is None:
                self._found.lost += [name] if self._base.tables.get(name) else []
                continue
            columns = frozenset(placed.letters) & frozenset(table.letters)
            gone = placed.letters.keys() & self._base.columns.get(name, frozenset()) - columns
            self._found.lost += [f"{name}, {one}" for one in sorted(gone)]
            if not columns.issuperset(KEYS.get(name, ())) and name not in NUMBERED:
                self._found.lost.append(name)
                continue
            taken = {one: _column(TABLES.get(name), one) for one in columns}
            rows = [self._row(row, taken) for row in (*table.rows, *table.beneath)]
            if name == "activity":
                known = {row.get("week_start") for row in self._base.tables.get(name, ())}
                weeks.read_texts(rows, [row["week_start"] for row in (*table.rows, *table.beneath)], known)
            self._found.inputs.columns[name] = columns | NUMBERED.get(name, frozenset())
            self._found.inputs.tables[name] = _all_read(name, _listed(name, rows), self._base.tables.get(name, ()))
        self._read_more()
        return self._found

    def _read_more(self) -> None:
        """Note what a manager has typed into columns that the template no longer has."""
        for name, before in self._base.columns.items():
            table, placed = self._planner.tables.get(name), self._layout.tables.get(name)
            letters = frozenset(placed.letters) | NUMBERED.get(name, frozenset()) if placed else frozenset()
            gone = sorted(before - letters) if table else ()
            if table is None or not gone:
                continue
            taken = {one: _column(TABLES.get(name), one) for one in before if one in table.letters}
            rows = [self._row(row, taken) for row in (*table.rows, *table.beneath)]
            was = _Before(name, self._base.tables.get(name, ()))
            for column in gone:
                values = []
                for place, row in enumerate(rows):
                    value = row.get(column)
                    if value is not None and value is not _UNREAD and not same(value, was.of(row, place).get(column)):
                        values.append((" ".join(key_of(name, row) or ()), value))
                if values:
                    self._found.more.append(NoPlace(name, column, values))

    def _row(self, row: ReturnedRow, columns: Mapping[str, Column | None]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name, column in columns.items():
            value = self._value(row[name], column)
            if value is not None:
                values[name] = value
        return values

    def _value(self, given: Given, column: Column | None) -> Value:
        """Return what a cell holds, in the codes of the tables; what a formula has given counts as typed."""
        self._found.cells.add(given.address)
        if given.formula:
            self._found.formulas.append(given)
        if given.kind is Kind.NOT_CALCULATED:
            message = _("it holds a formula without a value: open the planner in Excel and save it")
            raise InputError(weeks.in_cell(given, message))
        value = given.cell_value
        if given.is_rich:
            self._found.rich.append(given)
            value = _UNREAD if given.kind is Kind.ERROR else value
        if value == "" or value is None:
            return None
        is_day = column is not None and column.kind is ColumnKind.DATE
        if isinstance(value, float) and given.from_1904 and (is_day or given.shows_date):
            return value + DAYS_TO_1904
        if isinstance(value, float) and given.shows_date and column is not None and column.kind in NUMERIC:
            self._found.days.append(given)
        if isinstance(value, str) and is_day:
            day = _iso_day(value)
            return value if day is None else float(serial(day))
        if isinstance(value, str) and column is not None and column.kind in WORDED:
            return self._code(column, value)
        return value

    def _code(self, column: Column, word: str) -> str:
        for code in column.choices:
            shown = self._planner.named(word_name(code))
            if word.strip().casefold() in (code.casefold(), str(shown.value).casefold() if shown else ""):
                return code
        return word


def _listed(table: str, rows: Sequence[Row]) -> list[Row]:
    if table in NUMBERED:
        return numbered(table, rows)
    return [row for row in rows if row] if table in KEYS else without_blank_ends(rows)


class _Before:
    """The rows that a table had: found by what names them, or by their places where nothing does."""

    def __init__(self, table: str, rows: Sequence[Row]) -> None:
        self._table = table
        keys = [key_of(table, row) for row in rows] if table in KEYS else range(len(rows))
        self._rows: dict[object, Row] = dict(zip(keys, rows, strict=True))

    def of(self, row: Row, place: int) -> Row:
        """Return what a row was, without anything where it was not there."""
        key = key_of(self._table, row) if self._table in KEYS else place
        return {} if key is None else self._rows.get(key, {})


def _all_read(table: str, rows: Sequence[Row], base: Sequence[Row]) -> list[Row]:
    """Return rows with what stood in them where what stands there by now is no value."""
    before, found = _Before(table, base), list[Row]()
    for place, row in enumerate(rows):
        unread = [name for name, value in row.items() if value is _UNREAD]
        if not unread:
            found.append(row)
            continue
        old = before.of(row, place)
        was = {name: old[name] for name in unread if name in old}
        found.append({name: value for name, value in {**row, **was}.items() if value is not _UNREAD})
    return found


def _column(table: Table | None, name: str) -> Column | None:
    return next((column for column in table or () if column.name == name), None)


def _iso_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None
