"""IF, IFERROR, CHOOSE, AND, OR, NOT and what tells kinds apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from xlsales.calculation.compiled.coercion import as_float, as_numbers, as_truths
from xlsales.calculation.compiled.reading import Expression, Run
from xlsales.calculation.compiled.values import (
    NO_ERROR,
    Value,
    aligned,
    anywhere,
    error,
    everywhere,
    fault_where,
    faults_of,
    first_fault,
    number,
    select,
    truth,
    with_faults,
)
from xlsales.calculation.compiled.worksheet.areas import faults_in, listed, reduced
from xlsales.cells.arrays import BLANK, BOOL, ERROR, NUMBER, TEXT
from xlsales.functions.errors import NA, VALUE

_FALSE = Value(BOOL, BOOL, 0.0)


def choose_if(run: Run, condition: Expression, yes: Expression, no: Expression | None = None) -> Value:
    """IF: works out one side alone where all planners agree."""
    decided = condition(run)
    truths, faults = as_truths(decided, run)
    if faults is None and not run.thorough:
        if everywhere(truths):
            return yes(run)
        if not anywhere(truths):
            return no(run) if no else _FALSE
    shaped = Value(BOOL, BOOL, truths)
    one, other = run.only(yes, truths), run.only(no, np.logical_not(truths)) if no else _FALSE
    shaped, one, other = aligned((shaped, one, other))
    chosen = select(shaped.number, one, other)
    return chosen if faults is None else _or_fault(chosen, faults)


def _or_fault(value: Value, faults: Any) -> Value:
    wrong = np.not_equal(faults, NO_ERROR)
    return select(wrong, Value(ERROR, ERROR, faults - 1.0), value)


def if_error(run: Run, value: Expression, instead: Expression) -> Value:
    """IFERROR."""
    return _instead(run, value(run), instead, lambda found: found.has(ERROR))


def if_na(run: Run, value: Expression, instead: Expression) -> Value:
    """IFNA."""
    return _instead(run, value(run), instead, lambda found: is_na(run, found).number)


def _instead(run: Run, found: Value, instead: Expression, which: Any) -> Value:
    if not found.kinds & ERROR and not run.thorough:
        return found
    replaced = which(found)
    if not anywhere(replaced) and not run.thorough:
        return found
    if everywhere(replaced) and not run.thorough:
        return instead(run)
    shaped, other, found = aligned((truth(replaced), run.only(instead, replaced), found))
    return select(shaped.number, other, found)


def choose(run: Run, index: Expression, *choices: Expression) -> Value:
    """CHOOSE: works out the choices that some planner takes."""
    wanted = index(run)
    if wanted.kinds & (BOOL | TEXT):
        _numbers, faults = as_numbers(wanted, run)
        run.doubt((wanted.has(BOOL) | wanted.has(TEXT)) & (np.True_ if faults is None else np.equal(faults, NO_ERROR)))
    position = np.trunc(as_float(wanted.number))
    usable = wanted.has(NUMBER) & np.greater_equal(position, 1) & np.less_equal(position, len(choices))
    found = error(VALUE)
    for number_, choice in enumerate(choices, start=1):
        here = usable & np.equal(position, number_)
        if everywhere(here) and not run.thorough:
            return choice(run)
        if anywhere(here) or run.thorough:
            found = select(here, run.only(choice, here), found)
    faults = faults_of(wanted)
    return found if faults is None else _or_fault(found, faults)


def every(run: Run, *values: Value) -> Value:
    """AND."""
    return _all_of(np.logical_and, values, neutral=True)


def some(run: Run, *values: Value) -> Value:
    """OR."""
    return _all_of(np.logical_or, values, neutral=False)


def _all_of(combine: np.ufunc, values: Sequence[Value], *, neutral: bool) -> Value:
    if all(value.kinds == BOOL and not value.is_area for value in values):
        found = values[0].number
        for value in values[1:]:
            found = combine(found, value.number)
        return truth(found)
    result: Any = np.bool_(neutral)
    any_logical: Any = np.False_
    faults = None
    for value in values:
        own, logical, wrong = _logical(combine, value, neutral=neutral)
        result, any_logical = combine(result, own), any_logical | logical
        faults = first_fault(faults, wrong)
    return with_faults(BOOL, result, first_fault(faults, fault_where(~any_logical, VALUE)))


def _logical(combine: np.ufunc, value: Value, *, neutral: bool) -> tuple[Any, Any, Any]:
    """Return the truth of one argument, whether it has any, and its faults."""
    if value.is_area:
        kind, numbers = listed(value)
        logical = (kind == BOOL) | (kind == NUMBER)
        truths = np.where(logical, numbers != 0, neutral)
        return reduced(combine, truths, value), reduced(np.logical_or, logical, value), faults_in(value)
    logical = value.has(BOOL) | value.has(NUMBER)
    faults = faults_of(value)
    if value.kinds & TEXT and not value.reference:
        faults = first_fault(faults, fault_where(value.has(TEXT), VALUE))
    if not value.kinds & ~(BOOL | NUMBER):
        return np.not_equal(value.number, 0), np.True_, faults
    return np.where(logical, np.not_equal(value.number, 0), neutral), logical, faults


def negation(run: Run, value: Value) -> Value:
    """NOT."""
    truths, faults = as_truths(value, run)
    return with_faults(BOOL, ~np.asarray(truths), faults)


def true(run: Run) -> Value:
    """TRUE."""
    return Value(BOOL, BOOL, 1.0)


def false(run: Run) -> Value:
    """FALSE."""
    return _FALSE


def not_available(run: Run) -> Value:
    """NA."""
    return error(NA)


def is_number(run: Run, value: Value) -> Value:
    """ISNUMBER."""
    return truth(value.has(NUMBER))


def is_text(run: Run, value: Value) -> Value:
    """ISTEXT."""
    return truth(value.has(TEXT))


def is_blank(run: Run, value: Value) -> Value:
    """ISBLANK."""
    return truth(value.has(BLANK))


def is_error(run: Run, value: Value) -> Value:
    """ISERROR."""
    return truth(value.has(ERROR))


def is_na(run: Run, value: Value) -> Value:
    """ISNA."""
    return truth(value.has(ERROR) & np.equal(value.number, error(NA).number))


def as_number(run: Run, value: Value) -> Value:
    """N: numbers and dates as they are, TRUE as 1, texts and blanks as 0."""
    if not value.kinds & ~(NUMBER | BLANK):
        return number(value.number)
    numbers = as_float(value.number)
    if value.kinds & TEXT:
        numbers = np.where(value.has(TEXT), 0.0, numbers)
    faults = faults_of(value)
    return with_faults(NUMBER, numbers, faults)
