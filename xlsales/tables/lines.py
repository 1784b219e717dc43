"""Lines of a CSV file that are rows as they stand: divided by their territory now, taken apart where they are checked.

A line is one where a reader of CSV files would find a whole row in it, whatever stands before and behind it.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xlsales.tables.raw import Chunk, is_blank
from xlsales.tables.record import Run

_AT_A_TIME = 400  # lines: so few that a processor's cache holds their cells


class Form(NamedTuple):
    """How the rows of a file are written."""

    delimiter: str
    width: int  # cells of a row
    key: int  # the place of the territory among them; −1 where a map says which it is


NO_FORM = Form(",", 0, 0)


class Lines(NamedTuple):
    """Some rows, one after the other."""

    rows: Sequence[int]
    lines: Sequence[str]
    keys: Sequence[str]  # the territories, none of them blank
    form: Form

    def part(self, which: slice) -> Lines:
        """Some of the rows, one after the other."""
        return self._replace(rows=self.rows[which], lines=self.lines[which], keys=self.keys[which])

    def run(self) -> Run:
        """The same rows, taken apart."""
        columns: list[list[str]] = [[] for _column in range(self.form.width)]
        for some in _columns(self.lines, self.form):
            for column, cells in zip(columns, some, strict=True):
                column += cells
        return Run(self.rows, columns)


@dataclass
class LineChunk(Chunk):
    """Some rows of a table, of which only the territories have been looked at; once put aside, not even those."""

    lines: list[str] = field(default_factory=list)
    form: Form = NO_FORM
    positions: Mapping[str, int] = field(default_factory=dict)  # by column

    def take(self, positions: Sequence[int]) -> LineChunk:
        """The rows at some positions, in this order."""
        rows, lines = [self.rows[at] for at in positions], [self.lines[at] for at in positions]
        columns = {name: [cells[at] for at in positions] for name, cells in self.columns.items()}
        return LineChunk(rows, columns, {}, lines, self.form, self.positions)

    def parsed(self) -> Chunk:
        """The same rows with all their cells."""
        cells: dict[str, list[object]] = {name: [] for name in self.positions}
        for some in _columns(self.lines, self.form):
            for name, at in self.positions.items():
                cells[name] += some[at]
        return Chunk(list(self.rows), cells)

    def __reduce__(self) -> tuple[Any, ...]:
        return _put_together, (array("q", self.rows), "".join(self.lines), self.form, dict(self.positions))


def _put_together(rows: array[int], text: str, form: Form, positions: Mapping[str, int]) -> LineChunk:
    return LineChunk(rows.tolist(), {}, {}, list(io.StringIO(text, newline="")), form, positions)


def _columns(lines: Sequence[str], form: Form) -> Iterator[list[Sequence[str]]]:
    """Yield the cells of some lines at a time, column by column."""
    for start in range(0, len(lines), _AT_A_TIME):
        some = lines[start : start + _AT_A_TIME]
        text = "".join(some)
        if '"' in text:
            yield list(zip(*csv.reader(some, delimiter=form.delimiter, strict=True), strict=True))
        else:
            yield _cut(text, form)


def _cut(text: str, form: Form) -> list[Sequence[str]]:
    """Return the cells of whole lines without quotation marks, column by column: a third of a reader's time."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    cells = text.removesuffix("\n").replace("\n", form.delimiter).split(form.delimiter)
    return [cells[at :: form.width] for at in range(form.width)]


def lines_of(rows: range, block: Sequence[str], form: Form) -> Lines | None:
    """Return lines as rows where each of them surely is one that names its territory, else None.

    Where the form knows no territory, each of them surely is a row, and the keys are any of its cells.
    """
    if not block[-1].endswith(("\n", "\r")):
        block = [*block[:-1], block[-1] + "\n"]
    keys = _keys(block, form._replace(key=max(form.key, 0)))
    if keys is None or (form.key >= 0 and any(map(is_blank, set(keys)))):
        return None
    return Lines(rows, block, keys, form)


def _keys(block: Sequence[str], form: Form) -> list[str] | None:
    delimiter, width, at = form
    if max(map(len, block)) > csv.field_size_limit():
        return None
    quoted = [line for line in block if '"' in line]
    cells = _quoted(quoted, form) if quoted else {}
    if cells is None:
        return None
    plain = block if not quoted else [line for line in block if line not in cells]
    if {line.count(delimiter) for line in plain} - {width - 1}:
        return None
    if at == width - 1:
        last = (cells[line] if line in cells else line.rstrip("\r\n").rsplit(delimiter, 1)[1] for line in block)
        return list(last)
    if not cells:
        return [line.split(delimiter, at + 1)[at] for line in block]
    return [cells[line] if line in cells else line.split(delimiter, at + 1)[at] for line in block]


def _quoted(block: Sequence[str], form: Form) -> dict[str, str] | None:
    """Return the territories of lines with quotation marks; None where one of them is no row by itself."""
    found: dict[str, str] = {}
    for line in block:
        try:
            [cells] = csv.reader([line], delimiter=form.delimiter, strict=True)
        except (csv.Error, ValueError):
            return None
        if len(cells) != form.width:
            return None
        found[line] = cells[form.key]
    return found
