"""Who speaks, and when: a planner only when its buttons are pressed, the add-in once, and neither for each cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import xlsxwriter

from tests.end_to_end.libreoffice_vba import (
    Office,
    Recalculated,
    bridge_needed,
    code_names,
    module_of_tests,
    patched,
    with_project,
)
from tests.end_to_end.windows_vba import VERSIONS, activation, settings, windows
from xlsales.workbook.template import shipped
from xlsales.workbook.vba.project import Module, vba_project
from xlsales.workbook.vba.sources import ADDIN, PLANNER, modules

pytestmark = [pytest.mark.libreoffice, bridge_needed()]

Script: TypeAlias = tuple[str, str, tuple[Any, ...]]

OTHER = "xlwings 0.1.2, xlsales 0.0.9"
MAC = "The sales functions work in Excel for Windows; here they show #VALUE!."
NO_VALUE = "Error 2015"
PLANNERS_NOTE = "The planner goes on with Excel's own formulas."
# What Windows has, and what the message begins with: settings, whether DLLs load, servers that have stopped, versions
# that the server says, calls that Python does not survive.
TROUBLES: dict[str, tuple[tuple[Any, ...], str]] = {
    "nothing is installed": (("", True, 0, VERSIONS), "The sales functions need Python and xlsales"),
    "another version is installed": ((settings(xlsales="0.0.9"), True, 0, VERSIONS), "Installed: xlwings "),
    "the server is of another version": ((settings(), True, 0, OTHER), f"Installed: {OTHER}."),
    "no DLL for this Excel": ((settings(dll64="", dll32=""), True, 0, VERSIONS), "The DLL of xlwings for this Excel"),
    "a DLL that does not load": ((settings(), False, 0, VERSIONS), "The DLL of xlwings for this Excel"),
    "Python does not start": ((settings(), True, 0, ""), "Python did not start."),
    "Python never survives a call": ((settings(), True, 0, VERSIONS, 999), "Python stopped during a calculation."),
}
SOUND = (settings(), True, 0, VERSIONS)
# Module variables as they are when Excel has just started.
FORGET = """
Public Sub Forget()
    Set held = Nothing
    problem = ""
    hasFailed = False
    refreshing = False
End Sub
"""
MOST_WORK = 60  # readings of settings, DLLs loaded, servers started, for all cells together


def sources(constants: dict[str, bool], sheets: Sequence[str] = ("Sheet1",)) -> list[Module]:
    """All our modules for this kind of Excel, those of planner and add-in, and Windows."""
    ours = {module.name: module for module in [*modules(sheets, PLANNER), *modules(sheets, ADDIN)]}
    ours["Activation"] = activation(constants)
    ours["Connection"] = replace(ours["Connection"], source=ours["Connection"].source + FORGET)
    return [*map(patched, ours.values()), *windows(), module_of_tests("InLibreOffice"), module_of_tests("Sessions")]


def session(addin: bool, attended: bool, arranged: tuple[Any, ...]) -> list[Script]:
    """Excel is started, a hundred cells are calculated twice, then each button is pressed, and all calculated again."""
    kind = "Addin" if addin else "Planner"
    return [
        ("Windows", "Arrange", arranged),
        ("Sessions", "Start", (addin, attended)),
        *[("InLibreOffice", "HundredCells", ()), ("InLibreOffice", "HundredCells", ())],
        *[("InLibreOffice", "Heard", ()), ("Windows", "Worked", ())],
        *[("Sessions", f"{kind}Refresh", ()), ("InLibreOffice", "Heard", ()), ("Windows", "Worked", ())],
        *[("InLibreOffice", "HundredCells", ()), ("InLibreOffice", "Heard", ()), ("Windows", "Worked", ())],
        *[("Sessions", f"{kind}About", ()), ("InLibreOffice", "Heard", ())],
    ]


def workbook(path: Path, constants: dict[str, bool]) -> Path:
    """A workbook with a hundred cells that call a function, and all our VBA."""
    book = xlsxwriter.Workbook(str(path))
    book.add_vba_project(io.BytesIO(vba_project("xlsales_planner", sources(constants))), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    sheet = book.add_worksheet()
    sheet.set_vba_name("Sheet1")
    for row in range(100):
        sheet.write_formula(row, 0, "=IFERROR(CLOSE_RATIO(5,20),1)")
    book.close()
    return path


WHO = [(addin, attended) for addin in (False, True) for attended in (True, False)]
ARRANGED = {**{name: arranged for name, (arranged, _told) in TROUBLES.items()}, "all is well": SOUND}
CASES = [(name, addin, attended) for name in ARRANGED for addin, attended in WHO]
OPENED: list[Script] = [("InLibreOffice", "Heard", ()), ("Windows", "Worked", ())]
ACT = "XlsalesPlanner.XlsalesPlannerAct"
# The workbook in front, whether its macros are disabled, the button, and what comes of it.
SEVERAL_OPEN: list[tuple[str, bool, str, str]] = [
    ("", False, "planner's Refresh", "1 calculated. "),
    ("this one", False, "planner's Refresh", "1 calculated. "),
    ("North.xlsm", False, "planner's Refresh", f"0 calculated. 'North.xlsm'!{ACT} Refresh"),
    ("North.xlsm", False, "planner's About", f"0 calculated. 'North.xlsm'!{ACT} About"),
    (
        "Zoe O'Neil's plan 2.xlsm",
        False,
        "planner's Refresh",
        f"0 calculated. 'Zoe O''Neil''s plan 2.xlsm'!{ACT} Refresh",
    ),
    (
        "North.xlsm",
        True,
        "planner's Refresh",
        "0 calculated. [Refresh did not reach North.xlsm: Cannot run the macro.\r\n"
        "Enable the macros of that workbook, or close the other planners, and try again.]",
    ),
    ("North.xlsm", True, "add-in's Refresh", "1 calculated. "),
]


@dataclass(frozen=True)
class Said:
    """What was said, and what Windows was asked for, in a session."""

    shown: str
    by_cells: str
    work_of_cells: int
    by_refresh: str
    work_of_refresh: int
    shown_after: str
    by_cells_after: str
    work_after: int
    by_about: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Recalculated:
    path = workbook(tmp_path_factory.mktemp("messages") / "Messages.xlsm", {"Mac": False, "Win64": True})
    sessions = [session(addin, attended, ARRANGED[name]) for name, addin, attended in CASES]
    several = [("Sessions", "PressedIn", step[:3]) for step in SEVERAL_OPEN]
    return office.recalculated(path, [*OPENED, *(step for one in sessions for step in one), *several], hand_in=False)


@pytest.fixture(scope="module")
def said(made: Recalculated) -> dict[tuple[str, bool, bool], Said]:
    length = len(session(False, False, SOUND))
    rest = made.scripts[len(OPENED) :]
    return {case: _said(rest[n * length : (n + 1) * length]) for n, case in enumerate(CASES)}


def _said(steps: list[Any]) -> Said:
    shown, by_cells, work, by_refresh, work_of_refresh, after, by_after, work_after, by_about = (
        steps[n] for n in (3, 4, 5, 7, 8, 9, 10, 11, 13)
    )
    return Said(shown, by_cells, work, by_refresh, work_of_refresh, after, by_after, work_after, by_about)


def messages(said: str) -> list[str]:
    """The messages, each as it stood in its box."""
    return said[1:-1].split("][") if said else []


def test_a_planner_that_calculates_on_a_computer_without_python_says_nothing_and_hardly_asks(
    made: Recalculated,
) -> None:
    assert {row[0] for row in made.sheets["Sheet1"]} == {NO_VALUE}  # LibreOffice's IFERROR does not know it
    by_cells, work = made.scripts[: len(OPENED)]
    assert by_cells == ""
    assert work <= MOST_WORK


def test_the_shipped_planner_calculates_without_a_word_and_refresh_then_says_why(
    office: Office, tmp_path: Path
) -> None:
    copy = tmp_path / "Sales Planner.xlsm"
    project = vba_project("xlsales_planner", sources({"Mac": False, "Win64": True}, code_names(shipped("xlsm"))))
    with_project(shipped("xlsm"), copy, project)
    pressed = [("Sessions", "PlannerRefresh", ()), ("InLibreOffice", "Heard", ())]
    made = office.recalculated(copy, [*OPENED, *pressed], hand_in=False)
    by_cells, work, _done, by_refresh = made.scripts
    called = sum(cell == NO_VALUE for row in made.sheets["Functions"] for cell in row)
    assert called > 50  # cells that did ask
    assert by_cells == ""
    assert 0 < work <= MOST_WORK
    [message] = messages(by_refresh)
    assert message.startswith(TROUBLES["nothing is installed"][1])


@pytest.mark.parametrize("attended", [True, False])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_planner_explains_only_when_its_buttons_are_pressed(trouble: str, attended: bool, said: Any) -> None:
    heard = said[trouble, False, attended]
    assert (heard.shown, heard.shown_after) == (NO_VALUE, NO_VALUE)
    assert (heard.by_cells, heard.by_cells_after) == ("", "")
    for by_button in (heard.by_refresh, heard.by_about):
        [message] = messages(by_button)
        assert message.startswith(TROUBLES[trouble][1])
        assert PLANNERS_NOTE in message


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_addin_explains_once_to_a_person_and_when_its_buttons_are_pressed(trouble: str, said: Any) -> None:
    heard = said[trouble, True, True]
    assert (heard.shown, heard.shown_after, heard.by_cells_after) == (NO_VALUE, NO_VALUE, "")
    for spoken in (heard.by_cells, heard.by_refresh, heard.by_about):
        [message] = messages(spoken)
        assert message.startswith(TROUBLES[trouble][1])
        assert PLANNERS_NOTE not in message


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_addin_opens_no_message_box_where_nobody_could_close_it(trouble: str, said: Any) -> None:
    heard = said[trouble, True, False]
    assert (heard.by_cells, heard.by_cells_after) == ("", "")


@pytest.mark.parametrize(("addin", "attended"), WHO)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_hundreds_of_cells_look_for_python_once_until_a_person_refreshes(
    trouble: str, addin: bool, attended: bool, said: Any
) -> None:
    heard = said[trouble, addin, attended]
    assert 0 < heard.work_of_cells <= MOST_WORK
    assert 0 < heard.work_of_refresh <= MOST_WORK
    assert heard.work_after == 0


@pytest.mark.parametrize(("addin", "attended"), WHO)
def test_nobody_says_anything_where_all_is_well(addin: bool, attended: bool, said: Any) -> None:
    heard = said["all is well", addin, attended]
    assert (heard.shown, heard.shown_after) == ("0.25", "0.25")
    assert (heard.by_cells, heard.by_refresh, heard.by_cells_after) == ("", "", "")
    assert (heard.work_of_refresh, heard.work_after) == (0, 0)
    assert messages(heard.by_about)[0].startswith("Connected to Python.")


def test_each_button_reaches_the_workbook_that_shows_it(made: Recalculated) -> None:
    found = made.scripts[-len(SEVERAL_OPEN) :]
    assert found == [step[3] for step in SEVERAL_OPEN]


@pytest.fixture(scope="module")
def on_a_mac(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Said]:
    """What was said in a session with a planner, and in one with the add-in."""
    path = workbook(tmp_path_factory.mktemp("mac") / "Messages.xlsm", {"Mac": True, "Win64": True})
    sessions = {addin: session(addin, True, SOUND) for addin in (False, True)}
    scripts = [step for one in sessions.values() for step in one]
    rest = iter(office.recalculated(path, scripts, hand_in=False).scripts)
    return {addin: _said([next(rest) for _step in one]) for addin, one in sessions.items()}


@pytest.mark.parametrize(
    ("addin", "told"),
    [(False, ["", f"[{MAC}\r\n{PLANNERS_NOTE}"]), (True, [f"[{MAC}", f"[{MAC}"])],
    ids=["planner", "add-in"],
)
def test_excel_for_mac_is_as_quiet(addin: bool, told: list[str], on_a_mac: dict[bool, Said]) -> None:
    heard = on_a_mac[addin]
    assert (heard.shown, heard.by_cells_after, heard.work_of_cells, heard.work_of_refresh) == (NO_VALUE, "", 0, 0)
    assert [heard.by_cells.split("\r\n\r\n")[0], heard.by_refresh.split("\r\n\r\n")[0]] == told
