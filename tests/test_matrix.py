"""`python tests --matrix`: which Pythons it takes, what it runs with them, and what it says in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests import matrix
from tests.matrix import AT_THE_ENDS, IN_BETWEEN, PART, Column, Result, counted, planned, requirements, table
from tests.pythons import PROJECT, Python, launched, newest_of_each, usable

OLDEST = Python((3, 11, 9), "python3.11")
OWN = Python((3, 11, 9), "/project/.venv/bin/python")
FOUND: dict[tuple[int, ...], Python] = {
    (3, 11): Python((3, 11, 9), "/usr/bin/python3.11"),
    (3, 13): Python((3, 13, 0), "/opt/python3.13"),
}
TOLD = {
    "version": [3, 13, 0],
    "release": "final",
    "implementation": "cpython",
    "platform": "win-amd64",
    "bits": 64,
    "free_threaded": False,
}


def test_every_python_has_its_line_and_those_that_are_missing_too() -> None:
    assert list(planned(FOUND, OWN, part=False)) == [
        Column((3, 11), FOUND[3, 11], "oldest", PART + AT_THE_ENDS),
        Column((3, 12), None, "newest", IN_BETWEEN),
        Column((3, 13), FOUND[3, 13], "newest", PART + AT_THE_ENDS),
        Column((3, 14), None, "newest", IN_BETWEEN),
        Column((3, 11), OWN, "newest", tests=()),
    ]


def test_pythons_older_than_the_own_one_run_little() -> None:
    own = Python((3, 13, 0), "/project/.venv/bin/python")
    found = {**FOUND, (3, 12): Python((3, 12, 1), "python3.12")}
    assert list(planned(found, own, part=False)) == [
        Column((3, 11), found[3, 11], "oldest", PART + AT_THE_ENDS),
        Column((3, 12), found[3, 12], "newest", IN_BETWEEN),
        Column((3, 14), None, "newest", IN_BETWEEN),
        Column((3, 13), own, "newest", tests=()),
    ]


def test_a_python_newer_than_all_that_we_know_runs_too() -> None:
    newer = {**FOUND, (3, 15): Python((3, 15, 1), "python3.15")}
    assert Column((3, 15), newer[3, 15], "newest", PART + AT_THE_ENDS) in planned(newer, OWN, part=False)
    assert not any(column.whole for column in planned(newer, OWN, part=True))


def test_the_table_says_what_ran_and_what_this_computer_has_not() -> None:
    good, bad, absent = Result(1200, 0, 0, 81.4, "numpy 2.5.5"), Result(1190, 10, 0, 79, "numpy 1.26.0"), None
    columns = list(planned(FOUND, OWN, part=False))
    outcome = [bad, absent, good, absent, Result(broken="the installation failed: see above")]
    shown = table([(c, r or matrix.run(c)) for c, r in zip(columns, outcome, strict=True)]).splitlines()
    assert shown[0].split() == ["Python", "dependencies", "tests", "passed", "failed", "skipped", "s", "result", "with"]
    assert shown[2].split() == ["3.11.9", "oldest", "part", "1190", "10", "0", "79", "FAILED", "numpy", "1.26.0"]
    assert shown[3].split(maxsplit=7) == ["3.12", "newest", "part", "-", "-", "-", "-", "not on this computer"]
    assert shown[4].split()[:8] == ["3.13.0", "newest", "part", "1200", "0", "0", "81", "good"]
    assert shown[6].split(maxsplit=7)[2:] == ["all", "-", "-", "-", "-", "the installation failed: see above"]


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ({"oldest": Result(9), "newest": Result(9)}, 0),
        ({"oldest": Result(8, failed=1), "newest": Result(9)}, 1),
        ({"oldest": Result(9), "newest": Result(broken="the installation failed: see above")}, 1),
        ({"oldest": Result(), "newest": Result(9)}, 1),  # no test ran
    ],
)
def test_one_that_fails_makes_the_exit_code(
    results: dict[str, Result], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matrix, "newest_of_each", lambda _programs: {OLDEST.minor: OLDEST})
    real = matrix.run
    monkeypatch.setattr(matrix, "run", lambda column: results[column.dependencies] if column.python else real(column))
    assert matrix.main([]) == code
    assert "not on this computer" in capsys.readouterr().out


def test_parts_run_beside_all_the_tests_and_what_they_said_is_shown_in_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns, part_is_done = list(planned(FOUND, OWN, part=False)), threading.Event()

    def run(column: Column) -> Result:
        if column.whole:
            assert part_is_done.wait(600), "parts wait until all the tests are done"
            sys.stdout.write("all tests said this\n")
            return Result(9)
        if column.python is None:
            return Result(broken="not on this computer")
        matrix.said(column).write_text(f"{column.python.program} said this\n", encoding="utf-8")
        part_is_done.set()
        return Result(column.minor[1])

    monkeypatch.setattr(matrix, "FOLDER", tmp_path)
    monkeypatch.setattr(matrix, "run", run)
    results = matrix.run_all(columns)
    assert [result.passed for result in results] == [11, 0, 13, 0, 9]  # in the order of the columns
    assert [result.broken for result in results] == ["", "not on this computer", "", "not on this computer", ""]
    assert capsys.readouterr().out.splitlines() == [
        "all tests said this",
        "",
        "Python 3.11.9, oldest dependencies, a part of the tests",
        "/usr/bin/python3.11 said this",
        "",
        "Python 3.13.0, newest dependencies, a part of the tests",
        "/opt/python3.13 said this",
    ]


def test_a_part_that_cannot_be_installed_says_why_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    column = Column((3, 13), Python((3, 13, 0), str(tmp_path / "no_python")), "newest", PART)
    monkeypatch.setattr(matrix, "FOLDER", tmp_path)
    (result,) = matrix.run_all([column])
    assert result == Result(broken="the installation failed: see above")
    assert "no_python" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="Windows shares processors out evenly")
def test_a_part_leaves_the_processors_to_all_the_tests() -> None:
    question = "import os, sys; sys.stdin.read(); print(os.getpriority(os.PRIO_PROCESS, 0))"
    process = subprocess.Popen([sys.executable, "-S", "-c", question], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    matrix._yield_to_others(process.pid)
    told, _errors = process.communicate(b"")
    assert int(told) >= 10


def test_a_python_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        matrix.main(["--python", "/no/such/python3.99"])
    assert "/no/such/python3.99 is no program" in capsys.readouterr().err


REPORT = '<testsuites><testsuite tests="12" failures="{}" errors="{}" skipped="3" time="4.5"/></testsuites>'


@pytest.mark.parametrize(
    ("failures", "errors", "code", "expected"),
    [
        (0, 0, 0, Result(9, 0, 3, 4.5, "v")),
        (1, 2, 1, Result(6, 3, 3, 4.5, "v")),
        (0, 0, 3, Result(9, 0, 3, 4.5, "v", "pytest stopped with exit code 3")),  # it broke after its tests
    ],
)
def test_tests_are_counted_from_the_report(
    failures: int, errors: int, code: int, expected: Result, tmp_path: Path
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(failures, errors), encoding="utf-8")
    assert counted(report, code, "v") == expected
    assert expected.is_good == (code == 0)


def test_without_a_report_pytest_broke(tmp_path: Path) -> None:
    assert counted(tmp_path / "none.xml", 4, "").broken == "pytest stopped with exit code 4"


def test_only_final_builds_that_xlsales_runs_with_are_taken() -> None:
    assert usable("python", TOLD) == Python((3, 13, 0), "python")
    others: list[dict[str, Any]] = [
        {"version": [3, 10, 13]},
        {"release": "candidate"},
        {"implementation": "pypy"},
        {"bits": 32, "platform": "win32"},
        {"free_threaded": True},
    ]
    for other in others:
        assert usable("python", TOLD | other) is None


def test_programs_that_are_no_python_are_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "python3.12"
    broken.write_bytes(b"#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    found = newest_of_each([str(broken), str(tmp_path / "none"), sys.executable, sys.executable])
    assert found == {sys.version_info[:2]: Python(tuple(sys.version_info[:3]), sys.executable)}


def test_what_the_launcher_of_windows_lists() -> None:
    listed = (
        " -V:3.14 *        C:\\Users\\Zoë Müller\\AppData\\Local\\Programs\\Python\\Python314\\python.exe\r\n"
        " -V:3.12-32       C:\\Program Files (x86)\\Python312-32\\python.exe\r\n"
        " -3.11-64 *\tD:\\Python311\\python.exe\r\n"
        "No installed Pythons found!\r\n"
    )
    assert launched(listed) == [
        "C:\\Users\\Zoë Müller\\AppData\\Local\\Programs\\Python\\Python314\\python.exe",
        "C:\\Program Files (x86)\\Python312-32\\python.exe",
        "D:\\Python311\\python.exe",
    ]


def test_the_part_exists_and_needs_no_linters() -> None:
    for place in PART + AT_THE_ENDS + IN_BETWEEN:
        file, _colons, test = place.partition("::")
        assert (PROJECT / file).exists(), place
        assert f"def {test}(" in (PROJECT / file).read_text(encoding="utf-8") if test else True, place
    wanted = requirements(tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8")))
    names = {requirement.partition(">")[0].partition("=")[0] for requirement in wanted}
    assert {"pytest", "pytest-xdist", "hypothesis", "xlwings"} <= names
    assert not names & {"mypy", "ruff", "uv", "pandas-stubs", "xlsales[parquet,sql]"}
