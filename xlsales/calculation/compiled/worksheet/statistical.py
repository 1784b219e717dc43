"""COUNT, SUM, MAX, RANK and their like: functions of numbers wherever they stand."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from xlsales.calculation.compiled.coercion import as_numbers
from xlsales.calculation.compiled.operators import finite
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.texts import IN_DOUBT
from xlsales.calculation.compiled.values import (
    NO_ERROR,
    Value,
    aligned,
    anywhere,
    error,
    fault_where,
    faults_of,
    first_fault,
    number,
    whole,
    with_faults,
)
from xlsales.calculation.compiled.worksheet.areas import counted, faults_in, listed, reduced, shape_of
from xlsales.cells.arrays import BLANK, BOOL, EMPTY_TEXT, ERROR, NUMBER, TEXT, Array
from xlsales.functions.errors import DIV0, NA, NUM, VALUE
from xlsales.texts import _


def count(run: Run, *values: Value) -> Value:
    """Count numbers."""
    return number(sum(_numbers_in(run, value) for value in values) + 0.0)


def _numbers_in(run: Run, value: Value) -> Any:
    if value.is_area:
        return counted(listed(value)[0] == NUMBER, value)
    if value.reference or not value.kinds & (TEXT | BOOL):
        return value.has(NUMBER)
    if value.kinds & TEXT:
        spelled = run.texts.numbers(np.where(value.has(TEXT), value.number, EMPTY_TEXT))
        run.doubt(np.equal(spelled, IN_DOUBT))
        return value.has(NUMBER) | value.has(BOOL) | ~np.isnan(spelled)
    return value.has(NUMBER) | value.has(BOOL)


def counta(run: Run, *values: Value) -> Value:
    """Count what is not blank."""
    return number(sum(_filled(value) for value in values) + 0.0)


def _filled(value: Value) -> Any:
    return counted(listed(value)[0] != BLANK, value) if value.is_area else ~value.has(BLANK)


def countblank(run: Run, area: Value) -> Value:
    """Count what is blank or an empty text."""
    if not area.is_area:
        return number((area.has(BLANK) | (area.has(TEXT) & np.equal(area.number, EMPTY_TEXT))) + 0.0)
    kind, numbers = listed(area)
    return number(counted((kind == BLANK) | ((kind == TEXT) & (numbers == EMPTY_TEXT)), area))


def total(run: Run, *values: Value) -> Value:
    """Add numbers up."""
    added: Any = 0.0
    faults = None
    for value in values:
        summand, own = _sum_of(run, value)
        added, overflow = finite(partial(np.add, added, summand))
        faults = first_fault(faults, own, overflow)
    return with_faults(NUMBER, added, faults)


def _sum_of(run: Run, value: Value) -> tuple[Any, Any]:
    if value.is_area:
        kind, numbers = listed(value)
        cells = np.where(kind == NUMBER, numbers, 0.0)
        added, overflow = finite(lambda: reduced(np.add, cells, value))
        return added, first_fault(faults_in(value), overflow)
    if value.reference:
        return np.where(value.has(NUMBER), value.number, 0.0), faults_of(value)
    return as_numbers(value, run)


def average(run: Run, *values: Value) -> Value:
    """The mean of numbers."""
    added, faults = _parts(total(run, *values))
    filled = count(run, *values).number
    nothing = fault_where(np.equal(filled, 0), DIV0)
    mean = np.divide(added, np.where(np.equal(filled, 0), 1.0, filled))
    return with_faults(NUMBER, mean, first_fault(faults, nothing))


def _parts(value: Value) -> tuple[Any, Any]:
    faults = faults_of(value)
    return (value.number if faults is None else np.where(value.has(ERROR), 0.0, value.number)), faults


def largest(run: Run, *values: Value) -> Value:
    """The largest number, 0 where there is none."""
    return _extreme(run, np.maximum, -np.inf, values)


def smallest(run: Run, *values: Value) -> Value:
    """The smallest number, 0 where there is none."""
    return _extreme(run, np.minimum, np.inf, values)


def _extreme(run: Run, combine: np.ufunc, neutral: float, values: tuple[Value, ...]) -> Value:
    found: Any = neutral
    faults = None
    for value in values:
        best, own = _best_of(run, combine, neutral, value)
        found = combine(found, best)
        faults = first_fault(faults, own)
    nothing = np.equal(found, neutral)
    return with_faults(NUMBER, np.where(nothing, 0.0, found) if anywhere(nothing) else found, faults)


def _best_of(run: Run, combine: np.ufunc, neutral: float, value: Value) -> tuple[Any, Any]:
    if value.is_area:
        kind, numbers = listed(value)
        return reduced(combine, np.where(kind == NUMBER, numbers, neutral), value), faults_in(value)
    if value.kinds == NUMBER:
        return value.number, None
    if value.reference:
        return np.where(value.has(NUMBER), value.number, neutral), faults_of(value)
    return as_numbers(value, run)


def rank(run: Run, value: Value, area: Value, order: Value | None = None) -> Value:
    """The place of a number among numbers; of equal ones the first place."""
    if value.is_area or not area.is_area:
        raise NotImplementedError(_("RANK of a range, or in a cell"))
    if order is not None and (np.ndim(order.number) or order.kinds & (TEXT | ERROR)):
        raise NotImplementedError(_("RANK with this kind of order"))
    kind, numbers = listed(whole(area))
    wanted, faults = as_numbers(value, run)
    run.doubt(_are_odd_places(order))
    ascending = order is not None and bool(np.any(order.number))
    among = np.where(kind == NUMBER, numbers, np.nan)
    if among.shape[0] == 1:
        places, missing = _places_in_one(run, wanted, among[0], ascending=ascending)
    else:
        places, missing = _places(wanted, among, run.planners, ascending=ascending)
    if faults is not None:
        missing = missing | np.not_equal(faults, NO_ERROR)
    return with_faults(NUMBER, places, first_fault(fault_where(missing, NA), faults_in(area)))


def _places_in_one(run: Run, wanted: Any, numbers: Array, *, ascending: bool) -> tuple[Array, Array]:
    """Return places from 1, and where a number is not among the others (cells, planners), the same for all cells.

    All planners are sorted at once, by their numbers among those that differ.
    """
    shape = np.shape(wanted)[0] if np.ndim(wanted) else 1, run.planners
    asked = run.asked_in(shape)
    where = np.arange(shape[0] * shape[1]) if asked is None else np.flatnonzero(asked)
    own, planner = np.broadcast_to(wanted, shape).ravel()[where], where % run.planners
    by_planner = np.broadcast_to(numbers, (numbers.shape[0], run.planners)).T
    is_number = ~np.isnan(by_planner)
    different, which = np.unique(by_planner[is_number], return_inverse=True)
    some = np.sort(np.repeat(np.arange(run.planners), np.count_nonzero(is_number, axis=1)) * different.size + which)
    first = planner * different.size
    below, up_to = (first + np.searchsorted(different, own, side) for side in ("left", "right"))
    before, after = np.searchsorted(some, below), np.searchsorted(some, up_to)
    start, stop = np.searchsorted(some, first), np.searchsorted(some, first + different.size)
    places, missing = np.ones(shape), np.zeros(shape, dtype=np.bool_)
    missing.ravel()[where] = before == after
    places.ravel()[where] = (before - start if ascending else stop - after) + 1
    return places, missing


def _places(wanted: Any, numbers: Array, planners: int, *, ascending: bool) -> tuple[Array, Array]:
    """Return the same where each cell of the block has numbers of its own: (block, cells, planners)."""
    block = numbers.shape[0]
    wanted = np.broadcast_to(wanted, (block, planners))
    places = np.zeros((block, planners))
    missing = np.zeros((block, planners), dtype=np.bool_)
    for planner in range(planners):
        for row in range(block):
            column = numbers[row, :, planner if numbers.shape[2] > 1 else 0]
            some, own = np.sort(column[~np.isnan(column)]), wanted[row, planner]
            before, after = np.searchsorted(some, own), np.searchsorted(some, own, "right")
            missing[row, planner] = before == after
            places[row, planner] = (before if ascending else some.size - after) + 1
    return places, missing


def nth_smallest(run: Run, area: Value, place: Value) -> Value:
    """SMALL: the number in a place, counted from the smallest."""
    return _nth(run, area, place, 1)


def nth_largest(run: Run, area: Value, place: Value) -> Value:
    """LARGE: the number in a place, counted from the largest."""
    return _nth(run, area, place, -1)


def _nth(run: Run, area: Value, place: Value, sign: int) -> Value:
    if place.is_area or not area.is_area:
        raise NotImplementedError(_("the n-th number of a cell, or several places"))
    kind, numbers = listed(whole(area))
    if numbers.shape[0] > 1:
        raise NotImplementedError(_("the n-th number of an area that moves"))
    some = kind[0] == NUMBER
    ordered = np.sort(np.where(some, sign * numbers[0], np.inf), axis=0)
    wanted, faults = as_numbers(place, run)
    run.doubt(_are_odd_places(place))
    wanted = np.atleast_2d(np.trunc(wanted))
    wanted = np.broadcast_to(wanted, (wanted.shape[0], ordered.shape[1] if wanted.shape[1] == 1 else wanted.shape[1]))
    missing = (wanted < 1) | (wanted > np.count_nonzero(some, axis=0))
    index = np.where(missing, 1, wanted).astype(np.intp) - 1
    ordered = np.broadcast_to(ordered, (ordered.shape[0], index.shape[1]))
    found = sign * np.take_along_axis(ordered, index, axis=0)
    wrong = first_fault(faults_in(area), faults, fault_where(missing, NUM))
    return with_faults(NUMBER, np.where(missing, 0.0, found), wrong)


def _are_odd_places(value: Value | None) -> Any:
    """Return where a place in an order is no whole number: what Excel makes of it is not known."""
    if value is None:
        return np.False_
    return value.has(TEXT) | (value.has(NUMBER) & np.not_equal(value.number, np.trunc(value.number)))


def sumproduct(run: Run, *values: Value) -> Value:
    """Add up the products of what stands in the same place; what is no number counts 0."""
    if len({shape_of(value) for value in values}) > 1:
        return error(VALUE)
    product: Any = 1.0
    faults = None
    for value in aligned([whole(value) for value in values]):
        numbers = value.number if value.kinds == NUMBER else np.where(value.has(NUMBER), value.number, 0.0)
        own = faults_of(value)
        product, overflow = finite(partial(np.multiply, product, numbers))
        faults = first_fault(faults, own, overflow)
    if np.ndim(product) != 4:
        return with_faults(NUMBER, product, faults)
    area = number(product)
    added, overflow = finite(lambda: reduced(np.add, listed(area)[1], area))
    return with_faults(NUMBER, added, first_fault(_first_of(faults), overflow))


def _first_of(faults: Any) -> Any:
    if faults is None or np.ndim(faults) != 4:
        return faults
    return faults_in(Value(ERROR | NUMBER, np.where(np.equal(faults, 0), NUMBER, ERROR), faults - 1.0))
