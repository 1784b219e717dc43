"""Tasks for workers of a cluster."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def begin(_stopped: Callable[[], bool]) -> None:
    """Have nothing to prepare."""


def kill_its_worker(_number: int) -> None:
    """End the process at once, as a crash does."""
    os._exit(7)


def slowly(number: int, folder: str, seconds: float = 0.3) -> int:
    """Tell which process has this number in hand, and give it back after a while."""
    (Path(folder) / f"{number} {os.getpid()}").touch()
    time.sleep(seconds)
    return number


def wait_for(path: str) -> str:
    """Be slow: end when there is such a file."""
    while not Path(path).exists():
        time.sleep(0.01)
    return path
