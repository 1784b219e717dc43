"""Planners into object storage: whole, one PUT each, and nothing that was there is lost."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.batch import folders
from tests.batches import REPORTS, Run, contents
from tests.conftest import Tables, WriteTables
from tests.scale.dask_cluster import cluster
from tests.scale.storage import PLANNERS, Bucket, Fault
from tests.tiny import edited
from xlsales.batch import Batch
from xlsales.batch.delivery.subfolders import Subfolders
from xlsales.batch.objects.there import ObjectPlanners
from xlsales.batch.update.there import Read
from xlsales.cli import app
from xlsales.collection import collect
from xlsales.errors import InputError, XlsalesError
from xlsales.files import objects


def _status(bucket: Bucket) -> str:
    status: str = json.loads(bucket.contents()["run.json"])["status"]
    return status


def test_planners_in_object_storage_are_those_of_a_folder_and_the_run_report_comes_last(
    run: Run, small_tables: Tables, tmp_path: Path, bucket: Bucket
) -> None:
    run(small_tables, tmp_path / "here")
    run(small_tables, bucket.out)
    assert bucket.contents() == contents(tmp_path / "here")
    assert bucket.storage.puts("/plans/T") == len(PLANNERS)
    puts = [path.rsplit("/", 1)[1] for method, path in bucket.storage.requests if method == "PUT"]
    assert puts[0] == puts[-1] == "run.json"
    assert len(puts) == len(PLANNERS) + len(REPORTS) + 1
    with pytest.raises(InputError, match=r"s3://.*/plans already holds 7 of these files, for example 'T1 North.xlsx'"):
        run(small_tables, bucket.out)
    again = run(small_tables, bucket.out, resume=True)
    assert len(again.finished) == len(PLANNERS)
    assert bucket.storage.puts("/plans/T") == len(PLANNERS)


@pytest.mark.parametrize("kind", [503, 500, "reset", "lost"])
def test_a_storage_that_stumbles_gets_each_planner_once(
    kind: int | str, run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_WAIT", (0.01, 0.02))
    for method in ("PUT", "GET", "HEAD"):
        bucket.storage.faults.append(Fault(kind, 2, method))
    bucket.storage.faults.append(Fault(kind, 2, "PUT", "run.json"))
    batch = run(small_tables, bucket.out)
    assert not batch.failed
    assert sorted(bucket.contents()) == sorted((*PLANNERS, *REPORTS))
    assert _status(bucket) == "complete"


@pytest.mark.parametrize(
    ("kind", "told"), [(503, "SlowDown"), ("reset", "tried for"), (403, "refuses T2.*AccessDenied")]
)
def test_a_storage_that_stays_away_ends_the_run_in_one_line_and_the_rest_is_made_by_resume(
    kind: int | str, told: str, run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_WAIT", (0.01, 0.02))
    monkeypatch.setattr(objects, "DEADLINE", 0.3)
    bucket.storage.faults.append(Fault(kind, 1000, "PUT", "T2"))
    with pytest.raises(XlsalesError, match=told) as ended:
        run(small_tables, bucket.out)
    assert "--resume" in str(ended.value)
    assert "\n" not in str(ended.value)
    assert _status(bucket) == "stopped"
    bucket.storage.faults.clear()
    batch = run(small_tables, bucket.out, resume=True)
    assert [one.file_name for one in batch.made] == list(PLANNERS)
    assert _status(bucket) == "complete"
    assert sorted(bucket.contents()) == sorted((*PLANNERS, *REPORTS))


def test_what_somebody_has_put_is_copied_before_overwrite_replaces_it(
    run: Run, small_tables: Tables, bucket: Bucket
) -> None:
    run(small_tables, bucket.out)
    made = bucket.contents()
    bucket.put("T2 South.xlsx", b"of a manager")
    bucket.put("findings.csv", b"with remarks")
    small_tables["territories"][0]["revenue_goal"] = "700000"
    batch = run(small_tables, bucket.out, overwrite=True)
    now = bucket.contents()
    copies = {name.rsplit("/", 1)[1]: content for name, content in now.items() if name.startswith("backup ")}
    assert copies == {"T2 South.xlsx": b"of a manager", "findings.csv": b"with remarks"}
    assert now["T1 North.xlsx"] != made["T1 North.xlsx"]
    assert now["T2 South.xlsx"].startswith(b"PK")
    assert "EDITED_COPIED" in {one.code for one in batch.findings}


def test_a_planner_that_was_changed_stays_when_a_run_is_resumed(
    run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.storage.faults.append(Fault(403, 1000, "PUT", "findings.csv"))
    bucket.storage.faults.append(Fault(403, 1000, "PUT", "T3"))
    with pytest.raises(XlsalesError):
        run(small_tables, bucket.out)
    bucket.put("T1 North.xlsx", b"of a manager")
    bucket.storage.faults.clear()
    batch = run(small_tables, bucket.out, resume=True)
    assert bucket.contents()["T1 North.xlsx"] == b"of a manager"
    assert [(one.code, one.territory_id) for one in batch.findings if one.severity != "info"] == [("EDITED_KEPT", "T1")]


def test_a_file_that_comes_while_a_run_works_is_never_replaced(
    run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Batch._begin

    def begin(batch: Batch, folder: object) -> None:
        usual(batch, folder)  # type: ignore[arg-type]
        bucket.put("T2 South.xlsx", b"of somebody else")

    monkeypatch.setattr(Batch, "_begin", begin)
    batch = run(small_tables, bucket.out)
    assert bucket.contents()["T2 South.xlsx"] == b"of somebody else"
    assert [(one.code, one.territory_id) for one in batch.findings if one.severity == "error"] == [
        ("FILE_NOT_WRITTEN", "T2")
    ]
    assert [one.territory_id for one in batch.made] == ["T1", "T3"]


def test_two_runs_at_the_same_time_never_mix(
    run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Batch._begin

    def begin(batch: Batch, folder: object) -> None:
        bucket.put("run.json", b"{}")
        usual(batch, folder)  # type: ignore[arg-type]

    monkeypatch.setattr(Batch, "_begin", begin)
    with pytest.raises(XlsalesError, match="another run has begun there meanwhile"):
        run(small_tables, bucket.out)
    assert bucket.contents() == {"run.json": b"{}"}


def test_a_run_ends_where_another_one_has_replaced_its_report(
    run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Batch._begin

    def begin(batch: Batch, folder: object) -> None:
        usual(batch, folder)  # type: ignore[arg-type]
        bucket.put("run.json", b"{}")

    monkeypatch.setattr(Batch, "_begin", begin)
    with pytest.raises(XlsalesError, match="another run has begun there meanwhile"):
        run(small_tables, bucket.out)
    assert bucket.contents()["run.json"] == b"{}"
    assert not [name for name in bucket.contents() if name.startswith("T")]


def test_planners_of_territories_that_are_gone_are_told(run: Run, small_tables: Tables, bucket: Bucket) -> None:
    run(small_tables, bucket.out)
    small_tables["territories"].pop()
    batch = run(small_tables, bucket.out, overwrite=True)
    assert [one["file"] for one in batch.stale] == ["T3 West.xlsx"]
    assert "T3 West.xlsx" in bucket.contents()


def test_a_cluster_puts_its_planners_into_object_storage_itself(
    run: Run, small_tables: Tables, tmp_path: Path, bucket: Bucket
) -> None:
    pytest.importorskip("distributed")
    run(small_tables, tmp_path / "here")
    with cluster(tmp_path / "cluster", 1) as made:
        run(small_tables, bucket.out, workers=None, scheduler=made.address)
    assert bucket.contents() == contents(tmp_path / "here")


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("s3://", "no folder in object storage"),
        ("s3://A_B/x", "no folder in object storage"),
        ("s3://no-such-bucket/x", "no bucket of that name"),
    ],
)
def test_what_is_no_place_in_object_storage_is_told_in_one_line(
    out: str, told: str, run: Run, small_tables: Tables, bucket: Bucket
) -> None:
    with pytest.raises(InputError, match=told) as refused:
        run(small_tables, Path(out))
    assert "\n" not in str(refused.value)


def test_what_needs_a_folder_is_refused_for_object_storage(run: Run, small_tables: Tables, bucket: Bucket) -> None:
    with pytest.raises(InputError, match="--pdf needs a folder, and not s3://"):
        run(small_tables, bucket.out, pdf="Dashboard")


def test_what_managers_typed_is_kept_by_updates_in_object_storage(
    run: Run, small_tables: Tables, tmp_path: Path, bucket: Bucket
) -> None:
    run(small_tables, tmp_path / "here")
    run(small_tables, bucket.out)
    typed = edited(bucket.contents()["T2 South.xlsx"], "person", "Somebody else")
    bucket.put("T2 South.xlsx", typed)
    (tmp_path / "here" / "T2 South.xlsx").write_bytes(typed)
    small_tables["territories"][0]["revenue_goal"] = "700000"
    here = run(small_tables, tmp_path / "here", update=True)
    there = run(small_tables, bucket.out, update=True)
    assert [one.kept for one in there.made] == [one.kept for one in here.made] == [0, 1, 0]
    now = bucket.contents()
    assert {name: now[name] for name in PLANNERS} == {name: contents(tmp_path / "here")[name] for name in PLANNERS}
    assert next(content for name, content in now.items() if name.endswith("/T2 South.xlsx")) == typed
    again = run(small_tables, bucket.out, update=True)
    assert {name: bucket.contents()[name] for name in PLANNERS} == {name: now[name] for name in PLANNERS}
    assert not again.failed


def test_a_planner_that_changes_while_it_is_updated_is_left_alone(
    run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(small_tables, bucket.out)
    usual = ObjectPlanners._fetched

    def fetched(planners: ObjectPlanners, name: str) -> Read:
        read = usual(planners, name)
        if name == "T1 North.xlsx":
            bucket.put(name, b"of a manager")
        return read

    monkeypatch.setattr(ObjectPlanners, "_fetched", fetched)
    small_tables["territories"][0]["revenue_goal"] = "700000"
    batch = run(small_tables, bucket.out, update=True)
    assert bucket.contents()["T1 North.xlsx"] == b"of a manager"
    assert [(one.code, one.territory_id) for one in batch.findings if one.severity == "error"] == [
        ("FILE_NOT_WRITTEN", "T1")
    ]


def test_what_a_manager_saves_after_an_update_has_looked_is_kept(
    run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(small_tables, bucket.out)
    usual = Batch._begin

    def begin(batch: Batch, folder: object) -> None:
        usual(batch, folder)  # type: ignore[arg-type]
        bucket.put("T2 South.xlsx", edited(bucket.contents()["T2 South.xlsx"], "person", "Somebody else"))

    monkeypatch.setattr(Batch, "_begin", begin)
    batch = run(small_tables, bucket.out, update=True)
    assert not batch.failed
    assert [one.kept for one in batch.made] == [0, 1, 0]


@pytest.mark.parametrize("kind", [503, "lost"])
def test_an_update_through_a_storage_that_stumbles_happens_once(
    kind: int | str, run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_WAIT", (0.01, 0.02))
    run(small_tables, bucket.out)
    small_tables["territories"][0]["revenue_goal"] = "700000"
    bucket.storage.faults.append(Fault(kind, 2, "PUT", "T1"))
    batch = run(small_tables, bucket.out, update=True)
    assert not batch.failed
    copies = [name for name in bucket.contents() if name.startswith("backup ")]
    assert [name.rsplit("/", 1)[1] for name in copies if "T1" in name] == ["T1 North.xlsx"]
    assert _status(bucket) == "complete"


def test_planners_are_collected_from_object_storage_as_from_a_folder(
    run: Run, small_tables: Tables, tmp_path: Path, bucket: Bucket, tiny_template: Path
) -> None:
    run(small_tables, tmp_path / "plans")
    run(small_tables, bucket.out)
    for put in (bucket.put, lambda name, content: (tmp_path / "plans" / name).write_bytes(content)):
        put("T3 West.xlsx", b"no workbook")
    here = collect(tmp_path / "plans", template=tiny_template)
    there = collect(f"s3://{bucket.name}/plans/", template=tiny_template)
    assert [one.file for one in there.files] == [f"s3://{bucket.name}/plans/{name}" for name in PLANNERS]
    assert [[one.code for one in planner.findings] for planner in there.files] == [
        [one.code for one in planner.findings] for planner in here.files
    ]
    for table in ("territories", "accounts", "deals"):
        own = here.table(table).drop(columns="file", errors="ignore")
        assert there.table(table).drop(columns="file", errors="ignore").equals(own)
    with pytest.raises(InputError, match=r"s3://.*/nothing: there is no workbook in this folder"):
        collect(f"s3://{bucket.name}/nothing")
    bucket.storage.faults.append(Fault(403, 100, "GET"))
    with pytest.raises(InputError, match="the storage refuses"):
        collect(f"s3://{bucket.name}/plans")


def test_sub_folders_in_object_storage_are_those_of_a_folder(
    run: Run, small_tables: Tables, tmp_path: Path, bucket: Bucket, tiny_template: Path
) -> None:
    some = {"subfolders": Subfolders("person")}
    for out in (tmp_path / "here", bucket.out):
        run(small_tables, out, **some)
    here = folders.files(tmp_path / "here")
    assert bucket.contents() == here
    assert "Ada/T1 North.xlsx" in here
    with pytest.raises(InputError, match=r"holds 7 of these files, for example 'Ada/T1 North.xlsx'"):
        run(small_tables, bucket.out, **some)
    assert len(run(small_tables, bucket.out, resume=True).finished) == len(PLANNERS)
    typed = edited(here["Bo/T2 South.xlsx"], "person", "Somebody else")
    bucket.put("Bo/T2 South.xlsx", typed)
    (tmp_path / "here" / "Bo" / "T2 South.xlsx").write_bytes(typed)
    small_tables["territories"][0] |= {"person": "Dee", "territory_name": "Norway"}
    small_tables["territories"].append({**small_tables["territories"][2], "territory_id": "T4", "person": "Dee"})
    for out in (tmp_path / "here", bucket.out):
        assert [one.kept for one in run(small_tables, out, update=True).made] == [0, 1, 0, 0]
    places = ["Ada/T1 Norway.xlsx", "Bo/T2 South.xlsx", "Cy/T3 West.xlsx", "Dee/T4 West.xlsx"]
    here, there = folders.files(tmp_path / "here"), bucket.contents()
    assert [name for name in there if "/T" in name and not name.startswith("backup ")] == places
    assert {name: there[name] for name in places} == {name: here[name] for name in places}
    assert next(content for name, content in there.items() if name.endswith("/Bo/T2 South.xlsx")) == typed
    collected = collect(f"s3://{bucket.name}/plans/", template=tiny_template)
    assert [one.file for one in collected.files] == [f"s3://{bucket.name}/plans/{name}" for name in places]


def test_sub_folders_in_object_storage_keep_their_letters(run: Run, small_tables: Tables, bucket: Bucket) -> None:
    for person, leader in (("Ada", "Lee"), ("ADA", "LEE")):
        for row in small_tables["territories"]:
            row |= {"person": person, "leader": leader}
        batch = run(small_tables, bucket.out, subfolders=Subfolders("person,leader"), overwrite=person == "ADA")
        assert [one.file_name for one in batch.made] == [f"Ada/Lee/{name}" for name in PLANNERS]
        assert batch.stale == []


def test_planners_in_object_storage_stay_when_they_become_too_many(
    run: Run, small_tables: Tables, bucket: Bucket
) -> None:
    few = {"subfolders": Subfolders(most=3)}
    run(small_tables, bucket.out, **few)
    bucket.put("T2 South.xlsx", b"of a manager")
    bucket.put("02/other.xlsx", b"of somebody")
    small_tables["territories"].append({**small_tables["territories"][2], "territory_id": "T5"})
    for options in ({"overwrite": True}, {"resume": True}, {"update": True}):
        batch = run(small_tables, bucket.out, **few, **options)
        assert [one.file_name for one in batch.made] == [*PLANNERS, "02/T5 West.xlsx"]
        assert batch.stale == []
    there = bucket.contents()
    assert next(content for name, content in there.items() if name.endswith("/T2 South.xlsx")) == b"of a manager"
    assert there["02/other.xlsx"] == b"of somebody"
    small_tables["territories"].pop()
    assert [one["file"] for one in run(small_tables, bucket.out, **few, update=True).stale] == ["02/T5 West.xlsx"]


def test_a_folder_of_another_run_in_object_storage_is_no_sub_folder(
    run: Run, small_tables: Tables, bucket: Bucket
) -> None:
    run(small_tables, bucket.out / "Ada")
    with pytest.raises(InputError, match=r"^s3://.*/plans/Ada, which would be a sub-folder for planners, holds a run"):
        run(small_tables, bucket.out, subfolders=Subfolders("person"))


def test_the_command_line_says_where_the_planners_are(
    small_tables: Tables, tmp_path: Path, bucket: Bucket, tiny_template: Path, write_tables: WriteTables
) -> None:
    tables = write_tables(tmp_path / "tables", {"territories": small_tables["territories"]})
    words = ["batch", str(tables), "--out", f"s3://{bucket.name}/plans", "--template", str(tiny_template)]
    first = CliRunner().invoke(app, [*words, "--workers", "1"])
    assert first.exit_code == 0, first.output
    assert f"3 planners written to s3://{bucket.name}/plans, with " in " ".join(first.output.split())
    again = CliRunner().invoke(app, [*words, "--resume"])
    assert again.exit_code == 0
    assert f"all 3 planners of this run are in s3://{bucket.name}/plans." in " ".join(again.output.split())
    rehearsed = CliRunner().invoke(app, [*words, "--overwrite", "--dry-run", "--workers", "1"])
    assert rehearsed.exit_code == 0, rehearsed.output
    assert "Dry run: nothing was written" in rehearsed.output


def test_missing_credentials_are_told_in_one_line(
    run: Run, small_tables: Tables, tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    objects._client.cache_clear()
    try:
        with pytest.raises(InputError, match="there are no credentials for it") as refused:
            run(small_tables, bucket.out)
    finally:
        objects._client.cache_clear()
    assert "\n" not in str(refused.value)


def test_without_the_extra_object_storage_is_refused_by_its_name(
    run: Run, small_tables: Tables, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "botocore", None)
    objects._client.cache_clear()
    with pytest.raises(InputError, match=r'pip install "xlsales\[s3\]"'):
        run(small_tables, bucket.out)
