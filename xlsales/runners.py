"""Where the work runs: in this process, or in a pool of local ones, behind one `Executor`."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
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
    """Return one worker per processor, but none for fewer than a handful of tasks each."""
    return max(1, min(os.cpu_count() or 1, tasks // 4))


def executor(workers: int, start: Callable[..., None], arguments: tuple[Any, ...]) -> Executor:
    """Return an executor whose workers have each run `start(*arguments)` once."""
    if workers == 1:
        start(*arguments)
        return InProcess()
    spawn = multiprocessing.get_context("spawn")  # the same on Windows, macOS and Linux
    return ProcessPoolExecutor(workers, mp_context=spawn, initializer=start, initargs=arguments)
