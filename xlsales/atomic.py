"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

_TRIES = 5  # on Windows a virus scanner may hold a new file for a moment


def write(path: Path, content: bytes) -> None:
    """Write `content` under the final name only when all of it is on the disk."""
    handle, name = tempfile.mkstemp(prefix=".xlsales-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
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
