"""What a run finds in its folder and must not lose: planners that somebody has changed, planners of others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import folders
from tests.batches import PLANNERS, Run, contents
from xlsales.batch import aside, backups
from xlsales.errors import InputError
from xlsales.files import atomic

if TYPE_CHECKING:
    from tests.conftest import Tables

EDITED = b"filled by hand"


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def copies(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("backup */*")}


def test_planner_that_somebody_changed_is_copied_before_it_is_replaced(
    run: Run, out: Path, small_tables: Tables
) -> None:
    run(small_tables)
    first = contents(out)
    (out / PLANNERS[1]).write_bytes(EDITED)
    batch = run(small_tables, overwrite=True)
    assert copies(out) == {PLANNERS[1]: EDITED}
    assert contents(out)[PLANNERS[1]] == first[PLANNERS[1]]
    [found] = [finding for finding in batch.findings if finding.code == "EDITED_COPIED"]
    [folder] = out.glob("backup *")
    assert found.message.startswith("1 file was not as a run had written it")
    assert folder.name in found.message


def test_planners_as_a_run_wrote_them_are_not_copied(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables)
    small_tables["territories"][0]["revenue_goal"] = "700000"
    run(small_tables, overwrite=True)
    assert copies(out) == {}


def test_planner_that_no_run_knows_counts_as_changed(run: Run, out: Path, small_tables: Tables) -> None:
    out.mkdir()
    (out / PLANNERS[0]).write_bytes(EDITED)
    run(small_tables, overwrite=True)
    assert copies(out) == {PLANNERS[0]: EDITED}


def test_overview_that_somebody_changed_is_copied_too(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables)
    (out / "Overview.xlsx").write_bytes(EDITED)
    run(small_tables, overwrite=True)
    assert copies(out) == {"Overview.xlsx": EDITED}


def test_planner_whose_copy_fails_is_not_replaced(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(small_tables)
    (out / PLANNERS[1]).write_bytes(EDITED)
    write = atomic.write

    def refused(path: Path, content: bytes) -> None:
        if path.parent.name.startswith("backup "):
            raise PermissionError(13, "Permission denied", str(path))
        write(path, content)

    monkeypatch.setattr(atomic, "write", refused)
    batch = run(small_tables, overwrite=True)
    assert contents(out)[PLANNERS[1]] == EDITED
    assert [(f.code, f.territory_id) for f in batch.findings] == [("FILE_NOT_WRITTEN", "T2")]
    assert "no copy of it could be made" in batch.findings[0].message
    assert batch.not_made == ["T2"]


def test_planner_that_was_open_when_its_folder_was_made_again_is_known_to_the_next_run(
    run: Run, out: Path, small_tables: Tables
) -> None:
    run(small_tables)
    old, lock = contents(out)[PLANNERS[0]], out / f"~${PLANNERS[0]}"
    lock.write_bytes(b"")
    assert run(small_tables, overwrite=True).not_made == ["T1"]
    report = json.loads((out / "run.json").read_bytes())
    assert report["left_alone"] == [{"territory_id": "T1", "file": PLANNERS[0], "sha256": folders.sha256(old)}]
    assert report["stale"] == []
    lock.unlink()
    small_tables["territories"][0]["revenue_goal"] = "700000"
    assert run(small_tables, overwrite=True).not_made == []
    assert copies(out) == {}
    assert json.loads((out / "run.json").read_bytes())["left_alone"] == []


def test_run_report_that_cannot_be_opened_is_no_missing_one(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(small_tables)
    before, read_bytes = contents(out), Path.read_bytes

    def held(path: Path) -> bytes:
        if path.name == "run.json":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", held)
        for options in ({"overwrite": True}, {"resume": True}, {"update": True}):
            with pytest.raises(InputError, match=r"run\.json (cannot be read|is open in another program)"):
                run(small_tables, **options)
    assert contents(out) == before


def test_planner_that_cannot_be_read_now_is_known_when_it_can_be_again(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(small_tables)
    usual = backups.sha256_of

    def held(path: Path) -> str | None:
        if path.name == PLANNERS[2]:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    with monkeypatch.context() as patch:
        patch.setattr(backups, "sha256_of", held)
        run(small_tables, overwrite=True, only=["T1"])
    small_tables["territories"][2]["revenue_goal"] = "700000"
    run(small_tables, overwrite=True)
    assert copies(out) == {}


def test_planners_of_territories_that_are_gone_are_listed_and_stay(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables)
    old = contents(out)[PLANNERS[2]]
    small_tables["territories"] = small_tables["territories"][:2]
    batch = run(small_tables, overwrite=True)
    report = json.loads((out / "run.json").read_bytes())
    assert report["stale"] == [{"file": PLANNERS[2], "sha256": folders.sha256(old)}]
    assert contents(out)[PLANNERS[2]] == old
    assert [f.code for f in batch.findings if f.severity == "warning"] == ["STALE_PLANNER"]
    assert PLANNERS[2] in next(f.message for f in batch.findings if f.code == "STALE_PLANNER")


def test_planner_that_was_renamed_is_known_by_what_is_stamped_into_it(
    run: Run, out: Path, small_tables: Tables
) -> None:
    run(small_tables)
    shutil.copy(out / PLANNERS[0], out / "Mine.xlsm")
    (out / "Somebody's own.xlsx").write_bytes(b"no planner")
    batch = run(small_tables, overwrite=True)
    assert [one["file"] for one in batch.stale] == ["Mine.xlsm"]


def test_stale_planner_comes_back_without_a_copy(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables)
    territories = small_tables["territories"]
    run(small_tables | {"territories": territories[:2]}, overwrite=True)
    run(small_tables | {"territories": territories}, overwrite=True)
    assert copies(out) == {}
    assert json.loads((out / "run.json").read_bytes())["stale"] == []


def test_what_a_kill_left_behind_is_swept(run: Run, out: Path, small_tables: Tables) -> None:
    folder = aside.folder_of(out)
    folder.mkdir(parents=True)
    (folder / f"planners-999999-{'0' * 16}.jsonl").write_bytes(b"torn")
    (folder / "holder.json").write_text('{"process": 999998, "host": "?", "since": "2020"}', encoding="utf-8")
    left = [out / f".xlsales-{process}-{'0' * 16}.tmp" for process in (999999, 999997)]  # with a journal, and without
    for path in left:
        path.write_bytes(b"half")
    (folder / "holder.json").unlink()
    run(small_tables)
    assert not [path for path in left if path.exists()]
    folders.check_nothing_left(out)
