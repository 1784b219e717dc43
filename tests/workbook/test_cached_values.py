"""Values beside formulas: stored as Excel stores them, and only there."""

from __future__ import annotations

import pytest
from lxml import etree

from xlsales.cells.values import CellValue
from xlsales.functions import CellError
from xlsales.workbook import cached_values, parts

MAIN = parts.MAIN


def sheet(*cells: str) -> bytes:
    row = f'<row r="1">{"".join(cells)}</row>'
    return f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'.encode()


def stored(package: bytes, address: str = "A1") -> str:
    """A cell's XML without its namespace."""
    cell = etree.fromstring(package).find(f".//{{{MAIN}}}c[@r='{address}']")
    assert cell is not None
    return str(etree.tostring(cell, encoding="unicode")).replace(f' xmlns="{MAIN}"', "")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (5.0, '<c r="A1"><f>F()</f><v>5</v></c>'),
        (0.1, '<c r="A1"><f>F()</f><v>0.1</v></c>'),
        (0.1 + 0.2, '<c r="A1"><f>F()</f><v>0.30000000000000004</v></c>'),
        (-2.5, '<c r="A1"><f>F()</f><v>-2.5</v></c>'),
        (0.0, '<c r="A1"><f>F()</f><v>0</v></c>'),
        (-0.0, '<c r="A1"><f>F()</f><v>0</v></c>'),
        (123456789012345.0, '<c r="A1"><f>F()</f><v>123456789012345</v></c>'),
        (1e15, '<c r="A1"><f>F()</f><v>1000000000000000</v></c>'),
        (1e300, '<c r="A1"><f>F()</f><v>1e+300</v></c>'),
        (5e-324, '<c r="A1"><f>F()</f><v>5e-324</v></c>'),
        (True, '<c r="A1" t="b"><f>F()</f><v>1</v></c>'),
        (False, '<c r="A1" t="b"><f>F()</f><v>0</v></c>'),
        ("North", '<c r="A1" t="str"><f>F()</f><v>North</v></c>'),
        ("007", '<c r="A1" t="str"><f>F()</f><v>007</v></c>'),
        ("", '<c r="A1" t="str"><f>F()</f><v/></c>'),
        ("a < b & c", '<c r="A1" t="str"><f>F()</f><v>a &lt; b &amp; c</v></c>'),
        ("Île 北 \U0001f4c8", '<c r="A1" t="str"><f>F()</f><v>Île 北 \U0001f4c8</v></c>'),
        (CellError("#N/A"), '<c r="A1" t="e"><f>F()</f><v>#N/A</v></c>'),
        (CellError("#DIV/0!", "why"), '<c r="A1" t="e"><f>F()</f><v>#DIV/0!</v></c>'),
        (None, '<c r="A1"><f>F()</f></c>'),
    ],
)
def test_formula_gets_its_value(value: CellValue, cell: str) -> None:
    for before in ('<c r="A1"><f>F()</f></c>', '<c r="A1" t="str"><f>F()</f><v>old</v></c>'):
        assert stored(cached_values.put(sheet(before), {"A1": value})) == cell


def test_formula_without_a_value_loses_the_old_one() -> None:
    assert stored(cached_values.put(sheet('<c r="A1" t="e"><f>F()</f><v>#N/A</v></c>'), {})) == (
        '<c r="A1"><f>F()</f></c>'
    )


def test_style_stays_and_so_do_cells_without_a_formula() -> None:
    cells = (
        '<c r="A1" s="7"><f>F()</f></c>',
        '<c r="B1" s="3" t="inlineStr"><is><t>text</t></is></c>',
        '<c r="C1" t="n"><v>4</v></c>',
        '<c r="D1"/>',
    )
    package = cached_values.put(sheet(*cells), dict.fromkeys(("A1", "B1", "C1", "D1"), 9.0))
    assert stored(package) == '<c r="A1" s="7"><f>F()</f><v>9</v></c>'
    assert [stored(package, f"{letter}1") for letter in "BCD"] == list(cells[1:])


def test_nothing_outside_the_file_is_read_through_an_entity() -> None:
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + sheet(
        '<c r="A1"><f>F()</f></c><c r="B1" t="str"><v>&e;</v></c>'
    )
    assert b"root:" not in cached_values.put(evil, {"A1": 1.0})


def test_each_sheet_gets_its_own_values() -> None:
    cell = '<c r="A1"><f>F()</f></c>'
    parts = {f"xl/worksheets/sheet{number}.xml": sheet(cell) for number in (1, 2)}
    cached_values.put_all(parts, ["Second to last", "Last"], {("Last", "A1"): 2.0, ("Elsewhere", "A1"): 3.0})
    assert [stored(part) for part in parts.values()] == [cell, '<c r="A1"><f>F()</f><v>2</v></c>']


def test_a_text_that_looks_like_an_escape_is_stored_so_that_it_reads_back() -> None:
    # Excel reads _x0041_ in a file as the letter A; _x005F_ is the underscore that prevents it.
    sheet = f'<worksheet xmlns="{parts.MAIN}"><c r="A1"><f>B1</f></c></worksheet>'.encode()
    assert b"<v>a_x005F_x0041_b</v>" in cached_values.put(sheet, {"A1": "a_x0041_b"})
