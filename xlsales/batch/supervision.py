"""Workers that are watched: one that ends or hangs is replaced, and its task fails, to be tried again.

Each worker has a pipe of its own. So one that is killed in the middle of anything leaves no lock taken, costs no other
worker's work, and it is always known which task was in hand.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeAlias, TypeVar

from xlsales.batch.worker_process import Call, Context, WorkerLost, WorkerProcess, begin
from xlsales.errors import XlsalesError
from xlsales.stopping import Stop
from xlsales.texts import _

_LOOK, _LOOK_AT_MEMORY = 0.1, 0.5  # seconds between two looks at the workers
_LONGEST_STEP = 2.0  # seconds that count of a longer one: the computer slept, or Ctrl-Z was pressed
_TO_START = 600.0  # seconds: a virus scanner may look at each module
_TO_END = 10.0  # seconds that a worker has to end by itself when there is nothing more to do
_STARTS, _REFUSALS = 10, 3  # in a row that end too early, or begin with an exception: then another is of no use
_STARTS_LATER = 50  # where one has begun before: then it is the computer that is short of something, for a while

P = ParamSpec("P")
T = TypeVar("T")
Limit: TypeAlias = Callable[..., float]  # the seconds that a task may take, by its arguments


class Supervised(Executor):
    """Runs tasks in worker processes, each of which has run `start(*arguments, stopped)` once.

    A task whose worker ends, or takes longer than its limit, fails with WorkerLost.
    """

    def __init__(
        self,
        workers: int,
        start: Callable[..., None],
        arguments: Sequence[Any],
        stop: Stop,
        limit: Limit,
        megabytes: int | None = None,
    ) -> None:
        """Take what each worker begins with, and what it may cost; workers start when there are tasks."""
        self._megabytes = megabytes
        self._begin: Call = (begin, (start, *arguments), {})
        self._stop = stop
        self._limit = limit
        self._context = Context()
        self._flag: Any = self._context.RawValue("b", 0)  # no lock, which a worker might leave taken
        stop.tell(self._flag)
        self._lock = threading.Lock()
        self._all: set[WorkerProcess] = set()
        self._busy: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._begun = False  # whether any worker has
        self._failed_starts = 0  # since the last that has
        self._closed = threading.Event()
        self._threads = ThreadPoolExecutor(workers, "xlsales-worker")  # each waits for a worker
        # Python's own helper, which is killed as workers are, is started anew: nobody needs to hear of it.
        warnings.filterwarnings("ignore", "resource_tracker: process died unexpectedly", UserWarning)
        threading.Thread(target=self._watch, daemon=True).start()

    def turn_to(self, start: Callable[..., None], arguments: Sequence[Any], stop: Stop, limit: Limit) -> None:
        """Have the same workers do other tasks, when those at hand are done: each runs `start` for them first."""
        self._begin = (begin, (start, *arguments), {})
        self._stop, self._limit = stop, limit
        stop.tell(self._flag)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have the next worker that is free do a task."""
        return self._threads.submit(self._done, (fn, args, kwargs), self._limit(*args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks, and end the workers when all are done."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            self._end()

    def end(self, patience: float) -> None:
        """End the workers; tasks in hand have until `patience` seconds after the run was asked to end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self._busy and self._stop.left(patience) > 0:
            time.sleep(min(_LOOK, self._stop.left(patience)))
        self._end()

    def _end(self) -> None:
        self._closed.set()
        with self._lock:
            idle, others = list(self._idle), self._all.difference(self._idle)
        for worker in others:
            worker.kill()
        self._threads.shutdown(wait=True)  # each of them forgets its own
        threads = []
        for worker in idle:
            thread = threading.Thread(target=worker.end, args=(_TO_END,))
            try:
                thread.start()
            except RuntimeError:  # no room for it
                worker.end(_TO_END)
            else:
                threads.append(thread)
        for thread in threads:
            thread.join()

    def _done(self, call: Call, seconds: float) -> Any:
        worker = self._free()
        try:
            return worker.ask(call, seconds)
        finally:
            with self._lock:
                self._busy.discard(worker)
                if not worker.over:
                    self._idle.append(worker)
            if worker.over:
                self._forget(worker)

    def _free(self) -> WorkerProcess:
        """Return a worker for a task: one that waits, or a new one."""
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is not None and not worker.waits:
                self._forget(worker)
                worker = None
            elif worker is None or worker.begun is not self._begin:
                worker = self._started(worker)
            if worker is not None:
                with self._lock:
                    self._busy.add(worker)
                return worker

    def _started(self, worker: WorkerProcess | None) -> WorkerProcess | None:
        """Start a worker, or let one begin anew; None where that failed, and another one may not."""
        try:
            self._refuse_where_ended()
            if worker is None:
                worker = WorkerProcess(self._context, self._flag, self._megabytes)
                with self._lock:
                    self._all.add(worker)
                self._refuse_where_ended()
                worker.greet(_TO_START)
            worker.ask(self._begin, _TO_START)
            worker.begun = self._begin
        except XlsalesError:
            self._forget(worker)
            raise
        except Exception as error:
            self._forget(worker)
            self._refuse_where_ended()
            self._count_failure(error)
            return None
        with self._lock:
            self._begun, self._failed_starts = True, 0
        return worker

    def _refuse_where_ended(self) -> None:
        if self._closed.is_set() or self._stop.asked:
            raise WorkerLost(_("The run was stopped."))

    def _count_failure(self, error: Exception) -> None:
        """Wait a moment after a failed start; raises XlsalesError where one has failed after the other."""
        with self._lock:
            self._failed_starts += 1
            most = _REFUSALS
            if isinstance(error, (WorkerLost, OSError)):
                most = _STARTS_LATER if self._begun else _STARTS
            useless = self._failed_starts >= most
        if useless:
            message = _(
                "Worker processes cannot start: {how}. Run again with --workers 1, so that the command does the work."
            )
            raise XlsalesError(message.format(how=error if isinstance(error, WorkerLost) else repr(error))) from error
        time.sleep(_LOOK)

    def _forget(self, worker: WorkerProcess | None) -> None:
        """Remove a worker, and what it has left half written."""
        if worker is None:
            return
        worker.end()
        with self._lock:
            self._all.discard(worker)
        self._stop.sweep([worker.pid])

    def _watch(self) -> None:
        """End the workers that take too long, or too much."""
        before = look = time.monotonic()
        while not self._closed.wait(_LOOK):
            now = time.monotonic()
            step, before = min(now - before, _LONGEST_STEP), now
            with self._lock:
                workers = list(self._all)
            for worker in workers:
                worker.pass_time(step)
            if now - look > _LOOK_AT_MEMORY:
                look = now
                for worker in workers:
                    worker.look_at_memory()
