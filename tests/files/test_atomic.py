"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from xlsales.files import atomic
from xlsales.files.journal import Journal


def test_new_file_holds_the_content_and_nothing_else_is_left(tmp_path: Path) -> None:
    atomic.write(tmp_path / "plan.xlsm", b"PK\r\n\x00")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("plan.xlsm", b"PK\r\n\x00")]


def test_existing_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsm"
    path.write_bytes(b"a longer old content")
    atomic.write(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o007, 0o660)])
def test_others_may_read_the_file_as_the_umask_says(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        atomic.write(tmp_path / "plan.xlsm", b"x")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "plan.xlsm").stat().st_mode) == mode


@pytest.mark.parametrize("old", [None, b"old"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["sync", "rename"])
def test_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException, old: bytes | None
) -> None:
    path = tmp_path / "plan.xlsm"
    if old is not None:
        path.write_bytes(old)

    def fail(*_arguments: object) -> None:
        assert len(list(tmp_path.glob(".xlsales-*.tmp"))) == 1  # it has come as far as the new content
        raise error

    monkeypatch.setattr(*{"sync": (os, "fsync"), "rename": (Path, "replace")}[step], fail)
    with pytest.raises(type(error)):
        atomic.write(path, b"new")
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == ([] if old is None else [old])


def test_file_held_by_a_scanner_on_windows_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(atomic, "os", _Windows())
    replace = Path.replace

    def held_twice(source: Path, target: Path) -> Path:
        if len(waited) < 2:
            raise PermissionError(13, "Access is denied")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", held_twice)
    atomic.write(tmp_path / "plan.xlsm", b"new")
    assert waited == [0.1, 0.2]
    assert (tmp_path / "plan.xlsm").read_bytes() == b"new"


@pytest.mark.parametrize(("system", "times"), [("nt", 4), ("posix", 0)], ids=["Windows", "others, at once"])
def test_file_held_for_good_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, times: int
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(_Windows, "name", system)
    monkeypatch.setattr(atomic, "os", _Windows())

    def held(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PermissionError):
        atomic.write(tmp_path / "plan.xlsm", b"new")
    assert len(waited) == times
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", [(Path, "open"), (os, "fsync"), (Path, "replace")])
def test_error_names_the_file_and_never_the_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device", "/tmp/.xlsales-1.tmp", None, "plan.xlsm")

    monkeypatch.setattr(*step, fail)
    with pytest.raises(OSError, match="No space left") as failure:
        atomic.write(tmp_path / "plan.xlsm", b"x")
    assert (failure.value.filename, failure.value.filename2) == (str(tmp_path / "plan.xlsm"), None)
    assert list(tmp_path.iterdir()) == []


posix = pytest.mark.skipif(os.name != "posix", reason="Windows opens no folders")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done for a file to be there after a power cut, in order."""
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        fsync(handle)

    def replaced(source: object, target: object, **named: object) -> None:
        done.append("rename")
        replace(source, target, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    return done


def open_handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


@posix
def test_name_is_on_the_disk_too_once_a_file_is_written(tmp_path: Path, steps: list[str]) -> None:
    atomic.write(tmp_path / "run.json", b"{}")
    assert steps == ["sync file", "rename", "sync folder"]


@posix
def test_new_journal_has_its_name_on_the_disk_before_its_first_record(tmp_path: Path, steps: list[str]) -> None:
    for record in range(2):
        with Journal(tmp_path / "run.jsonl") as journal:
            journal.append([record])
    assert steps == ["sync folder", "sync file", "sync file"]


@posix
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EACCES])
@pytest.mark.parametrize("call", ["open", "fsync"])
def test_disk_that_knows_nothing_of_folders_takes_files_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    handles = open_handles()
    usual = getattr(os, call)

    def refused(place: object, *rest: object) -> object:
        is_folder = place == tmp_path if call == "open" else stat.S_ISDIR(os.fstat(place).st_mode)  # type: ignore[arg-type]
        if is_folder:
            raise OSError(number, os.strerror(number))
        return usual(place, *rest)

    monkeypatch.setattr(os, call, refused)
    atomic.write(tmp_path / "run.json", b"{}")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"{}"]
    assert open_handles() == handles


class _Windows:
    """The parts of `os` that are used, as Windows names itself."""

    name = "nt"
    fsync = staticmethod(os.fsync)
    getpid = staticmethod(os.getpid)
