"""Texts among a formula's operands: as the texts and the numbers that Excel takes them for.

Where what Excel does is not known for certain, the functions raise DoubtError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from xlsales.calculation.certainty import DECIMALS, DoubtError, as_number, is_odd, is_written
from xlsales.cells import letters
from xlsales.functions import CellError
from xlsales.functions.errors import NUM, VALUE

_DAYS = 2_958_466  # of Excel, to the end of the year 9999


def word(value: Any) -> Any:
    """Return a value as the text that functions of texts take it for."""
    match value:
        case list():
            raise DoubtError
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            if not is_written(value):
                raise DoubtError
            written = f"{value + 0.0:.15g}"  # Excel knows no -0
            return f"{value:.{DECIMALS}f}".rstrip("0") if "e" in written else written
    return "" if value is None else value


def _counted(value: Any) -> Any:
    """Return a text whose letters are counted; some count twice, in all but the newest versions of Excel."""
    found = word(value)
    if isinstance(found, str) and letters.has_pairs(found):
        raise DoubtError
    return found


def _sought(value: Any) -> Any:
    """Return a text that is looked for in any letter case."""
    found = word(value)
    if isinstance(found, str) and not found.isascii():
        raise DoubtError
    return found


def _changed(name: str, value: Any) -> Any:
    """UPPER, LOWER, PROPER and TRIM."""
    found = word(value)
    if isinstance(found, str):
        found = letters.CHANGED[name](found)
        if found is None:
            raise DoubtError
    return found


def _shown(value: Any) -> Any:
    """Return what TEXT writes in a format: the number that a text says; other texts and truths stay as they are."""
    if isinstance(value, list):
        if any(isinstance(cell, bool | str) and cell != "" for row in value for cell in row):
            raise DoubtError
        return value
    if isinstance(value, bool):
        return word(value)
    number = as_number(value) if isinstance(value, str) else None
    return value if number is None else number


def _sure(value: Any) -> Any:
    """Return a value as it is; a text that is a number in some region is in doubt."""
    if is_odd(value):
        raise DoubtError
    return value


def _number(value: Any) -> Any:
    """Return what is calculated with, where it is a single value."""
    if not isinstance(value, str):
        return value
    number = as_number(value)
    return CellError(VALUE) if number is None else number


def _day(value: Any) -> Any:
    """Return a day, or the error of one behind Excel's last."""
    found = _number(value)
    return CellError(NUM) if type(found) in (int, float) and found >= _DAYS else found


def _whole(value: Any) -> Any:
    """Return a place in an order: what Excel makes of one that is no whole number, or no number, is not known."""
    if isinstance(value, str | list) or (isinstance(value, float) and not value.is_integer()):
        raise DoubtError
    return value


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "WORD": word,
    "COUNTED": _counted,
    "SOUGHT": _sought,
    "SHOWN": _shown,
    "NUMBER": _number,
    "SURE": _sure,
    "WHOLE": _whole,
    "OF_CALENDAR": _day,
    **{name: partial(_changed, name) for name in letters.CHANGED},
}
