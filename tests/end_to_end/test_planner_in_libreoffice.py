"""The planner as it is shipped, its gallery answered by Python through our VBA."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.libreoffice_vba import (
    PLANNER,
    Office,
    Recalculated,
    bridge_needed,
    code_names,
    project,
    with_project,
)
from xlsales.planner.names import FUNCTIONS as NAME
from xlsales.planner.sheets.functions import examples

pytestmark = [pytest.mark.libreoffice, bridge_needed()]

FUNCTION, RESULT, RIGHT, PYTHON = 1, 2, 4, 5  # columns of the gallery


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Recalculated:
    copy = tmp_path_factory.mktemp("planner") / "Sales Planner.xlsm"
    with_project(PLANNER, copy, project(code_names(PLANNER)))
    return office.recalculated(copy)


def gallery(planner: Recalculated) -> list[tuple[Any, ...]]:
    """The gallery's rows, without those where LibreOffice cannot say: its INDEX takes no single value."""
    rows = [row for row in planner.sheets[NAME] if row[RIGHT] in ("✓", "✗", "–")]
    listed = examples()
    assert [row[FUNCTION] for row in rows] == [function.name for function, _example in listed]
    return [
        row
        for row, (function, example) in zip(rows, listed, strict=True)
        if not function.spills or isinstance(example.result, list)
    ]


def test_every_row_of_the_gallery_ticks(planner: Recalculated) -> None:
    assert [row[FUNCTION : PYTHON + 1] for row in gallery(planner) if row[RIGHT] != "✓"] == []


def test_the_results_used_are_those_of_python(planner: Recalculated) -> None:
    unused = [row for row in gallery(planner) if row[PYTHON] == "" or row[RESULT] != row[PYTHON]]
    assert [row[FUNCTION : PYTHON + 1] for row in unused] == []
