"""Planners in which a manager has moved things: sheets with new names, rows in another order, columns to and fro."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")


def rename_sheet(path: Path, old: str, new: str) -> None:
    """As Excel does it: in every formula, name and link too."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name.endswith(".xml"):
                content = content.replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
                content = content.replace(f"{old}!".encode(), f"{new}!".encode())
            archive.writestr(name, content)


def test_a_sheet_with_another_name_is_read_and_gets_its_own_again(months: Months) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    rename_sheet(months.out / "T1 North.xlsm", "Accounts", "Konten")
    months.row("accounts", account_id="A1")["recent_revenue"] = "1500"
    batch = months.update()
    found = [months.read().cell("tblAccounts", "A1", name).value for name in ("Potential", "Last 12 months")]
    assert found == [4321, 1500]
    codes = {one.code for one in batch.findings if one.territory_id == "T1"}
    assert "PLANNER_LEFT_ALONE" not in codes
    assert "EDITS_KEPT" in codes


def test_sorted_rows_stay_sorted_with_their_edits_and_new_ones_come_behind(months: Months) -> None:
    months.tables["accounts"] += [
        {"territory_id": "T1", "account_id": key, "account_name": f"Name {key}", "recent_revenue": "10"}
        for key in ("B1", "B2", "B3")
    ]
    months.run()
    with months.edited() as sheets:
        area, sheet = sheets.table("tblAccounts")
        _head, *rows = sheet[area]
        values = [[cell.value for cell in row] for row in rows]
        filled = [row for row in values if row[1] is not None]
        for row, cells in zip(rows, [*filled[::-1], *values[len(filled) :]], strict=True):
            for cell, value in zip(row, cells, strict=True):
                if not str(value).startswith("="):
                    cell.value = value
        sheets.cell("tblAccounts", "B2", "Owner").value = "Zoë"
    before = months.read().keys("tblAccounts", "Account ID")
    months.tables["accounts"].append(
        {"territory_id": "T1", "account_id": "B4", "account_name": "New", "recent_revenue": "99999"}
    )
    months.update()
    sheets = months.read()
    assert sheets.keys("tblAccounts", "Account ID") == [*before, "B4"]
    assert sheets.cell("tblAccounts", "B2", "Owner").value == "Zoë"
