"""How the formulas of a template are compiled: what is in the way is found by trying, until nothing is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from xlsales.calculation.certainty import IN_DOUBT
from xlsales.calculation.compiled.book import Book
from xlsales.calculation.compiled.calculated import Calculated, keep, new_run, rows_of
from xlsales.calculation.compiled.cells import Box, Located, Places
from xlsales.calculation.compiled.division import Division
from xlsales.calculation.compiled.expressions import expression
from xlsales.calculation.compiled.form import Base, Form, Step
from xlsales.calculation.compiled.groups import Group, Shapes
from xlsales.calculation.compiled.order import Block, CircularError, Readers, blocks, reached, seeing
from xlsales.calculation.compiled.reading import Expression, Reader
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.tree import UnsupportedFormulaError, calls, references
from xlsales.calculation.compiled.verdict import OutdatedVerdictError, Verdict
from xlsales.calculation.compiled.worksheet.table import CRITERIA
from xlsales.calculation.session import Session
from xlsales.cells.arrays import BLANK, Array, coded
from xlsales.cells.references import row_and_column
from xlsales.cells.values import Address, CellValue
from xlsales.texts import _
from xlsales.workbook.template import Template

_TRIAL = 2  # planners
_AT_ONCE = 65_536  # cells of a block times cells of a range, for each planner
_Compiled: TypeAlias = "tuple[Step, Any, Expression]"
_Reasons: TypeAlias = dict[Address, str]
_Failed: TypeAlias = "tuple[Array, str]"  # the places of formulas, and the reason


def compilation(template: Template, as_of: dt.date | None, verdict: Verdict | None) -> Compilation:
    """Compile a template, as far as a verdict says or as it turns out."""
    try:
        return Compilation(template, as_of, verdict)
    except OutdatedVerdictError:
        return Compilation(template, as_of, None)


class Compilation:
    """A template compiled, with how its formulas are divided."""

    def __init__(self, template: Template, as_of: dt.date | None, verdict: Verdict | None) -> None:
        """Compile what can be."""
        self.addresses = tuple(template.formulas)
        self.division = Division(template, as_of, verdict or Session(template, as_of, exact=False))
        book = Book(template)
        shapes = Shapes(template.formulas, book.named)
        self.division.add(shapes.reasons)
        while not self._prepare(template, book, shapes):
            continue

    @property
    def form(self) -> Form:
        """What was compiled."""
        steps = [step for step, _rows, _expression in self._blocks]
        return Form(
            self._places, self._inputs, self._base, self.texts.all, steps, self._slots, dict(self.division.left)
        )

    @property
    def steps(self) -> list[tuple[Any, Expression]]:
        """The rows of each step, and what calculates them."""
        return [(rows, calculate) for _step, rows, calculate in self._blocks]

    def _prepare(self, template: Template, book: Book, shapes: Shapes) -> bool:
        """Compile what is not known to be in the way; return False where more was found to be."""
        groups = shapes.groups(self.division)
        inputs = list(dict.fromkeys(template.inputs()))
        boxes, reasons = _boxes(groups, [*inputs, *self.addresses], book)
        if reasons:
            return self._refused(reasons)
        self._places = places = Places.around(boxes)
        reasons = _locate(groups, places)
        if reasons:
            return self._refused(reasons)
        formulas = dict(zip(self.addresses, places.all_of(self.addresses), strict=True))
        located = dict(zip(inputs, places.all_of(inputs), strict=True))
        reasons = self._reading_others(groups, formulas, places.size)
        if reasons:
            return self._refused(reasons)
        self._inputs = np.zeros(places.size, dtype=np.bool_)
        self._inputs[[*located.values()]] = True
        self._hold_all(template, book, places, located, formulas)
        self._addresses_by_place = {place: address for address, place in formulas.items()}
        self._readers = Readers(groups, places.size)
        self._changing = reached(groups, located.values(), places.size, self._readers)
        return self._compile(groups) and self._try()

    def _refused(self, reasons: _Reasons) -> bool:
        self.division.add(reasons)
        return not reasons

    def _held(self, places: Iterable[Array]) -> bool:
        """Take formulas that no input reaches for constants; return False where that changes others."""
        new = [address for some in places for address in self._at(some) if address not in self.division]
        return not new or self.division.hold(new)

    def _reading_others(self, groups: Sequence[Group], formulas: Mapping[Address, int], size: int) -> _Reasons:
        """Return formulas that read what is not compiled and may change, should the engine not know of any."""
        others = np.zeros(size, dtype=np.bool_)
        others[[formulas[address] for address in (*self.division.slow, *self.division.left)]] = True
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
        self.texts = Texts()
        self._base = Base(np.zeros(places.size), np.full(places.size, BLANK, dtype=np.int8))
        self._hold(book.cells(places))
        self._hold((place, template.defaults.get(address)) for address, place in inputs.items())
        divided = self.division
        values = {**divided.defaults, **divided.constants, **dict.fromkeys((*divided.slow, *divided.left))}
        self._hold((formulas[address], value) for address, value in values.items())

    def _hold(self, cells: Iterable[tuple[int, Any]]) -> None:
        for place, value in cells:
            self._base.kinds[place], self._base.numbers[place] = coded(value, self.texts.ids)

    def _compile(self, groups: Sequence[Group]) -> bool:
        """Compile the formulas, those that depend on no input for the trial only; return False where one cannot be."""
        reader = Reader(self._changing)
        self._blocks, failed = self._blocks_of(groups, self._changing, reader)
        if failed:
            return self._refused({one: reason for places, reason in failed for one in self._at(places)})
        reader = Reader(np.ones_like(self._changing), reader.slots)
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
        for block in chain.from_iterable(map(_parts, ordered)):
            readings = [reader.reading(access) for access in block.accesses]
            step = Step(block.node, block.places, block.rows, block.columns, readings)
            try:
                found.append((step, rows_of(block.places), expression(step, self._base, self.texts)))
            except UnsupportedFormulaError as error:
                failed.append((block.places, str(error)))
        return found, failed

    def _at(self, places: Array) -> list[Address]:
        return [self._addresses_by_place[place] for place in places.tolist()]

    def _try(self) -> bool:
        """Calculate once, both sides of every IF, and compare with the calculation engine; return whether it agrees."""
        run = new_run(self._base, self.texts, self._slots, _TRIAL, thorough=True)
        failed: list[_Failed] = []
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            for step, rows, calculate in self._fixed + self._blocks:
                try:
                    keep(run, rows, calculate(run))
                    if run.doubts and not self._changing[step.places].any():
                        failed.append((step.places, _(IN_DOUBT)))
                except (NotImplementedError, ValueError, TypeError, IndexError) as error:
                    failed.append((step.places, str(error)))
                run.doubts.clear()
        self._fixed = []
        changing = [(places, reason) for places, reason in failed if self._changing[places].any()]
        if changing:
            return self._refused({one: reason for places, reason in changing for one in self._at(places)})
        if not self._held(places for places, _reason in failed):
            return False
        compiled = [address for address in self.addresses if address not in self.division]
        wanted = self.division.defaults
        return self._refused(
            {
                address: _("it gives {found} where the calculation engine gives {wanted}").format(
                    found=value, wanted=wanted[address]
                )
                for found in Calculated(run, Located(self._places)).values(compiled)
                for address, value in zip(compiled, found, strict=True)
                if not _alike(value, wanted[address])
            }
        )


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


def _parts(block: Block) -> Iterator[Block]:
    """Yield a block, in parts where a criterion for each of its cells would look at too many cells at once."""
    looked_at = max((access.places[0].size for access in block.accesses if access.is_range), default=1)
    has_criteria = any(call.name in CRITERIA for call in calls(block.node))
    return block.parts(max(1, _AT_ONCE // looked_at)) if has_criteria else iter((block,))
