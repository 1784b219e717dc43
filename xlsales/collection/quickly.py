"""Reads planners: at a glance where others of their shape were read before, else the plain way; both tell the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import fsum
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from xlsales.cells.arrays import BLANK, ERROR, NUMBER, TEXT, Array
from xlsales.cells.values import Address, CellValue
from xlsales.collection import comparing, reading
from xlsales.collection.finding import PlannerFinding
from xlsales.collection.glance import Glance, Held, TableCells
from xlsales.collection.planner import Columns, Planner, Value
from xlsales.collection.reading import NEEDED, Reading
from xlsales.collection.reference import Reference, References
from xlsales.collection.shapes import Shapes
from xlsales.collection.takes import Takes
from xlsales.collection.typed import Typed, typed
from xlsales.memory import uncollected
from xlsales.rollup.gathered import PLAN
from xlsales.schema import ORG_HEALTH, Column, Table
from xlsales.workbook import damaged, opening
from xlsales.workbook.given import Given
from xlsales.workbook.given import Kind as Holds
from xlsales.workbook.returned import ReturnedTable
from xlsales.workbook.returned import look as looks
from xlsales.workbook.returned.cell_values import CellValues
from xlsales.workbook.returned.shape import Glanced

_PLAIN_AT_ONCE = 16


def read(path: Path, file: str, references: References) -> Planner:
    """Read a planner's file; one that cannot be read raises InputError."""
    return calculated([opened(path, file, references)])[0]


def read_bytes(package: bytes, file: str, references: References) -> Planner:
    """Read a planner's bytes."""
    with damaged.in_one_line(file):
        found = _opened(package, file, references)
    return calculated([found])[0]


def opened(path: Path, file: str, references: References) -> Reading:
    """Open a planner's file; one that cannot be read raises InputError."""
    with damaged.in_one_line(file), uncollected():
        return _opened(opening.bytes_of(path, file), file, references, path.stat().st_mtime)


def _opened(package: bytes, file: str, references: References, modified: float = 0.0) -> Reading:
    look = looks.look(package)
    if references.shapes is None:
        references.shapes = Shapes()
    shapes: Shapes = references.shapes
    known = None if look is None else shapes.glanced(look, file)
    if known is not None:
        glance, glanced = known
        if glanced is not None and glance.is_plain(glanced):
            return GlancedReading(glance, glanced, package, file, references, modified)
    plain = Reading(package, file, references, modified)
    if look is not None and known is None:
        shapes.learn(look, plain.returned, plain.reference)
    return plain


def calculated(readings: Iterable[Reading | Planner]) -> list[Planner]:
    """Return the records of some planners, those of one shape calculated at once; what is a record already stays.

    Planners that are read the plain way take much memory: no more than a few of them are waited for.
    """
    with uncollected():
        found: dict[int, Planner] = {}
        glanced: dict[int, GlancedReading] = {}
        plain: dict[int, Reading] = {}
        for place, one in enumerate(readings):
            if isinstance(one, Planner):
                found[place] = one
            elif isinstance(one, GlancedReading):
                glanced[place] = one
            else:
                plain[place] = one
                if len(plain) == _PLAIN_AT_ONCE:
                    found |= _plainly(plain)
                    plain.clear()
        _calculate(list(glanced.values()))
        for place, quick in glanced.items():
            if not quick.is_open:
                found[place] = reading.record(quick)
                continue
            plain[place] = quick.plainly()
            if len(plain) == _PLAIN_AT_ONCE:
                found |= _plainly(plain)
                plain.clear()
        found |= _plainly(plain)
        return [found[place] for place in sorted(found)]


def _plainly(readings: Mapping[int, Reading]) -> dict[int, Planner]:
    return dict(zip(readings, reading.calculated(list(readings.values())), strict=True))


def _calculate(readings: Sequence[GlancedReading]) -> None:
    for glance, is_usual, several in _by_glance(readings):
        try:
            held = glance.calculated([one.values for one in several], is_usual=is_usual)
        except MemoryError:
            raise
        except Exception:
            continue  # the plain way finds out which of them cannot be calculated
        for one, found in zip(several, held, strict=True):
            one.take(found)


def _by_glance(readings: Sequence[GlancedReading]) -> Iterator[tuple[Glance, bool, list[GlancedReading]]]:
    found: dict[tuple[int, bool], tuple[Glance, bool, list[GlancedReading]]] = {}
    for one in readings:
        if one.reference is not None:
            is_usual = one.glance.is_usual(one.values)
            found.setdefault((id(one.glance), is_usual), (one.glance, is_usual, []))[2].append(one)
    yield from found.values()


_Told: TypeAlias = "tuple[int, int, Typed, Given]"  # by row and column


class _Rows(NamedTuple):
    """The rows of a table in which something stands."""

    own: TableCells
    rows: Array  # their numbers
    kinds: Array  # (rows, columns)
    numbers: Array
    are_days: Array  # where a number belongs
    plain: Array  # numbers such as their columns take


class GlancedReading(Reading):
    """A planner that is read at a glance."""

    def __init__(
        self, glance: Glance, glanced: Glanced, package: bytes, file: str, references: References, modified: float
    ) -> None:
        """Take a planner of a shape."""
        self.glance = glance
        self.values: CellValues = glanced.values
        self._again = package, file, references, modified
        self._glanced = glanced
        super().__init__(package, file, references, modified, glanced)

    @property
    def is_open(self) -> bool:
        """Whether it should be calculated, and was not."""
        return self.reference is not None and self._values is None

    def plainly(self) -> Reading:
        """Read it again, the plain way."""
        return Reading(*self._again)

    def _given(self, _reference: Reference) -> dict[Address, CellValue]:
        return {}  # arrays are

    def _of_template(self) -> Reference | None:
        return self.glance.reference

    def _singles(self) -> Iterable[tuple[Column, Given | None]]:
        columns, cells = self.glance.singles(self._beyond, self._glanced)
        kinds = self.values.kinds[cells].tolist()
        for (name, column), kind in zip(columns, kinds, strict=True):
            yield column, None if kind == BLANK else self._glanced.inputs[name]

    def _surroundings(self, _reference: Reference | None) -> Iterable[PlannerFinding]:
        return ()  # as in the planner that the shape was learned from

    def compare(self) -> None:
        """Compare it with its template."""
        if self.reference is None:
            super().compare()
            return
        assert isinstance(self._values, Held)
        may_differ = self._glanced.odd or self.glance.different
        others = self.glance.other_formulas(self._glanced, self._finding) if may_differ else {}
        self._findings += comparing.bounded(others.values())
        compared = self.glance.compared(self._glanced, self._values, others)
        self._findings += comparing.of_values(compared, self._finding)
        changed = self.glance.changed(self._glanced)
        self._findings += comparing.bounded(comparing.of_constant(*one, self._finding) for one in changed)

    def _tables_beyond(self) -> Sequence[Table]:
        if self.glance.tables_beyond is None:
            self.glance.tables_beyond = super()._tables_beyond()
        return self.glance.tables_beyond

    def _columns_beyond(self, table: Table, own: ReturnedTable) -> Sequence[Column]:
        known = self.glance.columns_beyond
        if table.name not in known:
            known[table.name] = super()._columns_beyond(table, own)
        return known[table.name]

    def _rows(self, table: Table) -> Columns:
        own = self.glance.tables.get(table.name)
        if own is None:
            return {column.name: [] for column in table}
        all_columns = (*table, *self._columns_beyond(table, own.table))
        if table.name not in self._filled_tables:
            return {column.name: [] for column in all_columns}
        kinds = self.values.kinds[own.cells]
        holds, has_key = self._holding(table, own, kinds)
        for row in np.flatnonzero(holds & ~has_key).tolist():
            self._others.add(self._identity.territory_id, own.table, own.table.head + 1 + row, self._row(own, row))
        held = self._held_rows(own, np.flatnonzero(holds & has_key), kinds, self._takes(table, all_columns, own))
        rows = held.rows
        is_filled = np.any(held.kinds != BLANK, axis=0)
        all_plain = np.all(held.plain, axis=0)
        told: list[_Told] = []
        columns: Columns = {}
        for place, column in enumerate(all_columns):
            there = own.columns.get(column.name)
            if column.name == "territory_id":
                columns[column.name] = [self._identity.territory_id] * rows.size
            elif (table.name, column.name) == (ORG_HEALTH.name, "element"):
                columns[column.name] = [float(row + 1) for row in rows.tolist()]
            elif there is None or not is_filled[there]:
                columns[column.name] = [None] * rows.size
            elif all_plain[there] and not self._glanced.odd:
                columns[column.name] = held.numbers[:, there].tolist()
            else:
                columns[column.name] = self._column(table, column, held, there, place, told)
        for _row, _place, found, given in sorted(told, key=lambda one: one[:2]):
            self._find(found.code, given, found.expected, found.got)
        self._tell_ids(table, own.table, (rows + (own.table.head + 1)).tolist(), columns)
        return columns

    def _takes(self, table: Table, columns: Sequence[Column], own: TableCells) -> Takes:
        found = self.glance.takes.get(table.name)
        if found is None:
            found = self.glance.takes[table.name] = Takes.of(columns, own.columns)
        return found

    def _held_rows(self, own: TableCells, rows: Array, kinds: Array, takes: Takes) -> _Rows:
        """Return some rows of a table."""
        cells, kinds = own.cells[rows], kinds[rows]
        numbers, are_days = self.values.numbers[cells], takes.days(kinds, self._shows_date[cells])
        return _Rows(own, rows, kinds, numbers, are_days, takes.plain(kinds, numbers, are_days))

    @cached_property
    def _filled_tables(self) -> set[str]:
        """The tables in which somebody has filled in something."""
        return self.glance.filled(self.values)

    def _typed(self, given: Given, column: Column) -> Value:
        found = self.glance.typed_before(given, column, self._words)
        if found.code:
            self._find(found.code, given, found.expected, found.got)
        return found.value

    @cached_property
    def _shows_date(self) -> Array:
        """Which cells show a number as a day."""
        shape, odd = self._glanced.shape, self._glanced.odd
        if not odd:
            return shape.shows_date
        found: Array = shape.shows_date.copy()
        found[list(odd)] = [Given(Holds.BLANK, None, "", "", *one).shows_date for one in odd.values()]
        return found

    def _holding(self, table: Table, own: TableCells, kinds: Array) -> tuple[Array, Array]:
        """Return which rows of a table hold something, and which have what makes them rows of it."""
        holds = (kinds[:, own.typed] != BLANK).any(axis=1)
        needed = own.columns.get(NEEDED.get(table.name, ""))
        return holds, np.ones_like(holds) if needed is None else self._holds(own.cells[:, needed])

    def _row(self, own: TableCells, row: int) -> dict[str, Given]:
        sheet, number = own.table.sheet, own.table.head + 1 + row
        return {name: self._glanced.at((sheet, f"{letter}{number}")) for name, letter in own.table.letters.items()}

    def _holds(self, cells: Array) -> Array:
        """Return in which cells something stands, and not the empty text."""
        kinds, numbers, texts = self.values.kinds[cells], self.values.numbers[cells], self.values.texts
        holds: Array = kinds != BLANK
        for place in np.flatnonzero(kinds == TEXT).tolist():
            holds[place] = texts[int(numbers[place])] != ""
        return holds

    def _column(
        self,
        table: Table,
        column: Column,
        held: _Rows,
        there: int,
        place: int,
        told: list[_Told],
    ) -> list[Value]:
        """Return a column of a table's rows."""
        rows = held.rows
        kinds, numbers = held.kinds[:, there], held.numbers[:, there]
        is_day, plain = held.are_days[:, there], held.plain[:, there]
        if self._glanced.odd and not self._glanced.odd.keys().isdisjoint(held.own.cells[rows, there].tolist()):
            return self._one_by_one(column, held, place, told)
        if plain.all():
            return list[Value](numbers.tolist())
        found: list[Value] = [None] * rows.size
        if plain.any():
            found = np.where(plain, numbers.astype(object), np.array(None)).tolist()
        rest = np.flatnonzero((kinds != BLANK) & ~plain)
        known = self.glance.typed[table.name, column.name]
        all_held = self._held(kinds[rest], numbers[rest])
        if not is_day.any():
            usual = list(map(known.plain.get, all_held))
            if None not in usual:
                return usual if rest.size == rows.size else _placed(usual, rest, found)
        for row, held_one in zip(rest.tolist(), all_held, strict=True):
            if is_day[row]:
                held_one = NUMBER, held_one, self._glanced.at(_address(held, column, row)).number_format
            one = known.get(held_one)
            if one is None:
                one = self._new(column, held_one)
                known.remember(held_one, *one)
            found[row], code = one
            if code is not None:
                told.append((row, place, code, self._glanced.at(_address(held, column, row))))
        return found

    def _one_by_one(self, column: Column, held: _Rows, place: int, told: list[_Told]) -> list[Value]:
        """Return a column in which a cell has a formula of its own, or another look."""
        found: list[Value] = []
        for row in range(held.rows.size):
            given = self._glanced.at(_address(held, column, row))
            one = typed(given, column, self._words)
            found.append(one.value)
            if one.code:
                told.append((row, place, one, given))
        return found

    def _held(self, kinds: Array, numbers: Array) -> list[Any]:
        """Return what cells hold: numbers and texts as they are, the rest with its kind."""
        texts = self.values.texts
        if (kinds == NUMBER).all():
            return list(numbers.tolist())
        if (kinds == TEXT).all():
            return [texts[place] for place in numbers.astype(np.intp).tolist()]
        pairs = zip(kinds.tolist(), numbers.tolist(), strict=True)
        return [
            number
            if kind == NUMBER
            else texts[int(number)]
            if kind == TEXT
            else (kind, number, self._code(kind, number))
            for kind, number in pairs
        ]

    def _code(self, kind: int, number: float) -> str:
        return self.values.texts[int(number)] if kind == ERROR else ""

    def _new(self, column: Column, held: Any) -> tuple[Value, Typed | None]:
        """Return what is typed into a cell of a column, and what is to be said of it, if anything is."""
        match held:
            case float():
                given = Given(Holds.NUMBER, held, "", "")
            case str():
                given = Given(Holds.TEXT if held else Holds.EMPTY_TEXT, held, "", "")
            case (2, number, code):
                given = Given(Holds.NUMBER, number, "", "", "", code)
            case (kind, number, code):
                is_error = kind == ERROR
                given = Given(Holds.ERROR if is_error else Holds.BOOLEAN, code if is_error else bool(number), "", "")
        found = typed(given, column, self._words)
        return found.value, found if found.code else None

    def _plan(self) -> Mapping[str, Value]:
        own = self.glance.tables.get("products")
        place = None if own is None else own.columns.get("goal")
        if own is None or place is None:
            return {PLAN: None}
        cells = own.cells[:, place]
        cells = cells[self._holds(cells)]
        if not cells.size or (self.values.kinds[cells] != NUMBER).any():
            return {PLAN: None}
        return {PLAN: fsum(self.values.numbers[cells].tolist())}


def _placed(values: Sequence[Value], places: Array, into: list[Value]) -> list[Value]:
    for place, value in zip(places.tolist(), values, strict=True):
        into[place] = value
    return into


def _address(held: _Rows, column: Column, row: int) -> Address:
    """Return the cell of a column in a row that holds something."""
    table = held.own.table
    return table.sheet, f"{table.letters[column.name]}{table.head + 1 + int(held.rows[row])}"
