"""Tables from elsewhere: a database of PostgreSQL, object storage, any address of fsspec."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.batches import Run, contents
from tests.conftest import Tables, WriteTables
from tests.scale.storage import Bucket, Fault
from xlsales.batch import Options, prepare
from xlsales.errors import InputError
from xlsales.files import objects
from xlsales.tables import read_tables
from xlsales.tables.source import opened

sqlalchemy = pytest.importorskip("sqlalchemy")


def _filled(address: str, tables: Tables) -> None:
    engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for name, rows in tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE TABLE {name} ({', '.join(f'{one} TEXT' for one in columns)})")
            places = ", ".join(f":{one}" for one in columns)
            insert = sqlalchemy.text(f"INSERT INTO {name} VALUES ({places})")
            connection.execute(insert, [{one: row.get(one) for one in columns} for row in rows])
    engine.dispose()


def test_planners_from_postgresql_are_those_of_the_same_tables_in_files(
    run: Run, small_tables: Tables, tmp_path: Path, light_template: Path, a_database: str
) -> None:
    pytest.importorskip("psycopg")
    run(small_tables, tmp_path / "here", template=light_template)
    _filled(a_database, small_tables)
    with prepare(a_database, Options(tmp_path / "there", template=light_template, workers=1)) as batch:
        batch.run()
    here, there = contents(tmp_path / "here"), contents(tmp_path / "there")
    planners = [name for name in here if name.endswith(".xlsm")]
    assert len(planners) == 3
    assert {name: there[name] for name in planners} == {name: here[name] for name in planners}


def test_types_of_postgresql_arrive_and_its_tables_are_of_one_moment(a_database: str) -> None:
    pytest.importorskip("psycopg")
    engine = sqlalchemy.create_engine(a_database.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for statement in (
            "DROP TABLE IF EXISTS territories, accounts, deals, activity, org_health",
            "CREATE TABLE territories (territory_id INT PRIMARY KEY, territory_name TEXT, person TEXT, fiscal_year INT,"
            " currency CHAR(3), revenue_goal NUMERIC(12,2))",
            "INSERT INTO territories VALUES (7, 'Łódź', 'Ada', 2027, 'EUR', 500000.50)",
            "CREATE TABLE accounts (territory_id INT, account_id BIGINT, account_name TEXT, potential DOUBLE PRECISION,"
            " last_order TIMESTAMP, high_value BOOLEAN)",
            "INSERT INTO accounts SELECT 7, n, 'A' || n, n, DATE '2027-01-31', n = 1 FROM generate_series(1, 5000) n",
        ):
            connection.exec_driver_sql(statement)
    with opened(a_database) as found:
        readings = found.readings()
        assert len([row for chunk in next(readings).chunks(None) for row in chunk.rows]) == 1
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM accounts")
        chunks = next(readings).chunks(100)
        rows = len(next(chunks).rows)
        connected: Any = found.read
        cursors = connected.__self__._shared.exec_driver_sql("SELECT count(*) FROM pg_cursors").scalar()
        assert cursors > 0  # the server holds the rows, not this process
        assert rows + sum(len(chunk.rows) for chunk in chunks) == 5000
    tables = read_tables(a_database).tables
    assert len(tables["accounts"].frame) == 0
    [territory] = tables["territories"].frame.to_dict("records")
    assert (territory["territory_id"], territory["revenue_goal"]) == (7, Decimal("500000.50"))
    engine.dispose()


def test_a_database_that_is_not_there_is_told_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(InputError, match="The database cannot be opened") as refused:
        read_tables("postgresql://me:secret@127.0.0.1:1/crm")
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.fixture
def in_bucket(small_tables: Tables, tmp_path: Path, write_tables: WriteTables, bucket: Bucket) -> Callable[..., str]:
    def put(**more: bytes) -> str:
        folder = write_tables(tmp_path / "to put", small_tables)
        for path in folder.iterdir():
            objects._client().put_object(Bucket=bucket.name, Key=f"crm/{path.name}", Body=path.read_bytes())
        for name, content in more.items():
            objects._client().put_object(Bucket=bucket.name, Key=f"crm/{name}", Body=content)
        return f"s3://{bucket.name}/crm"

    return put


def test_planners_from_object_storage_are_those_of_the_same_tables_in_a_folder(
    run: Run, small_tables: Tables, tmp_path: Path, light_template: Path, in_bucket: Callable[..., str]
) -> None:
    run(small_tables, tmp_path / "here", template=light_template)
    with prepare(in_bucket(), Options(tmp_path / "there", template=light_template, workers=1)) as batch:
        batch.run()
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_what_cannot_be_brought_is_told_in_one_line(bucket: Bucket, in_bucket: Callable[..., str]) -> None:
    url = in_bucket()
    bucket.storage.faults.append(Fault(403, 100, "GET"))
    with pytest.raises(InputError, match=r"s3://.*/crm cannot be read: ") as refused:
        read_tables(url)
    assert "\n" not in str(refused.value)
    bucket.storage.faults.clear()
    with pytest.raises(InputError, match="There is no folder or workbook"):
        read_tables(f"s3://{bucket.name}/nothing here")


def test_any_address_of_fsspec_is_a_source(small_tables: Tables, tmp_path: Path, write_tables: WriteTables) -> None:
    fsspec = pytest.importorskip("fsspec")
    folder = write_tables(tmp_path / "tables", small_tables)
    memory: Any = fsspec.filesystem("memory")
    for path in folder.iterdir():
        memory.pipe_file(f"/crm/{path.name}", path.read_bytes())
    memory.pipe_file("/crm/notes.csv", b"a\n1\n")
    memory.pipe_file("/crm/others/deals.csv", b"a\n1\n")
    for url in ("memory://crm", f"file://{folder.as_posix()}"):
        tables = read_tables(url)
        assert {name: len(one.frame) for name, one in tables.tables.items()} == {
            name: len(rows) for name, rows in small_tables.items()
        }
        assert [one.code for one in tables.findings if one.code == "TABLE_UNKNOWN"] == (
            ["TABLE_UNKNOWN"] if url.startswith("memory") else []
        )
