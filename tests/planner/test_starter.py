"""Empty input tables to fill."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from xlsales.planner import starter
from xlsales.schema import TABLES
from xlsales.tables import Validated, read_tables, validate
from xlsales.workbook.lint import check


@pytest.fixture(params=["folder", "workbook"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "workbook":
        path = tmp_path / "my tables.xlsx"
        path.write_bytes(starter.workbook())
        return path
    for name, content in starter.files().items():
        (tmp_path / name).write_bytes(content())
    return tmp_path


def test_starter_is_read_without_a_finding(source: Path) -> None:
    validated: Validated = validate(read_tables(source))
    assert validated.findings == ()
    assert {name: counts.accepted for name, counts in validated.accounting.items()} == {
        name: 12 if name == "org_health" else 2 for name in TABLES
    }
    assert validated.rows("accounts", "EX1")[0]["account_id"] == "001"


def test_workbook_has_a_note_on_each_heading_and_lists_to_choose_from() -> None:
    book = openpyxl.load_workbook(io.BytesIO(starter.workbook()))
    for name, table in TABLES.items():
        sheet = book[name]
        headings = list(zip(sheet[1], table, strict=True))
        assert [cell.value for cell, _column in headings] == [column.name for column in table]
        assert all(cell.comment and cell.comment.text.startswith(column.help) for cell, column in headings)
        rules = sheet.data_validations.dataValidation
        offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in rules}
        below = {cell.offset(1).coordinate: column.choices for cell, column in headings if column.choices}
        assert offered == {cell: f'"{",".join(choices)}"' for cell, choices in below.items()}


def test_workbook_opens_without_repair() -> None:
    assert check(starter.workbook(), "tables.xlsx").faults == ()
