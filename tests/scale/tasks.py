"""Tasks for workers of a cluster."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from xlsales.batch import checking
from xlsales.tables import pieces, shares

# What workers do with tables, as it was before a test has changed anything.
OF_TABLES: Final[dict[str, Callable[[Any], Any]]] = {
    "taken": shares.taken,
    "split": pieces.split,
    "in_worker": checking.in_worker,
}


def begin(_stopped: Callable[[], bool]) -> None:
    """Have nothing to prepare."""


def kill_its_worker(_number: int) -> None:
    """End the process at once, as a crash does."""
    os._exit(7)


def tell(number: int, folder: str) -> int:
    """Tell which process has this number in hand, and give it back."""
    (Path(folder) / f"{number} {os.getpid()}").touch()
    return number


def slowly(number: int, folder: str) -> int:
    """The same after a while."""
    tell(number, folder)
    time.sleep(0.3)
    return number


def tell_and_wait(number: int, folder: str, path: str = "") -> int:
    """The same when there is such a file; without one, never."""
    tell(number, folder)
    wait_for(path or str(Path(folder) / "never"))
    return number


def wait_for(path: str) -> str:
    """Be slow: end when there is such a file."""
    while not Path(path).exists():
        time.sleep(0.01)
    return path


def held_once(name: str, folder: str, task: Any) -> Any:
    """Do some work on tables; the first that has any in hand tells its process, and goes on when there is a `go`."""
    there = Path(folder)
    try:
        (there / "first").mkdir()
    except FileExistsError:
        pass
    else:
        (there / f"held by {os.getpid()}").touch()
        wait_for(str(there / "go"))
    return OF_TABLES[name](task)
