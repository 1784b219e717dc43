"""COUNTIF, SUMIFS and their like: cells that meet a criterion such as `">5"` or `"?*"`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from xlsales.calculation.compiled.coercion import as_float, each
from xlsales.calculation.compiled.operators import as_seen, finite
from xlsales.calculation.compiled.reading import Expression, Run
from xlsales.calculation.compiled.texts import shown, spelled
from xlsales.calculation.compiled.values import (
    EMPTY,
    FAULTS,
    NO_ERROR,
    Value,
    anywhere,
    error,
    everywhere,
    fault_where,
    first_fault,
    number,
    with_faults,
)
from xlsales.calculation.compiled.worksheet.areas import (
    block_of,
    counted,
    folded,
    listed,
    reduced,
    rows_of,
    shape_of,
)
from xlsales.calculation.compiled.worksheet.doubtful_criteria import of_number, of_text, sought
from xlsales.calculation.compiled.worksheet.picked import Few, Picked, by_planner, compared_pairs, equal, equal_pairs
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
_OTHERS = {"=": np.nan, "<>": np.nan, "<": np.inf, "<=": np.inf, ">": -np.inf, ">=": -np.inf}  # what meets none of them
_COMPARE_TEXT = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_EVERYWHERE = np.ones((1, 1), dtype=np.bool_)
_ANY_TEXT = "?*"  # the usual way to count cells that show something
_MANY, _DENSE = 10_000, 8  # cells of which no more than one in so many is added up are better picked than passed over
_SPARSE = 2  # values of which no more than one in so many is asked for are worked out alone
_EXACT = 1e15  # whole numbers below it are written in full
_AT_ONCE = 1_000_000  # comparisons: more leave the processor's cache, and the system clears memory for them each time


@dataclass(frozen=True)
class Criterion:
    """A condition as a formula gives it: `">"&A1` is the operator `>` and the value of A1."""

    operator: str
    value: Expression


class _Asked(NamedTuple):
    """A criterion that cells of an area are to meet."""

    area: Value
    operator: str
    wanted: Value


def countifs(run: Run, *pairs: tuple[Expression, Criterion]) -> Value:
    """Count the cells that meet all criteria."""
    asked = _asked(run, pairs)
    if asked is None:
        return error(VALUE)
    picked = _picked(run, asked)
    if picked is not None:
        return number(picked.counts())
    (found,) = _worked(run, asked, lambda some: [counted(_met(run, some), some[0].area)])
    return number(found)


def sumifs(run: Run, area: Expression, *pairs: tuple[Expression, Criterion]) -> Value:
    """Add up the numbers of the cells that meet all criteria."""
    added, _filled, faults = _sums(run, area, pairs, with_counts=False)
    return error(VALUE) if added is None else with_faults(NUMBER, added, faults)


def averageifs(run: Run, area: Expression, *pairs: tuple[Expression, Criterion]) -> Value:
    """The mean of the numbers of the cells that meet all criteria."""
    added, filled, faults = _sums(run, area, pairs, with_counts=True)
    if added is None:
        return error(VALUE)
    nothing = np.equal(filled, 0)
    return with_faults(
        NUMBER, np.divide(added, np.where(nothing, 1.0, filled)), first_fault(faults, fault_where(nothing, DIV0))
    )


def _sums(
    run: Run, area: Expression, pairs: Sequence[tuple[Expression, Criterion]], *, with_counts: bool
) -> tuple[Any, Any, Any]:
    """Return sums, how many numbers each is of where that is asked for, and the faults."""
    summed = area(run)
    asked = _asked(run, pairs)
    if asked is None or shape_of(asked[0].area) != shape_of(summed):
        return None, None, None
    _grow_together([summed, *(one.area for one in asked)])
    found = _picked_sums(_picked(run, asked, summed), summed)
    if found is not None:
        return found
    taken = _Asked(summed, "", EMPTY)  # goes with the criteria, though it is none

    def work(some: Sequence[_Asked]) -> Sequence[Any]:
        return _sums_of(some[-1].area, _met(run, some[:-1]), with_counts=with_counts)

    added, filled, faults = _worked(run, [*asked, taken], work)
    return added, filled, faults


def _picked_sums(picked: Picked | None, summed: Value) -> tuple[Array, Array, None] | None:
    """Return sums of cells, and how many numbers each is of; None where there are errors or too large numbers."""
    if picked is None or summed.kinds & ERROR:
        return None
    kinds, numbers = (picked.of(cells) for cells in listed(summed))
    is_number = kinds == NUMBER
    added = picked.counts(np.where(is_number, numbers, 0.0))
    return (added, picked.counts(is_number), None) if np.isfinite(added).all() else None


def _sums_of(summed: Value, which: Array, *, with_counts: bool) -> tuple[Array, Array | None, Any]:
    kind, numbers = listed(summed)
    use = which & (kind == NUMBER)
    found = _few_added(use, numbers) if summed.until is None else None
    if found is None:
        found = finite(lambda: reduced(np.add, np.where(use, numbers, 0.0), summed))
    added, overflow = found
    filled = counted(use, summed) if with_counts else None
    return added, filled, first_fault(_faults_among(summed, which), overflow)


def _few_added(use: Array, numbers: Array) -> tuple[Array, None] | None:
    """Add up those of (block, cells, planners) that are used, each after the one before; None where they are many."""
    block, _cells, planners = use.shape
    if not _are_few(use):
        return None
    where = _where(use)
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


def _asked(run: Run, pairs: Sequence[tuple[Expression, Criterion]]) -> Sequence[_Asked] | None:
    """Return the criteria with their areas; None where these are not of one shape."""
    areas = [_as_area(area(run)) for area, _criterion in pairs]
    if len({shape_of(area) for area in areas}) > 1:
        return None
    _grow_together(areas)
    found = [
        _Asked(area, criterion.operator, _as_asked(run, criterion.value(run)))
        for area, (_area, criterion) in zip(areas, pairs, strict=True)
    ]
    for one in found:
        doubtful = _doubtful(run, one)
        if doubtful is not np.False_:
            run.doubt(doubtful)
    return found


def _as_asked(run: Run, wanted: Value) -> Value:
    """Return what is wanted as numbers, where it is nothing else in the places that are asked for."""
    if run.asked is None or wanted.kinds == NUMBER or not wanted.kinds & NUMBER or np.ndim(wanted.number) != 2:
        return wanted
    asked, is_number = np.broadcast_arrays(run.asked, wanted.has(NUMBER))
    if anywhere(asked > is_number):
        return wanted
    return number(np.where(wanted.has(NUMBER), wanted.number, 0.0))


def _doubtful(run: Run, asked: _Asked) -> Any:
    """Return where it is not known which cells meet a criterion."""
    area, sign, wanted = asked
    doubtful: Any = np.False_
    if wanted.kinds == NUMBER:
        return of_number(run, area, sign or "=", _as_written(sign, wanted.number))
    if wanted.kinds & NUMBER:
        numbers = _as_written(sign, np.where(wanted.has(NUMBER), wanted.number, 0.0))
        doubtful = wanted.has(NUMBER) & of_number(run, area, sign or "=", numbers)
    for kind, value, here in _others(run, wanted):
        if kind != ERROR and (sign or kind != BOOL) and (sign or kind != BLANK):
            one, rest = _read(run, sign, kind, value)
            doubtful = doubtful | (here & of_text(run, area, sought(one or "=", rest)))
    return doubtful


def _others(run: Run, wanted: Value) -> Iterator[tuple[int, float, Array]]:
    """Yield what is wanted that is no number, and asked for, with where it is."""
    if isinstance(wanted.kind, int) and not np.ndim(wanted.number):
        if wanted.kind != NUMBER:
            yield wanted.kind, float(wanted.number), _EVERYWHERE
        return
    kind, values = np.broadcast_arrays(np.atleast_2d(wanted.kind), np.atleast_2d(as_float(wanted.number)))
    others, asked = kind & ~NUMBER != 0, run.asked_in(kind.shape)
    if asked is not None:
        others = others & asked
    for one in sorted(set(zip(kind[others].tolist(), values[others].tolist(), strict=True))):
        yield *one, (kind == one[0]) & (values == one[1])


def _read(run: Run, sign: str, kind: int, value: float) -> tuple[str, str]:
    """Return the operator of a criterion, and what stands behind it."""
    written = sign + _written(run, kind, value)
    found = _OPERATOR.match(written)
    sign = found[0] if found else ""
    return sign, written[len(sign) :]


def _worked(run: Run, asked: Sequence[_Asked], work: Callable[[Sequence[_Asked]], Sequence[Any]]) -> Sequence[Any]:
    """Return what criteria come to, worked out for some cells of the block after the other.

    So what is compared fits into the cache.
    """
    block = max(block_of(value) for one in asked for value in (one.area, one.wanted))
    rows, columns = shape_of(asked[0].area)
    step = max(1, _AT_ONCE // (rows * columns * run.planners))
    if block <= step:
        return work(asked)
    parts = [slice(start, start + step) for start in range(0, block, step)]
    found = [
        work([_Asked(rows_of(one.area, some), one.operator, rows_of(one.wanted, some)) for one in asked])
        for some in parts
    ]
    return [_joined(own) for own in zip(*found, strict=True)]


def _joined(parts: Sequence[Any]) -> Any:
    """Return the parts of counts, sums or faults as one; None stands for no faults, or counts that nobody needs."""
    size = next((own.shape for own in parts if own is not None), None)
    if size is None:
        return None
    return np.concatenate([np.full(size, float(NO_ERROR)) if own is None else own for own in parts])


def _picked(run: Run, asked: Sequence[_Asked], *more: Value) -> Picked | None:
    """Find the cells that meet criteria where these are better picked; None where they are better passed over.

    With `more` areas all must be the same for all cells of the block.
    """
    areas = [*more, *(one.area for one in asked)]
    if any(area.until is not None or block_of(area) > 1 for area in areas):
        return None
    rows, columns = shape_of(areas[0])
    shape = max(block_of(one.wanted) for one in asked), run.planners
    if shape[0] * shape[1] * rows * columns < _MANY:
        return None
    few = _few(run, asked, rows * columns, shape)
    return few if few is not None else _equal(run, asked, rows * columns, shape)


def _equal(run: Run, asked: Sequence[_Asked], size: int, shape: tuple[int, int]) -> Picked | None:
    """Find them where one criterion is a number of each cell of the block, and the others are the same for all."""
    own = [one for one in asked if block_of(one.wanted) > 1]
    if run.thorough or len(own) != 1 or own[0].operator not in ("", "=") or own[0].wanted.kinds != NUMBER:
        return None
    (one,) = own
    others = [other for other in asked if other is not one]
    which = _met(run, others)[0] if others else np.True_
    cells = np.broadcast_to(_comparable(run, one.operator, one.area)[0], (size, run.planners))
    sought = np.broadcast_to(_as_written(one.operator, one.wanted.number), shape)
    return equal(cells, which, sought, run.asked)


def _few(run: Run, asked: Sequence[_Asked], size: int, shape: tuple[int, int]) -> Picked | None:
    """Find them, all of them numbers, for the values that are asked for; None where many are."""
    if run.asked is None or run.asked.shape[0] not in (1, shape[0]):
        return None
    places = np.flatnonzero(np.broadcast_to(run.asked, shape))
    if places.size * _SPARSE > shape[0] * shape[1]:
        return None
    block, planners = np.divmod(places, run.planners)
    if any((np.broadcast_to(one.wanted.kind, shape)[block, planners] != NUMBER).any() for one in asked):
        return None
    looked_for = [
        (
            one.operator,
            by_planner(_comparable(run, one.operator, one.area), run.planners),
            _as_written(one.operator, np.broadcast_to(one.wanted.number, shape)[block, planners]),
        )
        for one in sorted(asked, key=lambda one: one.operator not in ("", "="))  # what the fewest meet comes first
    ]
    (sign, numbers, sought), *others = looked_for
    own, cells = (equal_pairs if sign in ("", "=") else partial(compared_pairs, _COMPARE[sign]))(
        numbers, planners, sought
    )
    for sign, numbers, sought in others:
        met = _compared(sign, numbers[planners[own], cells], sought[own])
        own, cells = own[met], cells[met]
    return Few(places, shape, own, (planners[own], cells))


def _met(run: Run, asked: Sequence[_Asked]) -> Any:
    """Return which cells (block, cells, planners) meet all criteria."""
    first, *others = sorted(asked, key=lambda one: max(block_of(one.area), block_of(one.wanted)) > 1)
    which = _meets(run, first)  # if there are any, what all cells of the block ask alike
    for one in others:
        if one.wanted.kinds == NUMBER and not run.thorough and _are_few(which):
            which = _those_that_meet(run, which, one)
        else:
            which = which & _meets(run, one)
    return which


def _are_few(which: Array) -> bool:
    """Whether it holds in so few of many cells that they are better picked than passed over."""
    return which.size >= _MANY and bool(_DENSE * np.count_nonzero(which) <= which.size)


def _where(which: Array) -> tuple[Array, ...]:
    """Return block, cell and planner where it holds: NumPy's own `nonzero` takes ten times as long for three axes."""
    return np.unravel_index(np.flatnonzero(which), which.shape)


def _those_that_meet(run: Run, which: Array, one: _Asked) -> Array:
    """Return which of a few cells meet one more criterion, a number."""
    numbers, sought = _comparable(run, one.operator, one.area), _numbers_sought(one)
    shape = np.broadcast_shapes(which.shape, numbers.shape, sought.shape)
    met = np.zeros(shape, dtype=np.bool_)
    if which.shape[0] == numbers.shape[0] == 1:  # the same few for all cells of the block
        cells, planners = np.divmod(np.flatnonzero(np.broadcast_to(which, (1, *shape[1:]))), shape[2])
        own = np.broadcast_to(numbers[0], shape[1:])[cells, planners]
        met[:, cells, planners] = _compared(one.operator, own, np.broadcast_to(sought[:, 0], shape[::2])[:, planners])
        return met
    where = _where(np.broadcast_to(which, shape))
    met[where] = _compared(one.operator, np.broadcast_to(numbers, shape)[where], np.broadcast_to(sought, shape)[where])
    return met


def _grow_together(areas: Sequence[Value]) -> None:
    if len({None if area.until is None else area.until.tobytes() for area in areas}) > 1:
        raise NotImplementedError(_("ranges that grow differently"))


def _as_area(value: Value) -> Value:
    if value.is_area:
        return value
    kind, numbers = np.broadcast_arrays(np.atleast_2d(value.kind), np.atleast_2d(value.number))
    return Value(value.kinds, kind[:, None, None, :], numbers[:, None, None, :], reference=True)


def _meets(run: Run, asked: _Asked) -> Any:
    """Return which cells (block, cells, planners) meet a criterion."""
    area, sign, wanted = asked
    kinds, numbers = listed(area)
    met: Any = np.False_
    if wanted.kinds & NUMBER:
        met = _meets_number(run, sign or "=", area, kinds, numbers, _numbers_sought(asked))
        if wanted.kinds == NUMBER:
            return met
    met = met & np.equal(np.atleast_2d(wanted.kind), NUMBER)[:, None, :]
    for kind, value, here in _others(run, wanted):
        met = met | (_meets_one(run, sign, area, kinds, numbers, (kind, value)) & here[:, None, :])
    return np.broadcast_to(met, np.broadcast_shapes(np.shape(met), kinds.shape))


def _numbers_sought(asked: _Asked) -> Array:
    sought: Array = np.atleast_2d(_as_written(asked.operator, asked.wanted.number))[:, None, :]
    return sought


def _as_written(sign: str, numbers: Any) -> Any:
    """Return numbers as they are when written behind an operator and read again: with 15 digits."""
    if sign and not everywhere((np.abs(numbers) < _EXACT) & np.equal(numbers, np.trunc(numbers))):
        numbers = each(lambda one: float(f"{one:.14e}"), numbers)
    return numbers


def _meets_number(run: Run, sign: str, area: Value, kinds: Array, numbers: Array, wanted: Any) -> Any:
    if run.thorough and ((kinds == NUMBER) & (as_seen(numbers, wanted) != wanted)).any():
        raise NotImplementedError(_("a criterion that only the last digits of a number miss"))
    return _compared(sign, _comparable(run, sign, area), wanted)


def _compared(sign: str, numbers: Array, wanted: Any) -> Any:
    return _COMPARE[sign or "="](numbers, wanted)


def _comparable(run: Run, sign: str, area: Value) -> Array:
    """Return the numbers of cells to compare with a number; other cells have one that does not meet the criterion."""
    others = _OTHERS[sign or "="]
    known = area.comparable = area.comparable or {}
    if str(others) not in known:
        known[str(others)] = _with_others(run, area, others)
    return known[str(others)]


def _with_others(run: Run, area: Value, others: float) -> Array:
    kinds, numbers = listed(area)
    found = numbers if area.kinds == NUMBER else np.where(kinds == NUMBER, numbers, others)
    if area.kinds & TEXT and others != others:  # texts that spell the number are equal to it, but neither less nor more
        is_text = kinds == TEXT
        found = np.where(is_text, run.texts.numbers(np.where(is_text, numbers, EMPTY_TEXT)), found)
    return found


def _meets_one(run: Run, sign: str, area: Value, kinds: Array, numbers: Array, wanted: tuple[int, float]) -> Any:
    """Return which cells meet one criterion."""
    kind, value = wanted
    if kind == ERROR:  # an operator before an error gives the error
        return (kinds == ERROR) & (numbers == value)
    if not sign and kind == BOOL:
        return (kinds == BOOL) & (numbers == value)
    if not sign and kind == BLANK:
        return _meets_number(run, "=", area, kinds, numbers, 0.0)
    sign, written = _read(run, sign, kind, value)
    read = spelled(written)
    if np.isfinite(read):
        return _meets_number(run, sign or "=", area, kinds, numbers, read)
    if written.upper() in ("TRUE", "FALSE") and sign in ("", "=", "<>"):
        equal = (kinds == BOOL) & (numbers == (written.upper() == "TRUE"))
        return ~equal if sign == "<>" else equal
    if written.upper() in FAULTS and sign in ("", "=", "<>"):
        equal = (kinds == ERROR) & (numbers == FAULTS[written.upper()] - 1)
        return ~equal if sign == "<>" else equal
    return _meets_text(run, sign, area, written)


def _written(run: Run, kind: int, value: float) -> str:
    match kind:
        case 2:
            return shown(value)
        case 4:
            return run.texts.all[int(value)]
        case 8:
            return "TRUE" if value else "FALSE"
    return ""


def _meets_text(run: Run, sign: str, area: Value, wanted: str) -> Any:
    if wanted and sign not in _COMPARE_TEXT and not has_wildcard(wanted):
        equal = np.equal(folded(run.texts, area), run.texts.folded(run.texts.id(wanted)))
        return ~equal if sign == "<>" else equal
    kinds, numbers = listed(area)
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
    else:
        fits = pattern(wanted).fullmatch
        equal = is_text & _where_text(run, ids, is_text, lambda text: fits(text) is not None)
    return ~equal if sign == "<>" else equal


def _where_text(run: Run, ids: Array, is_text: Array, holds: Callable[[str], bool]) -> Any:
    """Ask once for every different text."""
    known = run.texts.all
    places = ids.astype(np.intp)
    different = run.texts.different(places[is_text])
    answers = np.zeros(len(known), dtype=np.bool_)
    answers[different] = [holds(known[one]) for one in different.tolist()]
    return answers[places]
