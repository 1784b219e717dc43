"""A table being read: its header first, then its rows in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.schema import Table
from xlsales.tables import parquet_rows
from xlsales.tables.headings import check_headings, own_columns
from xlsales.tables.lines import Lines
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.raw import Chunk, Outline, is_blank
from xlsales.tables.record import Record
from xlsales.tables.runs import FilledRows, LineRows, Plain, PlainRows, Read, in_runs, one_by_one, taken_apart
from xlsales.tables.shares import Shape, Share, Taken
from xlsales.texts import _

_COLUMNS = 16_384  # of a sheet


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
        *,
        spreads: bool = False,
    ):
        """Take what says whether other processes may take the rows apart; those that a map changes they always may."""
        self.spreads = spreads or mapped is not None
        self.is_cut = False
        self._source = iter(records)
        fed: Iterator[Plain] = self._fed()
        if mapped is not None:
            header, fed = mapped.apply(file, header, one_by_one(fed))
        self._table, self._file = table, file
        headings = ["" if is_blank(cell) else str(cell).strip() for cell in header]
        self._unnamed = [position for position, heading in enumerate(headings) if not heading]
        self._filled = FilledRows(self._unnamed)
        kept = self._filled.of(fed)
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
        self.outline = Outline(table, file, tuple(self._positions), usable, filled=first is not None)

    def _fed(self) -> Iterator[Plain]:
        """Yield the rows of the source, until it is cut."""
        for one in self._source:
            yield from taken_apart([one])
            if self.is_cut:
                return

    def cut(self) -> None:
        """Read no more rows here than are read already: the others come as shares, once `chunks` has ended."""
        self.is_cut = True
        if self._mapped is not None:
            self._mapped.goes_on = True

    def shares(self, rows: int) -> Iterator[Share]:
        """The rows beyond the cut, about so many at a time, for whoever takes them apart."""
        parquet_rows.forget()  # what this process has begun with, others go on with
        shape = Shape(self._table, tuple(self._unnamed), self._positions, self._mapped).packed()
        reads: list[Read] = []
        count = 0
        for one in self._source:
            reads.append(one)
            count += 1 if isinstance(one, Record) else len(one.rows)
            if count >= rows:
                yield Share(shape, reads)
                reads, count = [], 0
        if reads:
            yield Share(shape, reads)

    def take(self, taken: Taken) -> None:
        """Note what another process has found in a share; they come in their order."""
        for position, row in taken.without.items():
            self._filled.without.setdefault(position, row)
        if self._mapped is not None:
            self._mapped.join(taken.left_out, taken.unknown)

    def end(self) -> None:
        """Tell, once all shares were taken, what is to be said of all rows."""
        if self._mapped is not None:
            self._mapped.tell_values()

    @property
    def left_out(self) -> int:
        """How many rows a map has left out, once all rows were read."""
        return 0 if self._mapped is None else self._mapped.left_out

    def unheaded(self) -> Iterator[Finding]:
        """Tell of columns with cells but no heading, once all rows were read."""
        for position, row in sorted(self._filled.without.items()):
            text = _("Column {column} has no heading, and its cells are ignored: name the column, or clear it.")
            message = text.format(column=_letters(position))
            yield Finding("warning", "COLUMN_UNNAMED", message, self._file, self._table.name, row)

    def chunks(self, rows: int | None, *, divides: bool = False) -> Iterator[Chunk]:
        """The rows, so many at a time; all at once for None. Those to be divided only may keep their lines."""
        chunk: PlainRows | LineRows = PlainRows(self._positions)
        for run in in_runs(self._records):
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


def _letters(position: int) -> str:
    """Name a column as a spreadsheet does; beyond its last one, by number."""
    from xlsales.cells.columns import get_column_letter

    return str(get_column_letter(position + 1)) if position < _COLUMNS else str(position + 1)


def _empty(table: Table, file: str) -> Finding:
    if table.name == "territories":
        text = _("The table territories has no rows: no planner is produced. Add a row per territory.")
    else:
        text = _("The table {table} has no rows; the planners are produced without it.")
    return Finding("warning", "TABLE_EMPTY", text.format(table=table.name), file, table.name)
