"""A calculation session: inputs in, every formula's value out, the sales functions included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import formualizer
from openpyxl.utils.cell import coordinate_to_tuple

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
    """A template opened for calculation; each `values` call starts from the template's own inputs."""

    def __init__(self, template: Template) -> None:
        self._workbook = formualizer.load_workbook_bytes(template.package)
        for function in CATALOGUE.values():
            self._workbook.register_function(function.name, partial(_call, function), min_args=0, max_args=None)
        self._formulas = _located(template.formulas)
        self._inputs = {address: template.defaults.get(address) for address in template.inputs()}
        self._held = dict(self._inputs)

    def values(self, inputs: Mapping[Address, InputValue]) -> dict[Address, CellValue]:
        """Return the value of every formula when the input cells hold `inputs`, and defaults elsewhere."""
        for address, default in self._inputs.items():
            value = inputs.get(address, default)
            if value != self._held[address]:
                self._set(address, value)
                self._held[address] = value
        self._workbook.evaluate_all()
        return {
            address: _cell_value(self._workbook.get_value(address[0], row, column))
            for address, (row, column) in self._formulas.items()
        }

    def _set(self, address: Address, value: InputValue) -> None:
        row, column = coordinate_to_tuple(address[1])
        cell = serial(value) if isinstance(value, dt.date) else value
        self._workbook.set_value(address[0], row, column, float(cell) if isinstance(cell, int) else cell)


def blank_values(package: bytes) -> dict[Address, CellValue]:
    """Return the values of a workbook's formulas as it stands."""
    return Session(parse(package, "template")).values({})


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


def _located(addresses: Iterable[Address]) -> dict[Address, tuple[int, int]]:
    return {address: coordinate_to_tuple(address[1]) for address in addresses}


def _cell_value(value: Any) -> CellValue:
    match value:
        case {"type": "Error", "kind": kind}:
            return CellError(_ERRORS.get(kind, VALUE))
        case dt.datetime() | dt.date():
            return float(serial(value))
        case bool() | str() | float() | None:
            return value
        case int():
            return float(value)
        case _:
            raise TypeError(f"the calculation engine gave {value!r}, which no cell can hold")
