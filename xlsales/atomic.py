"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_TRIES = 5  # on Windows a virus scanner may hold a new file for a moment


def write(path: Path, content: bytes) -> None:
    """Write `content` under the final name only when all of it is on the disk."""
    with opened(path) as file:
        file.write(content)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file that gets its final name only when all of it is on the disk; an error names the final name."""
    try:
        handle, name = tempfile.mkstemp(prefix=".xlsales-", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if os.name == "posix":
                temporary.chmod(0o666 & ~_umask())
            _replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


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
