"""Evaluates one call: clean arguments in, values and faults out.

When several things are wrong at once, the first of this list decides, and within it the first argument:
sizes that do not fit; an error cell; the wrong kind; a blank; out of domain; nothing to divide by; what the
function itself requires of its arguments together; a result that no cell can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xlsales.functions import messages
from xlsales.functions.arguments import Argument, Kind, Proof
from xlsales.functions.coercion import Coerced, coerce, extremes, find_blanks
from xlsales.functions.errors import DIV0, NA, NUM, VALUE, SalesFunctionError
from xlsales.functions.faults import Fault, Faults, Index, Require, Shape, element
from xlsales.functions.shortcut import Shortcut

_BLOCK = 65_536  # elements: half a megabyte for each array of numbers


@dataclass
class Outcome:
    """The result of a call: values, and the faults of the elements that have none."""

    values: Any
    faults: Faults

    @property
    def shape(self) -> Shape:
        """The shape of the result; `()` for a single value."""
        return self.faults.shape


def evaluate(
    arguments: Sequence[Argument],
    body: Callable[..., Any],
    given: Sequence[Any],
    *,
    spills: bool = False,
    gives_text: bool = False,
    proof: Proof | None = None,
) -> Outcome:
    """Call a function's body with the clean values of what was given, or raise what is wrong as a whole."""
    columns = [coerce(argument, value) for argument, value in zip(arguments, given, strict=True)]
    faults = Faults(_common_shape(arguments, columns, spills=spills))
    if spills:
        _take_single_cells(arguments, columns)
    call = _Call(arguments, body, text=gives_text or spills)
    if not faults.shape or any(argument.is_range for argument in arguments):
        return Outcome(call.work(columns, faults), faults)
    shortcut = None
    if Shortcut.open_to(arguments, columns, faults.shape):
        shortcut = Shortcut(arguments, body, proof, columns, faults.shape)
    return Outcome(call.work_in_blocks(columns, faults, shortcut), faults)


class _Call:
    """The steps from clean columns to a result."""

    def __init__(self, arguments: Sequence[Argument], body: Callable[..., Any], *, text: bool) -> None:
        self.arguments = arguments
        self.body = body
        self.text = text

    def work(self, columns: Sequence[Coerced], faults: Faults) -> Any:
        for argument, column in zip(self.arguments, columns, strict=True):
            find_blanks(argument, column)
        _check_cells(self.arguments, columns, faults)
        _skip_blanks(self.arguments, columns)
        _check_domains(self.arguments, columns, faults)
        with np.errstate(all="ignore"):
            result = self.by_choice([column.values for column in columns], faults)
            if not self.text:
                _check_result(result, faults)
        return result

    def work_in_blocks(self, columns: Sequence[Coerced], faults: Faults, shortcut: Shortcut | None) -> Any:
        """Work block by block, so that checks and temporaries stay in the processor's cache."""
        result = np.empty(faults.shape, dtype=object if self.text else np.float64)
        if not result.size:
            return result
        step = max(1, _BLOCK * faults.shape[0] // result.size)
        with np.errstate(all="ignore"):
            for start in range(0, faults.shape[0], step):
                rows = slice(start, start + step)
                if shortcut is not None and shortcut.work(rows, result[rows]):
                    continue
                part = Faults(result[rows].shape)
                result[rows] = self.work([_rows(column, rows, faults.shape) for column in columns], part)
                faults.merge(part, rows, _from_row(start))
        return result

    def by_choice(self, values: list[Any], faults: Faults) -> Any:
        """Call the body with one plain word per choice: a range of choices is worked word by word."""
        words = [
            i
            for i, argument in enumerate(self.arguments)
            if argument.kind in (Kind.CHOICE, Kind.FLAG) and not argument.is_range and isinstance(values[i], np.ndarray)
        ]
        if not words:
            return self._with_words(values, faults)
        first = words[0]
        chosen = np.broadcast_to(values[first], faults.shape)
        result: Any = np.full(faults.shape, None if self.text else np.nan, object if self.text else float)
        for word in self.arguments[first].choices or (False, True):
            elements = chosen == word
            if elements.any():
                part_values = self._those(values, elements, faults.shape)
                part_values[first] = word
                part = Faults((int(elements.sum()),))
                result[elements] = self.by_choice(part_values, part)
                faults.merge(part, elements, _from_order(elements))
        return result

    def _those(self, values: list[Any], elements: Any, shape: Shape) -> list[Any]:
        return [
            np.broadcast_to(value, shape)[elements]
            if isinstance(value, np.ndarray) and not argument.is_range
            else value
            for argument, value in zip(self.arguments, values, strict=True)
        ]

    def _with_words(self, values: list[Any], faults: Faults) -> Any:
        # NumPy's floats, because Python's own stop at the first 1 / 0.
        clean = [np.float64(value) if type(value) is float else value for value in values]
        result = self.body(Require(self.arguments, values, faults), *clean)
        if not faults.shape:
            return result if self.text else float(result)
        whole = np.asarray(result, dtype=object if self.text else np.float64)
        return whole if whole.shape == faults.shape else np.broadcast_to(whole, faults.shape).copy()


def _from_row(start: int) -> Callable[[Index], Index]:
    return lambda place: (place[0] - start, *place[1:])


def _from_order(elements: Any) -> Callable[[Index], Index]:
    order = np.cumsum(elements).reshape(np.shape(elements)) - 1
    return lambda place: (int(order[place]),)


def _rows(column: Coerced, rows: slice, shape: Shape) -> Coerced:
    """These rows of a column that has all of them; one that broadcasts over the rows stays as it is."""

    def cut(cells: Any) -> Any:
        whole = isinstance(cells, np.ndarray) and cells.ndim == len(shape) and len(cells) == shape[0]
        return cells[rows] if whole else cells

    errors = {error: cut(where) for error, where in column.error_cells.items()}
    return Coerced(
        cut(column.values),
        cut(column.raw),
        errors,
        cut(column.wrong),
        cut(column.blank),
        column.searched,
        known=column.known,
    )


def _common_shape(arguments: Sequence[Argument], columns: Sequence[Coerced], *, spills: bool) -> Shape:
    cells = {
        argument.name: np.shape(column.values)
        for argument, column in zip(arguments, columns, strict=True)
        if isinstance(column.values, np.ndarray) and not argument.is_range and not argument.variadic
    }
    for argument, column in zip(arguments, columns, strict=True):
        if not argument.is_range or not isinstance(column.values, np.ndarray):
            continue
        if argument.cells not in (None, column.values.size):
            raise SalesFunctionError(VALUE, argument.name, messages.cell_count(argument, column.values.size))
    ranges = {
        argument.name: np.shape(column.values)
        for argument, column in zip(arguments, columns, strict=True)
        if argument.is_range and isinstance(column.values, np.ndarray)
    }
    if len(set(ranges.values())) > 1:
        raise SalesFunctionError(VALUE, "", messages.sizes_differ(list(ranges)))
    if spills and any(np.prod(shape) != 1 for shape in cells.values()):
        raise SalesFunctionError(VALUE, "", messages.one_at_a_time(list(cells)))
    try:
        return () if spills else np.broadcast_shapes(*cells.values())
    except ValueError:
        raise SalesFunctionError(VALUE, "", messages.sizes_differ(list(cells))) from None


def _check_cells(arguments: Sequence[Argument], columns: Sequence[Coerced], faults: Faults) -> None:
    pairs = list(zip(arguments, columns, strict=True))
    for argument, column in pairs:
        for error, where in column.error_cells.items():
            reason = error.message or messages.error_cell(argument, error.code)
            faults.mark(where, Fault(error.code, argument.name, _always(reason)), whole=argument.is_range)
    for argument, column in pairs:
        if column.wrong is not False:
            explain = _about(messages.wrong_kind, argument, column.raw, faults)
            faults.mark(column.wrong, Fault(VALUE, argument.name, explain), whole=argument.is_range)
    for argument, column in pairs:
        skipped = argument.skip_blanks and isinstance(column.values, np.ndarray)
        if column.blank is not False and not skipped:
            fault = Fault(NA, argument.name, _always(messages.blank(argument)))
            faults.mark(column.blank, fault, whole=argument.is_range)


def _skip_blanks(arguments: Sequence[Argument], columns: Sequence[Coerced]) -> None:
    """Drop the blanks of ranges, pairwise, and make the ranges one-dimensional."""
    ranges = [
        column
        for argument, column in zip(arguments, columns, strict=True)
        if argument.is_range and isinstance(column.values, np.ndarray)
    ]
    blank = np.False_
    for column in ranges:
        blank = np.logical_or(blank, column.blank)
    some_blank = blank.any()
    for column in ranges:
        if some_blank:
            column.values, column.low = column.values[~blank], None
        else:
            column.values = column.values.ravel()


def _take_single_cells(arguments: Sequence[Argument], columns: Sequence[Coerced]) -> None:
    for argument, column in zip(arguments, columns, strict=True):
        if isinstance(column.values, np.ndarray) and not argument.is_range:
            column.values = column.values.ravel().tolist()[0]


def _check_domains(arguments: Sequence[Argument], columns: Sequence[Coerced], faults: Faults) -> None:
    zeros = []
    for argument, column in zip(arguments, columns, strict=True):
        values = column.values
        if argument.kind is Kind.CHOICE and not argument.variadic and not column.known:
            outside: Any = _unknown_words(argument, values)
        elif argument.is_numeric and values is not None and not argument.variadic and np.size(values):
            low, high = _extent(column)
            outside = False if argument.admits(low, high) else argument.outside(values)
            if argument.divisor and not low > 0:
                zeros.append((argument, values))
        else:
            continue
        if outside is not False:
            explain = _about(messages.outside, argument, values, faults)
            faults.mark(outside, Fault(NUM, argument.name, explain), whole=argument.is_range)
    for argument, values in zeros:
        explain = _always(messages.nothing_to_divide_by(argument))
        faults.mark(values == 0, Fault(DIV0, argument.name, explain), whole=argument.is_range)


def _extent(column: Coerced) -> tuple[float, float]:
    values = column.values
    if not isinstance(values, np.ndarray):
        return values, values
    if column.low is None:
        return extremes(values)
    return column.low, column.high


def _unknown_words(argument: Argument, values: Any) -> Any:
    if isinstance(values, np.ndarray):
        all_known = set(values.ravel().tolist()) <= set(argument.choices)
        return False if all_known else ~np.isin(values, argument.choices)
    return bool(values) and values not in argument.choices


def _always(text: str) -> Callable[[Index], str]:
    return lambda place: text


def _about(
    explain: Callable[[Argument, Any], str], argument: Argument, values: Any, faults: Faults
) -> Callable[[Index], str]:
    shape = () if argument.is_range else faults.shape
    return lambda place: explain(argument, element(values, shape, place))


def _check_result(result: Any, faults: Faults) -> None:
    """Mark infinite and undefined results; a sum tells quickly that there are none."""
    if not np.isfinite(np.sum(result)):
        fault = Fault(NUM, "", _always(messages.too_large()))
        faults.mark(~np.isfinite(result), fault)
