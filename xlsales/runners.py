"""Where the work runs: in this process, or in a pool of local ones, behind one `Executor`."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any, ParamSpec, TypeVar

_WHILE_STARTING = 150

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


def default_workers(tasks: int) -> int:
    """Return one worker per processor, but none for fewer tasks than it could do while it starts."""
    return max(1, min(os.cpu_count() or 1, tasks // _WHILE_STARTING))


def executor(workers: int, start: Callable[..., None], arguments: tuple[Any, ...]) -> Executor:
    """Return an executor whose workers have each run `start(*arguments)` once."""
    if workers == 1:
        start(*arguments)
        return InProcess()
    spawn = multiprocessing.get_context("spawn")  # the same on Windows, macOS and Linux
    return ProcessPoolExecutor(workers, mp_context=spawn, initializer=start, initargs=arguments)


def in_order(pool: Executor, work: Callable[[P1], T], tasks: Iterable[P1], ahead: int) -> Iterator[T]:
    """Yield what becomes of each task, in their order; no more than `ahead` of them wait at any time."""
    waiting: deque[Future[T]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
