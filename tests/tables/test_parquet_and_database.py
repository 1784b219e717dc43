import datetime as dt
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy
from pyarrow import parquet

from xlsales.errors import InputError
from xlsales.tables import Validated, read_tables

MakeFolder = Callable[..., Path]
Run = Callable[..., Validated]


@pytest.fixture
def crm(tmp_path: Path, good: dict[str, dict[str, str]]) -> str:
    """A SQLite database with one territory and three accounts, the last one inserted first."""
    path = tmp_path / "crm.sqlite"
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    columns = ", ".join(f'"{name}" TEXT' for name in good["territories"])
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE Territories ({columns})")
        connection.exec_driver_sql(
            f"INSERT INTO Territories VALUES ({', '.join('?' * len(good['territories']))})",
            tuple(good["territories"].values()),
        )
        connection.exec_driver_sql(
            "CREATE TABLE accounts (territory_id TEXT, account_id INTEGER, account_name TEXT,"
            " potential REAL, last_order TEXT, high_value BOOLEAN, geometry WHATEVER)"
        )
        connection.exec_driver_sql(
            "INSERT INTO accounts VALUES ('T1', 12345678901234567, 'Late', 1.5, '2027-01-31', 1, x'00'),"
            " ('T1', 7, 'Early', NULL, NULL, NULL, NULL), ('T1', 8, 'Bad', 'much', NULL, NULL, NULL)"
        )
    engine.dispose()
    return f"sqlite:///{path}"


def test_a_database_gives_the_tables_in_the_order_of_their_keys(crm: str, run: Run) -> None:
    validated = run(crm)
    early, late = validated.rows("accounts", "T1")
    assert (early["account_id"], early["potential"], early["last_order"]) == ("7", None, None)
    assert (late["account_id"], late["potential"]) == ("12345678901234567", 1.5)
    assert (late["last_order"], late["high_value"]) == (dt.date(2027, 1, 31), "YES")
    bad, unknown = validated.findings
    assert (bad.file, bad.code, bad.row, bad.column) == ("crm.sqlite", "NUMBER", 3, "potential")
    assert (unknown.code, unknown.column) == ("COLUMN_UNKNOWN", "geometry")


@pytest.mark.parametrize(
    ("url", "fragment"),
    [
        ("sqlite:///missing.sqlite", "There is no database missing.sqlite"),
        ("nonsense://user:secret@host/crm", "The database cannot be opened"),
        ("postgresql://user:p@ss:secret@host/crm", "This is no address of a database. In a user name or a password"),
        ("postgresql://user:secret@host:port/crm", "This is no address of a database."),
        ("postgresql://user:secret@[::1/crm", "This is no address of a database."),
        ("://user:secret@host", "The database cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_opened_is_refused_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, fragment: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as error:
        read_tables(url)
    assert fragment in str(error.value)
    assert "secret" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "crm.sqlite").write_bytes(b"not a database, but long enough to have a header" * 9)
    with pytest.raises(InputError, match=r"The database cannot be opened: file is not a database\."):
        read_tables(f"sqlite:///{tmp_path / 'crm.sqlite'}")


def test_parquet_values_arrive_typed(make_folder: MakeFolder, run: Run) -> None:
    folder = make_folder()
    table = pa.table(
        {
            "territory_id": pa.array(["T1", "T1"]).dictionary_encode(),
            "account_id": pa.array([12345678901234567, 7]),
            "account_name": ["Acme", "=1+1"],
            "potential": pa.array([Decimal("1234.50"), None], pa.decimal128(12, 2)),
            "recent_revenue": pa.array([0.5, float("nan")]),
            "last_order": pa.array([dt.date(2027, 1, 31), None]),
            "last_contact": pa.array([dt.datetime(2027, 1, 31), None], pa.timestamp("ns")),
            "high_value": [True, None],
        }
    )
    parquet.write_table(table, folder / "accounts.parquet")
    validated = run(folder)
    first, second = validated.rows("accounts", "T1")
    assert validated.findings == ()
    assert (first["account_id"], first["potential"], first["recent_revenue"]) == (
        "12345678901234567",
        1234.5,
        0.5,
    )
    assert first["last_order"] == first["last_contact"] == dt.date(2027, 1, 31)
    assert type(first["last_contact"]) is dt.date
    assert (second["account_name"], second["recent_revenue"], second["high_value"]) == ("=1+1", None, None)


@pytest.mark.parametrize(
    ("column", "values", "code", "fragment"),
    [
        ("potential", pa.array([float("inf")]), "NUMBER", "“inf” is not a number"),
        ("potential", pa.array([[1.0]]), "NUMBER", "“[1.0]” is not a number"),
        ("owner", pa.array([b"\x00"]), "TEXT", "A cell of this kind (bytes)"),
        ("owner", pa.array(["a\x0bb"]), "TEXT", "The text holds U+000B"),
        (
            "last_order",
            pa.array([dt.datetime(2027, 1, 31)], pa.timestamp("us", "UTC")),
            "DATE",
            "2027-01-31 has a time zone",
        ),
        ("service_lead", pa.array([1e15]), None, ""),
    ],
)
def test_bad_parquet_cells_are_told(
    make_folder: MakeFolder, run: Run, column: str, values: Any, code: str | None, fragment: str
) -> None:
    folder = make_folder()
    table = pa.table({"territory_id": ["T1"], "account_id": ["A1"], "account_name": ["x"], column: values})
    parquet.write_table(table, folder / "accounts.parquet")
    findings = run(folder).findings
    assert [finding.code for finding in findings] == ([] if code is None else [code])
    assert all(fragment in finding.message for finding in findings)


def test_time_that_no_calendar_holds_refuses_its_parquet_file(make_folder: MakeFolder) -> None:
    folder = make_folder()
    table = pa.table({"territory_id": ["T1"], "close_date": pa.array([2**60], pa.timestamp("us"))})
    parquet.write_table(table, folder / "deals.parquet")
    with pytest.raises(InputError, match=r"deals\.parquet holds a time that is beyond the year 9999"):
        read_tables(folder)


def test_a_truncated_parquet_file_is_refused(make_folder: MakeFolder) -> None:
    folder = make_folder()
    parquet.write_table(pa.table({"territory_id": ["T1"]}), folder / "deals.parquet")
    content = (folder / "deals.parquet").read_bytes()
    (folder / "deals.parquet").write_bytes(content[:-20])
    with pytest.raises(InputError, match=r"deals\.parquet is not a Parquet file that can be read"):
        read_tables(folder)


@pytest.mark.parametrize(
    ("module", "hint"),
    [("pyarrow", 'pip install "xlsales[parquet]"'), ("sqlalchemy", 'pip install "xlsales[sql]"')],
)
def test_a_missing_library_is_named_with_its_extra(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch, module: str, hint: str
) -> None:
    folder = make_folder()
    (folder / "deals.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError) as error:
        read_tables(folder if module == "pyarrow" else "sqlite:///crm.sqlite")
    assert hint in str(error.value)


def test_bytes_that_are_no_text_refuse_their_own_row_of_a_database(tmp_path: Path, run: Run) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'crm.sqlite'}")
    columns = "territory_id TEXT, territory_name TEXT, person TEXT, fiscal_year TEXT, currency TEXT, revenue_goal TEXT"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE territories ({columns})")
        connection.exec_driver_sql("INSERT INTO territories VALUES ('T1', 'Nörd', 'Ada', '2027', 'EUR', '5')")
        connection.exec_driver_sql(
            "INSERT INTO territories VALUES ('T2', CAST(x'53fc64' AS TEXT), 'Bo', '2027', 'EUR', '5')"
        )
        connection.exec_driver_sql("CREATE TABLE accounts (territory_id TEXT, account_id TEXT, account_name TEXT)")
        connection.exec_driver_sql("INSERT INTO accounts VALUES (CAST(x'ff' AS TEXT), 'A1', 'x'), ('T1', 'A2', 'é')")
    engine.dispose()
    validated = run(f"sqlite:///{tmp_path / 'crm.sqlite'}")
    assert [(one.code, one.table, one.row, one.column, one.value) for one in validated.findings] == [
        ("TEXT_BYTES", "territories", 3, "territory_name", r"S\xfcd"),
        ("TEXT_BYTES", "accounts", 3, "territory_id", r"\xff"),
    ]
    assert validated.findings[0].message.startswith("Byte 2 of the text, 0xFC, is not UTF-8: type the text again.")
    assert [row["account_name"] for row in validated.rows("accounts", "T1")] == ["é"]


def test_driver_that_cannot_decode_a_text_says_about_where_it_is(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_engine: Any, _connection: Any) -> Any:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    monkeypatch.setattr("xlsales.tables.database._texts_as_bytes", fail)
    with pytest.raises(InputError, match=r"holds text that is not UTF-8, in the rows 2 to 1001\. Correct it there\."):
        read_tables(crm)


def test_other_tables_of_a_database_are_one_note(crm: str) -> None:
    engine = sqlalchemy.create_engine(crm)
    with engine.begin() as connection:
        for name in ("log", "users", "deal", "x1", "x2"):
            connection.exec_driver_sql(f"CREATE TABLE {name} (x TEXT)")
    engine.dispose()
    told = [(one.severity, one.message) for one in read_tables(crm).findings if one.code == "TABLE_UNKNOWN"]
    assert told == [
        ("warning", "“deal” is ignored: did you mean deals? Rename it to deals."),
        ("info", "4 other tables are no input tables and were not read: log, users, x1…."),
    ]
