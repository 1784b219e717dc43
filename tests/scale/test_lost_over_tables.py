"""Workers and schedulers that are lost while tables are taken apart, divided and checked: planners stay the same."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.batches import contents
from tests.conftest import Tables
from tests.scale import tasks
from tests.scale.dask_cluster import LONGEST, Cluster, cluster
from xlsales.batch import Options, checking, prepare
from xlsales.tables import database, parquet, parted, partition, pieces

sqlalchemy = pytest.importorskip("sqlalchemy")

WORK: Final = {"taken": partition, "split": pieces, "in_worker": checking}  # by name, where it is asked for
LOST: Final = [*((name, "database") for name in WORK), ("taken", "Parquet")]
KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)


def _row_groups(small_tables: Tables, folder: Path) -> str:
    """Tables as Parquet files of one row group each, of which workers read parts."""
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    folder.mkdir()
    for name, rows in small_tables.items():
        pd.DataFrame(rows).to_parquet(folder / f"{name}.parquet")
    return str(folder)


@pytest.fixture(params=["database"])
def source(small_tables: Tables, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database, whose rows go to workers in shares, or Parquet files, which they read."""
    if request.param == "Parquet":
        return _row_groups(small_tables, tmp_path / "crm")
    address = f"sqlite:///{(tmp_path / 'crm.sqlite').as_posix()}"
    engine = sqlalchemy.create_engine(address)
    with engine.begin() as connection:
        for name, rows in small_tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            connection.exec_driver_sql(f"CREATE TABLE {name} ({', '.join(columns)})")
            insert = sqlalchemy.text(f"INSERT INTO {name} VALUES ({', '.join(f':{column}' for column in columns)})")
            connection.execute(insert, [{column: row.get(column) for column in columns} for row in rows])
    engine.dispose()
    return address


@pytest.fixture
def made(source: str, light_template: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, bytes]]:
    """Make planners of the tables, whose rows come in many shares and parts."""

    def make(out: Path, **options: object) -> dict[str, bytes]:
        with monkeypatch.context() as patch:
            patch.setattr("xlsales.batch.preparing.parted", partial(parted, rows=4))
            patch.setattr(partition, "_SPREAD_FROM", 3)
            patch.setattr(database, "_BATCH", 2)
            patch.setattr(parquet, "BATCH", 2)
            patch.setattr(parquet, "_MOST", 2)
            with prepare(source, Options(out, template=light_template, **options)) as batch:  # type: ignore[arg-type]
                assert batch.parts.count > 1
                batch.run()
        return contents(out)

    return make


@contextmanager
def held(work: str, folder: Path, then: Callable[[int], None]) -> Iterator[None]:
    """Hold the first worker that has some of this work in hand, and do something with its process."""
    folder.mkdir()
    done: list[int] = []

    def wait() -> None:
        try:
            process = int(_until(lambda: next(folder.glob("held by *"), None)).name.rsplit(" ", 1)[1])
            then(process)
            done.append(process)
        finally:
            (folder / "go").touch()

    waiting = threading.Thread(target=wait)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WORK[work], work, partial(tasks.held_once, work, str(folder)))
        waiting.start()
        try:
            yield
        finally:
            waiting.join()
    assert len(done) == 1
    assert done != [os.getpid()]


@pytest.mark.parametrize(("work", "source"), LOST, indirect=["source"])
def test_a_local_worker_that_is_killed_over_some_rows_costs_nothing(
    work: str, made: Callable[..., dict[str, bytes]], tmp_path: Path
) -> None:
    here = made(tmp_path / "here", workers=1)
    with held(work, tmp_path / "held", lambda process: os.kill(process, KILL)):
        there = made(tmp_path / "there", workers=2)
    assert there == here


@pytest.fixture(scope="module")
def two_with_nannies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with cluster(tmp_path_factory.mktemp("cluster"), 0) as started:
        for _number in range(2):
            started.start_worker("--nanny")
        yield started


@pytest.mark.parametrize(("work", "source"), LOST, indirect=["source"])
def test_a_worker_of_a_cluster_that_is_killed_over_some_rows_costs_nothing(
    work: str, made: Callable[..., dict[str, bytes]], tmp_path: Path, two_with_nannies: Cluster
) -> None:
    here = made(tmp_path / "here", workers=1)
    with held(work, tmp_path / "held", lambda process: os.kill(process, KILL)):
        there = made(tmp_path / "there", scheduler=two_with_nannies.address)
    assert there == here


def test_a_scheduler_that_restarts_while_rows_are_taken_apart_costs_nothing(
    made: Callable[..., dict[str, bytes]], tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    here = made(tmp_path / "here", workers=1)
    with cluster(tmp_path / "cluster", 2) as started:

        def restart(_process: int) -> None:
            assert started.scheduler is not None
            started.scheduler.kill()
            started.scheduler.wait()
            started.start_scheduler()
            started.start_worker()

        with held("taken", tmp_path / "held", restart):
            there = made(tmp_path / "there", scheduler=started.address)
    assert there == here


def _until(found: Callable[[], Path | None]) -> Path:
    end = time.monotonic() + LONGEST
    while (path := found()) is None:
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
    return path
