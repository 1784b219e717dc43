"""A template compiled: the formulas of many planners calculated at once, with NumPy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from xlsales.calculation.compiled.account import Account
from xlsales.calculation.compiled.calculated import Calculated, Room, calculate, new_run, rows_of
from xlsales.calculation.compiled.cells import Located
from xlsales.calculation.compiled.doubts import leave
from xlsales.calculation.compiled.expressions import expression
from xlsales.calculation.compiled.form import Form
from xlsales.calculation.compiled.inputs import Inputs
from xlsales.calculation.compiled.reading import Expression, Run
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.verdict import Verdict
from xlsales.cells.arrays import Array, CellArrays, TextIds
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.memory import uncollected
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template

if TYPE_CHECKING:
    from xlsales.calculation.compiled.compilation import Compilation
    from xlsales.calculation.compiled.rest import Rest


class Compiled:
    """A template whose formulas are compiled, but for those that the calculation engine calculates for each planner."""

    def __init__(self, template: Template, as_of: dt.date | None = None, verdict: Verdict | None = None) -> None:
        """Compile a template.

        `as_of` is the day that TODAY() and NOW() take for today. A `verdict` is what the same template, compiled for
        the same day, has found out.
        """
        from xlsales.calculation.compiled.compilation import compilation  # with the engine, to be compared with

        with uncollected():
            found = compilation(template, as_of, verdict)
            self._take(template, found.form, found.texts, found.steps)
            self._rest: Rest | None = _rest(template, found, self._located) if found.division.slow else None
        reads = self._rest.reads if self._rest else 0
        told = found.division.verdict
        told = told if told.handed_over == reads else replace(told, handed_over=reads)
        self.slow: Mapping[Address, str] = told.slow
        self._told: Callable[[], Verdict] = lambda: told

    @classmethod
    def of(cls, template: Template, form: Form, told: Callable[[], Verdict]) -> Self:
        """Return a template that was compiled before, all of it, and who knows how it was divided when asked."""
        self = cls.__new__(cls)
        with uncollected():
            texts = Texts(form.texts)
            steps = [(rows_of(step.places), expression(step, form.base, texts)) for step in form.steps]
            self._take(template, form, texts, steps)
        self._rest = None
        self.slow = {}
        self._told = told
        return self

    def _take(self, template: Template, form: Form, texts: Texts, steps: Sequence[tuple[Any, Expression]]) -> None:
        self._template = template
        self.form = form
        self.left = form.left
        self._texts = texts
        self._steps = steps
        self._located = Located(form.places)
        self._inputs = Inputs(Located(form.places, form.inputs))

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        """The formulas, in the template's order."""
        return tuple(self._template.formulas)

    @property
    def size(self) -> int:
        """How many cells a planner has in a calculation."""
        return int(self.form.base.numbers.size)

    @cached_property
    def verdict(self) -> Verdict:
        """What was found out about the formulas, to be given to another process."""
        return self._told()

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

    def places(self, cells: Iterable[tuple[str, Array, Array]]) -> Array:
        """Return the places of inputs and formulas, given by their rows and columns, for what was calculated."""
        found = [self._located.column(*some) for some in cells]
        places = np.concatenate([np.empty(0, dtype=np.intp), *found])
        if places.size and places.min() < 0:
            raise KeyError(int(places.argmin()))
        return places

    def given_arrays(self, places: Array, many: Sequence[CellArrays], room: Room | None = None) -> Calculated:
        """Return all cells of some planners, each given by what stands in the input cells at these places.

        They stand in `room` if one is given, until it is given again.
        """
        return self._filled(len(many), lambda run: self._inputs.fill_arrays(run, places, many), room)

    def filled(self, fillings: Sequence[Filling], room: Room | None = None) -> Calculated:
        """Return all cells of some planners, inputs and formulas; in `room` as `given_arrays`."""
        return self._filled(len(fillings), lambda run: self._inputs.fill(run, fillings), room)

    def _filled(self, planners: int, fill: Callable[[Run], None], room: Room | None = None) -> Calculated:
        run = new_run(self.form.base, self._texts, self.form.slots, planners, thorough=False, room=room)
        fill(run)
        calculate(run, self._steps)
        doubtful = None
        if run.doubtful:
            doubtful, run.left = leave(run, self.form.steps, self.form.places)
        run.memory.clear()  # some 20 MB of 200 planners
        if self._rest is not None:
            self._rest.fill(run, doubtful)
        return Calculated(run, self._located, room)


def _rest(template: Template, found: Compilation, located: Located) -> Rest:
    from xlsales.calculation.compiled.rest import Rest

    given = list({**dict.fromkeys(template.inputs()), **dict.fromkeys(found.addresses)})
    given = [address for address in given if address not in found.division]
    return Rest(found.division.session, list(found.division.slow), given, located)
