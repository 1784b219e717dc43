"""Places of texts in ranges, and of numbers among others: however they are found, for all planners or for one."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tests.calculation.compiled.books import INPUTS, given
from tests.one_sheet import one_sheet
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.compiled.worksheet import lookup
from xlsales.cells.columns import get_column_letter
from xlsales.cells.values import InputValue
from xlsales.workbook.template import Template

VALUES: tuple[InputValue, ...] = (None, "", "x", "X", "é", "É", "y*", "5", 0, 1, 1, 2, 2.5, 1 / 3, 5, -1, True)
# Each stands in six rows below one another, and is one block.
FORMULAS = (
    'IFERROR(MATCH(A{row},A$1:A$6,0),"none")',
    'IFERROR(MATCH(A{row}&"",B$1:B$6,0),"none")',
    'IFERROR(MATCH(A{row},{{"y","x","é","X"}},0),"none")',
    'IF(ISTEXT(A{row}),IFERROR(INDEX(B$1:B$6,MATCH(A{row},A$1:A$6,0)),"none"),"")',
    'IFERROR(RANK(N(A{row}),A$1:A$6),"none")',
    'IFERROR(RANK(N(A{row}),A$1:A$6,1),"none")',
    'IF(ISNUMBER(A{row}),RANK(A{row},A$1:A$6)+COUNTIFS(A$1:A$6,A{row},B$1:B$6,"<"&N(B{row})),"")',
    'IF(ISNUMBER(A{row}),IFERROR(RANK(A{row},B$1:B$6,1),"none"),"")',
    'IFERROR(RANK(N(A{row}),A{row}:A6),"none")',  # the range moves
    'IF(ISNUMBER(A{row}),SUBSTITUTE("# of #","#",A{row}),A{row}&"")',
)


def _book() -> Template:
    rows = range(1, 7)
    beside = {f"B{row}": f'=IF(A{row % 6 + 1}="","",A{row % 6 + 1})' for row in rows}
    columns = {get_column_letter(3 + place): formula for place, formula in enumerate(FORMULAS)}
    cells = {f"{letter}{row}": "=" + formula.format(row=row) for letter, formula in columns.items() for row in rows}
    return one_sheet({**beside, **cells}, {f"in_{cell}": f"S!${cell[0]}${cell[1]}" for cell in INPUTS})


def _place(wanted: InputValue, among: Sequence[InputValue]) -> float | str:
    """What MATCH finds of a text without wildcards."""
    folded = [one.upper() if isinstance(one, str) else None for one in among]
    return folded.index(str(wanted).upper()) + 1.0 if str(wanted).upper() in folded else "none"


@pytest.mark.parametrize("most", [2_000_000, 0])
def test_a_text_is_found_where_it_first_stands(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_MOST_PLACES", most)
    compiled, chance = Compiled(_book()), random.Random(3)
    many = [chance.choices((None, "x", "X", "é", "É", "z", 1, 2.5), k=len(INPUTS)) for _planner in range(50)]
    values = compiled.calculated([given(*one) for one in many])
    places = {address: place for place, address in enumerate(compiled.addresses)}
    texts = 0
    for inputs, found in zip(many, values, strict=True):
        for row, wanted in enumerate(inputs, start=1):
            if isinstance(wanted, str):
                texts += 1
                assert found[places["S", f"C{row}"]] == _place(wanted, inputs)
                assert found[places["S", f"E{row}"]] == _place(wanted, ["y", "x", "é", "X"])
    assert texts > 100


def test_a_rank_counts_the_numbers_before() -> None:
    compiled, chance = Compiled(_book()), random.Random(4)
    many = [chance.choices((None, "x", 0, 1, 1, 2.5, 1 / 3, -1), k=len(INPUTS)) for _planner in range(50)]
    values = compiled.calculated([given(*one) for one in many])
    places = {address: place for place, address in enumerate(compiled.addresses)}
    for inputs, found in zip(many, values, strict=True):
        numbers = [one for one in inputs if isinstance(one, (int, float))]
        for row, wanted in enumerate(inputs, start=1):
            own = wanted if isinstance(wanted, (int, float)) else 0
            before = [sum(one > own for one in numbers) + 1.0, sum(one < own for one in numbers) + 1.0]
            cells = [found[places["S", f"{letter}{row}"]] for letter in "GH"]
            assert cells == (before if own in numbers else ["none", "none"])


@pytest.mark.parametrize("most", [2_000_000, 0])
def test_planners_that_are_calculated_together_are_as_alone(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_MOST_PLACES", most)
    compiled, chance = Compiled(_book()), random.Random(5)
    many = [given(*chance.choices(VALUES, k=len(INPUTS))) for _planner in range(60)]
    together = compiled.calculated(many)
    assert list(map(repr, [compiled.calculated([one])[0] for one in many])) == list(map(repr, together))
