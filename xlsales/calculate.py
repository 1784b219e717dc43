"""A calculation session: inputs in, every formula's value out, the sales functions included."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

import formualizer
from openpyxl.utils.cell import coordinate_to_tuple

from xlsales.engine_limits import left_for_excel
from xlsales.excel.values import Address, CellValue, InputValue, serial
from xlsales.functions import CATALOGUE, CellError, SalesFunction
from xlsales.functions.errors import DIV0, NA, NAME, NULL, NUM, REF, VALUE
from xlsales.template import Template, parse

_ERRORS = {
    "Div": DIV0,
    "Na": NA,
    "Name": NAME,
    "Null": NULL,
    "Num": NUM,
    "Ref": REF,
    "Value": VALUE,
    "Spill": "#SPILL!",
    "Calc": "#CALC!",
}
_KINDS = {code: kind for kind, code in _ERRORS.items()}


class Session:
    """A template opened for calculation; each planner starts from the template's own inputs."""

    def __init__(self, template: Template, as_of: dt.date | None = None) -> None:
        """Open a template; `as_of` is the day that TODAY() and NOW() take for today."""
        self.addresses = tuple(template.formulas)
        self._workbook = formualizer.Workbook.from_bytes(template.package, config=_configuration())
        register_functions(self._workbook)
        if as_of is not None:
            self._workbook.set_deterministic_clock(dt.datetime.combine(as_of, dt.time(), dt.UTC))
        self._inputs = {address: template.defaults.get(address) for address in template.inputs()}
        self._located = {address: coordinate_to_tuple(address[1]) for address in self._inputs}
        self._held = dict(self._inputs)
        self._boxes = _boxes(self.addresses)
        self.left_for_excel = left_for_excel(template, self._workbook)
        self._left = [index for index, address in enumerate(self.addresses) if address in self.left_for_excel]

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
        self._workbook.evaluate_all()
        values = [value for sheet in self._boxes for value in self._read(*sheet)]
        for index in self._left:
            values[index] = None
        return values

    def _set(self, changed: Mapping[Address, InputValue]) -> None:
        """Set cells, those of one column that follow one another in one call: each call costs as much as ten cells."""
        columns: defaultdict[tuple[str, int], list[tuple[int, InputValue]]] = defaultdict(list)
        for address, value in changed.items():
            row, column = self._located[address]
            columns[address[0], column].append((row, value))
        for (sheet, column), cells in columns.items():
            cells.sort(key=itemgetter(0))
            for run in _runs(cells):
                data = [[_engine_value(value)] for _row, value in run]
                self._workbook.set_values_batch(sheet, run[0][0], column, data)

    def _read(self, sheet: str, box: Box, cells: Sequence[tuple[int, int]]) -> Iterator[CellValue]:
        area = formualizer.RangeAddress(sheet, *box)
        rows = self._workbook.sheet(sheet).get_values(area)
        top, left = box[0], box[1]
        return (cell_value(rows[row - top][column - left]) for row, column in cells)


Box: TypeAlias = tuple[int, int, int, int]  # first row, first column, last row, last column


def _configuration() -> formualizer.WorkbookConfig:
    settings = formualizer.EvaluationConfig()
    settings.enable_parallel = False  # every processor has a worker of its own
    return formualizer.WorkbookConfig(eval_config=settings, enable_changelog=False)


def _boxes(addresses: Sequence[Address]) -> list[tuple[str, Box, list[tuple[int, int]]]]:
    """Return, for each run of addresses on one sheet, the range around them and their places."""
    found = []
    for sheet, run in groupby(addresses, key=itemgetter(0)):
        cells = [coordinate_to_tuple(cell) for _sheet, cell in run]
        rows, columns = [row for row, _column in cells], [column for _row, column in cells]
        found.append((sheet, (min(rows), min(columns), max(rows), max(columns)), cells))
    return found


def _runs(cells: Sequence[tuple[int, InputValue]]) -> list[list[tuple[int, InputValue]]]:
    runs: list[list[tuple[int, InputValue]]] = []
    for cell in cells:
        if runs and runs[-1][-1][0] + 1 == cell[0]:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


def _engine_value(value: InputValue) -> float | str | None:
    if isinstance(value, dt.date):
        return float(serial(value))
    return float(value) if isinstance(value, int) else value


def blank_values(package: bytes) -> dict[Address, CellValue]:
    """Return the values of a workbook's formulas as it stands."""
    return Session(parse(package, "template")).values({})


def register_functions(workbook: formualizer.Workbook) -> None:
    """Let the formulas of a workbook call the sales functions."""
    for function in CATALOGUE.values():
        workbook.register_function(function.name, partial(_call, function), min_args=0, max_args=None)


def _call(function: SalesFunction, *arguments: Any) -> Any:
    return _sent(function.call_cells(*(_received(argument) for argument in arguments)))


def _received(value: Any) -> Any:
    """Return what the engine hands to a function, errors as CellError."""
    match value:
        case {"type": "Error", "kind": kind}:
            return CellError(_ERRORS.get(kind, VALUE))
        case list():
            return [_received(cell) for cell in value]
        case _:
            return value


def _sent(value: Any) -> Any:
    """Return a function's result as the engine takes it."""
    match value:
        case CellError():
            return formualizer.LiteralValue.error(_KINDS.get(value.code, "Value"), value.message)
        case list():
            return [[_sent(cell) for cell in row] for row in value]
        case _:
            return value


def cell_value(value: Any) -> CellValue:
    """Return a formula's result as a cell holds it."""
    match value:
        case {"type": "Error", "kind": kind}:
            return CellError(_ERRORS.get(kind, VALUE))
        case None:
            return 0.0  # a reference to a blank cell, as Excel shows it
        case dt.datetime() | dt.date():
            return float(serial(value))
        case bool() | str() | float():
            return value
        case int():
            return float(value)
        case _:
            raise TypeError(f"the calculation engine gave {value!r}, which no cell can hold")
