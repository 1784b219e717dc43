"""Criteria of which it is not known which cells meet them: COUNTIF(A:A,">Jan 5"), numbers of more than 15 digits."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from xlsales.calculation.certainty import NUMBER as A_NUMBER
from xlsales.calculation.certainty import is_close
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.texts import IN_DOUBT
from xlsales.calculation.compiled.values import FAULTS, Value, anywhere, everywhere
from xlsales.calculation.compiled.worksheet.areas import listed
from xlsales.calculation.regions import is_of_a_region
from xlsales.cells.arrays import EMPTY_TEXT, NUMBER, TEXT, Array
from xlsales.cells.digits import CLOSE, seen
from xlsales.cells.letters import has_order
from xlsales.cells.wildcards import has_wildcard

_EQUALITY = ("=", "<>")
_SCALES = ((1e2, 1e12), (1e6, 1e8), (1e10, 1e4))  # numbers of so few decimals, up to here, differ in 15 digits


class Sought(NamedTuple):
    """What a criterion that is no number turns out to be."""

    sign: str
    is_doubtful: bool = False  # whatever the cells are
    number: float | None = None
    text: str = ""


@lru_cache(maxsize=4096)
def sought(sign: str, rest: str) -> Sought:
    """Return what a text behind an operator is to a function of criteria."""
    if A_NUMBER.fullmatch(rest.strip()):
        return Sought(sign, number=seen(float(rest)))
    is_equality = sign in _EQUALITY
    is_constant = rest.strip().upper() in ("TRUE", "FALSE", *FAULTS)
    is_doubtful = is_of_a_region(rest)
    if not is_equality:
        is_doubtful = is_doubtful or is_constant or not rest or not has_order(rest)
    return Sought(sign, is_doubtful, text="" if is_constant else rest)


def of_text(run: Run, area: Value, one: Sought) -> Any:
    """Return in which planners it is not known which cells meet a criterion, as (cells of the block, planners)."""
    if one.is_doubtful:
        return np.True_
    if one.number is not None:
        return of_number(run, area, one.sign, one.number)
    if not one.text or not area.kinds & TEXT or has_wildcard(one.text):
        return np.False_
    kinds, numbers = listed(area)
    ids = np.where(kinds == TEXT, numbers, EMPTY_TEXT)
    if one.sign in _EQUALITY:
        run.texts.folded(run.texts.id(one.text))
        if not run.texts.has_doubles:
            return np.False_
        return np.any(run.texts.may_be_alike(run.texts.id(one.text), ids), axis=1)
    return np.any((kinds == TEXT) & run.texts.without_order(ids), axis=1)


def of_number(run: Run, area: Value, sign: str, wanted: Any) -> Any:
    """Return where it is not known which cells meet a criterion that is a number; `wanted` may be many of them."""
    kinds, numbers = listed(area)
    found: Any = np.False_
    if area.kinds & TEXT and sign in _EQUALITY:
        is_text = kinds == TEXT
        odd = np.equal(run.texts.numbers(np.where(is_text, numbers, EMPTY_TEXT)), IN_DOUBT)
        found = np.any(is_text & odd, axis=1)
    if area.kinds & NUMBER and not (_are_amounts(wanted) and _are_amounts_in(area)):
        found = found | _close(sign, np.where(kinds == NUMBER, numbers, np.nan), np.atleast_2d(wanted))
    return found


def _are_amounts_in(area: Value) -> bool:
    """Whether the numbers of an area all have few decimals, as those that people type."""
    if area.are_amounts is None:
        kinds, numbers = listed(area)
        area.are_amounts = _are_amounts(numbers if area.kinds == NUMBER else np.where(kinds == NUMBER, numbers, 0.0))
    return area.are_amounts


def _are_amounts(numbers: Any) -> bool:
    return any(_have_decimals(numbers, *scale) for scale in _SCALES)


def _have_decimals(numbers: Any, parts: float, most: float) -> bool:
    if isinstance(numbers, float):
        return abs(numbers) < most and round(numbers * parts) / parts == numbers
    return everywhere(np.abs(numbers) < most) and everywhere(np.rint(numbers * parts) / parts == numbers)


def _close(sign: str, cells: Array, wanted: Array) -> Array:
    """Return where a cell is like the wanted number in 15 digits, and not in all, so that it may meet it or not."""
    block, planners = max(cells.shape[0], wanted.shape[0]), max(cells.shape[2], wanted.shape[1])
    wanted = np.broadcast_to(wanted, (block, planners))
    found = np.zeros((block, planners), dtype=np.bool_)
    for row in range(block):
        own = cells[row if cells.shape[0] > 1 else 0]
        with np.errstate(all="ignore"):
            apart = np.abs(own - wanted[row])
            near = (apart > 0) & (apart <= 2 * CLOSE * np.abs(wanted[row]))
        if anywhere(near):
            near = np.broadcast_to(near, (own.shape[0], planners))
            for cell, planner in zip(*np.nonzero(near), strict=True):
                value = float(own[cell, planner if own.shape[1] > 1 else 0])
                found[row, planner] |= is_close(sign, value, float(wanted[row, planner]))
    return found
