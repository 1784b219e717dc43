"""Many cases of one function in one call: arguments as columns, one case a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.parity.cases import Case, cases
from xlsales.functions import CATALOGUE, MISSING


@dataclass(frozen=True)
class Batch:
    """Cases that leave out the same arguments, so that one call with arrays can hold them."""

    name: str
    cases: tuple[Case, ...]
    columns: tuple[Any, ...]  # per argument MISSING, the rows of a range, or the list of its cells


def batches(name: str) -> Iterator[Batch]:
    """The cases of a function in as few calls as possible; a case with a range is a call of its own."""
    function = CATALOGUE[name]
    if function.spills or function.is_variadic or all(argument.is_range for argument in function.arguments):
        return
    if any(argument.is_range for argument in function.arguments):
        yield from (_doubled(case) for case in cases(name) if _has_single_cells(case))
        return
    groups: dict[tuple[bool, ...], list[Case]] = {}
    for case in cases(name):
        left_out = [given is MISSING for given in case.given]
        missing = (*left_out, *[True] * (len(function.arguments) - len(left_out)))
        groups.setdefault(missing, []).append(case)
    for missing, group in groups.items():
        columns = [
            MISSING if absent else [case.given[position] for case in group] for position, absent in enumerate(missing)
        ]
        yield Batch(name, tuple(group), tuple(columns))


def _has_single_cells(case: Case) -> bool:
    return any(given is not MISSING and not argument.is_range for argument, given in case.pairs())


def _doubled(case: Case) -> Batch:
    """The case twice, its single cells as columns of two against its ranges."""
    columns = [given if given is MISSING or argument.is_range else [given, given] for argument, given in case.pairs()]
    return Batch(case.name, (case, case), tuple(columns))


def as_arrays(batch: Batch) -> tuple[Any, ...]:
    """The columns as object arrays, ranges as rows of cells."""
    arguments = CATALOGUE[batch.name].arguments

    def array(position: int, column: Any) -> Any:
        if column is MISSING or arguments[position].is_range:
            return column if column is MISSING else [list(row) for row in column]
        made = np.empty(len(column), dtype=object)
        made[:] = column
        return made

    return tuple(array(position, column) for position, column in enumerate(batch.columns))


def of_numbers(batch: Batch) -> Batch | None:
    """The cases of the batch whose numeric cells are numbers or blank, as arrays of floats."""
    arguments = CATALOGUE[batch.name].arguments
    if any(argument.is_range for argument in arguments):
        return None

    def plain(case: Case) -> bool:
        return all(
            not argument.is_numeric or cell is None or type(cell) in (int, float) for argument, cell in case.cells()
        )

    kept = [row for row, case in enumerate(batch.cases) if plain(case)]
    columns = [
        column
        if column is MISSING
        else np.array([column[row] for row in kept], dtype=float if argument.is_numeric else object)
        for argument, column in zip(arguments, batch.columns, strict=True)
    ]
    return Batch(batch.name, tuple(batch.cases[row] for row in kept), tuple(columns)) if kept else None
