"""`xlsales addin`, as typed: in a simulated Windows, and on other computers."""

from __future__ import annotations

import json
import re
from pathlib import Path, PureWindowsPath

import pytest

from tests.addin.simulated import ADDIN, SETTINGS, SHIPPED, SimulatedWindows, working
from tests.cli.printed import Type
from xlsales.cli import addin

PAGE = Path(__file__).resolve().parents[2] / "docs" / "excel.md"


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> SimulatedWindows:
    windows = working()
    monkeypatch.setattr(addin, "this_windows", lambda: windows)
    monkeypatch.setattr(addin, "_shipped", lambda: SHIPPED)
    return windows


def test_install_doctor_and_remove_follow_one_another(windows: SimulatedWindows, typed: Type) -> None:
    before = dict(windows.files)
    installed = typed("addin", "install")
    assert (installed.code, installed.error) == (0, "")
    assert f"Wrote {ADDIN}." in installed.out
    examined = typed("addin", "doctor")
    assert (examined.code, examined.error) == (0, "")
    assert {line.split()[0] for line in examined.out.splitlines()} == {"ok"}
    removed = typed("addin", "remove")
    assert (removed.code, removed.error) == (0, "")
    assert removed.out == f"Deleted {ADDIN}.\nDeleted {SETTINGS}.\n"
    assert windows.files == before


def test_doctor_ends_with_1_where_something_fails_and_says_what_to_do(windows: SimulatedWindows, typed: Type) -> None:
    printed = typed("addin", "doctor")
    assert (printed.code, printed.error) == (1, "")
    (line,) = [line for line in printed.out.splitlines() if line.split()[1] == "add-in"]
    assert line == f"fails  add-in            There is none: {ADDIN} To do: xlsales addin install"


def test_doctor_ends_with_0_where_there_are_notes_only(windows: SimulatedWindows, typed: Type) -> None:
    typed("addin", "install")
    windows.executable = PureWindowsPath("D:/other/python.exe")
    printed = typed("addin", "doctor")
    assert printed.code == 0
    assert "\nnote   settings " in printed.out


def test_doctor_prints_one_line_for_each_check(windows: SimulatedWindows, typed: Type) -> None:
    checks = json.loads(typed("addin", "doctor", "--json").out)
    assert len(typed("addin", "doctor").out.splitlines()) == len(checks)


def test_doctor_speaks_json_to_programs(windows: SimulatedWindows, typed: Type) -> None:
    printed = typed("addin", "doctor", "--json")
    assert printed.code == 1
    checks = {check["check"]: check for check in json.loads(printed.out)}
    assert checks["windows"] == {"check": "windows", "result": "ok", "found": "Windows 10.0.22631", "remedy": ""}
    assert checks["settings"]["result"] == "fails"
    assert checks["settings"]["remedy"] == "xlsales addin install"


def test_a_dry_run_changes_nothing(windows: SimulatedWindows, typed: Type) -> None:
    before = dict(windows.files)
    printed = typed("addin", "install", "--dry-run", "--start-folder", r"D:\Excel start")
    assert printed.code == 0
    assert r"Would write D:\Excel start\xlsales.xlam." in printed.out
    assert windows.files == before


def test_install_stops_with_one_line_where_it_cannot_work(windows: SimulatedWindows, typed: Type) -> None:
    printed = typed("addin", "install", "--python", r"D:\nowhere\python.exe")
    assert (printed.code, printed.out) == (1, "")
    assert printed.error.splitlines() == [
        r"xlsales: D:\nowhere\python.exe: there is no such file. "
        "Name the python.exe that has xlsales: xlsales addin install --python PATH."
    ]


@pytest.mark.parametrize("words", [["install"], ["install", "--dry-run"], ["remove"], ["remove", "--all"], ["doctor"]])
def test_on_other_systems_one_line_says_what_to_use_instead(
    typed: Type, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    printed = typed("addin", *words)
    assert (printed.code, printed.out) == (1, "")
    (line,) = printed.error.splitlines()
    for instead in ("import xlsales", "xlsales calc", "xlsales batch", "Sales Planner.xlsx"):
        assert instead in line


@pytest.mark.parametrize("words", [["addin"], ["addin", "upgrade"], ["addin", "remove", "--python", "x"]])
def test_wrong_use_of_addin_ends_with_2(typed: Type, words: list[str]) -> None:
    assert typed(*words).code == 2


def test_the_page_about_excel_names_every_check_of_the_doctor(windows: SimulatedWindows, typed: Type) -> None:
    checks = [check["check"] for check in json.loads(typed("addin", "doctor", "--json").out)]
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z0-9 -]+)` \|", page, flags=re.MULTILINE) == checks


def test_the_commands_on_the_page_about_excel_run(
    windows: SimulatedWindows, typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    commands = re.findall(r"^xlsales (addin .+)$", page, flags=re.MULTILINE)
    assert {command.split()[1] for command in commands} == {"install", "doctor", "remove", "lite"}
    for command in commands:
        assert typed(*command.split()).code == 0, command
