"""A kind of planner that came back before: other copies are read at a glance, all values at once.

What is not plainly as it was there – another cell, another formula, a text where no plain one is – is told by None, and
the planner is read the plain way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from xlsales.cells.arrays import BLANK, BOOL, NUMBER, Array
from xlsales.cells.values import Address
from xlsales.workbook import given_cells, limits, properties, shared_texts, sheet_formulas, sheet_scan
from xlsales.workbook.given import Given, Kind
from xlsales.workbook.returned import identity as identities
from xlsales.workbook.returned import layout as layouts
from xlsales.workbook.returned import look as looks
from xlsales.workbook.returned.cell_texts import CellTexts
from xlsales.workbook.returned.cell_values import CellValues, values_of
from xlsales.workbook.returned.identity import Identity
from xlsales.workbook.returned.known_rows import KnownRows, Place, Rows
from xlsales.workbook.returned.layout import Layout, Written
from xlsales.workbook.returned.look import Look
from xlsales.workbook.returned.reading import INPUT, Returned
from xlsales.workbook.returned.tables import Held, ReturnedTable, are_values
from xlsales.workbook.sheet_cells import Cell
from xlsales.workbook.sheet_part import SheetPart

_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_HEAD = re.compile(rb'(<c r="[A-Z]+[0-9]+")(?: s="[0-9]+")?')
_FORMULA = re.compile(rb'(?:<f(?: (?:aca|ca)="[a-z01]*")*>[^<]+</f>)?')
_MOST_ODD = 300  # cells that are read one by one
_ROW, _END_OF_ROW = b'<row r="1">', b"</row>"


class Odd(NamedTuple):
    """What a cell has that is not its shape's."""

    formula: str  # without the equals sign; "" for none
    number_format: str


@dataclass(frozen=True)
class Glanced:
    """A planner whose values were read at once; what it has beside them is the shape's, but for odd cells."""

    name: str
    shape: Shape
    values: CellValues
    identity: Identity
    inputs: Mapping[str, Given]
    odd: Mapping[int, Odd]  # by the numbers of cells
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
        return self.shape.given(self.values, address, self.odd)

    def named(self, name: str) -> Given | None:
        """Return what stands in a cell by its defined name; None where there is none."""
        place = self.shape.names.get(name.lower())
        return None if place is None else self.at(place)


class Read(NamedTuple):
    """The values of a planner, as they are written."""

    rows: Rows
    texts: CellTexts  # in rows that are not known
    unknown: Array  # those of their cells that are not known, by their places
    written: Written  # these cells
    shared: Sequence[str]


class Shape:
    """Planners that differ in nothing but values."""

    def __init__(self, planner: Returned, look: Look, layout: Layout, cells: Sequence[Sequence[Cell]]) -> None:
        """Take what a planner that was read the plain way has."""
        self._layout = layout
        self._known = KnownRows(layout)
        self._sheets = list(planner.worksheets.places.items())
        self._cells = list(chain.from_iterable(cells))
        self._around = [_around(bytes(look.sheets[part])) for _sheet, part in self._sheets]
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
        truths = [address for address, formula in self.formulas.items() if given_cells.is_truth(formula)]
        for address in truths:  # as LibreOffice writes what somebody typed
            del self.formulas[address]
        self._truths = np.array([self.place_of[address] for address in truths], dtype=np.intp)
        self.is_formula[self._truths] = False
        self._formats = planner.worksheets.formats
        self.formats = [_format(cell, planner.worksheets.formats) for cell in self._cells]
        is_date = {code: Given(Kind.BLANK, None, "", "", "", code).shows_date for code in set(self.formats)}
        self.shows_date = np.array([*map(is_date.__getitem__, self.formats), False])
        self.names = planner.names
        self.inputs = {one.removeprefix(INPUT): place for one, place in self.names.items() if one.startswith(INPUT)}
        self.missing = planner.missing
        self.tables = {name: _without_rows(table) for name, table in planner.tables.items()}
        self._beneath, self._heads = self._cells_beneath(), self._headings()

    def forget_rows(self) -> None:
        """Forget what rows hold that came before."""
        self._known = KnownRows(self._layout)

    def cell(self, address: Address) -> int:
        """Return the number of a cell; of one that planners of this shape do not have, that of a blank one."""
        return self.place_of.get(address, len(self._cells))

    def given(self, values: CellValues, address: Address, odd: Mapping[int, Odd]) -> Given:
        """Return what stands in a cell of a planner with these values and odd cells."""
        place = self.place_of.get(address)
        if place is None:
            return Given(Kind.BLANK, None, *address)
        if place in odd:
            return Given(*values.value(place), *address, *odd[place])
        return Given(*values.value(place), *address, self.formulas.get(address, ""), self.formats[place])

    def read(self, look: Look) -> Read | None:
        """Find the values of a planner; None where it is of another shape."""
        places = []
        for (_sheet, part), (before, after) in zip(self._sheets, self._around, strict=True):
            content = look.sheets[part]
            if content.startswith(before) and content.endswith(after) and len(before) + len(after) <= len(content):
                places.append(Place(content, len(before), len(content) - len(after)))
                continue
            content = bytes(content)
            place = None if limits.harm_in(content) else sheet_scan.data(content)
            if place is None or not sheet_scan.is_well_formed(content[: place[0]] + content[place[1] :]):
                return None
            places.append(Place(content, *place))
        shared = _shared(look)
        rows = self._known.divided(places, len(shared))
        if rows is None:
            return None
        texts = CellTexts.of(rows.runs, self._layout.padding)
        if texts is None or (texts.has_long_cells and any(limits.harm_in(bytes(place.content)) for place in places)):
            return None
        unknown, tags = self._known.unknown(texts, len(shared))
        written = self._layout.read(texts, unknown, tags, _MOST_ODD)
        return None if written is None else Read(rows, texts, unknown, written, shared)

    def glanced(self, look: Look, read: Read, name: str) -> Glanced | None:
        """Return a planner of this shape; None where it is odd."""
        cells, odd = read.written.cells, read.written.cells[read.written.odd]
        own = values_of(read.written, self.is_formula[cells], read.shared)
        others: dict[int, Odd] = {}
        if own is None or not self._add_odd(own, read, others):
            return None
        found = self._known.filled(read.rows, read.texts.cells, cells, own)
        if (found.kinds[self._beneath] != BLANK).any() or not self._are_truths(found):
            return None
        if not self._have_headings(found):
            return None
        if read.rows.unknown:
            regular = np.delete(read.unknown, read.written.odd)
            self._known.remember(read.rows, read.texts, regular, found, odd, len(read.shared))
        inputs = _Inputs(self, found, others)
        told = properties.of_part(look.contents[looks.PROPERTIES], identities.PROPERTIES)
        identity = identities.identity(inputs, told)
        return Glanced(name, self, found, identity, inputs, others)

    def _add_odd(self, values: CellValues, read: Read, others: dict[int, Odd]) -> bool:
        """Add the cells that are written otherwise, one by one; return whether all of them are plain ones.

        Those with another formula or another look are `others`, too.
        """
        texts = values.texts
        assert isinstance(texts, list)
        cells = read.written.cells.tolist()
        for place, piece in zip(read.written.odd.tolist(), read.written.pieces, strict=True):
            cell = _one_cell(piece)
            if cell is None:
                return False
            known = self._cells[cells[place]]
            if (cell.head, cell.formula) != (known.head, known.formula):
                other = self._other(cell, known)
                if other is None:
                    return False
                others[cells[place]] = other
            try:
                kind, value = given_cells.content(cell, read.shared, is_formula=bool(cell.formula), from_1904=False)
            except (ValueError, TypeError):
                return False
            values.kinds[place], values.numbers[place] = _CODES[kind], _number(value, texts)
        return not others or self._computes_the_same(others)

    def _other(self, cell: Cell, known: Cell) -> Odd | None:
        """Return what a cell has that another one of this shape has not; None where that is not plain."""
        heads = _HEAD.fullmatch(cell.head), _HEAD.fullmatch(known.head)
        if heads[0] is None or heads[1] is None or heads[0][1] != heads[1][1]:
            return None
        if not all(_FORMULA.fullmatch(formula) for formula in (cell.formula, known.formula)):
            return None  # shared ones are other cells', too
        found = dict(sheet_formulas.formulas(SheetPart(b"", cells={cell.reference: cell})))
        text = found[cell.reference].text if found else ""
        if bool(text) != bool(cell.formula) or given_cells.is_truth(text):
            return None
        return Odd(text, _format(cell, self._formats))

    def _computes_the_same(self, others: Mapping[int, Odd]) -> bool:
        """Whether the columns of tables that most formulas fill are still those."""
        more: Counter[tuple[str, str]] = Counter()
        for cell, odd in others.items():
            if cell in self._columns:
                more[self._columns[cell]] += bool(odd.formula) - self.has_formula(cell)
        for (name, column), count in more.items():
            table = self.tables[name]
            filled = self._filled[name, column] + count
            if (2 * filled > table.last - table.head) != (column in table.computed):
                return False
        return True

    @cached_property
    def _columns(self) -> Mapping[int, tuple[str, str]]:
        """The tables and columns of cells in tables."""
        return {
            self.cell((table.sheet, f"{letter}{row}")): (table.name, column)
            for table in self.tables.values()
            for column, letter in table.letters.items()
            for row in range(table.head + 1, table.last + 1)
        }

    @cached_property
    def _filled(self) -> Mapping[tuple[str, str], int]:
        """How many formulas each column of a table has."""
        return Counter(column for cell, column in self._columns.items() if self.has_formula(cell))

    def has_formula(self, cell: int) -> bool:
        """Whether a cell has a formula."""
        return cell < len(self._cells) and bool(self.is_formula[cell])

    def _are_truths(self, values: CellValues) -> bool:
        """Take what is written as =TRUE() for TRUE; return whether it is one."""
        kinds, numbers = values.kinds[self._truths], values.numbers[self._truths]
        values.kinds[self._truths] = BOOL
        return bool((((kinds == BOOL) | (kinds == NUMBER)) & ((numbers == 0) | (numbers == 1))).all())

    def _cells_beneath(self) -> Array:
        """Return the cells of the row beneath each table: where something stands there, it belongs to the table."""
        return self._cells_of({name: table.last + 1 for name, table in self.tables.items()})

    def _headings(self) -> Array:
        """Return the cells of each table's headings."""
        return self._cells_of({name: table.head for name, table in self.tables.items()})

    def _have_headings(self, values: CellValues) -> bool:
        """Whether headings stand above each table, and no row of it."""
        kinds = values.kinds[self._heads]
        if not ((kinds == NUMBER) | (kinds == BOOL)).any():
            return True
        return not any(are_values(self._held(values, table), table.headings) for table in self.tables.values())

    def _held(self, values: CellValues, table: ReturnedTable) -> dict[str, Held]:
        cells = {column: self.cell((table.sheet, f"{letter}{table.head}")) for column, letter in table.letters.items()}
        return {column: values.value(cell) for column, cell in cells.items() if cell < len(self._cells)}

    def _cells_of(self, rows: Mapping[str, int]) -> Array:
        """Return the cells of a row of each table, or right above or beneath it."""
        places = [
            self.cell((table.sheet, f"{letter}{rows[name]}"))
            for name, table in self.tables.items()
            for letter in table.letters.values()
        ]
        return np.array([place for place in places if place < len(self._cells)], dtype=np.intp)


class _Inputs(Mapping[str, Given]):
    """What stands in single inputs, looked up when it is asked for."""

    def __init__(self, shape: Shape, values: CellValues, odd: Mapping[int, Odd]) -> None:
        self._shape, self._values, self._odd = shape, values, odd

    def __getitem__(self, name: str) -> Given:
        return self._shape.given(self._values, self._shape.inputs[name], self._odd)

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
        and all(one.is_excel_table and one.has_headings and not one.beneath for one in planner.tables.values())
        and sorted(planner.worksheets.places.values()) == sorted(look.sheets)
    )
    if not is_usual or not _reads_the_same(planner, look):
        return None
    found = layouts.learned([bytes(look.sheets[part]) for part in planner.worksheets.places.values()])
    if found is None:
        return None
    shape = Shape(planner, look, *found)
    return shape if shape.is_plain else None


def _reads_the_same(planner: Returned, look: Look) -> bool:
    """Whether the parts that a glance takes are those that the workbook names."""
    told = properties.of_part(look.contents[looks.PROPERTIES])
    return planner.worksheets.texts == _shared(look) and planner.properties == told


def _shared(look: Look) -> Sequence[str]:
    part = look.contents.get(looks.SHARED_STRINGS)
    return () if part is None else shared_texts.texts_of(part)


def _around(content: bytes) -> tuple[bytes, bytes]:
    """Return what stands before the rows of a worksheet part, and behind them."""
    place = sheet_scan.data(content)
    assert place is not None
    return content[: place[0]], content[place[1] :]


def _format(cell: Cell, formats: Mapping[int, str]) -> str:
    style = _STYLE.search(cell.head)
    return formats.get(int(style[1]) if style else 0) or "General"


def _without_rows(table: ReturnedTable) -> ReturnedTable:
    return replace(table, rows=(), beneath=())


def _one_cell(piece: bytes) -> Cell | None:
    row = _ROW + piece + _END_OF_ROW
    found = sheet_scan.cells_of(row) if sheet_scan.is_well_formed(row) else None
    return found[0] if found is not None and len(found) == 1 else None


def _number(value: float | str | bool | None, texts: list[str]) -> float:
    if isinstance(value, str):
        texts.append(value)
        return float(len(texts) - 1)
    return float(value or 0)
