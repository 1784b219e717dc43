"""The cells of a workbook in one row of places: column by column, so that a range of a column is a slice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from xlsales.compiled.tree import UnsupportedFormulaError
from xlsales.excel.cell_arrays import Array
from xlsales.excel.values import Address
from xlsales.texts import _

_MOST_CELLS = 2_000_000  # of one sheet: the box around everything that formulas refer to


@dataclass(frozen=True)
class Box:
    """A range of a sheet, or a cell."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


class Places:
    """Where each cell stands in the row of all cells."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        by_sheet: defaultdict[str, list[Box]] = defaultdict(list)
        for box in boxes:
            by_sheet[box.sheet].append(box)
        self.size = 0
        self._maps: dict[str, Array] = {}
        for sheet in sorted(by_sheet):
            self._add(sheet, by_sheet[sheet])

    def _add(self, sheet: str, boxes: Iterable[Box]) -> None:
        boxes = list(boxes)
        rows, columns = max(box.bottom for box in boxes) + 1, max(box.right for box in boxes) + 1
        if rows * columns > _MOST_CELLS:
            raise UnsupportedFormulaError(
                _("formulas refer to too large a part of the sheet {sheet}").format(sheet=sheet)
            )
        used = np.zeros((columns, rows), dtype=np.bool_)
        for box in boxes:
            used[box.left : box.right + 1, box.top : box.bottom + 1] = True
        numbered = np.where(used, np.cumsum(used).reshape(used.shape) - 1 + self.size, -1)
        self.size += int(used.sum())
        self._maps[sheet] = numbered.T

    def of(self, sheet: str, rows: Array, columns: Array) -> Array:
        """Return the places of cells."""
        return self._maps[sheet][rows, columns]

    def one(self, address: Address, row: int, column: int) -> int:
        """Return the place of one cell, -1 where no formula needs it."""
        known = self._maps.get(address[0])
        if known is None or row >= known.shape[0] or column >= known.shape[1]:
            return -1
        return int(known[row, column])

    def sheets(self) -> Iterable[tuple[str, Array]]:
        """Yield each sheet with the places of its rows and columns, -1 where there is none."""
        return self._maps.items()
