"""Reads planners on a Dask cluster: each worker has a bounded process of its own, as this computer's workers have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xlsales.batch import runners
from xlsales.bounded import Bounds, Worker
from xlsales.collection import elsewhere, workers
from xlsales.collection.planner import Planner
from xlsales.files.objects import is_url
from xlsales.stopping import Stop

_TO_START = 120.0  # seconds


class _Here:
    """What a worker of the cluster reads with."""

    worker: Worker
    bounds: Bounds
    template = ""
    never = threading.Event()


def begin(bounds: Bounds, template: str, _stopped: Callable[[], bool]) -> None:
    """Take what bounds a file."""
    _Here.worker, _Here.bounds, _Here.template = Worker(workers.MODULE, bounds), bounds, template


def some(paths: Sequence[Path]) -> list[Planner]:
    """Read some files on a worker of the cluster, which must see them."""
    return workers.some(_Here.worker, paths, _Here.bounds, _Here.template, _Here.never)


def read(
    paths: Sequence[Path], scheduler: str, bounds: Bounds, template: str, advance: Callable[[int], None]
) -> Iterator[Planner]:
    """Yield what becomes of each file, in the order given, under the name that was given."""
    seen = [path if is_url(path) else path.absolute() for path in paths]
    names = iter(paths)
    stop = Stop()
    template = str(Path(template).absolute()) if template else ""

    def limit(some: Sequence[Path]) -> float:
        return _TO_START + bounds.seconds * len(some)

    with runners.executor(1, begin, (bounds, template), stop, limit, scheduler=scheduler) as pool:
        ahead = 2 * runners.size(pool, 1)
        for planners in runners.in_order(pool, some, workers.chunks(seen), ahead, stop):
            yield from (elsewhere.called(one, name) for one, name in zip(planners, names, strict=False))
            advance(len(planners))
