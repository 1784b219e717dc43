"""A batch that Ctrl-C or a fault ends, at whatever moment: its reports are whole, and say what is there."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import pkgutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import openpyxl
import pytest

from tests.batches import PLANNERS, contents
from xlsales.batch import Batch, Options, prepare
from xlsales.errors import DiskFull, Stopped
from xlsales.files import atomic

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

TERRITORIES = {"T1", "T2", "T3"}


@pytest.fixture
def batch(tmp_path: Path, out: Path, small_tables: Tables, light_template: Path, write_tables: WriteTables) -> Batch:
    """A batch that makes two planners, and then a third one; a deal of the last has a fault."""
    out.mkdir()
    small_tables["deals"].append({**small_tables["deals"][0], "deal_id": "X", "territory_id": "T3", "amount": "much"})
    source = write_tables(tmp_path / "tables", small_tables)
    return prepare(source, Options(out, template=light_template, workers=1, overwrite=True))


@pytest.fixture(autouse=True)
def closed(batch: Batch) -> Iterator[None]:
    with batch:
        yield


def press(*_arguments: object) -> None:
    """Press Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


def rows_of(out: Path) -> list[list[str]]:
    return list(csv.reader((out / "findings.csv").read_text(encoding="utf-8-sig").splitlines()))[1:]


def check_reports(out: Path, status: str) -> dict[str, Any]:
    """Return the run report, when all reports say what is there."""
    report: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert report["status"] == status
    made = {planner["file"]: planner["sha256"] for planner in report["planners"]}
    there = {name: hashlib.sha256(content).hexdigest() for name, content in contents(out).items() if name in PLANNERS}
    assert {name: digest for name, digest in there.items() if name not in made or made[name] != digest} == {}
    assert {planner["territory_id"] for planner in report["planners"]} == TERRITORIES - set(report["not_made"])
    rows = rows_of(out)
    assert report["findings"] == {
        severity: sum(row[0] == severity for row in rows) for severity in ("error", "warning", "info")
    }
    book = list(openpyxl.load_workbook(out / "findings.xlsx")["Findings"].values)[1:]
    assert sorted(str(row[-1]) for row in book) == sorted(row[-1] for row in rows)
    assert not list(out.glob(".*.tmp"))
    return report


MOMENTS = {
    "while the folder is looked at": "xlsales.batch.out_folder.opened",
    "while findings.csv is opened": "xlsales.batch.run.findings_file",
    "while the run is begun": "xlsales.batch.transaction.Transaction.begin",
    "while reports are removed": "xlsales.batch.transaction.Transaction.remove_reports",
    "while planners get their names": "xlsales.batch.planner_files.PlannerFiles.publish",
    "while the template is opened": "xlsales.batch.worker.start_worker",
    "while planners are made": "xlsales.batch.worker.Worker.make",
    "while a planner is written": "xlsales.batch.worker.Worker._written",
    "while the overview is made": "xlsales.batch.overview.overview",
    "while findings.xlsx is written": "xlsales.batch.findings_book.write",
}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_ctrl_c_at_any_moment_leaves_whole_reports(
    batch: Batch, out: Path, monkeypatch: pytest.MonkeyPatch, moment: str, after: bool
) -> None:
    module, _dot, name = moment.rpartition(".")
    owner: Any = pkgutil.resolve_name(module)
    usual: Callable[..., Any] = getattr(owner, name)

    def pressed(*arguments: Any, **named: Any) -> Any:
        if not after:
            press_once()
        result = usual(*arguments, **named)
        if after:
            press_once()
        return result

    presses = iter([press])

    def press_once() -> None:
        next(presses, lambda: None)()

    monkeypatch.setattr(owner, name, pressed)
    with pytest.raises(KeyboardInterrupt):
        batch.run()
    report = check_reports(out, "stopped")
    assert len(report["planners"]) == (
        3
        if moment in ("xlsales.batch.overview.overview", "xlsales.batch.findings_book.write")
        else len([name for name in PLANNERS if (out / name).exists()])
    )
    monkeypatch.undo()
    batch.run()
    check_reports(out, "complete")


def test_second_ctrl_c_ends_a_run_but_not_the_program_that_has_called_it(batch: Batch, out: Path) -> None:
    def press_twice(_count: int) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        batch.run(press_twice)
    check_reports(out, "stopped")
    batch.run()
    check_reports(out, "complete")


@pytest.mark.parametrize("held", ["T2 South.xlsm", "Overview.xlsx"])
def test_ctrl_c_while_a_file_is_held_reports_both(batch: Batch, out: Path, held: str) -> None:
    (out / held).write_bytes(b"filled by hand")
    (out / f"~${held}").write_bytes(b"Ann")
    presses = [press]  # once the first planners are there

    def pressed(_count: int) -> None:
        if presses and contents(out).keys() & {"T1 North.xlsm"}:
            presses.pop()()

    with pytest.raises(KeyboardInterrupt):
        batch.run(pressed)
    report = check_reports(out, "stopped") if held == "Overview.xlsx" else json.loads((out / "run.json").read_bytes())
    assert report["status"] == "stopped"
    assert (out / held).read_bytes() == b"filled by hand"
    assert [row[2] for row in rows_of(out) if row[1] == "FILE_NOT_WRITTEN"] == [held]
    assert ("T2" in report["not_made"]) == (held in PLANNERS)


def test_run_report_that_is_opened_before_ctrl_c_is_named(
    batch: Batch, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / "run.json").write_bytes(b"of another run")
    opened = atomic.opened

    def refused(path: Path) -> AbstractContextManager[BinaryIO]:
        if path.name == "run.json" and (out / "T1 North.xlsm").exists():
            raise PermissionError(13, "The process cannot access the file", str(path))
        return opened(path)

    monkeypatch.setattr(atomic, "opened", refused)
    with pytest.raises(Stopped, match=r"run\.json is open in another program: close it in Excel and run again"):
        batch.run(press)


def test_run_that_a_full_disk_ends_does_not_leave_the_report_of_another_run(
    batch: Batch, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / "run.json").write_bytes(b"of another run")
    put_aside = atomic.put_aside

    def full(path: Path, content: bytes) -> Path:
        if path.name == "T3 West.xlsm":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return put_aside(path, content)

    monkeypatch.setattr(atomic, "put_aside", full)
    with pytest.raises(DiskFull, match="No space left"):
        batch.run()
    report = check_reports(out, "stopped")
    assert report["not_made"] == ["T3"]


def test_programs_are_told_of_files_that_are_held(batch: Batch, out: Path) -> None:
    (out / "~$T2 South.xlsm").write_bytes(b"Ann")
    (out / "T2 South.xlsm").write_bytes(b"filled by hand")
    batch.run()
    told = json.loads(batch.report())
    assert (told["status"], told["not_made"]) == ("complete", ["T2"])
    assert "FILE_NOT_WRITTEN" in [row[1] for row in rows_of(out)]
