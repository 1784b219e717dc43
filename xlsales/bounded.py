"""Work that may abort or never end goes to a process of its own: bounded in time and memory, it costs that work alone.

    with Worker("xlsales.recalc.worker", Bounds(seconds=60, megabytes=2048)) as worker:
        answer = worker.ask(question)

The process is started for the first question, answers one after the other, and is started anew after one that ended
it. Its module calls `serve`.
"""

from __future__ import annotations

import atexit
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import IO, Any, Final, NamedTuple

from xlsales.errors import InputError, XlsalesError
from xlsales.texts import _

_TO_START = 60.0  # seconds, for the imports
_LOOK = 0.02  # seconds between two looks at an answer that is awaited
_LOOK_AT_MEMORY = 0.5
_GRACE = 10  # seconds after which a process ends itself whose leading process is gone


class Bounds(NamedTuple):
    """What one piece of work may cost."""

    seconds: float = 60.0
    megabytes: int = 2048


class ExceededError(XlsalesError):
    """A piece of work did not end in its time, or ended its process."""

    def __init__(self, *, is_late: bool) -> None:
        super().__init__("time" if is_late else "memory")
        self.is_late = is_late


class NoRoomError(XlsalesError):
    """The computer had no room for a process or a thread."""

    def __init__(self, error: BaseException) -> None:
        self.reason = (isinstance(error, OSError) and error.strerror) or str(error) or _("not enough memory")
        message = _("The computer has no room for more work ({reason}). Close other programs and run again.")
        super().__init__(message.format(reason=self.reason))


class Worker:
    """A process that answers questions; use it in a `with` block."""

    def __init__(self, module: str, bounds: Bounds) -> None:
        """Name the module that is run; nothing starts yet."""
        self._module = module
        self._bounds = bounds
        self._process: subprocess.Popen[bytes] | None = None
        self._job: Any = None
        self._has_answered = False
        self._is_closed = False

    def __enter__(self) -> Worker:
        self._is_closed = False
        return self

    def __exit__(self, *_exception: object) -> None:
        self._is_closed = True  # a process that another thread is starting now ends as soon as it is there
        self.end()

    def ask(self, question: object) -> Any:
        """Return the answer; raises the InputError that it met, ExceededError where there is none, or NoRoomError."""
        try:
            told = self._asked(question)
        except ExceededError as error:
            if error.is_late or not self._has_answered:
                raise
            told = self._asked(question)  # the work before it may have left little memory
        kind, answer = told
        self._has_answered = True
        if kind == "refused":
            raise InputError(answer)
        if kind == "memory":
            self.end()
            raise ExceededError(is_late=False)
        return answer

    def _asked(self, question: object) -> Any:
        process = self._process or self._start()
        return self._awaited(process, question, self._bounds.seconds)

    def _start(self) -> subprocess.Popen[bytes]:
        self._has_answered = False
        try:
            process = self._process = _process(self._module, str(self._bounds.seconds), str(self._bounds.megabytes))
        except (OSError, MemoryError) as error:
            raise NoRoomError(error) from error
        if self._is_closed:
            self.end()
            raise ExceededError(is_late=False)
        if sys.platform == "win32":
            from xlsales import windows_jobs

            self._job = windows_jobs.bounded(process, self._bounds.megabytes)
        self._awaited(process, None, _TO_START)
        return process

    def _awaited(self, process: subprocess.Popen[bytes], question: object, seconds: float) -> Any:
        """Put a question and wait for what comes back, so long; the process ends where nothing does."""
        told: list[Any] = []
        thread = threading.Thread(target=_put, args=(process, question, told), daemon=True)
        until = time.monotonic() + seconds
        look_at_memory = time.monotonic() + _LOOK_AT_MEMORY
        try:
            _start(thread)
            while thread.is_alive() and time.monotonic() < until:
                thread.join(_LOOK)
                if time.monotonic() > look_at_memory:
                    look_at_memory = time.monotonic() + _LOOK_AT_MEMORY
                    if megabytes_of(process.pid) > self._bounds.megabytes:
                        break
        except BaseException:
            self.end()  # else the next question gets the answer to this one
            raise
        if told:
            return told[0]
        is_late = thread.is_alive() and time.monotonic() >= until
        self.end()
        raise ExceededError(is_late=is_late)

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        if sys.platform != "win32":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # with what it started
        process.kill()
        process.wait()
        self._job = None  # on Windows, what is left in it ends here
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def _process(module: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a process that runs a module."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *words],  # -P: nothing is imported from the folder of the workbooks
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # it hears of no Ctrl-C, and is ended with what it starts
    )


@cache
def shared(module: str, bounds: Bounds) -> Worker:
    """Return a process that all of this one ask; it ends with it."""
    worker = Worker(module, bounds)
    atexit.register(worker.end)
    return worker


def _start(thread: threading.Thread) -> None:
    try:
        thread.start()
    except RuntimeError as error:  # so Python says it
        raise NoRoomError(error) from error


def _put(process: subprocess.Popen[bytes], question: object, told: list[Any]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError, EOFError, pickle.UnpicklingError, ValueError, MemoryError):  # it has ended
        if question is not None:
            _say(process.stdin, question)
        told.append(_hear(process.stdout))


def _say(stream: IO[bytes], message: object) -> None:
    pickle.dump(message, stream)
    stream.flush()


def _hear(stream: IO[bytes]) -> Any:
    return pickle.load(stream)


def serve(answer: Callable[[Any], Any]) -> None:
    """Answer the questions that come in until no more do, within the bounds that the command line names."""
    bounds = Bounds(float(sys.argv[1]), int(sys.argv[2]))
    for key in (getattr(signal, name) for name in ("SIGINT", "SIGBREAK") if hasattr(signal, name)):
        signal.signal(key, signal.SIG_IGN)
    questions: Final[IO[bytes]] = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    _tell(answers, "ready", None)
    while True:
        try:
            question = pickle.load(questions)
        except EOFError:
            return
        keep(bounds)
        try:
            told = ("answer", answer(question))
        except InputError as error:
            told = ("refused", str(error))
        except MemoryError:
            told = ("memory", None)
        _tell(answers, *told)


def _tell(answers: IO[bytes], kind: str, answer: Any) -> None:
    pickle.dump((kind, answer), answers)
    answers.flush()


def keep(bounds: Bounds) -> None:
    """Let this process never take more from now on, where the system can see to it."""
    if sys.platform == "win32":
        return  # the job does
    signal.alarm(math.ceil(bounds.seconds) + _GRACE)  # where the leading process is gone; nothing catches it
    keep_memory(bounds.megabytes)


def keep_memory(megabytes: int) -> None:
    """Let this process never take more memory from now on, where the system can see to it from inside."""
    if sys.platform == "linux":
        import resource

        most = megabytes << 20
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def megabytes_of(process: int) -> int:
    """Return what a process has of the memory, where the system does not see to it."""
    if sys.platform != "darwin":
        return 0
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=False).stdout
    return int(told) >> 10 if told.strip().isdecimal() else 0
