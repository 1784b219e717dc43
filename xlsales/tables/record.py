"""One row of a source, before its columns are matched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlsales.tables.raw import Problem


class Record(NamedTuple):
    """One row of a source; as many cells as the header has."""

    row: int
    cells: Sequence[object]
    problem: Problem | None = None  # why it could not be read whole
    beside: Sequence[int] = ()  # positions of cells beyond the header
