"""A planner that came back without what it carried, beside the one that was sent out: Google Sheets, a phone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.batches import contents

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")
SENT, BACK = "T1 North.xlsm", "T1 North (1).xlsx"


def come_back(months: Months, name: str = BACK) -> Path:
    """Edit a copy of the first planner as a program does that keeps cells and names, and drops properties."""
    book = openpyxl.load_workbook(months.out / SENT)
    for one in list(book.custom_doc_props.names):
        del book.custom_doc_props[one]
    sheet = book["Accounts"]
    rows = {row[0].value: row for row in sheet[sheet.tables["tblAccounts"].ref]}
    headings = [cell.value for cell in next(iter(rows.values()))]
    rows["A1"][headings.index("Potential")].value = 4321
    book.save(months.out / name)
    return months.out / name


def alone(batch: object) -> list[str]:
    return [one.message for one in batch.findings if one.code == "PLANNER_LEFT_ALONE"]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("whole")
def test_edits_are_known_by_the_planner_that_was_sent_out(months: Months) -> None:
    months.run()
    back = come_back(months).read_bytes()
    months.row("accounts", account_id="A1")["recent_revenue"] = "1500"
    rehearsed = months.update(rehearse=True)
    assert (months.out / BACK).read_bytes() == back
    batch = months.update()
    assert alone(rehearsed) == alone(batch) == []
    cell = months.read(SENT).cell
    assert (cell("tblAccounts", "A1", "Potential").value, cell("tblAccounts", "A1", "Last 12 months").value) == (
        4321,
        1500,
    )
    assert sorted(path.name for path in months.out.glob("T1*")) == [SENT]
    [backup] = months.out.glob("backup*")
    assert contents(backup)[BACK] == back
    assert [one.code for one in months.update().findings if one.territory_id == "T1"] == ["EDITS_KEPT"]


def test_it_needs_the_planner_that_was_sent_out_and_says_so(months: Months) -> None:
    months.run()
    come_back(months)
    (months.out / SENT).unlink()
    [message] = alone(months.update())
    assert "Put the planner as it was sent out beside it, under its own name, and run again" in message


def test_one_of_the_month_before_is_left_alone(months: Months) -> None:
    months.run()
    path = come_back(months)
    shutil.move(path, months.out.parent / BACK)
    months.row("deals", deal_id="D1")["close_date"] = "2027-02-27"
    months.tables["deals"].append({**months.row("deals", deal_id="D1"), "deal_id": "D9", "close_date": "2027-03-09"})
    months.update()
    shutil.move(months.out.parent / BACK, path)
    before = path.read_bytes()
    [message] = alone(months.update())
    assert "another as-of date" in message
    assert path.read_bytes() == before


def test_with_its_properties_it_needs_no_other_and_takes_its_place(months: Months) -> None:
    months.run()
    shutil.copy(months.out / SENT, months.out / "T1 North final.xlsm")
    with months.edited("T1 North final.xlsm") as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 99
    assert alone(months.update()) == []
    assert sorted(path.name for path in months.out.glob("T1*")) == [SENT]
    assert months.read(SENT).cell("tblAccounts", "A1", "Potential").value == 99


def test_two_that_were_edited_are_left_alone(months: Months) -> None:
    months.run()
    come_back(months)
    with months.edited(SENT) as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 5
    [message] = alone(months.update())
    assert f"{BACK}, {SENT} are planners of this one territory" in message
