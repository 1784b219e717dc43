"""Formulas that a column repeats are stored once, and read as they were."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.unshared import unshared
from xlsales.workbook.shared_formulas import can_be_shared, share

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
        {
            f"A{row}": f"<f>Deals!B{row}+1</f>" for row in range(1, 5)
        },  # Excel shares nothing that leads to another sheet
    ],
)
def test_other_formulas_stay_as_they_are(cells: dict[str, str]) -> None:
    assert formulas(share(sheet(cells))) == cells


@pytest.mark.parametrize(
    "formula",
    [
        "$A2*in_rate+SUM($B$1:$B2)",
        "SUM(A:A,$3:4)+-1%",
        'IF(A1="Deals!A1 [x] {1} #REF! A1:B2:C3","a ""b""!",2)',  # all of it inside texts
        "SUM( A1 , B1 )\n+A2",
        '_xlfn.XLOOKUP(T2,R:R,S:S,"none")',
        "VLOOKUP(B24,$B$7:$N$21,VLOOKUP($C$23,droptable,3,FALSE),FALSE)",
        "IF(TRUE,,Größe)",
        "(A1+B1)*-(C1)",
    ],
)
def test_excel_shares_such_formulas(formula: str) -> None:
    assert can_be_shared(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "Deals!A1",
        "'Org health'!A1",
        "'it''s A1'!A1+B1",
        "SUM(Deals:Plan!A1)",
        "SUM('Q1:Q4'!A1)",
        "Deals!in_rate",
        "[1]Deals!A1",
        "'C:\\[Book.xlsx]Deals'!A1",
        "[1]!in_rate",
        "Book.xlam!CLOSE_RATIO(A1)",
        "SUM((A1,B1))",
        "A1:A2,B1",
        "SUM(A1:B2 B1:C9)",
        "SUM(A1:B2\nB1:C9)",
        "A1 (B1)",
        "(A1:B2) C1",
        "in_a in_b",
        "SUM(A1:INDEX(B:B,3))",
        "SUM(INDEX(B:B,3):A1)",
        "(A1):(B2)",
        "A1:B2:C3",
        "A1:in_rate",
        "SUM({1,2})",
        "SUM({1;2})",
        "#REF!+A1",
        "SUM(#REF!)",
        "Deals!#REF!",
        "IF(A1,#N/A,1)",
        "SUM(tblDeals[Value])",
        "tblDeals[[#This Row],[Value]]*2",
        "_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1)(A1)",
        "_xlfn.LET(_xlpm.x,A1,_xlpm.x)",
        "_xlfn.ANCHORARRAY(A1)",
        "SUM(A1#)",
        "@A1",
        "CLOSE_RATIO(A1,B1)",  # one of the workbook's own
        'RTD("server",,A1)',
        '"unfinished',
        "",
    ],
)
def test_excel_shares_no_such_formulas(formula: str) -> None:
    assert not can_be_shared(formula)


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
