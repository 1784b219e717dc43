"""A worksheet part gives the same cells whether it is cut at its values or read one cell after another."""

from __future__ import annotations

import random
import re

import pytest

from tests.workbook.returned.edits import EXAMPLE
from tests.workbook.test_sheet_scan import _UNUSUAL, _USUAL, _part
from xlsales.errors import InputError
from xlsales.workbook import package, sheet_part, sheet_scan, sheet_values
from xlsales.workbook.sheet_cells import Cell

_BROKEN = {
    "a value that never ends": '<row r="1"><c r="A1"><v>1</c></row>',
    "a reference to no character": '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>&nbsp;</v></c></row>',
    "a lonely ampersand": '<row r="1"><c r="A1"><v>1 & 2</v></c></row>',
    "a character that XML has not": '<row r="1"><c r="A1"><v>\x01</v></c></row>',
    "the end of a section of characters": '<row r="1"><c r="A1"><v>]]></v></c></row>',
    "an attribute twice": '<row r="1"><c r="A1" t="n" t="str"><v>1</v></c></row>',
    "an attribute twice, after a value": '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="n" t="str"/></row>',
    "a row within a row": '<row r="1"><c r="A1"><v>1</v></c><row r="2"><c r="A2"><v>1</v></c></row></row>',
    "a row that never ends": '<row r="1"><c r="A1"><v>1</v></c>',
    "a cell between rows": '<row r="1"><c r="A1"><v>1</v></c></row><c r="A2"><v>2</v></c>',
    "a part of a reference in each of two values": '<row r="1"><c r="A1"><v>&am</v></c><c r="B1"><v>p;</v></c></row>',
}


def nowhere(part: sheet_part.SheetPart) -> dict[str, Cell]:
    return {reference: cell._replace(start=-1, end=-1) for reference, cell in part.cells.items()}


def told(content: bytes, read: object) -> object:
    try:
        return nowhere(read(content, "x"))  # type: ignore[operator]
    except InputError:
        return InputError


@pytest.mark.parametrize("rows", [*_USUAL.values(), *_UNUSUAL.values()], ids=[*_USUAL, *_UNUSUAL])
def test_what_programs_write_is_read_as_one_cell_after_another(rows: str) -> None:
    content = _part(rows)
    for _time in range(2):  # the second one knows the pieces
        assert told(content, sheet_values.read) == told(content, sheet_part.read) != InputError


@pytest.mark.parametrize("rows", _BROKEN.values(), ids=_BROKEN)
def test_what_is_broken_is_read_no_better_than_one_cell_after_another(rows: str) -> None:
    content = _part(rows)
    for _time in range(2):
        assert told(content, sheet_values.read) == told(content, sheet_part.read)


def test_bytes_that_are_no_text_are_refused() -> None:
    content = _part('<row r="1"><c r="A1" t="str"><f>B1</f><v>?</v></c></row>').replace(b"?", b"\xff")
    assert told(content, sheet_values.read) is InputError


def test_all_sheets_of_a_planner_are_cut_at_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [content for part, content in package.read(EXAMPLE.read_bytes()).items() if "/worksheets/sheet" in part]
    wanted = [nowhere(sheet_part.read(content, "x")) for content in sheets]
    monkeypatch.setattr(sheet_scan, "scanned", lambda _content: pytest.fail("read one cell after another"))
    assert len(sheets) > 10
    assert [sheet_values.read(content, "x").cells for content in sheets] == wanted


@pytest.mark.parametrize("seed", range(4))
def test_a_part_with_bytes_taken_out_or_doubled_is_read_as_one_cell_after_another(seed: int) -> None:
    sheets = [content for part, content in package.read(EXAMPLE.read_bytes()).items() if "/worksheets/sheet" in part]
    content = min(sheets, key=len)
    chance = random.Random(seed)
    tags = [found.start() for found in re.finditer(rb"[<>\"&]", content)]
    for _time in range(40):
        place = chance.choice(tags) + chance.randrange(-1, 2)
        end = place + chance.randrange(1, 12)
        changed = content[:place] + chance.choice([b"", content[place:end] * 2]) + content[end:]
        assert told(changed, sheet_values.read) == told(changed, sheet_part.read)
