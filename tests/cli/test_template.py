"""`xlsales template`, as typed: the files it writes, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.cli.printed import Type
from tests.conftest import SMALL, RawWorkbook
from xlsales.batch import opened
from xlsales.workbook.template import parse, shipped


def test_template_build_replaces_no_file_unasked_and_writes_the_same_every_time(
    typed: Type, tmp_path: Path, small_template: Path, small_template_xlsx: Path
) -> None:
    mine = tmp_path / "Sales Planner.xlsx"
    mine.write_bytes(b"mine")
    words = ("template", "build", "--out", tmp_path, "--accounts", SMALL.accounts, "--deals", SMALL.deals)
    line = typed(*words).stopped()
    assert "Sales Planner.xlsx already exists" in line
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]
    assert mine.read_bytes() == b"mine"
    printed = typed(*words, "--overwrite")
    assert (printed.code, printed.error) == (0, "")
    assert [line.split("  ")[0] for line in printed.out.splitlines()] == [
        str(tmp_path / f"Sales Planner.{kind}") for kind in ("xlsm", "xlsx")
    ]
    # What another process of this run may have built, at another time.
    for kind, built in (("xlsm", small_template), ("xlsx", small_template_xlsx)):
        assert (tmp_path / f"Sales Planner.{kind}").read_bytes() == built.read_bytes()


@pytest.mark.parametrize("size", ["0", "100001", "many"])
def test_template_build_refuses_impossible_sizes(typed: Type, tmp_path: Path, size: str) -> None:
    printed = typed("template", "build", "--out", tmp_path / "t", "--deals", size)
    assert (printed.code, printed.out) == (2, "")
    assert "--deals" in printed.error
    assert not (tmp_path / "t").exists()


def test_template_export_copies_the_shipped_templates(typed: Type, tmp_path: Path) -> None:
    printed = typed("template", "export", "--out", tmp_path / "mine")
    assert (printed.code, printed.error) == (0, "")
    for line, kind in zip(printed.out.splitlines(), ("xlsm", "xlsx"), strict=True):
        copy = tmp_path / "mine" / f"Sales Planner.{kind}"
        assert copy.read_bytes() == shipped(kind).read_bytes()
        assert line == f"{copy}  {-(-copy.stat().st_size // 1024):,} KB"


def test_template_export_does_not_replace_a_file_unasked(typed: Type, tmp_path: Path) -> None:
    mine = tmp_path / "Sales Planner.xlsm"
    mine.write_bytes(b"mine")
    line = typed("template", "export", "--out", tmp_path).stopped()
    assert "Sales Planner.xlsm already exists" in line
    assert "--overwrite" in line
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]
    assert mine.read_bytes() == b"mine"
    assert typed("template", "export", "--out", tmp_path, "--overwrite").code == 0
    assert mine.read_bytes() == shipped("xlsm").read_bytes()


def test_held_template_is_named_and_the_other_one_is_written(typed: Type, tmp_path: Path) -> None:
    for name in ("Sales Planner.xlsm", "~$Sales Planner.xlsm", "SALES planner.xlsx"):
        (tmp_path / name).write_bytes(b"mine")
    printed = typed("template", "export", "--out", tmp_path, "--overwrite")
    assert printed.code == 1
    assert printed.error.startswith(f"xlsales: {tmp_path / 'Sales Planner.xlsm'} is open in another program")
    assert "close it in Excel and run again" in printed.error
    assert printed.out.startswith(str(tmp_path / "Sales Planner.xlsx"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "Sales Planner.xlsm": b"mine",
        "~$Sales Planner.xlsm": b"mine",
        "Sales Planner.xlsx": shipped("xlsx").read_bytes(),
    }


@pytest.mark.parametrize("words", [["template", "export"], ["template", "build"], ["addin", "build"]])
@pytest.mark.parametrize("name", ["NUL", "com1", "plans."])
def test_folder_that_windows_keeps_is_refused_in_words(
    typed: Type, tmp_path: Path, words: list[str], name: str
) -> None:
    assert "Windows" in typed(*words, "--out", tmp_path / name).stopped()
    assert list(tmp_path.iterdir()) == []


def test_exported_template_is_one_that_a_batch_takes(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "crm").mkdir()
    row = "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,North,Ada,2027,EUR,1000\n"
    (tmp_path / "crm" / "territories.csv").write_text(row, encoding="utf-8")
    typed("template", "export", "--out", tmp_path)
    template = tmp_path / "Sales Planner.xlsx"
    printed = typed("batch", tmp_path / "crm", "--out", tmp_path / "plans", "--template", template)
    assert (printed.code, printed.error) == (0, "")
    assert (tmp_path / "plans" / "T1 North.xlsx").exists()


@pytest.mark.parametrize("words", [["template"], ["template", "destroy"], ["template", "export", "--accounts", "5"]])
def test_wrong_use_of_template_ends_with_2(typed: Type, words: list[str]) -> None:
    assert typed(*words).code == 2


def test_template_build_makes_room_for_the_team_and_lists_the_weeks_of_the_year_asked_for(
    typed: Type, tmp_path: Path, read_raw: Callable[[Path], RawWorkbook]
) -> None:
    words = ("--accounts", 7, "--deals", 9, "--team", 3, "--year-start", "2040-01-01")
    assert typed("template", "build", "--out", tmp_path, *words).code == 0
    for kind in ("xlsm", "xlsx"):
        path = tmp_path / f"Sales Planner.{kind}"
        raw = read_raw(path)
        assert_weeks(raw, *SUNDAY)
        assert ("xl/vbaProject.bin" in raw.parts) == (kind == "xlsm")
    book = openpyxl.load_workbook(path)
    # headings in row 6, then the rows
    assert book["Accounts"].tables["tblAccounts"].ref.endswith("13")
    assert book["Pipeline"].tables["tblDeals"].ref.endswith("15")
    assert book["Team"].tables["tblTeam"].ref == "C6:N9"  # a heading and three rows
    assert book["Team"].tables["tblStages"].ref.startswith("B13:")  # with twelve rows it stands nine rows lower
    planners = parse(path.read_bytes(), path.name)  # a batch can use it as its template
    assert planners.names["in_fiscal_year"]


SUNDAY = ("2040-01-01", "2039-12-26", 54)  # of a leap year: the last day is a Monday


@pytest.mark.parametrize(
    ("start", "first", "mondays"),
    [
        ("2028-01-03", "2028-01-03", 53),  # a Monday: its week is the year's first, and 1 January 2029 is in the last
        ("2027-04-01", "2027-03-29", 53),
    ],
)
def test_a_planner_lists_the_weeks_of_its_year(
    tmp_path: Path,
    read_raw: Callable[[Path], RawWorkbook],
    small_template_xlsx: Path,
    start: str,
    first: str,
    mondays: int,
) -> None:
    path = tmp_path / "Sales Planner.xlsx"
    blank = parse(small_template_xlsx.read_bytes(), path.name)
    path.write_bytes(opened.workbook(blank, dt.date.fromisoformat(start)))
    assert_weeks(read_raw(path), start, first, mondays)


def assert_weeks(raw: RawWorkbook, start: str, first: str, mondays: int) -> None:
    year, zero = dt.date.fromisoformat(start), dt.date(1899, 12, 30)
    assert raw.named("in_fiscal_year") == year.year
    assert raw.named("in_year_start") == raw.named("calc_year_start") == (year - zero).days
    cells = (raw.sheets["Activity"].get(f"B{row}") for row in range(7, 74))
    listed = [zero + dt.timedelta(float(cell.value)) for cell in cells if cell is not None and cell.value]
    assert listed[13] == dt.date.fromisoformat(first)
    assert listed == [listed[0] + dt.timedelta(weeks=week) for week in range(13 + mondays)]
    assert (raw.named("fig_weeks_unfit"), raw.named("fig_weeks_of_year")) == (0, mondays)
    assert raw.named("fig_missing") == 4  # territory, person, currency and goal are left to fill


@pytest.mark.parametrize("text", ["2028", "03/01/2028", "2028-02-30", "0001-01-01", "9999-12-31"])
def test_template_build_asks_for_a_date_as_the_year_start(typed: Type, tmp_path: Path, text: str) -> None:
    line = typed("template", "build", "--out", tmp_path, "--year-start", text).stopped()
    assert f"--year-start {text}: type the first day of the fiscal year, such as 2028-01-01." in line
    assert list(tmp_path.iterdir()) == []
