"""Where the work runs: in this process, or in a pool of local ones, behind one `Executor`."""

from __future__ import annotations

import multiprocessing
import os
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from xlsales.batch.supervision import Limit, Supervised
from xlsales.stopping import Stop

if TYPE_CHECKING:
    from xlsales.batch.cluster.executor import Scheduled

_WHILE_STARTING = 150
_LOOK = 0.2  # seconds: on Windows, Ctrl-C does not end a wait
_PATIENCE = 10.0  # seconds that a worker has to finish what is in hand
_MOST = 61
_LIMIT = 3600.0  # seconds

P = ParamSpec("P")
P1 = TypeVar("P1")
T = TypeVar("T")


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


class Kept:
    """Worker processes between two kinds of tasks, so that they start once; they end with it at the latest."""

    def __init__(self) -> None:
        self._pool: Supervised | None = None
        self._for: tuple[int, int | None] = (0, None)
        self._end: Callable[[], object] = lambda: None

    def keep(self, pool: Supervised, workers: int, megabytes: int | None) -> None:
        """Have processes wait that have no tasks."""
        self._pool, self._for = pool, (workers, megabytes)
        self._end = weakref.finalize(self, pool.shutdown)  # also where nobody has closed it when Python ends

    def has(self, pool: Executor) -> bool:
        """Whether these processes wait here."""
        return pool is self._pool

    def taken(self, workers: int, megabytes: int | None, scheduler: str | None) -> Supervised | None:
        """Give away the processes for so many workers with these bounds; others end."""
        if self._pool is None or scheduler is not None or self._for != (workers, megabytes):
            self.close()
            return None
        pool, self._pool = self._pool, None
        self._end = lambda: None
        return pool

    def close(self) -> None:
        """End the processes."""
        self._end()
        self._pool, self._end = None, lambda: None


def default_workers(tasks: int) -> int:
    """Return one worker per processor, but none for fewer tasks than it could do while it starts."""
    return bounded(min(os.cpu_count() or 1, tasks // _WHILE_STARTING))


def bounded(workers: int) -> int:
    """Return how many of so many workers a run has: more than this computer could feed only take its memory."""
    return max(1, min(workers, most_workers()))


def most_workers() -> int:
    """Return how many workers a run has at most: on Windows as many as any of Python's own pools."""
    return _MOST if sys.platform == "win32" else max(_MOST, 2 * (os.cpu_count() or 1))


@contextmanager
def executor(
    workers: int,
    start: Callable[..., None],
    arguments: tuple[Any, ...],
    stop: Stop | None = None,
    limit: Limit = lambda *_arguments: _LIMIT,
    megabytes: int | None = None,
    scheduler: str | None = None,
    kept: Kept | None = None,
    keeps: bool = False,
) -> Iterator[Executor]:
    """Yield an executor whose workers have each run `start(*arguments, stopped)` once.

    A task may take `limit(*its arguments)` seconds; a worker that takes longer is ended. Where it may take so many
    `megabytes` of memory and no more, a single worker is a process of its own as well. Where a scheduler is given, the
    workers of its cluster do the tasks, within the bounds that they were started with. Processes that were `kept` do
    them where they can; with `keeps`, they stay for what comes next.
    """
    stop = stop or Stop()
    has_no_processes = multiprocessing.current_process().daemon  # it may start none of its own
    if scheduler is None and ((workers == 1 and megabytes is None) or has_no_processes):
        if kept is not None:
            kept.close()
        start(*arguments, lambda: stop.asked)
        yield InProcess()
        return
    taken = None if kept is None else kept.taken(workers, megabytes, scheduler)
    if taken is not None:
        taken.turn_to(start, arguments, stop, limit)
    pool = taken or _pool(workers, start, arguments, stop, limit, megabytes, scheduler)
    try:
        yield pool
        if kept is not None and keeps and isinstance(pool, Supervised):
            kept.keep(pool, workers, megabytes)
    except KeyboardInterrupt:
        stop.ask()
        raise
    finally:
        if stop.asked:
            pool.end(0 if keeps else _PATIENCE)  # what was only read is read again
        if kept is None or not kept.has(pool):
            pool.shutdown(cancel_futures=True)


def _pool(
    workers: int,
    start: Callable[..., None],
    arguments: tuple[Any, ...],
    stop: Stop,
    limit: Limit,
    megabytes: int | None,
    scheduler: str | None,
) -> Supervised | Scheduled:
    if scheduler is None:
        return Supervised(bounded(workers), start, arguments, stop, limit, megabytes)
    from xlsales.batch.cluster.executor import Scheduled  # Dask, which a local run does without

    return Scheduled(scheduler, start, arguments, stop, limit)


def size(pool: Executor, workers: int) -> int:
    """Return how many tasks a pool does at a time: a cluster knows best, otherwise as many as were asked for."""
    found: int = getattr(pool, "workers", workers)
    return found


def in_order(
    pool: Executor,
    work: Callable[[P1], T],
    tasks: Iterable[P1],
    ahead: int,
    stop: Stop | None = None,
    failed: Callable[[P1, Exception], T] | None = None,
) -> Iterator[T]:
    """Yield what becomes of each task, in their order; no more than `ahead` of them wait at any time.

    In the place of a task that failed stands what `failed` makes of it. When the run is asked to end, what no worker
    has begun is left out.
    """
    stop = stop or Stop()
    waiting: deque[tuple[P1, Future[T]]] = deque()

    def ready() -> bool:
        return _is_done(waiting[0][1], [future for _task, future in waiting], stop)

    def first() -> T:
        task, future = waiting.popleft()
        try:
            return future.result()
        except Exception as error:
            if failed is None:
                raise
            return failed(task, error)

    try:
        for task in tasks:
            if stop.asked:
                break
            waiting.append((task, pool.submit(work, task)))
            if len(waiting) > ahead and ready():
                yield first()
        while waiting and ready():
            yield first()
    finally:
        _cancel([future for _task, future in waiting])


def _is_done(future: Future[T], waiting: Sequence[Future[T]], stop: Stop) -> bool:
    """Wait for a task; it is not done where the run ends before it is begun, or it takes too long to end."""
    while not wait([future], _LOOK).done:
        if stop.asked:
            _cancel(waiting)
            if stop.left(_PATIENCE) == 0:
                return False
    return not future.cancelled()


def _cancel(waiting: Sequence[Future[T]]) -> None:
    for future in reversed(waiting):  # the last first: those that are not cancelled come before those that are
        future.cancel()
