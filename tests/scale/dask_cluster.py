"""A scheduler of Dask and its workers as processes of their own, as a company would start them.

Where the system can copy processes they are copies of one that has imported xlsales, but for those that start `anew`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from tests.forked import HAS_COPIES, Module

_QUICKLY = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "20s",
    "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",  # workers that a task may cost before it fails
    "OMP_NUM_THREADS": "1",
}
LONGEST = 600.0  # seconds that a computer under load may take for what takes one

_HAS_GROUPS = hasattr(os, "killpg")

Process: TypeAlias = "subprocess.Popen[bytes] | Module"


@dataclass
class Cluster:
    """A scheduler and its workers."""

    folder: Path
    anew: bool = not HAS_COPIES
    port: int = 0
    scheduler: Process | None = None
    workers: list[Process] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        found = self.folder / "scheduler.json"
        found.unlink(missing_ok=True)
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--scheduler-file", str(found)
        )
        _wait(found.exists)
        if not self.port:
            import json

            _wait(lambda: found.read_text(encoding="utf-8").endswith("}"))
            self.port = int(json.loads(found.read_text(encoding="utf-8"))["address"].rsplit(":", 1)[1])

    def start_worker(self, nanny: str = "--no-nanny") -> Process:
        worker = self._start(
            "dask_worker", self.address, "--nthreads", "1", nanny, "--local-directory", str(self.folder)
        )
        self.workers.append(worker)
        return worker

    def _start(self, module: str, *options: str) -> Process:
        words = (f"distributed.cli.{module}", *options, "--no-dashboard")
        environment = os.environ | _QUICKLY
        with (self.folder / "log.txt").open("ab") as log:
            if not self.anew:
                with open(os.devnull, "rb") as nothing:  # noqa: PTH123
                    return Module("tests.scale.dask_program", words, (nothing, log, log), environment=environment)
            command = [sys.executable, "-m", *words]
            return subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=_HAS_GROUPS)

    def log(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                _end(process)


def _end(process: Process) -> None:
    """End a process at once, and what it has started, as a nanny has its worker."""
    if _HAS_GROUPS:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif isinstance(process, subprocess.Popen):
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
    process.wait()


def _wait(until: object) -> None:
    assert callable(until)
    end = time.monotonic() + LONGEST
    while not until():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.05)


@contextmanager
def cluster(folder: Path, workers: int, *, anew: bool = not HAS_COPIES) -> Iterator[Cluster]:
    folder.mkdir(parents=True, exist_ok=True)
    made = Cluster(folder, anew)
    try:
        made.start_scheduler()
        for _number in range(workers):
            made.start_worker()
        yield made
    finally:
        made.end()
