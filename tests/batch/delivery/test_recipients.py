"""Own columns of the territories: on the sheet Details, and in recipients.csv for a mail merge."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Tables
from xlsales.batch import Batch

Run = Callable[..., Batch]
OWN = {"E-Mail": "ada@example.com", "Phone": "+49 30 123", "Cost centre": "00123", "Blank": "", "Note": "=1+1"}


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def with_own(tables: Tables, **more: str) -> Tables:
    for row in tables["territories"]:
        row |= OWN | more
    return tables


def listed(out: Path) -> list[dict[str, str]]:
    text = (out / "recipients.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def details(path: Path) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    sheet = book["Details"]
    table = sheet.tables["tblDetails"]
    rows = [tuple(cell.value for cell in row) for row in sheet[table.ref]]
    return [row for row in rows[1:] if any(row)]


def test_recipients_have_their_files_addresses_and_own_columns(run: Run, out: Path, small_tables: Tables) -> None:
    batch = run(with_own(small_tables))
    first = listed(out)[0]
    assert list(first) == [
        "file", "territory_id", "territory_name", "person", "email", "Phone", "Cost centre", "Blank", "Note",
    ]  # fmt: skip
    assert [row["file"] for row in listed(out)] == [one.file_name for one in batch.made]
    assert (first["email"], first["Cost centre"]) == ("ada@example.com", "00123")
    assert [finding.code for finding in batch.findings] == ["OWN_COLUMNS"]


def test_no_spreadsheet_reads_a_formula_in_the_list_of_recipients(run: Run, out: Path, small_tables: Tables) -> None:
    run(with_own(small_tables, **{"=Evil": "@SUM(1)"}))
    text = (out / "recipients.csv").read_text(encoding="utf-8-sig")
    assert listed(out)[0]["Note"] == "'=1+1"
    assert ",'=Evil" in text
    assert "'@SUM(1)" in text


def test_details_stand_on_their_sheet_as_texts(run: Run, out: Path, small_tables: Tables) -> None:
    run(with_own(small_tables))
    [planner] = out.glob("T1*")
    assert details(planner) == [
        ("E-Mail", "ada@example.com"),
        ("Phone", "+49 30 123"),
        ("Cost centre", "00123"),
        ("Note", "=1+1"),
    ]
    assert openpyxl.load_workbook(planner)["Details"]["C9"].data_type == "s"


def test_both_writers_write_the_same_details(run: Run, tmp_path: Path, small_tables: Tables) -> None:
    with_own(small_tables)
    for writer in ("stamp", "openpyxl"):
        run(small_tables, tmp_path / writer, writer=writer)
    fast, slow = (next((tmp_path / writer).glob("T2*")) for writer in ("stamp", "openpyxl"))
    assert details(fast) == details(slow) != []


def test_without_own_columns_there_is_no_list(run: Run, out: Path, small_tables: Tables) -> None:
    batch = run(small_tables)
    assert not (out / "recipients.csv").exists()
    assert "recipients.csv" not in batch.written
    [planner] = out.glob("T1*")
    assert details(planner) == []


def test_list_of_an_earlier_run_does_not_stay(run: Run, out: Path, small_tables: Tables) -> None:
    run(with_own(small_tables))
    for row in small_tables["territories"]:
        for name in OWN:
            del row[name]
    run(small_tables, overwrite=True)
    assert not (out / "recipients.csv").exists()


def test_same_tables_give_the_same_list(run: Run, tmp_path: Path, small_tables: Tables) -> None:
    with_own(small_tables)
    for name in ("a", "b"):
        run(small_tables, tmp_path / name)
    first, second = ((tmp_path / name / "recipients.csv").read_bytes() for name in ("a", "b"))
    assert first == second


def test_changed_detail_is_a_changed_planner(run: Run, tmp_path: Path, small_tables: Tables) -> None:
    first = run(with_own(small_tables), tmp_path / "a")
    second = run(with_own(small_tables, Phone="1"), tmp_path / "b")
    assert first.made[0].input_sha256 != second.made[0].input_sha256
    assert first.run_id != second.run_id


def test_more_details_than_the_sheet_holds_are_in_the_list_alone(run: Run, out: Path, small_tables: Tables) -> None:
    for row in small_tables["territories"][:1]:
        row |= {f"Own {number}": "x" for number in range(30)}
    batch = run(small_tables)
    [planner] = out.glob("T1*")
    assert len(details(planner)) == 24
    assert listed(out)[0]["Own 29"] == "x"
    [more] = [finding for finding in batch.findings if finding.code == "DETAILS_MORE"]
    assert "6 more" in more.message
    assert more.territory_id == "T1"


def test_missing_and_wrong_addresses_are_told(run: Run, small_tables: Tables) -> None:
    for row, text in zip(small_tables["territories"], ("ada@example.com", "", "bo@home and away"), strict=True):
        row["e_mail"] = text
    told = [(one.code, one.territory_id) for one in run(small_tables).findings if one.code.startswith("EMAIL")]
    assert told == [("EMAIL_MISSING", None), ("EMAIL_WRONG", "T3")]


def test_own_column_that_looks_like_one_of_ours_is_asked_about(run: Run, small_tables: Tables) -> None:
    for row in small_tables["territories"]:
        row["regoin"] = "North"
    [asked] = [one for one in run(small_tables).findings if one.code == "COLUMN_UNKNOWN"]
    assert "did you mean region?" in asked.message


def test_detail_that_no_workbook_can_hold_is_told_and_left_blank(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["territories"][0]["Story"] = "x" * 40_000
    batch = run(small_tables)
    [told] = [one for one in batch.findings if one.code == "OWN_VALUE"]
    assert (told.column, told.territory_id) == ("Story", "T1")
    assert len(batch.made) == 3
    assert listed(out)[0]["Story"] == ""
