"""Merged cells and locked cells of protected sheets are those that openpyxl finds."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Protection

from xlsales.workbook import package, sheet_part, typing_room
from xlsales.workbook import template as templates

_OPEN = "<worksheet><sheetData><row r='1'><c r='A1' s='2'/></row></sheetData>"


def _made() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.merge_cells("B2:D4")
    sheet.merge_cells("F1:F9")
    sheet["A1"], sheet["A2"], sheet["A3"] = 1, 2, 3
    sheet["A2"].protection = Protection(locked=False)
    sheet["A3"].protection = Protection(locked=True, hidden=True)
    sheet.protection.enable()
    workbook.create_sheet("open").merge_cells("A1:A2")
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("package_of", [_made, lambda: templates.shipped("xlsm").read_bytes()], ids=["made", "ours"])
def test_merged_and_locked_cells_are_those_that_openpyxl_finds(package_of: object) -> None:
    content = package_of()  # type: ignore[operator]
    contents = package.read(content)
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    unlocked = typing_room.open_styles(contents)
    for sheet in workbook.worksheets:
        part = sheet_part.read(contents[f"xl/worksheets/sheet{workbook.index(sheet) + 1}.xml"], sheet.title)
        assert sorted(map(str, typing_room.merged(part))) == sorted(map(str, sheet.merged_cells.ranges))
        assert typing_room.is_protected(part) == sheet.protection.sheet
        for cell in part.cells:
            assert (typing_room.style_of(part, cell) not in unlocked) == sheet[cell].protection.locked


@pytest.mark.parametrize(
    ("tail", "protected"),
    [
        ('<sheetProtection sheet="1" objects="1"/>', True),
        ("<sheetProtection algorithmName='>' sheet = 'true'/>", True),
        ('<sheetProtection sheet="0"/>', False),
        ('<sheetProtection objects="1"/>', False),
        ("", False),
    ],
)
def test_sheet_is_protected_where_the_part_says_so(tail: str, protected: bool) -> None:
    assert typing_room.is_protected(sheet_part.read(f"{_OPEN}{tail}</worksheet>".encode(), "S")) == protected


def test_prefixed_part_is_read_too() -> None:
    content = (
        '<x:worksheet xmlns:x="urn:x"><x:sheetData/><x:sheetProtection sheet="1"/><x:mergeCells count="1">'
        '<x:mergeCell ref="A1:B2"/></x:mergeCells></x:worksheet>'
    )
    part = sheet_part.read(content.encode(), "S")
    assert typing_room.is_protected(part)
    assert [str(cells) for cells in typing_room.merged(part)] == ["A1:B2"]
    assert typing_room.style_of(part, "A1") is None
