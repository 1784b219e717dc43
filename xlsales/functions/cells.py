"""The functions in cells: what a spreadsheet sends, and what it gets back.

`received` and `sent` are for every spreadsheet host; `from_excel` and `to_excel` know in addition how
xlwings and COM write errors and omitted arguments.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from xlsales.functions import messages
from xlsales.functions.arguments import MISSING
from xlsales.functions.errors import ERROR_NUMBERS, VALUE, CellError, SalesFunctionError
from xlsales.functions.evaluation import Outcome

_COM_MISSING = -2147352572  # DISP_E_PARAMNOTFOUND
_COM_ERROR = -2146828288  # + Excel's error number
_COM_ERRORS = {_COM_ERROR + number: CellError(code) for code, number in ERROR_NUMBERS.items()}
_TEXT_ERRORS = {code: CellError(code) for code in ERROR_NUMBERS}


def received(value: Any) -> Any:
    """A cell as it is, a range as rows of cells; a range of one cell is that cell."""
    if not isinstance(value, (list, tuple)):
        return value
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]
    if not any(isinstance(row, (list, tuple)) for row in value):
        rows = [list(value)]
    if len({len(row) for row in rows}) != 1:
        raise SalesFunctionError(VALUE, "", messages.ragged())
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return rows


def sent(outcome: Outcome) -> Any:
    """The result as a spreadsheet takes it: a value, or rows of values and errors."""
    if not outcome.shape:
        return outcome.values
    values = np.atleast_2d(outcome.values)
    if outcome.faults.ids is None:
        return values.tolist()
    cells = values.astype(object)
    for places, fault in outcome.faults.groups():
        (reason,) = fault.explain(places[:1])  # thousands of equal errors need one reason: that of the first
        cells.reshape(-1)[places] = CellError(fault.code, reason, fault.argument)
    return cells.tolist()


def from_excel(value: Any) -> Any:
    """What xlwings hands over, with errors as CellError and an omitted argument as MISSING.

    Error cells come as Excel's negative integers, or as their text where the argument was read with
    `err_to_str=True`; stock xlwings reads them as `None`, which nobody can tell from a blank.
    """
    if isinstance(value, (list, tuple)):
        return [from_excel(cell) for cell in value]
    if isinstance(value, str):
        return _TEXT_ERRORS.get(value, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return MISSING if value == _COM_MISSING else _COM_ERRORS.get(value, value)
    return value


def to_excel(result: Any) -> Any:
    """What xlwings sends back: an exception for an error, and in an array the error's text.

    A cell's error value cannot pass through COM: the VBA wrapper turns the code, which begins the
    exception's text and is the whole of an element's text, into CVErr.
    """
    if isinstance(result, CellError):
        raise SalesFunctionError(result.code, result.argument, result.message)
    if isinstance(result, list):
        return [[cell.code if isinstance(cell, CellError) else cell for cell in row] for row in result]
    return result
