"""Work in a copy of this process, with a group of processes of its own: killed like a command, and started at once."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.cli.printed import Printed
from tests.cli.signalled import members, until

FAILED = 70  # exit code of work that raised something


class Process:
    """The copy; what `subprocess.Popen` offers of it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None

    def poll(self) -> int | None:
        if self.code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if ended else None
        return self.code

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class Copy:
    """The same as `Command`, for work instead of words; its exit code is what the work returns."""

    def __init__(self, work: Callable[[], int]) -> None:
        self._told = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed as it ends
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads, which wait in the copy for nothing
            pid = os.fork()
        if pid == 0:
            code = FAILED
            try:
                os.setsid()
                os.dup2(self._told.fileno(), 2)
                sys.stderr = sys.__stderr__
                code = work()
            except BaseException:
                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(code)
        self.process = Process(pid)

    def send(self, number: int = signal.SIGINT) -> None:
        """Send a signal to the whole group, or to the copy where it has no group yet."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
            return
        os.kill(self.process.pid, number)

    @property
    def others(self) -> list[int]:
        """The ids of its workers, and of what helps them."""
        return members(self.process.pid)

    def ended(self) -> Printed:
        """Wait for the end, of every process."""
        until(lambda: self.process.poll() is not None)
        until(lambda: not self.others)
        self._told.seek(0)
        with self._told as told:
            return Printed(self.process.code or 0, "", told.read().decode(errors="replace"))


@contextmanager
def copied(copy: Copy) -> Iterator[Copy]:
    """End a copy as the `with` block ends."""
    try:
        yield copy
    finally:
        if copy.process.poll() is None:
            copy.send(signal.SIGKILL)
            until(lambda: copy.process.poll() is not None)
