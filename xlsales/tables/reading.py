"""A table being read: its header first, then its rows in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

import pandas as pd

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.schema import Table
from xlsales.tables.headings import check_headings, own_columns
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.raw import Chunk, RawTable, is_blank
from xlsales.tables.record import Record
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
        records: Iterator[Record],
        mapped: Mapped | None = None,
    ):
        if mapped is not None:
            header, records = mapped.apply(file, header, records)
        self._table, self._file = table, file
        headings = ["" if is_blank(cell) else str(cell).strip() for cell in header]
        self._unnamed = [position for position, heading in enumerate(headings) if not heading]
        self._without: dict[int, int] = {}  # columns that have cells and no heading, with the first row of each
        kept = (one for one in records if self._is_kept(one))
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

    def chunks(self, rows: int | None) -> Iterator[Chunk]:
        """The rows, so many at a time; all at once for None."""
        while records := list(islice(self._records, rows)):
            cells = [record.cells for record in records]
            yield Chunk(
                [record.row for record in records],
                {name: _shared([row[at] for row in cells]) for name, at in self._positions.items()},
                {record.row: record.problem for record in records if record.problem is not None},
            )


def _letters(position: int) -> str:
    """Name a column as a spreadsheet does; beyond its last one, by number."""
    from openpyxl.utils import get_column_letter  # imports openpyxl, which most sources never need

    return str(get_column_letter(position + 1)) if position < _COLUMNS else str(position + 1)


def _shared(cells: list[object]) -> list[object]:
    """The same cells with every text once in memory."""
    known: dict[str, str] = {}
    return [known.setdefault(cell, cell) if type(cell) is str else cell for cell in cells]


def _empty(table: Table, file: str) -> Finding:
    if table.name == "territories":
        text = _("The table territories has no rows: no planner is produced. Add a row per territory.")
    else:
        text = _("The table {table} has no rows; the planners are produced without it.")
    return Finding("warning", "TABLE_EMPTY", text.format(table=table.name), file, table.name)
