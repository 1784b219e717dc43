"""Tables as folders of Parquet files, with hive folders or without."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
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
    _write(crm / "accounts" / "territory_id=T1" / "c.parquet", territory_id=["T1"], account_id=[3])
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
    (crm / "deals" / "contract.pdf").write_bytes(b"x")
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
    outline = parquet._outline(path, None, {})
    parts = [*parquet._parts(outline.groups, before)]
    assert [row for part, _is_whole in parts for row in part] == [*range(sum(groups))]
    assert max((len(part) for part, _is_whole in parts), default=0) <= 10
    edges = {0, *accumulate(groups)}
    assert {is_whole for part, is_whole in parts if {part.start, part.stop} <= edges} <= {True}
    assert {is_whole for part, is_whole in parts if not {part.start, part.stop} <= edges} <= {False}
    rows = [
        one for read in parquet._rows(outline, (), 2 + before) for one in pickle.loads(pickle.dumps(read)).records()
    ]
    assert [(one.row, *one.cells) for one in rows] == [(2 + before + at, f"A{at}") for at in range(sum(groups))]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let rows be decoded five at a time; note how many each time."""
    from pyarrow import parquet as files

    noted: list[int] = []
    usual = files.ParquetFile.iter_batches

    def iter_batches(file: Any, *arguments: Any, **named: Any) -> Iterator[Any]:
        for batch in usual(file, *arguments, **named):
            noted.append(batch.num_rows)
            yield batch

    monkeypatch.setattr(files.ParquetFile, "iter_batches", iter_batches)
    monkeypatch.setattr(parquet_rows, "BATCH", 5)
    parquet_rows.forget()
    return noted


def _two_groups(path: Path, first: int = 0) -> None:
    """Write two row groups of 50 rows, numbered."""
    from pyarrow import parquet

    parquet.write_table(pa.table({"account_id": [*range(first, first + 100)]}), path, row_group_size=50)


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ([*range(0, 100, 7)], 100),  # by one process alone: each row once
        ([*range(0, 100, 14)], 100),  # by one of two, which passes over what the other reads
        ([35, 42, 84, 91], 100),  # by one that comes later
        ([70, 7, 14, 63], 30 + 15 + 10 + 20),  # by one that gets what another has lost
        ([14, 0], 25 + 10),  # of the same group
    ],
)
def test_a_row_group_in_parts_is_decoded_once_by_each_who_reads_of_it(
    starts: list[int], expected: int, crm: Path, decoded: list[int]
) -> None:
    path = crm / "accounts.parquet"
    _two_groups(path)
    outline = parquet._outline(path, None, {})
    for start in starts:
        part = range(start, min(start + 7, 100))
        [*found] = parquet_rows.FileRows(outline.file, part, (), start + 2, is_whole=False).records()
        assert [(one.row, *one.cells) for one in found] == [(at + 2, at) for at in part]
    assert sum(decoded) == expected


def test_no_file_is_open_and_a_change_is_seen_between_two_parts(crm: Path, decoded: list[int]) -> None:
    path, other = crm / "accounts.parquet", crm / "deals.parquet"
    _two_groups(path)
    _two_groups(other, 1000)
    outline, elsewhere = (parquet._outline(one, None, {}) for one in (path, other))

    def read(of: Any, part: range) -> list[object]:
        rows = parquet_rows.FileRows(of.file, part, (), part.start + 2, is_whole=False)
        return [cell for one in rows.records() for cell in one.cells]

    assert read(outline, range(10)) == [*range(10)]
    kept = parquet_rows._Here.kept
    assert kept is not None
    assert kept.lent.file is None
    moved = path.rename(crm / "moved.parquet")  # which Windows refuses where a file is open
    with pytest.raises(UnseenError, match=r"accounts\.parquet cannot be read"):
        read(outline, range(10, 20))
    moved.rename(path)
    assert read(outline, range(10, 20)) == [*range(10, 20)]
    assert read(elsewhere, range(20, 30)) == [*range(1020, 1030)]
    _two_groups(path)
    os.utime(path, ns=(1, 1))
    with pytest.raises(UnseenError, match=r"accounts\.parquet was changed"):
        read(outline, range(20, 30))
    parquet_rows.forget()
    assert parquet_rows._Here.kept is None


def test_no_more_of_a_large_row_group_is_fetched_than_is_decoded_next(
    crm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import parquet as files

    path = crm / "accounts.parquet"
    columns = {"account_id": [*range(50_000)], "account_name": [f"Acme {at}" for at in range(50_000)]}
    files.write_table(pa.table(columns), path, use_dictionary=False, compression="none", data_page_size=4096)
    fetched: list[int] = []
    usual = parquet_rows._Lent.read

    def read(lent: Any, size: int = -1) -> bytes:
        content = usual(lent, size)
        fetched.append(len(content))
        return content

    monkeypatch.setattr(parquet_rows._Lent, "read", read)
    monkeypatch.setattr(parquet_rows, "_BUFFER", 8192)
    parquet_rows.forget()
    outline = parquet._outline(path, None, {})
    of_all = 0
    for start in range(0, 50_000, 10_000):
        rows = parquet_rows.FileRows(outline.file, range(start, start + 10_000), (), start + 2, is_whole=False)
        of_all += len([*rows.records()])
    assert of_all == 50_000
    if not parquet_rows._buffer(pa.__version__):
        return  # an older Arrow fetches a column at once
    assert max(fetched) < path.stat().st_size / 10  # what a file says of itself comes to 64 KB
    assert sum(fetched) < 1.5 * path.stat().st_size


@pytest.mark.parametrize(
    ("version", "bytes_at_once"), [("17.0.0", 0), ("18.1.0", 0), ("19.0.1", 2**20), ("26.0.1", 2**20)]
)
def test_an_arrow_that_loses_its_place_in_a_buffer_gets_none(version: str, bytes_at_once: int) -> None:
    assert parquet_rows._buffer(version) == bytes_at_once


@pytest.mark.parametrize("compression", ["none", "snappy"])
def test_pages_of_any_size_are_read(crm: Path, monkeypatch: pytest.MonkeyPatch, compression: str) -> None:
    """With small pages, Arrow 17 and 18 read nonsense from a buffer, or ended the process."""
    from pyarrow import parquet as files

    path = crm / "accounts.parquet"
    names = [f"Acme {at}" for at in range(30_000)]
    monkeypatch.setattr(parquet_rows, "_BUFFER", 2**15)
    for page in (1024, 4096, 2**20):
        columns = {"account_id": [*range(30_000)], "account_name": names}
        files.write_table(pa.table(columns), path, use_dictionary=False, compression=compression, data_page_size=page)
        parquet_rows.forget()
        file = parquet._outline(path, None, {}).file
        read = [
            record.cells[1]
            for start in range(0, 30_000, 7_000)
            for record in parquet_rows.FileRows(
                file, range(start, min(start + 7_000, 30_000)), (), start + 2, is_whole=False
            ).records()
        ]
        assert read == names


def test_two_who_read_a_file_at_the_same_time_do_not_meet(crm: Path, decoded: list[int]) -> None:
    path = crm / "accounts.parquet"
    _two_groups(path)
    outline = parquet._outline(path, None, {})
    parts = [range(10), range(10, 30), range(2, 20)]
    first, second, third = (
        parquet_rows.FileRows(outline.file, part, (), part.start + 2, is_whole=False).records() for part in parts
    )
    assert [one.row - 2 for one in first] == [*parts[0]]
    assert [one.row - 2 for pair in zip(second, third, strict=False) for one in pair] == [
        row for pair in zip(*parts[1:], strict=False) for row in pair
    ]


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


def test_a_file_that_contradicts_its_folder_is_refused_with_both(crm: Path) -> None:
    _write(crm / "accounts" / "territory_id=T1" / "a.parquet", territory_id=["T1"], account_id=["A"])
    assert len(read_tables(crm).tables["accounts"].frame) == 1
    _write(crm / "accounts" / "territory_id=T2" / "b.parquet", territory_id=["T2", "T1"], account_id=["B", "C"])
    with pytest.raises(InputError, match=r"b\.parquet: its folder says territory_id=T2, and a row of it says T1"):
        read_tables(crm)


@pytest.mark.parametrize("inside", [None, "_SUCCESS", "part-0.csv", "2027/part-0.parquet"])
def test_a_folder_that_is_called_like_a_table_and_has_none_of_its_files_is_named(crm: Path, inside: str | None) -> None:
    folder = crm / "accounts"
    folder.mkdir()
    if inside is not None:
        (folder / inside).parent.mkdir(exist_ok=True)
        (folder / inside).write_bytes(b"territory_id,account_id\n")
    with pytest.raises(InputError, match="has the name of a table, and cannot be read"):
        read_tables(crm)
    (crm / "accounts.csv").write_bytes(b"territory_id,account_id,account_name\nT1,A,Acme\n")  # which is the table
    assert len(read_tables(crm).tables["accounts"].frame) == 1
