"""The sales functions: one call for all planners where each value is an element, one for each where one is a range."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlsales.calculation.compiled.coercion import as_float
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.values import FAULTS, Value
from xlsales.cells import arrays
from xlsales.cells.arrays import BLANK, BOOL, ERROR, NUMBER, TEXT, Array
from xlsales.functions import CellError, SalesFunction
from xlsales.texts import _


def sales(run: Run, function: SalesFunction, *values: Value) -> Value:
    """Call a sales function."""
    if function.spills:
        raise NotImplementedError(_("{function} fills several cells").format(function=function.name))
    block = max((np.shape(value.number)[0] for value in values if np.ndim(value.number)), default=1)
    shape = (block, run.planners)
    if function.is_variadic or _takes_ranges(function, values):
        results = _one_by_one(run, function, values, block)
    else:
        columns = [_column(run.texts, value, shape) for value in values]
        found = function.call_cells(*columns)
        results = [row[0] for row in found] if isinstance(found, list) else [found] * (block * run.planners)
    return _value(run.texts, results, shape)


def _takes_ranges(function: SalesFunction, values: tuple[Value, ...]) -> bool:
    """Whether a column of values would be one range: a range of one cell too is a planner's own."""
    pairs = zip(function.arguments, values, strict=False)
    return any(value.is_area or argument.is_range for argument, value in pairs)


def _column(texts: Texts, value: Value, shape: tuple[int, int]) -> Any:
    """Return a scalar argument of all planners as one column."""
    if value.kinds == NUMBER:
        return np.broadcast_to(value.number, shape).reshape(-1, 1)
    column = np.empty((shape[0] * shape[1], 1), dtype=object)
    column[:, 0] = objects(texts, np.broadcast_to(value.kind, shape), np.broadcast_to(value.number, shape)).ravel()
    return column


def _one_by_one(run: Run, function: SalesFunction, values: tuple[Value, ...], block: int) -> list[Any]:
    """Call a function for each planner, once for those that hold the same: a list without rows is in many."""
    results: list[Any] = []
    known: dict[tuple[bytes, ...], Any] = {}
    for row in range(block):
        for planner in range(run.planners):
            cells = [_cells(value, row, planner) for value in values]
            held = tuple(array.tobytes() for own in cells for array in own)
            if held not in known:
                pairs = zip(values, cells, strict=True)
                known[held] = function.call_cells(*(_one(run.texts, value, *own) for value, own in pairs))
            results.append(known[held])
    return results


def _cells(value: Value, row: int, planner: int) -> tuple[Array, Array]:
    """Return kinds and numbers of an argument of one planner."""
    kinds, numbers = np.broadcast_arrays(value.kind, value.number)
    own = (row if kinds.ndim and kinds.shape[0] > 1 else 0, ...)
    which = planner if kinds.ndim and kinds.shape[-1] > 1 else 0
    kind, number = (array[own][..., which] if array.ndim else array for array in (kinds, numbers))
    if value.until is not None:
        kind, number = kind[: value.until[row]], number[: value.until[row]]
    return kind, number


def _one(texts: Texts, value: Value, kind: Array, number: Array) -> Any:
    """Return an argument of one planner, as a spreadsheet hands it over."""
    if kind.size == 1:
        return objects(texts, kind.reshape(1), number.reshape(1))[0]
    if not value.kinds & ~(NUMBER | BLANK):
        return np.where(kind == BLANK, np.nan, number)  # the functions read NaN as a blank cell
    rows: list[list[Any]] = objects(texts, kind, number).tolist()
    return rows


def objects(texts: Texts, kinds: Array, numbers: Array) -> Array:
    """Return values as Python has them."""
    return arrays.objects(kinds, as_float(numbers), texts.all)


def _value(texts: Texts, results: list[Any], shape: tuple[int, int]) -> Value:
    kinds = np.array([_kind(result) for result in results], dtype=np.int8).reshape(shape)
    numbers = np.array([_number(texts, result) for result in results], dtype=np.float64).reshape(shape)
    present = int(np.bitwise_or.reduce(kinds, axis=None))
    return Value(present, present if not present & (present - 1) else kinds, numbers)


def _kind(result: Any) -> int:
    match result:
        case bool():
            return BOOL
        case float() | int():
            return NUMBER
        case str():
            return TEXT
        case CellError():
            return ERROR
    return BLANK


def _number(texts: Texts, result: Any) -> float:
    match result:
        case str():
            return float(texts.id(result))
        case CellError(code=code):
            return FAULTS.get(code, FAULTS["#VALUE!"]) - 1.0
        case None:
            return 0.0
    return float(result)
