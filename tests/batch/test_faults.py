"""Each call that can fail does so once: open, write, flush, fsync, replace, unlink, start, send. Nothing gets lost.

XLSALES_FAULTS=1 python -m pytest tests/batch/test_faults.py lets each of them fail, else a spread of them.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.batch import folders
from tests.batch.faults import OWN, Faults, Folder, failing, failing_workers
from xlsales.batch.delivery.subfolders import Subfolders
from xlsales.errors import DiskFull, InputError, XlsalesError

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

EVERY = int(os.environ.get("XLSALES_FAULTS", "0"))  # of the calls: each fault is a run of its own
T1 = "T1 North.xlsx"


@pytest.fixture
def folder(tmp_path: Path, small_tables: Tables, tiny_template: Path, write_tables: WriteTables) -> Folder:
    two = {"territories": small_tables["territories"][:2]}
    return Folder(tmp_path, write_tables(tmp_path / "tables", two), tiny_template)


IN_FOLDERS: dict[str, Any] = {"subfolders": Subfolders("person")}


class Mode(NamedTuple):
    """What is in a folder before a run, and the options of the run."""

    before: Callable[[Folder, Path], Any]
    options: dict[str, Any]
    edited: bool = True  # whether a person has filled the first planner since
    first: str = T1


MODES = {
    "new folder": Mode(lambda _folder, _out: None, {}, edited=False),
    "overwrite": Mode(Folder.run, {"overwrite": True}),
    "resume": Mode(Folder.stop, {"resume": True}),
    "only": Mode(Folder.run, {"overwrite": True, "only": ["T1"]}),
    "sub-folders": Mode(partial(Folder.run, **IN_FOLDERS), {"overwrite": True, **IN_FOLDERS}, first=f"Ada/{T1}"),
}
ERRORS = {"disk full": errno.ENOSPC, "disk broken": errno.EIO}
FIRST = {errno.ENOSPC: 1, errno.EIO: 14}  # so that both together fail in every 13th call


def numbers(every: int, first: int = 1) -> Iterator[int]:
    """The calls that fail, one by one: from the first to one that no run comes to."""
    number = 1 if EVERY else first
    while True:
        yield number
        number += EVERY or every


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
def test_whatever_call_fails_nothing_is_half_and_resume_ends_it(
    folder: Folder, error: int, mode: Mode, record_property: Callable[[str, object], None]
) -> None:
    scope = {name: value for name, value in mode.options.items() if name in ("only", "subfolders")}
    folder.run(folder.tmp_path / "reference", **scope)
    everything = folders.files(folder.tmp_path / "reference")
    wanted = {name: content for name, content in everything.items() if name.rpartition("/")[2].startswith("T")}
    start = folder.tmp_path / "start"
    mode.before(folder, start)
    own = {mode.first: OWN} if mode.edited else {}
    if mode.edited:
        (start / mode.first).write_bytes(OWN)
    tried = 0
    for number in numbers(26, FIRST[error]):
        out = folder.tmp_path / "plans"
        if start.exists():
            shutil.copytree(start, out)
        failed: BaseException | None = None
        with failing(out, number, error) as faults:
            try:
                folder.run(out, **mode.options)
            except (XlsalesError, OSError) as raised:
                failed = raised
        assert error != errno.ENOSPC or failed is None or isinstance(failed, DiskFull), repr(failed)
        _check(out, own)
        with suppress(InputError):  # where the fault came before the run, of which nothing is there to be finished
            folder.run(out, **scope, resume=True)
            kept = own if (out / mode.first).read_bytes() == OWN else {}
            _check_ended(out, own, {name: content for name, content in wanted.items() if name not in kept})
            assert mode.edited or folders.files(out) == everything
        if mode.edited and number % 5 == FIRST[error] % 5:
            folder.run(out, **scope, overwrite=True)
            _check_ended(out, own, wanted)
        shutil.rmtree(out)
        if faults.calls < number:
            break
        tried += 1
    assert tried
    record_property("faults", tried)


def _check(out: Path, own: dict[str, bytes]) -> None:
    folders.check(out, own)
    there = [*folders.files(out).values(), *folders.copies(out)]
    assert all(content in there for content in own.values()), "what somebody wrote is lost"


def _check_ended(out: Path, own: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    _check(out, own)
    there = folders.files(out)
    assert {name for name, content in wanted.items() if there.get(name) != content} == set()
    assert folders.report(out)["status"] == "complete"
    folders.check_nothing_left(out)


@pytest.mark.parametrize("error", [errno.EAGAIN, errno.EPIPE], ids=["no room", "broken pipe"])
def test_whatever_fails_between_processes_the_planners_are_made_or_one_sentence_says_why(
    folder: Folder, error: int, record_property: Callable[[str, object], None]
) -> None:
    folder.run(folder.tmp_path / "reference")
    wanted = folders.files(folder.tmp_path / "reference")
    out = folder.tmp_path / "plans"
    tried = 0
    for number in numbers(7):
        with failing_workers(number, error) as faults:
            told = ""
            try:
                folder.run(out, workers=2)
            except XlsalesError as raised:
                told = str(raised)
        assert len(told.splitlines()) <= 1
        folders.check(out)
        folder.run(out, resume=True)
        assert folders.files(out) == wanted
        folders.check_nothing_left(out)
        shutil.rmtree(out)
        if faults.calls < number:
            break
        tried += 1
    assert tried
    record_property("faults", tried)


def test_fault_is_met_by_the_call_that_is_asked_for(tmp_path: Path) -> None:
    for number, what in enumerate(("open", "write", "fsync"), 1):
        path = tmp_path / "some" / what
        path.parent.mkdir(exist_ok=True)
        done: list[str] = []
        with suppress(OSError), failing(path.parent, number, errno.EIO) as faults, path.open("wb") as file:
            done.append("open")
            file.write(b"x")
            done.append("write")
            os.fsync(file.fileno())
            done.append("fsync")
        assert isinstance(faults, Faults)
        assert done == ["open", "write", "fsync"][: number - 1]
