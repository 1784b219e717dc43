"""One workbook with all cases: each function on a sheet of its own, the native twins together on one.

A case takes some rows of its function's sheet: its arguments, and after them the call of the function. On
the sheet `Twins` each function has two columns, and each case one row: the twin with cell references, and
the twin with its words as constants where the function has shorter ones for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from tests.parity.cases import DRAWN, Case, Given, cases, rows_of
from xlsales.functions import CATALOGUE, MISSING, CellError
from xlsales.functions.errors import ERROR_NUMBERS

TWINS = "Twins"
SPILL_ROWS = 20  # what a result that fills several cells may need
CLASSIC = frozenset(list(ERROR_NUMBERS)[:7])  # the errors that can be typed, and that every program knows


@dataclass(frozen=True)
class Placed:
    """Where a case stands in the workbook."""

    case: Case
    call: tuple[str, str]  # sheet and cell of the function's call
    twin: tuple[str, str] | None = None
    constant_twin: tuple[str, str] | None = None


def can_be_in_a_workbook(case: Case) -> bool:
    """Whether every cell of the case can be written into a workbook."""
    return all(not isinstance(cell, CellError) or cell.code in CLASSIC for _argument, cell in case.cells())


def some(listed: Sequence[Case]) -> list[Case]:
    """All but half of the sets that are drawn: a workbook's calculation costs more than all calls in Python."""
    drawn = [case for case in listed if case.origin in DRAWN]
    left_out = set(drawn[: len(drawn) // 2])
    return [case for case in listed if case not in left_out]


def write(path: Path) -> list[Placed]:
    """Write the workbook and tell where everything is."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    twins = book.add_worksheet(TWINS)
    placed = []
    for number, name in enumerate(CATALOGUE):
        sheet = book.add_worksheet(name)
        listed = [case for case in some(cases(name)) if can_be_in_a_workbook(case)]
        height = max(len(rows_of(given)) for case in listed for given in case.given)
        if CATALOGUE[name].spills:
            height = max(height, SPILL_ROWS)
        for row, case in enumerate(listed):
            placed.append(_write_case(sheet, row * height, twins, (row, 2 * number), case))
    book.close()
    return placed


def write_arguments(sheet: Any, top: int, arguments: Sequence[Given]) -> tuple[list[str], int]:
    """Write arguments beside one another; their references, "" for one left out, and the first free column."""
    references = []
    column = 0
    for given in arguments:
        if given is MISSING:
            references.append("")
            continue
        rows = rows_of(given)
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                write_cell(sheet, top + down, column + across, cell)
        last = top + len(rows) - 1, column + len(rows[0]) - 1
        references.append(xl_range_abs(top, column, *last))
        column = last[1] + 1
    return references, column


def _write_case(sheet: Any, top: int, twins: Any, twin_cell: tuple[int, int], case: Case) -> Placed:
    written, column = write_arguments(sheet, top, case.given)
    references = [f"{case.name}!{cells}" if cells else "" for cells in written]
    sheet.write_formula(top, column + 1, f"={case.name}({','.join(references).rstrip(',')})")
    call = case.name, xl_rowcol_to_cell(top, column + 1)
    formulas = twin_formulas(case, references)
    places: list[tuple[str, str] | None] = [None, None]
    for offset, formula in enumerate(formulas):
        twins.write_formula(twin_cell[0], twin_cell[1] + offset, formula)
        places[offset] = TWINS, xl_rowcol_to_cell(twin_cell[0], twin_cell[1] + offset)
    return Placed(case, call, *places)


def write_cell(sheet: Any, row: int, column: int, cell: Any) -> None:
    """Write a cell of a case; an error as the formula that gives it."""
    if isinstance(cell, CellError):
        sheet.write_formula(row, column, f"={cell.code}", None, cell.code)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell) if cell else sheet.write_formula(row, column, '=""', None, "")
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def twin_formulas(case: Case, references: list[str]) -> list[str]:
    """The twin for these cells, and once more with its word as a constant."""
    function = case.function
    if not function.native or function.is_variadic:
        return []
    names = [argument.name for argument in function.arguments]
    given = {name: cells for name, cells in zip(names, references, strict=False) if cells}
    formulas = ["=" + function.native_formula(**given)]
    choice = next((position for position, a in enumerate(function.arguments) if a.choices), None)
    if function.native_for and choice is not None and choice < len(case.given):
        word: Given = case.given[choice]
        if isinstance(word, str):
            quoted = '"' + word.replace('"', '""') + '"'
            formulas.append("=" + function.native_formula(**{**given, names[choice]: quoted}))
    return formulas
