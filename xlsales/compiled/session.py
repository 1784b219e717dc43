"""A template compiled: the formulas of many planners calculated at once, with NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from xlsales.calculate import Session
from xlsales.compiled.book import Book
from xlsales.compiled.cells import Box, Places
from xlsales.compiled.expressions import expression, parts
from xlsales.compiled.filling import Inputs
from xlsales.compiled.groups import Group, Unsupported, gathered
from xlsales.compiled.order import Block, CircularError, blocks, reached
from xlsales.compiled.reading import Expression, Reader, Run
from xlsales.compiled.texts import Texts
from xlsales.compiled.tree import UnsupportedFormulaError, references
from xlsales.compiled.values import Value
from xlsales.excel.cell_arrays import BLANK, NUMBER, Array, CellArrays, TextIds, coded, objects
from xlsales.excel.values import Address, CellValue, InputValue
from xlsales.plan import Filling
from xlsales.template import Template
from xlsales.texts import _

_TRIAL = 2  # planners
_Compiled: TypeAlias = "tuple[Block, Any, Expression]"


class Compiled:
    """A template whose formulas are compiled; raises Unsupported where that cannot be done."""

    def __init__(self, template: Template, session: Session | None = None) -> None:
        """Compile a template; `session` is one of it that is open already."""
        session = session or Session(template, exact=False)
        _refuse(template, session)
        self.addresses = tuple(template.formulas)
        defaults = session.calculated([{}])[0]
        self._prepare(template, dict(zip(self.addresses, defaults, strict=True)))
        self._try(defaults)

    @property
    def text_ids(self) -> TextIds:
        """The ids of the template's texts, the same in every calculation."""
        return self._texts.ids

    def calculated(self, many: Sequence[Mapping[Address, InputValue]]) -> list[list[CellValue]]:
        """Return the value of every formula for each planner's inputs, in the order of `addresses`.

        A planner's values do not depend on the others that are calculated with it, to the last bit.
        """
        if not many:
            return []
        return self._values(self._run(len(many), lambda run: self._inputs.fill_cells(run, many), thorough=False))

    def filled(self, fillings: Sequence[Filling]) -> Calculated:
        """Return all cells of some planners, inputs and formulas."""
        run = self._run(len(fillings), lambda run: self._inputs.fill(run, fillings), thorough=False)
        return Calculated(run, self._located)

    def _prepare(self, template: Template, defaults: Mapping[Address, CellValue]) -> None:
        book = Book(template)
        groups = gathered(template.formulas, book.named)
        inputs = {address: coordinate_to_tuple(address[1]) for address in template.inputs()}
        boxes = [Box(sheet, row, column, row, column) for (sheet, _cell), (row, column) in inputs.items()]
        places = _located(groups, boxes, book)
        located = {address: places.one(address, *cell) for address, cell in inputs.items()}
        self._inputs = Inputs(located)
        self._texts = Texts()
        self._base_numbers = np.zeros(places.size)
        self._base_kinds = np.full(places.size, BLANK, dtype=np.int8)
        for sheet, known in places.sheets():
            self._hold(book.cells(sheet, known))
        self._hold((located[address], template.defaults.get(address)) for address in inputs)
        self._results = np.array([places.one(address, *coordinate_to_tuple(address[1])) for address in defaults])
        self._hold(zip(self._results.tolist(), defaults.values(), strict=True))
        formulas = dict(zip(defaults, self._results.tolist(), strict=True))
        self._located = located | formulas
        changing = reached(groups, located.values(), places.size)
        self._compile(groups, changing, {place: address for address, place in formulas.items()})

    def _hold(self, cells: Iterable[tuple[int, Any]]) -> None:
        for place, value in cells:
            self._base_kinds[place], self._base_numbers[place] = coded(value, self._texts.ids)

    def _compile(self, groups: Sequence[Group], changing: Array, addresses: Mapping[int, Address]) -> None:
        """Compile the formulas, those that depend on no input for the trial only."""
        self._addresses_by_place = addresses
        self._changing = changing
        reader = Reader(self._base_numbers, self._base_kinds, changing)
        self._blocks, reasons = self._blocks_of(groups, changing, reader, addresses)
        if reasons:
            raise Unsupported(reasons)
        reader = Reader(self._base_numbers, self._base_kinds, np.ones_like(changing), reader.slots)
        self._fixed, _reasons = self._blocks_of(groups, ~changing, reader, addresses)
        self._slots = len(reader.slots)

    def _blocks_of(
        self, groups: Sequence[Group], wanted: Array, reader: Reader, addresses: Mapping[int, Address]
    ) -> tuple[list[_Compiled], dict[Address, str]]:
        """Return formulas compiled, and those that cannot be, each with the reason."""
        found: list[_Compiled] = []
        reasons: dict[Address, str] = {}
        try:
            ordered = blocks(groups, wanted)
        except CircularError as error:
            message = _("it depends on itself")
            raise Unsupported({addresses[place]: message for place in error.places.tolist()}) from error
        for block in chain.from_iterable(map(parts, ordered)):
            try:
                compiled = expression(block, reader, self._texts)
            except UnsupportedFormulaError as error:
                reasons |= {addresses[place]: str(error) for place in block.places.tolist()}
            else:
                found.append((block, _rows(block.places), compiled))
        return found, reasons

    def _try(self, defaults: Sequence[CellValue]) -> None:
        """Calculate once, both sides of every IF, and compare with the calculation engine."""
        trial = self._values(self._run(_TRIAL, _nothing, thorough=True))
        self._fixed = []
        for found in trial:
            wrong = {
                address: _("it gives {found} where the calculation engine gives {wanted}").format(
                    found=value, wanted=wanted
                )
                for address, value, wanted in zip(self.addresses, found, defaults, strict=True)
                if not _alike(value, wanted)
            }
            if wrong:
                raise Unsupported(wrong)

    def _run(self, planners: int, fill: Callable[[Run], None], *, thorough: bool) -> Run:
        run = Run(
            planners,
            np.repeat(self._base_numbers[:, None], planners, axis=1),
            np.repeat(self._base_kinds[:, None], planners, axis=1),
            self._texts.copy(),
            [None] * self._slots,
            thorough,
        )
        fill(run)
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            for block, rows, calculate in self._fixed + self._blocks if thorough else self._blocks:
                try:
                    _keep(run, rows, calculate(run))
                except (NotImplementedError, ValueError, TypeError, IndexError) as error:
                    if not thorough:
                        raise
                    if not self._changing[block.places].any():
                        continue  # the calculation engine has its values
                    reasons = {self._addresses_by_place[place]: str(error) for place in block.places.tolist()}
                    raise Unsupported(reasons) from error
        return run

    def _values(self, run: Run) -> list[list[CellValue]]:
        return Calculated(run, self._located).values(self.addresses)


class Calculated:
    """The cells of some planners that were calculated together."""

    def __init__(self, run: Run, located: Mapping[Address, int]) -> None:
        self._run = run
        self._located = located

    def arrays(self, addresses: Sequence[Address]) -> Iterator[CellArrays]:
        """Yield what these cells hold in each planner."""
        kinds, numbers = self._of(addresses)
        texts = self._run.texts.all
        return (CellArrays(own, values, texts) for own, values in zip(kinds, numbers, strict=True))

    def values(self, addresses: Sequence[Address]) -> list[list[CellValue]]:
        """Return the values of these cells in each planner."""
        values: list[list[CellValue]] = objects(*self._of(addresses), self._run.texts.all).tolist()
        return values

    def _of(self, addresses: Sequence[Address]) -> tuple[Array, Array]:
        places = np.fromiter(map(self._located.__getitem__, addresses), dtype=np.intp, count=len(addresses))
        kinds, numbers = self._run.kinds[places].T, self._run.numbers[places].T
        return np.ascontiguousarray(kinds), np.ascontiguousarray(numbers) + 0.0  # Excel shows no -0


def _nothing(_run: Run) -> None:
    """Leave the inputs as the template has them."""


def _refuse(template: Template, session: Session) -> None:
    reasons = dict(session.left_for_excel)
    message = _("it is an input cell with a formula")
    reasons |= {address: message for address in template.inputs() if address in template.formulas}
    message = _("it looks something up among inputs, which need not be in order")
    reasons |= dict.fromkeys(session.searching_inputs(), message)
    if reasons:
        raise Unsupported(reasons)


def _keep(run: Run, rows: Any, value: Value) -> None:
    """Put a block's results into its cells: a reference to a blank cell shows 0."""
    if value.is_area:
        raise NotImplementedError(_("its result fills several cells"))
    run.numbers[rows] = value.number
    run.kinds[rows] = value.kind
    if value.kinds & BLANK:
        kinds = run.kinds[rows]
        run.kinds[rows] = np.where(kinds == BLANK, np.int8(NUMBER), kinds)


def _rows(places: Array) -> Any:
    """Return places as a slice where they follow one another."""
    if (np.diff(places) == 1).all():
        return slice(int(places[0]), int(places[-1]) + 1)
    return places


def _alike(one: CellValue, other: CellValue) -> bool:
    if type(one) is float and type(other) is float:
        return abs(one - other) <= 1e-9 + 1e-12 * abs(other)
    return type(one) is type(other) and one == other


def _located(groups: Sequence[Group], boxes: list[Box], book: Book) -> Places:
    reasons: dict[Address, str] = {}
    for group in groups:
        try:
            for cells in references(group.node):
                book.check(cells)
            boxes += group.boxes()
        except UnsupportedFormulaError as error:
            reasons[group.sheet, _address(group)] = str(error)
    if reasons:
        raise Unsupported(reasons)
    try:
        places = Places(boxes)
    except UnsupportedFormulaError as error:
        raise Unsupported({(groups[0].sheet, _address(groups[0])): str(error)}) from error
    for group in groups:
        try:
            group.locate(places)
        except UnsupportedFormulaError as error:
            reasons[group.sheet, _address(group)] = str(error)
    if reasons:
        raise Unsupported(reasons)
    return places


def _address(group: Group) -> str:
    return f"{get_column_letter(int(group.columns[0]))}{group.rows[0]}"
