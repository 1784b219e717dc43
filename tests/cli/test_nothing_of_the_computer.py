"""What a batch and a recalculation write says nothing about the computer: no folder, no user, no secret."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
import sqlalchemy

from tests.batch.faults import Folder
from tests.conftest import SMALL
from xlsales.calculation.session import blank_values
from xlsales.planner.build import build

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

PROJECT = Path(__file__).resolve().parents[2]
FOLDER, USER, HOST, SECRET = "Zaphod's Vault", "trillian-mcmillan", "heartofgold-pc", "s3cr3t-t0ken-42"
TELLING = {
    "USER": USER, "USERNAME": USER, "LOGNAME": USER, "HOSTNAME": HOST, "COMPUTERNAME": HOST, "XLSALES_TOKEN": SECRET,
}  # fmt: skip


def xlsales(folder: Path, *words: object) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a user with a telling name, from a folder with one."""
    home = folder / "home" / USER
    home.mkdir(parents=True, exist_ok=True)
    place = {**os.environ, **TELLING, "HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "xlsales", *map(str, words)]
    return subprocess.run(command, env=place, cwd=folder, capture_output=True, check=False)


def pieces(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A file as it is; of a package every part and every name, unpacked."""
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield f"{name}: comment", package.comment
            for member in package.infolist():
                yield f"{name}: {member.filename}", member.filename.encode() + member.extra + member.comment
                yield from pieces(f"{name}: {member.filename}", package.read(member))


_ESCAPES = (("'", "&#39;"), ("'", "&apos;"), (" ", "%20"), ("\\", "/"))


def leaks(files: dict[str, bytes], *more: str) -> list[tuple[str, str]]:
    """Where a file says something of the computer, in any of the encodings that Office writes."""
    places = (FOLDER, USER, HOST, SECRET, str(PROJECT), sys.prefix, tempfile.gettempdir(), "/home/", "Users\\", *more)
    forms = {
        needle: {
            re.sub(rb"\s", b"", word.casefold().encode(encoding, "replace"))
            for word in (
                needle,
                needle.replace("'", "&#39;"),
                needle.replace("'", "&apos;"),
                needle.replace(" ", "%20"),
            )
            for encoding in ("utf-8", "utf-16-le")
        }
        for needle in places
    }
    return [
        (place, needle)
        for name, content in files.items()
        for place, piece in pieces(name, content)
        for text in [re.sub(rb"\s", b"", piece.lower())]
        for needle, words in forms.items()
        if any(word in text for word in words)
    ]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / FOLDER
    folder.mkdir()
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def database(path: Path, tables: Tables) -> str:
    """The tables in a database."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for name, rows in tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            connection.exec_driver_sql(f"CREATE TABLE {name} ({', '.join(f'{column} TEXT' for column in columns)})")
            marks = ", ".join("?" * len(columns))
            for row in rows:
                values = tuple(row.get(column) or None for column in columns)
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", values)
    engine.dispose()
    return f"sqlite:///{path}"


def workbook(path: Path, tables: Tables) -> str:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet = book.create_sheet(name)
        for cells in (columns, *([row.get(column) or None for column in columns] for row in rows)):
            sheet.append(cells)
    book.save(path)
    return str(path)


@pytest.mark.parametrize("kind", ["folder", "workbook", "database"])
def test_no_file_of_a_batch_tells_of_the_computer(
    vault: Path,
    small_template: Path,
    light_template: Path,
    small_tables: Tables,
    write_tables: WriteTables,
    kind: str,
) -> None:
    template = small_template if kind == "folder" else light_template  # the tables alone come from elsewhere
    (vault / "mine.xlsm").write_bytes(template.read_bytes())
    small_tables["deals"][0]["amount"] = "much"  # a finding with a row of its own
    sources = {
        "folder": lambda: str(write_tables(vault / "crm", small_tables)),
        "workbook": lambda: workbook(vault / "crm.xlsx", small_tables),
        "database": lambda: database(vault / "crm.sqlite", small_tables),
    }
    out = vault / "plans"
    (out / "T2 South.xlsm").mkdir(parents=True)  # a planner that cannot be written, which is told
    words = ("--out", out, "--template", vault / "mine.xlsm", "--workers", 2 if kind == "folder" else 1, "--overwrite")
    done = xlsales(vault, "batch", sources[kind](), *words, "--json")
    assert done.returncode == 1, done.stderr
    made = files(out)
    assert {"T1 North.xlsm", "Overview.xlsx", "findings.csv", "findings.xlsx", "run.json"} <= made.keys()
    assert b"T2 South.xlsm" in made["findings.csv"]
    assert leaks({**made, "--json": done.stdout}) == []


def test_no_record_of_a_run_that_was_killed_tells_of_the_computer(
    vault: Path,
    light_template: Path,
    small_tables: Tables,
    write_tables: WriteTables,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in TELLING.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(vault)
    small_tables["deals"][0]["amount"] = "much"
    folder = Folder(vault, write_tables(vault / "crm", small_tables), light_template)
    folder.run(vault / "plans")
    (vault / "plans" / "T1 North.xlsm").write_bytes(b"filled by hand")
    folder.stop(vault / "plans", overwrite=True)
    left = {str(path.relative_to(vault)): path.read_bytes() for path in (vault / "plans").rglob("*") if path.is_file()}
    assert {".jsonl", ".csv", ".json", ".xlsm"} <= {Path(name).suffix for name in left}
    assert len([name for name in left if name.endswith(".jsonl")]) >= 3
    assert leaks(left) == []


def test_no_recalculated_workbook_tells_of_the_computer(vault: Path, small_template: Path) -> None:
    (vault / "plan.xlsm").write_bytes(small_template.read_bytes())
    done = xlsales(vault, "recalc", vault / "plan.xlsm")
    assert done.returncode == 0, done.stderr
    assert leaks({"plan.xlsm": (vault / "plan.xlsm").read_bytes()}) == []


def test_a_planner_that_is_built_tells_nothing_of_the_computer(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**TELLING, "HOME": str(vault / USER), "USERPROFILE": str(vault / USER)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(vault)
    assert leaks({"Sales Planner.xlsm": build("xlsm", blank_values, SMALL)}) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_what_tells_of_the_computer_is_found_wherever_it_stands(encoding: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("docProps/app.xml", f"<x>C:\\{FOLDER}</x>".encode(encoding))
    assert leaks({"bad.xlsx": packed.getvalue()}) == [("bad.xlsx: docProps/app.xml", FOLDER)]
    assert leaks({"run.json": USER.upper().encode(encoding)}) == [("run.json", USER)]
