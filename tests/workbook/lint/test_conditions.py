"""Validations, conditional formats and sparklines that Excel drops."""

from __future__ import annotations

import pytest

from tests.workbook.lint.crafted import Crafted, assert_told, cases
from xlsales.workbook.lint import check


def look(rule: str, kind: str, pattern: str, replacement: str, *also: str, told: str = "") -> Crafted:
    """A defect on the sheet of all that is drawn."""
    return Crafted(rule, kind, "Look", pattern, replacement, also, told=told)


_LIST = '<formula1>"a,b"</formula1>'


@cases(
    look(
        "validation-list-too-long",
        "list of 256 characters",
        _LIST,
        f'<formula1>"{"a" * 256}"</formula1>',
        told="Look!A1",
    ),
    look(
        "validation-formula-too-long",
        "formula of 256 characters",
        "<formula1>1</formula1>",
        f"<formula1>{'1+' * 127}12</formula1>",
        told="Look!A2:A3",
    ),
    look("validation-title-too-long", "title of 33 characters", 'promptTitle="Choose"', f'promptTitle="{"c" * 33}"'),
    look("validation-title-too-long", "error title of 33 characters", 'errorTitle="No"', f'errorTitle="{"c" * 33}"'),
    look("validation-message-too-long", "prompt of 256 characters", 'prompt="one"', f'prompt="{"c" * 256}"'),
    look("validation-message-too-long", "error of 256 characters", 'error="Choose a or b"', f'error="{"c" * 256}"'),
    look("validation-area", "area that is none", 'sqref="A2:A3"', 'sqref="A2:A0"'),
    look("validation-area", "areas with commas", 'sqref="A2:A3"', 'sqref="A2,A3"'),
    look("validation-area", "area of another sheet", 'sqref="A2:A3"', 'sqref="Calc!A2"'),
    look("validation-kind", "unknown type", 'type="whole"', 'type="number"'),
    look("validation-kind", "unknown operator", 'type="whole"', 'type="whole" operator="is"'),
    look("validation-without-formula", "list of nothing", _LIST, ""),
    look("formula-unknown-name", "list of a name that is gone", _LIST, "<formula1>list_gone</formula1>"),
    look("formula-unknown-sheet", "limit on a sheet that is gone", r"Calc!\$A\$3", "Gone!$A$3"),
    look("conditional-format-area", "area that is none", 'sqref="B1:B9"', 'sqref="B1:B0"'),
    look("conditional-format-index", "format that does not exist", 'dxfId="0"', 'dxfId="1"'),
    look("conditional-format-index", "negative format", 'dxfId="0"', 'dxfId="-1"'),
    look("missing-attribute", "no priority", ' priority="1"', ""),
    look("conditional-format-priority", "priority 0", ' priority="1"', ' priority="0"'),
    look("conditional-format-kind", "unknown kind", 'type="cellIs"', 'type="cell"'),
    look("conditional-format-kind", "no formula", "<formula>3</formula>", ""),
    look("conditional-format-kind", "scale of three colours with two stops", '<cfvo type="percentile" val="50"/>', ""),
    look("conditional-format-kind", "four arrows with three stops", '<cfvo type="percent" val="75"/>', ""),
    look("conditional-format-kind", "data bar without a bar", "<dataBar>.*?</dataBar>", ""),
    look("formula-syntax", "formula that cannot be read", r"\$F1&gt;my_rate", "$F1&gt;", told="Look!F1:F9"),
    look(
        "extension-id",
        "id without a counterpart",
        '<x14:cfRule type="dataBar" id="{DA7ABA51',
        '<x14:cfRule type="dataBar" id="{00000000',
    ),
    look(
        "extension-unknown-element", "element of no namespace", "<x14:sparklineGroups", "<sparks/><x14:sparklineGroups"
    ),
    look(
        "extension-unknown-element",
        "unknown element of Excel 2010",
        "<x14:sparklineGroups",
        "<x14:sparks/><x14:sparklineGroups",
    ),
    look("extension-uri", "extension without a uri", ' uri="{05C60535[^"]*"', ""),
    look("sparkline", "sparkline in no cell", "<xm:sqref>G1</xm:sqref>", "<xm:sqref></xm:sqref>"),
    look("sparkline", "sparkline in two cells", "<xm:sqref>G1</xm:sqref>", "<xm:sqref>G1:G2</xm:sqref>"),
    look("sparkline", "sparkline of nothing that can be read", "<xm:f>Calc!A1:A3</xm:f>", "<xm:f>Gone!A1:A3</xm:f>"),
)
def test_what_excel_drops_is_told(crafted: Crafted) -> None:
    assert_told(crafted)


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (_LIST, f'<formula1>"{"a" * 253},b"</formula1>'),
        (_LIST, "<formula1>my_rate</formula1>"),
        ('prompt="one"', f'prompt="{"c" * 255}" '),
        ('promptTitle="Choose"', f'promptTitle="{"c" * 32}"'),
        ('sqref="A2:A3"', 'sqref="A2 A3:A9 C:C"'),
        ("<formula>3</formula>", "<formula>3</formula><formula></formula>"),
        ("<xm:f>Calc!A1:A3</xm:f>", ""),
    ],
)
def test_what_excel_keeps_is_none(pattern: str, replacement: str) -> None:
    assert check(look("", "", pattern, replacement).broken(), "Book.xlsx").faults == ()
