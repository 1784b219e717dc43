"""A folder that one process writes into is refused to others, by name; a lock left behind is taken over."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xlsales.errors import InputError
from xlsales.files.folder_lock import FolderLock


@pytest.fixture
def lock(tmp_path: Path) -> FolderLock:
    return FolderLock(tmp_path, tmp_path / ".aside")


def other(tmp_path: Path) -> FolderLock:
    return FolderLock(tmp_path, tmp_path / ".aside")


def left_behind(tmp_path: Path, host: str, process: int, silent: float = 0) -> None:
    """Leave what a killed holder leaves; it showed itself so many seconds ago."""
    aside = tmp_path / ".aside"
    aside.mkdir()
    (aside / "lock").touch()
    holder = aside / "holder.json"
    holder.write_text(json.dumps({"process": process, "host": host, "since": "2027-01-31 14:30"}), encoding="utf-8")
    os.utime(holder, (time.time() - silent,) * 2)


def test_second_holder_is_told_who_holds_it(lock: FolderLock, tmp_path: Path) -> None:
    assert lock.acquire() is None
    for attempt in (other(tmp_path).acquire, other(tmp_path).refuse_held):
        with pytest.raises(InputError) as refusal:
            attempt()
        assert f"process {os.getpid()} on {platform.node()}, since 20" in str(refusal.value)
        assert "\n" not in str(refusal.value)
    lock.release()
    assert list(tmp_path.iterdir()) == []
    assert other(tmp_path).acquire() is None


def test_lock_goes_with_a_process_that_is_killed(lock: FolderLock, tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys; from xlsales.files.folder_lock import FolderLock; p = pathlib.Path(sys.argv[1]);"
        "FolderLock(p, p / '.aside').acquire(); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 9
    before = lock.acquire()
    assert before is not None
    assert before.host == platform.node()
    lock.release()


@pytest.mark.parametrize(("silent", "taken"), [(0, False), (60, False), (600, True)])
def test_holder_on_another_computer_counts_until_it_is_silent(
    lock: FolderLock, tmp_path: Path, silent: float, taken: bool
) -> None:
    left_behind(tmp_path, "another computer", 1, silent)
    if taken:
        assert lock.acquire() is not None
        lock.release()
    else:
        with pytest.raises(InputError, match="process 1 on another computer, since 2027-01-31 14:30"):
            lock.acquire()


@pytest.mark.skipif(os.name == "nt", reason="Windows has locks on every disk")
@pytest.mark.parametrize("runs", [True, False])
def test_disk_without_locks_is_served_by_the_holders_own_word(
    lock: FolderLock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: bool
) -> None:
    def refused(_lock: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("filelock.FileLock.acquire", refused)
    left_behind(tmp_path, platform.node(), os.getppid() if runs else 2**22 + 1)
    if runs:
        with pytest.raises(InputError, match="another run is writing"):
            lock.acquire()
    else:
        assert lock.acquire() is not None
        lock.release()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"process": "x"}'])
def test_holder_that_cannot_be_read_hinders_nobody(lock: FolderLock, tmp_path: Path, damage: bytes) -> None:
    left_behind(tmp_path, "x", 1)
    (tmp_path / ".aside" / "holder.json").write_bytes(damage)
    assert lock.acquire() is None
    lock.release()
