"""Our VBA in LibreOffice, where it has more to do than to pass on: whole columns, gaps, errors, a lost connection."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from tests.end_to_end.libreoffice_vba import Office, Recalculated, bridge_needed, project
from xlsales.functions import CATALOGUE
from xlsales.functions.errors import ERROR_NUMBERS

pytestmark = [pytest.mark.libreoffice, bridge_needed()]

GOOD, NO_VALUE = "0.25", "Error 2015"
WON, PROPOSALS = (5, 2, 1), (20, 4, 0, None, 10)  # on two sheets, one of them longer
WHOLE_COLUMNS = (0.25, 0.5, "Error 2007", "Error 2042", "Error 2042")

Script = tuple[str, str, tuple[Any, ...]]


def trial(name: str, *arguments: Any) -> Script:
    return "Trials", name, arguments


LOST: tuple[tuple[Script, Any], ...] = (
    (trial("Plain"), GOOD),
    (trial("AttemptsSoFar"), 2),
    # Python stops once: it is started again, and the cell shows nothing of it.
    (("Activation", "Lose", (1,)), None),
    (trial("Plain"), GOOD),
    (trial("AttemptsSoFar"), 3),
    # It stops again at once: no further attempt until a person asks for one.
    (("Activation", "Lose", (2,)), None),
    (trial("Plain"), NO_VALUE),
    (trial("AttemptsSoFar"), 4),
    (trial("Plain"), NO_VALUE),
    (trial("AttemptsSoFar"), 4),
    (("Connection", "Report", ()), "Python stopped during a calculation. To try again: Refresh, on the tab Formulas."),
    # The user asks for another one.
    (("Connection", "Renew", ()), None),
    (("Connection", "Renewed", ()), None),
    (trial("Plain"), GOOD),
    (trial("AttemptsSoFar"), 5),
    (("Connection", "Report", ()), "Connected to Python."),
    # There is no Python at all: one attempt, and many cells that do not wait.
    (("Activation", "TakeAway", ()), None),
    (trial("Plain"), NO_VALUE),
    (trial("Plain"), NO_VALUE),
    (trial("AttemptsSoFar"), 6),
    (("Connection", "Report", ()), "Nothing was handed in."),
)
WRITTEN_TO: tuple[tuple[Script, Any], ...] = ((trial("WrittenTo"), GOOD),)
GAPS: tuple[tuple[Script, Any], ...] = (
    (trial("LeftOutBetween"), f"{3 / 7:.15f}".rstrip("0")),
    (trial("LeftOutAmongAnyNumber"), CATALOGUE["SALES_EXPLAIN"].call_cells("ORG_HEALTH", [[4] * 12], None, 8)),
)
REFUSED: tuple[tuple[Script, Any], ...] = (
    (trial("SeveralAreas"), NO_VALUE),
    (trial("Unknown"), NO_VALUE),  # Python raises what nobody foresaw
    (trial("TooLong"), NO_VALUE),
)
ERRORS: tuple[tuple[Script, Any], ...] = tuple(
    step
    for number in ERROR_NUMBERS.values()
    for step in (
        (trial("PassedOn", number), f"Error {number}"),
        (trial("PassedOnInARow", number), f"Error {number}, {GOOD}"),
    )
)
STEPS = {"written to": WRITTEN_TO, "gaps": GAPS, "refused": REFUSED, "errors": ERRORS, "lost": LOST}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Recalculated:
    path = tmp_path_factory.mktemp("calls") / "Calls.xlsm"
    book = xlsxwriter.Workbook(str(path))
    book.add_vba_project(io.BytesIO(project(["Sheet1", "Sheet2", "Sheet3"])), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    won, proposals, sheet = (book.add_worksheet(name) for name in ("Won", "Proposals", "Ratios"))
    for number, one in enumerate((won, proposals, sheet), start=1):
        one.set_vba_name(f"Sheet{number}")
    won.write_column(0, 0, WON)
    proposals.write_column(0, 1, PROPOSALS)
    sheet.write_array_formula("A1:A5", "{=CLOSE_RATIO(Won!A:A,Proposals!B:B)}")
    book.close()
    return office.recalculated(path, [script for steps in STEPS.values() for script, _expected in steps])


def results(made: Recalculated, steps: str) -> Sequence[Any]:
    before = list(STEPS)[: list(STEPS).index(steps)]
    start = sum(len(STEPS[name]) for name in before)
    return [_first_line(result) for result in made.scripts[start : start + len(STEPS[steps])]]


def _first_line(result: Any) -> Any:
    return result.splitlines()[0] if isinstance(result, str) and "\n" in result else result


def test_whole_columns_end_where_the_sheets_have_nothing_more(made: Recalculated) -> None:
    assert tuple(row[0] for row in made.sheets["Ratios"]) == WHOLE_COLUMNS


@pytest.mark.parametrize("steps", STEPS)
def test_answers(made: Recalculated, steps: str) -> None:
    assert results(made, steps) == [answer for _script, answer in STEPS[steps]]
