"""Styles that Excel repairs: then all formats may be lost."""

from __future__ import annotations

import pytest

from tests.workbook.lint.crafted import Crafted, assert_told, cases
from xlsales.workbook.lint import check

STYLES = "xl/styles.xml"


def style(rule: str, kind: str, pattern: str, replacement: str, *also: str, told: str = "") -> Crafted:
    """A defect in the styles."""
    return Crafted(rule, kind, STYLES, pattern, replacement, also, told=told)


def code(kind: str, text: str) -> Crafted:
    """Another number format."""
    return style("number-format-code", kind, 'formatCode="[^"]*"', f'formatCode="{text}"')


_XF = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
_NUMBERS = "".join(f'<numFmt numFmtId="{number}" formatCode="0.0"/>' for number in range(165, 165 + 250))


@cases(
    style("no-cell-formats", "no formats", "<cellXfs.*</cellXfs>", '<cellXfs count="0"/>', "style-index"),
    style(
        "format-part-index", "font that does not exist", 'xf numFmtId="164" fontId="0"', 'xf numFmtId="164" fontId="9"'
    ),
    style(
        "format-part-index",
        "fill that does not exist",
        'numFmtId="164" fontId="0" fillId="0"',
        'numFmtId="164" fontId="0" fillId="2"',
    ),
    style("format-part-index", "border that does not exist", 'borderId="0" xfId="0"', 'borderId="1" xfId="0"'),
    style(
        "format-part-index",
        "base format that does not exist",
        'xfId="0" applyNumberFormat',
        'xfId="2" applyNumberFormat',
    ),
    style("number-format-id", "one id twice", "(<numFmt [^>]*>)", r"\1\1"),
    style("number-format-missing", "number format that does not exist", 'xf numFmtId="164"', 'xf numFmtId="170"'),
    code("quote not closed", "0 &quot;EUR"),
    code("bracket not closed", "[Red0"),
    code("five sections", "0;0;0;@;0"),
    code("256 characters", "0" * 256),
    style("too-many-number-formats", "251 number formats", "</numFmts>", f"{_NUMBERS}</numFmts>"),
    style("too-many-cell-formats", "65,491 formats", "</cellXfs>", f"{_XF * 65_488}</cellXfs>"),
    style("too-many-fonts", "1,025 fonts", "</fonts>", f"{'<font/>' * 1_022}</fonts>"),
    style("first-fills", "first fill is a colour", 'patternType="none"', 'patternType="solid"'),
    style("first-fills", "second fill is none", 'patternType="gray125"', 'patternType="none"'),
    style("colour", "six digits", 'rgb="FFFF0000"', 'rgb="FF0000"'),
    style("colour", "number sign", 'rgb="FFFF0000"', 'rgb="#FFFF0000"'),
    style("named-style-format", "base format that does not exist", '"Hyperlink" xfId="1"', '"Hyperlink" xfId="9"'),
    style(
        "named-style-format",
        "one name twice",
        "</cellStyles>",
        '<cellStyle name="Own" xfId="0"/><cellStyle name="OWN" xfId="0"/></cellStyles>',
    ),
)
def test_styles_that_excel_repairs_are_told(crafted: Crafted) -> None:
    assert_told(crafted)


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "",
        "General",
        "#,##0.00 &quot;a;b&quot;",
        "[Red]-0;[Blue]0;@",
        "[$-409]d/m/yyyy",
        "[h]:mm",
        r"0\;0",
        "_-* 0_-",
        "0;;;",
    ],
)
def test_number_formats_that_excel_reads(text: str) -> None:
    replaced = Crafted("", "", STYLES, 'formatCode="[^"]*"', f'formatCode="{text}"'.replace("\\", r"\\"))
    assert check(replaced.broken(), "Book.xlsx").faults == ()
