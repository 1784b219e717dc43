"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
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
    stopping.unfinished.add(temporary)
    try:
        try:
            with temporary.open("x+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        stopping.unfinished.discard(temporary)


def sweep(folder: Path, processes: Iterable[int]) -> None:
    """Remove what processes that were ended in the middle have left in a folder."""
    for process in processes:
        for left in folder.glob(f"{_PREFIX}{process}-*{_SUFFIX}"):
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
