"""Evaluates one call: clean arguments in, values and faults out.

When several things are wrong at once, the first of this list decides, and within it the first argument:
sizes that do not fit; an error cell; the wrong kind; a blank; out of domain; nothing to divide by; what the
function itself requires of its arguments together; a result that no cell can hold.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any

import numpy as np

from xlsales.functions import bounds, messages
from xlsales.functions.arguments import Argument, Kind, Proof
from xlsales.functions.bounds import Extent
from xlsales.functions.coercion import Coerced, coerce, find_blanks
from xlsales.functions.errors import DIV0, NA, NUM, VALUE, SalesFunctionError
from xlsales.functions.faults import Fault, Faults, Reasons, Require, Rows, Scattered, Shape, each_once, elements
from xlsales.functions.ranges import in_parts, skip_blanks
from xlsales.functions.shortcut import Shortcut

_BLOCK = 65_536  # elements: half a megabyte for each array of numbers
_ELEMENTS_A_CELL = 16  # in a block, for each cell of a range: every block works the range anew
_WHOLE_BLOCK = 0.5  # of a block in doubt: gathering more takes longer than it saves


@dataclass
class Outcome:
    """The result of a call: values, NaN or None where there is none, and the faults of these elements."""

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
    adds_up: bool = False,
    proof: Proof | None = None,
) -> Outcome:
    """Call a function's body with the clean values of what was given, or raise what is wrong as a whole."""
    columns = [coerce(argument, value) for argument, value in zip(arguments, given, strict=True)]
    faults = Faults(_common_shape(arguments, columns, spills=spills))
    if spills:
        _take_single_cells(arguments, columns)
    call = _Call(arguments, body, text=gives_text or spills)
    if not faults.shape:
        total = call.added_up(columns) if adds_up else None
        return Outcome(call.work(columns, faults) if total is None else total, faults)
    _clean_ranges(arguments, columns, faults)
    shortcut = None
    if Shortcut.open_to(arguments, columns):
        shortcut = Shortcut(arguments, body, proof, columns, faults.shape)
    return Outcome(call.work_in_blocks(columns, faults, shortcut), faults)


def clean_values(arguments: Sequence[Argument], given: Sequence[Any], *, spills: bool = False) -> list[Any]:
    """The clean values of what was given, as a body gets them where nothing is wrong."""
    columns = [coerce(argument, value) for argument, value in zip(arguments, given, strict=True)]
    for argument, column in zip(arguments, columns, strict=True):
        find_blanks(argument, column)
    skip_blanks(arguments, columns)
    if spills:
        _take_single_cells(arguments, columns)
    return [column.values for column in columns]


class _Call:
    """The steps from clean columns to a result."""

    def __init__(self, arguments: Sequence[Argument], body: Callable[..., Any], *, text: bool) -> None:
        self.arguments = arguments
        self.body = body
        self.text = text

    def added_up(self, columns: Sequence[Coerced]) -> float | None:
        """The sum of what parts of the ranges give; None where no number is blank, or something may be wrong."""
        pairs = list(zip(self.arguments, columns, strict=True))
        for argument, column in pairs:
            find_blanks(argument, column)
        if all(column.blank is False for column in columns) or not all(starmap(_is_in_order, pairs)):
            return None
        with np.errstate(all="ignore"):
            total = math.fsum(float(self.by_choice(list(part), Faults(()))) for part in in_parts(columns))
        return total if math.isfinite(total) else None

    def work(self, columns: Sequence[Coerced], faults: Faults) -> Any:
        _clean(self.arguments, columns, faults)
        with np.errstate(all="ignore"):
            result = self.by_choice([column.values for column in columns], faults)
            if not self.text:
                _check_result(result, faults)
        return result

    def work_in_blocks(self, columns: Sequence[Coerced], faults: Faults, shortcut: Shortcut | None) -> Any:
        """Work block by block, so that checks and temporaries stay in the processor's cache.

        The elements that the shortcut leaves in doubt are gathered, and worked together with care.
        """
        result = np.empty(faults.shape, dtype=object if self.text else np.float64)
        if not result.size:
            return result
        size = self._block_size(columns)
        in_a_row = result.size // faults.shape[0]
        step = max(1, size // in_a_row)
        doubtful = [np.empty(0, dtype=np.intp)]
        with np.errstate(all="ignore"):
            for start in range(0, faults.shape[0], step):
                rows = slice(start, start + step)
                doubts = shortcut.work(rows, result[rows]) if shortcut else np.True_
                if doubts is None:
                    continue
                places = np.flatnonzero(doubts)
                if places.size > doubts.size * _WHOLE_BLOCK:
                    self._with_care(columns, Rows(rows, faults.shape), result, faults)
                else:
                    doubtful.append(places + start * in_a_row)
            order = np.concatenate(doubtful)
            if shortcut:  # which is open to arrays of numbers alone
                order = self._without_blanks(columns, order, result, faults)
            for start in range(0, order.size, size):
                self._with_care(columns, Scattered(order[start : start + size], faults.shape), result, faults)
        return result

    def _without_blanks(
        self, columns: Sequence[Coerced], order: np.ndarray[Any, Any], result: np.ndarray[Any, Any], faults: Faults
    ) -> np.ndarray[Any, Any]:
        """Mark those of these elements in doubt that are blank, which nothing else outranks, and return the others."""
        for argument, column in zip(self.arguments, columns, strict=True):
            refused = argument.required and not argument.keep_blank and not argument.is_range
            if not refused or not order.size or not isinstance(column.values, np.ndarray):
                continue
            blank = np.isnan(Scattered(order, faults.shape).of(column.values))
            if blank.any():
                places = order[blank]
                result.reshape(-1)[places] = None if self.text else np.nan
                faults.mark_places(places, Fault(NA, argument.name, _always(messages.blank(argument))))
                order = order[~blank]
        return order

    def _block_size(self, columns: Sequence[Coerced]) -> int:
        pairs = zip(self.arguments, columns, strict=True)
        cells = sum(np.size(column.values) for argument, column in pairs if argument.is_range)
        return max(_BLOCK, _ELEMENTS_A_CELL * cells)

    def _with_care(
        self, columns: Sequence[Coerced], some: Rows | Scattered, result: np.ndarray[Any, Any], faults: Faults
    ) -> None:
        """Work some of the elements as a call of their own, and take over its results and faults."""
        part = Faults(some.shape)
        columns = [
            column if argument.is_range else _cut(column, some.of)
            for argument, column in zip(self.arguments, columns, strict=True)
        ]
        found = self.work(columns, part)
        if part.ids is not None:
            found = np.where(part.ids > 0, None if self.text else np.nan, found)
        result[some.elements] = found
        faults.merge(part, some)

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
            some = Scattered(np.flatnonzero(chosen == word), faults.shape)
            if some.shape != (0,):
                part_values = [
                    some.of(value) if isinstance(value, np.ndarray) and not argument.is_range else value
                    for argument, value in zip(self.arguments, values, strict=True)
                ]
                part_values[first] = word
                part = Faults(some.shape)
                result[some.elements] = self.by_choice(part_values, part)
                faults.merge(part, some)
        return result

    def _with_words(self, values: list[Any], faults: Faults) -> Any:
        if not all(map(_is_usable, self.arguments, values)):  # every element has its fault already
            return np.full(faults.shape, None if self.text else np.nan, object if self.text else float)
        # NumPy's floats, because Python's own stop at the first 1 / 0.
        clean = [np.float64(value) if type(value) is float else value for value in values]
        result = self.body(Require(self.arguments, values, faults), *clean)
        if not faults.shape:
            return result if self.text else float(result)
        whole = np.asarray(result, dtype=object if self.text else np.float64)
        return whole if whole.shape == faults.shape else np.broadcast_to(whole, faults.shape).copy()


def _is_in_order(argument: Argument, column: Coerced) -> bool:
    """Whether all of a range is plain numbers in the domain, blanks apart."""
    if column.extent is None or column.error_cells or column.wrong is not False or column.spelled is not False:
        return False
    return argument.admits(column.extent.low, column.extent.high)


def _is_usable(argument: Argument, value: Any) -> bool:
    """Whether a single word or truth is one that the body knows; it gets no other."""
    if argument.is_range or isinstance(value, np.ndarray):
        return True
    if argument.kind is Kind.CHOICE:
        return value in argument.choices
    return argument.kind is not Kind.FLAG or isinstance(value, bool)


def _cut(column: Coerced, of: Callable[[Any], Any]) -> Coerced:
    """A column of some elements only."""

    def cut(cells: Any) -> Any:
        return of(cells) if isinstance(cells, np.ndarray) else cells

    values = cut(column.values)
    errors = {error: cut(where) for error, where in column.error_cells.items()}
    return Coerced(
        values,
        values if column.raw is column.values else cut(column.raw),
        errors,
        cut(column.wrong),
        cut(column.blank),
        column.searched,
        known=column.known,
        spelled=cut(column.spelled),
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


def _clean(arguments: Sequence[Argument], columns: Sequence[Coerced], faults: Faults) -> None:
    """Find and mark what is wrong with each argument on its own."""
    for argument, column in zip(arguments, columns, strict=True):
        find_blanks(argument, column)
    _check_cells(arguments, columns, faults)
    skip_blanks(arguments, columns)
    _check_domains(arguments, columns, faults)


def _clean_ranges(arguments: Sequence[Argument], columns: list[Coerced], faults: Faults) -> None:
    """Clean the ranges once, before the blocks; what is wrong with one ends the call anyway."""
    ranges = [position for position, argument in enumerate(arguments) if argument.is_range]
    _clean([arguments[position] for position in ranges], [columns[position] for position in ranges], faults)
    for position in ranges:
        values = columns[position].values
        columns[position] = Coerced(values, values, searched=True, known=True)


def _check_cells(arguments: Sequence[Argument], columns: Sequence[Coerced], faults: Faults) -> None:
    pairs = list(zip(arguments, columns, strict=True))
    for argument, column in pairs:
        for error, where in column.error_cells.items():
            reason = error.message or messages.error_cell(argument, error.code)
            faults.mark(where, Fault(error.code, argument.name, _always(reason)), whole=argument.is_range)
    for argument, column in pairs:
        if column.wrong is not False:
            headed = argument.is_range and np.ravel(column.wrong)[0] and isinstance(np.ravel(column.raw)[0], str)
            told = messages.heading if headed else messages.wrong_kind
            explain = _about(told, argument, column.raw, faults)
            faults.mark(column.wrong, Fault(VALUE, argument.name, explain), whole=argument.is_range)
    for argument, column in pairs:
        skipped = argument.skip_blanks and isinstance(column.values, np.ndarray)
        if column.blank is not False and not skipped:
            fault = Fault(NA, argument.name, _always(messages.blank(argument)))
            faults.mark(column.blank, fault, whole=argument.is_range)


def _take_single_cells(arguments: Sequence[Argument], columns: Sequence[Coerced]) -> None:
    for argument, column in zip(arguments, columns, strict=True):
        if isinstance(column.values, np.ndarray) and not argument.is_range:
            find_blanks(argument, column)
            column.values = column.values.ravel().tolist()[0]


def _check_domains(arguments: Sequence[Argument], columns: Sequence[Coerced], faults: Faults) -> None:
    zeros = []
    for argument, column in zip(arguments, columns, strict=True):
        values = column.values
        if argument.kind is Kind.CHOICE and not argument.variadic and not column.known:
            outside: Any = _unknown_words(argument, values)
        elif argument.is_numeric and values is not None and not argument.variadic and np.size(values):
            low, high, _nan = _extent(argument, column)
            outside = False if argument.admits(low, high) else argument.outside(values, column.spelled)
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


def _extent(argument: Argument, column: Coerced) -> Extent:
    values = column.values
    if not isinstance(values, np.ndarray):
        return Extent(values, values)
    return column.extent or bounds.extent(argument, values)


def _unknown_words(argument: Argument, values: Any) -> Any:
    if isinstance(values, np.ndarray):
        all_known = set(values.ravel().tolist()) <= set(argument.choices)
        return False if all_known else ~np.isin(values, argument.choices)
    return values != "" and values not in argument.choices  # "" stands for what has its fault already


def _always(text: str) -> Reasons:
    return lambda places: [text] * len(places)


def _about(explain: Callable[[Argument, Any], str], argument: Argument, values: Any, faults: Faults) -> Reasons:
    shape = np.shape(values) if argument.is_range else faults.shape
    return lambda places: each_once(elements(values, shape, places), lambda cell: explain(argument, cell))


def _check_result(result: Any, faults: Faults) -> None:
    """Mark infinite and undefined results; a sum tells quickly that there are none."""
    if not np.isfinite(np.sum(result)):
        fault = Fault(NUM, "", _always(messages.too_large()))
        faults.mark(~np.isfinite(result), fault)
