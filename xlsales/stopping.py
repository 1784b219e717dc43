"""Ctrl-C: the first one ends a command in good order, a second one ends it at once.

Where work must not be cut off anywhere, the first one is only noted, and asked for between two pieces of work.
Worker processes never hear of it: the leading process tells them.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final, Protocol, TypeAlias

INTERRUPTED: Final = 130  # the exit code after Ctrl-C, in every shell
_TERMINATED: Final = 128 + signal.SIGTERM
_KEYS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGBREAK") if hasattr(signal, name))  # on Windows two
_FLAGS = 5  # where CreateProcess takes them
_SHOW_CURSOR = "\x1b[?25h"  # which a progress bar hides


Sweep: TypeAlias = Callable[[Iterable[int]], None]  # takes the ids of processes

unfinished: set[Path] = set()  # files that this process is writing, under temporary names


class Flag(Protocol):
    """A number that other processes see."""

    value: int


class Stop:
    """Whether, and since when, a run is asked to end."""

    def __init__(self, sweep: Sweep | None = None) -> None:
        """Start; `sweep` removes what processes leave that are ended in the middle."""
        self.since: float | None = None
        self.sweep: Sweep = sweep or (lambda _processes: None)
        self._flags: list[Flag] = []

    @property
    def asked(self) -> bool:
        """Whether the run is asked to end."""
        return self.since is not None

    def ask(self) -> None:
        """Ask the run to end, in every process."""
        self.since = time.monotonic() if self.since is None else self.since
        for flag in self._flags:
            flag.value = 1

    def tell(self, flag: Flag) -> None:
        """Let other processes know by this flag too."""
        self._flags.append(flag)
        flag.value = int(self.asked)

    def left(self, seconds: float) -> float:
        """Return what is left of some seconds since the run was asked to end."""
        return seconds if self.since is None else max(0.0, self.since + seconds - time.monotonic())


def told_unless_asked(stop: Stop, progress: Callable[[int], None], count: int) -> None:
    """Say how many more planners are made; a Ctrl-C in the middle of that is not lost."""
    try:
        progress(count)
    except KeyboardInterrupt:
        stop.ask()


class _Heard:
    """What has been heard in this process."""

    number: int | None = None  # of the first signal
    in_a_command = False  # which a second one ends; elsewhere the process is not ours to end
    stop: Stop | None = None  # of the run that is being made, or was asked to end


@contextmanager
def answered() -> Iterator[None]:
    """Let the first Ctrl-C raise KeyboardInterrupt inside a `with` block, and the second end the process."""
    _Heard.number, _Heard.in_a_command = None, True
    before = sys.unraisablehook
    sys.unraisablehook = _raised_where_nobody_hears
    try:
        with _handled(_raise, (*_KEYS, signal.SIGTERM)):
            yield
    finally:
        sys.unraisablehook = before
        _Heard.in_a_command = False


@contextmanager
def noted(sweep: Sweep | None = None) -> Iterator[Stop]:
    """Let the first Ctrl-C be noted only, inside a `with` block; outside a command, the second raises."""
    stop = Stop(sweep)

    def note(number: int, _frame: FrameType | None) -> None:
        _end_if_heard_before(number)
        stop.ask()

    _Heard.number, _Heard.stop = None, stop
    mine = (*_KEYS, signal.SIGTERM) if signal.getsignal(signal.SIGTERM) is _raise else _KEYS
    try:
        with _handled(note, mine):
            yield stop
    finally:
        if not stop.asked:
            _Heard.stop = None


@contextmanager
def withheld() -> Iterator[None]:
    """Let processes that start inside a `with` block never hear of Ctrl-C; this one hears of it, if only afterwards."""
    if sys.platform == "win32":
        with _in_groups_of_their_own():
            yield
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _KEYS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_the_leading_process() -> None:
    """Ignore Ctrl-C in a worker, which ends when the leading process does, however that ends."""
    for number in _KEYS:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_leading_process, daemon=True).start()


def exit_code() -> int:
    """Return the exit code of a command that was stopped."""
    return _TERMINATED if _Heard.number == signal.SIGTERM else INTERRUPTED


def _raise(number: int, _frame: FrameType | None) -> None:
    _end_if_heard_before(number)
    raise KeyboardInterrupt


def _end_if_heard_before(number: int) -> None:
    if _Heard.number is not None:
        if not _Heard.in_a_command:
            raise KeyboardInterrupt
        _end_at_once()
    _Heard.number = number


@contextmanager
def _handled(answer: Callable[[int, FrameType | None], None], numbers: tuple[signal.Signals, ...]) -> Iterator[None]:
    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.getsignal(number) for number in numbers}
    usual = (signal.default_int_handler, signal.SIG_DFL, _raise)
    mine = [number for number, handler in before.items() if handler in usual]  # a job in the background ignores it
    for number in mine:
        signal.signal(number, answer)
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, before[number])


def _raised_where_nobody_hears(unraisable: sys.UnraisableHookArgs) -> None:
    """Raise a KeyboardInterrupt again that a destructor has swallowed."""
    if unraisable.exc_type is KeyboardInterrupt:
        _Heard.number = None
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(unraisable)


def _end_at_once() -> None:
    threading.excepthook = lambda _arguments: None  # what other threads miss now, nobody needs to read
    processes = sys.modules.get("multiprocessing")
    children = processes.active_children() if processes else []
    for child in children:
        child.kill()
    for child in children:
        with suppress(OSError, AssertionError):  # the executor's own thread may have waited for it first
            child.join(1)
    if processes:
        _bounded(_give_back_semaphores)
    with suppress(Exception):
        if _Heard.stop is not None:
            _Heard.stop.sweep([child.pid for child in children if child.pid])
        for path in unfinished:
            path.unlink(missing_ok=True)
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write(_SHOW_CURSOR)
            sys.stderr.flush()
    os._exit(exit_code())


def _bounded(work: Callable[[], None], seconds: float = 1) -> None:
    """Do some work in a thread, and wait for it so long: the one that was interrupted may hold what it needs."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)


def _give_back_semaphores() -> None:
    """Give back what Python would otherwise complain of, in a process of its own that outlives this one."""
    from multiprocessing import util

    util._run_finalizers(0)  # type: ignore[attr-defined]


def _end_with_the_leading_process() -> None:
    from multiprocessing import connection, parent_process

    leading = parent_process()
    if leading is not None:
        connection.wait([leading.sentinel])
        os._exit(1)


class _Starting:
    """Windows, where each process begins a group, which does not hear of Ctrl-C."""

    def __init__(self, windows: Any) -> None:
        self._windows = windows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._windows, name)

    def CreateProcess(self, *arguments: Any) -> Any:  # noqa: N802
        before, flags, after = arguments[:_FLAGS], arguments[_FLAGS], arguments[_FLAGS + 1 :]
        return self._windows.CreateProcess(*before, flags | self._windows.CREATE_NEW_PROCESS_GROUP, *after)


@contextmanager
def _in_groups_of_their_own() -> Iterator[None]:
    """Windows has no other way that leaves this process hearing: to ignore Ctrl-C here and hand that on loses it.

    `multiprocessing` cannot be asked for it.
    """
    from multiprocessing import popen_spawn_win32

    module: Any = popen_spawn_win32
    usual = module._winapi
    module._winapi = _Starting(usual)
    try:
        yield
    finally:
        module._winapi = usual
