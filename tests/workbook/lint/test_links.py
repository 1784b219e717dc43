"""Links that lead nowhere, and pages that Excel cannot print."""

from __future__ import annotations

import pytest

from tests.workbook.lint.crafted import Crafted, assert_told, cases
from xlsales.workbook.lint import check

LINKS = "xl/worksheets/_rels/sheet1.xml.rels"


def data(rule: str, kind: str, pattern: str, replacement: str, *also: str, told: str = "") -> Crafted:
    """A defect on the sheet Data."""
    return Crafted(rule, kind, "Data", pattern, replacement, also, told=told)


def _leads(rule: str, kind: str, address: str) -> Crafted:
    return Crafted(rule, kind, LINKS, "https://example.com/a%20b", address, told="Data!A8")


_LINKS = "".join(f'<hyperlink ref="L{row}" location="my_rate"/>' for row in range(1, 65_530))
_BREAKS = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in range(21, 1_047))
_SETUP = '<pageSetup scale="80" orientation="landscape"/>'


@cases(
    data("too-many-links", "65,531 links", "</hyperlinks>", f"{_LINKS}</hyperlinks>"),
    _leads("link-too-long", "2,080 characters", f"https://example.com/{'x' * 2_060}"),
    _leads("link-address", "space in an address", "https://example.com/a b"),
    _leads("link-address", "braces in an address", "https://example.com/{a}"),
    data("link-cell", "link on no cell", 'hyperlink ref="A9"', 'hyperlink ref="A0"'),
    data("link-location", "sheet that is gone", "location=\"'Other sheet'!A1\"", 'location="Gone!A1"', told="Data!A9"),
    data("link-location", "name that is gone", "location=\"'Other sheet'!A1\"", 'location="my_goal"', told="Data!A9"),
    data("header-too-long", "footer of 256 characters", "&amp;CPage &amp;P", f"&amp;C{'x' * 254}"),
    data("too-many-page-breaks", "1,027 page breaks", "</rowBreaks>", f"{_BREAKS}</rowBreaks>"),
    data("page-setup", "scale of 5", 'scale="80"', 'scale="5"'),
    data("page-setup", "unknown orientation", 'orientation="landscape"', 'orientation="across"'),
    data("page-setup", "margin below 0", 'left="0.7"', 'left="-1"'),
    data("page-setup", "margin that is no number", 'left="0.7"', 'left="0,7"'),
)
def test_a_link_or_page_that_excel_repairs_is_told(crafted: Crafted) -> None:
    assert_told(crafted)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/ü?a=b&amp;c#d",
        "mailto:ada@example.com?subject=a%20b",
        "..\\\\plans\\\\a.xlsx",
        "file:///C:/a b.xlsx",
    ],
)
def test_addresses_that_excel_writes(address: str) -> None:
    assert check(_leads("", "", address).broken(), "Book.xlsx").faults == ()


@pytest.mark.parametrize("location", ["Calc!A1", "my_rate", "Look!A1:B2", "tblDeals", "#Calc!A1", "A1"])
def test_places_that_excel_finds(location: str) -> None:
    crafted = data("", "", "location=\"'Other sheet'!A1\"", f'location="{location}"')
    assert check(crafted.broken(), "Book.xlsx").faults == ()
