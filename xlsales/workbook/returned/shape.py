"""A kind of planner that came back before: other copies are read at a glance, all values at once.

What is not plainly as it was there – another cell, another formula, a text where no plain one is – is told by None, and
the planner is read the plain way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from xlsales.cells.arrays import BLANK, Array
from xlsales.cells.values import Address
from xlsales.workbook import given_cells, properties, sheet_scan, worksheets
from xlsales.workbook.given import Given, Kind
from xlsales.workbook.returned import identity as identities
from xlsales.workbook.returned import layout as layouts
from xlsales.workbook.returned import look as looks
from xlsales.workbook.returned.cell_values import CellValues, values_of
from xlsales.workbook.returned.identity import Identity
from xlsales.workbook.returned.layout import Layout, Written
from xlsales.workbook.returned.look import Look
from xlsales.workbook.returned.reading import INPUT, Returned
from xlsales.workbook.returned.tables import ReturnedTable
from xlsales.workbook.sheet_cells import Cell

_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_MOST_ODD = 300  # cells that are read one by one
_ROW, _END_OF_ROW = b'<row r="1">', b"</row>"
_TRUTHS = ("TRUE", "FALSE", "TRUE()", "FALSE()")


@dataclass(frozen=True)
class Glanced:
    """A planner whose values were read at once; what it has beside them is the shape's."""

    name: str
    shape: Shape
    values: CellValues
    identity: Identity
    inputs: Mapping[str, Given]
    from_1904 = False

    @property
    def tables(self) -> Mapping[str, ReturnedTable]:
        """The tables, without rows."""
        return self.shape.tables

    @property
    def missing(self) -> Sequence[str]:
        """Inputs whose name has no cell any more."""
        return self.shape.missing

    def at(self, address: Address) -> Given:
        """Return what stands in a cell."""
        return self.shape.given(self.values, address)

    def named(self, name: str) -> Given | None:
        """Return what stands in a cell by its defined name; None where there is none."""
        place = self.shape.names.get(name.lower())
        return None if place is None else self.at(place)


class Shape:
    """Planners that differ in nothing but values."""

    def __init__(self, planner: Returned, look: Look, layout: Layout, cells: Sequence[Sequence[Cell]]) -> None:
        """Take what a planner that was read the plain way has."""
        self._layout = layout
        self._sheets = list(planner.worksheets.places.items())
        self._cells = list(chain.from_iterable(cells))
        self._around = [_around(look.contents[part]) for _sheet, part in self._sheets]
        addresses = [
            (sheet, cell.reference) for (sheet, _part), own in zip(self._sheets, cells, strict=True) for cell in own
        ]
        self.place_of: Mapping[Address, int] = {address: place for place, address in enumerate(addresses)}
        self.is_plain = len(self.place_of) == len(addresses)  # no cell stands there twice
        self.is_formula = np.array([bool(cell.formula) for cell in self._cells])
        self.formulas = {
            (sheet, cell): formula.text
            for sheet in planner.cells.sheets
            for cell, formula in planner.cells.formulas(sheet).items()
        }
        self.formats = [_format(cell, planner.worksheets.formats) for cell in self._cells]
        is_date = {code: Given(Kind.BLANK, None, "", "", "", code).shows_date for code in set(self.formats)}
        self.shows_date = np.array([*map(is_date.__getitem__, self.formats), False])
        self.names = planner.names
        self.inputs = {one.removeprefix(INPUT): place for one, place in self.names.items() if one.startswith(INPUT)}
        self.missing = planner.missing
        self.tables = {name: _without_rows(table) for name, table in planner.tables.items()}
        self._beneath = self._cells_beneath()

    def cell(self, address: Address) -> int:
        """Return the number of a cell; of one that planners of this shape do not have, that of a blank one."""
        return self.place_of.get(address, len(self._cells))

    def given(self, values: CellValues, address: Address) -> Given:
        """Return what stands in a cell of a planner with these values."""
        place = self.place_of.get(address)
        if place is None:
            return Given(Kind.BLANK, None, *address)
        return Given(*values.value(place), *address, self.formulas.get(address, ""), self.formats[place])

    def glanced(self, look: Look, read: Written, name: str) -> Glanced | None:
        """Return a planner of this shape; None where it is odd."""
        shared = _shared(look)
        found = values_of(read, self.is_formula, shared)
        if found is None or not self._add_odd(found, read, shared) or (found.kinds[self._beneath] != BLANK).any():
            return None
        values = CellValues(np.append(found.kinds, np.int8(BLANK)), np.append(found.numbers, 0.0), found.texts)
        inputs = _Inputs(self, values)
        identity = identities.identity(inputs, properties.of_part(look.contents[looks.PROPERTIES]))
        return Glanced(name, self, values, identity, inputs)

    def read(self, look: Look) -> Written | None:
        """Find the values of a planner; None where it is of another shape."""
        pieces = []
        for (_sheet, part), (before, after) in zip(self._sheets, self._around, strict=True):
            content = look.contents[part]
            if content.startswith(before) and content.endswith(after) and len(before) + len(after) <= len(content):
                pieces.append(memoryview(content)[len(before) : len(content) - len(after)])
                continue
            place = sheet_scan.data(content)
            if place is None or not sheet_scan.is_well_formed(content[: place[0]] + content[place[1] :]):
                return None
            pieces.append(memoryview(content)[place[0] : place[1]])
        return self._layout.read(pieces, _MOST_ODD)

    def _add_odd(self, values: CellValues, read: Written, shared: Sequence[str]) -> bool:
        """Add the cells that are written otherwise, one by one; return whether they are the same but for values."""
        texts = values.texts
        assert isinstance(texts, list)
        for place, piece in zip(read.odd.tolist(), read.pieces, strict=True):
            cell = _one_cell(piece)
            known = self._cells[place]
            if cell is None or (cell.head, cell.formula) != (known.head, known.formula):
                return False
            try:
                kind, value = given_cells.content(cell, shared, is_formula=bool(cell.formula), from_1904=False)
            except (ValueError, TypeError):
                return False
            values.kinds[place], values.numbers[place] = _CODES[kind], _number(value, texts)
        return True

    def _cells_beneath(self) -> Array:
        """Return the cells of the row beneath each table: where something stands there, it belongs to the table."""
        places = [
            self.cell((table.sheet, f"{letter}{table.last + 1}"))
            for table in self.tables.values()
            for letter in table.letters.values()
        ]
        return np.array([place for place in places if place < len(self._cells)], dtype=np.intp)


class _Inputs(Mapping[str, Given]):
    """What stands in single inputs, looked up when it is asked for."""

    def __init__(self, shape: Shape, values: CellValues) -> None:
        self._shape, self._values = shape, values

    def __getitem__(self, name: str) -> Given:
        return self._shape.given(self._values, self._shape.inputs[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._shape.inputs)

    def __len__(self) -> int:
        return len(self._shape.inputs)


_CODES = {
    Kind.BLANK: 1,
    Kind.NUMBER: 2,
    Kind.TEXT: 4,
    Kind.EMPTY_TEXT: 4,
    Kind.BOOLEAN: 8,
    Kind.ERROR: 16,
    Kind.NOT_CALCULATED: 32,
}


def learned(planner: Returned, look: Look) -> Shape | None:
    """Return the shape of a planner that was read the plain way; None where others like it have to be read so, too."""
    is_usual = (
        not planner.cells.from_1904
        and all(table.is_excel_table and not table.beneath for table in planner.tables.values())
        and sorted(planner.worksheets.places.values()) == sorted(look.sheets)
    )
    if not is_usual or not _reads_the_same(planner, look):
        return None
    found = layouts.learned([look.contents[part] for part in planner.worksheets.places.values()])
    if found is None:
        return None
    shape = Shape(planner, look, *found)
    is_plain = shape.is_plain and not any(
        formula.strip().upper().replace(" ", "") in _TRUTHS for formula in shape.formulas.values()
    )
    return shape if is_plain else None


def _reads_the_same(planner: Returned, look: Look) -> bool:
    """Whether the parts that a glance takes are those that the workbook names."""
    told = properties.of_part(look.contents[looks.PROPERTIES])
    return planner.worksheets.texts == _shared(look) and planner.properties == told


def _shared(look: Look) -> Sequence[str]:
    part = look.contents.get(looks.SHARED_STRINGS)
    return () if part is None else worksheets.texts_of(part)


def _around(content: bytes) -> tuple[bytes, bytes]:
    """Return what stands before the rows of a worksheet part, and behind them."""
    place = sheet_scan.data(content)
    assert place is not None
    return content[: place[0]], content[place[1] :]


def _format(cell: Cell, formats: Mapping[int, str]) -> str:
    style = _STYLE.search(cell.head)
    return formats.get(int(style[1]) if style else 0) or "General"


def _without_rows(table: ReturnedTable) -> ReturnedTable:
    return ReturnedTable(
        table.name, table.sheet, table.head, table.last, table.letters, (), table.computed, (), table.missing
    )


def _one_cell(piece: bytes) -> Cell | None:
    row = _ROW + piece + _END_OF_ROW
    found = sheet_scan.cells_of(row) if sheet_scan.is_well_formed(row) else None
    return found[0] if found is not None and len(found) == 1 else None


def _number(value: float | str | bool | None, texts: list[str]) -> float:
    if isinstance(value, str):
        texts.append(value)
        return float(len(texts) - 1)
    return float(value or 0)
