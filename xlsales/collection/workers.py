"""Reads many planners at the same time, in processes that are bounded in time and memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from xlsales.bounded import Bounds, ExceededError, NoRoomError, Worker
from xlsales.collection import elsewhere
from xlsales.collection.planner import Planner, unreadable
from xlsales.collection.worker import Question
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.texts import N_, _

MODULE = "xlsales.collection.worker"
_TOGETHER = 128  # files that a process is asked for at once, at most
_OF_A_CLUSTER = 16
_LATE = N_("not read after {seconds:,.0f} seconds")
_ENDED = N_("reading it ended the process that did, perhaps for want of memory")


def read(
    paths: Sequence[Path], workers: int, bounds: Bounds, template: str, advance: Callable[[int], None]
) -> Iterator[Planner]:
    """Yield what becomes of each file, in the order given."""
    divided = chunks(paths, workers)
    own = threading.local()
    ended = threading.Event()
    with ExitStack() as opened:
        lock = threading.Lock()

        def worker() -> Worker:
            if not hasattr(own, "worker"):
                own.worker = Worker(MODULE, bounds)
                with lock:
                    opened.enter_context(own.worker)
            found: Worker = own.worker
            return found

        def done(chunk: Sequence[Path]) -> list[Planner]:
            found = some(worker(), chunk, bounds, template, ended)
            advance(len(chunk))
            return found

        pool = ThreadPoolExecutor(max(1, min(workers, len(divided))))
        try:
            for planners in pool.map(done, divided):
                yield from planners
        except RuntimeError as error:
            if obstacles.is_short(error):
                raise NoRoomError(error) from error
            raise
        finally:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)


def chunks(paths: Sequence[Path], workers: int | None = None) -> list[Sequence[Path]]:
    """Return the files in as many at once as a process is asked for; few, where nobody knows how many there are."""
    most = _OF_A_CLUSTER if workers is None else _TOGETHER
    together = max(1, min(most, -(-len(paths) // max(workers or 1, 1))))
    return [paths[start : start + together] for start in range(0, len(paths), together)]


def some(worker: Worker, paths: Sequence[Path], bounds: Bounds, template: str, ended: threading.Event) -> list[Planner]:
    """Read some files, wherever they are."""
    with elsewhere.brought(paths) as here:
        found = _asked(worker, here, bounds, template, ended, may_try_again=len(here) == 1)
    return [elsewhere.called(one, path) for one, path in zip(found, paths, strict=False)]


def _asked(
    worker: Worker,
    paths: Sequence[Path],
    bounds: Bounds,
    template: str,
    ended: threading.Event,
    *,
    may_try_again: bool = False,
) -> list[Planner]:
    """Ask for some files; where that ends the process or takes too long, for each of them alone.

    A single one may be asked for again: the process may have ended for want of something that is none of its doing.
    """
    try:
        answer: list[Planner] = worker.ask(Question(tuple(map(str, paths)), template))
        return answer
    except InputError as error:  # the template's
        raise error from None
    except ExceededError as error:
        if ended.is_set():  # the process was ended, for nobody waits any more
            return []
        if len(paths) > 1:
            return [one for path in paths for one in _asked(worker, [path], bounds, template, ended)]
        if may_try_again and not error.is_late:
            return _asked(worker, paths, bounds, template, ended)
        text = _(_LATE).format(seconds=bounds.seconds) if error.is_late else _(_ENDED)
        return [unreadable(str(paths[0]), text)]
