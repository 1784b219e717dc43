"""A calculation session: inputs in, every formula's value out, the sales functions included."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import isfinite
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

import formualizer

from xlsales.calculation.engine.calculation import Calculation
from xlsales.calculation.engine.package import known_as
from xlsales.calculation.engine.values import cell_value, literal
from xlsales.calculation.engine.written_numbers import may_be_unlike
from xlsales.cells.columns import coordinate_to_tuple, get_column_letter
from xlsales.cells.references import Area
from xlsales.cells.values import Address, CellValue, InputValue, serial
from xlsales.functions.errors import CellError
from xlsales.texts import N_, _
from xlsales.workbook.template import Template, parse

T = TypeVar("T")
_ROOM, _LOOSE = 20_000, 8  # cells that may be read together, and how many of them for each that is wanted
_SEVERAL_CELLS = N_("its result fills several cells")


class Session:
    """A template opened for calculation; each planner starts from the template's own inputs."""

    def __init__(self, template: Template, as_of: dt.date | None = None, *, exact: bool = True) -> None:
        """Open a template; `as_of` is the day that TODAY() and NOW() take for today.

        What is not `exact` is the engine's work alone: what the compiled formulas are compared with. Otherwise a
        second engine is asked about what nothing proves, with each planner's inputs.
        """
        self.addresses = tuple(template.formulas)
        self._exact = exact
        now = None if as_of is None else dt.datetime.combine(as_of, dt.time())
        several = dict.fromkeys(_filling_several_cells(template), _(_SEVERAL_CELLS))
        self._calculation = Calculation(
            template.package,
            template.name,
            template.source,
            now,
            several,
            exact=exact,
            inputs_change=True,
            is_witnessed=exact,
            sheets=template.sheets,
        )
        self._workbook = self._calculation.workbook
        self._inputs = {address: template.defaults.get(address) for address in template.inputs()}
        self._located = {address: coordinate_to_tuple(address[1]) for address in self._inputs}
        self._held = dict(self._inputs)
        self._boxes = _boxes(self.addresses)
        self._growing = self._calculation.growing(self._inputs)
        if self._calculation.unconfirmed():
            self._calculation.leave_unconfirmed({*self._inputs, *self.affected(self._inputs)})
        causes = self._calculation.left
        self.left_for_excel = causes | self._calculation.dependents(causes)
        self.left_now: dict[Address, str] = {}  # with the last planner's inputs only, without what depends on them
        writing = self._calculation.writing
        self._writing = [index for index, address in enumerate(self.addresses) if address in writing]

    def calculate_exactly(self, addresses: Iterable[Address]) -> None:
        """Let this program's own functions calculate in some formulas from now on, even if all others are not exact."""
        self._calculation.rewrite(addresses)

    def affected(self, cells: Collection[Address]) -> dict[Address, str]:
        """Return the formulas that depend on some cells, or may with other inputs, each with the reason."""
        own = set(self.addresses)
        formulas, others = [cell for cell in cells if cell in own], [cell for cell in cells if cell not in own]
        return self._calculation.affected(set(formulas), dict(_columns(others)), self._growing, self._inputs)

    def referred(self, addresses: Iterable[Address]) -> set[tuple[str, Area]]:
        """Return the cells that formulas refer to, with their sheets in lower case, or ANYWHERE."""
        return self._calculation.referred(addresses)

    def narrow(self, addresses: Sequence[Address], others: Sequence[Address], read: Collection[Address]) -> None:
        """Calculate only some formulas; the `others` are values from now on, and the cells that are `read` inputs."""
        now = dict(zip(self.addresses, map(cell_value, self._results()), strict=True))
        self._located |= {address: coordinate_to_tuple(address[1]) for address in others}
        values = {address: now[address] for address in others}
        self._set(values)
        self._calculation.keep(others)
        held: Mapping[Address, Any] = {**self._held, **values}
        self._held = {address: held[address] for address in read}
        self._inputs = dict(self._held)
        self.addresses = tuple(addresses)
        self._boxes = _boxes(self.addresses)
        self._growing = [address for address in self._growing if address not in self._calculation.kept]
        writing = self._calculation.writing
        self._writing = [index for index, address in enumerate(self.addresses) if address in writing]

    def searching_inputs(self) -> set[Address]:
        """Return the formulas that look something up approximately among inputs, which need not be in order."""
        return self._calculation.searching(self._inputs)

    def calculated(self, planners: Sequence[Mapping[Address, InputValue]]) -> list[list[CellValue]]:
        """Return the value of every formula for each planner's inputs, in the order of `addresses`.

        None stands for what Excel is left to calculate.
        """
        return [self._calculated(inputs) for inputs in planners]

    def values(self, inputs: Mapping[Address, InputValue]) -> dict[Address, CellValue]:
        """Return the value of every formula when the input cells hold `inputs`, and defaults elsewhere."""
        return dict(zip(self.addresses, self._calculated(inputs), strict=True))

    def _calculated(self, inputs: Mapping[Address, InputValue]) -> list[CellValue]:
        changed = {}
        for address, default in self._inputs.items():
            value = inputs.get(address, default)
            if value != self._held[address] or type(value) is not type(self._held[address]):
                self._held[address] = changed[address] = value
        self._set(changed)
        self._calculation.evaluate()
        found = self._results()
        left = self._left_now(found)
        if not left:
            return [cell_value(value) for value in found]
        paired = zip(self.addresses, found, strict=True)
        return [None if address in left else cell_value(value) for address, value in paired]

    def _results(self) -> list[Any]:
        """Return what the formulas give; one whose text no cell can hold gives an error to those that read it."""
        while True:
            found: list[Any] = [None] * len(self.addresses)
            for sheet, box, cells in self._boxes:
                self._read(sheet, box, cells, found)
            if not self._calculation.refuse_long_texts(zip(self.addresses, found, strict=True)):
                return found

    def _left_now(self, found: Sequence[Any]) -> Collection[Address]:
        """Return the formulas that are left for Excel with these results, some of them with these inputs only."""
        causes: dict[Address, str] = self._calculation.out_of_order() | self._calculation.filling(self._growing)
        causes |= self._calculation.doubtful() | self._calculation.unconfirmed()
        doubtful = [i for i in self._writing if type(found[i]) is str and may_be_unlike(found[i])]
        doubtful += [index for index, value in enumerate(found) if _is_no_usual_value(value)]
        if doubtful:
            texts = [value for value in self._held.values() if isinstance(value, str)]
            results = [(self.addresses[index], found[index]) for index in doubtful]
            tell = partial(self._calculation.unlike_excel, texts=texts, is_final=self._exact)
            reasons = {place: tell(place, value) for place, value in results}
            causes = {place: reason for place, reason in reasons.items() if reason} | causes
        self.left_now = {place: why for place, why in causes.items() if place not in self.left_for_excel}
        dependents = self._calculation.dependents(self.left_now)
        return self.left_for_excel.keys() | self.left_now.keys() | dependents.keys()

    def _set(self, changed: Mapping[Address, InputValue | CellValue]) -> None:
        """Set cells, those of one column that follow one another in one call: each call costs as much as ten cells."""
        columns: defaultdict[tuple[str, int], list[tuple[int, InputValue | CellValue]]] = defaultdict(list)
        for address, value in changed.items():
            row, column = self._located[address]
            columns[address[0], column].append((row, value))
        for (sheet, column), cells in columns.items():
            cells.sort(key=itemgetter(0))
            for run in _runs(cells):
                data = [[_engine_value(value)] for _row, value in run]
                self._workbook.set_values_batch(known_as(sheet), run[0][0], column, data)

    def _read(self, sheet: str, box: Box, cells: Sequence[Cell], found: list[Any]) -> None:
        area = formualizer.RangeAddress(known_as(sheet), *box)
        rows = self._workbook.sheet(known_as(sheet)).get_values(area)
        top, left = box[0], box[1]
        for row, column, index in cells:
            found[index] = rows[row - top][column - left]


Box: TypeAlias = tuple[int, int, int, int]  # first row, first column, last row, last column
Cell: TypeAlias = tuple[int, int, int]  # row, column, place among all


def _is_no_usual_value(value: Any) -> bool:
    return value is None or type(value) is dict or (type(value) is float and not isfinite(value))


def _columns(cells: Iterable[Address]) -> Iterator[tuple[Address, Area]]:
    """Yield cells of one column that follow one another as one area, with the first of them."""
    columns: defaultdict[tuple[str, int], list[tuple[int, None]]] = defaultdict(list)
    for sheet, cell in cells:
        row, column = coordinate_to_tuple(cell)
        columns[sheet, column].append((row, None))
    for (sheet, column), rows in columns.items():
        for run in _runs(sorted(rows)):
            first, last = run[0][0], run[-1][0]
            yield (sheet, f"{get_column_letter(column)}{first}"), Area(column, first, column, last)


def _filling_several_cells(template: Template) -> Iterator[Address]:
    for address, formula in template.source.cells.items():
        if formula.area is not None and ":" in str(formula.area):
            yield address


def _boxes(addresses: Sequence[Address]) -> list[tuple[str, Box, list[Cell]]]:
    """Return the ranges around addresses that do not lie far apart, each with the cells wanted of it."""
    by_sheet: defaultdict[str, list[Cell]] = defaultdict(list)
    for index, (sheet, cell) in enumerate(addresses):
        by_sheet[sheet].append((*coordinate_to_tuple(cell), index))
    return [(sheet, _around(own), own) for sheet, cells in by_sheet.items() for own in _together(cells)]


def _together(cells: list[Cell]) -> Iterator[list[Cell]]:
    """Yield cells in parts, divided where they lie furthest apart, until few others lie between those of each part."""
    top, left, bottom, right = _around(cells)
    if (bottom - top + 1) * (right - left + 1) <= _ROOM + _LOOSE * len(cells):
        yield cells
        return
    _gap, way, limit = max(
        (after - before, way, after)
        for way in (0, 1)
        for before, after in pairwise(sorted({cell[way] for cell in cells}))
    )
    yield from _together([cell for cell in cells if cell[way] < limit])
    yield from _together([cell for cell in cells if cell[way] >= limit])


def _around(cells: Sequence[Cell]) -> Box:
    rows, columns, _indexes = zip(*cells, strict=True)
    return min(rows), min(columns), max(rows), max(columns)


def _runs(cells: Sequence[tuple[int, T]]) -> list[list[tuple[int, T]]]:
    runs: list[list[tuple[int, T]]] = []
    for cell in cells:
        if runs and runs[-1][-1][0] + 1 == cell[0]:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


def _engine_value(value: InputValue | CellValue) -> Any:
    if isinstance(value, CellError):
        return literal(value)
    if isinstance(value, dt.date):
        return float(serial(value))
    return float(value) if type(value) is int else value


def blank_values(package: bytes) -> dict[Address, CellValue]:
    """Return the values of a workbook's formulas as it stands."""
    return Session(parse(package, "template")).values({})
