"""Texts that Excel would show otherwise, or cut."""

from __future__ import annotations

import pytest

from tests.workbook.lint.crafted import Crafted, assert_told, cases
from tests.workbook.lint.sound import sound
from xlsales.workbook.lint import check

STRINGS = "xl/sharedStrings.xml"
_HERE = "<t>here</t>"


@cases(
    Crafted("spaces-not-preserved", "spaces at the ends", STRINGS, ' xml:space="preserve">  edge', ">  edge"),
    Crafted("spaces-not-preserved", "line feed at the end", STRINGS, _HERE, "<t>here\n</t>"),
    Crafted(
        "spaces-not-preserved",
        "space in an inline text",
        "Calc",
        '<c r="H1" t="b"><v>1</v>',
        '<c r="H1" t="inlineStr"><is><t> x</t></is>',
    ),
    Crafted("spaces-not-preserved", "space in a rich text", STRINGS, _HERE, "<r><t>he </t></r><r><t>re</t></r>"),
    Crafted("text-too-long", "32,768 characters", STRINGS, _HERE, f"<t>{'x' * 32_768}</t>"),
    Crafted("text-too-long", "16,384 emoji", STRINGS, _HERE, f"<t>{'😀' * 16_384}</t>"),
    Crafted("text-too-long", "result of a formula", "Calc", "<v>here</v>", f"<v>{'x' * 32_768}</v>", told="Calc!C1"),
    Crafted("too-many-lines", "254 line feeds", STRINGS, _HERE, f"<t>a{chr(10) * 254}b</t>"),
    Crafted("literal-escape", "literal _x0041_ not escaped", STRINGS, "literal _x005F_x0041_", "literal _x0041_"),
    Crafted("literal-escape", "in the result of a formula", "Calc", "<v>here</v>", "<v>_x0020_</v>"),
)
def test_a_text_that_excel_changes_is_told(crafted: Crafted) -> None:
    assert_told(crafted)


@pytest.mark.parametrize(
    "text",
    [
        "_x000B_",
        "_x000D_",
        "_x005F_x0041_",
        "_xD83D_",
        "_xFFFE_",
        "_x00411_",
        "x" * 32_767,
        "a\nb" * 253,
        "😀" * 16_383,
    ],
)
def test_a_text_as_excel_writes_it_is_none(text: str) -> None:
    crafted = Crafted("", "", STRINGS, _HERE, f"<t>{text}</t>")
    assert check(crafted.broken(), "Book.xlsx").is_sound
    assert check(sound(), "Book.xlsx").is_sound
