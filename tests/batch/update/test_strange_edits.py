"""What managers do to planners besides typing: nothing of it loses an edit without a word."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.batches import contents
from tests.tiny import light

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months
    from xlsales.batch import Batch

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")


def codes(batch: Batch) -> set[str]:
    return {one.code for one in batch.findings}


@pytest.mark.usefixtures("whole")
def test_saved_as_xlsx_without_macros_it_is_an_xlsm_again_with_its_edits(months: Months) -> None:
    months.run()
    book = openpyxl.load_workbook(months.out / "T1 North.xlsm")
    book["Plan"]["G7"] = "Win back the north"
    book.save(months.out / "T1 North v2.xlsx")
    (months.out / "T1 North.xlsm").unlink()
    months.update()
    assert sorted(path.name for path in months.out.glob("T1*")) == ["T1 North.xlsm"]
    assert months.read().book["Plan"]["G7"].value == "Win back the north"


@pytest.mark.usefixtures("whole")
def test_into_a_template_of_another_build_inputs_move_by_name(months: Months, larger_template: Path) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
        sheets.cell("tblTeam", None, "Role").value = "Seller"
        sheets.named("th_dormant").value = 8
        sheets.book["Plan"]["G7"] = "Win back the north"
    batch = months.update(template=larger_template)
    sheets = months.read()
    assert sheets.cell("tblAccounts", "A1", "Potential").value == 4321
    assert sheets.cell("tblTeam", None, "Role").value == "Seller"
    assert sheets.named("th_dormant").value == 8
    assert sheets.book["Plan"]["G7"].value == "Win back the north"
    assert codes(batch) & {"INPUT_LOST", "OWN_CELLS", "INPUT_WITHOUT_PLACE", "EDIT_CONFLICT"} == set()


def test_an_input_that_the_new_template_lacks_is_told_with_what_stood_there(months: Months, tmp_path: Path) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.named("in_leader").value = "Di"
    book = openpyxl.load_workbook(months.template, keep_vba=True)
    del book.defined_names["in_leader"]
    book.save(tmp_path / "Other.xlsm")
    batch = months.update(template=tmp_path / "Other.xlsm")
    [finding] = [one for one in batch.findings if one.code == "INPUT_WITHOUT_PLACE"]
    assert "in_leader, where the planner says “Di”" in finding.message


def test_the_format_of_the_planners_in_the_folder_is_taken_where_none_is_named(
    three: Months, light_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = {"xlsm": light_template, "xlsx": tmp_path / "Light Planner.xlsx"}
    kinds["xlsx"].write_bytes(light("xlsx"))
    monkeypatch.setattr("xlsales.workbook.template.shipped", kinds.__getitem__)
    three.run(template=None, file_format="xlsx", only=["T3"])
    with three.edited("T3 West.xlsx") as sheets:
        sheets.named("in_person").value = "Somebody of the west"
    three.update(template=None, only=["T3"])
    assert [path.name for path in three.out.glob("T*")] == ["T3 West.xlsx"]
    three.update(template=None, file_format="xlsm", only=["T3"])
    assert [path.name for path in three.out.glob("T*")] == ["T3 West.xlsm"]
    assert three.read("T3 West.xlsm").named("in_person").value == "Somebody of the west"


def test_rows_typed_beneath_a_list_become_rows_of_it(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheet, letter = sheets.column("tblAccounts", "Account ID")
        bottom = int("".join(filter(str.isdigit, sheet.tables["tblAccounts"].ref.split(":")[1])))
        for place in range(1, 4):
            sheet[f"{letter}{bottom + place}"] = f"PASTED{place}"
    months.update()
    assert months.read().keys("tblAccounts", "Account ID") == ["007", "A1", "PASTED1", "PASTED2", "PASTED3"]


@pytest.mark.parametrize("pattern", ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d.%m.%y"])
def test_mondays_turned_into_text_are_still_known(months: Months, pattern: str) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblWeeks", "2027-02-08", "Conversations").value = 33
        for row in sheets.book["Activity"].iter_rows(min_row=7, min_col=2, max_col=2):
            if isinstance(row[0].value, dt.datetime):
                row[0].value = row[0].value.strftime(pattern)
                row[0].number_format = "@"
    months.row("activity", week_start="2027-02-08")["appointments"] = "5"
    batch = months.update()
    assert not batch.failed, [str(one) for one in batch.findings]
    sheets = months.read()
    assert sheets.cell("tblWeeks", "2027-02-08", "Conversations").value == 33
    assert sheets.cell("tblWeeks", "2027-02-08", "Appointments").value == 5


def test_a_monday_that_nobody_can_read_leaves_the_planner_alone_and_names_the_cell(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblWeeks", "2027-02-08", "Week of").value = "second week of February"
    before = contents(months.out)["T1 North.xlsm"]
    batch = months.update()
    assert contents(months.out)["T1 North.xlsm"] == before
    [finding] = [one for one in batch.findings if one.code == "PLANNER_LEFT_ALONE"]
    assert "Activity!B" in finding.message


def test_text_in_a_number_cell_and_other_kinds_stay_as_they_are(months: Months) -> None:
    months.run()
    typed = {"Potential": "1.000,50", "Prior 12 months": "n/a", "Wallet share": "12 %", "Plan date": "next week"}
    with months.edited() as sheets:
        for heading, value in typed.items():
            sheets.cell("tblAccounts", "A1", heading).value = value
        sheets.cell("tblAccounts", "007", "Potential").value = True
        cell = sheets.cell("tblAccounts", "007", "Touches needed")
        cell.value, cell.data_type = "#N/A", "e"
    batch = months.update()
    sheets = months.read()
    assert {heading: sheets.cell("tblAccounts", "A1", heading).value for heading in typed} == typed
    assert sheets.cell("tblAccounts", "007", "Potential").value is True
    assert sheets.cell("tblAccounts", "007", "Touches needed").value == "#N/A"
    assert "6 values stay" in next(one.message for one in batch.findings if one.code == "EDITS_KEPT")


def test_a_day_in_a_number_cell_is_told_for_what_it_becomes(months: Months) -> None:
    months.run()
    with months.edited() as sheets:  # Excel makes a day of 1/5
        sheets.cell("tblAccounts", "A1", "Potential").value = dt.datetime(2027, 1, 5)
    batch = months.update()
    assert months.read().cell("tblAccounts", "A1", "Potential").value == 46392
    [finding] = [one for one in batch.findings if one.code == "DAY_TYPED"]
    assert "Accounts!I" in finding.message
    assert "46392" in finding.message
    assert [one for one in months.update().findings if one.code == "DAY_TYPED"] == []


def test_a_sheet_that_was_deleted_comes_back_and_is_told(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        del sheets.book["Team"]
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    batch = months.update()
    assert "Team" in months.read().book.sheetnames
    assert months.read().cell("tblAccounts", "A1", "Potential").value == 4321
    assert "INPUT_LOST" in codes(batch)


def test_rows_of_deals_and_accounts_in_a_deleted_sheet_are_not_taken_for_deleted(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        del sheets.book["Accounts"]
    batch = months.update()
    assert months.read().keys("tblAccounts", "Account ID") == ["007", "A1"]
    assert "INPUT_LOST" in codes(batch)


def test_own_sheets_and_notes_beside_the_inputs_are_told(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.book.create_sheet("My notes")["A1"] = "Call Ada"
    batch = months.update()
    [finding] = [one for one in batch.findings if one.code == "OWN_CELLS"]
    assert "My notes" in finding.message
    assert "OWN_CELLS" not in codes(months.update())


@pytest.mark.usefixtures("whole")
def test_what_is_typed_outside_the_inputs_is_told(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.book["Accounts"]["BB9"] = "remember"
        sheets.book["Targets"]["C3"] = "my own title"
    batch = months.update()
    [finding] = [one for one in batch.findings if one.code == "OWN_CELLS"]
    assert "Accounts!BB9" in finding.message


@pytest.mark.usefixtures("whole")
def test_a_grey_cell_that_was_overwritten_calculates_again_and_is_told(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        cell = sheets.cell("tblAccounts", "A1", "Score")
        cell.value = 99
    batch = months.update()
    assert str(months.read().cell("tblAccounts", "A1", "Score").value).startswith("=")
    [finding] = [one for one in batch.findings if one.code == "OWN_CELLS"]
    assert f"Accounts!{cell.coordinate}" in finding.message


def test_a_formula_typed_into_an_input_leaves_the_planner_alone_until_it_has_a_value(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        cell = sheets.cell("tblAccounts", "A1", "Potential")
        cell.value = "=1000*1.2"
    batch = months.update()
    [finding] = [one for one in batch.findings if one.code == "PLANNER_LEFT_ALONE"]
    assert f"Accounts!{cell.coordinate}" in finding.message


def test_a_row_pasted_twice_stays_twice(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheet, letter = sheets.column("tblAccounts", "Account ID")
        row = sheets.free("tblAccounts")
        sheet[f"{letter}{row}"] = "A1"
        sheet[f"C{row}"] = "Acme again"
    months.row("accounts", account_id="A1")["potential"] = "5"
    for _month in range(2):
        months.update()
        assert sorted(months.read().keys("tblAccounts", "Account")) == ["Acme", "Acme again", "Bond"]
        assert months.read().cell("tblAccounts", "A1", "Potential").value == 5
