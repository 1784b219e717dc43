"""Updates of planners in object storage, by workers here and of a cluster: each fetched, merged and put by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.batches import Run, contents
from tests.conftest import Tables
from tests.scale.dask_cluster import Cluster, cluster
from tests.scale.storage import PLANNERS, Bucket, Fault, Storage
from tests.tiny import edited
from xlsales.batch import Batch, backups
from xlsales.batch.made import Made
from xlsales.batch.objects.planners import ObjectFiles
from xlsales.batch.worker import Worker
from xlsales.errors import XlsalesError
from xlsales.files import objects


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_WAIT", (0.01, 0.02))
    monkeypatch.setattr(objects, "DEADLINE", 0.3)


@pytest.fixture(scope="module")
def two_near_the_storage(a_storage: Storage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers that know the storage."""
    pytest.importorskip("distributed")
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as started:
        yield started


@pytest.fixture
def typed(run: Run, small_tables: Tables, bucket: Bucket, tmp_path: Path) -> dict[str, bytes]:
    """Planners in the storage, two of which their managers have changed; the tables are of the next month."""
    run(small_tables, bucket.out)
    made = bucket.contents()
    put = {
        "T1 North.xlsx": edited(made["T1 North.xlsx"], "revenue_goal", 650000),
        "T2 South.xlsx": edited(made["T2 South.xlsx"], "person", "Somebody else"),
    }
    for name, content in put.items():
        bucket.put(name, content)
    small_tables["territories"][0]["revenue_goal"] = "700000"
    small_tables["territories"][1]["growth_rate"] = "0.2"
    return {name: bucket.contents()[name] for name in PLANNERS}


@pytest.fixture
def wanted(run: Run, small_tables: Tables, typed: dict[str, bytes], tmp_path: Path) -> Callable[[], Batch]:
    """Update the same planners in a folder."""

    def update() -> Batch:
        small, first = tmp_path / "here", {**small_tables}
        small.mkdir()
        for name, content in typed.items():
            (small / name).write_bytes(content)
        return run(first, small, update=True)

    return update


def _planners(found: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in found.items() if name.startswith("T")}


def _copies(bucket: Bucket) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for name, content in bucket.contents().items():
        if name.startswith("backup "):
            found.setdefault(name.rsplit("/", 1)[1], []).append(content)
    return found


def _told(batch: Batch) -> list[tuple[str, str, str | None]]:
    return sorted(
        (one.severity, one.code, one.territory_id) for one in batch.findings if one.code not in ("STALE_PLANNER",)
    )


def _status(bucket: Bucket) -> str:
    return str(json.loads(bucket.contents()["run.json"])["status"])


@pytest.mark.parametrize(("workers", "name"), [("one", "North"), ("two", "Nord"), ("cluster", "Nord")])
def test_planners_in_a_storage_are_updated_as_those_in_a_folder(
    workers: str,
    name: str,
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    tmp_path: Path,
    typed: dict[str, bytes],
    wanted: Callable[[], Batch],
    two_near_the_storage: Cluster,
) -> None:
    small_tables["territories"][0]["territory_name"] = name
    here = wanted()
    bucket.storage.requests.clear()
    options: dict[str, Any] = {"workers": 1 if workers == "one" else 2}
    if workers == "cluster":
        options = {"workers": None, "scheduler": two_near_the_storage.address}
    there = run(small_tables, bucket.out, update=True, **options)
    requests = [(method, unquote(path)) for method, path in bucket.storage.requests]
    assert _planners(bucket.contents()) == _planners(contents(tmp_path / "here"))
    assert [(one.file_name, one.kept) for one in there.made] == [(one.file_name, one.kept) for one in here.made]
    assert _told(there) == _told(here)
    assert _copies(bucket) == {file: [content] for file, content in typed.items()}
    assert len([path for method, path in requests if method == "GET" and "T3" in path]) == 1  # none was brought here
    puts = [path.rsplit("/", 1)[1] for method, path in requests if method == "PUT" and "/plans/T" in path]
    assert sorted(puts) == [f"T1 {name}.xlsx", *PLANNERS[1:]]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("workers", "kind"), [("two", "lost"), ("two", 503), ("cluster", "lost"), ("cluster", "reset")]
)
def test_an_update_by_several_workers_through_a_storage_that_stumbles_happens_once(
    workers: str,
    kind: int | str,
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    tmp_path: Path,
    typed: dict[str, bytes],
    wanted: Callable[[], Batch],
    two_near_the_storage: Cluster,
) -> None:
    wanted()
    for name in PLANNERS:
        for method in ("GET", "HEAD", "PUT"):
            bucket.storage.faults.append(Fault(kind, 1, method, f"plans/{name.partition(' ')[0]}"))
    for name in PLANNERS:
        bucket.storage.faults.append(Fault(kind, 1, "PUT", f"/{name.replace(' ', '%20')}"))  # copies too
    options: dict[str, Any] = {"workers": 2}
    if workers == "cluster":
        options = {"workers": None, "scheduler": two_near_the_storage.address}
    batch = run(small_tables, bucket.out, update=True, **options)
    assert not batch.failed
    assert _planners(bucket.contents()) == _planners(contents(tmp_path / "here"))
    assert _copies(bucket) == {file: [content] for file, content in typed.items()}
    assert _status(bucket) == "complete"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("workers", "method"), [(1, "GET"), (2, "HEAD"), (2, "PUT"), (1, "DELETE")])
def test_an_update_that_the_storage_refuses_ends_in_one_line_and_is_finished_later(
    workers: int,
    method: str,
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    tmp_path: Path,
    typed: dict[str, bytes],
    wanted: Callable[[], Batch],
) -> None:
    small_tables["territories"][0]["territory_name"] = "Nord"
    wanted()
    bucket.storage.faults.append(Fault(403, 1000, method, "/plans/T1"))
    with pytest.raises(XlsalesError, match="the storage refuses T1") as refused:
        run(small_tables, bucket.out, update=True, workers=workers)
    assert "\n" not in str(refused.value)
    bucket.storage.faults.clear()
    there = [*bucket.contents().values()]
    assert all(content in there for content in typed.values())
    with suppress(XlsalesError):  # where it was refused before the run had begun, the other one is complete
        run(small_tables, bucket.out, update=True, resume=True, workers=workers)
    run(small_tables, bucket.out, update=True, workers=workers)
    assert _planners(bucket.contents()) == _planners(contents(tmp_path / "here"))
    copies = _copies(bucket)
    assert all(content in copies[file] for file, content in typed.items())
    assert _status(bucket) == "complete"


def test_of_two_updates_at_once_one_ends_and_nothing_is_updated_twice(
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    tmp_path: Path,
    typed: dict[str, bytes],
    wanted: Callable[[], Batch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted()
    usual = Batch._begin

    def begin(batch: Batch, folder: object) -> None:
        usual(batch, folder)  # type: ignore[arg-type]
        monkeypatch.setattr(Batch, "_begin", usual)
        run(small_tables, bucket.out, update=True)

    monkeypatch.setattr(Batch, "_begin", begin)
    with pytest.raises(XlsalesError, match="another run has begun there meanwhile"):
        run(small_tables, bucket.out, update=True)
    assert _planners(bucket.contents()) == _planners(contents(tmp_path / "here"))
    assert _copies(bucket) == {file: [content] for file, content in typed.items()}
    assert _status(bucket) == "complete"


def test_a_worker_that_is_late_and_one_that_updates_at_the_same_time_never_mix(
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    tmp_path: Path,
    typed: dict[str, bytes],
    wanted: Callable[[], Batch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other update comes when the first has looked at its report already, and has one planner in hand."""
    wanted()
    usual = ObjectFiles._updated

    def updated(files: ObjectFiles, made: Made, *rest: Any) -> Made:
        if made.territory_id == "T2":
            monkeypatch.setattr(ObjectFiles, "_updated", usual)
            run(small_tables, bucket.out, update=True)
        return usual(files, made, *rest)

    monkeypatch.setattr(ObjectFiles, "_updated", updated)
    with pytest.raises(XlsalesError, match="another run has begun there meanwhile"):
        run(small_tables, bucket.out, update=True)
    assert _planners(bucket.contents()) == _planners(contents(tmp_path / "here"))
    copies = _copies(bucket)
    assert all(content in copies[file] for file, content in typed.items())


def test_two_updates_within_a_second_keep_both_planners_as_they_were(
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    typed: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backups, "new_name", lambda _out: "backup of now")
    run(small_tables, bucket.out, update=True)
    first = {name: bucket.contents()[name] for name in PLANNERS}
    small_tables["territories"][2]["growth_rate"] = "0.3"
    run(small_tables, bucket.out, update=True)
    now = bucket.contents()
    assert {name: now[f"backup of now/{name}"] for name in PLANNERS} == typed
    assert {name: now[f"backup of now/{name[:-5]} (2).xlsx"] for name in PLANNERS} == first


@pytest.mark.parametrize("name", ["North", "Nord"])
def test_a_planner_that_a_lost_worker_has_updated_is_told_as_if_it_had_not_been_lost(
    name: str,
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    tmp_path: Path,
    typed: dict[str, bytes],
    wanted: Callable[[], Batch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_tables["territories"][0]["territory_name"] = name
    here = wanted()
    usual = Worker.make

    def make(worker: Worker, plans: Sequence[Any]) -> list[Made]:
        usual(worker, plans)
        return usual(worker, plans)

    monkeypatch.setattr(Worker, "make", make)
    there = run(small_tables, bucket.out, update=True)
    assert [(one.file_name, one.kept) for one in there.made] == [(one.file_name, one.kept) for one in here.made]
    assert _told(there) == _told(here)
    assert _planners(bucket.contents()) == _planners(contents(tmp_path / "here"))
    assert _copies(bucket) == {file: [content] for file, content in typed.items()}


class Killed(BaseException):
    """The end of everything, after which nothing is written."""


@pytest.mark.parametrize(
    ("name", "count", "resume"), [("North", 1, True), ("North", 3, False), ("Nord", 2, True), ("Nord", 3, True)]
)
def test_an_update_that_was_killed_is_resumed_or_begun_again(
    name: str,
    count: int,
    resume: bool,
    run: Run,
    small_tables: Tables,
    bucket: Bucket,
    tmp_path: Path,
    typed: dict[str, bytes],
    wanted: Callable[[], Batch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_tables["territories"][0]["territory_name"] = name
    wanted()
    done: list[str] = []
    usual = ObjectFiles._updated

    def updated(files: ObjectFiles, made: Made, *rest: Any) -> Made:
        if len(done) == count:
            raise Killed
        done.append(made.territory_id)
        return usual(files, made, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(ObjectFiles, "_updated", updated)
        patch.setattr("xlsales.batch.objects.planners._THREADS", 1)
        patch.setattr(Batch, "_note", _killed)
        with pytest.raises(Killed):
            run(small_tables, bucket.out, update=True)
    assert _status(bucket) == "started"
    run(small_tables, bucket.out, update=True, resume=resume)
    assert _planners(bucket.contents()) == _planners(contents(tmp_path / "here"))
    assert _copies(bucket) == {file: [content] for file, content in typed.items()}
    assert _status(bucket) == "complete"


def _killed(*_arguments: object) -> None:
    raise Killed
