"""Tables as folders of Parquet files, with hive folders or without."""

from __future__ import annotations

import os
import pickle
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from xlsales.errors import InputError
from xlsales.tables import parquet, parquet_rows, read_tables
from xlsales.tables.stored import UnseenError

pa = pytest.importorskip("pyarrow")
TERRITORIES = b"territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,North,Ada,2027,EUR,500000\n"


def _write(path: Path, **columns: list[Any]) -> None:
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(columns), path)


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "territories.csv").write_bytes(TERRITORIES)
    return folder


@pytest.mark.parametrize("name", ["accounts", "accounts.parquet", "Accounts"])
def test_a_folder_of_files_is_one_table_in_the_order_of_their_names(crm: Path, name: str) -> None:
    _write(crm / name / "part-1.parquet", territory_id=["T1"], account_id=["B"])
    _write(crm / name / "part-0.parquet", territory_id=["T1", "T1"], account_id=["A", "C"])
    (crm / name / "_SUCCESS").touch()
    (crm / name / ".part-0.parquet.crc").write_bytes(b"x")
    (crm / name / "others").mkdir()
    raw = read_tables(crm).tables["accounts"]
    assert raw.file == name
    assert raw.frame["account_id"].to_dict() == {2: "A", 3: "C", 4: "B"}


def test_hive_folders_are_columns_and_what_they_say_is_a_text(crm: Path) -> None:
    _write(crm / "accounts" / "territory_id=007" / "owner=A%2FB" / "a.parquet", account_id=[1])
    _write(crm / "accounts" / "territory_id=__HIVE_DEFAULT_PARTITION__" / "owner=C" / "b.parquet", account_id=[2])
    frame = read_tables(crm).tables["accounts"].frame
    assert frame["territory_id"].tolist() == ["007", None]
    assert frame["account_id"].tolist() == [1, 2]


def test_columns_may_come_and_go_from_file_to_file(crm: Path) -> None:
    _write(crm / "accounts" / "a.parquet", account_id=[1], territory_id=["T1"])
    _write(crm / "accounts" / "b.parquet", territory_id=["T1"], account_name=["Acme"], account_id=["2"])
    _write(crm / "accounts" / "territory_id=T9" / "c.parquet", territory_id=["T1"], account_id=[3])
    frame = read_tables(crm).tables["accounts"].frame
    assert frame["account_id"].tolist() == [1, "2", 3]
    assert frame["account_name"].tolist() == [None, "Acme", None]
    assert frame["territory_id"].tolist() == ["T1", "T1", "T1"]


def test_a_damaged_file_of_many_is_named(crm: Path) -> None:
    _write(crm / "accounts" / "a.parquet", account_id=[1], territory_id=["T1"])
    (crm / "accounts" / "b.parquet").write_bytes(b"PAR1 and nothing else PAR1")
    with pytest.raises(InputError, match=r"b\.parquet is not a Parquet file that can be read"):
        read_tables(crm)


def test_a_table_in_a_file_and_in_a_folder_is_there_twice(crm: Path) -> None:
    _write(crm / "accounts" / "a.parquet", account_id=[1], territory_id=["T1"])
    (crm / "accounts.csv").write_bytes(b"territory_id,account_id\nT1,1\n")
    with pytest.raises(InputError, match="holds the table accounts more than once"):
        read_tables(crm)


def test_other_folders_are_not_looked_into(crm: Path) -> None:
    _write(crm / "backup" / "a.parquet", account_id=[1])
    (crm / "deals").mkdir()
    (crm / "deals" / "deals.csv").write_bytes(b"x")
    assert set(read_tables(crm).tables) == {"territories"}


@pytest.mark.parametrize("groups", [[], [1], [40], [8, 8, 8], [3, 3, 3, 3, 30, 3], [25, 1, 25], [0, 9, 0, 21, 2]])
@pytest.mark.parametrize("before", [0, 5, 100])
def test_each_row_of_a_file_is_read_once_whoever_reads_it(
    groups: list[int], before: int, crm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import parquet as files

    path = crm / "accounts.parquet"
    content = pa.table({"account_id": [f"A{at}" for at in range(sum(groups))]})
    with files.ParquetWriter(path, content.schema) as writer:
        for end, size in zip(accumulate(groups), groups, strict=True):
            writer.write_table(content.slice(end - size, size), row_group_size=100)
    for module, name, value in ((parquet, "BATCH", 4), (parquet_rows, "BATCH", 5), (parquet, "_MOST", 10)):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(parquet, "_GROUP", 24)
    outline = parquet._outline(path, None, {})
    parts = [part for part, _is_read_there in parquet._parts(outline.groups, before)]
    assert [row for part in parts for row in part] == [*range(sum(groups))]
    assert {len(part) > 10 for part, is_read_there in parquet._parts(outline.groups, before) if is_read_there} <= {
        False
    }
    rows = [
        one for read in parquet._rows(outline, (), 2 + before) for one in pickle.loads(pickle.dumps(read)).records()
    ]
    assert [(one.row, *one.cells) for one in rows] == [(2 + before + at, f"A{at}") for at in range(sum(groups))]


@pytest.mark.parametrize(
    ("change", "told"),
    [("time", "was changed while it was"), ("content", "was changed while it was"), ("removed", "cannot be")],
)
def test_a_file_that_changes_while_it_is_read_is_no_half_table(crm: Path, change: str, told: str) -> None:
    path = crm / "accounts.parquet"
    _write(path, territory_id=["T1", "T1"], account_id=["A", "B"])
    [rows] = parquet._rows(parquet._outline(path, None, {}), (), 2)
    assert len(list(rows.records())) == 2
    time = path.stat().st_mtime_ns
    if change == "removed":
        path.unlink()
    elif change == "content":
        content = bytearray(path.read_bytes())
        content[content.index(b"T1") + 1] ^= 1
        path.write_bytes(content)
    if change != "removed":
        os.utime(path, ns=(time, time + 10**10 * (change == "time")))
    with pytest.raises(UnseenError, match=rf"accounts\.parquet {told} read"):
        list(rows.records())
