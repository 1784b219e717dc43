"""Tables that several processes take apart are those that one would have read: rows, findings, and what is left out."""

from __future__ import annotations

import csv
import pickle
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pytest
import sqlalchemy
from pyarrow import parquet

from tests.depth import examples
from xlsales.errors import InputError
from xlsales.tables import parted, partition
from xlsales.tables.mapping import read_map
from xlsales.tables.selection import selection
from xlsales.tables.shares import Share
from xlsales.tables.years import FiscalYears

Rows: TypeAlias = list[list[str]]

TABLES = {
    "territories": "territory_id,territory_name,person,fiscal_year,currency,revenue_goal,start,team size",
    "accounts": "territory_id,account_id,account_name,recent_revenue,,segment",
    "deals": "territory_id,deal_id,first_appointment,close_date,outcome,amount,lost_reason",
}
BAD = ("", "x", "-5", "1e3", "#N/A", "2099-13-01", "  ", "T9", " T2", "T1", "TRUE", "1,5", "a;b", 'a"b', "a\nb", "WON")
MAP = """
[read]
decimal = ","
[territories]
from = "regions"
[territories.columns]
territory_id = "territory_id"
territory_name = "territory_name"
person = "person"
fiscal_year = "fiscal_year"
currency = "currency"
revenue_goal = "revenue_goal"
[accounts]
from = "customers"
[accounts.columns]
territory_id = "territory_id"
account_id = "account_id"
account_name = "account_name"
recent_revenue = "recent_revenue"
segment = { column = "territory_id", lookup = { from = "regions", key = "territory_id", take = "person" } }
[deals]
from = "opportunities"
leave_out = [{ column = "amount", is = ["1e3", "x"] }]
[deals.columns]
territory_id = "territory_id"
deal_id = "deal_id"
first_appointment = "first_appointment"
close_date = { column = "close_date", when = { outcome = ["WON", "LOST"] } }
outcome = "outcome"
amount = "amount"
[deals.values.outcome]
"TRUE" = "WON"
"""
NAMES = {"territories": "regions", "accounts": "customers", "deals": "opportunities"}


def sent(_territories: int, work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
    """Have the work done as another process does it, which sees every second file only."""
    for at, task in enumerate(tasks):
        if at % 2 and isinstance(task, Share):
            task = task.held()
        yield pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(work))(pickle.loads(pickle.dumps(task)))))


def tables(seed: int) -> dict[str, Rows]:
    """Tables of four territories, one of them in two years, with faults in every place."""
    chance = random.Random(seed)
    found: dict[str, Rows] = {}
    for name, header in TABLES.items():
        rows = [header.split(",")]
        for at in range(5 if name == "territories" else 60):
            key = f"T{at % 4 + 1}"
            row = {
                "territories": [key, f"N{at}", "Ada", str(2026 + at // 4), "EUR", "1000", "1", "2"],
                "accounts": [key, f"A{at}", f"Acme {at}", str(at * 10), "", "Retail"],
                "deals": [key, f"D{at}", "2027-01-04", "2027-02-01", "WON", str(at), ""],
            }[name]
            rows.append(row)
        for row in chance.sample(rows[1:], 0 if name == "territories" else 25):
            row[chance.randrange(len(row))] = chance.choice(BAD)
        for at in chance.sample(range(1, len(rows)), 0 if name == "territories" else 3):
            rows[at] = [""] * len(rows[at])
        if name != "territories":
            rows[50][2] = "over\ntwo lines"
        found[name] = rows
    return found


def as_csv(folder: Path, content: dict[str, Rows], names: dict[str, str] = NAMES) -> object:
    chance = random.Random(1)
    for name, rows in content.items():
        with (folder / f"{names[name]}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            for row in rows:
                writer.writerow(row)
                if name != "territories" and chance.random() < 0.1:
                    file.write(chance.choice(["\n", 'T1;"A" x;bad\n', "T1;A1\n", "T1;A;B;C;D;E;F;G\n", '"T1;A1;B\n']))
    return folder


def as_parquet(folder: Path, content: dict[str, Rows]) -> object:
    for name, (header, *rows) in content.items():
        columns = {
            heading: _typed([row[at] for row in rows]) if heading in ("recent_revenue", "amount") else list(cells)
            for at, (heading, cells) in enumerate(zip(header, zip(*rows, strict=True), strict=True))
        }
        table = pa.table(columns)
        if name == "deals":
            for number, part in enumerate((table.slice(0, 21), table.slice(21).drop_columns(["lost_reason"]))):
                place = folder / "deals" / f"lost_reason=R{number}"
                place.mkdir(parents=True)
                parquet.write_table(part.drop_columns(["lost_reason"]) if not number else part, place / "0.parquet")
        else:
            parquet.write_table(table, folder / f"{name}.parquet", row_group_size=13)
    return folder


def _typed(cells: Sequence[str]) -> list[float | None]:
    return [float(cell) if cell.isdigit() else None for cell in cells]


def as_database(folder: Path, content: dict[str, Rows]) -> object:
    url = f"sqlite:///{folder / 'crm.sqlite'}"
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for name, (header, *rows) in content.items():
            kept = [at for at, heading in enumerate(header) if heading]
            columns = ", ".join(f"[{header[at]}]" for at in kept)
            connection.exec_driver_sql(f"CREATE TABLE {name} ({columns})")
            for number, row in enumerate(rows):
                cells: list[object] = [row[at] or None for at in kept]
                if name == "accounts" and number % 20 == 7:
                    cells[2] = number
                marks = ", ".join("?" for _cell in cells)
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", tuple(cells))
        odd = "(CAST(x'ff' AS TEXT), x'00')"
        connection.exec_driver_sql(f"INSERT INTO accounts (territory_id, account_id) VALUES {odd}")
    engine.dispose()
    return url


def said(source: Any, rows: int, spread: Any, mapping: Any, only: Sequence[str], year: int | None) -> object:
    """All that there is to say of a source in parts."""
    years = FiscalYears(year, is_first=False)
    try:
        with parted(source, rows, mapping, selection(only), years, spread) as parts:
            told = (parts.count, parts.territories, parts.findings, dict(parts.left_out), parts.own_columns, years.all)
            held = [
                {
                    name: (one.file, one.frame.index.tolist(), repr(one.frame.to_dict("list")), one.damaged)
                    for name, one in part.tables.items()
                }
                for part in parts
            ]
            return told, held, [parts.years.others(f"T{at}") for at in range(5)]
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(examples(2)))
@pytest.mark.parametrize("write", [as_csv, as_parquet, as_database])
@pytest.mark.parametrize(
    ("rows", "only", "year"), [(9, [], None), (30, ["T1,T3"], None), (1000, ["T*"], 2026), (20, [], 2027)]
)
def test_shares_hold_what_one_process_reads(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[..., object],
    rows: int,
    only: list[str],
    year: int | None,
    seed: int,
) -> None:
    source = write(tmp_path, tables(seed))
    mapping = None
    if write is as_csv:
        (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
        mapping = read_map(tmp_path / "map.toml")
    for module, name in (
        ("parquet", "BATCH"),
        ("parquet_rows", "BATCH"),
        ("database", "_BATCH"),
        ("delimited", "_LINES"),
    ):
        monkeypatch.setattr(f"xlsales.tables.{module}.{name}", 4)
    alone = said(source, rows, None, mapping, only, year)
    assert not isinstance(alone, str)
    taken: list[object] = []

    def spread(territories: int, work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        for one in sent(territories, work, tasks):
            taken.append(one)
            yield one

    monkeypatch.setattr(partition, "_SPREAD_FROM", 7)
    assert said(source, rows, spread, mapping, only, year) == alone
    assert taken


def test_values_that_no_map_knows_are_counted_over_all_shares(tmp_path: Path) -> None:
    content = tables(0)
    content["deals"] = [content["deals"][0]]
    content["deals"] += [["T1", f"D{at}", "2027-01-04", "", f"S{at % 230}", "5", ""] for at in range(700)]
    as_csv(tmp_path, content)
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    mapping = read_map(tmp_path / "map.toml")
    alone, shared = (said(tmp_path, 50, spread, mapping, [], None) for spread in (None, sent))
    assert not isinstance(alone, str)
    assert shared == alone
    assert str(alone).count("MAP_VALUE_UNKNOWN") == 200
