"""Tasks for workers: each ends in another way. Workers import this module; nothing of a test reaches them otherwise."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

FOREVER = 600  # seconds
_started: list[Any] = []


def start(*arguments: Any) -> None:
    _started[:] = arguments


def start_badly(*_arguments: Any) -> None:
    raise ValueError("no such template")


def start_and_die(*_arguments: Any) -> None:
    os._exit(7)


def started() -> int:
    return len(_started[0])


def whoami() -> int:
    return os.getpid()


def meet(place: str, count: int) -> int:
    """Tell who does this, once so many processes do it at the same time."""
    folder = Path(place)
    (folder / str(os.getpid())).touch()
    while len(list(folder.iterdir())) < count:
        time.sleep(0.01)
    return os.getpid()


def double(number: int) -> int:
    return 2 * number


def slowly(number: int) -> int:
    time.sleep(0.02)
    return number


def large(size: int) -> bytes:
    return b"x" * size


def kill_itself(*_arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL if os.name == "posix" else signal.SIGTERM)


def crash(*_arguments: Any) -> None:
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.string_at(0)


def leave(*_arguments: Any) -> None:
    os._exit(7)


def hang(*_arguments: Any) -> None:
    time.sleep(FOREVER)


def hang_in_a_thread(*_arguments: Any) -> None:
    with ThreadPoolExecutor(1) as threads:
        threads.submit(time.sleep, FOREVER)


def freeze(*_arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def ask_to_exit(*_arguments: Any) -> None:
    sys.exit("asked to")


class Panic(BaseException):
    """As an engine written in another language raises it."""


def panic(*_arguments: Any) -> None:
    raise Panic("index out of bounds")


def run_out_of_memory(*_arguments: Any) -> None:
    raise MemoryError


class AwkwardError(Exception):
    """Cannot be sent to another process."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def raise_awkwardly(*_arguments: Any) -> None:
    raise AwkwardError(1, 2)


def fail(*_arguments: Any) -> None:
    raise LookupError("nothing there")


def unsendable(*_arguments: Any) -> Any:
    return lambda: None


def chatter(*_arguments: Any) -> None:
    sys.stdout.write("from a worker")
    sys.stdout.flush()
    sys.stderr.write("from a worker")
    os.write(2, b"from a worker\n")
