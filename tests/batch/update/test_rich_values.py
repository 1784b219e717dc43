"""Data types and pictures that managers put into inputs: `#VALUE!` is what Excel stores there, and nobody's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import rich_values
from tests.package_edit import PackageEdit
from tests.rich_values import MICROSOFT, PICTURE, SPILL

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")


def put(months: Months, *cells: tuple[str, str, str, int]) -> None:
    """Put such values into rows of lists: table, ID, heading, which one."""
    sheets = months.read()
    places = [(sheets.cell(table, key, heading), which) for table, key, heading, which in cells]
    path = months.out / "T1 North.xlsm"
    edit = PackageEdit(path.read_bytes())
    rich_values.put(edit, *((cell.parent.title, cell.coordinate, which) for cell, which in places))
    path.write_bytes(edit.close())


def test_a_data_type_stays_as_the_text_that_it_shows_and_is_told(months: Months) -> None:
    months.run()
    put(months, ("tblAccounts", "A1", "Account", MICROSOFT))
    batch = months.update()
    assert months.read().cell("tblAccounts", "A1", "Account").value == "Microsoft & Sons"
    [finding] = [one for one in batch.findings if one.code == "DATA_TYPE_TYPED"]
    assert "(1, the first in Accounts!" in finding.message


@pytest.mark.parametrize("said", ["the same", "another"])
def test_a_picture_in_an_input_counts_as_if_nobody_had_typed_there(months: Months, said: str) -> None:
    months.run()
    before = months.read().cell("tblAccounts", "A1", "Potential").value
    put(months, ("tblAccounts", "A1", "Potential", PICTURE), ("tblAccounts", "A1", "Account", PICTURE))
    if said == "another":
        months.row("accounts", account_id="A1")["potential"] = "777"
    batch = months.update()
    codes = {one.code for one in batch.findings}
    assert months.read().cell("tblAccounts", "A1", "Potential").value == (777 if said == "another" else before)
    assert "DATA_TYPE_TYPED" in codes
    assert not codes & {"EDIT_CONFLICT", "EDITED_ROW_KEPT"}


def test_a_picture_in_a_single_input_leaves_the_tables_value(months: Months) -> None:
    months.run()
    place = months.read().named("in_leader")
    path = months.out / "T1 North.xlsm"
    edit = PackageEdit(path.read_bytes())
    rich_values.put(edit, (place.parent.title, place.coordinate, PICTURE))
    path.write_bytes(edit.close())
    months.row("territories", territory_id="T1")["leader"] = "Somebody else"
    months.update()
    assert months.read().named("in_leader").value == "Somebody else"


def test_an_error_of_later_years_is_an_error_as_any_other(months: Months) -> None:
    months.run()
    put(months, ("tblAccounts", "A1", "Potential", SPILL))
    batch = months.update()
    assert months.read().cell("tblAccounts", "A1", "Potential").value == "#VALUE!"
    assert "DATA_TYPE_TYPED" not in {one.code for one in batch.findings}
