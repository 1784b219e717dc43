"""What a planner holds and the new one has no place for: every value of it is named, and it is in the backup."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.tiny import light

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months
    from xlsales.batch import Batch

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")


def told(batch: Batch, code: str) -> list[str]:
    return [one.message for one in batch.findings if one.code == code]


def other_template(path: Path, new_sheet: str = "") -> Path:
    """The template of these tests without a column of accounts, and perhaps with another sheet."""
    book = openpyxl.load_workbook(io.BytesIO(light("xlsx")))
    accounts = book["Accounts"]
    next(cell for cell in accounts[5] if cell.value == "Potential").value = "Chance"
    next(one for one in accounts.tables["tblAccounts"].tableColumns if one.name == "Potential").name = "Chance"
    if new_sheet:
        book.create_sheet(new_sheet)
    book.save(path)
    return path


@pytest.fixture
def plain(months: Months, tmp_path: Path) -> Months:
    """Planners of a template without macros."""
    months.template = tmp_path / "Light.xlsx"
    months.template.write_bytes(light("xlsx"))
    return months


@pytest.mark.usefixtures("whole")
def test_rows_typed_beneath_a_table_that_cannot_grow_are_named(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheet, letter = sheets.column("tblTeam", "Name")
        area, _sheet = sheets.table("tblTeam")
        top, bottom = (int("".join(filter(str.isdigit, corner))) for corner in area.split(":"))
        for row in range(top + 1, bottom + 2):
            sheet[f"{letter}{row}"] = f"Person {row - top}"
    batch = months.update()
    there = months.read().keys("tblTeam", "Name")
    assert len(there) == bottom - top
    [message] = told(batch, "INPUT_WITHOUT_PLACE")
    assert f"Person {bottom - top + 1}”" in message


def test_every_value_of_a_column_that_is_gone_is_named(plain: Months, tmp_path: Path) -> None:
    plain.run()
    with plain.edited("T1 North.xlsx") as sheets:
        first, second = (sheets.cell("tblAccounts", key, "Potential") for key in ("007", "A1"))
        first.value, second.value = 4321, 987
    batch = plain.update(template=other_template(tmp_path / "Other.xlsx"))
    [message] = told(batch, "INPUT_WITHOUT_PLACE")
    assert "4321 (007), 987 (A1)" in message


def test_two_values_that_change_places_are_named_too(plain: Months, tmp_path: Path) -> None:
    for key, value in (("007", "10"), ("A1", "20")):
        plain.row("accounts", account_id=key)["potential"] = value
    plain.run()
    with plain.edited("T1 North.xlsx") as sheets:
        first, second = (sheets.cell("tblAccounts", key, "Potential") for key in ("007", "A1"))
        first.value, second.value = 20, 10
    for row in plain.tables["accounts"]:
        row.pop("potential", None)
    batch = plain.update(template=other_template(tmp_path / "Other.xlsx"))
    [message] = told(batch, "INPUT_WITHOUT_PLACE")
    assert "20 (007), 10 (A1)" in message


def test_another_template_is_told_with_what_differs(plain: Months, tmp_path: Path) -> None:
    plain.run()
    path = other_template(tmp_path / "Other.xlsx", new_sheet="Goals")
    [message, _other] = told(plain.update(template=path), "TEMPLATE_CHANGED")
    assert "new sheets: Goals" in message
    assert "inputs that are gone: accounts, Potential" in message
    assert not told(plain.update(template=path), "TEMPLATE_CHANGED")


def test_a_template_whose_texts_alone_are_others_is_told(plain: Months, tmp_path: Path) -> None:
    plain.run()
    book = openpyxl.load_workbook(plain.template)
    book["Plan"]["H1"] = "The goal of the year"
    book.save(tmp_path / "Other.xlsx")
    [message, _other] = told(plain.update(template=tmp_path / "Other.xlsx"), "TEMPLATE_CHANGED")
    assert "sheets and inputs are called the same" in message


def test_a_list_of_the_tables_that_is_too_long_leaves_the_planner_as_it_is(plain: Months, tmp_path: Path) -> None:
    """Something stands beneath the list, which therefore cannot grow: a run of its own makes no planner of it."""
    plain.run()
    book = openpyxl.load_workbook(plain.template)
    book["Team"]["B30"] = "The end"
    book["Team"].merge_cells("B19:C19")
    book.save(tmp_path / "Other.xlsx")
    plain.tables["team"] = [
        {"territory_id": "T1", "name": f"Person {number}", "role": "SELLER"} for number in range(40)
    ]
    before = (plain.out / "T1 North.xlsx").read_bytes()
    batch = plain.update(template=tmp_path / "Other.xlsx")
    [message] = told(batch, "TOO_MANY_ROWS")
    assert "40 rows" in message
    assert (plain.out / "T1 North.xlsx").read_bytes() == before
