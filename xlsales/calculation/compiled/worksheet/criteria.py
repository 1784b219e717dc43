"""COUNTIF, SUMIFS and their like: cells that meet a criterion such as `">5"` or `"?*"`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xlsales.calculation.compiled.coercion import as_float, each
from xlsales.calculation.compiled.operators import as_seen, finite
from xlsales.calculation.compiled.reading import Expression, Run
from xlsales.calculation.compiled.texts import shown, spelled
from xlsales.calculation.compiled.values import (
    FAULTS,
    NO_ERROR,
    Value,
    error,
    fault_where,
    first_fault,
    number,
    with_faults,
)
from xlsales.calculation.compiled.worksheet.areas import counted, listed, reduced, shape_of
from xlsales.cells.arrays import BLANK, BOOL, EMPTY_TEXT, ERROR, NUMBER, TEXT, Array
from xlsales.cells.wildcards import has_wildcard, pattern
from xlsales.functions.errors import DIV0, VALUE
from xlsales.texts import _

_OPERATOR = re.compile(r"<=|>=|<>|=|<|>")
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_COMPARE_TEXT = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_ANY_TEXT = "?*"  # the usual way to count cells that show something
_MANY, _DENSE = 10_000, 8  # cells of which no more than one in so many is added up are better picked than passed over
_EXACT = 1e15  # whole numbers below it are written in full


@dataclass(frozen=True)
class Criterion:
    """A condition as a formula gives it: `">"&A1` is the operator `>` and the value of A1."""

    operator: str
    value: Expression


def countifs(run: Run, *pairs: tuple[Expression, Criterion]) -> Value:
    """Count the cells that meet all criteria."""
    areas, which = _met(run, pairs)
    return error(VALUE) if which is None else number(counted(which, areas[0]))


def sumifs(run: Run, area: Expression, *pairs: tuple[Expression, Criterion]) -> Value:
    """Add up the numbers of the cells that meet all criteria."""
    added, _filled, faults = _sums(run, area, pairs)
    return error(VALUE) if added is None else with_faults(NUMBER, added, faults)


def averageifs(run: Run, area: Expression, *pairs: tuple[Expression, Criterion]) -> Value:
    """The mean of the numbers of the cells that meet all criteria."""
    added, filled, faults = _sums(run, area, pairs)
    if added is None:
        return error(VALUE)
    nothing = np.equal(filled, 0)
    return with_faults(
        NUMBER, np.divide(added, np.where(nothing, 1.0, filled)), first_fault(faults, fault_where(nothing, DIV0))
    )


def _sums(run: Run, area: Expression, pairs: Sequence[tuple[Expression, Criterion]]) -> tuple[Any, Any, Any]:
    summed = area(run)
    areas, which = _met(run, pairs)
    if which is None or {shape_of(other) for other in areas} != {shape_of(summed)}:
        return None, None, None
    _grow_together([summed, *areas])
    kind, numbers = listed(summed)
    use = which & (kind == NUMBER)
    found = _few_added(use, numbers) if areas[0].until is None else None
    if found is None:
        found = finite(lambda: reduced(np.add, np.where(use, numbers, 0.0), areas[0]))
    added, overflow = found
    return added, counted(use, areas[0]), first_fault(_faults_among(summed, which), overflow)


def _few_added(use: Array, numbers: Array) -> tuple[Array, None] | None:
    """Add up those of (block, cells, planners) that are used, each after the one before; None where they are many."""
    block, _cells, planners = use.shape
    if use.size < _MANY or _DENSE * np.count_nonzero(use) > use.size:
        return None
    where = np.nonzero(use)
    every = np.broadcast_to(numbers, use.shape)[where]
    found = np.bincount(where[0] * planners + where[2], every, block * planners).reshape(block, planners)
    return (found, None) if np.isfinite(found).all() else None


def _faults_among(summed: Value, which: Any) -> Any:
    """Return the first error among the cells that are added up."""
    if not summed.kinds & ERROR:
        return None
    kinds, numbers = np.broadcast_arrays(*listed(summed), which)[:2]
    wrong = which & (kinds == ERROR)
    if summed.until is not None and wrong.any():
        raise NotImplementedError(_("errors in a range that grows with its cell"))
    first = wrong.argmax(axis=1)[:, None]
    found = np.take_along_axis(numbers, first, axis=1)[:, 0] + 1.0
    return np.where(wrong.any(axis=1), found, float(NO_ERROR))


def _met(run: Run, pairs: Sequence[tuple[Expression, Criterion]]) -> tuple[list[Value], Any]:
    """Return the areas, and which of their cells meet all criteria."""
    areas = [_as_area(area(run)) for area, _criterion in pairs]
    if len({shape_of(area) for area in areas}) > 1:
        return areas, None
    _grow_together(areas)
    which: Any = None
    for area, (_area, criterion) in zip(areas, pairs, strict=True):
        met = _meets(run, area, criterion)
        which = met if which is None else which & met
    return areas, which


def _grow_together(areas: Sequence[Value]) -> None:
    if len({None if area.until is None else area.until.tobytes() for area in areas}) > 1:
        raise NotImplementedError(_("ranges that grow differently"))


def _as_area(value: Value) -> Value:
    if value.is_area:
        return value
    kind, numbers = np.broadcast_arrays(np.atleast_2d(value.kind), np.atleast_2d(value.number))
    return Value(value.kinds, kind[:, None, None, :], numbers[:, None, None, :], reference=True)


def _meets(run: Run, area: Value, criterion: Criterion) -> Any:
    """Return which cells (block, cells, planners) meet a criterion."""
    wanted = criterion.value(run)
    kinds, numbers = listed(area)
    met: Any = np.False_
    if wanted.kinds & NUMBER:
        sought = np.atleast_2d(_read_again(criterion, wanted))[:, None, :]
        met = _meets_number(run, criterion.operator or "=", area, kinds, numbers, sought)
        if wanted.kinds == NUMBER:
            return met
    kind, values = np.broadcast_arrays(np.atleast_2d(wanted.kind), np.atleast_2d(as_float(wanted.number)))
    met = met & (kind == NUMBER)[:, None, :]
    others = kind & ~NUMBER != 0
    for one in sorted(set(zip(kind[others].tolist(), values[others].tolist(), strict=True))):
        here = (kind == one[0]) & (values == one[1])
        met = met | (_meets_one(run, criterion.operator, area, kinds, numbers, one) & here[:, None, :])
    return np.broadcast_to(met, np.broadcast_shapes(np.shape(met), kinds.shape))


def _read_again(criterion: Criterion, wanted: Value) -> Any:
    """Return numbers as they are when written behind an operator and read again: with 15 digits."""
    numbers = wanted.number
    if not criterion.operator or np.all((np.abs(numbers) < _EXACT) & np.equal(numbers, np.trunc(numbers))):
        return numbers
    return each(lambda one: float(shown(one)), numbers)


def _meets_number(run: Run, sign: str, area: Value, kinds: Array, numbers: Array, wanted: Any) -> Any:
    is_number = kinds == NUMBER
    if run.thorough and (is_number & (as_seen(numbers, wanted) != wanted)).any():
        raise NotImplementedError(_("a criterion that only the last digits of a number miss"))
    if sign not in ("=", "<>"):
        return is_number & _COMPARE[sign](numbers, wanted)
    equal = is_number & (numbers == wanted)
    if area.kinds & TEXT:
        is_text = kinds == TEXT
        equal = equal | (is_text & (run.texts.numbers(np.where(is_text, numbers, EMPTY_TEXT)) == wanted))
    return equal if sign == "=" else ~equal


def _meets_one(run: Run, sign: str, area: Value, kinds: Array, numbers: Array, wanted: tuple[int, float]) -> Any:
    """Return which cells meet one criterion."""
    kind, value = wanted
    if kind == ERROR:  # an operator before an error gives the error
        return (kinds == ERROR) & (numbers == value)
    if not sign and kind == BOOL:
        return (kinds == BOOL) & (numbers == value)
    if not sign and kind == BLANK:
        return _meets_number(run, "=", area, kinds, numbers, 0.0)
    written = sign + _written(run, kind, value)
    found = _OPERATOR.match(written)
    sign = found[0] if found else ""
    written = written[len(sign) :]
    read = spelled(written)
    if read == read:
        return _meets_number(run, sign or "=", area, kinds, numbers, read)
    if written.upper() in ("TRUE", "FALSE") and sign in ("", "=", "<>"):
        equal = (kinds == BOOL) & (numbers == (written.upper() == "TRUE"))
        return ~equal if sign == "<>" else equal
    if written.upper() in FAULTS and sign in ("", "=", "<>"):
        equal = (kinds == ERROR) & (numbers == FAULTS[written.upper()] - 1)
        return ~equal if sign == "<>" else equal
    return _meets_text(run, sign, kinds, numbers, written)


def _written(run: Run, kind: int, value: float) -> str:
    match kind:
        case 2:
            return shown(value)
        case 4:
            return run.texts.all[int(value)]
        case 8:
            return "TRUE" if value else "FALSE"
    return ""


def _meets_text(run: Run, sign: str, kinds: Array, numbers: Array, wanted: str) -> Any:
    is_text = kinds == TEXT
    if not wanted:
        if sign in ("=", "<>"):
            return (kinds == BLANK) == (sign == "=")
        if not sign:
            return (kinds == BLANK) | (is_text & (numbers == EMPTY_TEXT))
    ids = np.where(is_text, numbers, EMPTY_TEXT)
    if sign in _COMPARE_TEXT:
        low = wanted.lower()
        return is_text & _where_text(run, ids, is_text, lambda text: _COMPARE_TEXT[sign](text.lower(), low))
    if wanted == _ANY_TEXT:
        equal = is_text & (ids != EMPTY_TEXT)
    elif has_wildcard(wanted):
        fits = pattern(wanted).fullmatch
        equal = is_text & _where_text(run, ids, is_text, lambda text: fits(text) is not None)
    else:
        equal = is_text & (run.texts.folded(ids) == run.texts.folded(run.texts.id(wanted)))
    return ~equal if sign == "<>" else equal


def _where_text(run: Run, ids: Array, is_text: Array, holds: Callable[[str], bool]) -> Any:
    """Ask once for every different text."""
    known = run.texts.all
    different = np.unique(ids[is_text]).astype(np.intp)
    answers = np.zeros(len(known), dtype=np.bool_)
    answers[different] = [holds(known[one]) for one in different.tolist()]
    return answers[ids.astype(np.intp)]
