"""Records in a folder that this version did not write: of another version, edited, foreign, or no files at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.batch import folders
from tests.batch.faults import Folder
from tests.batch.test_faults import T1, folder  # noqa: F401 - a fixture
from xlsales.batch import aside
from xlsales.errors import XlsalesError
from xlsales.files import journal

MODES: dict[str, dict[str, Any]] = {
    "resume": {"resume": True},
    "overwrite": {"overwrite": True},
    "update": {"update": True},
}
OF_T2 = {"territory_id": "T2", "file_name": "T2 South.xlsx", "sha256": "00"}
RECORDS: list[Any] = [
    *([1], 5, "make", None, True, {}),
    *({"make": value} for value in (5, None, {}, {"territory_id": "T1"}, {**OF_T2, "territory_id": ["T2"]})),
    *({"make": {**OF_T2, "before": value}} for value in (5, {"file": 5}, {"file": "../x", "sha256": ""})),
    {"make": {**OF_T2, "of_the_next_version": 1}},
    *({"done": "T1"}, {"done": ["T1"], "sha256": {}}, {"made before": {}}, {"made before": {**OF_T2, "file": 5}}),
    *({"report": "x"}, {"report": 5, "sha256": [1]}, {"report": "x", "pdf": 5, "sha256": ""}),
    *({"found": 5}, {"found": {"x": 1}}, {"found": {"severity": "error"}}),
    *({"backup": value} for value in (5, None, "", "../outside", "backup ../../outside")),
]
LINES = [journal.line(record) for record in RECORDS] + [
    *(b"\0" * 100, b"\xff\xfe" * 50, b"zzzzzzzz {}\n", b"00000000 \n", b"\n\n\n", journal.line({"done": "T1"})[:-1]),
    *(journal.line(1).replace(b"1", b"2"), journal.line(1).replace(b"\n", b"\r\n")),
]
NAMES = ("run-1-aa.jsonl", "planners-77-bb.jsonl", aside.KNOWN)
VALUES: tuple[Any, ...] = (
    None,
    5,
    "x",
    [],
    {},
    [5],
    {"a": 5},
    [{"file": 5}],
    [{"file": "../x", "sha256": "y", "territory_id": "T1"}],
)


@pytest.fixture
def starts(folder: Folder) -> dict[str, Path]:  # noqa: F811
    """A folder before each kind of run: killed, or complete."""
    killed, complete = folder.tmp_path / "killed", folder.tmp_path / "complete"
    folder.stop(killed)
    folder.run(complete)
    return {"resume": killed, "overwrite": complete, "update": complete}


@pytest.fixture
def planners(starts: dict[str, Path]) -> dict[str, bytes]:
    return {name: content for name, content in folders.files(starts["update"]).items() if name.startswith("T")}


def refused(folder: Folder, out: Path, options: dict[str, Any]) -> str:  # noqa: F811
    """Run, and return why that was refused, or nothing."""
    try:
        folder.run(out, **options)
    except XlsalesError as error:
        return str(error)
    return ""


def tried(start: Path, change: Callable[[Path], object]) -> Path:
    """A folder like the one before a run, with something strange in it."""
    out = start.with_name("plans")
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(start, out)
    aside.folder_of(out).mkdir(exist_ok=True)
    change(out)
    return out


@pytest.mark.parametrize("mode", MODES)
def test_records_of_another_version_count_as_torn_and_the_planners_are_those_of_ever(
    folder: Folder,  # noqa: F811
    starts: dict[str, Path],
    planners: dict[str, bytes],
    mode: str,
) -> None:
    for place in range(0, len(LINES), len(NAMES)):
        lines = dict(zip(NAMES, LINES[place:], strict=False))  # each in a record of its own

        def change(out: Path, lines: dict[str, bytes] = lines) -> None:
            for name, line in lines.items():
                (aside.folder_of(out) / name).write_bytes(line)

        out = tried(starts[mode], change)
        folder.run(out, **MODES[mode])
        assert {name: content for name, content in folders.files(out).items() if name.startswith("T")} == planners
        folders.check_nothing_left(out)
        assert {path.name for path in folder.tmp_path.iterdir()} == {"killed", "complete", "plans", "tables"}


def edited_reports(whole: dict[str, Any]) -> Iterator[bytes]:
    yield from (b"", b"[]", b"5", b"null", b"{", b"[" * 100_000, b"\xff", b"{}", b'{"status":"complete"}')
    for place, name in enumerate(whole):
        yield json.dumps({**whole, name: VALUES[place % len(VALUES)]}).encode()


@pytest.mark.parametrize("mode", MODES)
def test_run_report_that_somebody_edited_is_refused_in_a_sentence_or_the_planners_are_those_of_ever(
    folder: Folder,  # noqa: F811
    starts: dict[str, Path],
    planners: dict[str, bytes],
    mode: str,
) -> None:
    for content in edited_reports(folders.report(starts[mode])):
        out = tried(starts[mode], lambda out, x=content: (out / "run.json").write_bytes(x))  # type: ignore[misc]
        before = folders.files(out)
        told = refused(folder, out, MODES[mode])
        if told:
            assert len(told.splitlines()) == 1
            assert folders.files(out) == before
            continue
        made = {name: content for name, content in folders.files(out).items() if name.startswith("T")}
        assert made == planners


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among files")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [T1, "run.json", "findings.csv", "Overview.xlsx"])
def test_pipe_in_the_place_of_a_file_is_named_and_nobody_waits_for_it(
    folder: Folder,  # noqa: F811
    starts: dict[str, Path],
    mode: str,
    name: str,
) -> None:
    def pipe(out: Path) -> None:
        (out / name).unlink(missing_ok=True)
        os.mkfifo(out / name)

    out = tried(starts[mode], pipe)
    signal.alarm(600)  # ends this process, which waits
    try:
        told = refused(folder, out, MODES[mode])
    finally:
        signal.alarm(0)
    assert name in (told or (out / "findings.csv" if name != "findings.csv" else out / "run.json").read_text("utf-8"))
    assert (out / name).is_fifo()
    (out / name).unlink()
