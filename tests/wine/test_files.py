"""Files that are open in another program, and names that Windows takes for one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import folders
from tests.wine.conftest import Commands
from tests.wine.machine import Machine, inside, needed, windows_path
from xlsales.batch import Options, prepare
from xlsales.batch.delivery.subfolders import Subfolders

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = [pytest.mark.wine, needed()]

PLANNERS = {"T1": "T1 North.xlsm", "T2": "T2 South.xlsm", "T3": "T3 West.xlsm"}
BEFORE = b"as it was before"
CLOSE_IT = "close it in Excel and run again"


@dataclass(frozen=True)
class Run:
    """A batch in Windows that is to replace files, some of them held."""

    computer: Machine
    command: Commands
    source: Path
    out: Path
    template: Path

    def __call__(self, *options: str) -> tuple[int, str]:
        """The exit code, and everything that was printed."""
        paths = map(windows_path, (self.out, self.template))
        named = [word for pair in zip(("--out", "--template"), paths, strict=True) for word in pair]
        code, said = self.command("batch", windows_path(self.source), *named, *options)
        assert "Traceback" not in said
        assert "xlsales-" not in said, "the name of a temporary file tells nobody anything"
        assert [path.name for path in self.out.glob(".*")] == []
        return code, said


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    return write_tables(tmp_path / "tables", small_tables)


@pytest.fixture
def template(light_template: Path, tmp_path: Path) -> Path:
    """A planner without figures: tests/wine/test_batch.py holds those."""
    return Path(shutil.copy(light_template, tmp_path / "My planner.xlsm"))


@pytest.fixture
def made(source: Path, template: Path, tmp_path: Path) -> Mapping[str, bytes]:
    """What a batch makes of the tables on this computer."""
    prepare(source, Options(tmp_path / "here", template=template, workers=1)).run()
    return {path.name: path.read_bytes() for path in (tmp_path / "here").iterdir()}


@pytest.fixture
def run(
    windows: Machine, command: Commands, source: Path, template: Path, tmp_path: Path, made: Mapping[str, bytes]
) -> Run:
    """A batch into a folder that holds older files of all its names."""
    out = tmp_path / "Plans of 2027"
    out.mkdir()
    for name in made:
        (out / name).write_bytes(BEFORE)
    return Run(windows, command, source, out, template)


@contextmanager
def held(computer: Machine, *paths: Path) -> Iterator[None]:
    """Keep files open in another process, which shares them with nobody."""
    with computer.started(*inside("hold"), *map(windows_path, paths)) as process:
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


def test_a_template_that_is_open_is_named(run: Run) -> None:
    with held(run.computer, run.template):
        code, said = run("--overwrite")
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


def test_planners_in_sub_folders_stay_there(
    windows: Machine, command: Commands, small_tables: Tables, write_tables: WriteTables, template: Path, tmp_path: Path
) -> None:
    regions = ("CON", "a/b: Île", "A\\B: île ")  # a device, what no folder can hold, one folder in two spellings
    for row, region in zip(small_tables["territories"], regions, strict=True):
        row["region"] = region
    source = write_tables(tmp_path / "tables", small_tables)
    here, there = tmp_path / "here", tmp_path / "there"
    made = Run(windows, command, source, there, template)
    prepare(source, Options(here, template=template, workers=1, subfolders=Subfolders("region"))).run()
    assert made("--subfolders", "region")[0] == 0
    assert folders.files(there) == folders.files(here)
    assert sorted(path.name for path in there.iterdir() if path.is_dir()) == ["A_B_ île", "_CON"]
    (there / "A_B_ île").rename(there / "a_b_ ÎLE")
    small_tables["territories"][0] |= {"region": "a/b: Île", "territory_name": "Norway"}
    write_tables(source, small_tables)
    code, said = made("--update")
    assert code == 0, said
    assert report(there)[0] == ["_CON/T1 Norway.xlsm", "a_b_ ÎLE/T2 South.xlsm", "a_b_ ÎLE/T3 West.xlsm"]
    assert all((there / place).is_file() for place in report(there)[0])
    assert "STALE_PLANNER" not in said
