"""Files that cannot be read or replaced are named, with what to do; looking at them changes nothing."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from xlsales.files import obstacles

CLOSE = "close it in Excel and run again"


def windows_error(kind: type[OSError], number: int, winerror: int) -> OSError:
    """An error as Windows raises it."""
    error = kind(number, "The process cannot access the file")
    error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


HELD = [
    PermissionError(errno.EACCES, "Permission denied"),  # what open() raises for a file that Excel has
    windows_error(PermissionError, errno.EACCES, 5),  # replacing a file that is open
    windows_error(PermissionError, errno.EACCES, 32),
    windows_error(PermissionError, errno.EACCES, 33),
    windows_error(OSError, errno.EINVAL, 1224),
    OSError(errno.EBUSY, "Device or resource busy"),
    OSError(errno.ETXTBSY, "Text file busy"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A planner that is there."""
    path = tmp_path / "T1 North.xlsm"
    path.write_bytes(b"filled by hand")
    os.utime(path, (1, 1))
    return path


def fail_with(error: OSError) -> Callable[..., object]:
    def fail(*_arguments: object, **_named: object) -> object:
        raise error

    return fail


def test_file_that_can_be_replaced_is_left_as_it_is(path: Path) -> None:
    assert obstacles.before_writing(path) is None
    assert (path.read_bytes(), path.stat().st_mtime) == (b"filled by hand", 1)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert obstacles.before_writing(path.with_name("none")) is None
    assert not path.with_name("none").exists()


@pytest.mark.parametrize("error", HELD, ids=repr)
@pytest.mark.parametrize("step", ["open", "rename"])
def test_held_file_is_named_with_what_to_do(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: OSError
) -> None:
    monkeypatch.setattr(Path, step, fail_with(error))
    assert obstacles.before_writing(path) == f"T1 North.xlsm is open in another program: {CLOSE}."
    assert obstacles.concerns_one_file(error)
    assert obstacles.in_writing(path, error, "it") == f"it is open in another program: {CLOSE}."
    assert CLOSE in obstacles.in_reading(path, error)


@pytest.mark.parametrize("lock", ["~$T1 North.xlsm", ".~lock.T1 North.xlsm#"])
def test_what_excel_and_libreoffice_lay_beside_an_open_file_counts(path: Path, lock: str) -> None:
    path.with_name(lock).write_bytes(b"Ann")
    told = obstacles.before_writing(path)
    assert told is not None
    assert told.startswith("T1 North.xlsm is open in another program")
    assert CLOSE in told
    assert f"delete {lock}" in told


def test_read_only_file_and_folder_of_that_name(path: Path) -> None:
    path.chmod(stat.S_IREAD)
    told = "T1 North.xlsm is read-only: allow writing to it and run again."
    assert obstacles.before_writing(path) == told
    assert obstacles.in_writing(path, HELD[0]) == told
    path.chmod(stat.S_IREAD | stat.S_IWRITE)
    path.unlink()
    path.mkdir()
    assert str(obstacles.before_writing(path)).startswith("T1 North.xlsm is a folder: move it")
    assert obstacles.in_writing(path, IsADirectoryError(21, "Is a directory")).startswith("T1 North.xlsm is a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is a thing of POSIX")
def test_pipe_is_not_waited_for(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)
    assert "is no ordinary file" in str(obstacles.before_writing(path))


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENAMETOOLONG, "File name too long"),
        windows_error(OSError, errno.ENOENT, 206),
    ],
)
def test_path_that_is_too_long_for_the_computer_is_told(path: Path, error: OSError) -> None:
    assert obstacles.concerns_one_file(error)
    assert obstacles.in_writing(path, error).startswith("T1 North.xlsm: its path is too long for this computer")


@pytest.mark.parametrize(("length", "too_long"), [(300, True), (260, True), (100, False)])
def test_folder_that_windows_does_not_find_is_a_path_too_long_only_where_it_is_long(
    path: Path, length: int, too_long: bool
) -> None:
    error = windows_error(OSError, errno.ENOENT, 3)
    error.filename = "x" * length
    assert obstacles.concerns_one_file(error) is too_long
    assert ("its path is too long" in obstacles.in_writing(path, error)) is too_long


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.ENOENT, errno.EDQUOT])
def test_full_disk_is_not_about_one_file(path: Path, number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert not obstacles.concerns_one_file(error)
    assert obstacles.in_writing(path, error) == f"T1 North.xlsm cannot be written: {os.strerror(number)}."
    assert obstacles.in_reading(path, error) == f"T1 North.xlsm cannot be read: {os.strerror(number)}."


def test_file_that_nobody_may_read_is_told(path: Path) -> None:
    path.chmod(0)
    told = obstacles.in_reading(path, HELD[0])
    path.chmod(0o600)
    if os.name == "posix":
        assert told == "T1 North.xlsm cannot be read (Permission denied): allow reading it and run again."
