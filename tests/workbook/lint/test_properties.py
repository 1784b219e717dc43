"""Document properties that Excel repairs."""

from __future__ import annotations

from tests.workbook.lint.crafted import Crafted, assert_told, cases

CORE, CUSTOM = "docProps/core.xml", "docProps/custom.xml"


@cases(
    Crafted("core-properties", "title twice", CORE, "(<dc:title>.*?</dc:title>)", r"\1\1"),
    Crafted("core-properties", "time that is none", CORE, "2027-01-01T00:00:00Z", "01.01.2027"),
    Crafted("custom-properties", "one number twice", CUSTOM, 'pid="3"', 'pid="2"'),
    Crafted("custom-properties", "number below 2", CUSTOM, 'pid="3"', 'pid="1"'),
    Crafted("custom-properties", "one name twice", CUSTOM, 'name="second"', 'name="FIRST"'),
)
def test_properties_that_excel_repairs_are_told(crafted: Crafted) -> None:
    assert_told(crafted)
