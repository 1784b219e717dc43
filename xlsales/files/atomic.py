"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import BinaryIO

from xlsales import stopping

_TRIES = 5  # on Windows a virus scanner may hold a new file for a moment
_PREFIX, _SUFFIX = ".xlsales-", ".tmp"


def write(path: Path, content: bytes) -> None:
    """Write `content` under the final name only when all of it is on the disk."""
    with opened(path) as file:
        file.write(content)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file that gets its final name only when all of it is on the disk; an error names the final name."""
    temporary = path.parent / temporary_name()
    with _whole_or_gone(temporary, path):
        with temporary.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, path)
        stopping.unfinished.discard(temporary)
        settle(path.parent)


def put_aside(path: Path, content: bytes) -> Path:
    """Write what is to become `path` beside it, under the temporary name that is returned, until all is on the disk."""
    temporary = path.parent / temporary_name()
    with _whole_or_gone(temporary, path), temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def publish(temporary: Path, path: Path) -> None:
    """Give a file that was put aside its final name, to be settled; where that fails it is gone."""
    with _whole_or_gone(temporary, path):
        _replace(temporary, path)
        stopping.unfinished.discard(temporary)


def settle(folder: Path) -> None:
    """Have the names in a folder on the disk as well, where the system can do that; NTFS keeps a log of them itself."""
    if os.name == "nt":
        return
    with suppress(OSError):  # a disk that is shared may not know of it
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path, place: PurePath) -> None:
    """Make a folder at a place in one that is there, so that its name is on the disk as well."""
    for part in place.parts:
        above, folder = folder, folder / part
        folder.mkdir(exist_ok=True)
        settle(above)


def discard(temporary: Path) -> None:
    """Remove a file that was put aside, as far as the disk lets it go."""
    for attempt in range(1, _TRIES + 1):
        try:
            temporary.unlink(missing_ok=True)
            break
        except OSError:
            if os.name == "nt":
                time.sleep(0.1 * attempt)
    stopping.unfinished.discard(temporary)


@contextmanager
def _whole_or_gone(temporary: Path, path: Path) -> Iterator[None]:
    stopping.unfinished.add(temporary)
    try:
        yield
    except BaseException as error:
        discard(temporary)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise


def sweep(folder: Path, processes: Iterable[int]) -> None:
    """Remove what processes that were ended in the middle have left in a folder."""
    for process in processes:
        for left in folder.glob(f"{_PREFIX}{process}-*{_SUFFIX}"):
            with suppress(OSError):
                left.unlink()


def sweep_all(folder: Path) -> None:
    """Remove all that was left in a folder, whoever has left it; for one who holds it alone."""
    for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):
            left.unlink()


def temporary_name() -> str:
    """Return a name that no other file has; `tempfile` tries thousands in a folder of Windows that refuses files."""
    return f"{_PREFIX}{os.getpid()}-{secrets.token_hex(8)}{_SUFFIX}"


def _replace(temporary: Path, path: Path) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            temporary.replace(path)
        except PermissionError:
            if attempt == _TRIES or os.name != "nt":
                raise
            time.sleep(0.1 * attempt)
        else:
            return
