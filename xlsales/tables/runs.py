"""Rows of a source on their way into chunks: some at a time, column by column, blank ones passed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from xlsales.schema import TERRITORIES
from xlsales.tables.lines import NO_FORM, LineChunk, Lines
from xlsales.tables.raw import Chunk, Problem, is_blank
from xlsales.tables.record import Deferred, Record, Run

Plain: TypeAlias = Record | Run | Lines
Read: TypeAlias = Plain | Deferred

_TERRITORY = TERRITORIES.key[0]
_HELD = 400  # rows that are turned into columns together


class FilledRows:
    """Passes over blank rows, and notes cells that no heading names."""

    def __init__(self, unnamed: Sequence[int]) -> None:
        """Take the places of columns without a heading."""
        self._unnamed = unnamed
        self.without: dict[int, int] = {}  # columns that have cells and no heading, with the first row of each

    def of(self, records: Iterable[Plain]) -> Iterator[Plain]:
        """Yield the rows that hold something."""
        for one in records:
            if isinstance(one, Lines):
                yield one
            elif not isinstance(one, Run):
                if self._holds(one):
                    yield one
            elif (run := self._without_blank(one)).rows:
                yield run

    def _without_blank(self, run: Run) -> Run:
        """Return the rows that hold something; one look at the first column settles it for most sources."""
        if not self._unnamed and not any(map(is_blank, set(run.columns[0]))):
            return run
        return run_of([one for one in one_by_one([run]) if self._holds(one)])

    def _holds(self, record: Record) -> bool:
        if record.problem is not None:
            return True
        unnamed = (at for at in self._unnamed if not is_blank(record.cells[at]))
        for position in (*unnamed, *record.beside) if self._unnamed or record.beside else ():
            self.without.setdefault(position, record.row)
        return not all(is_blank(cell) for cell in record.cells)


def taken_apart(reads: Iterable[Read]) -> Iterator[Plain]:
    """Yield the rows, none of them deferred."""
    for one in reads:
        if isinstance(one, Deferred):
            yield from one.records()
        else:
            yield one


class PlainRows:
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

    def other(self) -> LineRows:
        """Return one for the others."""
        return LineRows(self._positions)

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


class LineRows:
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

    def other(self) -> PlainRows:
        """Return one for the others."""
        return PlainRows(self._positions)

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


def in_runs(records: Iterable[Plain]) -> Iterator[Run | Lines]:
    """Yield rows some at a time, column by column."""
    held: list[Record] = []
    for one in records:
        if isinstance(one, Record):
            held.append(one)
        if held and (not isinstance(one, Record) or len(held) == _HELD):
            yield run_of(held)
            held = []
        if not isinstance(one, Record):
            yield one
    if held:
        yield run_of(held)


def run_of(records: Sequence[Record]) -> Run:
    """Return rows column by column."""
    problems = {one.row: one.problem for one in records if one.problem is not None}
    return Run([one.row for one in records], list(zip(*(one.cells for one in records), strict=True)), problems)


def one_by_one(records: Iterable[Plain]) -> Iterator[Record]:
    """Yield rows one by one."""
    for one in records:
        if isinstance(one, Lines):
            one = one.run()
        if isinstance(one, Run):
            cells = zip(*one.columns, strict=True)
            yield from (Record(row, of_row, one.problems.get(row)) for row, of_row in zip(one.rows, cells, strict=True))
        else:
            yield one


def _shared(cells: Sequence[object], known: dict[object, object]) -> Iterable[object]:
    """The same cells with every text once in memory."""
    if set(map(type, cells)) == {str}:
        return map(known.setdefault, cells, cells)
    return [known.setdefault(cell, cell) if type(cell) is str else cell for cell in cells]
