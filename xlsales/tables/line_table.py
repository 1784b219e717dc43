"""A table whose rows are lines yet: columns are looked at by their bytes, and taken apart where that is not enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xlsales.tables.cell_bytes import CellBytes
from xlsales.tables.coded import Coded
from xlsales.tables.lines import LineChunk
from xlsales.tables.raw import Chunk, Flags, Outline, RawTable


@dataclass(frozen=True)
class LineTable:
    """Rows of a table that are lines of one form."""

    outline: Outline
    chunks: Sequence[LineChunk]
    cells: CellBytes

    @cached_property
    def index(self) -> pd.Index[int]:
        """The row numbers."""
        rows = np.concatenate([np.array(chunk.rows, np.int64) for chunk in self.chunks])
        index: pd.Index[int] = pd.Index(rows, dtype=np.int64)
        return index

    @property
    def columns(self) -> Sequence[str]:
        """The known columns."""
        return self.outline.columns

    def coded(self, name: str) -> Coded:
        """Return a column as numbers that stand for its different cells."""
        return self.cells.coded(self.chunks[0].positions[name])

    def frame(self, rows: Flags | None = None) -> pd.DataFrame:
        """Return the rows, or some of them, taken apart."""
        return self.outline.holding(self.chunks if rows is None else self._some(rows)).frame

    def _some(self, rows: Flags) -> Iterator[LineChunk]:
        start = 0
        for chunk in self.chunks:
            stop = start + len(chunk.rows)
            yield chunk.take(np.flatnonzero(rows[start:stop]).tolist())
            start = stop


def holding(outline: Outline, chunks: Iterable[Chunk]) -> RawTable:
    """Return a table with some rows, which stay lines where all of them are."""
    held = [*chunks]
    lines = [chunk for chunk in held if isinstance(chunk, LineChunk)]
    forms = {chunk.form for chunk in lines}
    if len(lines) < len(held) or len(forms) != 1:
        return outline.holding(held)
    cells = CellBytes.of([line for chunk in lines for line in chunk.lines], forms.pop())
    if cells is None or len(cells) != sum(len(chunk.rows) for chunk in lines):
        return outline.holding(held)
    return RawTable(outline.table, outline.file, LineTable(outline, lines, cells), {}, outline.usable, outline.filled)
