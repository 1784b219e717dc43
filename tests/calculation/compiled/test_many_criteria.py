"""Criteria over many cells: however many are looked at together, and however few are left, the figures are the same."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.calculation.compiled.books import INPUTS, given
from tests.one_sheet import one_sheet
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.compiled.worksheet import criteria, picked
from xlsales.cells.columns import get_column_letter
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.workbook.template import Template

VALUES: tuple[InputValue, ...] = (
    None,
    "",
    "x",
    "X",
    "5",
    "1e3",
    0,
    1,
    2,
    2.5,
    1 / 3,
    0.1 + 0.2,
    0.3,
    5,
    1000,
    1e15,
    -1,
)
SIGNS = ("", "=", "<>", "<", "<=", ">", ">=")
# Each stands in six rows below one another, and is one block.
FORMULAS = (
    *(f'COUNTIFS(A$1:A$6,A{{row}},B$1:B$6,"{sign}"&B{{row}})' for sign in SIGNS),
    *(f'SUMIFS(B$1:B$6,A$1:A$6,"{sign}"&A{{row}},A$1:A$6,">0",B$1:B$6,B{{row}})' for sign in SIGNS),
    'SUMIFS(D$1:D$6,A$1:A$6,A{row},B$1:B$6,">"&B{row})',  # errors are added up
    "AVERAGEIFS(B$1:B$6,A$1:A$6,A{row},A$1:A$6,A1)",
    'COUNTIFS(A$1:A{row},A{row},B$1:B{row},"<"&B{row})',  # the range grows
    'SUMIFS(B$1:B{row},A$1:A{row},A{row},B$1:B{row},">"&N(B{row}))',
    'COUNTIFS(A1:A3,A{row},A4:A6,"<"&B{row})',
    "COUNTIF(A$1:A$6,A{row})",
    # Asked for in some places alone.
    *(f'IF(ISNUMBER(A{{row}}),COUNTIFS(A$1:A$6,"{sign}"&A{{row}},B$1:B$6,A{{row}}),"")' for sign in SIGNS),
    *(f'IF(N(A{{row}})>1,"",IF(ISNUMBER(B{{row}}),SUMIFS(C$1:C$6,A$1:A$6,"{sign}"&B{{row}}),""))' for sign in SIGNS),
    'IF(ISNUMBER(A{row}),SUMIFS(D$1:D$6,A$1:A$6,">="&A{row}),0)',  # with errors
    'IF(ISNUMBER(A$1),COUNTIF(B$1:B$6,"<>"&A$1),"")',
    'IF(N(A{row})<>0,1/COUNTIF(A$1:A$6,A{row}),COUNTIF(A$1:A$6,"*x")-COUNTIFS(A$1:A$6,A{row},B$1:B$6,B$1))',
    'IF(ISNUMBER(B{row}),SUM(IF(A{row}>1,COUNTIF(A$1:A$6,A{row}),AVERAGEIFS(C$1:C$6,A$1:A$6,"<="&B{row}))),"")',
    'COUNTIFS(A$1:A$6,N(A{row}),B$1:B$6,"x",C$1:C$6,"<"&N(B{row}))',  # one criterion is the same for all
    'SUMIFS(C$1:C$6,A$1:A$6,">="&N(A{row}),B$1:B$6,B$2)',
    # Whole numbers that are looked for.
    "COUNTIF(A$1:A$6,INT(N(A{row})))",
    'COUNTIFS(A$1:A$6,"="&INT(N(A{row})),B$1:B$6,"x")',
    'SUMIFS(C$1:C$6,A$1:A$6,INT(N(B{row})),B$1:B$6,">0")',
    'IFERROR(AVERAGEIFS(B$1:B$6,A$1:A$6,INT(N(A{row}))),"none")',
    "IF(ISNUMBER(A{row}),SUMIFS(D$1:D$6,A$1:A$6,INT(A{row})),0)",  # with errors
    'IF(ISNUMBER(A{row}),COUNTIFS(A$1:A$6,A{row},B$1:B$6,A$1),"")',
)
DAYS: tuple[InputValue, ...] = (None, "", "x", "5", "1.5", True, 0, 1, 1, 2, 3, 5, 2.5, -1)


def _book() -> Template:
    rows = range(1, 7)
    beside = {f"B{row}": f'=IF(A{row % 6 + 1}="","",A{row % 6 + 1})' for row in rows}
    beside |= {f"C{row}": f'=IF(N(A{row})>0,A{row}/3,"x")' for row in rows} | {f"D{row}": f"=1/A{row}" for row in rows}
    columns = {get_column_letter(5 + place): formula for place, formula in enumerate(FORMULAS)}
    cells = {f"{letter}{row}": "=" + formula.format(row=row) for letter, formula in columns.items() for row in rows}
    return one_sheet({**beside, **cells}, {f"in_{cell}": f"S!${cell[0]}${cell[1]}" for cell in INPUTS})


@pytest.mark.parametrize(
    "limits",
    [
        {"_AT_ONCE": 1},
        {"_AT_ONCE": 13},
        {"_MANY": 0, "_DENSE": 0},
        {"_AT_ONCE": 100, "_MANY": 0, "_DENSE": 0},
        {"_MANY": 0, "_SPARSE": 0},
        {"_MANY": 0, "_SPARSE": 0, "_CACHED": 20},
    ],
    ids=str,
)
def test_figures_do_not_depend_on_how_many_cells_are_compared_at_once(
    limits: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled, chance = Compiled(_book()), random.Random(19)
    assert not compiled.slow
    many = [given(*chance.choices(VALUES, k=len(INPUTS))) for _planner in range(60)]
    wanted = compiled.calculated(many)
    assert len({str(value) for values in wanted for value in values}) > 20  # of many kinds
    for name, limit in limits.items():
        monkeypatch.setattr(picked if name == "_CACHED" else criteria, name, limit)
    _assert_alike(compiled, many, wanted)


def _assert_alike(
    compiled: Compiled, many: Sequence[Mapping[Address, InputValue]], wanted: Sequence[Sequence[CellValue]]
) -> None:
    assert list(map(repr, compiled.calculated(many))) == list(map(repr, wanted))
    assert list(map(repr, [compiled.calculated([one])[0] for one in many])) == list(map(repr, wanted))


@pytest.mark.parametrize("most", [1_000_000, 30])
def test_cells_equal_to_whole_numbers_are_those_that_comparing_finds(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled, chance = Compiled(_book()), random.Random(20)
    many = [given(*chance.choices(DAYS, k=len(INPUTS))) for _planner in range(60)]
    wanted = compiled.calculated(many)
    found = []

    def equal(*given: Any) -> picked.Equal | None:
        found.append(picked.equal(*given))
        return found[-1]

    monkeypatch.setattr(criteria, "_MANY", 0)
    monkeypatch.setattr(criteria, "_SPARSE", 1_000_000)
    monkeypatch.setattr(criteria, "equal", equal)
    monkeypatch.setattr(picked, "_MOST", most)
    _assert_alike(compiled, many, wanted)
    assert any(one is None for one in found)  # not all of them are whole, or too far apart
    assert sum(one is not None for one in found) > 100
