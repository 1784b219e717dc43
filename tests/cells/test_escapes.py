"""Texts as Excel stores them: whatever is in a text, a part can hold it, and it comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from lxml import etree

from tests.strange_texts import TEXTS, whole
from xlsales.cells.escapes import LONGEST_TEXT, cut, escaped, fits, formula, has_edge_space, unescaped, units
from xlsales.cells.stored import content


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Acme\x0bLtd", "Acme_x000B_Ltd"),  # what Excel stores for CHAR(11)
        ("\x00\x01\x1f", "_x0000__x0001__x001F_"),
        ("a\r\nb", "a_x000D_\nb"),
        ("\t \n\x7f\x80\u2028", "\t \n\x7f\x80\u2028"),
        ("\ufffe\uffff", "_xFFFE__xFFFF_"),
        ("😀", "😀"),
        ("\ud83d\ude00", "😀"),  # the halves of one character
        ("\ud83d", "_xD83D_"),
        ("\ude00\ud83d", "_xDE00__xD83D_"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x00e9_", "_x005F_x00e9_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("__x005F_", "__x005F_x005F_"),
        ("_x000B\x0b", "_x005F_x000B_x000B_"),  # the underscore of an escape would end one that nobody meant
        ("\x0bx0041_", "_x000B_x0041_"),
        ("_X0041_ _x41_ _x004G_ _x00411_ x0041_ _x0041", "_X0041_ _x41_ _x004G_ _x00411_ x0041_ _x0041"),
        ("", ""),
    ],
)
def test_text_is_escaped_as_excel_does(text: str, stored: str) -> None:
    assert escaped(text) == stored
    assert unescaped(stored) == whole(text)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("Room/_x000a_area", "Room/\narea"),
        ("_x000d_", "\r"),
        ("_x0041__x0041_", "AA"),
        ("A_x0041_x0042_", "AAx0042_"),
        ("_xD83D__xDE00_", "😀"),
        ("_x005F_x005F_", "_x005F_"),
    ],
)
def test_escapes_of_other_programs_are_read_as_excel_reads_them(stored: str, text: str) -> None:
    assert unescaped(stored) == text


@given(TEXTS)
def test_any_text_can_be_stored_and_comes_back(text: str) -> None:
    element = etree.fromstring(f"<t{content(text)}</t>")
    assert unescaped(element.text or "") == whole(text)
    assert unescaped(escaped(text)) == whole(text)
    assert (element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve") == has_edge_space(escaped(text))


@pytest.mark.parametrize(
    ("text", "edge"),
    [(" a", True), ("a\n", True), ("\t", True), ("a b", False), ("\ra", False), ("\xa0a", False), ("", False)],
)
def test_spaces_at_the_edges_are_marked_to_be_kept(text: str, edge: bool) -> None:
    assert (content(text) != f">{escaped(text)}") == edge


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("x" * 32_767, 32_767),
        ("x" * 32_768, 32_768),
        ("😀" * 16_383, 32_766),
        ("😀" * 16_384, 32_768),
        ("\x0b" * 32_767, 32_767),  # though the file has seven times as many characters
        ("\ud800" * 32_768, 32_768),
    ],
)
def test_length_of_a_text_is_counted_as_excel_counts_it(text: str, length: int) -> None:
    assert units(text) == length
    assert fits(text) == (length <= LONGEST_TEXT)
    assert fits(cut(text))
    assert whole(text).startswith(whole(cut(text))[:-1])
    assert cut(text) == text if fits(text) else cut(text).endswith("…")


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ('"a_x000D_b"&A1', '"a\rb"&A1'),
        ('"_x005F_x0041_"', '"_x0041_"'),
        ('"_x0041_"', '"_x0041_"'),  # Excel writes no such escape: another program wrote the text as it is
        ("_xlfn.XLOOKUP(A1,B:B,C:C)", "_xlfn.XLOOKUP(A1,B:B,C:C)"),
    ],
)
def test_formula_is_read_as_it_was_meant(stored: str, text: str) -> None:
    assert formula(stored) == text
