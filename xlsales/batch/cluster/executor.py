"""An executor whose tasks the workers of a Dask cluster do.

A task may be done twice: by a worker that was cut off, and by the one that got it instead. Both make the same bytes,
and whichever comes second finds them there.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, ParamSpec, TypeVar

from xlsales.batch.cluster import client as clients
from xlsales.batch.cluster import task
from xlsales.batch.supervision import Limit
from xlsales.batch.worker_process import WorkerLost
from xlsales.errors import InputError, XlsalesError
from xlsales.stopping import Stop
from xlsales.texts import _

_LOOK: Final = 0.2  # seconds between two looks
_LONGEST_STEP: Final = 2.0  # seconds that count of a longer one, as where the computer slept
_PATIENCE: Final = 300.0  # seconds that a scheduler that was lost has to come back
_TO_FIND_AGAIN: Final = 5.0  # seconds that one try to find it may take
_LOOK_AT_WORKERS: Final = 2.0
_TO_RESTART: Final = 10.0  # seconds that a worker that hangs has to end before it is killed

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(eq=False)
class _Task:
    """A task that was handed over."""

    call: bytes
    seconds: float  # what it may take on a worker
    future: Future[Any] = field(default_factory=Future)
    left: float = 0.0
    on_cluster: Any = None  # Dask's future; None while it is not handed over


class Scheduled(Executor):
    """Has the workers of a cluster do tasks, each of which has run `start(*arguments, stopped)` once.

    A task whose workers end one after the other, or that takes longer than its limit, fails with WorkerLost.
    """

    def __init__(
        self, address: str, start: Callable[..., None], arguments: tuple[Any, ...], stop: Stop, limit: Limit
    ) -> None:
        """Find the scheduler; raises InputError where it cannot be used."""
        self._address = address
        self._limit = limit
        self._stop = stop
        self._beginning = pickle.dumps((start, arguments), pickle.HIGHEST_PROTOCOL)
        self._header = task.header(hashlib.sha256(self._beginning).hexdigest())
        self._tasks: set[_Task] = set()
        self._numbers = count()
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._lost_since: float | None = None
        self._without_since: float | None = None  # workers
        self._client, self.workers = clients.ready(address)
        self._begin()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have the next worker that is free do a task."""
        call = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        one = _Task(call, self._limit(*args, **kwargs))
        with self._lock:
            self._tasks.add(one)
            if self._lost_since is None:
                self._hand_over(one)
        return one.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; what no worker has begun by then is given up where that is asked for."""
        if wait and not cancel_futures:
            while self._tasks and not self._closed.wait(_LOOK):
                pass
        self._closed.set()
        if self._thread is not threading.current_thread():
            self._thread.join()
        with self._lock:
            for one in self._tasks:
                _give_up(one)
            self._tasks.clear()
        clients.close(self._client)

    def end(self, patience: float) -> None:
        """Wait for what is in hand until `patience` seconds after the run was asked to end."""
        while self._in_hand() and self._stop.left(patience) > 0:
            time.sleep(min(_LOOK, self._stop.left(patience)))

    def _in_hand(self) -> bool:
        with self._lock:
            return any(not one.future.cancelled() for one in self._tasks)

    def _begin(self) -> None:
        self._common = self._client.submit(
            task.same, self._beginning, key=f"xlsales-{self._header.run}", pure=True, priority=1
        )

    def _hand_over(self, one: _Task) -> None:
        one.left = one.seconds
        key = f"xlsales-{self._header.run[:16]}-{id(self):x}-{next(self._numbers)}"
        try:
            one.on_cluster = self._client.submit(task.do, self._header, self._common, one.call, key=key, pure=False)
        except Exception:  # the scheduler has gone in this moment: given out again when it is back
            self._lose()
            return
        one.on_cluster.add_done_callback(lambda told: self._told(one, told))

    def _told(self, one: _Task, told: Any) -> None:
        """Take what became of a task."""
        with self._lock:
            if one not in self._tasks or one.on_cluster is not told:
                return
        if told.cancelled() or told.status == "lost":
            if not self._closed.is_set():
                self._lose()
            return
        try:
            result = pickle.loads(told.result())
        except BaseException as error:
            if self._closed.is_set():
                return
            if _is_of_the_line(error):
                self._lose()
                return
            self._settle(one, error=self._as_ours(error))
        else:
            self._settle(one, result)

    def _settle(self, one: _Task, result: Any = None, error: BaseException | None = None) -> None:
        with self._lock:
            if one not in self._tasks:
                return
            self._tasks.discard(one)
            if one.on_cluster is not None:
                with suppress(Exception):
                    one.on_cluster.release()
        if one.future.set_running_or_notify_cancel():
            if error is not None:
                one.future.set_exception(error)
            else:
                one.future.set_result(result)

    def _as_ours(self, error: BaseException) -> BaseException:
        """Return what a run understands of what Dask tells."""
        if type(error).__name__ == "KilledWorker":
            return WorkerLost(_("workers of the cluster ended while they had it"))
        if isinstance(error, (XlsalesError, WorkerLost, OSError)) or not isinstance(error, Exception):
            return error
        try:  # what a worker that came later does not even know how to read is of another version
            clients.refuse_skew(self._client.get_versions(packages=["xlsales"]))
        except clients.SkewError as skew:
            return skew
        except Exception:
            return error
        return error

    def _lose(self) -> None:
        with self._lock:
            if self._lost_since is None:
                self._lost_since = time.monotonic()

    def _watch(self) -> None:
        """Find a scheduler again that was lost, and give up tasks that take too long."""
        looked = time.monotonic()
        while not self._closed.wait(_LOOK):
            now = time.monotonic()
            if self._lost_since is not None or self._client.status not in ("running", "connecting"):
                self._lose()
                self._return()
                looked = time.monotonic()
                continue
            self._forget_cancelled()
            if now - looked > _LOOK_AT_WORKERS:
                self._look_at_workers(min(now - looked, _LONGEST_STEP + _LOOK_AT_WORKERS))
                looked = now

    def _forget_cancelled(self) -> None:
        with self._lock:
            for one in [one for one in self._tasks if one.future.cancelled()]:
                _give_up(one)
                self._tasks.discard(one)

    def _look_at_workers(self, seconds: float) -> None:
        """Count some seconds of the tasks that workers have, and give those up that have no more of them.

        Where no worker has been there for long, the run is given up; until then, tasks wait.
        """
        try:
            on_workers = {key: worker for worker, keys in self._client.processing().items() for key in keys}
            has_workers = bool(self._client.nthreads())
        except Exception:  # the scheduler may just be lost
            return
        with self._lock:
            for one in self._tasks:
                one.left -= seconds if one.on_cluster is not None and one.on_cluster.key in on_workers else 0
            late = [one for one in self._tasks if one.left <= 0]
        for one in late:
            self._end(on_workers[one.on_cluster.key])
            _give_up(one)
            how = _("not done after {seconds:,.0f} seconds").format(seconds=one.seconds)
            self._settle(one, error=WorkerLost(how, True))
        if has_workers:
            self._without_since = None
        elif self._without_since is None:
            self._without_since = time.monotonic()
        elif time.monotonic() - self._without_since > _PATIENCE or self._stop.asked:
            message = _("The scheduler {address} has lost all its workers.").format(address=self._address)
            self._fail_all(XlsalesError(message))

    def _end(self, worker: str) -> None:
        """End a worker that hangs, so that its nanny starts another one; without a nanny, it stays as busy as it is."""
        with suppress(Exception):
            self._client.restart_workers([worker], timeout=_TO_RESTART, raise_for_error=False)

    def _return(self) -> None:
        """Try once to find the scheduler and a worker again; then hand over all that is not done."""
        assert self._lost_since is not None
        try:
            fresh, workers = clients.ready(self._address, _TO_FIND_AGAIN)
        except clients.SkewError as error:
            self._fail_all(error)
            return
        except InputError as error:
            if time.monotonic() - self._lost_since > _PATIENCE or self._stop.asked:
                message = _("The scheduler was lost, and did not come back: {reason}")
                self._fail_all(XlsalesError(message.format(reason=error)))
            return
        old = self._client
        with self._lock:
            self._client, self.workers, self._lost_since = fresh, workers, None
            self._begin()
            for one in self._tasks:
                self._hand_over(one)
        clients.close(old)

    def _fail_all(self, error: XlsalesError) -> None:
        with self._lock:
            tasks = list(self._tasks)
        for one in tasks:
            self._settle(one, error=error)


def _give_up(one: _Task) -> None:
    if one.on_cluster is not None:
        with suppress(Exception):
            one.on_cluster.cancel()


def _is_of_the_line(error: BaseException) -> bool:
    """Whether it is the way to the scheduler that failed, and not the task."""
    return type(error).__name__ in (
        "CommClosedError",
        "FutureCancelledError",
        "CancelledError",
        "FuturesCancelledError",
    )
