"""`--resume`: what is missing is made, what is there is left alone, and the end is that of an undisturbed run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from tests.batch import folders
from tests.batches import PLANNERS
from tests.package_edit import PackageEdit
from tests.tiny import light
from xlsales.batch import Batch, Options, aside, planner_files, prepare
from xlsales.errors import InputError
from xlsales.files.journal import Journal

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

Make: TypeAlias = "Callable[..., Batch]"


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    small_tables["deals"].append({**small_tables["deals"][0], "deal_id": "X", "territory_id": "T3", "amount": "much"})
    return write_tables(tmp_path / "tables", small_tables)


@pytest.fixture
def make(source: Path, out: Path, light_template: Path) -> Iterator[Make]:
    with ExitStack() as opened:

        def make(folder: Path = out, **options: Any) -> Batch:
            chosen = {"template": light_template, "workers": 1, **options}
            batch = opened.enter_context(prepare(source, Options(folder, **chosen)))
            batch.run()
            return batch

        yield make


@pytest.fixture
def stopped(make: Make, out: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a run was ended from outside, as by a kill, once its first planner was there."""
    publish = planner_files.PlannerFiles.publish

    def killed(files: Any, journal: Journal, ready: Any) -> Any:
        yield from publish(files, journal, ready[:1])
        raise Killed

    class Killed(BaseException):
        pass

    with monkeypatch.context() as patch:
        patch.setattr(planner_files.PlannerFiles, "publish", killed)
        with pytest.raises(Killed):
            make()
    assert [name for name in PLANNERS if (out / name).exists()] == [PLANNERS[0]]
    return out


def test_resumed_run_ends_with_the_bytes_of_an_undisturbed_one(make: Make, stopped: Path, tmp_path: Path) -> None:
    folders.check(stopped)
    assert folders.report(stopped)["status"] == "started"
    os.utime(stopped / PLANNERS[0], (1e9, 1e9))
    batch = make(resume=True)
    make(tmp_path / "undisturbed")
    assert folders.files(stopped) == folders.files(tmp_path / "undisturbed")
    assert (stopped / PLANNERS[0]).stat().st_mtime == 1e9, "a finished planner was touched"
    assert [planner.file_name for planner in batch.made] == list(PLANNERS)
    folders.check_nothing_left(stopped)


def test_planner_that_is_gone_from_a_complete_folder_is_made_again(make: Make, out: Path) -> None:
    make()
    before = folders.files(out)
    (out / PLANNERS[1]).unlink()
    os.utime(out / PLANNERS[0], (1e9, 1e9))
    make(resume=True)
    assert folders.files(out) == before
    assert (out / PLANNERS[0]).stat().st_mtime == 1e9


@pytest.mark.parametrize("name", ["Overview.xlsx", "findings.csv", "findings.xlsx"])
def test_report_that_is_gone_is_made_again(make: Make, out: Path, name: str) -> None:
    make()
    before = folders.files(out)
    (out / name).unlink()
    make(resume=True)
    assert folders.files(out) == before


def test_complete_folder_is_left_as_it_is(make: Make, out: Path) -> None:
    first = make()
    times = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    batch = make(resume=True)
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == times
    assert len(batch.made) == 3
    assert batch.accounts == first.accounts


def test_nothing_to_resume_is_a_run_like_any_other(make: Make, out: Path, tmp_path: Path) -> None:
    make(resume=True)
    make(tmp_path / "usual")
    assert folders.files(out) == folders.files(tmp_path / "usual")


@pytest.mark.parametrize("resumed", ["once", "killed again before its first planner"])
def test_planner_that_was_edited_after_the_stop_stays(
    make: Make, stopped: Path, tmp_path: Path, resumed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stopped / PLANNERS[0]).write_bytes(b"filled by hand")
    if resumed != "once":
        with monkeypatch.context() as patch:
            patch.setattr("xlsales.batch.worker.Worker.make", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                make(resume=True)
    batch = make(resume=True)
    make(tmp_path / "undisturbed")
    assert (stopped / PLANNERS[0]).read_bytes() == b"filled by hand"
    assert [(f.code, f.file) for f in batch.findings if f.severity == "warning"] == [("EDITED_KEPT", PLANNERS[0])]
    assert folders.report(stopped)["planners"] == folders.report(tmp_path / "undisturbed")["planners"]
    assert folders.files(stopped)["Overview.xlsx"] == folders.files(tmp_path / "undisturbed")["Overview.xlsx"]
    make(overwrite=True)
    assert [path.read_bytes() for path in stopped.glob("backup */T1*")] == [b"filled by hand"]


def _interrupted(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_planner_of_an_earlier_month_is_made_anew_and_copied_where_somebody_has_changed_it(
    make: Make, out: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    (out / PLANNERS[2]).write_bytes(b"filled by hand")
    table = source / "territories.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("500000", "600000"), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("xlsales.batch.worker.Worker.make", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            make(overwrite=True)
    folders.check(out, {PLANNERS[2]: b"filled by hand"})
    batch = make(resume=True)
    make(tmp_path / "undisturbed")
    mine, theirs = folders.files(out), folders.files(tmp_path / "undisturbed")
    assert {name: mine[name] for name in PLANNERS} == {name: theirs[name] for name in PLANNERS}
    assert [(path.name, path.read_bytes()) for path in out.glob("backup */*")] == [(PLANNERS[2], b"filled by hand")]
    assert "EDITED_COPIED" in [finding.code for finding in batch.findings]


CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "tables": ({}, "the tables"),
    "day": ({"as_of": "2027-03-31"}, "--as-of"),
    "writer": ({"writer": "openpyxl"}, "--writer"),
    "template": ({"template": "other"}, "the template"),
    "format": ({"template": "xlsx"}, "--format"),
    "version": ({}, "the version of xlsales"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_run_that_would_make_something_else_is_refused(
    make: Make, stopped: Path, source: Path, tmp_path: Path, kind: str
) -> None:
    import datetime as dt

    options, named = CHANGES[kind]
    if kind == "tables":
        table = source / "deals.csv"
        table.write_text(table.read_text(encoding="utf-8").replace("700", "800"), encoding="utf-8")
    elif kind == "day":
        options = {"as_of": dt.date.fromisoformat(str(options["as_of"]))}
    elif kind == "template":
        edit = PackageEdit(light())
        edit.replace("xl/worksheets/sheet3.xml", "*2</f>", "*3</f>")
        options = {"template": tmp_path / "other.xlsm"}
        (tmp_path / "other.xlsm").write_bytes(edit.close())
    elif kind == "format":
        options = {"template": tmp_path / "light.xlsx"}
        (tmp_path / "light.xlsx").write_bytes(light("xlsx"))
    elif kind == "version":
        told = folders.report(stopped) | {"xlsales": "0.0.1"}
        (stopped / "run.json").write_text(json.dumps(told), encoding="utf-8")
    before = folders.files(stopped)
    with pytest.raises(InputError) as refusal:
        make(resume=True, **options)
    assert f"and {named} changed since" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert folders.files(stopped) == before


def test_row_that_is_refused_counts_as_changed_tables(make: Make, stopped: Path, source: Path) -> None:
    table = source / "deals.csv"
    rows = table.read_text(encoding="utf-8")
    table.write_text(rows + rows.splitlines()[-1].replace("X", "Y") + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="the tables changed since"):
        make(resume=True)


def test_template_of_another_name_is_the_same(make: Make, stopped: Path, light_template: Path, tmp_path: Path) -> None:
    copy = tmp_path / "Renamed.xlsm"
    copy.write_bytes(light_template.read_bytes())
    make(resume=True, template=copy)
    assert folders.report(stopped)["status"] == "complete"


def test_unfinished_run_is_named_when_another_one_begins(make: Make, stopped: Path) -> None:
    with pytest.raises(InputError, match=r"not finished; 1 of 3 planners were made\. Finish it with --resume"):
        make()
    make(overwrite=True)
    assert folders.report(stopped)["status"] == "complete"


def test_resume_and_overwrite_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="take one"):
        Options(tmp_path, overwrite=True, resume=True)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe"])
def test_run_report_that_cannot_be_read_is_named(make: Make, stopped: Path, damage: bytes) -> None:
    (stopped / "run.json").write_bytes(damage)
    with pytest.raises(InputError, match=r"run\.json cannot be read"):
        make(resume=True)
    make(overwrite=True)
    assert folders.report(stopped)["status"] == "complete"


def test_record_that_a_kill_has_torn_is_none(make: Make, stopped: Path, tmp_path: Path) -> None:
    for path in aside.journals(stopped):
        path.write_bytes(path.read_bytes() + path.read_bytes()[:-20])
    make(resume=True)
    make(tmp_path / "undisturbed")
    assert folders.files(stopped) == folders.files(tmp_path / "undisturbed")


def test_planner_that_lost_its_record_is_made_again_and_found_to_be_the_same(make: Make, stopped: Path) -> None:
    for path in aside.journals(stopped):
        path.unlink()
    there = (stopped / PLANNERS[0]).read_bytes()
    make(resume=True)
    assert (stopped / PLANNERS[0]).read_bytes() == there
    assert not list(stopped.glob("backup */T*"))
    assert folders.report(stopped)["status"] == "complete"


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_of_a_resumed_run_make_the_same(make: Make, stopped: Path, tmp_path: Path, workers: int) -> None:
    make(resume=True, workers=workers)
    make(tmp_path / "undisturbed")
    assert folders.files(stopped) == folders.files(tmp_path / "undisturbed")
