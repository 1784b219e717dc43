"""The values that the calculation engine gives and takes."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any

import formualizer

from xlsales.cells.escapes import fits
from xlsales.cells.values import CellValue
from xlsales.functions import CellError
from xlsales.functions.errors import DIV0, NA, NAME, NULL, NUM, REF, VALUE
from xlsales.texts import N_, _

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
OF_EXCEL = frozenset(("Div", "Na", "Name", "Null", "Num", "Ref", "Value"))  # errors that Excel would show as well
NO_RESULT = N_("the calculation engine has no result for it")
_WORDS = {
    "Circ": N_("it refers to itself, directly or through others"),
    "Spill": N_("there is no room for its result"),
    "NImpl": N_("the calculation engine does not know something in it"),
}


def received(value: Any) -> Any:
    """Return what the engine hands to a function, errors as CellError; a range without errors is left as it is."""
    match value:
        case [list(), *_] if dict not in map(type, chain.from_iterable(value)):
            return value
        case list():
            return [received(cell) for cell in value]
        case {"type": "Error", "kind": kind}:
            return CellError(_ERRORS.get(kind, VALUE))
        case _:
            return value


def sent(value: Any) -> Any:
    """Return a function's result as the engine takes it."""
    match value:
        case CellError():
            return literal(value)
        case list():
            return [[sent(cell) for cell in row] for row in value]
        case _:
            return value


def literal(error: CellError) -> Any:
    """Return an error as the engine takes it."""
    return formualizer.LiteralValue.error(_KINDS.get(error.code, "Value"), error.message)


def cell_value(value: Any) -> CellValue:
    """Return a formula's result as a cell holds it; dates and times must come as serial numbers."""
    match value:
        case {"type": "Error", "kind": kind}:
            return CellError(_ERRORS.get(kind, VALUE))
        case None:
            return 0.0  # a reference to a blank cell, as Excel shows it
        case str():
            return value if fits(value) else CellError(VALUE)
        case bool() | float():
            return value
        case int():
            return float(value)
        case _:
            raise TypeError(f"the calculation engine gave {value!r}, which no cell can hold")


def unlike_excel(value: Any) -> str:
    """Return why a result is not one that Excel would show; nothing where it is."""
    match value:
        case None:  # a reference to a blank cell gives 0
            return _(NO_RESULT)
        case {"kind": kind} if kind not in OF_EXCEL:
            return _(_WORDS.get(str(kind), NO_RESULT))
        case float() if not math.isfinite(value):
            return _("its result is no number that a cell can hold")
    return ""
