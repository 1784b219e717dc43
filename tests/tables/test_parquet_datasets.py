"""Tables as folders of Parquet files, with hive folders or without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from xlsales.errors import InputError
from xlsales.tables import read_tables

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
