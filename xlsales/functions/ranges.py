"""Ranges that a function takes whole: blank cells go, pairwise, and what is left of each is one row of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np

from xlsales.functions.arguments import Argument
from xlsales.functions.coercion import Coerced, fill

Cells = np.ndarray[Any, Any]

_PART = 131_072  # cells: a megabyte, which fits the processor's cache
_IN_CACHE = 8_192  # cells of each of several columns: BLAS starts threads for 10,000, which wait for one another


def skip_blanks(arguments: Sequence[Argument], columns: Sequence[Coerced]) -> None:
    """Drop the blanks of ranges, pairwise, and make the ranges one-dimensional."""
    ranges = [
        (argument, column)
        for argument, column in zip(arguments, columns, strict=True)
        if argument.is_range and isinstance(column.values, np.ndarray)
    ]
    for argument, column in ranges:
        if argument.blank_counts is not None and column.blank is not False:
            fill(column, argument.blank_counts)
    blanks = [column.blank for _argument, column in ranges if column.blank is not False]
    if blanks:
        _drop([column for _argument, column in ranges], reduce(np.logical_or, blanks).ravel())
        return
    for _argument, column in ranges:
        column.values = column.values.ravel()
        column.spelled = np.ravel(column.spelled) if isinstance(column.spelled, np.ndarray) else column.spelled


def in_parts(columns: Sequence[Coerced]) -> Iterator[list[Cells]]:
    """Yield the numbers of ranges in parts that stay in the processor's cache, rows with a blank as rows of zeros.

    Each part stands where the one before it stood: new memory for each would cost more than all else.
    """
    blank = reduce(np.logical_or, [column.blank for column in columns if column.blank is not False]).reshape(-1)
    rows = [column.values.reshape(-1) for column in columns]
    filled = np.empty((len(rows), min(blank.size, _IN_CACHE)))
    for start in range(0, blank.size, _IN_CACHE):
        part = slice(start, start + _IN_CACHE)
        there = filled[:, : blank[part].size]
        for numbers, room in zip(rows, there, strict=True):
            np.copyto(room, numbers[part])
            np.copyto(room, 0.0, where=blank[part])
        yield list(there)


def _drop(columns: Sequence[Coerced], blank: Cells) -> None:
    """Leave out these cells of all columns."""
    kept = np.logical_not(blank)
    numbers = [column.values.reshape(-1) for column in columns if column.values.dtype == np.float64]
    gathered = iter(_gathered(numbers, kept) if kept.size > _PART else [row[kept] for row in numbers])
    for column in columns:
        column.values = next(gathered) if column.values.dtype == np.float64 else column.values.reshape(-1)[kept]
        if isinstance(column.spelled, np.ndarray):
            column.spelled = column.spelled.reshape(-1)[kept]


def _gathered(columns: Sequence[Cells], kept: Cells) -> Cells:
    """The kept numbers of each column.

    They are in one piece of memory: of several pieces the system takes most back when the call ends, only to hand
    it out again, page by page, in the next. And the places are found once for all columns.
    """
    gathered = np.empty((len(columns), np.count_nonzero(kept)))
    end = 0
    for start in range(0, kept.size, _PART):
        part = slice(start, start + _PART)
        places = np.flatnonzero(kept[part])
        begin, end = end, end + places.size
        for numbers, row in zip(columns, gathered, strict=True):
            if places.size == kept[part].size:
                row[begin:end] = numbers[part]
            else:
                np.take(numbers[part], places, out=row[begin:end], mode="clip")  # none is outside, and it is quicker
    return gathered
