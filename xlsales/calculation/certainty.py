"""What is known of the values that formulas read, one by one: the same rules for the engine and for compiled formulas.

Where it is not known for certain what Excel makes of a value, the functions raise DoubtError, or say so.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

from xlsales.calculation.regions import is_of_a_region
from xlsales.cells.digits import alike, seen
from xlsales.texts import N_

IN_DOUBT = N_("its result depends on digits, letters or an order of which only Excel can tell what it makes of them")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# Excel writes smaller and larger numbers with an exponent, or not; small ones without, if so many decimals are enough.
SHORTEST, LONGEST, DECIMALS = 1e-4, 999_999_999_999_999.4, 9
_EXACT = 1e15  # from here on all numbers of 15 digits are whole
_LARGEST_QUOTIENT = 1e12  # of MOD, which gives #NUM! for larger ones; Excel's versions differ in where


class DoubtError(Exception):
    """What Excel makes of this is not known for certain."""


def as_number(value: Any) -> float | None:
    """Return what a value counts for; nothing for a text that is no number. One of some region is in doubt."""
    if not isinstance(value, str):
        return float(value or 0)
    if NUMBER.fullmatch(value.strip(" ")):
        return float(value)
    if is_odd(value):
        raise DoubtError
    return None


def says_number(text: str) -> bool:
    """Whether a text is a number, or one in some region."""
    return NUMBER.fullmatch(text.strip()) is not None or is_of_a_region(text)


def is_odd(value: Any) -> bool:
    """Whether a value is a text of which it is not certain what number Excel takes it for."""
    return isinstance(value, str) and says_number(value) and NUMBER.fullmatch(value.strip(" ")) is None


def is_written(number: float) -> bool:
    """Whether it is certain how Excel writes a number into a text."""
    return not number or SHORTEST <= abs(number) <= LONGEST or (abs(number) < 1 and round(number, DECIMALS) == number)


def is_close(sign: str, value: float, wanted: float) -> bool:
    """Whether a number meets a criterion or not, depending on whether Excel looks at more than 15 digits."""
    if value == wanted or not alike(value, wanted):
        return False
    match sign:
        case "<" | ">=":
            return value < wanted
        case ">" | "<=":
            return value > wanted
    return True


def jumps(name: str, number: float, other: float = 0.0) -> bool:
    """Whether a function that jumps at whole multiples may do so here: its number is one in 15 digits, and not in all.

    `other` is the number of digits or the divisor.
    """
    match name:
        case "INT" | "TRUNC" | "ROUNDDOWN" | "ROUNDUP":
            scaled = number * 10.0 ** min(max(other, -300.0), 300.0)
        case _:
            scaled = number / other if other else 0.0
    if name == "MOD" and abs(scaled) >= _LARGEST_QUOTIENT:
        return True
    if not math.isfinite(scaled):
        return True
    if scaled != round(scaled):
        return abs(scaled) < _EXACT and alike(seen(scaled), float(round(scaled)))
    return name in ("MOD", "QUOTIENT") and not _is_multiple(number, other)


def _is_multiple(number: float, unit: float) -> bool:
    return not unit or Fraction(number) % Fraction(unit) == 0
