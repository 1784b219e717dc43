"""The files of a batch: what is there already, what is held, what is named alike, and what fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

import openpyxl
import pytest

from tests.batches import PLANNERS, REPORTS, Run, contents
from xlsales.batch import Options, prepare
from xlsales.errors import DiskFull, InputError
from xlsales.files import atomic

if TYPE_CHECKING:
    from tests.conftest import RawWorkbook, Tables, WriteTables

ReadRaw: TypeAlias = "Callable[[Path], RawWorkbook]"


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


@pytest.mark.parametrize("name", [PLANNERS[1], *REPORTS])
def test_existing_file_is_never_replaced_unasked(run: Run, out: Path, small_tables: Tables, name: str) -> None:
    out.mkdir()
    (out / name).write_bytes(b"filled by hand")
    with pytest.raises(InputError, match=rf"already holds 1 of these files, for example '{name}'") as refusal:
        run(small_tables)
    assert "--overwrite" in str(refusal.value)
    assert contents(out) == {name: b"filled by hand"}


def test_overwrite_replaces_planners_and_leaves_other_files_alone(run: Run, out: Path, small_tables: Tables) -> None:
    out.mkdir()
    (out / PLANNERS[0]).write_bytes(b"old")
    (out / "T1 North notes.docx").write_bytes(b"mine")
    run(small_tables, overwrite=True)
    assert contents(out)[PLANNERS[0]].startswith(b"PK")
    assert contents(out).pop("T1 North notes.docx") == b"mine"
    assert sorted(contents(out)) == sorted((*PLANNERS, *REPORTS, "T1 North notes.docx"))


def test_nothing_is_written_before_run(
    tmp_path: Path, out: Path, small_tables: Tables, light_template: Path, write_tables: WriteTables
) -> None:
    source = write_tables(tmp_path / "tables", small_tables)
    batch = prepare(source, Options(out, template=light_template))
    assert [plan.file_name for plan in batch.plans] == list(PLANNERS)
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_names_that_a_file_system_takes_for_one_get_files_of_their_own(
    run: Run, out: Path, small_tables: Tables
) -> None:
    small_tables["territories"] += [
        {**small_tables["territories"][0], "territory_id": "x", "territory_name": "Süd"},
        {**small_tables["territories"][0], "territory_id": "X", "territory_name": "SÜD"},
    ]
    run(small_tables)
    names = [name.casefold() for name in contents(out)]
    assert len(set(names)) == len(names) == 9
    marked = sorted(name for name in contents(out) if name.casefold().startswith("x süd "))
    # the mark is the beginning of the id's SHA-256
    marks = [hashlib.sha256(key).hexdigest()[:8] for key in (b"X", b"x")]
    assert marked == [f"X SÜD {marks[0]}.xlsm", f"x Süd {marks[1]}.xlsm"]


def test_territory_called_overview_does_not_take_the_overviews_name(
    run: Run, out: Path, small_tables: Tables, small_template_xlsx: Path
) -> None:
    small_tables["territories"][0] |= {"territory_id": "Overview", "territory_name": "."}
    small_tables = {"territories": small_tables["territories"]}
    batch = run(small_tables, template=small_template_xlsx)
    mark = hashlib.sha256(b"Overview").hexdigest()[:8]
    assert sorted(contents(out)) == sorted(
        (f"Overview {mark}.xlsx", "T2 South.xlsx", "T3 West.xlsx", *REPORTS), key=str
    )
    assert batch.made[0].file_name == f"Overview {mark}.xlsx"
    overview = openpyxl.load_workbook(out / "Overview.xlsx")
    assert overview.sheetnames == ["Overview", "Chart"]
    assert unquote(overview["Overview"]["B6"].hyperlink.target) == f"Overview {mark}.xlsx"
    assert "Dashboard" in openpyxl.load_workbook(out / f"Overview {mark}.xlsx").sheetnames


def test_failed_write_leaves_nothing_half_done(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_aside = atomic.put_aside

    def full_disk(path: Path, content: bytes) -> Path:
        if path.name == PLANNERS[1]:
            raise OSError(28, "No space left on device", str(path))
        return put_aside(path, content)

    monkeypatch.setattr(atomic, "put_aside", full_disk)
    with pytest.raises(DiskFull, match=r"No space left on device\): 2 of 3 planners .* left to make: 1\..*--resume"):
        run(small_tables)
    files = contents(out)
    assert PLANNERS[1] not in files
    assert not [name for name in files if name.endswith(".tmp")]
    assert "Overview.xlsx" not in files
    report = json.loads(files["run.json"])
    whole = [planner["file"] for planner in report["planners"]]
    assert (report["status"], whole) == ("stopped", [PLANNERS[0], PLANNERS[2]])
    for name in files.keys() - {"findings.csv", "run.json"}:
        openpyxl.load_workbook(out / name)  # what is there is whole
