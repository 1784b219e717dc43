"""The same rows as a CSV file, a workbook, a Parquet file and a database: the same texts, names, days and numbers."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pytest
import sqlalchemy
import xlsxwriter
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from tests.depth import examples
from tests.tables.conftest import GOOD_ROWS
from xlsales.tables import read_tables, validate

Cell: TypeAlias = "str | float | int | dt.date | None"
Rows: TypeAlias = "Sequence[Sequence[Cell]]"
KINDS = {
    "territory_id": "TEXT", "account_id": "TEXT", "account_name": "TEXT", "owner": "TEXT", "last_order": "DATE",
    "potential": "REAL", "products_sold": "INTEGER",
}  # fmt: skip
TRICKY = (
    ["=1+1", "+49 30 1", "-5", "@SUM(A1)", "#N/A", "TRUE", "007", "1e5", "_x0041_", "<&>\"'", "]]>", "a  b", "NULL",
     "nan", "None", "NA", "2027-01-05", "50%", "0,5", "1.234,50", "31.02.2027", "😀", "Ｆ", "İıß", "a\u2028b",
     "e\u0301", "é", "\u05d0\u200fb", "a\u200db", "'=1", "''", "_x", '"', '""', 'a"b', "a,b", "a;b", "inf", "0x10",
     "1_000", "x" * 255]
)  # fmt: skip
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\ufeff"))
TEXTS = st.one_of(st.sampled_from(TRICKY), PLAIN).filter(lambda text: text == text.strip())
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(2027, 2, 28))
NUMBERS = st.one_of(
    st.floats(0, 1e12),
    st.integers(0, 10**12).map(float),
    st.sampled_from([0.1 + 0.2, 1 / 3, 1e-300, 123456789.12345678]),
)
ROW = st.tuples(TEXTS.filter(bool), TEXTS, st.none() | DAYS, st.none() | NUMBERS, st.none() | st.integers(0, 10**6))


def as_csv(folder: Path, rows: Rows) -> object:
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(KINDS), *rows])
    return folder


def as_workbook(folder: Path, rows: Rows) -> object:
    path = folder / "crm.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in _with_territories(rows).items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell is not None:
                        sheet.write_number(row, column, cell)
    return path


def as_parquet(folder: Path, rows: Rows) -> object:
    types = {"TEXT": pa.string(), "DATE": pa.date32(), "REAL": pa.float64(), "INTEGER": pa.int64()}
    columns = zip(*rows, strict=True)
    arrays = {name: pa.array(cells, types[kind]) for (name, kind), cells in zip(KINDS.items(), columns, strict=True)}
    parquet.write_table(pa.table(arrays), folder / "accounts.parquet")
    return folder


def as_database(folder: Path, rows: Rows) -> object:
    url = f"sqlite:///{folder / 'crm.sqlite'}"
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for name, (head, *table) in _with_territories(rows).items():
            columns = ", ".join(f'"{column}" {KINDS.get(str(column), "TEXT")}' for column in head)
            connection.exec_driver_sql(f"CREATE TABLE {name} ({columns})")
            for cells in table:
                told = tuple(cell.isoformat() if isinstance(cell, dt.date) else cell for cell in cells)
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({', '.join('?' * len(told))})", told)
    engine.dispose()
    return url


def _territories() -> list[list[Cell]]:
    return [list(GOOD_ROWS["territories"]), list(GOOD_ROWS["territories"].values())]


def _with_territories(rows: Rows) -> dict[str, list[Sequence[Cell]]]:
    return {"territories": [*_territories()], "accounts": [list(KINDS), *rows]}


WRITERS: Mapping[str, Callable[[Path, Rows], object]] = {
    "CSV": as_csv,
    "workbook": as_workbook,
    "Parquet": as_parquet,
    "database": as_database,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
@settings(
    deadline=None,
    max_examples=examples(8),
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(accounts=st.lists(ROW, min_size=1, max_size=8))
@example([(text, text, None, None, None) for text in TRICKY])
def test_texts_names_days_and_numbers_are_the_same_from_every_source(
    tmp_path_factory: pytest.TempPathFactory,
    write: Callable[[Path, Rows], object],
    accounts: list[tuple[str, str, dt.date | None, float | None, int | None]],
) -> None:
    folder = tmp_path_factory.mktemp("source")
    if write in (as_csv, as_parquet):
        with (folder / "territories.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_territories())
    source = write(folder, [("T1", f"A{number}", *account) for number, account in enumerate(accounts)])
    validated = validate(read_tables(source))  # type: ignore[arg-type]
    assert [str(one) for one in validated.findings if one.severity == "error"] == []
    rows = sorted(validated.rows("accounts", "T1"), key=lambda row: int(str(row["account_id"])[1:]))
    read = [tuple(row.get(name) for name in list(KINDS)[2:]) for row in rows]
    if write is as_workbook:  # XlsxWriter writes 16 digits
        accounts = [(*one[:3], None if one[3] is None else float(f"{one[3]:.16G}"), one[4]) for one in accounts]
    wanted = [(name, owner or None, day, number, count) for name, owner, day, number, count in accounts]
    assert [(*one[:1], one[1] or None, *one[2:]) for one in read] == wanted
