"""Updates of planners in object storage, by workers here and of a cluster: each fetched, merged and put by one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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


class Month:
    """The same planners in the storage and in a folder, two of which their managers have changed, and new tables."""

    def __init__(self, run: Run, tables: Tables, bucket: Bucket, here: Path) -> None:
        self._run, self.tables, self.bucket, self._here = run, tables, bucket, here
        run(tables, bucket.out)
        made = bucket.contents()
        bucket.put("T1 North.xlsx", edited(made["T1 North.xlsx"], "revenue_goal", 650000))
        bucket.put("T2 South.xlsx", edited(made["T2 South.xlsx"], "person", "Somebody else"))
        tables["territories"][0]["revenue_goal"] = "700000"
        tables["territories"][1]["growth_rate"] = "0.2"
        self.typed = {name: bucket.contents()[name] for name in PLANNERS}
        here.mkdir()
        for name, content in self.typed.items():
            (here / name).write_bytes(content)

    def rename_the_first(self, name: str) -> None:
        """Give the first territory a name, which its planner gets."""
        self.tables["territories"][0]["territory_name"] = name

    def update_here(self) -> Batch:
        """Update the planners in the folder."""
        return self._run({**self.tables}, self._here, update=True)

    def update(self, **options: Any) -> Batch:
        """Update those in the storage."""
        return self._run(self.tables, self.bucket.out, update=True, **options)

    @property
    def copies(self) -> dict[str, list[bytes]]:
        """What is in backups, by name."""
        found: dict[str, list[bytes]] = {}
        for name, content in self.bucket.contents().items():
            if name.startswith("backup "):
                found.setdefault(name.rsplit("/", 1)[1], []).append(content)
        return found

    @property
    def status(self) -> str:
        """What the run report says."""
        return str(json.loads(self.bucket.contents()["run.json"])["status"])

    def check_planners(self) -> None:
        """Those in the storage are those in the folder, and what managers have typed is in a backup."""
        assert _planners(self.bucket.contents()) == _planners(contents(self._here))
        copies = self.copies
        assert all(content in copies[file] for file, content in self.typed.items())

    def check_updated_once(self) -> None:
        """The update is complete, and each planner was copied once, as its manager had left it."""
        self.check_planners()
        assert self.copies == {file: [content] for file, content in self.typed.items()}
        assert self.status == "complete"


@pytest.fixture
def month(run: Run, small_tables: Tables, bucket: Bucket, tmp_path: Path) -> Month:
    return Month(run, small_tables, bucket, tmp_path / "here")


def _planners(found: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in found.items() if name.startswith("T")}


def _told(batch: Batch) -> list[tuple[str, str, str | None]]:
    return sorted((one.severity, one.code, one.territory_id) for one in batch.findings if one.code != "STALE_PLANNER")


def _workers(number: str, near: Cluster) -> dict[str, Any]:
    if number == "cluster":
        return {"workers": None, "scheduler": near.address}
    return {"workers": {"one": 1, "two": 2}[number]}


@pytest.mark.parametrize(("workers", "name"), [("one", "North"), ("two", "Nord"), ("cluster", "Nord")])
def test_planners_in_a_storage_are_updated_as_those_in_a_folder(
    workers: str,
    name: str,
    month: Month,
    two_near_the_storage: Cluster,
) -> None:
    month.rename_the_first(name)
    here = month.update_here()
    month.bucket.storage.requests.clear()
    there = month.update(**_workers(workers, two_near_the_storage))
    requests = [(method, unquote(path)) for method, path in month.bucket.storage.requests]
    assert [(one.file_name, one.kept) for one in there.made] == [(one.file_name, one.kept) for one in here.made]
    assert _told(there) == _told(here)
    month.check_updated_once()
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
    month: Month,
    two_near_the_storage: Cluster,
) -> None:
    month.update_here()
    for name in PLANNERS:
        for method in ("GET", "HEAD", "PUT"):
            month.bucket.storage.faults.append(Fault(kind, 1, method, f"plans/{name.partition(' ')[0]}"))
    for name in PLANNERS:
        month.bucket.storage.faults.append(Fault(kind, 1, "PUT", f"/{name.replace(' ', '%20')}"))  # copies too
    batch = month.update(**_workers(workers, two_near_the_storage))
    assert not batch.failed
    month.check_updated_once()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("workers", "method"), [(1, "GET"), (2, "HEAD"), (2, "PUT"), (1, "DELETE")])
def test_an_update_that_the_storage_refuses_ends_in_one_line_and_is_finished_later(
    workers: int,
    method: str,
    month: Month,
) -> None:
    month.rename_the_first("Nord")
    month.update_here()
    month.bucket.storage.faults.append(Fault(403, 1000, method, "/plans/T1"))
    with pytest.raises(XlsalesError, match="the storage refuses T1") as refused:
        month.update(workers=workers)
    assert "\n" not in str(refused.value)
    month.bucket.storage.faults.clear()
    there = [*month.bucket.contents().values()]
    assert all(content in there for content in month.typed.values())
    with suppress(XlsalesError):  # where it was refused before the run had begun, the other one is complete
        month.update(resume=True, workers=workers)
    month.update(workers=workers)
    month.check_planners()
    assert month.status == "complete"


def test_of_two_updates_at_once_one_ends_and_nothing_is_updated_twice(
    month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    month.update_here()
    usual = Batch._begin

    def begin(batch: Batch, folder: object) -> None:
        usual(batch, folder)  # type: ignore[arg-type]
        monkeypatch.setattr(Batch, "_begin", usual)
        month.update()

    monkeypatch.setattr(Batch, "_begin", begin)
    with pytest.raises(XlsalesError, match="another run has begun there meanwhile"):
        month.update()
    month.check_updated_once()


def test_a_worker_that_is_late_and_one_that_updates_at_the_same_time_never_mix(
    month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other update comes when the first has looked at its report already, and has one planner in hand."""
    month.update_here()
    usual = ObjectFiles._updated

    def updated(files: ObjectFiles, made: Made, *rest: Any) -> Made:
        if made.territory_id == "T2":
            monkeypatch.setattr(ObjectFiles, "_updated", usual)
            month.update()
        return usual(files, made, *rest)

    monkeypatch.setattr(ObjectFiles, "_updated", updated)
    with pytest.raises(XlsalesError, match="another run has begun there meanwhile"):
        month.update()
    month.check_planners()


def test_two_updates_within_a_second_keep_both_planners_as_they_were(
    month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "new_name", lambda _out: "backup of now")
    month.update()
    first = {name: month.bucket.contents()[name] for name in PLANNERS}
    month.tables["territories"][2]["growth_rate"] = "0.3"
    month.update()
    now = month.bucket.contents()
    assert {name: now[f"backup of now/{name}"] for name in PLANNERS} == month.typed
    assert {name: now[f"backup of now/{name[:-5]} (2).xlsx"] for name in PLANNERS} == first


@pytest.mark.parametrize("name", ["North", "Nord"])
def test_a_planner_that_a_lost_worker_has_updated_is_told_as_if_it_had_not_been_lost(
    name: str,
    month: Month,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    month.rename_the_first(name)
    here = month.update_here()
    usual = Worker.make

    def make(worker: Worker, plans: Sequence[Any]) -> list[Made]:
        usual(worker, plans)
        return usual(worker, plans)

    monkeypatch.setattr(Worker, "make", make)
    there = month.update()
    assert [(one.file_name, one.kept) for one in there.made] == [(one.file_name, one.kept) for one in here.made]
    assert _told(there) == _told(here)
    month.check_updated_once()


class Killed(BaseException):
    """The end of everything, after which nothing is written."""


@pytest.mark.parametrize(
    ("name", "count", "resume"), [("North", 1, True), ("North", 3, False), ("Nord", 2, True), ("Nord", 3, True)]
)
def test_an_update_that_was_killed_is_resumed_or_begun_again(
    name: str,
    count: int,
    resume: bool,
    month: Month,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    month.rename_the_first(name)
    month.update_here()
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
            month.update()
    assert month.status == "started"
    month.update(resume=resume)
    month.check_updated_once()


def _killed(*_arguments: object) -> None:
    raise Killed
