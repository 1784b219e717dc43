"""The overview of a batch: links, totals, and the long table of very many planners."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from unittest.mock import Mock
from urllib.parse import unquote

import openpyxl
import pytest

from tests.batches import PLANNERS, REPORTS, Run, contents

if TYPE_CHECKING:
    from tests.conftest import RawWorkbook, Tables

ReadRaw: TypeAlias = "Callable[[Path], RawWorkbook]"


def test_overview_of_very_many_planners_is_a_plain_table(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.report.LONGEST", 2)
    small_tables["territories"][1]["person"] = "=1+1"
    run(small_tables)
    assert sorted(contents(out)) == sorted((*PLANNERS, "Overview.csv", *REPORTS))
    with (out / "Overview.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == list(PLANNERS)
    assert (rows[0]["territory_id"], rows[0]["fig_revenue"], rows[1]["person"]) == ("T1", "5000.0", "'=1+1")
    sheet = openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]
    table = list(sheet.values)
    assert len(table) == 4
    assert [row[0] for row in table[1:]] == list(PLANNERS)
    assert table[0][:3] == ("File", "ID", "Territory")
    assert (table[1][table[0].index("Revenue")], table[2][table[0].index("Person")]) == (5000, "=1+1")
    assert [unquote(sheet.cell(row, 1).hyperlink.target) for row in (2, 3, 4)] == list(PLANNERS)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:{sheet.cell(4, len(table[0])).coordinate}")
    assert [cell.data_type for cell in sheet[3] if cell.value == "=1+1"] == ["s"]


@pytest.mark.parametrize("held", ["Overview.csv", "Overview.xlsx"])
def test_long_overview_that_is_held_leaves_its_other_form(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    monkeypatch.setattr("xlsales.report.LONGEST", 2)
    out.mkdir()
    for name in (held, f"~${held}"):
        (out / name).write_bytes(b"mine")
    batch = run(small_tables, overwrite=True)
    assert [(finding.code, finding.file) for finding in batch.findings] == [("FILE_NOT_WRITTEN", held)]
    assert contents(out)[held] == b"mine"
    (other,) = {"Overview.csv", "Overview.xlsx"} - {held}
    assert len(contents(out)[other]) > 100


def test_stopped_run_leaves_no_half_overview(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.report.LONGEST", 2)
    monkeypatch.setattr("xlsales.overview_files.Collector.add", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(small_tables)
    assert not {"Overview.xlsx", "findings.xlsx", "run.json"} & contents(out).keys()
    assert not list(out.glob("*.tmp"))


@pytest.mark.parametrize("name", ["50% #1", "50%25 off", "Ünïque 北", "a [b] {c} ^d` e", "100%"])
def test_overview_links_open_files_with_unusual_names(run: Run, out: Path, small_tables: Tables, name: str) -> None:
    small_tables["territories"][0]["territory_name"] = name
    batch = run(small_tables)
    cell = openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]["B6"]
    target = cell.hyperlink.target
    assert unquote(target) == batch.made[0].file_name
    assert (out / unquote(target)).is_file()
    assert not set(' #[]{}^`"<>') & set(target), "no character that a link cannot hold"
    assert cell.value == name


def test_overview_totals_each_currency_and_compares_like_with_like(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw
) -> None:
    for territory_id, revenue in (("T2", "1000"), ("T3", "700")):
        row = {"week_start": "2027-01-18", "first_appointments": "2", "proposals": "2", "won": "1"}
        small_tables["activity"].append({"territory_id": territory_id, **row, "revenue": revenue})
    run(small_tables)
    sheet = read_raw(out / "Overview.xlsx").sheets["Overview"]
    totals = [[sheet[f"{letter}{row}"].value for letter in "BFGH"] for row in (9, 10)]
    assert totals == [["Total", "EUR", 750000, 6000], ["Total", "USD", 100000, 700]]
    # The two in EUR average 3,000 a sale: 5,000 is two thirds above, 1,000 below. The one in USD is alone.
    assert [sheet[f"N{row}"].value for row in (6, 7, 8)] == pytest.approx([2 / 3, -2 / 3, 0.0])
    assert [sheet[f"T{row}"].value for row in (6, 7, 8)] == ["", "INVESTIGATE: small average sale", ""]
