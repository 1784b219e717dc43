"""What a host answers, in one form for all hosts, and whether two answers are the same."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeAlias

from xlsales.functions import CellError
from xlsales.functions.serials import serial

Outcome: TypeAlias = list[list[Any]]  # rows of numbers, words and errors; a single value is one row of one

RELATIVE = 1e-9
NEARLY_ZERO = 1e-11  # what is left where two numbers of about 1 should cancel out


def outcome(result: Any) -> Outcome:
    """A host's answer as rows of plain cells."""
    if hasattr(result, "tolist"):
        result = result.tolist()
    if not isinstance(result, (list, tuple)):
        result = [[result]]
    return [[_plain(cell) for cell in (row if isinstance(row, (list, tuple)) else [row])] for row in result]


def _plain(cell: Any) -> Any:
    if hasattr(cell, "item"):
        cell = cell.item()
    if isinstance(cell, dt.date):
        return serial(cell)
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def failed(answer: Outcome) -> bool:
    """Whether an answer is a single error."""
    return len(answer) == 1 and isinstance(answer[0][0], CellError)


def repeated(answer: Outcome, count: int) -> tuple[Outcome, bool]:
    """The answer to a call with arrays; one error for the whole call is every element's, as `True` tells."""
    whole = failed(answer) and count > 1 and sum(len(row) for row in answer) == 1
    return (answer * count, True) if whole else (answer, False)


def same(first: Outcome, second: Outcome, *, codes: bool = True) -> bool:
    """Whether two answers agree; without `codes`, an error is like any other."""
    return [len(row) for row in first] == [len(row) for row in second] and all(
        _same_cell(one, other, codes=codes)
        for row, others in zip(first, second, strict=True)
        for one, other in zip(row, others, strict=True)
    )


def _same_cell(one: Any, other: Any, *, codes: bool) -> bool:
    if isinstance(one, CellError) and isinstance(other, CellError):
        return one == other or not codes
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= max(NEARLY_ZERO, RELATIVE * max(abs(one), abs(other)))
    return type(one) is type(other) and bool(one == other)
