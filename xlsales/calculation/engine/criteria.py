"""COUNTIF, SUMIFS and their like, cell by cell: which values meet a criterion such as `">5"` or `"?*"`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from xlsales.calculation.certainty import NUMBER, DoubtError, is_close
from xlsales.calculation.regions import is_of_a_region
from xlsales.cells import letters
from xlsales.cells.digits import CLOSE, seen
from xlsales.cells.wildcards import has_wildcard, pattern
from xlsales.functions.errors import ERROR_NUMBERS, CellError

Meets: TypeAlias = Callable[[Any], bool]

_OPERATOR = re.compile(r"<=|>=|<>|=|<|>")
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def criterion(wanted: Any) -> Meets:
    """Return what tells whether a cell's value meets a criterion; raises DoubtError."""
    match wanted:
        case None:
            return _number("=", 0.0)
        case bool():
            return lambda value: value is wanted
        case int() | float():
            return _number("=", float(wanted))
        case CellError():
            return lambda value: value == wanted
    found = _OPERATOR.match(wanted)
    sign = found[0] if found else ""
    return _of_text(sign, wanted[len(sign) :])


def _of_text(sign: str, rest: str) -> Meets:
    if not rest:
        return _blank(sign)
    if NUMBER.fullmatch(rest.strip()):
        return _number(sign or "=", seen(float(rest)))  # Excel has written it with 15 digits
    if is_of_a_region(rest):
        raise DoubtError
    upper = rest.strip().upper()
    constant: Any = None
    if upper in ("TRUE", "FALSE"):
        constant = upper == "TRUE"
    elif upper in ERROR_NUMBERS:
        constant = CellError(upper)
    if constant is None:
        return _text(sign or "=", rest)
    if sign in _ORDER:
        raise DoubtError
    if isinstance(constant, bool):
        return _negated(sign, lambda value: value is constant)
    return _negated(sign, lambda value: value == constant)


def _blank(sign: str) -> Meets:
    match sign:
        case "":
            return lambda value: value is None or value == ""
        case "=":
            return lambda value: value is None
        case "<>":
            return lambda value: value is not None
    raise DoubtError


def _negated(sign: str, meets: Meets) -> Meets:
    return (lambda value: not meets(value)) if sign == "<>" else meets


def _number(sign: str, wanted: float) -> Meets:
    """Compare numbers; one that differs from the criterion after the 15th digit only is in doubt."""
    near = 2 * CLOSE * abs(wanted)  # what is further away differs in 15 digits

    def equal(value: Any) -> bool:
        if type(value) is str:
            value = _number_of(value)
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if abs(value - wanted) > near:
            return False
        _sure(sign, value, wanted)
        return bool(value == wanted)

    if sign in ("=", "<>"):
        return _negated(sign, equal)
    compare = _ORDER[sign]

    def ordered(value: Any) -> bool:
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if abs(value - wanted) <= near:
            _sure(sign, value, wanted)
        return compare(value, wanted)

    return ordered


@lru_cache(maxsize=4096)
def _number_of(text: str) -> float | None:
    """Return the number that a text says, None where it says none; what it is may depend on the country."""
    if NUMBER.fullmatch(text.strip()):
        return float(text)
    if is_of_a_region(text):
        raise DoubtError
    return None


def _sure(sign: str, value: float, wanted: float) -> None:
    if is_close(sign, value, wanted):
        raise DoubtError


def _text(sign: str, wanted: str) -> Meets:
    if sign in _ORDER:
        if not _plain(wanted):
            raise DoubtError
        low, compare = wanted.casefold(), _ORDER[sign]

        def ordered(value: Any) -> bool:
            if not isinstance(value, str):
                return False
            if value and not _plain(value):
                raise DoubtError
            return compare(value.casefold(), low)

        return ordered
    if has_wildcard(wanted):
        fits = pattern(wanted).fullmatch
        return _negated(sign, lambda value: isinstance(value, str) and fits(value) is not None)
    low = wanted.lower()
    return _negated(sign, lambda value: isinstance(value, str) and (value.lower() == low or _same(value, wanted)))


def _same(one: str, other: str) -> bool:
    """Whether texts that are written in another way are the same to Excel."""
    found = False if one.isascii() and other.isascii() else letters.same(one, other)
    if found is None:
        raise DoubtError
    return found


def _plain(text: str) -> bool:
    """Whether every language sorts a text alike: letters of English, digits and blanks."""
    return text.isascii() and text.replace(" ", "").isalnum()


def met(pairs: Sequence[tuple[Sequence[Any], int, Any]]) -> tuple[list[int], int]:
    """Return which cells of ranges meet all criteria, and how many do that stand behind the last one with a value.

    Each range comes with its cells, the number of cells that it has with blank ones at its end, and its criterion.
    """
    size = max(len(cells) for cells, _total, _criterion in pairs)
    found = list(range(size))
    behind = max(max(total for _cells, total, _criterion in pairs) - size, 0)
    for cells, _total, wanted in pairs:
        if not found and not behind:
            break
        meets = criterion(wanted)
        found = [place for place in found if meets(cells[place] if place < len(cells) else None)]
        if behind and not meets(None):
            behind = 0
    return found, behind
