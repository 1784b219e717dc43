"""Rows, cells and what lies around them."""

from __future__ import annotations

import pytest

from tests.workbook.lint.crafted import Crafted, assert_told, cases
from xlsales.workbook.lint import check
from xlsales.workbook.lint.places import Area, area, areas, cell, overlap


def calc(rule: str, kind: str, pattern: str, replacement: str, told: str = "", also: tuple[str, ...] = ()) -> Crafted:
    """A defect on the sheet of formulas."""
    return Crafted(rule, kind, "Calc", pattern, replacement, also, told=told)


_A1 = '<c r="A1"><v>1</v></c>'


@cases(
    calc("row-order", "row 3 before row 2", '(<row r="2".*?</row>)(<row r="3".*?</row>)', r"\2\1", "Calc!2:2"),
    calc("row-twice", "row twice", '(<row r="4".*?</row>)', r"\1\1", "Calc!4:4"),
    calc("cell-order", "B1 before A1", f'({_A1})(<c r="B1".*?</c>)', r"\2\1", "Calc!A1"),
    calc("cell-twice", "cell twice", f"({_A1})", r"\1\1", "Calc!A1"),
    calc("cell-in-another-row", "A1 in row 2", '<c r="A2"><v>2', '<c r="A1"><v>2', "Calc!A1"),
    calc("cell-address", "A0", _A1, '<c r="A0"><v>1</v></c>', "A0"),
    calc("cell-address", "column XFE", '<c r="H1" t="b"', '<c r="XFE1" t="b"', "XFE1"),
    calc("cell-address", "address in small letters", '<c r="A1">', '<c r="a1">', "a1"),
    calc("cell-address", "address with dollars", '<c r="A1">', '<c r="$A$1">', "$A$1"),
    calc("row-number", "row 0", '<row r="4" spans="1:8"><c r="C4"', '<row r="0" spans="1:8"><c r="C0"'),
    calc("row-number", "row 1048577", '<row r="4" spans="1:8"><c r="C4"', '<row r="1048577"><c r="C1048577"'),
    calc("row-number", "row that is no number", '<row r="4"', '<row r="four"'),
    calc("cell-type", "unknown type", '<c r="H1" t="b"', '<c r="H1" t="bool"', "Calc!H1"),
    calc("cell-number", "NaN", '<v>1</v></c><c r="B1"', '<v>NaN</v></c><c r="B1"', "Calc!A1"),
    calc("cell-number", "infinity", _A1, '<c r="A1"><v>INF</v></c>', "Calc!A1"),
    calc("cell-number", "comma", _A1, '<c r="A1"><v>1,5</v></c>', "1,5"),
    calc("cell-number", "too large a number", _A1, '<c r="A1"><v>1E999</v></c>', "Calc!A1"),
    calc("cell-number", "text as a number", _A1, '<c r="A1"><v>here</v></c>', "here"),
    calc("cell-error", "unknown error", "<v>#DIV/0!</v>", "<v>#DIV0</v>", "Calc!C4"),
    calc("cell-boolean", "yes", '<c r="H1" t="b"><v>1', '<c r="H1" t="b"><v>yes', "Calc!H1"),
    calc("cell-date", "31.01.2027", _A1, '<c r="A1" t="d"><v>31.01.2027</v></c>', "Calc!A1"),
    calc("cell-date", "month 13", _A1, '<c r="A1" t="d"><v>2027-13-01</v></c>', "Calc!A1"),
    calc("shared-string-index", "index beyond the list", '(<c r="H2" t="s"><v>)16', r"\g<1>99", "Calc!H2"),
    calc("shared-string-index", "negative index", '(<c r="H2" t="s"><v>)16', r"\g<1>-1", "Calc!H2"),
    calc("inline-string", "inline text outside is", _A1, '<c r="A1" t="n"><is><t>x</t></is></c>', "Calc!A1"),
    calc("style-index", "cell", _A1, '<c r="A1" s="99"><v>1</v></c>', "Calc!A1"),
    calc("style-index", "row", '<row r="4"', '<row s="99" customFormat="1" r="4"', "Calc!4:4"),
    Crafted("style-index", "column", "Data", 'style="1" customWidth', 'style="7" customWidth', told="Data!B:D"),
    calc("row-height", "500 points", '<row r="4"', '<row ht="500" customHeight="1" r="4"', "Calc!4:4"),
    calc("row-height", "height that is no number", '<row r="4"', '<row ht="high" r="4"', "high"),
    calc("outline-level", "eight levels of rows", '<row r="4"', '<row outlineLevel="8" r="4"', "Calc!4:4"),
    calc("outline-level", "eight levels of columns", 'outlineLevel="1"', 'outlineLevel="8"', "Calc!J:J"),
    calc("cell-metadata", "metadata beyond the list", 'cm="1"', 'cm="2"', "Calc!F1"),
    calc("cell-metadata", "rich value without metadata", '<c r="A1">', '<c r="A1" vm="1">', "Calc!A1"),
)
def test_a_cell_that_excel_repairs_is_told(crafted: Crafted) -> None:
    assert_told(crafted)


@cases(
    calc("stale-dimension", "used range too small", '<dimension ref="A1:H4"', '<dimension ref="A1:C2"', "Calc!A1:H4"),
    calc("stale-dimension", "used range that is none", '<dimension ref="A1:H4"', '<dimension ref="?"'),
    Crafted("column-order", "columns from the right", "Data", r"(<col min=\"1\"[^>]*>)(<col min=\"2\"[^>]*>)", r"\2\1"),
    Crafted("columns-overlap", "columns overlap", "Data", 'min="2" max="4"', 'min="1" max="4"'),
    Crafted("column-range", "column 16385", "Data", 'min="2" max="4"', 'min="2" max="16385"'),
    Crafted("column-range", "column 0", "Data", 'min="1" max="1"', 'min="0" max="1"'),
    Crafted("column-range", "from right to left", "Data", 'min="2" max="4"', 'min="4" max="2"'),
    Crafted("column-width", "width 300", "Data", 'width="20.7109375"', 'width="300"', told="Data!A:A"),
    Crafted("column-width", "width that is no number", "Data", 'width="20.7109375"', 'width="wide"'),
    Crafted("merges-overlap", "merges overlap", "Data", 'ref="C11:D12"', 'ref="B12:D13"', told="A11:B12"),
    Crafted("merge-of-one-cell", "merge of one cell", "Data", 'ref="C11:D12"', 'ref="C11"', told="Data!C11"),
    Crafted("merge-area", "merge of no area", "Data", 'ref="C11:D12"', 'ref="C11:D0"'),
    Crafted("merge-in-table", "merge in a table", "Data", 'ref="C11:D12"', 'ref="C4:D5"', told="tblDeals"),
    calc("view-of-no-window", "second window", 'workbookViewId="0"', 'workbookViewId="1"'),
    Crafted(
        "selection",
        "selection that is none",
        "Data",
        '<selection pane="bottomLeft"',
        '<selection pane="bottomLeft" activeCell="A0"',
    ),
    Crafted(
        "selection",
        "selection of a pane that is not there",
        "Calc",
        '<sheetView workbookViewId="0"/>',
        '<sheetView workbookViewId="0"><selection pane="bottomRight"/></sheetView>',
    ),
    Crafted("selection", "pane that begins nowhere", "Data", 'topLeftCell="A2"', 'topLeftCell="#REF!"'),
    Crafted(
        "filter-area",
        "filter of no area",
        "Data",
        '<autoFilter ref="I1:J3"/>',
        '<autoFilter ref="I1:"/>',
        ("filter-name",),
    ),
    Crafted(
        "filter-area",
        "filtered column outside",
        "Data",
        '<autoFilter ref="I1:J3"/>',
        '<autoFilter ref="I1:J3"><filterColumn colId="2"><filters blank="1"/></filterColumn></autoFilter>',
    ),
    Crafted("empty-list", "no merges in mergeCells", "Data", "(<mergeCells)[^>]*>.*?</mergeCells>", r"\1/>"),
    Crafted(
        "empty-list",
        "no validations in dataValidations",
        "Look",
        "(<dataValidations)[^>]*>.*?</dataValidations>",
        r"\1/>",
    ),
    Crafted("empty-list", "no links in hyperlinks", "Data", "<hyperlinks>.*?</hyperlinks>", "<hyperlinks/>"),
)
def test_a_layout_that_excel_repairs_is_told(crafted: Crafted) -> None:
    assert_told(crafted)


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (_A1, "<c><v>1</v></c>"),  # a cell without an address follows the one before
        ('<row r="2" spans="1:8">', "<row>"),
        ('<dimension ref="A1:H4"/>', ""),
        (_A1, '<c r="A1"/>'),
        (_A1, '<c r="A1"><v/></c>'),
        (_A1, '<c r="A1" t="n"><v>-1.5E-10</v></c>'),
        (_A1, '<c r="A1" t="d"><v>2027-01-31T12:30:00</v></c>'),
        (_A1, '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'),
        ('<row r="4"', '<row ht="409.5" r="4"'),
    ],
)
def test_what_excel_reads_is_none(pattern: str, replacement: str) -> None:
    assert check(calc("", "", pattern, replacement).broken(), "Book.xlsx").faults == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A1", (1, 1)), ("XFD1048576", (1048576, 16384)), ("XFE1", None), ("A1048577", None), ("A0", None), ("1", None)],
)
def test_addresses_are_read_strictly(text: str, expected: tuple[int, int] | None) -> None:
    assert cell(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B2:C4", Area(2, 2, 3, 4)),
        ("$B$2", Area(2, 2, 2, 2)),
        ("A:C", Area(1, 1, 3, 1048576)),
        ("2:3", Area(1, 2, 16384, 3)),
        ("C4:B2", None),
        ("B2:C4:D5", None),
        ("", None),
    ],
)
def test_areas_are_read_strictly(text: str, expected: Area | None) -> None:
    assert area(text) == expected
    assert areas("") is None


def test_overlaps_are_found_among_many_areas() -> None:
    apart = [Area(column, row, column, row + 1) for row in range(1, 4000, 2) for column in range(1, 20, 2)]
    assert overlap(apart) is None
    assert overlap([*apart, Area(4, 100, 7, 100)]) is not None
    assert overlap([Area(1, 1, 100, 100), Area(50, 50, 60, 60)]) is not None
    assert overlap([Area(5, 1, 6, 9), Area(1, 2, 2, 9), Area(3, 3, 4, 9), Area(2, 9, 3, 9)]) is not None
