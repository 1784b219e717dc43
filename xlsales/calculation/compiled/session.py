"""A template compiled: the formulas of many planners calculated at once, with NumPy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from xlsales.calculation.compiled.account import Account
from xlsales.calculation.compiled.book import Book
from xlsales.calculation.compiled.cells import Box, Places
from xlsales.calculation.compiled.division import Division, OutdatedVerdictError, Verdict
from xlsales.calculation.compiled.expressions import expression, parts
from xlsales.calculation.compiled.groups import Group, Shapes
from xlsales.calculation.compiled.inputs import Inputs
from xlsales.calculation.compiled.order import Block, CircularError, Readers, blocks, reached, seeing
from xlsales.calculation.compiled.reading import Expression, Reader, Run
from xlsales.calculation.compiled.rest import Rest
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.tree import UnsupportedFormulaError, references
from xlsales.calculation.compiled.values import Value
from xlsales.calculation.session import Session
from xlsales.cells.arrays import BLANK, NUMBER, Array, CellArrays, TextIds, coded, objects
from xlsales.cells.references import row_and_column
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.memory import uncollected
from xlsales.texts import _
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template

_TRIAL = 2  # planners
_Compiled: TypeAlias = "tuple[Block, Any, Expression]"
_Reasons: TypeAlias = dict[Address, str]
_Failed: TypeAlias = "tuple[Array, str]"  # the places of formulas, and the reason


class Compiled:
    """A template whose formulas are compiled, but for those that the calculation engine calculates for each planner.

    Its `verdict` is what was found out about the formulas, to be given to another process.
    """

    def __init__(self, template: Template, as_of: dt.date | None = None, verdict: Verdict | None = None) -> None:
        """Compile a template.

        `as_of` is the day that TODAY() and NOW() take for today. A `verdict` is what the same template, compiled for
        the same day, has found out.
        """
        self.addresses = tuple(template.formulas)
        with uncollected():
            try:
                self._open(template, as_of, verdict)
            except OutdatedVerdictError:
                self._open(template, as_of, None)

    def _open(self, template: Template, as_of: dt.date | None, verdict: Verdict | None) -> None:
        self._division = Division(template, as_of, verdict or Session(template, as_of, exact=False))
        book = Book(template)
        shapes = Shapes(template.formulas, book.named)
        self._division.add(shapes.reasons)
        while not self._prepare(template, book, shapes):
            continue
        self._rest = self._opened_rest(template) if self.slow else None
        reads = self._rest.reads if self._rest else 0
        found = self._division.verdict
        self.verdict = found if found.handed_over == reads else replace(found, handed_over=reads)

    @property
    def slow(self) -> Mapping[Address, str]:
        """The formulas that the calculation engine calculates, each with the reason."""
        return self._division.slow

    @property
    def left(self) -> Mapping[Address, str]:
        """The formulas that are left for Excel whatever the inputs, each with the reason."""
        return self._division.left

    @property
    def account(self) -> Account:
        """What becomes of the formulas, and at what cost."""
        return self.verdict.account

    @property
    def text_ids(self) -> TextIds:
        """The ids of the template's texts, the same in every calculation."""
        return self._texts.ids

    def calculated(self, many: Sequence[Mapping[Address, InputValue]]) -> list[list[CellValue]]:
        """Return the value of every formula for each planner's inputs, in the order of `addresses`.

        A planner's values do not depend on the others that are calculated with it, to the last bit. None stands for
        what Excel is left to calculate.
        """
        return self.given(many).values(self.addresses) if many else []

    def given(self, many: Sequence[Mapping[Address, InputValue]]) -> Calculated:
        """Return all cells of some planners, each given by what stands in its input cells."""
        return self._filled(len(many), lambda run: self._inputs.fill_cells(run, many))

    def placed(self, addresses: Sequence[Address]) -> Array:
        """Return the places of input cells, -1 for cells that are none; for `given_arrays`."""
        return self._inputs.placed(addresses)

    def given_arrays(self, places: Array, many: Sequence[CellArrays]) -> Calculated:
        """Return all cells of some planners, each given by what stands in the input cells at these places."""
        return self._filled(len(many), lambda run: self._inputs.fill_arrays(run, places, many))

    def filled(self, fillings: Sequence[Filling]) -> Calculated:
        """Return all cells of some planners, inputs and formulas."""
        return self._filled(len(fillings), lambda run: self._inputs.fill(run, fillings))

    def _filled(self, planners: int, fill: Callable[[Run], None]) -> Calculated:
        run = self._new_run(planners, thorough=False)
        fill(run)
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            for _block, rows, calculate in self._blocks:
                _keep(run, rows, calculate(run))
        if self._rest is not None:
            self._rest.fill(run)
        return Calculated(run, self._located)

    def _opened_rest(self, template: Template) -> Rest:
        given = list({**dict.fromkeys(template.inputs()), **dict.fromkeys(self.addresses)})
        given = [address for address in given if address not in self._division]
        return Rest(self._division.session, list(self.slow), given, self._located)

    def _prepare(self, template: Template, book: Book, shapes: Shapes) -> bool:
        """Compile what is not known to be in the way; return False where more was found to be."""
        groups = shapes.groups(self._division)
        inputs = list(dict.fromkeys(template.inputs()))
        boxes, reasons = _boxes(groups, [*inputs, *self.addresses], book)
        if reasons:
            return self._refused(reasons)
        places = Places(boxes)
        reasons = _locate(groups, places)
        if reasons:
            return self._refused(reasons)
        formulas = dict(zip(self.addresses, places.all_of(self.addresses), strict=True))
        located = dict(zip(inputs, places.all_of(inputs), strict=True))
        self._located = located | formulas
        reasons = self._reading_others(groups, formulas, places.size)
        if reasons:
            return self._refused(reasons)
        self._inputs = Inputs(located)
        self._hold_all(template, book, places, located, formulas)
        self._addresses_by_place = {place: address for address, place in formulas.items()}
        self._readers = Readers(groups, places.size)
        self._changing = reached(groups, located.values(), places.size, self._readers)
        return self._compile(groups) and self._try()

    def _refused(self, reasons: _Reasons) -> bool:
        self._division.add(reasons)
        return not reasons

    def _held(self, places: Iterable[Array]) -> bool:
        """Take formulas that no input reaches for constants; return False where that changes others."""
        new = [address for some in places for address in self._at(some) if address not in self._division]
        return not new or self._division.hold(new)

    def _reading_others(self, groups: Sequence[Group], formulas: Mapping[Address, int], size: int) -> _Reasons:
        """Return formulas that read what is not compiled and may change, should the engine not know of any."""
        others = np.zeros(size, dtype=np.bool_)
        others[[formulas[address] for address in (*self.slow, *self.left)]] = True
        message = _("it depends on a formula that is not compiled")
        return {address: message for group, members in seeing(groups, others) for address in group.some(members)}

    def _hold_all(
        self,
        template: Template,
        book: Book,
        places: Places,
        inputs: Mapping[Address, int],
        formulas: Mapping[Address, int],
    ) -> None:
        """Put what the template has into all cells."""
        self._texts = Texts()
        self._base_numbers = np.zeros(places.size)
        self._base_kinds = np.full(places.size, BLANK, dtype=np.int8)
        self._hold(book.cells(places))
        self._hold((place, template.defaults.get(address)) for address, place in inputs.items())
        values = {**self._division.defaults, **self._division.constants, **dict.fromkeys((*self.slow, *self.left))}
        self._hold((formulas[address], value) for address, value in values.items())

    def _hold(self, cells: Iterable[tuple[int, Any]]) -> None:
        for place, value in cells:
            self._base_kinds[place], self._base_numbers[place] = coded(value, self._texts.ids)

    def _compile(self, groups: Sequence[Group]) -> bool:
        """Compile the formulas, those that depend on no input for the trial only; return False where one cannot be."""
        reader = Reader(self._base_numbers, self._base_kinds, self._changing)
        self._blocks, failed = self._blocks_of(groups, self._changing, reader)
        if failed:
            return self._refused({one: reason for places, reason in failed for one in self._at(places)})
        reader = Reader(self._base_numbers, self._base_kinds, np.ones_like(self._changing), reader.slots)
        self._fixed, failed = self._blocks_of(groups, ~self._changing, reader)
        self._slots = len(reader.slots)
        return self._held(places for places, _reason in failed)

    def _blocks_of(
        self, groups: Sequence[Group], wanted: Array, reader: Reader
    ) -> tuple[list[_Compiled], list[_Failed]]:
        """Return formulas compiled, and those that cannot be."""
        found: list[_Compiled] = []
        failed: list[_Failed] = []
        try:
            ordered = blocks(groups, wanted, self._readers)
        except CircularError as error:
            return [], [(error.places, _("it depends on itself"))]
        for block in chain.from_iterable(map(parts, ordered)):
            try:
                found.append((block, _rows(block.places), expression(block, reader, self._texts)))
            except UnsupportedFormulaError as error:
                failed.append((block.places, str(error)))
        return found, failed

    def _at(self, places: Array) -> list[Address]:
        return [self._addresses_by_place[place] for place in places.tolist()]

    def _try(self) -> bool:
        """Calculate once, both sides of every IF, and compare with the calculation engine; return whether it agrees."""
        run = self._new_run(_TRIAL, thorough=True)
        failed: list[_Failed] = []
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            for block, rows, calculate in self._fixed + self._blocks:
                try:
                    _keep(run, rows, calculate(run))
                except (NotImplementedError, ValueError, TypeError, IndexError) as error:
                    failed.append((block.places, str(error)))
        self._fixed = []
        changing = [(places, reason) for places, reason in failed if self._changing[places].any()]
        if changing:
            return self._refused({one: reason for places, reason in changing for one in self._at(places)})
        if not self._held(places for places, _reason in failed):
            return False
        compiled = [address for address in self.addresses if address not in self._division]
        wanted = self._division.defaults
        return self._refused(
            {
                address: _("it gives {found} where the calculation engine gives {wanted}").format(
                    found=value, wanted=wanted[address]
                )
                for found in Calculated(run, self._located).values(compiled)
                for address, value in zip(compiled, found, strict=True)
                if not _alike(value, wanted[address])
            }
        )

    def _new_run(self, planners: int, *, thorough: bool) -> Run:
        return Run(
            planners,
            np.repeat(self._base_numbers[:, None], planners, axis=1),
            np.repeat(self._base_kinds[:, None], planners, axis=1),
            self._texts.copy(),
            [None] * self._slots,
            thorough,
        )


class Calculated:
    """The cells of some planners that were calculated together."""

    def __init__(self, run: Run, located: Mapping[Address, int]) -> None:
        self._run = run
        self._located = located

    @property
    def left(self) -> Sequence[Mapping[Address, str]]:
        """The formulas left for Excel in each planner alone, each with the reason; not what depends on them."""
        return self._run.left or [{}] * self._run.planners

    def arrays(self, addresses: Sequence[Address]) -> Iterator[CellArrays]:
        """Yield what these cells hold in each planner."""
        kinds, numbers = self._of(addresses)
        texts = self._run.texts.all
        return (CellArrays(own, values, texts) for own, values in zip(kinds, numbers, strict=True))

    def held(self, addresses: Sequence[Address]) -> tuple[Array, Array]:
        """Return kinds and numbers of these cells, a row for each planner; texts are numbered as in `text_ids`."""
        return self._of(addresses)

    @property
    def text_ids(self) -> Mapping[str, int]:
        """The numbers of all texts, in their order."""
        return self._run.texts.ids

    @property
    def texts(self) -> Sequence[str]:
        """All texts by their numbers."""
        return self._run.texts.all

    def values(self, addresses: Sequence[Address]) -> list[list[CellValue]]:
        """Return the values of these cells in each planner."""
        values: list[list[CellValue]] = objects(*self._of(addresses), self._run.texts.all).tolist()
        return values

    def _of(self, addresses: Sequence[Address]) -> tuple[Array, Array]:
        places = np.fromiter(map(self._located.__getitem__, addresses), dtype=np.intp, count=len(addresses))
        kinds, numbers = (np.ascontiguousarray(held[places].T) for held in (self._run.kinds, self._run.numbers))
        numbers += 0.0  # Excel shows no -0
        return kinds, numbers


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


def _boxes(groups: Sequence[Group], cells: Iterable[Address], book: Book) -> tuple[list[Box], _Reasons]:
    """Return all that formulas and some other cells need room for; formulas that cannot have it, with the reason."""
    boxes = [Box(sheet, row, column, row, column) for sheet, cell in cells for row, column in (row_and_column(cell),)]
    reasons: _Reasons = {}
    for group in groups:
        try:
            for one in references(group.node):
                book.check(one)
            boxes += group.boxes()
        except UnsupportedFormulaError as error:
            reasons |= dict.fromkeys(group.addresses, str(error))
    return boxes, reasons


def _locate(groups: Sequence[Group], places: Places) -> _Reasons:
    reasons: _Reasons = {}
    for group in groups:
        try:
            group.locate(places)
        except UnsupportedFormulaError as error:
            reasons |= dict.fromkeys(group.addresses, str(error))
    return reasons
