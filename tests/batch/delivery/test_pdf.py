"""`--pdf`: sheets of each planner as a PDF beside it."""

from __future__ import annotations

import json
import os
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from re import DOTALL, findall
from types import SimpleNamespace

import pytest

from tests import libreoffice as installed
from tests.batch.folders import check, check_nothing_left
from tests.conftest import Tables
from xlsales.batch import Batch
from xlsales.batch.delivery import libreoffice
from xlsales.batch.delivery.subfolders import Subfolders
from xlsales.errors import InputError

Run = Callable[..., Batch]
# What stands in for LibreOffice: a PDF of the shown sheets, or a failure by the file's name.
PROGRAM = """
import sys, time, zipfile, re, pathlib
folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
for name in sys.argv[sys.argv.index("--outdir") + 2:]:
    path = pathlib.Path(name)
    if "{hangs}" and "{hangs}" in path.name:
        with open("{told}", "a") as told:
            told.write("hangs")
        time.sleep(600)
    if "{fails}" and "{fails}" in path.name:
        print("Error: source file could not be loaded")
        continue
    book = zipfile.ZipFile(path).read("xl/workbook.xml").decode()
    shown = [tag for tag in re.findall("<sheet [^>]*>", book) if "hidden" not in tag.lower()]
    (folder / (path.stem + ".pdf")).write_bytes(b"%PDF-1.7\\n" + "\\n".join(shown).encode() + b"\\n%%EOF\\n")
"""
posix_only = pytest.mark.skipif(os.name != "posix", reason="a script stands in for LibreOffice")


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Let a script print."""

    def make(fails: str = "", hangs: str = "") -> Path:
        path, script = tmp_path / "soffice", tmp_path / "soffice.py"
        told = tmp_path / "hangs.txt"
        script.write_text(PROGRAM.format(fails=fails, hangs=hangs, told=told), encoding="utf-8")
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setattr(libreoffice, "program", lambda: str(path))
        return path

    return make


def pdfs(out: Path) -> list[str]:
    return sorted(path.name for path in out.glob("*.pdf"))


@posix_only
def test_each_planner_gets_a_pdf_of_these_sheets_alone(
    run: Run, out: Path, small_tables: Tables, program: Callable[..., Path]
) -> None:
    program()
    batch = run(small_tables, pdf="plan, DASHBOARD")
    assert pdfs(out) == ["T1 North.pdf", "T2 South.pdf", "T3 West.pdf"]
    text = (out / "T1 North.pdf").read_text()
    assert list(findall('name="([^"]*)"', text)) == ["Dashboard", "Plan"]
    assert not batch.failed
    assert json.loads((out / "run.json").read_bytes())["pdf"]["sheets"] == ["Dashboard", "Plan"]
    check(out)
    check_nothing_left(out)


@posix_only
def test_planner_that_cannot_be_printed_is_named_and_the_others_are(
    run: Run, out: Path, small_tables: Tables, program: Callable[..., Path]
) -> None:
    program(fails="T2 ")
    batch = run(small_tables, pdf="Plan")
    [failed] = [one for one in batch.findings if one.code == "PDF_FAILED"]
    assert (failed.severity, failed.territory_id) == ("error", "T2")
    assert "T2 South.xlsm (Error: source file could not be loaded)" in failed.message
    assert pdfs(out) == ["T1 North.pdf", "T3 West.pdf"]
    assert batch.failed
    assert len(batch.made) == 3


@posix_only
def test_program_that_never_ends_is_ended(
    run: Run,
    out: Path,
    tmp_path: Path,
    small_tables: Tables,
    program: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program(hangs="T2 ")
    hangs = tmp_path / "hangs.txt"

    def passed() -> float:
        """An hour is over whenever the program hangs."""
        return time.monotonic() + 3600 * (hangs.stat().st_size if hangs.exists() else 0)

    monkeypatch.setattr(libreoffice, "time", SimpleNamespace(monotonic=passed, sleep=time.sleep))
    batch = run(small_tables, pdf="Plan")
    assert [(one.code, one.territory_id) for one in batch.findings] == [("PDF_FAILED", "T2")]
    assert "did not end in 120 seconds" in batch.findings[0].message
    assert pdfs(out) == ["T1 North.pdf", "T3 West.pdf"]


@posix_only
def test_resumed_run_prints_what_is_missing_and_keeps_the_rest(
    run: Run, out: Path, small_tables: Tables, program: Callable[..., Path]
) -> None:
    program(fails="T2 ")
    run(small_tables, pdf="Plan")
    kept = (out / "T1 North.pdf").stat().st_mtime_ns
    program()
    assert not run(small_tables, pdf="Plan", resume=True).failed
    assert pdfs(out) == ["T1 North.pdf", "T2 South.pdf", "T3 West.pdf"]
    assert (out / "T1 North.pdf").stat().st_mtime_ns == kept
    check(out)


@posix_only
def test_run_that_was_complete_can_be_printed_afterwards(
    run: Run, out: Path, small_tables: Tables, program: Callable[..., Path]
) -> None:
    program()
    run(small_tables)
    before = (out / "T1 North.xlsm").read_bytes()
    run(small_tables, pdf="Plan", resume=True)
    assert len(pdfs(out)) == 3
    assert (out / "T1 North.xlsm").read_bytes() == before
    run(small_tables, pdf="Dashboard", resume=True)
    assert "Dashboard" in (out / "T3 West.pdf").read_text()


@posix_only
def test_own_file_in_the_place_of_a_pdf_is_not_replaced_unasked(
    run: Run, out: Path, small_tables: Tables, program: Callable[..., Path]
) -> None:
    program()
    out.mkdir()
    (out / "T1 North.pdf").write_bytes(b"mine")
    with pytest.raises(InputError, match="--overwrite"):
        run(small_tables, pdf="Plan")
    run(small_tables, pdf="Plan", overwrite=True)
    [copy] = out.glob("backup*/T1 North.pdf")
    assert copy.read_bytes() == b"mine"


@posix_only
def test_pdfs_lie_beside_their_planners_in_sub_folders(
    run: Run, out: Path, small_tables: Tables, program: Callable[..., Path]
) -> None:
    program(fails="T3 ")
    for row in small_tables["territories"]:
        row["email"] = "a@example.com"
    batch = run(small_tables, pdf="Plan", subfolders=Subfolders("person"))
    there = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.pdf"))
    assert there == ["Ada/T1 North.pdf", "Bo/T2 South.pdf"]
    assert [one.file for one in batch.findings if one.code == "PDF_FAILED"] == ["Cy/T3 West.pdf"]
    lines = (out / "recipients.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.rpartition(",")[2] for line in lines[1:]] == [*there, ""]
    program()
    run(small_tables, pdf="Plan", resume=True)
    assert (out / "Cy" / "T3 West.pdf").exists()
    small_tables["territories"][0]["revenue_goal"] = "700000"
    batch = run(small_tables, update=True)
    [found] = [one.message for one in batch.findings if one.code == "STALE_PDF"]
    assert "3 PDFs show planners as they were before: Ada/T1 North.pdf, Bo/T2 South.pdf, " in found


@posix_only
def test_recipients_get_their_pdf_too(run: Run, out: Path, small_tables: Tables, program: Callable[..., Path]) -> None:
    program(fails="T3 ")
    for row in small_tables["territories"]:
        row["email"] = "a@example.com"
    run(small_tables, pdf="Plan")
    lines = (out / "recipients.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "file,territory_id,territory_name,person,email,pdf"
    assert [line.rpartition(",")[2] for line in lines[1:]] == ["T1 North.pdf", "T2 South.pdf", ""]


@pytest.mark.parametrize(
    ("asked", "said"),
    [("Dashbord", "did you mean Dashboard?"), ("Plan,Nothing", "there are Start, "), (" , ", "name sheets of the")],
)
def test_unknown_sheet_is_one_line(run: Run, out: Path, small_tables: Tables, asked: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        run(small_tables, pdf=asked)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not out.exists()


def test_without_libreoffice_one_line_says_so(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    with pytest.raises(InputError, match="LibreOffice, which is not installed here"):
        run(small_tables, pdf="Plan")
    assert not out.exists()


@installed.needed()
def test_libreoffice_prints_these_sheets_and_no_other(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables, pdf="Org health", only=["T1"])
    content = (out / "T1 North.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert _pages(content) == 1


def _pages(content: bytes) -> int:
    """Count the pages of a PDF, those in packed objects too."""
    packed = findall(rb"stream\r?\n(.*?)\r?\nendstream", content, DOTALL)
    texts = [content]
    for stream in packed:
        try:
            texts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return sum(len(findall(rb"/Type\s*/Page[^s]", text)) for text in texts)
