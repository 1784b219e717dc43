"""Workers and schedulers that are lost in the middle of the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest

from tests.scale import tasks
from tests.scale.dask_cluster import cluster
from xlsales.batch.worker_process import WorkerLost
from xlsales.errors import XlsalesError
from xlsales.stopping import Stop

pytest.importorskip("distributed")
LONGEST = 60  # seconds


def test_work_survives_a_killed_worker_and_a_scheduler_that_restarts(tmp_path: Path) -> None:
    from xlsales.batch.cluster.executor import Scheduled

    told = tmp_path / "told"
    told.mkdir()
    with cluster(tmp_path / "cluster", 2) as made:
        pool = Scheduled(made.address, tasks.begin, (), Stop(), lambda *_arguments: 100.0)
        try:
            futures = [pool.submit(tasks.slowly, number, str(told)) for number in range(16)]
            _until(lambda: any(told.iterdir()))
            pid = int(next(told.iterdir()).name.split(" ")[1])
            next(worker for worker in made.workers if worker.pid == pid).kill()
            _until(lambda: len(_done(futures)) > 2)
            assert made.scheduler is not None
            made.scheduler.kill()
            made.scheduler.wait()
            assert len(_done(futures)) < len(futures)
            made.start_scheduler()
            made.start_worker()
            assert [future.result(LONGEST) for future in futures] == list(range(16))
        finally:
            pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("scheduler", r"The scheduler was lost, and did not come back: .*127\.0\.0\.1"),
        ("worker", r"The scheduler tcp://127\.0\.0\.1:\d+ has lost all its workers"),
    ],
)
def test_what_does_not_come_back_ends_the_work_with_one_line(
    lost: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlsales.batch.cluster import executor

    monkeypatch.setattr(executor, "_PATIENCE", 0.5)
    with cluster(tmp_path / "cluster", 1) as made:
        pool = executor.Scheduled(made.address, tasks.begin, (), Stop(), lambda *_arguments: 100.0)
        try:
            future = pool.submit(tasks.slowly, 1, str(tmp_path), 30.0)
            _until(lambda: bool(list(tmp_path.glob("1 *"))))
            process = made.scheduler if lost == "scheduler" else made.workers[0]
            assert process is not None
            process.kill()
            with pytest.raises(XlsalesError, match=told):
                future.result(LONGEST)
        finally:
            pool.shutdown(cancel_futures=True)


def test_a_task_that_hangs_or_ends_its_workers_fails_and_the_next_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlsales.batch.cluster import executor

    monkeypatch.setattr(executor, "_TO_RESTART", 2.0)

    def limit(*arguments: object) -> float:
        return 0.2 if arguments[-1] == 50.0 else 100.0

    with cluster(tmp_path / "cluster", 0) as made:
        made.start_worker("--nanny")
        pool = executor.Scheduled(made.address, tasks.begin, (), Stop(), limit)
        try:
            late = pool.submit(tasks.slowly, 1, str(tmp_path), 50.0)
            with pytest.raises(WorkerLost, match="not done after 0 seconds") as lost:
                late.result(LONGEST)
            assert lost.value.timed_out
            assert pool.submit(tasks.slowly, 2, str(tmp_path), 0.0).result(LONGEST) == 2
            with pytest.raises(WorkerLost, match="workers of the cluster ended while they had it"):
                pool.submit(tasks.kill_its_worker, 3).result(LONGEST)
            assert pool.submit(tasks.slowly, 4, str(tmp_path), 0.0).result(LONGEST) == 4
        finally:
            pool.shutdown(cancel_futures=True)


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def _done(futures: Sequence[Future[Any]]) -> set[Future[Any]]:
    return wait(futures, 0).done
