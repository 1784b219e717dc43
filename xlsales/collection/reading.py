"""Reads one returned planner and compares it: its inputs as the tables have them, its figures, and what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from math import fsum
from pathlib import Path

from xlsales.batch.update import base as bases
from xlsales.cells.arrays import ERROR_CODES
from xlsales.cells.values import Address, CellValue
from xlsales.collection import beyond, comparing, identifiers, surroundings
from xlsales.collection.comparing import headline
from xlsales.collection.finding import PlannerFinding
from xlsales.collection.planner import Columns, Planner, Value, unreadable
from xlsales.collection.reference import Reference, References
from xlsales.collection.typed import typed
from xlsales.errors import InputError
from xlsales.functions.errors import CellError
from xlsales.memory import uncollected
from xlsales.rollup.gathered import PLAN
from xlsales.schema import ACTIVITY, AS_OF, CHECKINS, ORG_HEALTH, SCHEMA_VERSION, TABLES, TERRITORIES, Column, Table
from xlsales.version import __version__
from xlsales.workbook import damaged, opening, returned
from xlsales.workbook.given import Given, Kind
from xlsales.workbook.returned import Identity, Returned, ReturnedRow, ReturnedTable
from xlsales.workbook.returned.shape import Glanced

# Rows that stand in every planner, with a key of their own, count where something else stands in them too.
ALWAYS_THERE = {ACTIVITY.name: ("week_start",), CHECKINS.name: ("kind", "turn"), ORG_HEALTH.name: ("element",)}
NEEDED = {CHECKINS.name: "held", ORG_HEALTH.name: "score"}


def read(path: Path, file: str, references: References) -> Planner:
    """Read a planner's file; one that cannot be read raises InputError."""
    return calculated([opened(path, file, references)])[0]


def read_bytes(package: bytes, file: str, references: References) -> Planner:
    """Read a planner's bytes."""
    with damaged.in_one_line(file):
        reading = Reading(package, file, references)
    return calculated([reading])[0]


def opened(path: Path, file: str, references: References) -> Reading:
    """Open a planner's file; one that cannot be read raises InputError."""
    with damaged.in_one_line(file), uncollected():
        return Reading(opening.bytes_of(path, file), file, references, path.stat().st_mtime)


def calculated(readings: Sequence[Reading]) -> list[Planner]:
    """Return the records of some planners, those of one template calculated at once."""
    with uncollected():
        for reference, several in _by_template(readings):
            for reading, values in zip(several, _values(reference, several), strict=True):
                reading.take(values)
        return [record(reading) for reading in readings]


def _by_template(readings: Sequence[Reading]) -> Iterator[tuple[Reference, list[Reading]]]:
    found: dict[int, tuple[Reference, list[Reading]]] = {}
    for reading in readings:
        if reading.reference is not None:
            found.setdefault(id(reading.reference), (reading.reference, []))[1].append(reading)
    yield from found.values()


def _values(reference: Reference, readings: Sequence[Reading]) -> list[list[CellValue] | None]:
    """Return what the formulas give for some planners; None for one that cannot be calculated, which costs itself."""
    try:
        return [*reference.calculated([reading.given for reading in readings])]
    except MemoryError:
        raise
    except Exception:
        if len(readings) == 1:
            return [None]
        return [values for reading in readings for values in _values(reference, [reading])]


def record(reading: Reading) -> Planner:
    """Return the record of a planner; of one in which a cell makes no sense, why it cannot be read."""
    try:
        with damaged.in_one_line(reading.file):
            reading.compare()
            return reading.planner()
    except InputError as error:
        return unreadable(reading.file, str(error))


class Reading:
    """A planner that is being read."""

    def __init__(
        self,
        package: bytes,
        file: str,
        references: References,
        modified: float = 0.0,
        planner: Returned | Glanced | None = None,
    ) -> None:
        """Take its bytes; what is no planner, or damaged, raises InputError. A `planner` is what was read of them."""
        self._planner = planner = planner or returned.parse(package, file)
        self._sha256 = hashlib.sha256(package).hexdigest()
        self._modified = modified
        self.file = file
        self._references = references
        self._identity: Identity = planner.identity
        self._findings: list[PlannerFinding] = []
        self._words = dict(references.any().words)
        self._values: Sequence[CellValue] | None = None
        self._is_told = True  # why it is not compared, if it is not
        self._said()
        self._beyond = references.beyond
        self._others = beyond.OtherCells()
        self._read = dict(self._inputs())
        tables = [*(table for table in TABLES.values() if table is not TERRITORIES), *self._tables_beyond()]
        self._tables = {table.name: self._rows(table) for table in tables}
        self._tables[beyond.OTHERS] = self._others.columns
        self.reference: Reference | None = self._template()
        self.given: dict[Address, CellValue] = {}
        if self.reference is not None:
            self.given = self._given(self.reference)

    def _tables_beyond(self) -> Sequence[Table]:
        """Return the tables that are no input tables."""
        return list(self._beyond.tables(self._planner))

    def _columns_beyond(self, table: Table, own: ReturnedTable) -> Sequence[Column]:
        """Return the columns of an input table that are no columns of the input."""
        return self._beyond.columns(table.name, own) if table.name in TABLES else ()

    @property
    def returned(self) -> Returned:
        """The planner as it was read."""
        assert isinstance(self._planner, Returned)
        return self._planner

    def _given(self, reference: Reference) -> dict[Address, CellValue]:
        """Return what is given to the calculation."""
        given = reference.inputs(self.returned)
        return given | {place: _coded(one) for place, one in given.items() if isinstance(one, CellError)}

    def planner(self) -> Planner:
        """Return the record of it."""
        identity, reference, values = self._identity, self.reference, self._values
        inputs = dict(self._read)
        self._findings += self._surroundings(reference)
        day = inputs.pop(AS_OF.name, None)
        return Planner(
            self.file,
            identity.territory_id,
            identity.fiscal_year,
            self._sha256,
            self._modified,
            identity.schema_version,
            identity.template_version,
            identity.run_id,
            identity.made_for,
            day,  # type: ignore[arg-type]
            inputs,
            self._assumptions(reference),
            {**self._figures(reference, values), **self._plan()},
            None if reference is None or values is None else _completeness(reference, values),
            values is not None,
            self._tables,
            tuple(self._findings),
        )

    def _surroundings(self, reference: Reference | None) -> Iterable[PlannerFinding]:
        return surroundings.findings(self.returned, reference, self.file, self._identity.territory_id)

    def _find(self, code: str, given: Given | None = None, expected: str = "", got: str = "") -> None:
        sheet, cell = given.address if given else ("", "")
        self._findings.append(self._finding(code, sheet, cell, expected, got))

    def _finding(
        self, code: str, sheet: str = "", cell: str = "", expected: str = "", got: str = "", count: int = 1
    ) -> PlannerFinding:
        return PlannerFinding(code, self.file, self._identity.territory_id, sheet, cell, expected, got, count)

    def _said(self) -> None:
        """Tell of what is odd about the planner as a whole."""
        identity, planner = self._identity, self._planner
        if not identity.territory_id:
            self._find("NO_TERRITORY", planner.inputs.get("territory_id"))
        elif identity.made_for and identity.made_for != identity.territory_id:
            self._find("OTHER_TERRITORY", planner.inputs.get("territory_id"), identity.made_for, identity.territory_id)
        for name in (*planner.missing, *self._without_name()):
            self._find("INPUT_MISSING", expected=name)
        for name, table in planner.tables.items():
            for column in table.missing:
                self._find("COLUMN_MISSING", expected=f"{name}.{column}")
            if not table.has_headings and table.rows:
                self._find("HEADINGS_MISSING", next(iter(table.rows[0].values())), expected=name)
            for is_total, several in groupby(table.beneath, beyond.is_total):
                beneath = list(several)
                rows = f"{beneath[0].number}–{beneath[-1].number}"
                code = "TOTAL_BENEATH" if is_total else "ROWS_BENEATH"
                self._find(code, next(iter(beneath[0].values())), got=rows)
        for name in sorted(self._had[1] - planner.tables.keys()):
            self._find("TABLE_MISSING", expected=name)

    def _without_name(self) -> list[str]:
        """Return the inputs whose names are gone, of a planner that is laid out as those of today."""
        if self._identity.schema_version not in ("", str(SCHEMA_VERSION)):
            return []
        return sorted(self._had[0] - {*self._planner.inputs, *self._planner.missing})

    @cached_property
    def _had(self) -> tuple[frozenset[str], frozenset[str]]:
        """The inputs and the tables that the planner had: as it carries them, else those of the template at hand."""
        template = self._references.any().planner
        inputs, tables = frozenset(template.inputs), frozenset(template.tables)
        if inputs <= self._planner.inputs.keys() and tables <= self._planner.tables.keys():
            return inputs, tables
        return bases.had(self.returned.properties) or (inputs, tables)

    def _inputs(self) -> Iterator[tuple[str, Value]]:
        for column in (*TERRITORIES, AS_OF):
            given = self._planner.inputs.get(column.name)
            yield column.name, None if given is None else self._typed(given, column)
        for column, given in self._singles():
            yield column.name, None if given is None else self._typed(given, column)

    def _singles(self) -> Iterable[tuple[Column, Given | None]]:
        """Return the single inputs that are no columns of territories, None for blank ones."""
        return self._beyond.singles(self._planner)

    def _typed(self, given: Given, column: Column) -> Value:
        found = typed(given, column, self._words)
        if found.code:
            self._find(found.code, given, found.expected, found.got)
        return found.value

    def _rows(self, table: Table) -> Columns:
        """Return the rows of a table in which something stands, column by column, as a batch takes them."""
        own = self.returned.tables.get(table.name)
        more = () if own is None else self._columns_beyond(table, own)
        columns: Columns = {column.name: [] for column in (*table, *more)}
        numbers: list[int] = []
        for index, row in enumerate(() if own is None else (*own.rows, *own.beneath)):
            assert own is not None
            if not _holds_something(table, own, row):
                continue
            if not _has_its_key(table, row) or (row.number > own.last and beyond.is_total(row)):
                self._others.add(self._identity.territory_id, own, row.number, row)
                continue
            numbers.append(row.number)
            for column in (*table, *more):
                columns[column.name].append(self._cell(table, column, row, index))
        if own is not None:
            self._tell_ids(table, own, numbers, columns)
        return columns

    def _tell_ids(self, table: Table, own: ReturnedTable, numbers: Sequence[int], columns: Columns) -> None:
        """Tell of rows, given their numbers on the sheet, that have no ID, or one that another row has, too."""
        ids = identifiers.column(table)
        letter = None if ids is None else own.letters.get(ids.name)
        if ids is None or letter is None:
            return
        told = []
        for row, above in identifiers.odd(columns[ids.name]):
            cell = f"{letter}{numbers[row]}"
            if above is None:
                told.append(self._finding("ID_MISSING", own.sheet, cell))
            else:
                first = f"{letter}{numbers[above]}"
                told.append(self._finding("ID_TWICE", own.sheet, cell, first, str(columns[ids.name][row])))
        self._findings += comparing.bounded(told)

    def _cell(self, table: Table, column: Column, row: ReturnedRow, index: int) -> Value:
        if column.name == "territory_id":
            return self._identity.territory_id
        if (table.name, column.name) == (ORG_HEALTH.name, "element"):
            return float(index + 1)
        given = row.there(column.name)
        return None if given is None else self._typed(given, column)

    def _template(self) -> Reference | None:
        """Return the template that the planner is of; None where it is of another one."""
        identity = self._identity
        if identity.is_stamped and identity.schema_version != str(SCHEMA_VERSION):
            self._find("OTHER_LAYOUT", expected=str(SCHEMA_VERSION), got=identity.schema_version)
        elif identity.template_version not in ("", __version__):
            self._find("OTHER_VERSION", expected=__version__, got=identity.template_version)
        elif self._planner.from_1904:
            self._find("DATES_FROM_1904")
        else:
            self._is_told = False
            return self._of_template()
        return None

    def _of_template(self) -> Reference | None:
        return self._references.of(self.returned)

    def take(self, values: Sequence[CellValue] | None) -> None:
        """Take what the template's formulas give for its inputs."""
        self._values = values

    def compare(self) -> None:
        """Compare it with its template."""
        if self.reference is None or self._values is None:
            if not self._is_told:
                self._find("NOT_COMPARED")
            return
        territory_id = self._identity.territory_id
        compared = comparing.compare(self.returned, self.reference, self._values, self.file, territory_id)
        self._findings += compared.findings
        if compared.is_foreign:
            self.reference = self._values = None

    def _assumptions(self, reference: Reference | None) -> Mapping[str, Value]:
        names = (reference or self._references.any()).assumptions
        found = {name: self._planner.named(name) for name in sorted(names)}
        return {name: _value(given.cell_value) for name, given in found.items() if given is not None}

    def _figures(self, reference: Reference | None, values: Sequence[CellValue] | None) -> Mapping[str, Value]:
        """Return the headline figures: recalculated, or where that cannot be, as the file has them."""
        if reference is not None and values is not None:
            return {name: _value(value) for name, value in headline(reference, values).items()}
        found = {name: self._planner.named(name) for name in self._references.any().figures}
        return {name: _value(given.cell_value) for name, given in found.items() if given is not None}

    def _plan(self) -> Mapping[str, Value]:
        """Return what the goals of the product lines add up to; nothing where one of them is no number."""
        products = self.returned.tables.get("products")
        rows = [] if products is None else [*products.rows, *products.beneath]
        rows = [row for row in rows if products is None or row.number <= products.last or not beyond.is_total(row)]
        goals = [row.cells["goal"] for row in rows if "goal" in row.cells]
        goals = [goal for goal in goals if goal.kind not in (Kind.BLANK, Kind.EMPTY_TEXT)]
        if not goals or any(goal.kind is not Kind.NUMBER for goal in goals):
            return {PLAN: None}
        return {PLAN: fsum(float(goal.value or 0) for goal in goals)}


def _holds_something(table: Table, own: ReturnedTable, row: ReturnedRow) -> bool:
    """Whether somebody has typed into a row something else than what stands in every planner."""
    return not row.is_blank((*own.computed, *ALWAYS_THERE.get(table.name, beyond.ALWAYS_THERE)))


def _has_its_key(table: Table, row: ReturnedRow) -> bool:
    """Whether a row says what makes it one of its table: the day of a talk, the score of an element."""
    needed = NEEDED.get(table.name)
    if needed is None or needed not in row:
        return True
    given = row.there(needed)
    return given is not None and given.kind not in (Kind.BLANK, Kind.EMPTY_TEXT)


def _completeness(reference: Reference, values: Sequence[CellValue]) -> float | None:
    """Return how far the planner is filled in, from 0 to 1: the mean of its steps."""
    shares = []
    for done, of in reference.progress:
        there, all_of = (values[reference.place_of[cell]] for cell in (done, of))
        if isinstance(there, float) and isinstance(all_of, float) and all_of > 0:
            shares.append(min(1.0, there / all_of))
    return sum(shares) / len(shares) if shares else None


def _coded(value: CellValue) -> CellValue:
    """Return a value as the calculation knows it: errors of newer programs are no others to a formula."""
    if isinstance(value, CellError) and value.code not in ERROR_CODES:
        return CellError("#VALUE!")
    return value


def _value(value: CellValue) -> Value:
    return value.code if isinstance(value, CellError) else value
