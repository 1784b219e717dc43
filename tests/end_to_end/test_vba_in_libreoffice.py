"""From the formula in a cell through our VBA and xlwings to Python and back, in LibreOffice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.end_to_end import calls
from tests.end_to_end.libreoffice_vba import Office, Recalculated, bridge_needed, project
from tests.parity.outcomes import Outcome, same
from xlsales.functions import CATALOGUE, CellError
from xlsales.functions.errors import ERROR_NUMBERS

pytestmark = [pytest.mark.libreoffice, bridge_needed()]

SHOWN = 5  # disagreements of a function in a report
# LibreOffice has no error values for macros: it shows the text of VBA's CVErr.
ERROR_TEXT = re.compile(r"Error (\d+)")
CODES = {number: code for code, number in ERROR_NUMBERS.items()}


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, office: Office
) -> tuple[dict[str, list[calls.Placed]], Recalculated]:
    """The calls of all functions, and what the cells show."""
    path = tmp_path_factory.mktemp("end to end – Zoë") / "Calls.xlsm"
    placed = calls.write(path, project([f"Sheet{number}" for number in range(1, len(CATALOGUE) + 1)]))
    return placed, office.recalculated(path)


def shown(rows: Any, place: calls.Placed) -> Outcome:
    """What the cells of a call show."""
    height, width = len(place.call.expected), len(place.call.expected[0])
    block = [row[place.column : place.column + width] for row in rows[place.row : place.row + height]]
    return [[_read(cell) for cell in row] for row in block]


def _read(cell: Any) -> Any:
    found = ERROR_TEXT.fullmatch(cell) if isinstance(cell, str) else None
    return CellError(CODES[int(found[1])]) if found else cell


@pytest.mark.parametrize("name", CATALOGUE)
def test_cells_show_what_python_returns(name: str, made: Any) -> None:
    placed, workbook = made
    wrong = [
        f"{place.call}\n    Python {place.call.expected}, the cell {found}"
        for place in placed[name]
        if not same(place.call.expected, found := shown(workbook.sheets[name], place))
    ]
    if wrong:
        pytest.fail("\n".join([f"{len(wrong)} of {len(placed[name])} calls", *wrong[:SHOWN]]), pytrace=False)
