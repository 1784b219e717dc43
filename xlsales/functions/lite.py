"""The functions in xlwings Lite, which runs Python inside Excel: what it sends, and what it takes back.

As its documentation says: a blank cell and an argument left out both arrive as `None`, an error cell as its text where
the argument is read with `err_to_str`, and a text such as `#N/A` that is returned becomes a real error.
"""

from __future__ import annotations

from typing import Any

from xlsales.functions.arguments import MISSING
from xlsales.functions.catalogue import CATALOGUE
from xlsales.functions.cells import from_excel
from xlsales.functions.errors import DIV0, NA, NAME, NULL, NUM, REF, VALUE, CellError

_RETURNED = frozenset({DIV0, NA, NAME, NULL, NUM, REF, VALUE})  # any other text would stay a text


def answer(name: str, *values: Any) -> Any:
    """The result of a function for what xlwings Lite sent: a value, or rows of values; errors as their text."""
    function = CATALOGUE[name]
    arguments = function.arguments
    given = [
        MISSING if value is None and position < len(arguments) and _may_be_left_out(arguments[position]) else value
        for position, value in enumerate(values)
    ]
    result = function.call_cells(*map(from_excel, given))
    if isinstance(result, list):
        return [[_sent(cell) for cell in row] for row in result]
    return _sent(result)


def _may_be_left_out(argument: Any) -> bool:
    return not argument.required and not argument.variadic


def _sent(cell: Any) -> Any:
    if isinstance(cell, CellError):
        return cell.code if cell.code in _RETURNED else VALUE
    return cell
