"""Worksheet parts: every cell is found where it stands, and only rewritten cells change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlsales.cells.stored import Stored, stored
from xlsales.errors import InputError
from xlsales.workbook import sheet_part

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def part(rows: str, tail: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()


def only(content: str) -> sheet_part.Cell:
    """The one cell of a row that holds nothing else."""
    found = sheet_part.read(part(f'<row r="1">{content}</row>'), "S")
    (cell,) = found.cells.values()
    assert found.content[cell.start : cell.end].decode() == content
    return cell


@pytest.mark.parametrize(
    ("content", "kind", "shown", "formula", "after"),
    [
        ('<c r="A1"/>', "", None, b"", b""),
        ('<c r="A1" s="3" ></c>', "", None, b"", b""),
        ('<c r="A1"><v>5</v></c>', "", "5", b"", b""),
        ('<c r="A1" t="s"><v>0</v></c>', "s", "0", b"", b""),
        ("<c t='str' r='A1'><f>B1&amp;\"&gt;\"</f><v>a&lt;b</v></c>", "str", "a<b", b'<f>B1&amp;"&gt;"</f>', b""),
        ('<c r="A1"><f>B1</f></c>', "", None, b"<f>B1</f>", b""),
        ('<c r="A1"><f t="shared" si="0"/><v/></c>', "", "", b'<f t="shared" si="0"/>', b""),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "e", "#DIV/0!", b"<f>1/0</f>", b""),
        ('<c r="A1"><f>B1</f><v>2</v><extLst><ext/></extLst></c>', "", "2", b"<f>B1</f>", b"<extLst><ext/></extLst>"),
        ('<c r="A1" t="inlineStr"><is><t>one</t></is></c>', "inlineStr", "one", b"", b""),
        (
            '<c r="A1" t="inlineStr"><is><r><t>o</t></r><r><t>ne</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
            "inlineStr",
            "one",
            b"",
            b"",
        ),
        ('<c r="A1" note="1>0"><v>5</v></c>', "", "5", b"", b""),
        ('<c r="A1"><!-- <v>6</v> --><v>5</v></c>', "", "5", b"", b""),
    ],
)
def test_cell_is_read(content: str, kind: str, shown: str | None, formula: bytes, after: bytes) -> None:
    cell = only(content)
    assert (cell.reference, cell.kind, cell.shown, cell.formula, cell.after) == ("A1", kind, shown, formula, after)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ('<c r="A1" s="3"/>', 5.0, '<c r="A1" s="3"><v>5</v></c>'),
        ('<c r="A1" s="3" t="s"><v>0</v></c>', 0.5, '<c r="A1" s="3"><v>0.5</v></c>'),
        ('<c r="A1"><f>B1</f><v>1</v></c>', "<a>", '<c r="A1" t="str"><f>B1</f><v>&lt;a&gt;</v></c>'),
        ('<c r="A1" t="str"><f>B1</f><v>x</v></c>', True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
        ('<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>', None, '<c r="A1"><f>B1</f></c>'),
        ('<c r="A1" t="e"><v>#N/A</v></c>', None, '<c r="A1"/>'),
        ('<c r="A1"><v>1</v><extLst/></c>', 2.0, '<c r="A1"><v>2</v><extLst/></c>'),
        # a picture or a stock in a cell: its value's metadata goes with it, that of a dynamic array stays
        ('<c r="A1" s="3" t="e" vm="7"><f>B1</f><v>#VALUE!</v></c>', 2.0, '<c r="A1" s="3"><f>B1</f><v>2</v></c>'),
        ('<c r="A1" cm="1" vm="7" t="e"><v>#VALUE!</v></c>', "x", '<c r="A1" cm="1" t="str"><v>x</v></c>'),
        ("<c vm = '7' r='A1' t='e'><v>#VALUE!</v></c>", None, "<c r='A1'/>"),
    ],
)
def test_cell_is_rewritten(before: str, value: float | str | bool | None, after: str) -> None:
    assert only(before).with_value(stored(value)).decode() == after


def test_cells_without_references_count_on() -> None:
    found = sheet_part.read(part("<row><c><v>1</v></c><c/></row><row r='5'><c r='C5'/><c/></row><row><c/></row>"), "S")
    assert list(found.cells) == ["A1", "B1", "C5", "D5", "A6"]


def test_prefixed_part_is_rewritten_with_its_prefix() -> None:
    content = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>B1</x:f></x:c></x:row>'.encode()
    )
    content += b"</x:sheetData></x:worksheet>"
    found = sheet_part.read(content, "S")
    new = found.with_cells({"A1": found.cells["A1"].with_value(Stored("", "7"), found.prefix)})
    assert b'<x:c r="A1"><x:f>B1</x:f><x:v>7</x:v></x:c>' in new
    assert etree.fromstring(new).tag == f"{{{MAIN}}}worksheet"


@pytest.mark.parametrize(
    ("rows", "wanted", "there"),
    [
        ("", {"B2"}, '<row r="2"><c r="B2"/></row>'),
        ('<row r="2"/>', {"B2"}, '<row r="2"><c r="B2"/></row>'),
        (
            '<row r="2" spans="1:1" ht="30"><c r="A2"/></row>',
            {"C2", "B2"},
            '<row r="2" ht="30"><c r="A2"/><c r="B2"/><c r="C2"/></row>',
        ),
        (
            '<row r="2"><c r="B2"/></row><row r="9"/>',
            {"A2", "C2", "A3"},
            '<row r="2"><c r="A2"/><c r="B2"/><c r="C2"/></row><row r="3"><c r="A3"/></row><row r="9"/>',
        ),
        ('<row r="2"><c r="B2"/></row>', {"B2"}, '<row r="2"><c r="B2"/></row>'),
        ('<row r="2"><c r="Z2"/><c r="AB2"/></row>', {"AA2"}, '<row r="2"><c r="Z2"/><c r="AA2"/><c r="AB2"/></row>'),
    ],
)
def test_room_is_made_in_order(rows: str, wanted: set[str], there: str) -> None:
    found = sheet_part.with_room_for(sheet_part.read(part(rows), "S"), wanted, "S")
    assert found.content == part(there)
    assert wanted <= found.cells.keys()


@pytest.mark.parametrize(
    ("said", "wanted", "then"),
    [
        ("B2:C3", {"E9"}, "B2:E9"),
        ("B2:C3", {"A1", "D3"}, "A1:D3"),
        ("A1", {"XFD1"}, "A1:XFD1"),
        ("A1:D9", {"B2"}, "A1:D9"),
        ("", {"B2"}, ""),
    ],
)
def test_a_sheet_that_says_how_far_its_cells_go_says_it_of_new_ones_too(said: str, wanted: set[str], then: str) -> None:
    sheet = f"<worksheet xmlns='{MAIN}'><dimension ref = '{said}' /><sheetData/></worksheet>"
    found = sheet_part.with_room_for(sheet_part.read(sheet.encode(), "S"), wanted, "S")
    assert f"<dimension ref = '{then}' />".encode() in found.content
    assert wanted == found.cells.keys()


def test_room_is_made_in_a_sheet_without_any_row() -> None:
    content = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()
    found = sheet_part.with_room_for(sheet_part.read(content, "S"), {"B2"}, "S")
    assert found.content == part('<row r="2"><c r="B2"/></row>')


@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.integers(1, 40), st.sampled_from(["<v>1</v>", "<f>A1</f><v>2</v>", ""])),
        max_size=30,
        unique_by=lambda cell: cell[:2],
    ),
    st.data(),
)
def test_what_is_not_rewritten_keeps_its_bytes(cells: list[tuple[int, int, str]], data: st.DataObject) -> None:
    rows: dict[int, list[tuple[int, str]]] = {}
    for row, column, inside in cells:
        rows.setdefault(row, []).append((column, inside))
    text = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{_letter(c)}{row}" s="1">{i}</c>' for c, i in sorted(found)) + "</row>"
        for row, found in sorted(rows.items())
    )
    found = sheet_part.read(part(text, "<tail/>"), "S")
    chosen = data.draw(st.sets(st.sampled_from(sorted(found.cells)))) if found.cells else set()
    new = sheet_part.read(
        found.with_cells({ref: found.cells[ref].with_value(Stored("str", "new")) for ref in chosen}), "S"
    )
    assert new.cells.keys() == found.cells.keys()
    for reference, cell in found.cells.items():
        again = new.cells[reference]
        assert again.formula == cell.formula
        if reference in chosen:
            assert (again.kind, again.shown) == ("str", "new")
        else:
            assert new.content[again.start : again.end] == found.content[cell.start : cell.end]
    assert new.content.endswith(b"</sheetData><tail/></worksheet>")


def _letter(column: int) -> str:
    return chr(64 + column) if column <= 26 else f"A{chr(64 + column - 26)}"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<worksheet><sheetData>", "Sales: this sheet cannot be read"),
        (b"\xff\xfe<\x00", "Sales: this sheet is stored as UTF-16"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "a document type is declared"),
    ],
)
def test_unusable_part_is_refused_with_its_name(content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        sheet_part.read(content, "Sales")
