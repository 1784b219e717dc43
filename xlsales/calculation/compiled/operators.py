"""The operators of formulas: + - * / ^ & = <> < <= > >= and the signs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from xlsales.calculation.compiled.coercion import as_float, as_numbers, as_texts, each
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.values import (
    Value,
    aligned,
    anywhere,
    fault_where,
    faults_of,
    first_fault,
    truth,
    with_faults,
)
from xlsales.cells.arrays import BLANK, BOOL, EMPTY_TEXT, NUMBER, TEXT
from xlsales.cells.digits import seen
from xlsales.functions.errors import DIV0, NUM, VALUE

_CLOSE = 1e-14  # numbers further apart, as a share of the one, differ in 15 digits
Calculate = Callable[[Any, Any], Any]
Operator = Callable[[Run, Value, Value], Value]


def finite(calculate: Callable[[], Any]) -> tuple[Any, Any]:
    """Calculate; where a result is no number that a cell can hold, it is a fault.

    NumPy raises the processor's own flags (see `Compiled.values`), so that nobody has to look at results.
    """
    try:
        return calculate(), None
    except FloatingPointError:
        with np.errstate(all="ignore"):
            result = calculate()
        wrong = ~np.isfinite(result)
        return np.where(wrong, 0.0, result), fault_where(wrong, NUM)


def _arithmetic(calculate: Calculate) -> Operator:
    def operate(run: Run, left: Value, right: Value) -> Value:
        left, right = aligned((left, right))
        a, faults_a = as_numbers(left, run)
        b, faults_b = as_numbers(right, run)
        result, overflow = finite(lambda: calculate(a, b))
        return with_faults(NUMBER, result, first_fault(faults_a, faults_b, overflow))

    return operate


def _ending(sign: float) -> Operator:
    """Return the addition or subtraction that a formula ends in: what 15 digits do not tell from 0 is 0."""
    calculate = np.add if sign > 0 else np.subtract
    arithmetic = _arithmetic(calculate)

    def operate(run: Run, left: Value, right: Value) -> Value:
        found = arithmetic(run, left, right)
        left, right = aligned((left, right))
        a, b = as_numbers(left, run)[0], as_numbers(right, run)[0]
        with np.errstate(all="ignore"):
            close = found.has(NUMBER) & (np.abs(found.number) <= _CLOSE * np.abs(a)) & np.not_equal(found.number, 0)
        if not anywhere(close):
            return found
        nothing = close & (each(seen, np.where(close, a, 0.0)) == each(seen, np.where(close, -sign * b, 0.0)))
        return Value(found.kinds, found.kind, np.where(nothing, 0.0, found.number))

    return operate


def as_seen(left: Any, right: Any) -> Any:
    """Return numbers to compare with others: those that agree with them in 15 digits are the others."""
    if not getattr(right, "ndim", 0) and not right:
        return right
    with np.errstate(all="ignore"):
        apart = np.abs(np.subtract(left, right, dtype=np.float64))
        close = (apart > 0) & (apart <= _CLOSE * np.abs(left))
    if not anywhere(close):
        return right
    one, other = np.where(close, left, 0.0), np.where(close, right, 0.0)
    return np.where(close & (each(seen, one) == each(seen, other)), left, right)


def _divide(run: Run, left: Value, right: Value) -> Value:
    left, right = aligned((left, right))
    a, faults_a = as_numbers(left, run)
    b, faults_b = as_numbers(right, run)
    zero = np.equal(b, 0)
    nothing = fault_where(zero, DIV0)
    divisor = b if nothing is None else np.where(zero, 1.0, b)
    result, overflow = finite(lambda: np.divide(a, divisor))
    return with_faults(NUMBER, result, first_fault(faults_a, faults_b, nothing, overflow))


def _power(run: Run, left: Value, right: Value) -> Value:
    left, right = aligned((left, right))
    a, faults_a = as_numbers(left, run)
    b, faults_b = as_numbers(right, run)
    result = each(_one_power, a, b)
    wrong = np.isnan(result)
    divided = fault_where(np.equal(a, 0) & np.less(b, 0), DIV0)
    faults = first_fault(faults_a, faults_b, divided, fault_where(wrong, NUM))
    return with_faults(NUMBER, np.where(wrong, 0.0, result), faults)


def _one_power(base: float, exponent: float) -> float:
    if not base and exponent <= 0:
        return math.nan
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError):
        return math.nan


def negative(run: Run, value: Value) -> Value:
    """The sign -."""
    numbers, faults = as_numbers(value, run)
    return with_faults(NUMBER, np.subtract(0.0, numbers), faults)


def percent(run: Run, value: Value) -> Value:
    """The sign %."""
    numbers, faults = as_numbers(value, run)
    return with_faults(NUMBER, np.divide(numbers, 100.0), faults)


def _concatenate(run: Run, left: Value, right: Value) -> Value:
    left, right = aligned((left, right))
    a, faults_a = as_texts(left, run)
    b, faults_b = as_texts(right, run)
    known = run.texts.all

    def joined(first: float, second: float) -> str:
        return known[int(first)] + known[int(second)]

    if np.ndim(b) == 0 and b == EMPTY_TEXT:
        ids = a
    elif np.ndim(a) == 0 and a == EMPTY_TEXT:
        ids = b
    else:
        ids = run.texts.made(joined, a, b, asked=run.asked_in)
    return with_faults(TEXT, ids, first_fault(faults_a, faults_b, fault_where(np.less(ids, 0), VALUE)))


def _comparison(compare: Calculate) -> Operator:
    is_equality = compare in (np.equal, np.not_equal)

    def operate(run: Run, left: Value, right: Value) -> Value:
        left, right = aligned((left, right))
        if not (left.kinds | right.kinds) & ~(NUMBER | BLANK):
            return truth(compare(left.number, as_seen(left.number, right.number)))
        faults = first_fault(faults_of(left), faults_of(right))
        if is_equality:
            equal = _equal(run, left, right)
            result = equal if compare is np.equal else ~equal
        else:
            result = _ordered(compare, run, left, right)
        return with_faults(BOOL, result, faults)

    return operate


def _is_empty_text(value: Value) -> bool:
    return value.kinds == TEXT and not getattr(value.number, "ndim", 0) and value.number == EMPTY_TEXT


def _equal(run: Run, left: Value, right: Value) -> Any:
    if _is_empty_text(right):
        left, right = right, left
    if _is_empty_text(left):
        return np.equal(right.number, EMPTY_TEXT) & (right.has(TEXT) | right.has(BLANK))
    one, other = _keys(run.texts.folded, left, right), _keys(run.texts.folded, right, left)
    if run.texts.has_doubles and left.kinds & right.kinds & TEXT:
        texts = (np.where(value.has(TEXT), value.number, EMPTY_TEXT) for value in (left, right))
        run.doubt(left.has(TEXT) & right.has(TEXT) & run.texts.may_be_alike(*texts))
    return _same_kind(left, right) & np.equal(one, as_seen(one, other))


def _ordered(compare: Calculate, run: Run, left: Value, right: Value) -> Any:
    kind_a, kind_b = _kind_as(left, right), _kind_as(right, left)
    if not left.kinds & TEXT & right.kinds and not (left.kinds | right.kinds) & BLANK:
        by_number = compare(left.number, as_seen(left.number, right.number))
        return np.where(np.equal(kind_a, kind_b), by_number, compare(kind_a, kind_b))
    texts = [np.where(value.has(TEXT), value.number, EMPTY_TEXT) for value in (left, right)]
    run.doubt(left.has(TEXT) & right.has(TEXT) & run.texts.out_of_order(*texts))
    one, other = run.texts.ranks(*texts)
    one, other = np.where(left.has(TEXT), one, left.number), np.where(right.has(TEXT), other, right.number)
    by_value = compare(one, as_seen(one, other))
    return np.where(np.equal(kind_a, kind_b), by_value, compare(kind_a, kind_b))


def _same_kind(left: Value, right: Value) -> Any:
    return np.equal(_kind_as(left, right), _kind_as(right, left))


def _kind_as(value: Value, other: Value) -> Any:
    """Return kinds; a blank is of the other's kind."""
    if not value.kinds & BLANK:
        return value.kind
    return np.where(value.has(BLANK), other.kind, value.kind)


def _keys(of_texts: Callable[[Any], Any], value: Value, other: Value) -> Any:
    """Return numbers to compare values of one kind by: texts by letters, whatever their case."""
    if not (value.kinds | other.kinds) & TEXT:
        return value.number
    if not value.kinds & ~(TEXT | BLANK):
        return of_texts(value.number)
    numbers = as_float(value.number)
    is_text = value.has(TEXT)
    return np.where(is_text, of_texts(np.where(is_text, numbers, EMPTY_TEXT)), numbers)


ENDING: Mapping[str, Operator] = {"+": _ending(1.0), "-": _ending(-1.0)}
UNARY: Mapping[str, Callable[[Run, Value], Value]] = {"u-": negative, "u%": percent}
BINARY: Mapping[str, Operator] = {
    "+": _arithmetic(np.add),
    "-": _arithmetic(np.subtract),
    "*": _arithmetic(np.multiply),
    "/": _divide,
    "^": _power,
    "&": _concatenate,
    "=": _comparison(np.equal),
    "<>": _comparison(np.not_equal),
    "<": _comparison(np.less),
    "<=": _comparison(np.less_equal),
    ">": _comparison(np.greater),
    ">=": _comparison(np.greater_equal),
}
