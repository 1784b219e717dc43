"""One worker process: how it starts, the pipe to it, what it answers, and how it ended."""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, TypeAlias

from xlsales import bounded, memory, stopping
from xlsales.stopping import Flag
from xlsales.texts import _

_OWN = ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP", "SIGXCPU", "SIGXFSZ")
_OWN_SIGNALS = frozenset(getattr(signal, name) for name in _OWN if hasattr(signal, name))  # of what a program does
_ENDED_IN_WINDOWS = (1, signal.SIGTERM, 0xC000013A)  # by the task manager, by Python, by the end of a console
_GRACE = 60.0  # seconds after its time in which a worker is ended by the leading process, if that is still there

Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

_one_at_a_time = threading.Lock()  # starts and waits: what they change for a moment belongs to the whole process


class WorkerLost(Exception):  # noqa: N818 (no fault of whoever asked)
    """A worker ended in the middle of a task, which may be tried again; `how` is what a person reads.

    It might take so many `megabytes` of memory; None where it was not bounded.
    """

    def __init__(
        self, how: str, timed_out: bool = False, from_outside: bool = False, megabytes: int | None = None
    ) -> None:
        super().__init__(how, timed_out, from_outside, megabytes)
        self.how = how
        self.timed_out = timed_out
        self.from_outside = from_outside  # whether something else may have ended it: the system, or a person
        self.megabytes = megabytes

    def __str__(self) -> str:
        return self.how


class _Process(SpawnProcess):
    """A process that does not hear of Ctrl-C from its first moment on, and runs nothing of the caller's script."""

    def start(self) -> None:
        """Start it."""
        with _one_at_a_time, stopping.withheld(), _without_script():
            super().start()


class Context(SpawnContext):
    """How workers start: the same on Windows, macOS and Linux."""

    Process = _Process


@contextmanager
def _without_script() -> Iterator[None]:
    """Let a process start without the caller's script, which may have no main guard, or come from standard input."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


class _Clock:
    """The time that a worker still has."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self.left = seconds


class WorkerProcess:
    """A worker, as the leading process sees it."""

    def __init__(self, context: SpawnContext, flag: Flag, megabytes: int | None = None) -> None:
        """Start it; raises OSError where the system has no room for another process.

        It may take so much memory.
        """
        self._megabytes = megabytes
        self._job: Any = None
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, flag, megabytes))
        self._clock: _Clock | None = None
        self.begun: Call | None = None  # what it has begun with
        self.over = False  # whether nothing may be asked of it any more
        try:
            self._process.start()
            if megabytes is not None and sys.platform == "win32":
                from xlsales import windows_jobs

                started: Any = self._process
                self._job = windows_jobs.bounded(started._popen, megabytes)
        except BaseException:
            self._pipe.close()
            raise
        finally:
            other.close()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid or 0

    @property
    def waits(self) -> bool:
        """Whether it waits for a task: one that ended has closed its pipe."""
        return not self.over and not connection.wait([self._pipe, self._process.sentinel], 0)

    def greet(self, seconds: float) -> None:
        """Wait until it can be asked; raises WorkerLost when it ends, or takes longer."""
        with self._timed(seconds):
            self._received()

    def ask(self, call: Call, seconds: float) -> Any:
        """Have it do a task, and return or raise what comes of it; raises WorkerLost when it ends, or takes longer."""
        request = pickle.dumps((seconds, call), pickle.HIGHEST_PROTOCOL)
        with self._timed(seconds):
            self._pipe.send_bytes(request)
            received = self._received()
        done, result = pickle.loads(received)
        if not done:
            raise result
        return result

    def pass_time(self, seconds: float) -> None:
        """Count some seconds, and end it when it has no more of them."""
        clock = self._clock
        if clock is not None:
            clock.left -= seconds
            if clock.left <= 0:
                self.kill()

    def look_at_memory(self) -> None:
        """End it when it has more memory than it may, where the system does not see to it."""
        if self._megabytes is not None and bounded.megabytes_of(self.pid) > self._megabytes:
            self.kill()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def end(self, seconds: float = 0) -> None:
        """Let it end by itself within some seconds, else kill it, and wait for that."""
        self.over = True
        with suppress(OSError):
            self._pipe.close()
        if not connection.wait([self._process.sentinel], seconds):
            self._process.kill()
        with _one_at_a_time:
            self._process.join(1)

    @contextmanager
    def _timed(self, seconds: float) -> Iterator[None]:
        clock = self._clock = _Clock(seconds)
        try:
            yield
        except (EOFError, OSError):
            self.end(1)
            raise self._lost(clock) from None
        except BaseException:
            self.end()  # who knows what is still in the pipe
            raise
        finally:
            self._clock = None

    def _received(self) -> bytes:
        # Where a process ends before it takes its end of the pipe, Windows does not close that.
        if self._pipe not in connection.wait([self._pipe, self._process.sentinel]):
            raise EOFError
        return self._pipe.recv_bytes()

    def _lost(self, clock: _Clock) -> WorkerLost:
        if clock.left <= 0:
            how = _("not done after {seconds:,.0f} seconds").format(seconds=clock.seconds)
            return WorkerLost(how, True, megabytes=self._megabytes)
        code = self._process.exitcode
        return WorkerLost(_ended(code), from_outside=_is_from_outside(code), megabytes=self._megabytes)


def _ended(code: int | None) -> str:
    """Say how a process ended."""
    if code is None:
        return _("ended from outside")
    if code >= 0:
        return _("ended with exit code {code}").format(code=code if code < 2**16 else f"0x{code:08X}")
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    if name == "SIGKILL":
        return _("ended from outside (SIGKILL), perhaps for want of memory")
    return _("ended by signal {name}").format(name=name)


def _is_from_outside(code: int | None) -> bool:
    """Whether something else may have ended a process that ended so."""
    if code is None:
        return True
    return code in _ENDED_IN_WINDOWS if os.name == "nt" else code < 0 and -code not in _OWN_SIGNALS


def _serve(pipe: Connection, flag: Flag, megabytes: int | None) -> None:
    """Do what the leading process asks for, until it closes the pipe or ends."""
    if megabytes is not None:
        bounded.keep_memory(megabytes)
    stopping.leave_to_the_leading_process()
    _silence()
    memory.rest()
    memory.spare()
    _Here.flag = flag
    with suppress(EOFError, OSError):
        pipe.send_bytes(b"")
        while True:
            seconds, call = pickle.loads(pipe.recv_bytes())
            with _ended_in_time(seconds):
                answer = _answer(call)
            memory.settle()  # after the first, which imports and opens what the others need
            pipe.send_bytes(answer)
    memory.rest()


class _Here:
    """What a worker knows of its run."""

    flag: Flag


def begin(start: Callable[..., None], *arguments: Any) -> None:
    """Run `start(*arguments, stopped)`, in a worker."""
    start(*arguments, lambda: bool(_Here.flag.value))


def _answer(call: Call) -> bytes:
    try:
        function, arguments, named = call
        return pickle.dumps((True, function(*arguments, **named)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # a panic of an engine is no Exception
        try:
            answer = pickle.dumps((False, error))
            pickle.loads(answer)
        except Exception:
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return answer if isinstance(error, Exception) else pickle.dumps((False, RuntimeError(repr(error))))


@contextmanager
def _ended_in_time(seconds: float) -> Iterator[None]:
    """End this process when it takes far too long: an engine that runs away does not let it see that nobody waits."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _silence() -> None:
    """Print nothing: the console belongs to the leading process, which says what a person should know."""
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for number in (1, 2):
        with suppress(OSError):  # a program without a console has none
            os.dup2(sys.stdout.fileno(), number)
