"""Where the work runs: in this process, or in a pool of local ones, behind one `Executor`."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeAlias, TypeVar

from xlsales import stopping
from xlsales.stopping import Flag, Stop

_WHILE_STARTING = 150
_LOOK = 0.2  # seconds: on Windows, Ctrl-C does not end a wait
_PATIENCE = 10.0  # seconds that a worker has to finish what is in hand

P = ParamSpec("P")
P1 = TypeVar("P1")
T = TypeVar("T")
Stopped: TypeAlias = Callable[[], bool]  # says in a worker whether the run is asked to end


class InProcess(Executor):
    """Runs each task at once, here."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run the task and return its finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class _Process(SpawnProcess):
    """A worker, which does not hear of Ctrl-C from its first moment on."""

    def start(self) -> None:
        """Start it."""
        with stopping.withheld():
            super().start()


class _Context(SpawnContext):
    """How workers start: the same on Windows, macOS and Linux."""

    Process = _Process


def default_workers(tasks: int) -> int:
    """Return one worker per processor, but none for fewer tasks than it could do while it starts."""
    return max(1, min(os.cpu_count() or 1, tasks // _WHILE_STARTING))


@contextmanager
def executor(
    workers: int, start: Callable[..., None], arguments: tuple[Any, ...], stop: Stop | None = None
) -> Iterator[Executor]:
    """Yield an executor whose workers have each run `start(*arguments, stopped)` once."""
    stop = stop or Stop()
    if workers == 1:
        start(*arguments, lambda: stop.asked)
        yield InProcess()
        return
    spawn = _Context()
    flag: Any = spawn.RawValue("b", 0)  # no lock, which a worker might leave taken
    stop.tell(flag)
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start, initargs=(start, arguments, flag))
    try:
        yield pool
    except KeyboardInterrupt:
        stop.ask()
        raise
    finally:
        if stop.asked:
            pool.shutdown(wait=False, cancel_futures=True)
            _end([one for one in multiprocessing.active_children() if one not in before], stop)
        pool.shutdown(cancel_futures=True)


def _start(start: Callable[..., None], arguments: tuple[Any, ...], flag: Flag) -> None:
    stopping.leave_to_the_leading_process()
    start(*arguments, lambda: bool(flag.value))


def _end(processes: Sequence[BaseProcess], stop: Stop) -> None:
    """Wait for workers to end, but not for ever."""
    running = {process.sentinel: process for process in processes}
    while running and stop.left(_PATIENCE) > 0:
        for ended in connection.wait([*running], min(_LOOK, stop.left(_PATIENCE))):
            del running[ended]  # type: ignore[arg-type]
    for process in running.values():
        process.kill()
        process.join(1)
    stop.sweep([process.pid for process in running.values() if process.pid])


def in_order(
    pool: Executor, work: Callable[[P1], T], tasks: Iterable[P1], ahead: int, stop: Stop | None = None
) -> Iterator[T]:
    """Yield what becomes of each task, in their order; no more than `ahead` of them wait at any time.

    When the run is asked to end, what no worker has begun is left out.
    """
    stop = stop or Stop()
    waiting: deque[Future[T]] = deque()
    try:
        for task in tasks:
            if stop.asked:
                break
            waiting.append(pool.submit(work, task))
            if len(waiting) > ahead and _is_done(waiting[0], waiting, stop):
                yield waiting.popleft().result()
        while waiting and _is_done(waiting[0], waiting, stop):
            yield waiting.popleft().result()
    finally:
        _cancel(waiting)


def _is_done(future: Future[T], waiting: deque[Future[T]], stop: Stop) -> bool:
    """Wait for a task; it is not done where the run ends before it is begun, or it takes too long to end."""
    while not wait([future], _LOOK).done:
        if stop.asked:
            _cancel(waiting)
            if stop.left(_PATIENCE) == 0:
                return False
    return not future.cancelled()


def _cancel(waiting: deque[Future[T]]) -> None:
    for future in reversed(waiting):  # the last first: those that are not cancelled come before those that are
        future.cancel()
