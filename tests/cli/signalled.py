"""A command in a group of processes of its own, as in a terminal, to which signals are sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import xlsales
from tests.cli.printed import Printed

PROJECT = Path(xlsales.__file__).parents[1]
LONG = 600  # seconds that a busy computer may take for what should take one


class Command:
    """A command that runs in a group of processes of its own, as in a terminal."""

    def __init__(self, *words: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=PROJECT,
            env={**os.environ, "PYTHONUTF8": "1"},
            start_new_session=True,
        )

    def send(self, number: int = signal.SIGINT) -> None:
        """Press Ctrl-C."""
        os.killpg(self.process.pid, number)

    @property
    def others(self) -> list[int]:
        """The ids of the other processes of its group: its workers, and what helps them."""
        return members(self.process.pid)

    def ended(self) -> Printed:
        """Wait for the end, of every process."""
        out, error = self.process.communicate(timeout=LONG)
        until(lambda: not self._is_there())
        return Printed(self.process.returncode, out, error)

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
def running(*words: object) -> Iterator[Command]:
    command = Command(*words)
    try:
        yield command
    finally:
        if command.process.poll() is None:
            command.send(signal.SIGKILL)
            command.process.communicate()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
