"""A command in a group of processes of its own, as in a terminal, to which signals are sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import xlsales
from tests.cli.printed import Printed
from tests.forked import HAS_COPIES, Module

PROJECT = Path(xlsales.__file__).parents[1]
LONG = 600  # seconds that a busy computer may take for what should take one


class Command:
    """A command that runs in a group of processes of its own, as in a terminal.

    Where the system can copy processes it is a copy of one that has imported xlsales, but where it starts `anew`.
    """

    def __init__(self, *words: object, anew: bool = not HAS_COPIES) -> None:
        self._files = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        told = [str(word) for word in words]
        environment = {**os.environ, "PYTHONUTF8": "1"}
        self.process: subprocess.Popen[bytes] | Module
        if told[0] == "-m" and not anew:
            with open(os.devnull, "rb") as nothing:  # noqa: PTH123
                streams = (nothing, *self._files)
                self.process = Module(told[1], tuple(told[2:]), streams, environment=environment, folder=PROJECT)
            return
        out, error = self._files
        self.process = subprocess.Popen(
            [sys.executable, *told], stdout=out, stderr=error, cwd=PROJECT, env=environment, start_new_session=True
        )

    def send(self, number: int = signal.SIGINT) -> None:
        """Press Ctrl-C."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:  # it has no group yet, or has ended
            self.process.send_signal(number)

    @property
    def others(self) -> list[int]:
        """The ids of the other processes of its group: its workers, and what helps them."""
        return members(self.process.pid)

    def ended(self) -> Printed:
        """Wait for the end, of every process."""
        self.process.wait(LONG)
        until(lambda: not self._is_there())
        return Printed(self.process.returncode or 0, *map(self._said, self._files))

    @staticmethod
    def _said(file: IO[bytes]) -> str:
        file.seek(0)
        return file.read().decode("utf-8")

    def close(self) -> None:
        """End it where it has not ended."""
        if self.process.poll() is None:
            self.send(signal.SIGKILL)
            self.process.wait()
        for file in self._files:
            file.close()

    def _is_there(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True


def has_loaded(process_id: int, library: str) -> bool:
    """Whether a process has loaded a library of this name: how far it is with its imports."""
    try:
        return library in Path(f"/proc/{process_id}/maps").read_text(encoding="utf-8")
    except OSError:  # no Linux, or it has ended
        return not Path("/proc/self/maps").exists()


def members(leader: int) -> list[int]:
    """The ids of the other processes in the group that a process leads."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    lines = (line.split() for line in told.splitlines())
    there = ((int(pid), int(group)) for pid, group, state in lines if not state.startswith("Z"))
    return sorted(pid for pid, group in there if group == leader != pid)


@contextmanager
def running(*words: object, anew: bool = not HAS_COPIES) -> Iterator[Command]:
    command = Command(*words, anew=anew)
    try:
        yield command
    finally:
        command.close()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
