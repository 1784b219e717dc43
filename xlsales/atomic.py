"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from xlsales import stopping

_TRIES = 5  # on Windows a virus scanner may hold a new file for a moment
_PREFIX, _SUFFIX = ".xlsales-", ".tmp"


def write(path: Path, content: bytes) -> None:
    """Write `content` under the final name only when all of it is on the disk."""
    handle, name = tempfile.mkstemp(prefix=f"{_PREFIX}{os.getpid()}-", suffix=_SUFFIX, dir=path.parent)
    temporary = Path(name)
    stopping.unfinished.add(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            temporary.chmod(0o666 & ~_umask())
        _replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        stopping.unfinished.discard(temporary)


def sweep(folder: Path, processes: Iterable[int]) -> None:
    """Remove what processes that were ended in the middle have left in a folder."""
    for process in processes:
        for left in folder.glob(f"{_PREFIX}{process}-*{_SUFFIX}"):
            with suppress(OSError):
                left.unlink()


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
