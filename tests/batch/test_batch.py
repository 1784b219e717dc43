"""A batch of a few territories: what is written, what is refused, and what never changes."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from tests.batches import PLANNERS, REPORTS, Run, contents, found
from tests.package_edit import PackageEdit
from xlsales.batch import Batch, Options, prepare
from xlsales.batch.filled_copies import WRITERS
from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.tables import parted
from xlsales.workbook.template import read

if TYPE_CHECKING:
    from tests.conftest import RawWorkbook, Tables, WriteTables

ReadRaw: TypeAlias = "Callable[[Path], RawWorkbook]"


def only(batch: Batch, code: str) -> Finding:
    (finding,) = (finding for finding in batch.findings if finding.code == code)
    return finding


def test_three_territories_give_three_planners_and_three_reports(run: Run, out: Path, small_tables: Tables) -> None:
    batch = run(small_tables)
    assert sorted(contents(out)) == sorted((*PLANNERS, *REPORTS))
    assert found(batch) == []
    assert batch.failed is False
    # The last day that the tables know: the Sunday of the week of 22 February.
    assert batch.as_of == dt.date(2027, 2, 28)


def test_figures_worked_by_hand(run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw) -> None:
    run(small_tables)
    planner = read_raw(out / PLANNERS[0])
    names = {
        "fig_first_appointments": 6.0,  # 2 + 1 + 0 + 3
        "fig_proposals": 2.0,
        "fig_won": 1.0,
        "fig_revenue": 5000.0,
        "fig_per_week": 6 / 7,  # the week of 11 January is the first of seven
        "out_proposal_ratio": 2 / 6,
        "out_close_ratio": 0.5,
        "out_average_sale": 5000.0,
        "out_sales_cycle_days": 25.0,  # 11 January to 10 February 30 days, 12 January to 1 February 20
        "out_magic_number": 500000 / 5000 / (1 / 3) / 0.5 / 52,
        "out_activity_barometer": 6 / 7 / (600 / 52),
        "out_org_health": 0.75,  # all scores 4: (4 − 1) ÷ (5 − 1)
        "fig_open_deals": 1.0,
        "fig_open_forecast": 700.0,
        "fig_accounts": 2.0,
    }
    assert {name: planner.named(name) for name in names} == pytest.approx(names, rel=1e-9)


def test_deal_that_should_be_decided_this_week_comes_onto_this_week(run: Run, out: Path, small_tables: Tables) -> None:
    opened = next(deal for deal in small_tables["deals"] if deal["deal_id"] == "D3")
    opened |= {"expected_close": "2027-03-19", "next_action": "Bring the offer", "stage": "PROPOSAL"}
    run(small_tables, as_of=dt.date(2027, 3, 17))
    made = openpyxl.load_workbook(next(out.glob("T1 *.xls?")), data_only=True)
    pipeline = made["Pipeline"]
    headings = {cell.value: cell.column for row in pipeline.iter_rows(max_row=8) for cell in row if cell.value}
    row = next(row for row in pipeline.iter_rows() if any(cell.value == "D3" for cell in row))
    cells = {heading: row[column - 1].value for heading, column in headings.items()}
    assert cells["Expected close"] == dt.datetime(2027, 3, 19)
    assert cells["Next action"] == "Bring the offer"
    assert cells["Weighted"] == pytest.approx(700 * 0.65)
    week = [[cell.value for cell in line] for line in made["This week"].iter_rows()]
    assert any("D3" in line and "Days to the expected close: 2. Who still has to say yes?" in line for line in week)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.usefixtures("spawned_workers")  # as outside of these tests
def test_same_tables_give_the_same_bytes_however_they_are_made(
    run: Run, tmp_path: Path, small_tables: Tables, workers: int
) -> None:
    for number in (4, 5):  # five territories, one more than a worker takes at once
        copy = {**small_tables["territories"][1], "territory_id": f"T{number}"}
        small_tables["territories"].append(copy)
    run(small_tables, tmp_path / "first")
    shuffled = {name: rows[::-1] for name, rows in small_tables.items() if name != "territories"}
    run({"territories": small_tables["territories"], **shuffled}, tmp_path / "second", workers=workers)
    assert len(contents(tmp_path / "first")) == 9
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


@pytest.mark.parametrize("workers", [1, 2])
def test_tables_in_parts_give_the_same_planners_whoever_checks_them(
    run: Run, tmp_path: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    small_tables["deals"].append({**small_tables["deals"][0], "deal_id": "D9", "outcome": "MAYBE"})
    whole = run(small_tables, tmp_path / "whole")
    monkeypatch.setattr("xlsales.batch.preparing.parted", partial(parted, rows=4))
    parts = run(small_tables, tmp_path / "parts", workers=workers)
    assert parts.parts.count > 1
    assert found(parts) == found(whole)
    assert len(found(whole)) == 1
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")


def test_changed_input_changes_the_run_and_that_planners_fingerprint_only(
    run: Run, tmp_path: Path, small_tables: Tables
) -> None:
    first = run(small_tables, tmp_path / "first")
    small_tables["deals"][0]["next_action"] = "Send the offer"
    second = run(small_tables, tmp_path / "second")
    assert first.run_id != second.run_id
    same = [a.input_hash == b.input_hash for a, b in zip(first.plans, second.plans, strict=True)]
    assert same == [False, True, True]


def test_changed_amount_changes_what_the_peers_are_compared_with_too(
    run: Run, tmp_path: Path, small_tables: Tables
) -> None:
    small_tables["activity"] = []  # what is typed of a week would count instead
    first = run(small_tables, tmp_path / "first")
    small_tables["deals"][0]["amount"] = "5001"
    second = run(small_tables, tmp_path / "second")
    same = [a.input_hash == b.input_hash for a, b in zip(first.plans, second.plans, strict=True)]
    assert same == [False, False, True]  # T3 has another currency


def test_too_many_people_for_the_template_name_the_size_to_build(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["team"] = [
        {"territory_id": "T2", "name": f"Person {number}", "role": "Seller"} for number in range(13)
    ]
    batch = run(small_tables)  # there is something below the team's 12 rows: the table cannot grow
    assert found(batch) == [("error", "TOO_MANY_ROWS", "team", "T2")]
    assert batch.findings[0].message == (
        "13 rows, but the template holds 12: no planner was made. "
        "Build a larger template with: xlsales template build --team 13"
    )
    assert batch.failed is True
    assert sorted(contents(out)) == sorted((PLANNERS[0], PLANNERS[2], *REPORTS))
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (report["not_made"], report["findings"]["error"]) == (["T2"], 1)
    assert [planner["territory_id"] for planner in report["planners"]] == ["T1", "T3"]


@pytest.mark.unsound("a total is put below the used range, which stays as it was")
def test_what_keeps_a_table_of_a_changed_template_from_growing_is_named_with_its_cell(
    run: Run, small_tables: Tables, small_template: Path, tmp_path: Path
) -> None:
    edit = PackageEdit(small_template.read_bytes())
    edit.put_cells("Pipeline", 20, '<c r="I20"><f>SUM(I7:I12)</f><v>0</v></c>')  # a total below the deals
    changed = tmp_path / "mine.xlsm"
    changed.write_bytes(edit.close())
    small_tables["deals"] += [{"territory_id": "T2", "deal_id": f"E{number}"} for number in range(9)]
    batch = run(small_tables, template=changed)
    assert found(batch) == [("error", "TOO_MANY_ROWS", "deals", "T2")]
    assert batch.findings[0].message == (
        "10 rows, but the template holds 6: no planner was made. The table tblDeals on Pipeline cannot grow: "
        "I20 stands below it. Move or remove it in Excel, then try again."
    )


@pytest.mark.parametrize("writer", WRITERS)
def test_planner_with_more_deals_than_the_template_gets_a_larger_table(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw, writer: str
) -> None:
    for territory_id, count in (("T2", 5), ("T3", 7)):
        small_tables["deals"] += [
            {"territory_id": territory_id, "deal_id": f"E{number}", "outcome": "OPEN"} for number in range(count)
        ]
    batch = run(small_tables, writer=writer)  # T2 has one deal already
    assert found(batch) == [("info", "TABLE_ENLARGED", "deals", "T3")]
    assert batch.findings[0].message == (
        "More rows than the template holds: in this planner the table has room for 12."
    )
    exact, larger = (read_raw(out / name) for name in PLANNERS[1:])
    # 6 rows beneath the heading in row 6
    assert (exact.sheets["Pipeline"]["B12"].value, "B13" in exact.sheets["Pipeline"]) == ("E4", False)
    assert (larger.sheets["Pipeline"]["B13"].value, "B18" in larger.sheets["Pipeline"]) == ("E6", True)
    assert (exact.named("fig_open_deals"), larger.named("fig_open_deals")) == (6, 7)
    assert larger.sheets["Pipeline"]["AC13"].value == "OK"
    assert b"fullCalcOnLoad" not in larger.parts["xl/workbook.xml"]


def test_activity_outside_the_calendar_is_left_out_with_a_warning(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw
) -> None:
    # The calendar of 2027 begins 13 weeks before Monday 28 December 2026: on 28 September.
    small_tables["activity"] += [
        {"territory_id": "T1", "week_start": "2026-09-21", "won": "1"},
        {"territory_id": "T1", "week_start": "2026-09-28", "won": "2"},
    ]
    batch = run(small_tables)
    assert found(batch) == [("warning", "OUTSIDE_YEAR", "activity", "T1")]
    assert batch.findings[0].message == (
        "Outside the planner's calendar and left out: 1, the first of them 2026-09-21."
    )
    assert batch.failed is False
    activity = read_raw(out / PLANNERS[0]).sheets["Activity"]
    won = next(address[:-1] for address, cell in activity.items() if cell.value == "Won")
    assert activity[f"{won}7"].value == 2


def test_the_team_stands_on_its_sheet_and_owns_its_parts_of_the_sale(
    run: Run, out: Path, small_tables: Tables, small_template: Path, read_raw: ReadRaw
) -> None:
    people = [("Di", "Assistant", "PAPERWORK"), ("Ada", "Seller", "SALE"), ("Eve", "Second seller", "SALE")]
    small_tables["team"] = [
        {"territory_id": "T1", "name": name, "role": role, "stage": stage} for name, role, stage in people
    ]
    assert found(run(small_tables)) == []
    team, tables = read_raw(out / PLANNERS[0]).sheets["Team"], read(small_template).tables
    names = [tables["tblTeam"].cell("Name", row)[1] for row in range(3)]
    assert [team[cell].value for cell in names] == ["Ada", "Eve", "Di"]
    # parts of the sale: search, wake dormant, sale, paperwork; the first of two sellers owns it
    owners = [tables["tblStages"].cell("Owner", row)[1] for row in range(4)]
    assert [team[cell].value for cell in owners] == [None, None, "Ada", "Di"]


def test_a_check_in_stands_in_the_row_of_its_kind_that_is_nearest(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw
) -> None:
    # Weekly ones of 2027 fall on Mondays from 4 January on; the monthly ones, from row 59, on ends of months.
    held = [("WEEKLY", "2027-01-13"), ("MONTHLY", "2027-02-26")]
    small_tables["checkins"] = [{"territory_id": "T1", "kind": kind, "held": day} for kind, day in held]
    assert found(run(small_tables)) == []
    sheet = read_raw(out / PLANNERS[0]).sheets["Check-ins"]
    rows = {address[1:]: cell.value for address, cell in sheet.items() if address[0] == "F" and cell.stored}
    days = {row: value for row, value in rows.items() if isinstance(value, float)}
    # 13 January 2027 is serial 46400, nearest to Monday 11 January, the second week: row 8.
    # 26 February is serial 46444, nearest to 28 February, the second month: row 7 + 52 + 1.
    assert days == {"8": 46400, "60": 46444}


@pytest.mark.parametrize(
    ("table", "content", "told"),
    [
        ("deals", "territory_id,deal id\nT1,D1\n", "deals.csv, row 1, deal_id: The required column deal_id is missing"),
        ("territories", "territory_id\nT1\n", "territories.csv, row 1, person: The required column person is missing"),
        ("team", "territory_id,name,role,Name\nT1,a,b,c\n", "team.csv, row 1, name: The column name is there 2 times"),
    ],
)
def test_nothing_is_created_when_a_column_is_missing_or_there_twice(
    tmp_path: Path, small_tables: Tables, write_tables: WriteTables, table: str, content: str, told: str
) -> None:
    source = write_tables(tmp_path / "tables", small_tables)
    (source / f"{table}.csv").write_text(content, encoding="utf-8")
    (source / "accounts.csv").write_text("territory_id,account_id\nT1,A1\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        prepare(source, Options(tmp_path / "out"))
    lines = str(refused.value).splitlines()
    assert any(line.startswith(told) for line in lines)
    assert any("account_name" in line for line in lines), "all that is wrong is told at once"
    assert all(line.endswith("No planner is produced.") for line in lines)
    assert not (tmp_path / "out").exists()


def test_folder_that_sharepoint_does_not_take_is_told(run: Run, small_tables: Tables, tmp_path: Path) -> None:
    batch = run(small_tables, tmp_path / "a_vti_b" / "~plans")
    assert found(batch) == [("warning", "PATH_NOT_SHARED", None, None)] * 2
    assert [finding.message for finding in batch.findings] == [
        "SharePoint and OneDrive do not take the folder “a_vti_b”: they keep names with _vti_ for themselves. "
        "Choose another name.",
        "SharePoint and OneDrive do not take the folder “~plans”: it begins with ~. Choose another name.",
    ]


def test_refused_territory_is_skipped_and_listed(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["territories"][0]["currency"] = "euro"
    batch = run(small_tables)
    assert found(batch) == [("error", "CURRENCY", "territories", "T1")]
    assert sorted(contents(out)) == sorted((*PLANNERS[1:], *REPORTS))
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert report["not_made"] == ["T1"]
    accounts = {name: list(counts.values()) for name, counts in report["rows"].items()}
    assert list(report["rows"]["deals"]) == ["read", "in_planners", "left_out", "refused", "skipped"]
    assert accounts["territories"] == [3, 2, {}, 1, 0]
    assert accounts["deals"] == [4, 1, {}, 0, 3]


def test_no_good_territory_gives_findings_and_no_overview(run: Run, out: Path, small_tables: Tables) -> None:
    for row in small_tables["territories"]:
        row["revenue_goal"] = ""
    batch = run(small_tables)
    assert [finding.code for finding in batch.findings] == ["MISSING"] * 3
    assert sorted(contents(out)) == ["findings.csv", "findings.xlsx", "run.json"]
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (report["planners"], report["not_made"]) == ([], ["T1", "T2", "T3"])
    rows = list(csv.DictReader((out / "findings.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["row"], row["column"]) for row in rows] == [(str(n), "revenue_goal") for n in (2, 3, 4)]


def test_header_without_territories_gives_reports_only(run: Run, out: Path, small_tables: Tables) -> None:
    columns = small_tables["territories"][0]
    small_tables["territories"] = [dict.fromkeys(columns, "")]  # a row of blanks is no row
    run(small_tables)
    assert not any(path.suffix == ".xlsm" for path in out.iterdir())


def test_fiscal_year_that_starts_in_july(run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw) -> None:
    small_tables["territories"][0]["year_start"] = "2026-07-01"
    small_tables["activity"] = [
        # Wednesday 1 July 2026 lies in the week of 29 June, which is the 14th of the calendar.
        {
            "territory_id": "T1",
            "week_start": "2026-06-29",
            "first_appointments": "5",
            "won": "1",
            "revenue": "9",
        },
        {
            "territory_id": "T1",
            "week_start": "2026-06-22",
            "first_appointments": "70",
            "won": "1",
            "revenue": "9",
        },
    ]
    run(small_tables)
    planner = read_raw(out / PLANNERS[0])
    activity = planner.sheets["Activity"]
    serial = (dt.date(2026, 6, 29) - dt.date(1899, 12, 30)).days
    assert activity["B20"].value == serial
    assert activity["B7"].value == serial - 13 * 7
    assert planner.named("fig_first_appointments") == 5 + 3  # typed and by deals; the week before is history
    assert planner.named("calc_year_end") == (dt.date(2027, 6, 30) - dt.date(1899, 12, 30)).days


def test_blank_optional_inputs_keep_the_templates_defaults(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw
) -> None:
    small_tables["territories"][0] |= {"selling_weeks": "40", "gross_margin": "0.3"}
    run(small_tables)
    given, blank = read_raw(out / PLANNERS[0]), read_raw(out / PLANNERS[1])
    assert [given.named(f"in_{name}") for name in ("selling_weeks", "gross_margin")] == [40, 0.3]
    defaults = {
        "selling_weeks": 52.0,
        "gross_margin": 0.5,
        "attrition_rate": 0.17,
        "coverage_model": "COMBINED",
    }
    assert {name: blank.named(f"in_{name}") for name in defaults} == defaults
    assert blank.named("in_season_07") == pytest.approx(1 / 12)
    # T2 is calculated after T1 in the same worker: 20% off 100,000 at a margin of 30%, and then of 50%.
    assert given.named("out_breakeven_price") == pytest.approx(100000 * 0.8 * 0.3 / 0.1)
    assert blank.named("out_breakeven_price") == pytest.approx(100000 * 0.8 * 0.5 / 0.3)


def test_as_of_looks_from_another_day(run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw) -> None:
    batch = run(small_tables, as_of=dt.date(2027, 3, 31))
    assert batch.as_of == dt.date(2027, 3, 31)
    planner = read_raw(out / PLANNERS[0])
    assert planner.named("calc_as_of") == (dt.date(2027, 3, 31) - dt.date(1899, 12, 30)).days
    assert planner.named("fig_month") == 3


def test_dates_after_the_as_of_date_are_refused(run: Run, small_tables: Tables) -> None:
    batch = run(small_tables, as_of=dt.date(2027, 2, 9))
    codes = {(finding.table, finding.code) for finding in batch.findings if finding.severity == "error"}
    assert codes == {("accounts", "DATE_FUTURE"), ("deals", "DATE_FUTURE"), ("activity", "DATE_FUTURE")}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a_x0041_b", "a_x005F_x0041_b"),  # Excel reads _x0041_ in a file as the letter A
        ("_x005F_", "_x005F_x005F_"),
        ("_x41_ _X0041_ x0041", "_x41_ _X0041_ x0041"),  # these are nothing to Excel
    ],
)
def test_text_that_looks_like_an_escape_arrives_as_it_is(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw, text: str, escaped: str
) -> None:
    small_tables["territories"][0]["person"] = text
    small_tables["accounts"][1]["account_name"] = text
    run(small_tables)
    planner = read_raw(out / PLANNERS[0])
    for stored in (planner.named("in_person"), planner.sheets["Accounts"]["C7"].value):
        assert stored == escaped
        assert unescape(stored) == text


def test_text_that_looks_like_a_formula_or_an_error_stays_text(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw
) -> None:
    texts = {"person": "=1+1", "leader": "+cmd|' /C calc'!A0", "region": "@SUM(A1)"}
    small_tables["territories"][0] |= texts
    small_tables["accounts"][0] |= {"account_name": '=HYPERLINK("x")', "segment": "#N/A", "owner": "-5"}
    run(small_tables)
    planner = read_raw(out / PLANNERS[0])
    assert {name: planner.named(f"in_{name}") for name in texts} == texts
    accounts = planner.sheets["Accounts"]
    cells = [cell for cell in accounts.values() if cell.value in ('=HYPERLINK("x")', "#N/A", "-5")]
    assert [(cell.kind, cell.formula) for cell in cells] == [("s", None)] * 3
    assert planner.sheets["Dashboard"]["E2"].stored == "Person: =1+1"  # the formula that shows the person
    overview = openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]
    assert [(overview[cell].value, overview[cell].data_type) for cell in ("C6", "D6", "E6")] == [
        (text, "s") for text in texts.values()
    ]


def test_ids_stay_text_and_keep_their_zeros(run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw) -> None:
    run(small_tables)
    planner = read_raw(out / PLANNERS[0])
    ids = [planner.sheets["Accounts"][f"B{row}"].value for row in (7, 8)]
    assert ids == ["007", "A1"]  # the largest account first
    deals = {planner.sheets["Pipeline"][f"B{row}"].value for row in (7, 8, 9)}
    assert deals == {"D1", "1E5", "D3"}
    names = [cell.value for cell in planner.sheets["Pipeline"].values() if cell.value == "Bond"]
    assert names == ["Bond"]  # 007 was found on Accounts by its deal


def test_portable_format_is_a_plain_workbook(
    run: Run, out: Path, small_tables: Tables, small_template_xlsx: Path, read_raw: ReadRaw
) -> None:
    run(small_tables, file_format="xlsx", template=small_template_xlsx)
    planner = read_raw(out / "T1 North.xlsx")
    types = planner.parts["[Content_Types].xml"]
    assert types.count(b"spreadsheetml.sheet.main+xml") == 1
    assert b"macroEnabled" not in types
    assert planner.named("fig_revenue") == 5000
    sheet = openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]
    assert sheet["B6"].hyperlink.target == "T1%20North.xlsx"
