"""Files that are open in another program, and names that Windows takes for one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.wine.conftest import PROJECT
from tests.wine.machine import PYTHON, Machine, needed, windows_path
from xlsales.batch import Options, prepare

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = [pytest.mark.wine, needed()]

Command: TypeAlias = Callable[..., tuple[int, str]]

PLANNERS = {"T1": "T1 North.xlsm", "T2": "T2 South.xlsm", "T3": "T3 West.xlsm"}
BEFORE = b"as it was before"
CLOSE_IT = "close it in Excel and run again"


@dataclass(frozen=True)
class Run:
    """A batch in Windows that is to replace files, some of them held."""

    computer: Machine
    command: Command
    source: Path
    out: Path

    def __call__(self, *options: str) -> tuple[int, str]:
        """The exit code, and everything that was printed."""
        code, said = self.command("batch", windows_path(self.source), "--out", windows_path(self.out), *options)
        assert "Traceback" not in said
        assert "xlsales-" not in said, "the name of a temporary file tells nobody anything"
        assert [path.name for path in self.out.glob(".*")] == []
        return code, said


@pytest.fixture(scope="module")
def command(windows: Machine) -> Iterator[Command]:
    """Run a command in Windows, all of them in one process: what starts it is shown elsewhere."""
    with windows.started(
        str(PYTHON), "-B", "-m", "tests.wine.inside.commands", folder=PROJECT, settings={"PYTHONIOENCODING": "utf-8"}
    ) as process:

        def run(*words: str) -> tuple[int, str]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(words).encode() + b"\n")
            process.stdin.flush()
            code, said = json.loads(process.stdout.readline())
            return code, said.replace("\r\n", "\n")

        yield run


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    return write_tables(tmp_path / "tables", small_tables)


@pytest.fixture
def made(source: Path, tmp_path: Path) -> Mapping[str, bytes]:
    """What a batch makes of the tables on this computer."""
    prepare(source, Options(tmp_path / "here")).run()
    return {path.name: path.read_bytes() for path in (tmp_path / "here").iterdir()}


@pytest.fixture
def run(windows: Machine, command: Command, source: Path, tmp_path: Path, made: Mapping[str, bytes]) -> Run:
    """A batch into a folder that holds older files of all its names."""
    out = tmp_path / "Plans of 2027"
    out.mkdir()
    for name in made:
        (out / name).write_bytes(BEFORE)
    return Run(windows, command, source, out)


@contextmanager
def held(computer: Machine, *paths: Path) -> Iterator[None]:
    """Keep files open in another process, which shares them with nobody."""
    command = [str(PYTHON), "-B", "-m", "tests.wine.inside.hold", *map(windows_path, paths)]
    with computer.started(*command, folder=PROJECT) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        yield


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def report(folder: Path) -> tuple[list[str], list[str]]:
    """The planners that the run report lists, and the territories that got none."""
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return [planner["file"] for planner in told["planners"]], told["not_made"]


def test_a_planner_that_is_open_costs_itself_alone(run: Run, made: Mapping[str, bytes]) -> None:
    with held(run.computer, run.out / PLANNERS["T2"]):
        code, said = run("--overwrite")
    assert code == 1
    assert PLANNERS["T2"] in said
    assert CLOSE_IT in said
    now = contents(run.out)
    assert now.pop(PLANNERS["T2"]) == BEFORE
    assert BEFORE not in now.values()
    assert [now[PLANNERS[one]] for one in ("T1", "T3")] == [made[PLANNERS[one]] for one in ("T1", "T3")]
    assert report(run.out) == ([PLANNERS["T1"], PLANNERS["T3"]], ["T2"])
    assert PLANNERS["T2"] in now["findings.csv"].decode("utf-8-sig")


def test_reports_that_are_open_cost_themselves_alone(run: Run, made: Mapping[str, bytes]) -> None:
    reports = sorted(made.keys() - {*PLANNERS.values(), "run.json"})
    assert {"Overview.xlsx", "findings.csv"} <= set(reports)
    with held(run.computer, *(run.out / name for name in reports)):
        code, said = run("--overwrite")
    assert code == 1
    assert [name for name in reports if name not in said] == []
    assert CLOSE_IT in said
    now = contents(run.out)
    assert {name for name in now if now[name] == BEFORE} == set(reports)
    assert [name for name in PLANNERS.values() if now[name] != made[name]] == []
    assert report(run.out) == ([*PLANNERS.values()], [])


def test_a_run_report_that_is_open_is_said_before_anything_is_written(run: Run) -> None:
    with held(run.computer, run.out / "run.json"):
        code, said = run("--overwrite")
    assert code == 2
    assert "run.json" in said
    assert CLOSE_IT in said
    assert set(contents(run.out).values()) == {BEFORE}


def test_a_table_that_is_open_is_named(run: Run) -> None:
    with held(run.computer, run.source / "deals.csv"):
        code, said = run("--overwrite")
    assert code == 2
    assert "deals.csv" in said
    assert CLOSE_IT in said
    assert set(contents(run.out).values()) == {BEFORE}


def test_a_template_that_is_open_is_named(run: Run, small_template: Path, tmp_path: Path) -> None:
    template = tmp_path / "My planner.xlsm"
    template.write_bytes(small_template.read_bytes())
    with held(run.computer, template):
        code, said = run("--overwrite", "--template", windows_path(template))
    assert code == 2
    assert "My planner.xlsm" in said
    assert CLOSE_IT in said
    assert set(contents(run.out).values()) == {BEFORE}


def test_a_name_in_other_letter_case_is_the_same_file(run: Run, made: Mapping[str, bytes]) -> None:
    for path in run.out.iterdir():
        path.unlink()
    (run.out / "t1 north.XLSM").write_bytes(BEFORE)

    code, said = run()
    assert code == 2
    assert "t1 north.XLSM" in said
    assert "--overwrite" in said
    assert contents(run.out) == {"t1 north.XLSM": BEFORE}

    code, said = run("--overwrite")
    assert code == 0
    names = [name.casefold() for name in contents(run.out)]
    assert sorted(names) == sorted(name.casefold() for name in made), "one file for each name, not two"
    [first] = [path for path in run.out.iterdir() if path.name.casefold() == "t1 north.xlsm"]
    assert first.read_bytes() == made[PLANNERS["T1"]]
