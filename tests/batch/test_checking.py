"""Parts of the tables that workers check: what they tell, and what happens when one of them is lost over it."""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import tasks
from tests.batches import Run, contents
from xlsales.batch import Options, checking, prepare
from xlsales.batch.checking import Asked, check
from xlsales.batch.packed import Chunk, unpacked
from xlsales.batch.runners import Kept
from xlsales.tables import parted
from xlsales.tables.mapping import read_map
from xlsales.tables.selection import selection

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

CRM = Path(__file__).resolve().parents[2] / "examples" / "crm"


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlsales.batch.preparing.parted", partial(parted, rows=4))


@pytest.mark.parametrize("together", [1, 2, 32])
def test_packed_plans_are_the_plans(
    small_tables: Tables, write_tables: WriteTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr("xlsales.batch.packed._TOGETHER", together)
    with parted(write_tables(tmp_path / "crm", small_tables)) as parts:
        [part] = parts.apart()
    whole = check(part, Asked(None, packed=False)).chunk
    sent = check(part, Asked(None)).chunk
    assert isinstance(whole, Chunk)
    assert isinstance(sent, bytes)
    packed = pickle.loads(sent).plans
    assert unpacked(packed) == list(whole.plans)
    for one, plan in zip(packed, whole.plans, strict=True):
        named = one.named("T.xlsm", None), plan.named("T.xlsm", None)
        assert unpacked([named[0]])[0] == named[1]
        assert {each.input_hash for each in (*named, unpacked([named[0]])[0])} == {named[1].input_hash}
        assert (one.row_count, one.territory_id) == (plan.row_count, plan.territory_id)


@pytest.mark.usefixtures("in_parts")
def test_part_whose_worker_is_lost_is_checked_by_the_leading_process(
    small_tables: Tables, write_tables: WriteTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_tables["deals"][0]["outcome"] = "MAYBE"
    source = write_tables(tmp_path / "crm", small_tables)
    kept = Kept()
    with parted(source, rows=4) as parts:
        whole = [replace(one, chunk=b"") for one in checking.each(parts, Asked(None), 1, None, kept)]
        monkeypatch.setattr(checking, "in_worker", tasks.leave)
        after = [replace(one, chunk=b"") for one in checking.each(parts, Asked(None), 2, None, kept)]
    kept.close()
    assert len(whole) > 1
    assert [one.findings for one in after] == [one.findings for one in whole]
    assert [list(one.territories) for one in after] == [list(one.territories) for one in whole]


@pytest.mark.usefixtures("in_parts")
def test_prepared_batch_that_is_not_run_leaves_no_process(
    small_tables: Tables, write_tables: WriteTables, tmp_path: Path
) -> None:
    with prepare(write_tables(tmp_path / "crm", small_tables), Options(tmp_path / "plans", workers=2)) as batch:
        assert batch.count == 3
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("only", [["T1"], ["T*"]])
def test_some_territories_of_tables_in_parts_have_the_peers_of_all(
    run: Run, tmp_path: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, only: list[str]
) -> None:
    monkeypatch.setattr("xlsales.batch.preparing.parted", parted)
    whole = run(small_tables, tmp_path / "whole", only=only)
    monkeypatch.setattr("xlsales.batch.preparing.parted", partial(parted, rows=4))
    parts = run(small_tables, tmp_path / "parts", only=only)
    assert parts.peers.fingerprint == whole.peers.fingerprint
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")


@pytest.fixture(scope="module")
def begin_of_the_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CRM example with its first 2,400 deals."""
    folder = tmp_path_factory.mktemp("export") / "crm"
    shutil.copytree(CRM, folder)
    deals = folder / "export" / "sales_pipeline.csv"
    deals.write_bytes(b"".join(deals.read_bytes().splitlines(keepends=True)[:2401]))
    return folder


@pytest.mark.parametrize("only", [[], ["T01", "T02"]], ids=["all", "some"])
def test_tables_that_a_map_counts_are_counted_in_any_process(only: list[str], begin_of_the_export: Path) -> None:
    crm = begin_of_the_export
    mapping = read_map(crm / "map.toml")
    with parted(crm, rows=800, mapping=mapping, selected=selection(only)) as parts:
        here = [check(part, Asked(None)) for part in parts.apart()]
        assert (len(here) > 1) is not bool(only)
    with parted(crm, rows=800, mapping=mapping, selected=selection(only)) as parts:
        assert parts.counting is not None
        facts = [checking._facts(parts.counting, pickle.loads(pickle.dumps(part))) for part in parts.uncounted()]
        parts.counting.join(pickle.loads(pickle.dumps(facts)))
        there = [check(pickle.loads(pickle.dumps(part)), Asked(None)) for part in parts.apart()]
    assert sum(len(one.territories) for one in here) == (2 if only else 35)
    assert [one.chunk for one in there] == [one.chunk for one in here]
    assert [one.findings for one in there] == [one.findings for one in here]
