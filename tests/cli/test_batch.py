"""`xlsales batch` and `xlsales template`, as typed: what is printed, where, and the exit code."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import xlsales
from tests.cli.printed import Printed, Type

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


PLANNERS = ["T1 North.xlsm", "T2 South.xlsm", "T3 West.xlsm"]


def in_a_process(*words: object, cwd: Path) -> Printed:
    """Run the command line as a person does."""
    package = Path(xlsales.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "xlsales", *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
        timeout=600,
        check=False,
    )
    return Printed(done.returncode, done.stdout, done.stderr)


def planners(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.xlsm"))


def findings(folder: Path) -> list[dict[str, str]]:
    text = (folder / "findings.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_good_tables_give_planners_and_exit_code_0(batch: Type, source: Path, tmp_path: Path) -> None:
    printed = batch(source)
    assert (printed.code, printed.error) == (0, "")
    assert printed.out.splitlines() == [
        "3 territories as of 2027-02-28, the latest day in the tables (--as-of sets another).",
        f"3 planners written to {tmp_path / 'plans'}, with Overview.xlsx, findings.csv, findings.xlsx and run.json.",
        "All 27 rows of the tables are in planners.",
        "No findings.",
    ]
    assert planners(tmp_path / "plans") == PLANNERS


def test_overview_of_very_many_planners_is_named_as_it_is(
    batch: Type, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.batch.overview.LONGEST", 2)
    assert "with Overview.csv, Overview.xlsx, findings.csv, findings.xlsx and run.json." in batch(source).out
    assert (tmp_path / "plans" / "Overview.csv").exists()


def test_planners_in_sub_folders_are_counted_with_them(batch: Type, source: Path, tmp_path: Path) -> None:
    place = f"{tmp_path / 'plans'} (3 sub-folders)"
    rehearsed = batch(source, "--subfolders", "person", "--dry-run")
    assert f"Dry run: nothing was written; {place} would get 3 planners." in rehearsed.out
    assert json.loads(batch(source, "--subfolders", "person", "--dry-run", "--json").out)["planners"] == [
        "Ada/T1 North.xlsm",
        "Bo/T2 South.xlsm",
        "Cy/T3 West.xlsm",
    ]
    assert f"3 planners written to {place}, with Overview.xlsx, " in batch(source, "--subfolders", "person").out
    assert batch(source, "--update").code == 0
    assert planners(tmp_path / "plans" / "Ada") == ["T1 North.xlsm"]
    assert planners(tmp_path / "plans") == []


def test_long_run_says_how_far_it_is_where_no_bar_can_be_drawn(
    batch: Type, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 15.0, 31.0, 60.0])  # the start, then a look after each planner
    monkeypatch.setattr("xlsales.cli.batch.monotonic", lambda: next(clock))
    printed = batch(source, "--workers", 2)
    assert printed.error.splitlines() == ["2 of 3 planners, 0.1 a second."]
    monkeypatch.setattr("xlsales.cli.batch.monotonic", lambda: 0.0)
    assert batch(source, "--overwrite", "--quiet").error == ""


def test_warnings_are_shown_and_exit_code_is_0(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    small_tables["deals"][3]["account_id"] = "A9"
    printed = batch(write_tables(tmp_path / "crm", small_tables))
    assert (printed.code, printed.error) == (0, "")
    assert "  warning deals.csv, row 5, account_id: The account A9 is not among" in printed.out
    assert planners(tmp_path / "plans") == PLANNERS


@pytest.mark.parametrize(
    ("table", "row", "cells", "place", "advice", "made"),
    [
        (
            "accounts", 4, {"territory_id": "T9"}, "accounts.csv, row 4, territory_id",
            "add it or correct the row", PLANNERS,
        ),
        (
            "territories", 2, {"growth_rate": "20"}, "territories.csv, row 2, growth_rate",
            "enter 20% or 0.20", PLANNERS[1:],
        ),
        (
            "deals", 2, {"amount": "€5,000"}, "deals.csv, row 2, amount",
            "currency sign", PLANNERS,
        ),
        (
            "territories", 3, {"revenue_goal": "$250000"}, "territories.csv, row 3, revenue_goal",
            "currency sign", [PLANNERS[0], PLANNERS[2]],
        ),
        (
            "deals", 3, {"close_date": "01/02/2027"}, "deals.csv, row 3, close_date",
            "2027-", PLANNERS,
        ),
        (
            "deals", 3, {"deal_id": "D1"}, "deals.csv, row 3, deal_id",
            "same deal_id as row 2, which stays: keep one of them", PLANNERS,
        ),
        (
            "territories", 4, {"territory_id": "T2"}, "territories.csv, row 3, territory_id",
            "keep one row", PLANNERS[:1],
        ),
        (
            "activity", 2, {"week_start": "2027-01-12"}, "activity.csv, row 2, week_start",
            "enter the Monday", PLANNERS,
        ),
    ],
)  # fmt: skip
def test_bad_cell_is_told_with_its_place_and_the_rest_is_made(
    batch: Type,
    small_tables: Tables,
    tmp_path: Path,
    write_tables: WriteTables,
    table: str,
    row: int,
    cells: dict[str, str],
    place: str,
    advice: str,
    made: list[str],
) -> None:
    small_tables[table][row - 2].update(cells)
    printed = batch(write_tables(tmp_path / "crm", small_tables))
    assert printed.code == 1
    line = printed.error.splitlines()[0]
    assert line.startswith(f"  error   {place}: ")
    assert advice in line
    assert planners(tmp_path / "plans") == made
    file, row_text, column = place.split(", ")
    first = findings(tmp_path / "plans")[0]
    assert (first["severity"], first["file"], f"row {first['row']}", first["column"]) == (
        "error", file, row_text, column,
    )  # fmt: skip
    assert first["value"] == small_tables[table][int(first["row"]) - 2][column]
    assert first["message"] in line


def test_missing_column_is_told_and_nothing_is_created(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    for row in small_tables["accounts"]:
        row["account"] = row.pop("account_name")
    printed = batch(write_tables(tmp_path / "crm", small_tables))
    assert printed.code == 2
    assert "accounts.csv, row 1, account_name: The required column account_name is missing" in printed.error
    assert not (tmp_path / "plans").exists()


def test_missing_column_of_territories_is_told_and_nothing_is_created(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    for row in small_tables["territories"]:
        del row["revenue_goal"]
    printed = batch(write_tables(tmp_path / "crm", small_tables))
    assert printed.code == 2
    assert "territories.csv, row 1, revenue_goal" in printed.error
    assert not (tmp_path / "plans").exists()


def test_only_the_territories_are_needed(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    printed = batch(write_tables(tmp_path / "crm", {"territories": small_tables["territories"]}))
    assert (printed.code, printed.error) == (0, "")
    assert printed.out.startswith("3 territories, without an as-of date.\n")
    assert planners(tmp_path / "plans") == PLANNERS


def test_many_errors_of_one_code_are_counted_not_listed(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    small_tables["deals"] += [{"territory_id": "T9", "deal_id": f"E{number}"} for number in range(7)]
    printed = batch(write_tables(tmp_path / "crm", small_tables))
    assert printed.code == 1
    lines = printed.error.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [
        f"  error   deals.csv, row {row}, territory_id" for row in (6, 7, 8, 9, 10)
    ]
    assert lines[-1] == "  … and 2 more of TERRITORY_UNKNOWN: see findings.csv."
    assert "more of" not in printed.out
    assert len(findings(tmp_path / "plans")) == 7
    quiet = batch(tmp_path / "crm", "--quiet", "--overwrite")
    assert (quiet.out, quiet.error) == ("", printed.error)


def test_many_warnings_of_one_code_are_counted_where_the_warnings_are(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    small_tables["deals"] = [{"territory_id": "T1", "deal_id": f"E{n}", "account_id": f"A9{n}"} for n in range(6)]
    printed = batch(write_tables(tmp_path / "crm", small_tables))
    assert (printed.code, printed.error) == (0, "")
    assert printed.out.count("  warning deals.csv, row ") == 5
    assert printed.out.splitlines()[-1] == "  … and 1 more of ACCOUNT_UNKNOWN: see findings.csv."


def test_findings_are_told_code_by_code_the_errors_first(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    small_tables["deals"] = [
        {"territory_id": "T1", "deal_id": "E1", "discount": "20"},
        {"territory_id": "T9", "deal_id": "E2"},
        {"territory_id": "T1", "deal_id": "E3", "discount": "30"},
        {"territory_id": "T1", "deal_id": "E4", "account_id": "A9"},
        {"territory_id": "T9", "deal_id": "E5"},
    ]
    printed = batch(write_tables(tmp_path / "crm", small_tables))
    assert [line.split(":")[0] for line in printed.error.splitlines()] == [
        f"  error   deals.csv, row {row}, {column}"
        for row, column in ((2, "discount"), (4, "discount"), (3, "territory_id"), (6, "territory_id"))
    ]
    assert printed.out.splitlines()[2:4] == [
        "Rows of the tables that are not in planners:",
        "  deals: 5 read, 1 in planners, 4 refused",
    ]
    assert [line.split(":")[0] for line in printed.out.splitlines()[4:]] == ["  warning deals.csv, row 5, account_id"]


@pytest.mark.parametrize("words", [[], ["--format", "xlsx"]])
def test_format_left_out_follows_the_template(
    typed: Type, source: Path, tmp_path: Path, small_template_xlsx: Path, words: list[str]
) -> None:
    printed = typed("batch", source, "--out", tmp_path / "plans", "--template", small_template_xlsx, *words)
    assert (printed.code, printed.error) == (0, "")
    names = {path.name for path in (tmp_path / "plans").glob("T*")}
    assert names == {"T1 North.xlsx", "T2 South.xlsx", "T3 West.xlsx"}


@pytest.mark.unsound("called otherwise than it is")
def test_template_s_kind_is_what_it_holds_not_what_it_is_called(
    typed: Type, source: Path, tmp_path: Path, small_template_xlsx: Path
) -> None:
    renamed = tmp_path / "renamed.xlsm"
    renamed.write_bytes(small_template_xlsx.read_bytes())
    assert typed("batch", source, "--out", tmp_path / "plans", "--template", renamed).code == 0
    assert (tmp_path / "plans" / "T1 North.xlsx").exists()


@pytest.mark.parametrize(("asked", "kind"), [("xlsm", "xlsx"), ("xlsx", "xlsm")])
def test_template_of_another_kind_than_the_format_stops(
    typed: Type, source: Path, tmp_path: Path, small_template: Path, small_template_xlsx: Path, asked: str, kind: str
) -> None:
    template = {"xlsm": small_template, "xlsx": small_template_xlsx}[kind]
    out = tmp_path / "plans"
    line = typed("batch", source, "--out", out, "--template", template, "--format", asked).stopped()
    assert line == (
        f"xlsales: Small Planner.{kind} makes .{kind} planners: leave --format out, or choose another template."
    )
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("nothing", None, "There is no folder or workbook"),
        ("empty", {}, "holds no .csv and no .parquet file. Give the folder that holds territories.csv"),
        ("no territories", {"accounts.csv": b"account_id\n"}, "has no table “territories”"),
        ("misspelt", {"teritories.csv": b"territory_id\n"}, "did you mean teritories.csv? Rename it"),
        ("crm.xlsx", b"garbage", "crm.xlsx"),
        ("notes.txt", b"text", "is neither a folder nor a workbook"),
        ("binary", {"territories.csv": b"territory_id,\xff\xfe\x00\x01\n"}, "byte 13 (line 1) is not UTF-8"),
        ("nul", {"territories.csv": b"\x00" * 100}, "holds NUL characters"),
        ("twice", {"territories.csv": b"a\n", "Territories.CSV": b"a\n"}, "more than once"),
    ],
)
def test_unusable_tables_stop_with_one_line_and_exit_code_2(
    batch: Type, tmp_path: Path, name: str, content: dict[str, bytes] | bytes | None, told: str
) -> None:
    place = tmp_path / name
    if isinstance(content, bytes):
        place.write_bytes(content)
    elif content is not None:
        place.mkdir()
        for file, text in content.items():
            if (place / file).exists():
                pytest.skip("this file system takes the two names for one")
            (place / file).write_bytes(text)
    assert told in batch(place).stopped()
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize("day", ["31.01.2027", "2027-02-30", "soon", "20270131x", ""])
def test_bad_as_of_says_what_to_type(batch: Type, source: Path, tmp_path: Path, day: str) -> None:
    line = batch(source, "--as-of", day).stopped()
    assert line == f"xlsales: --as-of {day}: type a date such as 2027-01-31."
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "mine.xlsm, the template, cannot be read"), (b"PK no zip", "not an Excel workbook")],
)
def test_bad_template_stops(typed: Type, source: Path, tmp_path: Path, content: bytes | None, told: str) -> None:
    template = tmp_path / "mine.xlsm"
    if content is not None:
        template.write_bytes(content)
    line = typed("batch", source, "--out", tmp_path / "plans", "--template", template).stopped()
    assert "mine.xlsm" in line
    assert told in line
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize("words", [["--workers", "0"], ["--format", "pdf"], ["--writer", "pen"], ["--nonsense"]])
def test_wrong_use_ends_with_2(batch: Type, source: Path, tmp_path: Path, words: list[str]) -> None:
    printed = batch(source, *words)
    assert (printed.code, printed.out) == (2, "")
    assert words[0] in printed.error
    assert not (tmp_path / "plans").exists()


def test_dry_run_checks_and_writes_nothing(
    batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    small_tables["deals"][0]["discount"] = "20"
    printed = batch(write_tables(tmp_path / "crm", small_tables), "--dry-run")
    assert printed.code == 1
    assert "Dry run: nothing was written" in printed.out
    assert "would get 3 planners" in printed.out
    assert "deals.csv, row 2, discount" in printed.error
    assert [path.name for path in tmp_path.iterdir()] == ["crm"]


def test_dry_run_is_refused_where_a_run_is(batch: Type, source: Path, tmp_path: Path) -> None:
    batch(source)
    before = {path: path.read_bytes() for path in (tmp_path / "plans").iterdir() if path.is_file()}
    refused = batch(source, "--dry-run").stopped()
    assert "already holds" in refused
    assert refused == batch(source).stopped()
    printed = batch(source, "--dry-run", "--overwrite")
    assert (printed.code, printed.error) == (0, "")
    # three planners, the overview, the findings in two forms and the run report
    assert "7 of the files are there already, and would be replaced." in printed.out
    assert "Dry run: nothing was written" in printed.out
    assert {path: path.read_bytes() for path in (tmp_path / "plans").iterdir() if path.is_file()} == before


def test_dry_run_finds_what_the_run_finds(
    whole_batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    """Also what shows only when planners are filled and calculated: too many people, sums that do not agree."""
    people = [{"territory_id": "T2", "name": f"Person {number}", "role": "Assistant"} for number in range(50)]
    small_tables["team"] = people
    small_tables["activity"][0]["revenue"] = "123456"
    source = write_tables(tmp_path / "crm", small_tables)
    dry = whole_batch(source, "--dry-run", "--findings", tmp_path / "what a run finds.csv")
    run = whole_batch(source)
    assert (dry.code, dry.error) == (run.code, run.error)
    assert run.code == 1
    assert "would get 2 planners" in dry.out
    assert "2 planners written" in run.out
    found = (tmp_path / "what a run finds.csv").read_text(encoding="utf-8-sig")
    assert found == (tmp_path / "plans" / "findings.csv").read_text(encoding="utf-8-sig")
    assert dry.out.splitlines()[2:] == run.out.splitlines()[2:]  # the accounts of the rows, and the warnings
    planned = json.loads(whole_batch(source, "--dry-run", "--json", "--overwrite").out)
    report = json.loads((tmp_path / "plans" / "run.json").read_text(encoding="utf-8"))
    assert planned["planners"] == [planner["file"] for planner in report["planners"]]
    assert planned["rows"] == report["rows"]


def test_findings_of_a_dry_run_replace_nothing(batch: Type, source: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("my words", encoding="utf-8")
    assert "is there already" in batch(source, "--dry-run", "--findings", mine).stopped()
    assert mine.read_text(encoding="utf-8") == "my words"
    assert "--findings is for --dry-run" in batch(source, "--findings", tmp_path / "new.csv").stopped()


def test_json_is_the_run_report_and_nothing_else(batch: Type, source: Path, tmp_path: Path) -> None:
    printed = batch(source, "--json")
    assert (printed.code, printed.error) == (0, "")
    report = json.loads(printed.out)
    assert report == json.loads((tmp_path / "plans" / "run.json").read_text(encoding="utf-8"))
    assert [planner["file"] for planner in report["planners"]] == PLANNERS


def test_json_with_errors_is_still_json(
    whole_batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables
) -> None:
    small_tables["deals"][0]["discount"] = "20"
    printed = whole_batch(write_tables(tmp_path / "crm", small_tables), "--json")
    assert printed.code == 1
    # the refused deal was the sale of a week: its planner shows that week's own number, and says so
    assert json.loads(printed.out)["findings"] == {"error": 1, "warning": 1, "info": 0}
    planned = json.loads(whole_batch(tmp_path / "crm", "--json", "--dry-run", "--overwrite").out)
    assert (planned["dry_run"], planned["planners"]) == (True, PLANNERS)
    assert [(f["code"], f["row"]) for f in planned["findings"]] == [("RATE", 2), ("SALES_DIFFER", None)]


def test_quiet_prints_errors_only(batch: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables) -> None:
    small_tables["deals"][3]["account_id"] = "A9"  # a warning
    printed = batch(write_tables(tmp_path / "crm", small_tables), "--quiet")
    assert (printed.code, printed.out, printed.error) == (0, "", "")
    small_tables["deals"][0]["discount"] = "20"
    printed = batch(write_tables(tmp_path / "crm", small_tables), "--quiet", "--overwrite")
    assert (printed.code, printed.out) == (1, "")
    assert printed.error.startswith("  error   deals.csv, row 2, discount: ")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(batch: Type, source: Path, tmp_path: Path) -> None:
    batch(source)
    first = {path.name: path.read_bytes() for path in (tmp_path / "plans").iterdir()}
    for path in source.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert batch(source, "--overwrite").code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "plans").iterdir()} == first


def test_real_command_with_spaces_and_accents_in_the_paths(
    small_tables: Tables, tmp_path: Path, write_tables: WriteTables, light_template: Path
) -> None:
    small_tables["territories"][0]["territory_name"] = "Île-de-France №1"
    source = write_tables(tmp_path / "données du CRM", small_tables)
    printed = in_a_process("batch", source.name, "-o", "plans à faire", "--template", light_template, cwd=tmp_path)
    assert (printed.code, printed.error) == (0, "")
    assert "3 planners written to plans à faire" in printed.out
    assert planners(tmp_path / "plans à faire") == ["T1 Île-de-France №1.xlsm", *PLANNERS[1:]]


def test_real_command_without_tables_says_so_in_one_line(tmp_path: Path) -> None:
    printed = in_a_process("batch", "nowhere", "--out", "plans", cwd=tmp_path)
    line = printed.stopped()
    assert line == "xlsales: There is no folder or workbook nowhere: check the name."


def test_real_command_on_a_narrow_code_page_does_not_fail(
    small_tables: Tables, tmp_path: Path, write_tables: WriteTables, light_template: Path
) -> None:
    small_tables["territories"][0]["person"] = ""
    small_tables["territories"][0]["territory_name"] = "北"
    small_tables["deals"][0]["stage"] = "Propsal 北"
    source = write_tables(tmp_path / "crm", small_tables)
    environment = {
        **os.environ,
        "PYTHONIOENCODING": "ascii",
        "PYTHONPATH": str(Path(xlsales.__file__).parents[1]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "xlsales", "batch", str(source), "--out", str(tmp_path / "plans"),
         "--template", str(light_template)],
        capture_output=True, env=environment, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"territories.csv, row 2, person" in done.stderr
    assert b"Traceback" not in done.stderr


def test_planner_from_a_larger_template_holds_more_deals(
    typed: Type, small_tables: Tables, tmp_path: Path, write_tables: WriteTables, larger_template: Path
) -> None:
    small_tables["deals"] += [{"territory_id": "T3", "deal_id": f"E{number}"} for number in range(14)]
    source = write_tables(tmp_path / "crm", small_tables)
    printed = typed("batch", source, "--out", tmp_path / "plans", "--template", larger_template, "--workers", 1)
    assert (printed.code, printed.error) == (0, "")
    assert planners(tmp_path / "plans") == PLANNERS
