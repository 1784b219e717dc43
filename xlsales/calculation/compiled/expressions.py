"""Turns a formula's tree into the expression that calculates it for a block of cells and many planners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from xlsales.calculation.compiled import operators, reading
from xlsales.calculation.compiled.form import Base, Step
from xlsales.calculation.compiled.reading import Expression, Reading, Run
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.tree import Call, Cells, Literal, Node, Table, UnsupportedFormulaError
from xlsales.calculation.compiled.values import EMPTY, Value, error, number, of, text
from xlsales.calculation.compiled.worksheet.criteria import Criterion
from xlsales.calculation.compiled.worksheet.sales import sales
from xlsales.calculation.compiled.worksheet.table import AREAS, CRITERIA, KINDS_ONLY, LAZY, PLAIN
from xlsales.cells.arrays import BOOL
from xlsales.functions import CATALOGUE
from xlsales.texts import _

_SIGNS = ("<=", ">=", "<>", "=", "<", ">")


def expression(step: Step, base: Base, texts: Texts) -> Expression:
    """Compile a step's formula, given what cells hold without inputs; raises UnsupportedFormulaError."""
    compiler = _Compiler(step, base, texts, iter(step.readings))
    match step.node:
        case Call(name="+" | "-" as name, arguments=(left, right)):
            return _binary(operators.ENDING[name], compiler.compiled(left), compiler.compiled(right))
    return compiler.compiled(step.node)


@dataclass
class _Compiler:
    step: Step
    base: Base
    texts: Texts
    readings: Iterator[Reading]  # taken in the order of the tree

    def compiled(self, node: Node) -> Expression:
        if isinstance(node, Cells):
            return reading.expression(next(self.readings), self.base.numbers, self.base.kinds)
        if isinstance(node, Call):
            return self._call(node)
        return _constant(self._literal(node) if isinstance(node, Literal) else self._table(node))

    def _call(self, call: Call) -> Expression:
        name, count = call.name, len(call.arguments)
        if count == 2 and name in operators.BINARY:
            left, right = call.arguments
            return _binary(operators.BINARY[name], self.compiled(left), self.compiled(right))
        if count == 1 and name == "u+":
            return self.compiled(call.arguments[0])
        if count == 1 and name in operators.UNARY:
            return _unary(operators.UNARY[name], self.compiled(call.arguments[0]))
        return self._function(call)

    def _function(self, call: Call) -> Expression:
        name = call.name
        if name in ("ROW", "COLUMN", "ROWS", "COLUMNS"):
            return self._position(call)
        if name in CRITERIA:
            return self._with_criteria(call)
        arguments = [self._argument(name, argument) for argument in call.arguments]
        if name in LAZY:
            return partial(_lazy, LAZY[name], tuple(arguments))
        if name in PLAIN:
            return _plain(PLAIN[name] if name in AREAS else _of_cells(name, PLAIN[name]), tuple(arguments))
        if name in CATALOGUE:
            return _plain(lambda run, *values: sales(run, CATALOGUE[name], *values), tuple(arguments))
        raise UnsupportedFormulaError(_("{part} is not compiled").format(part=name))

    def _argument(self, function: str, node: Node) -> Expression:
        if function in KINDS_ONLY and isinstance(node, Cells):
            return reading.kinds_alone(next(self.readings), self.base.numbers, self.base.kinds)
        return self.compiled(node)

    def _literal(self, literal: Literal) -> Value:
        match literal:
            case Literal(value=str() as code, is_error=True):
                return error(code)
            case Literal(value=None):
                return EMPTY
            case Literal(value=bool() as one):
                return Value(BOOL, BOOL, float(one))
            case Literal(value=str() as one):
                return text(float(self.texts.id(one)))
            case Literal(value=one):
                return number(float(one or 0))

    def _table(self, table: Table) -> Value:
        cells = [[self._literal(cell) for cell in row] for row in table.rows]
        kinds = np.array([[cell.kind for cell in row] for row in cells], dtype=np.int8)
        numbers = np.array([[cell.number for cell in row] for row in cells])
        return of(kinds[None, :, :, None], numbers[None, :, :, None])

    def _position(self, call: Call) -> Expression:
        if not call.arguments:
            own = self.step.rows if call.name == "ROW" else self.step.columns
            return _constant(_numbered(own))
        (argument,) = call.arguments
        if not isinstance(argument, Cells):
            raise UnsupportedFormulaError(_("{function} of something that is no reference").format(function=call.name))
        next(self.readings)
        if call.name in ("ROW", "COLUMN"):
            corner, own = argument.first, (self.step.rows, self.step.columns)[call.name == "COLUMN"]
            at, fixed = (corner.row, corner.fixed_row) if call.name == "ROW" else (corner.column, corner.fixed_column)
            return _constant(_numbered(np.full_like(own, at) if fixed else own + at))
        first, last = argument.first, argument.last
        if (first.fixed_row, first.fixed_column) != (last.fixed_row, last.fixed_column):
            raise UnsupportedFormulaError(_("{function} of a range that grows").format(function=call.name))
        size = abs(last.row - first.row) if call.name == "ROWS" else abs(last.column - first.column)
        return _constant(number(size + 1.0))

    def _with_criteria(self, call: Call) -> Expression:
        function, has_sum = CRITERIA[call.name]
        arguments = list(call.arguments)
        summed = [self.compiled(arguments.pop(0))] if has_sum else []
        if len(arguments) % 2 or not arguments or (call.name == "COUNTIF" and len(arguments) > 2):
            raise UnsupportedFormulaError(_("{function} has too few or too many arguments").format(function=call.name))
        pairs = [
            (self.compiled(area), self._criterion(criterion))
            for area, criterion in zip(arguments[::2], arguments[1::2], strict=True)
        ]
        return lambda run: function(run, *summed, *pairs)

    def _criterion(self, node: Node) -> Criterion:
        """Take `">"&A1` apart, so that numbers need not be written and read again."""
        match node:
            case Call(name="&", arguments=(Literal(value=str() as sign), right)) if sign in _SIGNS:
                return Criterion(sign, self.compiled(right))
        return Criterion("", self.compiled(node))


def _constant(value: Value) -> Expression:
    return lambda run: value


def _numbered(places: Any) -> Value:
    if (places == places[0]).all():
        return number(float(places[0]))
    return number(places[:, None].astype(np.float64))


def _unary(operator: Any, operand: Expression) -> Expression:
    return lambda run: operator(run, operand(run))


def _binary(operator: operators.Operator, left: Expression, right: Expression) -> Expression:
    return lambda run: operator(run, left(run), right(run))


def _plain(function: Any, arguments: tuple[Expression, ...]) -> Expression:
    match arguments:
        case (one,):
            return lambda run: function(run, one(run))
        case (one, two):
            return lambda run: function(run, one(run), two(run))
    return lambda run: function(run, *(argument(run) for argument in arguments))


def _of_cells(name: str, function: Any) -> Any:
    def checked(run: Run, *values: Value) -> Value:
        if run.thorough and any(value.is_area for value in values):
            raise NotImplementedError(_("{function} of a range").format(function=name))
        value: Value = function(run, *values)
        return value

    return checked


def _lazy(function: Any, arguments: Sequence[Expression], run: Run) -> Value:
    value: Value = function(run, *arguments)
    if run.thorough and value.is_area:
        raise NotImplementedError(_("a choice between ranges"))
    return value
