"""Tables from elsewhere: a database of PostgreSQL, object storage, any address of fsspec."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.batches import Run, contents
from tests.conftest import Tables, WriteTables
from tests.scale.dask_cluster import Cluster, cluster
from tests.scale.storage import Bucket, Fault
from xlsales.batch import Options, prepare
from xlsales.errors import InputError
from xlsales.files import objects
from xlsales.tables import parquet, parted, partition, read_tables
from xlsales.tables.parquet_rows import FileRows
from xlsales.tables.source import opened

sqlalchemy = pytest.importorskip("sqlalchemy")


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _execute(address: str, *statements: str) -> None:
    with _connected(address) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _filled(address: str, tables: Tables) -> None:
    with _connected(address) as connection:
        for name, rows in tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE TABLE {name} ({', '.join(f'{one} TEXT' for one in columns)})")
            places = ", ".join(f":{one}" for one in columns)
            insert = sqlalchemy.text(f"INSERT INTO {name} VALUES ({places})")
            connection.execute(insert, [{one: row.get(one) for one in columns} for row in rows])


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
    _execute(
        a_database,
        "DROP TABLE IF EXISTS territories, accounts, deals, activity, org_health",
        "CREATE TABLE territories (territory_id INT PRIMARY KEY, territory_name TEXT, person TEXT, fiscal_year INT,"
        " currency CHAR(3), revenue_goal NUMERIC(12,2))",
        "INSERT INTO territories VALUES (7, 'Łódź', 'Ada', 2027, 'EUR', 500000.50)",
        "CREATE TABLE accounts (territory_id INT, account_id BIGINT, account_name TEXT, potential DOUBLE PRECISION,"
        " last_order TIMESTAMP, high_value BOOLEAN)",
        "INSERT INTO accounts SELECT 7, n, 'A' || n, n, DATE '2027-01-31', n = 1 FROM generate_series(1, 5000) n",
    )
    with opened(a_database) as found:
        readings = found.readings()
        assert len([row for chunk in next(readings).chunks(None) for row in chunk.rows]) == 1
        _execute(a_database, "DELETE FROM accounts")
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


def test_views_that_keep_their_rows_are_read_and_odd_values_cost_their_rows_alone(
    a_database: str, small_tables: Tables, tmp_path: Path, light_template: Path
) -> None:
    pytest.importorskip("psycopg")
    _filled(a_database, {name: small_tables[name] for name in ("territories", "activity")})
    _execute(
        a_database,
        "DROP TABLE IF EXISTS accounts, deals, org_health",
        "CREATE TABLE own (territory_id CHAR(9), account_id UUID, account_name TEXT, last_order DATE, at TIMESTAMPTZ)",
        "INSERT INTO own VALUES ('T1', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'Acme', '2027-01-31', 'infinity'),"
        " ('T1', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 'Bond', 'infinity', NULL),"
        " ('T1', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a13', 'Corta', '0044-03-15 BC', NULL)",
        "CREATE MATERIALIZED VIEW accounts AS SELECT * FROM own",
    )
    with prepare(a_database, Options(tmp_path / "plans", template=light_template, workers=1)) as batch:
        batch.run()
    _execute(a_database, "DROP MATERIALIZED VIEW accounts", "DROP TABLE own")
    assert len(list((tmp_path / "plans").glob("T*"))) == 3
    refused = {one.row: one.message for one in batch.findings if one.severity == "error"}
    assert refused.keys() == {3, 4}
    assert "“infinity” is not an ISO date" in refused[3]
    assert "0044-03-15 BC" in refused[4]


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


@pytest.fixture
def as_parquet(small_tables: Tables, tmp_path: Path) -> Path:
    """The tables, those with several rows as folders of Parquet files, by territory."""
    import pandas as pd

    folder = tmp_path / "lake"
    for name, rows in small_tables.items():
        for territory, of_it in pd.DataFrame(rows).groupby("territory_id", sort=False):
            place = folder / name / (f"part={territory}" if name in ("deals", "org_health") else ".")
            place.mkdir(parents=True, exist_ok=True)
            groups = {"deals": 100}  # of others, workers read whole row groups
            of_it.to_parquet(place / f"{territory}.parquet", row_group_size=groups.get(name, 2))
    return folder


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let rows come a few at a time, and note which of them this process reads in a file."""
    noted: list[int] = []
    usual = FileRows.held

    def held(rows: FileRows) -> Iterator[Any]:
        noted.extend(rows.rows)
        return usual(rows)

    monkeypatch.setattr(FileRows, "held", held)
    monkeypatch.setattr("xlsales.batch.preparing.parted", partial(parted, rows=4))
    monkeypatch.setattr(partition, "_SPREAD_FROM", 3)
    monkeypatch.setattr(parquet, "BATCH", 2)
    monkeypatch.setattr(parquet, "_MOST", 2)
    return noted


def _made_by(cluster: Cluster | None, source: str, out: Path, template: Path) -> dict[str, bytes]:
    options = {"workers": 2} if cluster is None else {"scheduler": cluster.address}
    with prepare(source, Options(out, template=template, **options)) as batch:
        assert batch.parts.count > 1
        batch.run()
    return contents(out)


@pytest.mark.parametrize("place", ["a folder", "S3", "this process alone"])
def test_workers_read_parquet_where_it_is_and_get_the_rows_of_what_they_do_not_see(
    place: str,
    as_parquet: Path,
    read_here: list[int],
    tmp_path: Path,
    light_template: Path,
    bucket: Bucket,
) -> None:
    pytest.importorskip("distributed")
    fsspec = pytest.importorskip("fsspec")
    with prepare(str(as_parquet), Options(tmp_path / "alone", template=light_template, workers=1)) as batch:
        batch.run()
    every = len(read_here)
    sources = {"a folder": str(as_parquet), "S3": f"s3://{bucket.name}/lake", "this process alone": "memory://lake"}
    storage: Any = fsspec.filesystem("memory")
    for path in as_parquet.rglob("*.parquet") if place != "a folder" else ():
        name = f"lake/{path.relative_to(as_parquet).as_posix()}"
        storage.pipe_file(f"/{name}", path.read_bytes())
        objects._client().put_object(Bucket=bucket.name, Key=name, Body=path.read_bytes())
    with cluster(tmp_path / "cluster", 2) as started:
        for name, workers in (("here", None), ("there", started)):
            read_here.clear()
            made = _made_by(workers, sources[place], tmp_path / name, light_template)
            assert made == contents(tmp_path / "alone")
            assert (len(read_here) < every) is (place != "this process alone")


@pytest.mark.parametrize("kind", [503, "reset", 403])
def test_a_storage_that_stumbles_while_parquet_is_read_costs_nothing_or_is_told_in_one_line(
    kind: int | str, as_parquet: Path, tmp_path: Path, light_template: Path, bucket: Bucket
) -> None:
    pytest.importorskip("pyarrow")
    for path in as_parquet.rglob("*.parquet"):
        name = f"lake/{path.relative_to(as_parquet).as_posix()}"
        objects._client().put_object(Bucket=bucket.name, Key=name, Body=path.read_bytes())
    bucket.storage.faults.append(Fault(kind, 1000 if kind == 403 else 2, "GET", ".parquet"))
    source = f"s3://{bucket.name}/lake"
    if kind == 403:
        with pytest.raises(InputError, match=r"s3://.*/lake cannot be read: ") as refused:
            read_tables(source)
        assert "\n" not in str(refused.value)
    else:
        here, there = read_tables(str(as_parquet)).tables, read_tables(source).tables
        assert {name: one.frame.to_dict() for name, one in there.items()} == {
            name: one.frame.to_dict() for name, one in here.items()
        }
        assert bucket.storage.faults[0].times == 0


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
