"""Workers and schedulers that are lost in the middle of the work."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scale import tasks
from tests.scale.dask_cluster import LONGEST, cluster
from xlsales.batch.worker_process import WorkerLost
from xlsales.errors import XlsalesError
from xlsales.stopping import Stop

pytest.importorskip("distributed")


def test_work_survives_a_killed_worker_and_a_scheduler_that_restarts(tmp_path: Path) -> None:
    from xlsales.batch.cluster.executor import Scheduled

    told = tmp_path / "told"
    told.mkdir()
    go = tmp_path / "go"
    with cluster(tmp_path / "cluster", 2, anew=True) as made:
        pool = Scheduled(made.address, tasks.begin, (), Stop(), lambda *_arguments: LONGEST)
        try:
            futures = [pool.submit(tasks.slowly, number, str(told)) for number in range(10)]
            _until(lambda: any(told.iterdir()))
            pid = int(next(told.iterdir()).name.split(" ")[1])
            next(worker for worker in made.workers if worker.pid == pid).kill()
            assert [future.result(LONGEST) for future in futures] == list(range(10))
            # Not before: a worker that waits would hold up what Dask has given it besides.
            futures += [pool.submit(tasks.tell_and_wait, number, str(told), str(go)) for number in (10, 11)]
            _until(lambda: any(told.glob("10 *")) or any(told.glob("11 *")))
            assert made.scheduler is not None
            made.scheduler.kill()
            made.scheduler.wait()
            made.start_scheduler()
            made.start_worker()
            go.touch()
            assert [future.result(LONGEST) for future in futures] == list(range(12))
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

    monkeypatch.setattr(executor, "_PATIENCE", 0.2)
    monkeypatch.setattr(executor, "_TO_FIND_AGAIN", 0.2)
    monkeypatch.setattr(executor, "_LOOK_AT_WORKERS", 0.05)
    with cluster(tmp_path / "cluster", 1) as made:
        pool = executor.Scheduled(made.address, tasks.begin, (), Stop(), lambda *_arguments: LONGEST)
        try:
            future = pool.submit(tasks.tell_and_wait, 1, str(tmp_path))
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

    monkeypatch.setattr(executor, "_TO_RESTART", 0.5)
    monkeypatch.setattr(executor, "_LOOK_AT_WORKERS", 0.05)

    def limit(number: int, *_arguments: object) -> float:
        return 0.2 if number == 1 else LONGEST

    with cluster(tmp_path / "cluster", 0) as made:
        made.start_worker("--nanny")
        pool = executor.Scheduled(made.address, tasks.begin, (), Stop(), limit)
        try:
            late = pool.submit(tasks.tell_and_wait, 1, str(tmp_path))
            with pytest.raises(WorkerLost, match="not done after 0 seconds") as lost:
                late.result(LONGEST)
            assert lost.value.timed_out
            assert pool.submit(tasks.tell, 2, str(tmp_path)).result(LONGEST) == 2
            with pytest.raises(WorkerLost, match="workers of the cluster ended while they had it"):
                pool.submit(tasks.kill_its_worker, 3).result(LONGEST)
            assert pool.submit(tasks.tell, 4, str(tmp_path)).result(LONGEST) == 4
        finally:
            pool.shutdown(cancel_futures=True)


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
