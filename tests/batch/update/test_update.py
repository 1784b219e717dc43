"""Planners are brought up to new tables, and what managers typed into them stays."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.batches import contents
from xlsales.errors import InputError

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")

CODES = {"EDITS_KEPT", "EDIT_CONFLICT", "EDITED_ROW_KEPT", "ROWS_GONE", "PLANNER_LEFT_ALONE", "PLANNER_RENAMED"}


def of_update(batch: Any) -> list[tuple[str, str | None]]:
    return [(one.code, one.territory_id) for one in batch.findings if one.code in CODES]


@pytest.mark.usefixtures("whole")
def test_planners_that_nobody_touched_are_those_of_a_new_run_to_the_byte(months: Months, tmp_path: Path) -> None:
    months.run()
    months.row("accounts", account_id="A1")["potential"] = "9000"
    months.row("deals", deal_id="D3")["stage"] = "PROPOSAL"
    del months.tables["deals"][0]
    months.tables["accounts"].insert(1, {"territory_id": "T1", "account_id": "A0", "account_name": "New"})
    batch = months.update()
    months.run(tmp_path / "fresh")
    fresh, updated = contents(tmp_path / "fresh"), contents(months.out)
    assert [name for name in fresh if name.startswith("T") and fresh[name] != updated[name]] == []
    assert ("EDITS_KEPT", "T1") not in of_update(batch)


def test_with_the_same_tables_nothing_is_written_and_no_backup_is_made(months: Months) -> None:
    months.run()
    before = {path.name: path.stat().st_mtime_ns for path in months.out.glob("T*")}
    batch = months.update()
    assert {path.name: path.stat().st_mtime_ns for path in months.out.glob("T*")} == before
    assert list(months.out.glob("backup*")) == []
    assert of_update(batch) == []


@pytest.mark.usefixtures("whole")
def test_what_the_manager_typed_stays_and_the_rest_follows_the_tables(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
        sheets.cell("tblAccounts", "007", "Owner").value = "Ada"
        sheets.named("in_growth_rate").value = 0.2
        sheets.named("th_dormant").value = 8
        sheets.book["Plan"]["G7"] = "Win back the north"
    months.row("accounts", account_id="A1")["recent_revenue"] = "1500"
    months.row("territories", territory_id="T1")["revenue_goal"] = "600000"
    batch = months.update()
    sheets = months.read()
    assert sheets.cell("tblAccounts", "A1", "Potential").value == 4321
    assert sheets.cell("tblAccounts", "007", "Owner").value == "Ada"
    assert sheets.cell("tblAccounts", "A1", "Last 12 months").value == 1500
    assert sheets.named("in_growth_rate").value == 0.2
    assert sheets.named("in_revenue_goal").value == 600000
    assert sheets.named("th_dormant").value == 8
    assert sheets.book["Plan"]["G7"].value == "Win back the north"
    assert of_update(batch) == [("EDITS_KEPT", "T1")]
    assert "5 values stay" in next(one.message for one in batch.findings if one.code == "EDITS_KEPT")
    [told] = [one for one in json.loads((months.out / "run.json").read_bytes())["planners"] if "kept" in one]
    assert (told["territory_id"], told["kept"]) == ("T1", 5)


@pytest.mark.usefixtures("whole")
def test_details_follow_the_tables_and_what_the_manager_wrote_beside_them_stays(months: Months) -> None:
    for row in months.tables["territories"]:
        row |= {"Phone": "1", "Room": "A", "Badge": "x"}
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblDetails", "Phone", "Value", "Detail").value = "99"
        place = sheets.cell("tblDetails", "Badge", "Value", "Detail")
        sheets.book["Details"].cell(place.row + 1, place.column - 1).value = "Dog"
        sheets.book["Details"].cell(place.row + 1, place.column).value = "Rex"
    for row in months.tables["territories"]:
        row |= {"Room": "B"}
    months.update()
    sheets = months.read()
    names = ("Phone", "Room", "Badge", "Dog")
    found = {name: sheets.cell("tblDetails", name, "Value", "Detail").value for name in names}
    assert found == {"Phone": "99", "Room": "B", "Badge": "x", "Dog": "Rex"}


def test_a_cell_that_the_manager_cleared_stays_empty(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Last 12 months").value = None
        sheets.named("in_attrition_rate").value = None
    months.update()
    sheets = months.read()
    assert sheets.cell("tblAccounts", "A1", "Last 12 months").value is None
    assert sheets.named("in_attrition_rate").value is None


@pytest.mark.parametrize(("prefer", "stays"), [(None, 4321), ("planner", 4321), ("tables", 900)])
def test_where_both_changed_a_value_a_finding_names_the_cell_and_all_three(
    months: Months, prefer: str | None, stays: float
) -> None:
    months.row("accounts", account_id="A1")["potential"] = "700"
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    months.row("accounts", account_id="A1")["potential"] = "900"
    batch = months.update(prefer=prefer)
    cell = months.read().cell("tblAccounts", "A1", "Potential")
    assert cell.value == stays
    [finding] = [one for one in batch.findings if one.code == "EDIT_CONFLICT"]
    assert (finding.file, finding.column, finding.value) == ("T1 North.xlsm", "potential", "4321")
    assert f"Accounts!{cell.coordinate} (A1, Potential): the tables said 700 and say 900 now" in finding.message
    assert of_update(months.update(prefer=prefer)) == ([] if prefer == "tables" else [("EDITS_KEPT", "T1")])


def test_month_after_month_the_same_edit_stays_and_is_a_conflict_only_when_the_tables_change(months: Months) -> None:
    months.row("accounts", account_id="A1")["potential"] = "700"
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    conflicts = []
    for potential in ("700", "800", "800", "4321", "800"):
        months.row("accounts", account_id="A1")["potential"] = potential
        conflicts.append(("EDIT_CONFLICT", "T1") in of_update(months.update()))
    assert conflicts == [False, True, False, False, False]
    assert months.read().cell("tblAccounts", "A1", "Potential").value == 800  # since both agreed, it follows the tables


def test_rows_that_the_manager_added_or_deleted_stay_so(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheet = sheets.book["Accounts"]
        row = sheets.free("tblAccounts")
        sheet[f"B{row}"], sheet[f"C{row}"] = "OWN", "Found by Ada"
        row = sheets.free("tblDeals")
        sheets.book["Pipeline"][f"D{row}"] = "without an id"
        cell = sheets.cell("tblAccounts", "007", "Account ID")
        for other in sheet[cell.row][1:19]:
            other.value = None
    months.tables["accounts"].append({"territory_id": "T1", "account_id": "A9", "account_name": "New"})
    for _month in range(2):
        batch = months.update()
        sheets = months.read()
        assert sheets.keys("tblAccounts", "Account ID") == ["A1", "OWN", "A9"]
        assert sheets.keys("tblDeals", "Product") == ["without an id"]
        assert of_update(batch) == [("EDITS_KEPT", "T1")]
    assert batch.accounts["accounts"].left_out == {"DELETED_KEPT": 1}


def test_rows_gone_from_the_tables_go_unless_the_manager_has_touched_them(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblDeals", "D1", "Reason").value = "Price"
    months.tables["deals"] = [one for one in months.tables["deals"] if one["deal_id"] not in ("D1", "D3")]
    batch = months.update()
    assert months.read().keys("tblDeals", "Deal ID") == ["1E5", "D1"]
    assert of_update(batch) == [("EDITED_ROW_KEPT", "T1"), ("ROWS_GONE", "T1"), ("EDITS_KEPT", "T1")]
    assert of_update(months.update()) == [("EDITS_KEPT", "T1")]


def test_weeks_are_told_by_their_mondays(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblWeeks", "2027-03-01", "Conversations").value = 12
        sheets.cell("tblWeeks", "2027-01-11", "Selling").value = 20
        sheets.book["Activity"].move_range("B7:N40", rows=3)  # as somebody does who cuts and pastes
    months.tables["activity"].append({"territory_id": "T1", "week_start": "2027-03-08", "conversations": "7"})
    months.update()
    sheets = months.read()
    assert sheets.cell("tblWeeks", "2027-03-01", "Conversations").value == 12
    assert sheets.cell("tblWeeks", "2027-01-11", "Selling").value == 20
    assert sheets.cell("tblWeeks", "2027-03-08", "Conversations").value == 7


@pytest.mark.usefixtures("whole")
def test_a_talk_in_the_calendar_is_one_sides_whole(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        row = next(
            one
            for one in sheets.book["Check-ins"].iter_rows(min_row=7, max_row=103)
            if one[1].value == "WEEKLY" and one[2].value == 4
        )
        row[5].value, row[6].value = dt.date(2027, 1, 25), "What Ada said"
    held = {"territory_id": "T1", "kind": "WEEKLY", "held": "2027-01-26", "topic": "What the system says"}
    months.tables["checkins"] = [held]
    batch = months.update()
    row = months.read().book["Check-ins"][row[0].row]
    assert (row[5].value, row[6].value) == (dt.datetime(2027, 1, 25), "What Ada said")
    assert of_update(batch) == [("EDIT_CONFLICT", "T1"), ("EDITS_KEPT", "T1")]


def test_the_file_as_it_was_is_in_a_dated_backup(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    before = contents(months.out)
    months.row("accounts", account_id="A2")["potential"] = "5"
    batch = months.update()
    [backup] = months.out.glob("backup *")
    kept = contents(backup)
    assert {name: before[name] for name in kept} == kept
    assert "T1 North.xlsm" in kept
    assert [one.severity for one in batch.findings if one.code == "BEFORE_UPDATE"] == ["info"]


def test_a_territory_with_a_new_name_gets_a_new_file_name(three: Months) -> None:
    three.run()
    with three.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    (three.out / "T2 South.xlsm").rename(three.out / "Bo's plan (final).xlsm")
    three.row("territories", territory_id="T1")["territory_name"] = "Nord"
    batch = three.update()
    assert sorted(path.name for path in three.out.glob("*.xlsm")) == ["T1 Nord.xlsm", "T2 South.xlsm", "T3 West.xlsm"]
    assert three.read("T1 Nord.xlsm").cell("tblAccounts", "A1", "Potential").value == 4321
    assert [one for one in of_update(batch) if one[0] == "PLANNER_RENAMED"] == [
        ("PLANNER_RENAMED", "T1"),
        ("PLANNER_RENAMED", "T2"),
    ]
    [backup] = three.out.glob("backup *")
    assert {"T1 North.xlsm", "Bo's plan (final).xlsm"} <= contents(backup).keys()
    assert json.loads((three.out / "run.json").read_bytes())["stale"] == []


def test_new_territories_get_planners_and_those_of_gone_ones_stay_and_are_listed(three: Months) -> None:
    three.run()
    del three.tables["territories"][2]
    three.tables["territories"].append(
        {**three.row("territories", territory_id="T2"), "territory_id": "T4", "territory_name": "East"}
    )
    batch = three.update()
    assert {path.name for path in three.out.glob("T*")} == {
        "T1 North.xlsm", "T2 South.xlsm", "T3 West.xlsm", "T4 East.xlsm",
    }  # fmt: skip
    assert [one["file"] for one in batch.stale] == ["T3 West.xlsm"]
    assert ("STALE_PLANNER", None) in [(one.code, one.territory_id) for one in batch.findings]


def _torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def _no_workbook(path: Path) -> None:
    path.write_text("<html>")


def _without_base(path: Path) -> None:
    """As Google saves it: names and cells, and no properties."""
    parts = _parts(path)
    parts = {name: content for name, content in parts.items() if name != "docProps/custom.xml"}
    parts["_rels/.rels"] = _without(parts["_rels/.rels"], b"custom-properties")
    parts["[Content_Types].xml"] = _without(parts["[Content_Types].xml"], b"custom-properties")
    _write(path, parts)


def _without(part: bytes, mark: bytes) -> bytes:
    return b"<".join(piece for piece in part.split(b"<") if mark not in piece)


def _with_changed_base(path: Path) -> None:
    parts = _parts(path)
    parts["docProps/custom.xml"] = parts["docProps/custom.xml"].replace(b'name="inputs 1"', b'name="inputs 99"')
    _write(path, parts)


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _write(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _copied(path: Path) -> None:
    _write(path, _parts(path))  # saved since
    shutil.copy(path, path.with_name("T1 North (1).xlsm"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_torn, "T1 North.xlsm"),
        (_no_workbook, "T1 North.xlsm"),
        (_without_base, "does not hold what the run before wrote into it"),
        (_with_changed_base, "was changed: what its manager has changed cannot be known"),
        (_copied, "T1 North (1).xlsm, T1 North.xlsm are planners of this one territory"),
    ],
)
def test_a_planner_that_cannot_be_understood_is_left_alone_and_named(
    months: Months, spoil: Callable[[Path], None], says: str
) -> None:
    months.run()
    spoil(months.out / "T1 North.xlsm")
    before = contents(months.out)
    months.row("accounts", account_id="A1")["potential"] = "9000"
    months.row("accounts", account_id="A2")["potential"] = "9000"
    batch = months.update()
    after = contents(months.out)
    assert {name: after[name] for name in before if name.startswith("T1")} == {
        name: before[name] for name in before if name.startswith("T1")
    }
    [finding] = [one for one in batch.findings if one.code == "PLANNER_LEFT_ALONE"]
    assert (finding.severity, finding.territory_id) == ("error", "T1")
    assert says in str(finding)
    assert batch.failed
    assert batch.not_made == ["T1"]
    standing = json.loads((months.out / "run.json").read_bytes())["not_updated"]
    assert {"T1"} == {one["territory_id"] for one in standing}
    assert {one["file"] for one in standing} <= before.keys()
    assert after["T2 South.xlsm"] != before["T2 South.xlsm"]
    assert batch.stale == []


def test_a_planner_copied_for_another_territory_is_left_alone(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.named("in_territory_id").value = "T9"
    batch = months.update()
    assert of_update(batch) == [("PLANNER_LEFT_ALONE", "T1")]


def test_planners_of_another_year_are_left_alone(three: Months) -> None:
    three.run()
    for territory in three.tables["territories"]:
        territory["fiscal_year"] = "2028"
    batch = three.update()
    assert of_update(batch) == [("PLANNER_LEFT_ALONE", key) for key in ("T1", "T2", "T3")]


def test_a_workbook_that_is_no_planner_under_a_planners_name_is_not_replaced(months: Months) -> None:
    months.run()
    shutil.copy(months.out / "Overview.xlsx", months.out / "T1 North.xlsm")
    before = (months.out / "T1 North.xlsm").read_bytes()
    batch = months.update()
    assert of_update(batch) == [("PLANNER_LEFT_ALONE", "T1")]
    assert (months.out / "T1 North.xlsm").read_bytes() == before


def test_a_rehearsal_tells_all_and_writes_nothing(months: Months) -> None:
    months.row("accounts", account_id="A1")["potential"] = "700"
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    (months.out / "T2 South.xlsm").write_text("torn")
    months.row("accounts", account_id="A1")["potential"] = "900"
    before = contents(months.out)
    rehearsed = months.update(rehearse=True)
    assert contents(months.out) == before
    assert list(months.out.glob("backup*")) == []
    run = months.update()
    assert of_update(rehearsed) == of_update(run)
    assert of_update(run) == [("PLANNER_LEFT_ALONE", "T2"), ("EDIT_CONFLICT", "T1"), ("EDITS_KEPT", "T1")]


def test_a_planner_that_was_deleted_is_made_anew_and_told(months: Months) -> None:
    months.run()
    (months.out / "T1 North.xlsm").unlink()
    batch = months.update()
    assert (months.out / "T1 North.xlsm").exists()
    assert [one.territory_id for one in batch.findings if one.code == "PLANNER_MISSING"] == ["T1"]


def test_other_territories_are_left_as_they_are_with_only_some_asked_for(months: Months) -> None:
    months.run()
    for name in ("T1 North.xlsm", "T2 South.xlsm"):
        with months.edited(name) as sheets:
            sheets.named("in_growth_rate").value = 0.3
    before = contents(months.out)
    batch = months.update(only=["T2"])
    after = contents(months.out)
    assert after["T1 North.xlsm"] == before["T1 North.xlsm"]
    assert of_update(batch) == [("EDITS_KEPT", "T2")]


def test_into_a_new_folder_it_is_a_first_run(three: Months) -> None:
    batch = three.update()
    assert len(batch.made) == 3
    assert of_update(batch) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"update": True, "overwrite": True}, "take one"),
        ({"prefer": "tables"}, "--prefer is for --update"),
    ],
)
def test_options_that_do_not_go_together_are_one_clear_line(months: Months, options: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        months.run(**options)


def test_over_an_update_that_was_stopped_the_next_months_may_be_begun(
    months: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    months.row("territories", territory_id="T1")["territory_name"] = "Nord"
    monkeypatch.setattr("xlsales.batch.findings_files.write", _fail)
    with pytest.raises(InputError):
        months.update()
    monkeypatch.undo()
    assert json.loads((months.out / "run.json").read_bytes())["status"] == "stopped"
    months.row("accounts", account_id="A1")["recent_revenue"] = "1700"
    months.update()
    sheets = months.read("T1 Nord.xlsm")
    assert sheets.cell("tblAccounts", "A1", "Potential").value == 4321
    assert sheets.cell("tblAccounts", "A1", "Last 12 months").value == 1700


def _fail(*_arguments: object) -> None:
    raise InputError("stopped")


def test_the_old_file_of_a_planner_that_a_killed_run_had_renamed_is_no_second_one(
    months: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    old = (months.out / "T1 North.xlsm").read_bytes()
    months.row("territories", territory_id="T1")["territory_name"] = "Nord"
    monkeypatch.setattr("xlsales.batch.findings_files.write", _fail)
    with pytest.raises(InputError):
        months.update()
    monkeypatch.undo()
    (months.out / "T1 North.xlsm").write_bytes(old)  # as if killed between the new name and the old one's end
    months.update(resume=True)
    assert sorted(path.name for path in months.out.glob("T1*")) == ["T1 Nord.xlsm"]
    assert old in [path.read_bytes() for path in months.out.glob("backup */*")]
