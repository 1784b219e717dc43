from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from pandera.config import config_context

from xlsales.findings import Finding
from xlsales.tables import Validated, default_as_of

MakeFolder = Callable[..., Path]
Run = Callable[..., Validated]
Good = dict[str, dict[str, str]]

AS_OF = date(2027, 1, 31)
THIS_ROW = "The row is left out."
NO_PLANNER = "No planner is produced for this territory."


@pytest.fixture
def run(run: Run) -> Run:
    return partial(run, as_of=AS_OF)


@pytest.mark.parametrize(
    ("table", "cells", "column", "code", "fragment"),
    [
        ("territories", {"person": " "}, "person", "MISSING", "The cell is blank, and person is needed."),
        ("territories", {"territory_id": ""}, "territory_id", "MISSING", "territory_id is needed"),
        ("territories", {"growth_rate": "20"}, "growth_rate", "RATE", "20 is not a fraction: enter 20% or 0.20."),
        ("territories", {"attrition_rate": "12.5"}, "attrition_rate", "RATE", "enter 12.5% or 0.125."),
        ("territories", {"attrition_rate": "7"}, "attrition_rate", "RATE", "enter 7% or 0.07."),
        ("territories", {"growth_rate": "5"}, "growth_rate", "RATE", "5 is not a fraction: enter 5% or 0.05."),
        ("territories", {"growth_rate": "1.5"}, "growth_rate", "RATE", "enter 1.5% or 0.015."),
        ("territories", {"growth_rate": "150%"}, "growth_rate", "RANGE", "150% is outside 0 to 1"),
        ("territories", {"attrition_rate": "120%"}, "attrition_rate", "RANGE", "120% is outside 0 to 1"),
        ("territories", {"attrition_rate": "-0.1"}, "attrition_rate", "RANGE", "-0.1 is outside 0 to 1"),
        ("territories", {"attrition_rate": "500"}, "attrition_rate", "RANGE", "500 is outside 0 to 1"),
        ("territories", {"currency": "eur"}, "currency", "CURRENCY", "“eur” is not three capital letters"),
        ("territories", {"currency": "EURO"}, "currency", "CURRENCY", "“EURO” is not three"),
        ("territories", {"fiscal_year": "27"}, "fiscal_year", "RANGE", "27 is outside 1990 to 2100"),
        ("territories", {"fiscal_year": "2027.5"}, "fiscal_year", "COUNT", "is not a whole number"),
        ("territories", {"revenue_goal": "€1"}, "revenue_goal", "NUMBER", "currency sign"),
        ("territories", {"revenue_goal": "2e13"}, "revenue_goal", "RANGE", "outside 0 to 10000000000000"),
        ("territories", {"coverage_model": "hunter"}, "coverage_model", "CHOICE", "“hunter” is not one of"),
        ("territories", {"language": "de"}, "language", "CHOICE", "not one of en, it, fr, es, pl, bg."),
        ("territories", {"year_start": "2025-04-01"}, "year_start", "FISCAL_YEAR", "2027 cannot start on"),
        ("territories", {"year_start": "2028-01-01"}, "year_start", "FISCAL_YEAR", "cannot start on"),
        ("territories", {"season_01": "0.5"}, "season_01", "SEASON_SUM", "do not add up to 1"),
        ("territories", {"season_01": "0.5", "season_02": "0.51"}, "season_01", "SEASON_SUM", "add up"),
        ("territories", {"season_01": "0.5", "season_02": "0.501"}, "season_01", "SEASON_SUM", "add up"),
        ("accounts", {"account_name": ""}, "account_name", "MISSING", "account_name is needed"),
        ("accounts", {"high_value": "perhaps"}, "high_value", "FLAG", "“perhaps” is not one of YES, NO."),
        ("accounts", {"plan_type": "must kep"}, "plan_type", "CHOICE", "did you mean MUST KEEP?"),
        ("accounts", {"potential": "-5"}, "potential", "RANGE", "-5 is outside 0 to"),
        ("accounts", {"potential": "1,5"}, "potential", "NUMBER", "with a decimal point"),
        ("accounts", {"last_order": "2027-02-01"}, "last_order", "DATE_FUTURE", "the as-of date 2027-01-31"),
        ("accounts", {"last_order": "31.01.2027"}, "last_order", "DATE", "write it as 2027-01-31"),
        ("accounts", {"account_name": "a\x0bb"}, "account_name", "TEXT", "U+000B"),
        ("accounts", {"account_id": "a\tb"}, "account_id", "KEY", "control characters"),
        ("accounts", {"territory_id": "T9"}, "territory_id", "TERRITORY_UNKNOWN", "T9 is not in the table"),
        ("accounts", {"territory_id": "t1"}, "territory_id", "TERRITORY_UNKNOWN", "t1 is not in"),
        ("deals", {"discount": "20"}, "discount", "RATE", "enter 20% or 0.20."),
        ("deals", {"stage": "Propsal"}, "stage", "CHOICE", "did you mean PROPOSAL?"),
        (
            "deals",
            {"first_appointment": "2027-01-20", "close_date": "2027-01-19"},
            "close_date",
            "DATE_ORDER",
            "closed on 2027-01-19, before its first appointment on 2027-01-20",
        ),
        ("deals", {"outcome": "won", "amount": "5"}, "close_date", "WON_INCOMPLETE", "has no close date"),
        ("deals", {"outcome": "WON", "close_date": "2027-01-19"}, "amount", "WON_INCOMPLETE", "no amount"),
        ("activity", {"week_start": "2027-01-05"}, "week_start", "NOT_MONDAY", "2027-01-05 is not a Monday"),
        ("activity", {"week_start": "2027-02-01"}, "week_start", "DATE_FUTURE", "after the as-of date"),
        ("activity", {"won": "1.5"}, "won", "COUNT", "is not a whole number"),
        ("activity", {"selling_hours": "169"}, "selling_hours", "RANGE", "169 is outside 0 to 168"),
        ("org_health", {"score": "6"}, "score", "RANGE", "6 is outside 1 to 5"),
        ("team", {"role": ""}, "role", "MISSING", "role is needed"),
        ("checkins", {"kind": "half yearly"}, "kind", "CHOICE", "did you mean HALF-YEARLY?"),
    ],
)  # fmt: skip
def test_a_bad_cell_refuses_its_row_and_says_so(
    make_folder: MakeFolder,
    run: Run,
    good: Good,
    table: str,
    cells: dict[str, str],
    column: str,
    code: str,
    fragment: str,
) -> None:
    bad = {**good[table], **cells}
    rows = [bad] if table != "territories" else [bad, {**good[table], "territory_id": "T2"}]
    validated = run(make_folder(**{table: rows}))
    finding = validated.findings[0]
    assert (finding.severity, finding.code) == ("error", code)
    assert (finding.file, finding.table, finding.row, finding.column) == (f"{table}.csv", table, 2, column)
    assert fragment in finding.message
    assert finding.message.endswith(NO_PLANNER if table == "territories" else THIS_ROW)
    assert len(validated.findings) == 1
    assert validated.territory_ids == (["T2"] if table == "territories" else ["T1"])
    assert validated.rows(table, "T1") == []
    assert validated.accounting[table].refused == 1


@pytest.mark.parametrize(
    ("table", "cells", "column", "value"),
    [
        ("territories", {"year_start": "2026-04-01"}, "year_start", date(2026, 4, 1)),
        ("territories", {"attrition_rate": "20%"}, "attrition_rate", 0.2),
        ("territories", {"coverage_model": "hunter/farmer"}, "coverage_model", "HUNTER/FARMER"),
        ("territories", {f"season_{at:02}": "0.0833333" for at in range(1, 13)}, "season_12", 0.0833333),
        ("territories", {"fiscal_year": "2027"}, "fiscal_year", 2027),
        ("accounts", {"account_id": "007"}, "account_id", "007"),
        ("accounts", {"high_value": "true"}, "high_value", "YES"),
        ("accounts", {"account_name": "=cmd|'/c calc'!A1"}, "account_name", "=cmd|'/c calc'!A1"),
        ("accounts", {"account_name": " x "}, "account_name", " x "),
        ("accounts", {"last_order": "2027-01-31"}, "last_order", AS_OF),
        ("deals", {"first_appointment": "2027-01-09", "close_date": "2027-01-09"}, "amount", None),
        ("deals", {"outcome": "WON", "close_date": "2027-01-19", "amount": "0"}, "amount", 0.0),
        ("deals", {"interview_date": "2027-05-01"}, "interview_date", date(2027, 5, 1)),
        ("deals", {"stage": "First  appointment "}, "stage", "FIRST APPOINTMENT"),
        ("deals", {"amount": ""}, "amount", None),
        ("deals", {"outcome": "WON", "close_date": "2027-01-19", "amount": "-250"}, "amount", -250.0),  # a credit note
        ("activity", {"revenue": "-20"}, "revenue", -20.0),
        ("activity", {"won": "3"}, "won", 3),
    ],
)  # fmt: skip
def test_good_cells_arrive_as_python_values(
    make_folder: MakeFolder, run: Run, good: Good, table: str, cells: dict[str, str], column: str, value: object
) -> None:
    tables = {"accounts": [good["accounts"]], table: [{**good[table], **cells}]}
    validated = run(make_folder(**tables))
    assert validated.findings == ()
    (row,) = validated.rows(table, "T1")
    assert row[column] == value
    assert type(row[column]) is type(value)


def test_pandera_switched_off_on_a_computer_changes_nothing(make_folder: MakeFolder, run: Run, good: Good) -> None:
    folder = make_folder(deals=[{**good["deals"], "discount": "20"}])
    with config_context(validation_enabled=False):
        assert [finding.code for finding in run(folder).findings] == ["RATE"]


def test_two_bad_cells_of_a_row_are_both_told(make_folder: MakeFolder, run: Run, good: Good) -> None:
    deal = {**good["deals"], "outcome": "WON", "amount": "much", "discount": "20", "close_date": ""}
    validated = run(make_folder(deals=[deal]))
    # the amount is there, only unreadable: nobody is told that it is missing
    assert {(finding.column, finding.code) for finding in validated.findings} == {
        ("amount", "NUMBER"),
        ("discount", "RATE"),
        ("close_date", "WON_INCOMPLETE"),
    }
    assert validated.accounting["deals"].refused == 1


def test_without_an_as_of_date_no_date_is_in_the_future(make_folder: MakeFolder, run: Run, good: Good) -> None:
    folder = make_folder(accounts=[{**good["accounts"], "last_order": "2099-01-01"}])
    assert run(folder, as_of=None).findings == ()


@pytest.mark.parametrize("growth", ["0", "5%", "0.05", "1", "100%"])
def test_a_growth_of_up_to_a_hundred_percent_is_taken_as_in_functions_and_planners(
    make_folder: MakeFolder, run: Run, good: Good, growth: str
) -> None:
    validated = run(make_folder(territories=[{**good["territories"], "growth_rate": growth}]))
    assert validated.findings == ()
    assert validated.territory_ids == ["T1"]


def test_spaces_around_identifiers_are_removed_and_told_once(make_folder: MakeFolder, run: Run, good: Good) -> None:
    rows = [{**good["accounts"], "territory_id": "T1 ", "account_id": f" A{at}"} for at in range(3)]
    validated = run(make_folder(accounts=rows))
    assert [row["account_id"] for row in validated.rows("accounts", "T1")] == ["A0", "A1", "A2"]
    assert [(finding.severity, finding.code, finding.row) for finding in validated.findings] == [
        ("info", "KEY_SPACES", 2),
        ("info", "KEY_SPACES", 2),
    ]
    assert "removed in 3 rows, first in row 2" in validated.findings[0].message


def place(finding: Finding) -> tuple[str, int | None, str | None]:
    return finding.code, finding.row, finding.territory_id


def test_ragged_rows_are_told_by_line_and_left_out(make_folder: MakeFolder, run: Run) -> None:
    content = "territory_id,account_id,account_name\nT1,A1,x,y\nT1,A2,z\n"
    validated = run(make_folder(accounts=content))
    (finding,) = validated.findings
    assert place(finding) == ("ROW_RAGGED", 2, "T1")
    assert finding.message.startswith("Line 2 has 4 cells and the header 3")
    assert [row["account_id"] for row in validated.rows("accounts", "T1")] == ["A2"]


def test_latest_past_day_is_the_default_as_of_date(make_folder: MakeFolder, run: Run, good: Good) -> None:
    deal = {**good["deals"], "first_appointment": "2027-01-09", "interview_date": "2027-12-01"}
    week = {**good["activity"], "conversations": "3"}
    folder = make_folder(deals=[deal], activity=[week])
    # the week of 4 January ends on 10 January, but the last that is known is of the 9th; an interview may lie ahead
    assert default_as_of(run(folder, as_of=None)) == date(2027, 1, 9)
    folder = make_folder(deals=[{**deal, "first_appointment": "2027-01-03"}], activity=[week])
    assert default_as_of(run(folder, as_of=None)) == date(2027, 1, 10)  # weekly rows alone speak of that week
    folder = make_folder(deals=[{**deal, "first_appointment": "2027-01-11"}])
    assert default_as_of(run(folder, as_of=None)) == date(2027, 1, 11)


def test_planned_day_is_no_day_with_data(make_folder: MakeFolder, run: Run, good: Good) -> None:
    deal = {**good["deals"], "first_appointment": "2027-01-09", "close_date": "2027-06-30", "outcome": "OPEN"}
    for outcome, stage, day in (("OPEN", "PROPOSAL", 9), ("", "PROPOSAL", 9)):
        folder = make_folder(deals=[{**deal, "outcome": outcome, "stage": stage}])
        assert default_as_of(run(folder, as_of=None)) == date(2027, 1, day)
    for outcome, stage in (("LOST", "CLOSED"), ("", "CLOSED")):
        folder = make_folder(deals=[{**deal, "outcome": outcome, "stage": stage}])
        assert default_as_of(run(folder, as_of=None)) == date(2027, 6, 30)


def test_week_without_figures_is_no_data(make_folder: MakeFolder, run: Run, good: Good) -> None:
    blank = {"territory_id": "T1", "week_start": "2027-03-01"}
    folder = make_folder(activity=[{**good["activity"], "won": "0"}, blank])
    assert default_as_of(run(folder, as_of=None)) == date(2027, 1, 10)


def test_tables_without_any_day_have_no_default_as_of_date(make_folder: MakeFolder, run: Run) -> None:
    assert default_as_of(run(make_folder(), as_of=None)) is None


@pytest.mark.parametrize(
    ("text", "lines"),
    [("x" + "\n" * 253, None), ("x" + "\n" * 254 + "y", 254), ("x" + "\r\n" * 254 + "y", 254), ("\r" * 300 + "y", 300)],
)
def test_more_line_breaks_than_excel_shows_are_told_and_the_row_is_kept(
    make_folder: MakeFolder, run: Run, good: Good, text: str, lines: int | None
) -> None:
    validated = run(make_folder(accounts=[{**good["accounts"], "account_name": text}]))
    told = [(one.severity, one.code, one.row, one.column, one.territory_id) for one in validated.findings]
    assert told == ([("warning", "TEXT_LINES", 2, "account_name", "T1")] if lines else [])
    if lines:
        assert validated.findings[0].message.startswith(
            f"The text has {lines} line breaks, and a cell of Excel shows 253"
        )
    assert [row["account_name"] for row in validated.rows("accounts", "T1")] == [text]
