"""Formulas that differ only in where they stand, gathered, with all that each of them refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from xlsales.calculation.compiled.cells import Box, Places
from xlsales.calculation.compiled.tree import Cells, Corner, Node, UnsupportedFormulaError, canonical, references, tree
from xlsales.cells.arrays import Array
from xlsales.cells.columns import get_column_letter
from xlsales.cells.copies import Copies
from xlsales.cells.references import row_and_column
from xlsales.cells.values import Address
from xlsales.texts import _
from xlsales.workbook.formula_cells import answered

_MOST_CELLS = 500_000  # of a range: a list of 10,000 deals with all its columns
_LOOSE = 2  # cells around ranges for each cell in them: where there are more, the ranges are taken one by one


@dataclass
class Access:
    """The places that a reference means to each cell of a group."""

    places: Array  # (cells,) of single cells; (1 or cells, rows, columns) of ranges
    until: Array | None = None  # (cells,): how many rows each sees, where a range grows with its cell

    @property
    def is_range(self) -> bool:
        """Whether it is a range."""
        return self.places.ndim == 3

    def of(self, members: Array) -> Access:
        """Return the same for some of the cells."""
        some = self.places if self.is_range and self.places.shape[0] == 1 else self.places[members]
        return Access(some, None if self.until is None else self.until[members])


@dataclass
class Group:
    """Formulas of one shape on one sheet."""

    sheet: str
    node: Node
    rows: Array
    columns: Array
    places: Array = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    accesses: Sequence[Access] = ()  # in the order in which the tree has its references

    def boxes(self) -> Iterator[Box]:
        """Yield all that the group needs: its own cells and the boxes around its references."""
        for row, column in zip(self.rows.tolist(), self.columns.tolist(), strict=True):
            yield Box(self.sheet, row, column, row, column)
        for cells in references(self.node):
            top, left, bottom, right = self.corners(cells)
            if top.min() < 1 or left.min() < 1:
                raise UnsupportedFormulaError(_("a reference leaves the sheet"))
            sheet = cells.sheet or self.sheet
            if int((bottom - top).max() + 1) * int((right - left).max() + 1) > _MOST_CELLS:
                raise UnsupportedFormulaError(_("a range has too many cells"))
            around = Box(sheet, int(top.min()), int(left.min()), int(bottom.max()), int(right.max()))
            if around.size <= _LOOSE * int(((bottom - top + 1) * (right - left + 1)).sum()):
                yield around
                continue
            corners = zip(top.tolist(), left.tolist(), bottom.tolist(), right.tolist(), strict=True)
            yield from dict.fromkeys(Box(sheet, *four) for four in corners)

    def some(self, members: Array) -> list[Address]:
        """Return the addresses of some of its cells."""
        addresses = self.addresses
        return [addresses[member] for member in members.tolist()]

    @property
    def addresses(self) -> list[Address]:
        """Its cells."""
        cells = zip(self.rows.tolist(), self.columns.tolist(), strict=True)
        return [(self.sheet, f"{get_column_letter(column)}{row}") for row, column in cells]

    def corners(self, cells: Cells) -> tuple[Array, Array, Array, Array]:
        """Return the first row, first column, last row and last column that each cell of the group sees."""
        top, left = self._corner(cells.first)
        bottom, right = self._corner(cells.last)
        return np.minimum(top, bottom), np.minimum(left, right), np.maximum(top, bottom), np.maximum(left, right)

    def _corner(self, corner: Corner) -> tuple[Array, Array]:
        rows = np.full_like(self.rows, corner.row) if corner.fixed_row else self.rows + corner.row
        columns = np.full_like(self.columns, corner.column) if corner.fixed_column else self.columns + corner.column
        return rows, columns

    def locate(self, places: Places) -> None:
        """Find its cells and references."""
        self.places = places.of(self.sheet, self.rows, self.columns)
        self.accesses = [self._access(cells, places) for cells in references(self.node)]

    def _access(self, cells: Cells, places: Places) -> Access:
        top, left, bottom, right = self.corners(cells)
        sheet = cells.sheet or self.sheet
        if not cells.is_range:
            return Access(places.of(sheet, top, left))
        if _same(left) and _same(right) and _same(top):
            rows = np.arange(top[0], bottom.max() + 1)
            columns = np.arange(left[0], right[0] + 1)
            until = None if _same(bottom) else bottom - top + 1
            return Access(places.of(sheet, rows[:, None], columns[None, :])[None], until)
        if _same(bottom - top) and _same(right - left):
            rows = top[:, None, None] + np.arange(bottom[0] - top[0] + 1)[None, :, None]
            columns = left[:, None, None] + np.arange(right[0] - left[0] + 1)[None, None, :]
            return Access(places.of(sheet, rows, columns))
        raise UnsupportedFormulaError(_("a range grows in a way that is not supported"))


def _same(numbers: Array) -> bool:
    return bool((numbers == numbers[0]).all())


class _Moved:
    """Formulas as they would read in the anchor cell, each copy in a column told by the first."""

    def __init__(self) -> None:
        self._copies = Copies()
        self._known: dict[Hashable, str] = {}

    def canonical(self, formula: str, row: int, column: int) -> str:
        """Return a formula as it would read there; one that cannot be moved is refused."""
        form = self._copies.form(formula, row), column
        found = self._known.get(form)
        if found is None:
            found = self._known[form] = canonical(formula, row, column)
        return found


class Shapes:
    """Formulas by their shape, each shape read once; what cannot be read has a reason."""

    def __init__(self, formulas: Mapping[Address, str], named: Callable[[str, str], Cells | None]) -> None:
        self.reasons: dict[Address, str] = {}
        found: defaultdict[tuple[str, str], list[Address]] = defaultdict(list)
        moved = _Moved()
        for address, formula in formulas.items():
            try:
                told = answered(formula, address[0], formulas)
                found[address[0], moved.canonical(told, *row_and_column(address[1]))].append(address)
            except UnsupportedFormulaError as error:
                self.reasons[address] = str(error)
        self._members: list[tuple[Node, list[Address]]] = []
        for (sheet, formula), addresses in found.items():
            try:
                self._members.append((tree(formula, partial(named, sheet)), addresses))
            except UnsupportedFormulaError as error:
                self.reasons |= dict.fromkeys(addresses, str(error))

    def groups(self, without: Container[Address]) -> list[Group]:
        """Return the formulas in groups, `without` some of them."""
        groups = []
        for node, members in self._members:
            addresses = [address for address in members if address not in without]
            if addresses:
                own = [row_and_column(cell) for _sheet, cell in addresses]
                rows, columns = zip(*sorted(own, key=lambda cell: (cell[1], cell[0])), strict=True)
                groups.append(Group(addresses[0][0], node, np.array(rows), np.array(columns)))
        return groups
