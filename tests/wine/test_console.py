"""The command in a console of Windows, and behind `>` and `|`, where the code page lacks most letters."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.wine.conftest import Ask, Commands
from tests.wine.machine import PROJECT, PYTHON, XLSALES, Machine, needed, windows_path

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = [pytest.mark.wine, needed()]

TERRITORIES = 900  # many more than are made until somebody sees the first
PROGRESS = re.compile(rf"[\d,]+ of {TERRITORIES} planners, [\d.,]+ a second\.")  # on a computer that is slow

PLANNER, WHILE_WORKERS_START = "T*.xlsm", ".xlsales/findings.csv"
PARENT = """
import runpy, sys, types
sys.modules["venv"] = types.ModuleType("venv")  # which the embeddable distribution lacks, and `run` does not need
sys.exit(runpy.run_path(sys.argv[1])["run"](sys.executable, *sys.argv[2:]))
"""
OF_THE_ONE_LINE_COMMANDS = ("-B", "-c", PARENT, windows_path(PROJECT / ".ci" / "environment.py"), "-B", "-m", "xlsales")


@pytest.fixture
def many(small_tables: Tables, write_tables: WriteTables, tmp_path: Path) -> Path:
    """Tables of very many territories."""
    first = small_tables["territories"][0]
    territories = [{**first, "territory_id": f"T{number}"} for number in range(TERRITORIES)]
    return write_tables(tmp_path / "crm", {"territories": territories})


@pytest.mark.parametrize(
    ("program", "workers", "pressed_after"),
    [
        ((XLSALES,), 1, PLANNER),
        ((XLSALES,), 2, WHILE_WORKERS_START),
        ((PYTHON, *OF_THE_ONE_LINE_COMMANDS), 2, PLANNER),
    ],
)
def test_ctrl_c(
    ask: Ask,
    program: Sequence[object],
    workers: int,
    pressed_after: str,
    many: Path,
    light_template: Path,
    tmp_path: Path,
) -> None:
    """Windows tells every process of the console: the command, its workers, and the launcher that pip makes.

    The launcher, the workers and the moment meet two by two.
    """
    out = tmp_path / "plans"
    options = ["--out", windows_path(out), "--workers", str(workers), "--template", windows_path(light_template)]
    command = [*map(str, program), "batch", windows_path(many), *options]
    told = ask("ctrl_c", {"command": command, "folder": windows_path(out), "pattern": pressed_after, "after": 1})
    assert told["pressed"], told
    assert told["code"] == 130, told
    assert told["left"] == [], "no process may outlive the command"
    *lines, last = told["error"].splitlines()
    assert [line for line in lines if not PROGRESS.fullmatch(line)] == []
    found = re.search(rf"(\d+) of {TERRITORIES} planners were made", last)
    assert found is not None, last
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert report["status"] == "stopped"
    planners = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.glob("*.xlsm")}
    assert {planner["file"]: planner["sha256"] for planner in report["planners"]} == planners
    assert int(found[1]) == len(planners) < TERRITORIES
    assert len(report["not_made"]) == TERRITORIES - len(planners)
    assert list(out.glob(".xlsales-*")) == []  # the folder .xlsales stays, for --resume


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    """Tables whose names the code page lacks, and one row that is refused."""
    small_tables["territories"][0]["territory_name"] = "Łódź"
    small_tables["deals"][0]["amount"] = "≈5000−"
    return write_tables(tmp_path / "Łódź → × −", small_tables)


def test_the_code_page_is_one_that_lacks_letters(windows: Machine) -> None:
    """Without this, the tests below would prove nothing."""
    shown = windows.redirected(str(PYTHON), "-c", "import sys; print(sys.stdout.encoding, sys.stderr.encoding)")
    assert shown.stdout.split() == [b"cp1252", b"cp1252"]


@pytest.fixture
def words(source: Path, light_template: Path) -> list[str]:
    """A batch of these tables, but for where it is made."""
    return ["batch", windows_path(source), "--template", windows_path(light_template), "--dry-run", "--out"]


def test_redirected_json_is_whole(command: Commands, words: list[str], tmp_path: Path) -> None:
    done = command.redirected(*words, windows_path(tmp_path / "plans"), "--json")
    told = json.loads(done.stdout.decode("utf-8"))
    assert told["planners"] == ["T1 Łódź.xlsm", "T2 South.xlsm", "T3 West.xlsm"]
    assert "≈5000−" in json.dumps(told["findings"], ensure_ascii=False)
    assert (done.returncode, done.stderr) == (1, b"")


def test_redirected_text_has_plain_letters(
    windows: Machine, command: Commands, words: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "Łódź → 山 −"
    done = windows.redirected(str(XLSALES), *words, windows_path(out))
    text = done.stdout.decode("cp1252")
    assert re.search(r"L[oó]dz -> \w+ -", text), text
    assert re.search(r"5000-", text + done.stderr.decode("cp1252")), text
    assert "?" not in text + done.stderr.decode("cp1252")
    same = command.redirected(
        *words, windows_path(out)
    )  # so that the tests beside this one show what files and pipes get
    assert (same.returncode, same.stdout, same.stderr) == (done.returncode, done.stdout, done.stderr)


def test_redirected_error_has_plain_letters(command: Commands, source: Path) -> None:
    missing = source / "−nothing"
    done = command.redirected("batch", windows_path(missing), "--out", windows_path(source))
    text = done.stderr.decode("cp1252")
    assert done.returncode == 2
    assert re.search(r"L[oó]dz -> [x×] -\\-nothing", text), text
    assert "?" not in text
