"""Ctrl-C, as a console sends it: to every process of the command at once."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.cli.printed import Type
from tests.cli.signalled import PROJECT, has_loaded, running, until

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

TERRITORIES = 900  # many more than are made until somebody sees the first

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals to groups of processes")


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    """Very many territories; a finding of the last of them."""
    first = small_tables["territories"][0]
    many = [{**first, "territory_id": f"N{number}"} for number in range(TERRITORIES)]
    many[-1]["shoe_size"] = "42"  # a column of one's own
    return write_tables(tmp_path / "crm", {"territories": many})


@pytest.fixture
def batch(source: Path, tmp_path: Path, tiny_template: Path) -> Callable[..., Any]:
    """Start a batch of the writer that takes longest."""

    def start(*words: object, **how: Any) -> Any:
        common = ("--out", tmp_path / "plans", "--template", tiny_template, "--writer", "openpyxl")
        return running("-m", "xlsales", "batch", source, *common, *words, **how)

    return start


def planners(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("N*"))


def check_report(folder: Path) -> dict[str, Any]:
    """Return the run report, when it says what is there."""
    report: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert sorted(planner["file"] for planner in report["planners"]) == planners(folder)
    for planner in report["planners"]:
        assert hashlib.sha256((folder / planner["file"]).read_bytes()).hexdigest() == planner["sha256"]
    ids = {planner["territory_id"] for planner in report["planners"]}
    assert ids.isdisjoint(report["not_made"])
    assert ids.union(report["not_made"]) == {f"N{number}" for number in range(TERRITORIES)}
    rows = list(csv.reader((folder / "findings.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert report["findings"] == {
        severity: sum(row[0] == severity for row in rows) for severity in ("error", "warning", "info")
    }
    book = [list(row) for row in openpyxl.load_workbook(folder / "findings.xlsx")["Findings"].values]
    message = rows[0].index("message")
    assert sorted(str(row[-1]) for row in book) == sorted(row[message] for row in rows)
    names = {path.name for path in folder.iterdir()} - set(planners(folder))
    assert names <= {"run.json", "findings.csv", "findings.xlsx", "Overview.xlsx", "recipients.csv", ".xlsales"}
    return report


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("made", [0, 5])
def test_stopped_batch_says_how_many_planners_were_made_and_how_to_go_on(
    batch: Callable[..., Any], tmp_path: Path, workers: int, made: int
) -> None:
    folder = tmp_path / "plans"
    with batch("--workers", workers) as command:
        until(lambda: (folder / "run.json").exists() and len(planners(folder)) >= made)
        command.send()
        printed = command.ended()
    report = check_report(folder)
    assert report["status"] == "stopped"
    assert printed.code == 130
    assert printed.error.splitlines(keepends=True)[-1] == (  # a busy computer says before how far it is
        f"xlsales: Stopped: {len(report['planners'])} of {TERRITORIES} planners were made, and each of them is whole; "
        "run.json lists them. To make the others, run the same command again with --resume.\n"
    )
    assert made <= len(report["planners"]) < TERRITORIES


# Libraries in the order in which a command loads them: first of all of its own, and last before tables are read.
@pytest.mark.parametrize("library", ["pydantic_core", "pandas/_libs/lib.", "orjson/"])
def test_stopped_before_the_first_planner_is_one_line_and_nothing_is_written(
    batch: Callable[..., Any], tmp_path: Path, library: str
) -> None:
    with batch("--workers", 2, anew=True) as command:
        until(lambda: has_loaded(command.process.pid, library))
        began = (tmp_path / "plans").exists()
        command.send()
        printed = command.ended()
    assert printed.code == 130
    assert printed.error.startswith("xlsales: Stopped")
    assert len(printed.error.splitlines()) == 1
    assert began or not (tmp_path / "plans").exists()


@pytest.mark.parametrize("seconds", [0.01, 0.1])
@pytest.mark.parametrize("workers", [1, 2])
def test_second_ctrl_c_ends_it_at_once_and_leaves_no_half_file(
    batch: Callable[..., Any], tmp_path: Path, workers: int, seconds: float
) -> None:
    with batch("--workers", workers) as command:
        until(lambda: planners(tmp_path / "plans"))
        command.send()
        time.sleep(seconds)
        command.send()
        printed = command.ended()
    assert printed.code == 130
    assert all(line.startswith("xlsales: Stopped") for line in printed.error.splitlines()), printed.error
    assert not list((tmp_path / "plans").glob(".xlsales-*"))


def test_worker_ends_with_a_leading_process_that_is_killed(batch: Callable[..., Any], tmp_path: Path) -> None:
    with batch("--workers", 2) as command:
        until(lambda: planners(tmp_path / "plans"))
        command.process.kill()
        command.ended()  # no process of its group is left


def test_ended_from_outside_it_reports_what_was_made(batch: Callable[..., Any], tmp_path: Path) -> None:
    with batch("--workers", 2) as command:
        until(lambda: planners(tmp_path / "plans"))
        command.process.terminate()  # as the system does when it shuts down
        printed = command.ended()
    assert printed.code == 128 + signal.SIGTERM
    assert check_report(tmp_path / "plans")["status"] == "stopped"


def test_programs_get_the_report_of_a_stopped_run(batch: Callable[..., Any], tmp_path: Path) -> None:
    with batch("--workers", 1, "--json") as command:
        until(lambda: planners(tmp_path / "plans"))
        command.send()
        printed = command.ended()
    assert json.loads(printed.out) == check_report(tmp_path / "plans")
    assert len(printed.error.splitlines()) == 1


def test_run_that_ends_by_itself_is_complete(typed: Type, tmp_path: Path, source: Path, tiny_template: Path) -> None:
    lines = source.joinpath("territories.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    source.joinpath("territories.csv").write_text("".join(lines[:3]), encoding="utf-8")
    out = tmp_path / "plans"
    assert typed("batch", source, "--out", out, "--template", tiny_template).code == 0
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["status"] == "complete"


def test_stopped_recalc_says_how_far_it_came(tmp_path: Path, tiny_template: Path) -> None:
    files = [tmp_path / f"{number}.xlsx" for number in range(900)]
    for file in files:
        file.write_bytes(tiny_template.read_bytes())
    out = tmp_path / "out"
    with running("-m", "xlsales", "recalc", *files, "--out", out) as command:
        until(lambda: list(out.glob("*.xlsx")))
        command.send()
        printed = command.ended()
    done = sorted(path.name for path in out.iterdir())
    assert printed.code == 130
    assert printed.error.startswith("xlsales: Stopped after ")
    assert len(printed.error.splitlines()) == 1
    told = int(printed.error.split()[3])
    assert told <= len(done) <= told + 1
    assert all(name.endswith(".xlsx") and not name.startswith(".") for name in done)


def test_stopped_template_build_leaves_nothing_half_done(tmp_path: Path) -> None:
    words = ("--out", tmp_path / "templates", "--accounts", 2000, "--deals", 2000)
    with running("-m", "xlsales", "template", "build", *words, anew=True) as command:
        until(lambda: has_loaded(command.process.pid, "deflate/"))  # the last that is imported
        command.send()
        printed = command.ended()
    assert printed.code == 130
    assert printed.error.startswith("xlsales: Stopped.")
    assert len(printed.error.splitlines()) == 1
    folder = tmp_path / "templates"
    assert not folder.exists() or not list(folder.glob(".*"))


SLEEPER = """
import pathlib, sys, time
try:
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(600)
except KeyboardInterrupt:
    sys.exit("stopped in good order")
"""


def test_parent_of_the_one_line_commands_waits_for_what_the_command_says(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    parent = (
        "import runpy, sys, pathlib\n"
        f"environment = runpy.run_path({str(PROJECT / '.ci' / 'environment.py')!r})\n"
        f"environment['start'].__globals__['interpreter'] = lambda extra: pathlib.Path({sys.executable!r})\n"
        f"sys.exit(environment['start']('', '-c', {SLEEPER!r}, {str(begun)!r}))\n"
    )
    with running("-c", parent) as command:
        until(begun.exists)
        command.send()
        printed = command.ended()
    assert (printed.code, printed.error) == (130, "stopped in good order\n")


@pytest.mark.parametrize("place", ["examples/crm", "tests"])
def test_the_one_line_commands_go_through_that_parent(place: str) -> None:
    assert 'environment["start"](' in (PROJECT / place / "__main__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "moment", ["xlsales.batch.preparing.prepare", "xlsales.batch.worker.Worker.make", "xlsales.batch.overview.overview"]
)
def test_keyboard_interrupt_anywhere_is_one_line(
    typed: Type, tmp_path: Path, source: Path, tiny_template: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    lines = source.joinpath("territories.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    source.joinpath("territories.csv").write_text("".join(lines[:3]), encoding="utf-8")

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(moment, interrupted)
    out = tmp_path / "plans"
    printed = typed("batch", source, "--out", out, "--template", tiny_template)
    assert printed.code == 130
    assert printed.error.startswith("xlsales: Stopped")
    assert len(printed.error.splitlines()) == 1
    if moment != "xlsales.batch.preparing.prepare":
        report = json.loads((out / "run.json").read_text(encoding="utf-8"))
        assert (report["status"], len(report["planners"])) == ("stopped", len(planners(out)))
