"""Turns what a caller hands over – cells, lists, arrays – into clean numbers, words and flags.

Nothing is refused here: what cannot be used is marked as an error cell, of the wrong kind, or blank, and
`evaluation` gives each its error.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import Any, Final

import numpy as np

from xlsales.functions import bounds, containers
from xlsales.functions.arguments import MISSING, Argument, Kind
from xlsales.functions.bounds import Extent
from xlsales.functions.containers import as_objects, is_array
from xlsales.functions.errors import CellError
from xlsales.functions.serials import serial, serials

# Plain digits, as Excel reads them in text: 12, -1.5, 1e3, 20%. No thousands separators.
_NUMBER_TEXT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(%?)\s*", re.ASCII)
# 1,000 and 1.000 are a thousand in some countries and one in others.
_AMBIGUOUS = re.compile(r"\s*([+-]?[1-9]\d{0,2})[.,](\d{3})\s*(%?)\s*", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?", re.ASCII)
_FLAG_WORDS = {"TRUE": True, "YES": True, "FALSE": False, "NO": False}


class _Mark:
    """A cell that holds nothing usable."""


BLANK: Final = _Mark()
WRONG: Final = _Mark()


@dataclass
class Coerced:
    """One argument's clean values, with masks (or single truths) for the cells that have none."""

    values: Any  # float, str, bool, or an array of them
    raw: Any  # as handed over
    error_cells: dict[CellError, Any] = field(default_factory=dict)
    wrong: Any = False
    blank: Any = False
    searched: bool = False  # whether all blanks have been found
    extent: Extent | None = None  # of an array of numbers, once it has been looked up
    known: bool = False  # whether all words are among the choices
    spelled: Any = False  # where a share was given as text with a percent sign: 150%


def is_blank(cell: object) -> bool:
    """Whether a cell is empty: nothing, text of nothing but spaces, NaN, or a missing value of pandas or NumPy."""
    if cell is None or cell is MISSING or cell is np.ma.masked:
        return True
    if isinstance(cell, str):
        return not cell or cell.isspace()
    try:
        return bool(cell != cell)
    except (TypeError, ArithmeticError):  # pandas.NA, Decimal("sNaN")
        return True
    except ValueError:  # an array inside a cell
        return False


def read_number(cell: Any) -> Any:
    """The number in a cell; TRUE and FALSE are none, nor is a duration."""
    if isinstance(cell, (bool, np.bool_, np.timedelta64)):  # NumPy's durations pass for integers without their unit
        return WRONG
    if isinstance(cell, (Real, Decimal)):
        try:
            return float(cell)
        except OverflowError:
            return float("inf")
    if isinstance(cell, dt.date):
        return serial(cell)
    if isinstance(cell, np.datetime64):
        return float(serials(np.asarray(cell)))
    if isinstance(cell, str) and (match := _NUMBER_TEXT.fullmatch(cell)) and not _AMBIGUOUS.fullmatch(cell):
        return float(match[1]) / (100 if match[2] else 1)
    return WRONG


def both_readings(cell: object) -> tuple[str, str] | None:
    """What a text such as 1,234 may mean: with the separator of thousands, and with that of decimals."""
    match = _AMBIGUOUS.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        return None
    whole, digits, percent = match.groups()
    decimals = digits.rstrip("0")
    decimals += "0" * (len(decimals) == 3)  # three of them would be as ambiguous again
    return f"{whole}{digits}{percent}", f"{whole}.{decimals}".rstrip(".") + percent


def is_spelled_out(cell: object) -> bool:
    """Whether a share is given as text with its percent sign, so that nobody can have meant another."""
    return isinstance(cell, str) and cell.rstrip().endswith("%")


def read_date(cell: Any) -> Any:
    """The serial date in a cell that holds a serial, a date or ISO text; 0, as a link to a blank has it, is none."""
    if isinstance(cell, str) and _ISO_DATE.fullmatch(cell.strip()):
        try:
            return serial(dt.datetime.fromisoformat(cell.strip()))
        except ValueError:
            return WRONG
    number = read_number(cell)
    return BLANK if number is not WRONG and number == 0 else number


def read_choice(cell: Any) -> Any:
    """The word in a cell, in capitals."""
    return cell.strip().upper() if isinstance(cell, str) else WRONG


def read_flag(cell: Any) -> Any:
    """The truth in a cell: TRUE, FALSE, 1, 0, YES or NO."""
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    if isinstance(cell, str):
        return _FLAG_WORDS.get(cell.strip().upper(), WRONG)
    return bool(cell) if isinstance(cell, (Real, Decimal)) and cell in (0, 1) else WRONG


def read_text(cell: Any) -> Any:
    """The text in a cell, numbers and dates written as the numbers that Excel sends for them.

    0, as a link to a blank cell has it, is nobody's name and nothing's.
    """
    if isinstance(cell, str):
        return BLANK if cell.strip() == "0" else cell
    if isinstance(cell, (bool, np.bool_)):
        return str(cell).upper()
    number = read_number(cell)  # of a date, its serial: that is what the cell holds
    if number is WRONG:
        return WRONG
    return f"{number:.15g}" if number else BLANK


def _as_it_comes(cell: Any) -> Any:
    return cell


READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.NUMBER: read_number,
    Kind.RATE: read_number,
    Kind.DATE: read_date,
    Kind.CHOICE: read_choice,
    Kind.FLAG: read_flag,
    Kind.TEXT: read_text,
    Kind.ANY: _as_it_comes,
}


def coerce(argument: Argument, given: Any) -> Coerced:
    """The clean values of one argument."""
    if argument.variadic:
        return Coerced(given, given)
    containers.refuse_unordered(argument.name, given)
    if argument.is_range and not is_array(given):
        omitted = given is MISSING or (is_blank(given) and not argument.required)
        given = MISSING if omitted else [given]
    return _coerce_array(argument, given) if is_array(given) else _coerce_cell(argument, given)


def _empty(argument: Argument) -> Any:
    """What stands in the place of a cell that holds nothing usable."""
    if argument.default is not MISSING and not argument.is_range:
        return argument.default
    return float("nan") if argument.is_numeric else ""


def _coerce_cell(argument: Argument, cell: Any) -> Coerced:
    """One cell, read as the only one of an array."""
    if type(cell) is float and argument.is_numeric and (cell > 0 or cell < 0):  # what most cells are
        return Coerced(cell, cell)
    if cell is MISSING:
        return Coerced(_empty(argument), cell, blank=argument.required)
    cells = np.empty(1, dtype=object)
    cells[0] = cell
    column = _coerce_each(argument, cells)

    def single(mask: Any) -> Any:
        return bool(mask[0]) if isinstance(mask, np.ndarray) else mask

    (value,) = column.values.tolist()
    nothing = argument.default is None and not argument.keep_blank and value != value
    return Coerced(
        None if nothing else value,
        cell,
        error_cells=dict.fromkeys(column.error_cells, True),
        wrong=single(column.wrong),
        blank=single(column.blank),
        spelled=single(column.spelled),
    )


def _coerce_array(argument: Argument, given: Any) -> Coerced:
    array = containers.array(argument.name, given)
    numbers = None
    if argument.is_numeric and array.dtype.kind in "fiu":
        numbers = array.astype(np.float64, copy=False)
    elif argument.is_numeric and array.dtype.kind == "M":
        numbers = serials(array)
    if numbers is None:
        return _coerce_objects(argument, as_objects(array))
    return _coerce_numbers(argument, numbers, array)


def _coerce_numbers(argument: Argument, numbers: np.ndarray[Any, Any], array: np.ndarray[Any, Any]) -> Coerced:
    """Numbers as they are, NaN for blanks; of serial dates, 0 is none."""
    if argument.kind is not Kind.DATE:
        return Coerced(numbers, array)
    extent = bounds.extent(argument, numbers) if numbers.size else None
    if extent is None or extent.low > 0 or numbers.all():
        return Coerced(numbers, array, extent=extent)
    return Coerced(np.where(numbers == 0, np.nan, numbers), array)


def fill(column: Coerced, number: float) -> None:
    """Put a number in the place of blanks."""
    values = column.values.copy()
    np.copyto(values, number, where=column.blank)
    column.values, column.blank = values, False
    column.extent = column.extent and column.extent.with_number(number)


def find_blanks(argument: Argument, column: Coerced) -> None:
    """Take NaN in an array of numbers as blank; only where the smallest is NaN does one have to look."""
    values = column.values
    if not isinstance(values, np.ndarray) or values.dtype != np.float64 or not values.size:
        return
    if column.extent is None:
        column.extent = bounds.extent(argument, values)
    nothing_to_put = argument.keep_blank or (argument.default is None and not argument.is_range)
    if column.extent.nan is False or column.searched or nothing_to_put:
        return
    column.blank = column.extent.nan
    if argument.default is not MISSING and not argument.is_range:
        fill(column, argument.default)


def _coerce_objects(argument: Argument, cells: np.ndarray[Any, Any]) -> Coerced:
    """Read the cells one by one; of a column of texts, each different text once; clean ones and numbers not at all."""
    listed = cells.ravel().tolist()
    if _is_clean(argument, listed):
        return Coerced(cells, cells, searched=True, known=True)
    kinds = set(map(type, listed))
    if argument.is_numeric and kinds <= {float, int, type(None)}:
        with suppress(OverflowError):  # of an integer with hundreds of digits
            return _coerce_numbers(argument, cells.astype(np.float64), cells)  # None becomes NaN
    if not kinds <= {str, float, type(None)}:  # True and 1, for one, look the same to a dict
        return _coerce_each(argument, cells)
    known = {cell: number for number, cell in enumerate(dict.fromkeys(listed))}
    distinct = np.empty(len(known), dtype=object)
    distinct[:] = list(known)
    order = np.fromiter(map(known.__getitem__, listed), np.intp, len(listed)).reshape(cells.shape)
    few = _coerce_each(argument, distinct)

    def spread(mask: Any) -> Any:
        return mask[order] if isinstance(mask, np.ndarray) else mask

    return Coerced(
        few.values[order],
        cells,
        wrong=spread(few.wrong),
        blank=spread(few.blank),
        searched=True,
        spelled=spread(few.spelled),
    )


def _is_clean(argument: Argument, cells: list[Any]) -> bool:
    """Whether all cells hold what the argument wants, as it wants it; told without a loop."""
    try:
        if argument.choices:
            return set(cells) <= set(argument.choices)
        if argument.kind is Kind.TEXT:
            different = set(cells)
            "".join(different)  # takes nothing but text
            return all(text.strip() not in ("", "0") for text in different)
    except TypeError:  # another kind of cell; in a set, one that cannot be a word either
        pass
    return False


def _read(reader: Callable[[Any], Any], cell: Any) -> Any:
    """What a cell holds, or a mark: the one way in which every cell is read, alone or among others."""
    if isinstance(cell, CellError):
        return cell
    if is_blank(cell):
        return BLANK
    value = reader(cell)
    if value is WRONG and (held := containers.cell(cell)) is not cell:
        return _read(reader, held)
    return value


def _coerce_each(argument: Argument, cells: np.ndarray[Any, Any]) -> Coerced:
    reader = READERS[argument.kind]
    listed = cells.ravel().tolist()
    read = [_read(reader, cell) for cell in listed]
    empty = _empty(argument)
    kept = [empty if isinstance(value, (CellError, _Mark)) else value for value in read]
    values = np.empty(len(kept), dtype=np.float64 if argument.is_numeric else object)
    values[:] = kept

    def where(found: list[bool]) -> Any:
        return np.array(found).reshape(cells.shape) if any(found) else False

    blank = where([value is BLANK for value in read])
    if argument.keep_blank and blank is not False:
        values[blank.ravel()] = float("nan") if argument.is_numeric else ""
    found = dict.fromkeys(value for value in read if isinstance(value, CellError))
    errors = {error: np.array([value == error for value in read]).reshape(cells.shape) for error in found}
    refused = (argument.is_range or argument.required) and not argument.keep_blank
    return Coerced(
        values.reshape(cells.shape),
        cells,
        error_cells=errors,
        wrong=where([value is WRONG for value in read]),
        blank=blank if refused else False,
        searched=True,
        spelled=False if argument.spelled_above is None else where([is_spelled_out(cell) for cell in listed]),
    )
