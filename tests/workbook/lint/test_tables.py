"""Tables that Excel turns into plain cells."""

from __future__ import annotations

from tests.package_edit import WORKBOOK
from tests.workbook.lint.crafted import Crafted, assert_told, cases

TABLE, SMALL, STRINGS = "xl/tables/table1.xml", "xl/tables/table2.xml", "xl/sharedStrings.xml"


def table(rule: str, kind: str, pattern: str, replacement: str, *also: str, told: str = "") -> Crafted:
    """A defect in the part of tblDeals."""
    return Crafted(rule, kind, TABLE, pattern, replacement, also, told=told)


def small(rule: str, kind: str, pattern: str, replacement: str, *also: str, told: str = "") -> Crafted:
    """A defect in the part of tblSmall."""
    return Crafted(rule, kind, SMALL, pattern, replacement, also, told=told)


_REF = 'ref="F1:G3" totalsRowShown="0"><autoFilter ref="F1:G3"'


@cases(
    small("table-area", "area that is none", _REF, 'ref="F1:G0" totalsRowShown="0"><autoFilter ref="F1:G3"'),
    small("table-header", "heading differs from the cell", 'name="Word"', 'name="Words"', told="Data!G1"),
    small("table-header", "heading differs in letter case", 'name="Word"', 'name="WORD"', told="Data!G1"),
    Crafted("table-header", "heading is empty", "Data", '<c r="G1".*?</c>', "", told="Data!G1"),
    Crafted(
        "table-header-type",
        "heading is a number",
        "Data",
        '<c r="G1".*?</c>',
        '<c r="G1"><v>2027</v></c>',
        told="Data!G1",
    ),
    Crafted(
        "table-header-type",
        "heading is a formula",
        "Data",
        '<c r="G1".*?</c>',
        '<c r="G1" t="str"><f>"Word"</f><v>Word</v></c>',
        told="Data!G1",
    ),
    small("table-column-twice", "two columns of one name", 'name="Word"', 'name="KEY"', "table-header"),
    small("table-column-twice", "same but for spaces at the end", 'name="Word"', 'name="Key  "', "table-header"),
    small("table-column-name", "column without a name", 'name="Word"', 'name=""', "table-header"),
    small("table-column-name", "column of 256 characters", 'name="Word"', f'name="{"w" * 256}"', "table-header"),
    small(
        "table-column-count",
        "a column more than cells",
        "</tableColumns>",
        '<tableColumn id="3" name="M"/></tableColumns>',
        "table-header",
    ),
    small("table-column-count", "a column less than cells", '<tableColumn id="2" name="Word"/>', ""),
    small("table-column-id", "two columns of one id", '<tableColumn id="2"', '<tableColumn id="1"'),
    small("table-id", "two tables of one id", '<table (.*?) id="2"', r'<table \1 id="1"'),
    small("table-id", "id 0", '<table (.*?) id="2"', r'<table \1 id="0"'),
    small("table-name", "name with a space", 'displayName="tblSmall"', 'displayName="tbl Small"'),
    small("table-name", "name that is a cell", 'displayName="tblSmall"', 'displayName="TBL1"'),
    small(
        "table-name-twice",
        "two tables of one name",
        'displayName="tblSmall"',
        'displayName="TBLDEALS"',
        "formula-unknown-table",
    ),
    Crafted(
        "table-name-is-defined-name",
        "name of a defined name",
        WORKBOOK,
        'name="my_rate"',
        'name="my_rate">1</definedName><definedName name="TBLSMALL"',
    ),
    small("table-without-rows", "heading alone", _REF, 'ref="F1:G1" totalsRowShown="0"><autoFilter ref="F1:G1"'),
    small(
        "tables-overlap",
        "tables overlap",
        _REF,
        'ref="C1:D3" totalsRowShown="0"><autoFilter ref="C1:D3"',
        "table-header",
    ),
    small("table-filter", "filter shorter than the table", 'autoFilter ref="F1:G3"', 'autoFilter ref="F1:G2"'),
    table("table-filter", "filter over the totals", 'autoFilter ref="A1:D4"', 'autoFilter ref="A1:D5"'),
    small("table-filter", "filter outside the table", 'autoFilter ref="F1:G3"', 'autoFilter ref="F1:H3"'),
    small(
        "table-filter-without-header",
        "filter without headings",
        'totalsRowShown="0"',
        'headerRowCount="0" totalsRowShown="0"',
    ),
    Crafted(
        "filter-in-table",
        "sheet's filter over a table",
        "Data",
        '<autoFilter ref="I1:J3"/>',
        '<autoFilter ref="F1:G3"/>',
        ("filter-name",),
        told="tblSmall",
    ),
    Crafted("table-parts", "table that the sheet does not list", "Data", '<tablePart r:id="rId3"/>', ""),
    Crafted("table-parts", "table listed twice", "Data", '<tablePart r:id="rId3"/>', '<tablePart r:id="rId2"/>'),
    table(
        "table-totals", "label differs from the cell", 'totalsRowLabel="Total"', 'totalsRowLabel="Sum"', told="Data!A5"
    ),
    table(
        "formula-at-sign",
        "calculated column with @",
        r"<calculatedColumnFormula>.*?<",
        "<calculatedColumnFormula>[@Won]*2<",
        told="tblDeals[Share]",
    ),
    table(
        "conditional-format-index",
        "format of a table that does not exist",
        'totalsRowCount="1"',
        'totalsRowCount="1" dataDxfId="9"',
    ),
    table(
        "conditional-format-index",
        "the first format of a table that does not exist",
        'totalsRowCount="1"',
        'totalsRowCount="1" dataDxfId="1"',  # there is one, and it has the number 0
    ),
)
def test_a_table_that_excel_repairs_is_told(crafted: Crafted) -> None:
    assert_told(crafted)
