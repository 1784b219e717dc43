"""A table being read: its header first, then its rows in chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

import pandas as pd

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.schema import TERRITORIES, Table
from xlsales.tables.headings import check_headings, own_columns
from xlsales.tables.lines import NO_FORM, LineChunk, Lines
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.raw import Chunk, Problem, RawTable, is_blank
from xlsales.tables.record import Record, Run
from xlsales.texts import _

Read: TypeAlias = Record | Run | Lines

_TERRITORY = TERRITORIES.key[0]
_COLUMNS = 16_384  # of a sheet
_HELD = 400  # rows that are turned into columns together


class Reading:
    """One table of a source, its columns matched to the schema; blank rows are passed over.

    `findings` are complete once all rows have been read.
    """

    def __init__(
        self,
        table: Table,
        file: str,
        header: Sequence[object],
        records: Iterator[Read],
        mapped: Mapped | None = None,
    ):
        if mapped is not None:
            header, records = mapped.apply(file, header, _one_by_one(records))
        self._table, self._file = table, file
        headings = ["" if is_blank(cell) else str(cell).strip() for cell in header]
        self._unnamed = [position for position, heading in enumerate(headings) if not heading]
        self._without: dict[int, int] = {}  # columns that have cells and no heading, with the first row of each
        kept = self._kept(records)
        first = next(kept, None)
        self._mapped = mapped
        self.findings: list[Finding] = [] if mapped is None else mapped.findings
        usable = True
        if first is not None or any(headings):
            found, usable = check_headings(table, file, headings)
            self.findings += found
        elif table.name == "territories":
            raise InputError(_("{file} is empty: add a header and a row per territory.").format(file=file))
        if first is None:
            self.findings.append(_empty(table, file))
        positions = {heading.casefold(): position for position, heading in enumerate(headings)}
        self._positions = {column.name: positions[column.name] for column in table if column.name in positions}
        self._positions |= own_columns(table, headings)
        self._records = kept if first is None else chain([first], kept)
        frame = pd.DataFrame({name: [] for name in self._positions}, dtype=object)
        self.outline = RawTable(table, file, frame, usable=usable, filled=first is not None)

    def _kept(self, records: Iterator[Read]) -> Iterator[Read]:
        """Pass over blank rows."""
        for one in records:
            if isinstance(one, Lines):
                yield one
            elif not isinstance(one, Run):
                if self._is_kept(one):
                    yield one
            elif (run := self._without_blank(one)).rows:
                yield run

    def _without_blank(self, run: Run) -> Run:
        """Return the rows that hold something; one look at the first column settles it for most sources."""
        if not self._unnamed and not any(map(is_blank, set(run.columns[0]))):
            return run
        return _run([one for one in _one_by_one([run]) if self._is_kept(one)])

    def _is_kept(self, record: Record) -> bool:
        """Whether a row holds something; cells that no heading names are noted."""
        if record.problem is not None:
            return True
        unnamed = (at for at in self._unnamed if not is_blank(record.cells[at]))
        for position in (*unnamed, *record.beside) if self._unnamed or record.beside else ():
            self._without.setdefault(position, record.row)
        return not all(is_blank(cell) for cell in record.cells)

    @property
    def left_out(self) -> int:
        """How many rows a map has left out, once all rows were read."""
        return 0 if self._mapped is None else self._mapped.left_out

    def unheaded(self) -> Iterator[Finding]:
        """Tell of columns with cells but no heading, once all rows were read."""
        for position, row in sorted(self._without.items()):
            text = _("Column {column} has no heading, and its cells are ignored: name the column, or clear it.")
            message = text.format(column=_letters(position))
            yield Finding("warning", "COLUMN_UNNAMED", message, self._file, self._table.name, row)

    def chunks(self, rows: int | None, *, divides: bool = False) -> Iterator[Chunk]:
        """The rows, so many at a time; all at once for None. Those to be divided only may keep their lines."""
        chunk: _Chunk | _LineChunk = _Chunk(self._positions)
        for run in _in_runs(self._records):
            if isinstance(run, Lines) and not divides:
                run = run.run()
            if not chunk.takes(run):
                if chunk.rows:
                    yield chunk.whole()
                chunk = chunk.other()
            while rows is not None and len(chunk.rows) + len(run.rows) >= rows:
                room = rows - len(chunk.rows)
                chunk.add(run.part(slice(room)))
                yield chunk.whole()
                chunk, run = type(chunk)(self._positions), run.part(slice(room, None))
            chunk.add(run)
        if chunk.rows:
            yield chunk.whole()


class _Chunk:
    """Some rows of a table in the making, every text once in memory."""

    def __init__(self, positions: Mapping[str, int]) -> None:
        self.rows: list[int] = []
        self._damaged: dict[int, Problem] = {}
        self._columns: dict[str, list[object]] = {name: [] for name in positions}
        self._positions = positions
        self._known: dict[str, dict[object, object]] = {name: {} for name in positions}

    @staticmethod
    def takes(run: Run | Lines) -> bool:
        """Whether it is for such rows."""
        return isinstance(run, Run)

    def other(self) -> _LineChunk:
        """Return one for the others."""
        return _LineChunk(self._positions)

    def add(self, run: Run | Lines) -> None:
        """Add rows."""
        if not run.rows or isinstance(run, Lines):
            return
        self.rows += run.rows
        self._damaged |= {row: run.problems[row] for row in run.rows if row in run.problems} if run.problems else {}
        for name, at in self._positions.items():
            self._columns[name] += _shared(run.columns[at], self._known[name])

    def whole(self) -> Chunk:
        """Return the rows."""
        return Chunk(self.rows, self._columns, self._damaged)


class _LineChunk:
    """Some rows of a table in the making, each as its line."""

    def __init__(self, positions: Mapping[str, int]) -> None:
        self.rows: list[int] = []
        self._lines: list[str] = []
        self._keys: list[object] = []
        self._form = NO_FORM
        self._positions = positions

    @staticmethod
    def takes(run: Run | Lines) -> bool:
        """Whether it is for such rows."""
        return isinstance(run, Lines)

    def other(self) -> _Chunk:
        """Return one for the others."""
        return _Chunk(self._positions)

    def add(self, run: Run | Lines) -> None:
        """Add rows."""
        if isinstance(run, Lines):
            self._form = run.form
            self.rows += run.rows
            self._lines += run.lines
            self._keys += run.keys

    def whole(self) -> Chunk:
        """Return the rows."""
        return LineChunk(self.rows, {_TERRITORY: self._keys}, {}, self._lines, self._form, self._positions)


def _in_runs(records: Iterable[Read]) -> Iterator[Run | Lines]:
    held: list[Record] = []
    for one in records:
        if isinstance(one, Record):
            held.append(one)
        if held and (not isinstance(one, Record) or len(held) == _HELD):
            yield _run(held)
            held = []
        if not isinstance(one, Record):
            yield one
    if held:
        yield _run(held)


def _run(records: Sequence[Record]) -> Run:
    problems = {one.row: one.problem for one in records if one.problem is not None}
    return Run([one.row for one in records], list(zip(*(one.cells for one in records), strict=True)), problems)


def _one_by_one(records: Iterable[Read]) -> Iterator[Record]:
    for one in records:
        if isinstance(one, Lines):
            one = one.run()
        if isinstance(one, Run):
            cells = zip(*one.columns, strict=True)
            yield from (Record(row, of_row, one.problems.get(row)) for row, of_row in zip(one.rows, cells, strict=True))
        else:
            yield one


def _letters(position: int) -> str:
    """Name a column as a spreadsheet does; beyond its last one, by number."""
    from xlsales.cells.columns import get_column_letter

    return str(get_column_letter(position + 1)) if position < _COLUMNS else str(position + 1)


def _shared(cells: Sequence[object], known: dict[object, object]) -> Iterable[object]:
    """The same cells with every text once in memory."""
    if set(map(type, cells)) == {str}:
        return map(known.setdefault, cells, cells)
    return [known.setdefault(cell, cell) if type(cell) is str else cell for cell in cells]


def _empty(table: Table, file: str) -> Finding:
    if table.name == "territories":
        text = _("The table territories has no rows: no planner is produced. Add a row per territory.")
    else:
        text = _("The table {table} has no rows; the planners are produced without it.")
    return Finding("warning", "TABLE_EMPTY", text.format(table=table.name), file, table.name)
