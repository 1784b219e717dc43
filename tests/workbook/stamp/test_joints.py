"""A copy does not depend on those that were made before it: which cells differed there, and of what kind they were."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tests.one_sheet import one_sheet
from xlsales.cells.values import CellValue
from xlsales.functions import CellError
from xlsales.workbook.stamp import Stamp, joints
from xlsales.workbook.template import Template

ROWS = range(1, 31)
VALUES: Sequence[CellValue] = (1.0, 2.5, "", "x", "é<&>", "own", True, False, CellError("#N/A"), None)


@pytest.fixture(scope="module")
def template() -> Template:
    """A workbook of which every other cell is an input, or a formula; some inputs have no cell yet."""
    cells = {f"A{row}": "own" if row % 3 else 3 for row in ROWS if row % 5}
    cells |= {f"B{row}": f"=A{row}*2" for row in ROWS} | {f"C{row}": "between" for row in ROWS}
    return one_sheet(cells, {f"in_{row}": f"S!$A${row}" for row in ROWS})


@pytest.mark.parametrize("most", [0, 1, 3])
def test_copies_are_the_same_whatever_was_made_before(
    template: Template, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    base: list[CellValue] = [0.0 for _formula in template.formulas]
    monkeypatch.setattr(joints, "_MOST", most)
    stamp, chance = Stamp(template, base), random.Random(most)
    for _copy in range(25):
        density = chance.choice((0.0, 0.1, 0.5, 1.0))
        inputs = {
            ("S", f"A{row}"): value
            for row in ROWS
            if chance.random() < density and not isinstance(value := chance.choice(VALUES), CellError)
        }
        values = [chance.choice(VALUES) if chance.random() < density else 0.0 for _formula in base]
        fresh = Stamp(template, base).write(inputs, values, {})
        assert stamp.write(inputs, values, {}) == fresh
