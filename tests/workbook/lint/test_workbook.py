"""The workbook part: sheets, views, names and the calculation chain."""

from __future__ import annotations

import pytest

from tests.package_edit import WORKBOOK, PackageEdit
from tests.workbook.lint.crafted import Changed, Crafted, assert_told, cases, edited
from tests.workbook.lint.sound import CHAIN
from xlsales.workbook.lint import check
from xlsales.workbook.lint.workbook import is_name, looks_like_cell


def book(rule: str, kind: str, pattern: str, replacement: str, *also: str, told: str = "") -> Crafted:
    """A defect in the workbook part."""
    return Crafted(rule, kind, WORKBOOK, pattern, replacement, also, told=told)


def called(kind: str, name: str) -> Crafted:
    """A sheet of another name; nothing names the sheet Look but its chart."""
    return book("sheet-name", kind, 'sheet name="Look"', f'sheet name="{name}"', "chart-reference")


def _name(rule: str, kind: str, name: str, *also: str) -> Crafted:
    return book(
        rule, kind, "</definedNames>", f'<definedName name="{name}">Calc!$A$3</definedName></definedNames>', *also
    )


def _hide_all(edit: PackageEdit) -> None:
    edit.parts[WORKBOOK] = edit.text(WORKBOOK).replace("<sheet name", '<sheet state="hidden" name').encode()


_RATE = '<definedName name="my_rate">'


@cases(
    book("no-sheets", "no sheet", "<sheets>.*</sheets>", "<sheets/>"),
    called("32 characters", "L" * 32),
    called("colon", "A:B"),
    called("slash", "A/B"),
    called("bracket", "A[1]"),
    called("asterisk", "A*"),
    called("apostrophe at the end", "Look'"),
    called("empty", ""),
    called("blank", " "),
    called("History", "history"),
    book("sheet-name-twice", "same name in other letters", 'sheet name="Look"', 'sheet name="CALC"', "chart-reference"),
    book("sheet-id", "one id twice", 'sheetId="3"', 'sheetId="4"'),
    book("sheet-id", "id 0", 'sheetId="3"', 'sheetId="0"'),
    book("sheet-id", "id 65535", 'sheetId="3"', 'sheetId="65535"'),
    book(
        "sheet-id",
        "two sheets, one part",
        'r:id="rId3"',
        'r:id="rId4"',
    ),
    book("sheet-state", "unknown state", 'name="Look"', 'name="Look" state="gone"'),
    Changed("all-sheets-hidden", "all sheets hidden", edited(_hide_all), ("active-tab-hidden",)),
    book("active-tab", "active tab beyond the sheets", "<workbookView ", '<workbookView activeTab="4" '),
    book("active-tab", "first tab beyond the sheets", "<workbookView ", '<workbookView firstSheet="9" '),
    book("active-tab-hidden", "active tab is hidden", 'name="Data"', 'name="Data" state="hidden"', told="Data"),
    book("calculation-settings", "unknown mode", '<calcPr calcId="124519"', '<calcPr calcMode="often"'),
    _name("defined-name", "name with a space", "two words"),
    _name("defined-name", "name that begins with a digit", "1st"),
    _name("defined-name", "name with a hyphen", "a-b"),
    _name("defined-name", "empty name", ""),
    _name("defined-name", "256 characters", "n" * 256),
    _name("defined-name-is-cell", "name that is a cell", "Q1"),
    _name("defined-name-is-cell", "name that is R1C1", "R2C3"),
    _name("defined-name-is-cell", "name that is R", "R"),
    _name("defined-name-twice", "name twice", "MY_RATE"),
    book("defined-name-scope", "sheet beyond the list", 'name="own" localSheetId="1"', 'name="own" localSheetId="9"'),
    book(
        "defined-name-comment", "comment of 256 characters", 'name="my_rate"', f'name="my_rate" comment="{"c" * 256}"'
    ),
    book(
        "built-in-name",
        "two names of one print area",
        "</definedNames>",
        '<definedName name="Print_Area" localSheetId="0">Data!$A$1</definedName></definedNames>',
    ),
    book("print-area", "print area on another sheet", r"Data!\$A\$1:\$D\$5", r"Calc!$A$1:$D$5", told="Data"),
    book("filter-name", "filter's name means other cells", r"Data!\$I\$1:\$J\$3", r"Data!$I$1:$J$9", told="I1:J9"),
    Crafted("calculation-chain", "formula that is gone", CHAIN, '<c r="B2"/>', '<c r="A1"/>', told="Calc!A1"),
    Crafted("calculation-chain", "sheet that is gone", CHAIN, 'i="2"', 'i="9"'),
    Crafted("calculation-chain", "cell that is none", CHAIN, 'r="B2"', 'r="B0"'),
    Crafted(
        "not-calculated",
        "formula without a value",
        "Calc",
        '(<c r="G1").*?(<f>.*?</f>)<v>123</v>',
        r"\1>\2",
        told="Calc!G1",
    ),
)
def test_a_workbook_that_excel_repairs_is_told(crafted: Crafted | Changed) -> None:
    assert_told(crafted)


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        ("<calcPr ", '<calcPr fullCalcOnLoad="1" '),
        ('sheet name="Look"', 'sheet name="Look" state="hidden"'),
        (_RATE, '<definedName name="_rate.2">1</definedName><definedName name="Größe">2</definedName>' + _RATE),
        (_RATE, '<definedName name="gone">#REF!</definedName>' + _RATE),
        (_RATE, '<definedName name="empty"></definedName>' + _RATE),
        (_RATE, '<definedName name="both">Calc!$A$1,Data!$A$1</definedName>' + _RATE),
        (_RATE, '<definedName name="deep">Data:Look!$A$1</definedName>' + _RATE),
        (_RATE, '<definedName name="my_rate" localSheetId="2">1</definedName>' + _RATE),
        (
            _RATE,
            '<definedName name="twice">_xlfn.LAMBDA(_xlpm.x,_xlop.y,_xlpm.x*2)</definedName>' + _RATE,
        ),
        ("Calc!\\$A\\$2<", "OFFSET(Calc!$A$1,0,0,COUNTA(Calc!$A:$A),1)<"),
    ],
)
def test_what_excel_writes_is_none(pattern: str, replacement: str) -> None:
    assert check(book("", "", pattern, replacement).broken(), "Book.xlsx").faults == ()


@pytest.mark.parametrize("name", ["a", "_x", "\\x", "tbl.Deals", "in_person", "Q1_", "TAXES2027", "ÄÖ", "a?b", "XFE1"])
def test_names_that_excel_takes(name: str) -> None:
    assert is_name(name)
    assert not looks_like_cell(name)


@pytest.mark.parametrize("name", ["A1", "xfd1048576", "R1C1", "r", "C", "R[1]C[1]", "rc"])
def test_names_that_are_cells(name: str) -> None:
    assert looks_like_cell(name)
