"""Formulas that a column repeats are stored once, and read as they were."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.unshared import unshared
from xlsales.excel.shared_formulas import share

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(cells: dict[str, str]) -> bytes:
    rows: dict[int, str] = {}
    for reference, formula in cells.items():
        number = int(reference.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        rows[number] = rows.get(number, "") + f'<c r="{reference}">{formula}<v>1</v></c>'
    text = "".join(f'<row r="{number}">{row}</row>' for number, row in sorted(rows.items()))
    return f'<worksheet xmlns="{MAIN}"><sheetData>{text}</sheetData></worksheet>'.encode()


def formulas(part: bytes) -> dict[str, str]:
    found = {}
    for cell in etree.fromstring(part).iter("{*}c"):
        formula = cell.find("{*}f")
        text = etree.tostring(formula, encoding="unicode", with_tail=False)
        found[cell.get("r")] = text.replace(f' xmlns="{MAIN}"', "")
    return found


def test_column_that_repeats_a_formula_is_stored_once() -> None:
    part = share(sheet({f"C{row}": f"<f>$A{row}*in_rate+SUM($B$1:$B{row})</f>" for row in range(2, 6)}))
    assert formulas(part) == {
        "C2": '<f t="shared" si="0" ref="C2:C5">$A2*in_rate+SUM($B$1:$B2)</f>',
        "C3": '<f t="shared" si="0"/>',
        "C4": '<f t="shared" si="0"/>',
        "C5": '<f t="shared" si="0"/>',
    }
    assert part.count(b"<v>1</v>") == 4


@pytest.mark.parametrize(
    "cells",
    [
        {"A1": "<f>B1</f>", "A2": "<f>B2</f>"},  # too few
        {"A1": "<f>B1</f>", "A2": "<f>B2</f>", "A4": "<f>B4</f>"},  # a gap
        {"A1": "<f>B1</f>", "B1": "<f>C1</f>", "C1": "<f>D1</f>"},  # a row
        {"A1": "<f>B1</f>", "A2": "<f>B1</f>", "A3": "<f>B1</f>"},  # not the same formula, moved
        {f"A{row}": f'<f t="array" ref="A{row}">B{row}</f>' for row in range(1, 5)},
        {f"A{row}": f'<f ca="1">B{row}</f>' for row in range(1, 5)},
    ],
)
def test_other_formulas_stay_as_they_are(cells: dict[str, str]) -> None:
    assert formulas(share(sheet(cells))) == cells


def test_columns_and_breaks_count_on() -> None:
    cells = {f"A{row}": f"<f>B{row}</f>" for row in range(1, 4)} | {f"A{row}": f"<f>C{row}</f>" for row in range(4, 7)}
    cells |= {f"D{row}": f"<f>$E$1&amp;E{row}</f>" for row in range(1, 4)}
    shared = formulas(share(sheet(cells)))
    assert [shared[place] for place in ("A1", "A4", "D1")] == [
        '<f t="shared" si="0" ref="A1:A3">B1</f>',
        '<f t="shared" si="1" ref="A4:A6">C4</f>',
        '<f t="shared" si="2" ref="D1:D3">$E$1&amp;E1</f>',
    ]
    root = etree.fromstring(share(sheet(cells)))
    unshared(root)
    assert formulas(etree.tostring(root)) == cells
