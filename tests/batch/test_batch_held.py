"""A batch into a folder whose files are open in Excel, read-only, or named in other letter case."""

from __future__ import annotations

import csv
import json
import stat
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.batches import PLANNERS, REPORTS, Run, contents, found
from xlsales.batch import Batch
from xlsales.errors import InputError, XlsalesError

if TYPE_CHECKING:
    from tests.conftest import Tables

CLOSE = "close it in Excel and run again"
VARIANTS = ["t2 south.XLSM", "T2 SOUTH.xlsm", "T2 South.xlsm ", unicodedata.normalize("NFD", "T2 Söuth.XLSM")]


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def hold(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let files be held as on Windows: another program has them, and says so only when they are to be replaced."""
    replace = Path.replace

    def is_held(path: Path) -> bool:
        return path.name in names and not path.parent.name.startswith("backup ")

    def refused(path: Path, target: Path) -> Path:
        if is_held(target):
            raise PermissionError(13, "The process cannot access the file", str(path), 32, str(target))
        return replace(path, target)

    unlink = Path.unlink

    def kept(path: Path, missing_ok: bool = False) -> None:
        if is_held(path):
            raise PermissionError(13, "The process cannot access the file", str(path), 32)
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr(Path, "unlink", kept)


def report(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return content


def told(out: Path) -> dict[str, str]:
    text = (out / "findings.csv").read_text(encoding="utf-8-sig")
    return {row["file"]: row["message"] for row in csv.DictReader(text.splitlines())}


def made(batch: Batch) -> list[str]:
    return [planner.territory_id for planner in batch.made]


@pytest.mark.parametrize("variant", VARIANTS)
def test_file_whose_name_differs_in_case_or_form_is_not_replaced_unasked(
    run: Run, out: Path, small_tables: Tables, variant: str
) -> None:
    small_tables["territories"][1]["territory_name"] = (
        "Söuth" if "ö" in unicodedata.normalize("NFC", variant) else "South"
    )
    out.mkdir()
    (out / variant).write_bytes(b"filled by hand")
    with pytest.raises(InputError, match="already holds 1 of these files") as refusal:
        run(small_tables)
    assert repr(variant) in str(refusal.value)
    assert "Windows and macOS" in str(refusal.value)
    assert contents(out) == {variant: b"filled by hand"}
    batch = run(small_tables, overwrite=True)
    assert len(contents(out)) == 7, "replaced and not doubled"
    assert [(f.severity, f.code, f.territory_id) for f in batch.findings] == [
        ("info", "FILE_RENAMED", "T2"),
        ("warning", "EDITED_COPIED", None),
    ]
    assert variant in batch.findings[0].message
    assert made(batch) == ["T1", "T2", "T3"]


@pytest.mark.parametrize("name", ["OVERVIEW.XLSX", "Findings.CSV", "RUN.json", "overview.csv", "FINDINGS.xlsx"])
def test_report_in_other_case_is_that_report(run: Run, out: Path, small_tables: Tables, name: str) -> None:
    out.mkdir()
    (out / name).write_bytes(b"mine")
    with pytest.raises(InputError, match=f"already holds 1 of these files, for example '{name}'"):
        run(small_tables)
    run(small_tables, overwrite=True)
    wanted = {*PLANNERS, *REPORTS} | ({name} if name == "overview.csv" else set())  # of another, larger run
    assert set(contents(out)) == wanted


def test_two_files_that_differ_in_case_only_are_both_left(run: Run, out: Path, small_tables: Tables) -> None:
    out.mkdir()
    for name in (PLANNERS[0], PLANNERS[0].upper()):
        (out / name).write_bytes(name.encode())
    if len(contents(out)) == 1:
        pytest.skip("this file system takes the two names for one")
    batch = run(small_tables, overwrite=True)
    assert made(batch) == ["T2", "T3"]
    assert "keep one" in told(out)[PLANNERS[0]]
    assert contents(out)[PLANNERS[0]] == PLANNERS[0].encode()


@pytest.mark.parametrize("when", ["before", "while writing", "read-only", "folder"])
def test_held_planner_costs_itself_alone(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    out.mkdir()
    held = out / PLANNERS[1]
    if when == "folder":
        held.mkdir()
    else:
        held.write_bytes(b"filled by hand")
    if when == "before":
        held.with_name(f"~${held.name}").write_bytes(b"Ann")
    elif when == "while writing":
        hold(monkeypatch, held.name)
    elif when == "read-only":
        held.chmod(stat.S_IREAD)
    batch = run(small_tables, overwrite=True)
    assert batch.failed
    assert found(batch) == [("error", "FILE_NOT_WRITTEN", None, "T2")]
    words = {"read-only": "The file is read-only", "folder": "The file is a folder"}
    assert told(out)[held.name].startswith(words.get(when, "The file is open in another program"))
    assert (CLOSE in told(out)[held.name]) == (when not in words)
    assert ".tmp" not in str(batch.findings)
    assert made(batch) == ["T1", "T3"]
    assert (report(out)["not_made"], report(out)["findings"]["error"]) == (["T2"], 1)
    assert [planner["territory_id"] for planner in report(out)["planners"]] == ["T1", "T3"]
    assert when == "folder" or held.read_bytes() == b"filled by hand"
    assert not list(out.glob("*.tmp"))
    assert openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]["A7"].value == "T3"


@pytest.mark.parametrize(
    ("name", "when"),
    [
        *((name, "before") for name in REPORTS[:-1]),
        *((name, "while writing") for name in REPORTS[:-1]),
    ],
)
def test_held_report_costs_itself_alone(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, name: str, when: str
) -> None:
    out.mkdir()
    (out / name).write_bytes(b"of another run")
    if when == "before":
        (out / f"~${name}").write_bytes(b"Ann")
    else:
        hold(monkeypatch, name)
    batch = run(small_tables, overwrite=True)
    assert made(batch) == ["T1", "T2", "T3"]
    assert [(f.code, f.file, CLOSE in f.message) for f in batch.findings] == [("FILE_NOT_WRITTEN", name, True)]
    assert batch.failed
    assert report(out)["findings"] == {"error": 1, "warning": 0, "info": 0}
    assert (out / name).read_bytes() == b"of another run"
    assert batch.written == [report for report in REPORTS if report != name]
    if name != "findings.csv":
        assert list(told(out)) == [name]
    if name != "findings.xlsx" and when == "before":
        assert openpyxl.load_workbook(out / "findings.xlsx")["Findings"]["C2"].value == name


def test_held_run_report_is_refused_before_anything_is_written(run: Run, out: Path, small_tables: Tables) -> None:
    out.mkdir()
    for name in ("run.json", "~$run.json", PLANNERS[0]):
        (out / name).write_bytes(b"mine")
    with pytest.raises(InputError, match=rf"run\.json is open in another program.*{CLOSE}"):
        run(small_tables, overwrite=True)
    assert set(contents(out).values()) == {b"mine"}


def test_run_report_that_is_opened_meanwhile_is_named(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.mkdir()
    (out / "run.json").write_bytes(b"of another run")
    hold(monkeypatch, "run.json")
    with pytest.raises(XlsalesError, match=rf"run\.json is open in another program: {CLOSE}"):
        run(small_tables, overwrite=True)
    assert contents(out) == {"run.json": b"of another run"}, "no planner is there that no report tells of"


def test_planner_whose_path_excel_cannot_open_is_told_before_the_run(
    run: Run, tmp_path: Path, small_tables: Tables
) -> None:
    limit = 218 - len("T1 North.xlsm") - 1
    folder = tmp_path / ("x" * (limit - len(str(tmp_path)) - 1 - 40)) / ("y" * 39)
    assert len(str(folder / "T1 North.xlsm")) == 218
    small_tables["territories"][1]["territory_name"] = "South😀"  # counts twice, as in Windows
    batch = run(small_tables, folder)
    assert [(f.severity, f.code, f.file, f.territory_id) for f in batch.findings] == [
        ("warning", "PATH_TOO_LONG", "T2 South😀.xlsm", "T2")
    ]
    assert "have 220 characters" in batch.findings[0].message
    assert made(batch) == ["T1", "T2", "T3"]
