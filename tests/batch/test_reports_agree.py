"""All that a run says of its planners – overview, run.json, findings, recipients, console – is what stands in them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from typer.testing import CliRunner

from tests import overviews
from tests.conftest import RawWorkbook, Tables, WriteTables
from xlsales.cells.values import serial
from xlsales.cli import app

ADDED = ("Goal", "Revenue", "Year-end at this pace")
RATES = {"EUR": 1.0, "USD": 0.92}


@pytest.fixture
def tables(small_tables: Tables) -> Tables:
    """Currencies with and without a rate, a goal of 0, credit notes, rows and a territory that are refused."""
    north, south, west = small_tables["territories"]
    for row, leader, region in ((north, "Lee", "North"), (south, "Kim", "South/East"), (west, "", "North")):
        row |= {"leader": leader, "region": region, "E-Mail": f"{row['territory_id']}@example.com", "Cost": "007"}
    small_tables["territories"] += [
        {**north, "territory_id": "T4", "territory_name": "Bad", "currency": "EURO"},
        {**north, "territory_id": "T5", "territory_name": 'A "B" & <C>', "currency": "PLN", "revenue_goal": "0"},
        {**south, "territory_id": "T6", "territory_name": "=East", "E-Mail": "", "planned_average_sale": "900"},
    ]
    for at, (territory, close, amount) in enumerate(
        (("T6", "20", "-500"), ("T6", "25", "abc"), ("T9", "25", "5"), ("T4", "25", "5"), ("T3", "25", "1000.55"))
    ):
        dates = {"first_appointment": "2027-03-01", "close_date": f"2027-03-{close}", "outcome": "WON"}
        small_tables["deals"].append({"territory_id": territory, "deal_id": f"X{at}", **dates, "amount": amount})
    small_tables["activity"].append({"territory_id": "T1", "week_start": "2027-03-02", "first_appointments": "2"})
    small_tables["rates"] = [
        {"currency": code, "rate": str(rate), "date": "2027-01-31"} for code, rate in RATES.items()
    ]
    return small_tables


@pytest.mark.parametrize(
    ("day", "more"),
    [
        ("2027-02-15", []),
        ("2027-03-31", ["--subfolders", "region"]),
        ("2027-12-31", ["--name", "{person} {territory_id}"]),
    ],
)
def test_reports_say_what_stands_in_the_planners(
    tmp_path: Path, tables: Tables, write_tables: WriteTables, small_template: Path, day: str, more: list[str]
) -> None:
    source, out = write_tables(tmp_path / "tables", tables), tmp_path / "plans"
    command = ["batch", str(source), "--out", str(out), "--template", str(small_template), "--as-of", day, *more]
    rehearsed, made = (CliRunner().invoke(app, [*command, "--workers", "1", *dry]) for dry in (["--dry-run"], []))
    assert (rehearsed.exit_code, made.exit_code) == (1, 1)
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    _agree_with_files(out, run)
    _agree_with_findings(out, run, made.output)
    _agree_with_overview(out, run, dt.date.fromisoformat(day))
    assert f"{len(run['planners'])} planners written to" in made.output
    assert f"would get {len(run['planners'])} planners" in rehearsed.output
    assert _told(rehearsed.output) == _told(made.output)


def _told(output: str) -> list[str]:
    """What the console says of rows and findings; where more of them are listed differs."""
    lines = output.splitlines()[2:]
    return [line.partition(" of DATE_FUTURE:")[0] for line in lines]


def _agree_with_files(out: Path, run: dict[str, Any]) -> None:
    files = {one["file"]: one["sha256"] for one in run["planners"]}
    assert {path.relative_to(out).as_posix() for path in out.rglob("*.xlsm")} == files.keys()
    for name, sha256 in (files | run["reports"]).items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == sha256, name
    recipients = list(csv.DictReader((out / "recipients.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(one["territory_id"], one["file"]) for one in run["planners"]] == [
        (one["territory_id"], one["file"]) for one in recipients
    ]
    assert (sorted(one["territory_id"] for one in recipients), run["not_made"]) == (
        ["T1", "T2", "T3", "T5", "T6"],
        ["T4"],
    )


def _agree_with_findings(out: Path, run: dict[str, Any], output: str) -> None:
    found = list(csv.DictReader((out / "findings.csv").read_text(encoding="utf-8-sig").splitlines()))
    counts = Counter(one["severity"] for one in found)
    assert counts == run["findings"]
    book = openpyxl.load_workbook(out / "findings.xlsx")
    assert book["Findings"].max_row - 1 == len(found)
    for table, rows in run["rows"].items():
        assert rows["read"] == rows["in_planners"] + sum(rows["left_out"].values()) + rows["refused"] + rows["skipped"]
        said = re.search(rf"{table}: (\d+) read, (\d+) in planners", output)
        assert said is None or [int(number) for number in said.groups()] == [rows["read"], rows["in_planners"]]
    refused = sum(rows["refused"] for rows in run["rows"].values())
    assert refused == len({(one["table"], one["row"]) for one in found if one["severity"] == "error"})


def _agree_with_overview(out: Path, run: dict[str, Any], day: dt.date) -> None:
    rows = overviews.rows(out)
    for row, told in zip(rows, run["planners"], strict=False):
        planner = RawWorkbook(out / told["file"])
        assert (row["ID"].value, unquote(row["Territory"].hyperlink.target)) == (told["territory_id"], told["file"])
        for heading, name in overviews.FIGURES.items():
            found, wanted = row[heading].value, planner.named(name)
            found = serial(found) if isinstance(found, dt.datetime) else found
            shown = pytest.approx(wanted) if isinstance(wanted, float) else wanted or ""
            assert ("" if found is None else found) == shown, heading
        assert told["checks"] == {
            "look": planner.named("out_open_checks"),
            "not_yet": planner.named("out_unfilled_checks"),
        }
        assert told["basis"] == {name: planner.named(f"calc_{name}_basis") for name in told["basis"]}
        assert planner.named("calc_as_of") == serial(day)
    of_planners = rows[: len(run["planners"])]
    totals = {
        (row["Territory"].value, row["Currency"].value): row
        for row in rows
        if row["Territory"].value in ("Total", "Group total")
    }
    assert totals.keys() == {*(("Total", code) for code in ("EUR", "USD", "PLN")), ("Group total", "EUR")}
    for (name, code), total in totals.items():
        rates = RATES if name == "Group total" else {code: 1.0}
        for heading in ADDED:
            amounts = [
                row[heading].value * rates[row["Currency"].value]
                for row in of_planners
                if row["Currency"].value in rates and isinstance(row[heading].value, (int, float))
            ]
            shown = total[heading].value
            assert ("" if shown is None else shown) == (pytest.approx(sum(amounts)) if amounts else ""), heading
