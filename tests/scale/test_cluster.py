"""Batches on a Dask cluster: what a local run makes, to the last byte."""

from __future__ import annotations

import gc
import json
import sys
import threading
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from tests.batch import folders
from tests.batches import REPORTS, Run, contents
from tests.conftest import Tables, WriteTables
from tests.scale import tasks
from tests.scale.dask_cluster import LONGEST, Cluster
from tests.scale.storage import PLANNERS
from xlsales.batch import Options, checking, prepare
from xlsales.batch.delivery.subfolders import Subfolders
from xlsales.batch.worker import Worker
from xlsales.collection import collect
from xlsales.errors import InputError, XlsalesError
from xlsales.stopping import Stop
from xlsales.tables import parted

pytest.importorskip("distributed")


def test_a_cluster_makes_the_bytes_of_a_local_run(
    run: Run,
    small_tables: Tables,
    light_template: Path,
    tmp_path: Path,
    two_workers: Cluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(small_tables, tmp_path / "here", template=light_template)
    monkeypatch.setattr("xlsales.batch.preparing.parted", partial(parted, rows=4))
    monkeypatch.setattr(checking, "validate", None)  # nothing is checked in this process
    monkeypatch.setattr(Worker, "make", None)  # nor made
    options = {"template": light_template, "workers": None, "scheduler": two_workers.address}
    batch = run(small_tables, tmp_path / "there", **options)
    assert not batch.failed
    assert batch.parts.count > 1
    here, there = contents(tmp_path / "here"), contents(tmp_path / "there")
    assert sorted(there) == sorted((*(name.replace("xlsx", "xlsm") for name in PLANNERS), *REPORTS))
    assert there == here
    assert not (tmp_path / "there" / ".xlsales").exists()


def test_a_cluster_makes_the_sub_folders_of_a_local_run(
    run: Run, small_tables: Tables, tmp_path: Path, two_workers: Cluster
) -> None:
    with_sixty_territories(small_tables)
    many = {"subfolders": Subfolders(most=59)}
    run(small_tables, tmp_path / "here", **many)
    run(small_tables, tmp_path / "there", workers=None, scheduler=two_workers.address, **many)
    here = folders.files(tmp_path / "here")
    assert sum("/T" in name for name in here) == 60
    assert folders.files(tmp_path / "there") == here
    small_tables["territories"][0]["revenue_goal"] = "700000"
    for name, options in (("here", {}), ("there", {"workers": None, "scheduler": two_workers.address})):
        assert not run(small_tables, tmp_path / name, update=True, **options).failed
    here, there = folders.files(tmp_path / "here"), folders.files(tmp_path / "there")
    assert {name: content for name, content in there.items() if "/T" in name} == {
        name: content for name, content in here.items() if "/T" in name
    }


def test_what_waits_for_a_slow_worker_is_done_by_another(two_workers: Cluster, tmp_path: Path) -> None:
    from xlsales.batch.cluster.executor import Scheduled

    go = tmp_path / "go"
    pool = Scheduled(two_workers.address, tasks.begin, (), Stop(), lambda *_arguments: LONGEST)
    try:
        slow = pool.submit(tasks.wait_for, str(go))
        others = [pool.submit(tasks.tell, number, str(tmp_path)) for number in range(12)]
        assert [future.result(LONGEST) for future in others] == list(range(12))
        assert not slow.done()
        go.touch()
        assert slow.result(LONGEST) == str(go)
    finally:
        go.touch()
        pool.shutdown(cancel_futures=True)


def with_sixty_territories(tables: Tables) -> None:
    """Let a batch take a while."""
    first = tables["territories"][0]
    tables["territories"] = [{**first, "territory_id": f"T{number}"} for number in range(1, 61)]


def test_a_worker_that_is_killed_in_the_middle_of_a_batch_costs_nothing(
    run: Run,
    small_tables: Tables,
    tmp_path: Path,
    two_workers: Cluster,
    tiny_template: Path,
    write_tables: WriteTables,
) -> None:
    with_sixty_territories(small_tables)
    run(small_tables, tmp_path / "here")
    there = tmp_path / "there"
    victim = two_workers.workers[-1]
    source = write_tables(tmp_path / "tables", {"territories": small_tables["territories"]})
    told: list[int] = []

    def kill(count: int) -> None:
        told.append(count)
        if count and victim.poll() is None:
            victim.kill()
            victim.wait()

    try:
        options = Options(there, template=tiny_template, scheduler=two_workers.address)
        with prepare(source, options) as batch:
            batch.run(kill)
    finally:
        two_workers.start_worker()
    assert next(count for count in told if count) < 60  # it was in the middle
    assert len(list(there.glob("T*.xlsx"))) == 60
    assert contents(there) == contents(tmp_path / "here")
    assert not [path for path in there.iterdir() if path.name.startswith(".")]


def test_a_run_on_a_cluster_that_is_stopped_is_finished_by_resume(
    run: Run,
    small_tables: Tables,
    tmp_path: Path,
    two_workers: Cluster,
    tiny_template: Path,
    write_tables: WriteTables,
) -> None:
    with_sixty_territories(small_tables)
    run(small_tables, tmp_path / "here")
    source = write_tables(tmp_path / "tables", {"territories": small_tables["territories"]})

    def stop(count: int) -> None:
        if count:
            raise KeyboardInterrupt

    options = Options(tmp_path / "there", template=tiny_template, scheduler=two_workers.address)
    with prepare(source, options) as batch, pytest.raises(KeyboardInterrupt):
        batch.run(stop)
    assert json.loads((tmp_path / "there" / "run.json").read_bytes())["status"] == "stopped"
    run(small_tables, tmp_path / "there", workers=None, resume=True, scheduler=two_workers.address)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_what_managers_typed_is_kept_by_a_cluster_as_by_a_local_run(
    run: Run, small_tables: Tables, tmp_path: Path, two_workers: Cluster
) -> None:
    for name in ("here", "there"):
        run(small_tables, tmp_path / name)
    small_tables["territories"][0]["revenue_goal"] = "700000"
    run(small_tables, tmp_path / "here", update=True)
    run(small_tables, tmp_path / "there", workers=None, update=True, scheduler=two_workers.address)
    here, there = contents(tmp_path / "here"), contents(tmp_path / "there")
    assert {name: there[name] for name in PLANNERS} == {name: here[name] for name in PLANNERS}


def test_a_fault_of_one_planner_costs_that_planner_alone_on_a_cluster_too(
    run: Run, small_tables: Tables, tmp_path: Path, two_workers: Cluster
) -> None:
    (tmp_path / "there" / "T2 South.xlsx").mkdir(parents=True)
    batch = run(small_tables, tmp_path / "there", workers=None, overwrite=True, scheduler=two_workers.address)
    assert [one.territory_id for one in batch.made] == ["T1", "T3"]
    assert [(one.code, one.territory_id) for one in batch.findings if one.severity == "error"] == [
        ("FILE_NOT_WRITTEN", "T2")
    ]


def test_a_worker_of_another_version_is_refused_by_one_line_that_names_both(
    run: Run, small_tables: Tables, tmp_path: Path, two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlsales.batch.cluster import client, task
    from xlsales.version import __version__

    monkeypatch.setattr(task, "__version__", "99.1")
    with pytest.raises(XlsalesError) as refused:
        run(small_tables, tmp_path / "there", workers=None, scheduler=two_workers.address)
    assert "99.1" in str(refused.value)
    assert f"xlsales {__version__} " in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not list((tmp_path / "there").glob("T*.xlsx"))
    connected = client.connected(two_workers.address)
    found = connected.get_versions(packages=["xlsales"])
    client.close(connected)
    client.refuse_skew(found)
    for package, version, named in (
        ("python", "3.9.1.final.0", "Python 3.9"),
        ("xlsales", "0.1", "xlsales 0.1 "),
        ("xlsales", None, "has no xlsales "),
    ):
        one = next(iter(found["workers"].values()))
        usual = one["packages"][package]
        one["packages"][package] = version
        with pytest.raises(InputError, match=rf"{named}.*, this computer xlsales .* on Python 3\.\d+: install"):
            client.refuse_skew(found)
        one["packages"][package] = usual


def test_a_worker_that_does_not_share_the_folder_is_refused(
    run: Run, small_tables: Tables, tmp_path: Path, two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlsales.batch.transaction import Transaction

    monkeypatch.setattr(Transaction, "journal", "run-of-another-computer.jsonl")
    with pytest.raises(XlsalesError, match="a worker does not see the run that writes into this folder"):
        run(small_tables, tmp_path / "there", workers=None, scheduler=two_workers.address)
    assert not list((tmp_path / "there").glob("T*.xlsx"))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "http://127.0.0.1", "tcp://", ""])
def test_a_scheduler_that_is_none_is_told_in_one_line(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlsales.batch.cluster import client

    monkeypatch.setattr(client.connected, "__defaults__", (0.3,))
    with pytest.raises(InputError, match="no scheduler of Dask answers there") as refused:
        client.connected(address)
    assert "\n" not in str(refused.value)


def test_a_thread_of_dask_that_does_not_begin_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed.utils import LoopRunner

    from xlsales.batch.cluster import client

    def start(_runner: LoopRunner) -> None:
        raise AssertionError  # as Dask says after ten seconds

    monkeypatch.setattr(LoopRunner, "start", start)
    with pytest.raises(InputError, match="no scheduler of Dask answers there"):
        client.connected("tcp://127.0.0.1:1")


def test_a_scheduler_asked_in_vain_holds_up_none_that_is_asked_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    from xlsales.batch.cluster import client

    def collect_garbage(_frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            threading.setprofile(None)
            sys.setprofile(None)
            collected.append(gc.collect())  # in the thread of the second client, while its start is waited for

    monkeypatch.setattr(client.connected, "__defaults__", (0.3,))
    collected: list[int] = []
    gc.disable()
    try:
        with pytest.raises(InputError):
            client.connected("nowhere")
        threading.setprofile(collect_garbage)
        with pytest.raises(InputError, match="no scheduler of Dask answers there"):
            client.connected("nowhere")
    finally:
        threading.setprofile(None)
        gc.enable()
    assert collected


def test_without_dask_a_local_run_works_and_a_scheduler_is_refused_by_name_of_the_extra(
    run: Run, small_tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("distributed", "dask"):
        monkeypatch.setitem(sys.modules, name, None)
    run(small_tables, tmp_path / "here", workers=1)
    with pytest.raises(InputError, match=r'pip install "xlsales\[cluster\]"'):
        run(small_tables, tmp_path / "there", workers=None, scheduler="tcp://127.0.0.1:8786")
    assert not (tmp_path / "there").exists()


def test_planners_are_collected_by_a_cluster_as_here(
    run: Run,
    small_tables: Tables,
    tmp_path: Path,
    two_workers: Cluster,
    tiny_template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(small_tables, tmp_path / "plans")
    (tmp_path / "plans" / "T2 South.xlsx").write_bytes(b"no workbook")
    monkeypatch.chdir(tmp_path)
    here = collect("plans", template=tiny_template)
    there = collect("plans", template=tiny_template, scheduler=two_workers.address)
    assert [one.file for one in there.files] == [str(Path("plans") / name) for name in PLANNERS]
    assert there.findings == here.findings
    assert there.files == here.files
