"""A workbook whose cells call every function with all its cases, one by one and as ranges."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.depth import examples
from tests.parity.batches import Batch, batches
from tests.parity.cases import Case, Given, cases, rows_of
from tests.parity.outcomes import Outcome, outcome
from tests.parity.workbook import can_be_in_a_workbook, write_arguments
from xlsales.functions import CATALOGUE, MISSING

# Of a function, at most; a call takes some milliseconds here, and the parity tests make them all.
DRAWN = examples(30)
BATCHES = 10


@dataclass(frozen=True)
class Call:
    """A formula with what Python answers to it."""

    name: str
    given: tuple[Given, ...]
    expected: Outcome

    @property
    def height(self) -> int:
        """The rows that its arguments or its answer take."""
        return max(len(self.expected), *(len(rows_of(given)) for given in self.given))

    def __str__(self) -> str:
        return f"{self.name}{self.given}"


@dataclass(frozen=True)
class Placed:
    """Where the answer to a call stands."""

    call: Call
    row: int
    column: int


def calls(name: str) -> Iterator[Call]:
    """The calls of a function: its cases, and batches of them as columns and as rows."""
    drawn = 0
    for case in _apart(name):
        drawn += case.origin in ("sound", "odd")
        if drawn <= DRAWN and not _gap(case.given):
            yield _call(name, case.given)
    there = ([case in _apart(name) for case in batch.cases] for batch in batches(name))
    some = ((batch, kept) for batch, kept in zip(batches(name), there, strict=True) if any(kept))
    for batch, kept in islice(some, BATCHES):
        for across in (False, True):
            given = _as_ranges(batch, kept, across=across)
            if not _gap(given):
                yield _call(name, given)


@cache
def _apart(name: str) -> dict[Case, None]:
    """The cases of a function that can be in a workbook; of those at the edge of a domain the first of each answer.

    On its way to Python such a number is one as any other, and tests/parity tries them all: here only what comes back
    can be something else – an error, a word, a number.
    """
    found: dict[Case, None] = {}
    answers = set()
    for case in filter(can_be_in_a_workbook, cases(name)):
        if case.origin == "edge":
            answer = str([[_kind(cell) for cell in row] for row in _call(name, case.given).expected])
            if answer in answers:
                continue
            answers.add(answer)
        found[case] = None
    return found


def _kind(cell: Any) -> str:
    return "number" if isinstance(cell, (int, float)) else str(cell)


def _call(name: str, given: tuple[Given, ...]) -> Call:
    return Call(name, given, outcome(CATALOGUE[name].call_cells(*given)))


def _gap(given: tuple[Given, ...]) -> bool:
    """Whether an argument is left out between others: LibreOffice hands over 0 there."""
    absent = [value is MISSING for value in given]
    return any(missing and not all(absent[position:]) for position, missing in enumerate(absent))


def _as_ranges(batch: Batch, kept: Sequence[bool], *, across: bool) -> tuple[Given, ...]:
    given: list[Given] = []
    for argument, column in zip(CATALOGUE[batch.name].arguments, batch.columns, strict=False):
        if column is MISSING or argument.is_range:
            given.append(column)
            continue
        cells = tuple(compress(column, kept))
        given.append((cells,) if across else tuple((cell,) for cell in cells))
    return tuple(given)


def write(path: Path, project: bytes) -> dict[str, list[Placed]]:
    """Write the workbook, a sheet for each function, and tell where everything is."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.add_vba_project(io.BytesIO(project), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    placed = {}
    for number, name in enumerate(CATALOGUE, start=1):
        sheet = book.add_worksheet(name)
        sheet.set_vba_name(f"Sheet{number}")
        placed[name] = list(_write_calls(sheet, name))
    book.close()
    return placed


def _write_calls(sheet: Any, name: str) -> Iterator[Placed]:
    row = 0
    for call in calls(name):
        column = _write_call(sheet, row, call)
        yield Placed(call, row, column)
        row += call.height


def _write_call(sheet: Any, top: int, call: Call) -> int:
    references, column = write_arguments(sheet, top, call.given)
    formula = f"={call.name}({','.join(references).rstrip(',')})"
    height, width = len(call.expected), len(call.expected[0])
    if height * width == 1:
        sheet.write_formula(top, column, formula)
    else:
        sheet.write_array_formula(top, column, top + height - 1, column + width - 1, f"{{{formula}}}")
    return column
