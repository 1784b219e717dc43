"""Elements and attributes that the schema does not have."""

from __future__ import annotations

from tests.package_edit import WORKBOOK
from tests.workbook.lint.crafted import Crafted, assert_told, cases

STYLES, TABLE = "xl/styles.xml", "xl/tables/table1.xml"
_MARGINS = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'


@cases(
    Crafted(
        "element-order",
        "validations before conditional formats",
        "Look",
        "(<conditionalFormatting .*</conditionalFormatting>)(<dataValidations.*?</dataValidations>)",
        r"\2\1",
    ),
    Crafted(
        "element-order", "columns after the cells", "Data", "(<cols>.*?</cols>)(<sheetData>.*</sheetData>)", r"\2\1"
    ),
    Crafted(
        "element-order",
        "names before sheets",
        WORKBOOK,
        "(<sheets>.*</sheets>)(<definedNames>.*</definedNames>)",
        r"\2\1",
    ),
    Crafted("element-order", "fills before fonts", STYLES, "(<fonts.*</fonts>)(<fills.*</fills>)", r"\2\1"),
    Crafted("element-order", "value before formula", "Calc", "<f>A1=1</f><v>1</v>", "<v>1</v><f>A1=1</f>"),
    Crafted("element-twice", "margins twice", "Data", _MARGINS, _MARGINS * 2),
    Crafted("element-twice", "two lists of sheets", WORKBOOK, "</sheets>", "</sheets><sheets/>"),
    Crafted("unknown-element", "rows in the place of cells' data", "Look", "<sheetData/>", "<sheetData/><rows/>"),
    Crafted(
        "unknown-element", "element in a cell", "Calc", '<c r="A1"><v>1</v>', '<c r="A1"><v>1</v><w/>', told="Calc!A1"
    ),
    Crafted("unknown-element", "element in a row", "Calc", '<c r="A1">', '<d/><c r="A1">'),
    Crafted("unknown-attribute", "attribute of a cell", "Calc", '<c r="A1"', '<c x="1" r="A1"'),
    Crafted("unknown-attribute", "attribute of a row", "Calc", '<row r="1"', '<row height="9" r="1"'),
    Crafted("unknown-attribute", "attribute of a formula", "Calc", "<f>A1=1", '<f kind="x">A1=1'),
    Crafted(
        "unknown-attribute", "attribute of a sheet", WORKBOOK, '<sheet name="Calc"', '<sheet title="x" name="Calc"'
    ),
    Crafted("missing-attribute", "sheet without an id", WORKBOOK, ' sheetId="4"', "", ("sheet-id",)),
    Crafted(
        "missing-attribute", "merge without an area", "Data", '<mergeCell ref="A11:B12"', "<mergeCell", ("merge-area",)
    ),
    Crafted("missing-attribute", "view of no window", "Calc", ' workbookViewId="0"', ""),
    Crafted(
        "root-element", "sheet with another root", "Other sheet", "<worksheet (.*)</worksheet>", r"<sheet \1</sheet>"
    ),
    Crafted(
        "root-element",
        "sheet in no namespace",
        "Other sheet",
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
        'xmlns="urn:x"',
        ("unknown-element",),
    ),
    Crafted("root-element", "table that is a list", TABLE, "<table (.*)</table>", r"<list \1</list>"),
)
def test_what_the_schema_does_not_have_is_told(crafted: Crafted) -> None:
    assert_told(crafted)
