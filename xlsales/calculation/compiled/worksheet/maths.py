"""ROUND, INT, ABS and their like."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

import numpy as np

from xlsales.calculation.certainty import jumps
from xlsales.calculation.compiled.coercion import as_numbers, each
from xlsales.calculation.compiled.operators import finite
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.values import (
    Value,
    aligned,
    anywhere,
    everywhere,
    fault_where,
    first_fault,
    with_faults,
)
from xlsales.cells.arrays import NUMBER
from xlsales.functions.errors import DIV0, NUM

_EXACT = 2.0**53
_NEAR = 2e-14  # numbers further from a whole one, as a share of it, are not close to it
_LARGE = 1e12  # a quotient of MOD
_MOST_DIGITS = 22  # powers of ten that a float holds exactly


def _plain(calculate: Callable[[Any], Any]) -> Callable[[Run, Value], Value]:
    def function(run: Run, value: Value) -> Value:
        numbers, faults = as_numbers(value, run)
        return with_faults(NUMBER, calculate(numbers), faults)

    return function


absolute, sign = _plain(np.abs), _plain(np.sign)


def integer(run: Run, value: Value) -> Value:
    """INT."""
    numbers, faults = as_numbers(value, run)
    _doubt_jumps(run, "INT", numbers, 0.0, numbers)
    return with_faults(NUMBER, np.floor(numbers), faults)


def _doubt_jumps(run: Run, name: str, numbers: Any, other: Any, scaled: Any, maybe: Any = None) -> None:
    """Doubt numbers close to where a function jumps; `maybe` are others that may be, whatever they are scaled to."""
    nearest = np.rint(scaled)
    off = np.not_equal(scaled, nearest)
    if not anywhere(off) and maybe is None:
        return
    with np.errstate(all="ignore"):
        close = off & (np.abs(np.subtract(scaled, nearest)) <= _NEAR * np.abs(scaled))
    close = close if maybe is None else close | maybe
    if anywhere(close):
        close, numbers, other = np.broadcast_arrays(close, numbers, other)
        jumping = np.zeros(close.shape, dtype=np.bool_)
        pairs = zip(numbers[close].tolist(), other[close].tolist(), strict=True)
        jumping[close] = [jumps(name, *pair) for pair in pairs]
        run.doubt(jumping)


def square_root(run: Run, value: Value) -> Value:
    """SQRT."""
    numbers, faults = as_numbers(value, run)
    negative = np.less(numbers, 0)
    found = np.sqrt(np.where(negative, 0.0, numbers))
    return with_faults(NUMBER, found, first_fault(faults, fault_where(negative, NUM)))


def modulo(run: Run, value: Value, divisor: Value) -> Value:
    """MOD: the remainder has the divisor's sign."""
    value, divisor = aligned((value, divisor))
    a, faults_a = as_numbers(value, run)
    b, faults_b = as_numbers(divisor, run)
    zero = np.equal(b, 0)
    unit = np.where(zero, 1.0, b)
    with np.errstate(all="ignore"):
        scaled = np.divide(a, unit)
    is_whole = np.equal(a, np.rint(a)) & np.equal(unit, np.rint(unit))
    unsure = ~zero & ((~is_whole & np.equal(scaled, np.rint(scaled))) | (np.abs(scaled) >= _LARGE))
    _doubt_jumps(run, "MOD", a, unit, scaled, unsure if anywhere(unsure) else None)
    found, overflow = finite(lambda: np.mod(a, unit))
    return with_faults(NUMBER, found, first_fault(faults_a, faults_b, fault_where(zero, DIV0), overflow))


def _rounding(mode: str) -> Callable[[Run, Value, Value], Value]:
    def function(run: Run, value: Value, digits: Value) -> Value:
        value, digits = aligned((value, digits))
        numbers, faults_a = as_numbers(value, run)
        places, faults_b = as_numbers(digits, run)
        found = _rounded(run, numbers, np.trunc(places), mode)
        return with_faults(NUMBER, found, first_fault(faults_a, faults_b))

    return function


def _rounded(run: Run, numbers: Any, places: Any, mode: str) -> Any:
    """Round the 15 digits that Excel sees; where the nearest float is sure to round alike, without writing them."""
    if np.ndim(places) == 0 and 0 <= places <= _MOST_DIGITS:
        power = 10.0**places
        with np.errstate(over="ignore"):
            scaled = np.abs(numbers) * power
        whole = np.floor(scaled)
        part = scaled - np.where(np.isfinite(whole), whole, 0.0)
        doubt = np.abs(part - 0.5) if mode == ROUND_HALF_UP else np.minimum(part, 1 - part)
        sure = (scaled < 1e14) & (doubt > scaled * 1e-14 + 1e-9)
        up = part > 0.5 if mode == ROUND_HALF_UP else mode == ROUND_UP
        found = np.copysign(np.where(sure, whole + up, 0.0) / power, numbers)
        if everywhere(sure):
            return found
        numbers = np.where(sure, 0.0, numbers)
        _doubt_rounding(run, numbers, places, mode)
        return np.where(sure, found, _by_digits(numbers, places, mode))
    _doubt_rounding(run, numbers, places, mode)
    return _by_digits(numbers, places, mode)


def _doubt_rounding(run: Run, numbers: Any, places: Any, mode: str) -> None:
    if mode != ROUND_HALF_UP:
        with np.errstate(all="ignore"):
            scaled = numbers * 10.0 ** np.clip(places, -300.0, 300.0)
        name = "ROUNDUP" if mode == ROUND_UP else "ROUNDDOWN"
        _doubt_jumps(run, name, numbers, places, scaled, ~np.isfinite(scaled))


def _by_digits(numbers: Any, places: Any, mode: str) -> Any:
    def one(number: float, digits: float) -> float:
        if not number or abs(digits) > 400:
            return 0.0 if digits < 0 else number
        exponent = Decimal(1).scaleb(-int(digits))
        shown = Decimal(f"{number:.14e}")
        if shown.adjusted() + digits > 15:
            return number
        return float(shown.quantize(exponent, rounding=mode))

    return each(one, numbers, places)


rounded, rounded_up, rounded_down = _rounding(ROUND_HALF_UP), _rounding(ROUND_UP), _rounding(ROUND_DOWN)
