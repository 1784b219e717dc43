"""Texts: the numbers in them, and numbers as texts."""

from __future__ import annotations

import math

import pytest

from xlsales.calculation.compiled.texts import IN_DOUBT, Texts, shown, spelled
from xlsales.calculation.compiled.worksheet.writing import formatted
from xlsales.cells.wildcards import pattern


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (5.0, "5"), (-2.5, "-2.5"), (1 / 3, "0.333333333333333"), (0.1 + 0.2, "0.3"),
        (999999999999999.0, "999999999999999"), (1e15, "1E+15"), (123456789012345678.0, "1.23456789012346E+17"),
        (1e-5, "0.00001"), (-1e-12, "-1E-12"), (1e300, "1E+300"),
    ],
)  # fmt: skip
def test_number_is_written_as_excel_writes_it(number: float, text: str) -> None:
    assert shown(number) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5), (" 7 ", 7), ("-2.5", -2.5), (".5", 0.5), ("5.", 5), ("+5", 5), ("1e3", 1000),
        ("", None), ("x", None), ("--5", None), ("inf", None), ("nan", None), ("TRUE", None), ("0x10", None),
        ("5%", IN_DOUBT), ("2027-01-31", IN_DOUBT), ("1/31/2027", IN_DOUBT), ("1,000", IN_DOUBT), ("Jan 5", IN_DOUBT),
        ("\xa05", IN_DOUBT), ("$5", IN_DOUBT), ("(5)", IN_DOUBT), ("1e400", IN_DOUBT), ("2027-02-30", IN_DOUBT),
    ],
)  # fmt: skip
def test_number_in_a_text_is_read(text: str, number: float | None) -> None:
    found = spelled(text)
    assert math.isnan(found) if number is None else found == number


@pytest.mark.parametrize(
    ("criterion", "text", "fits"),
    [
        ("a*", "Abc", True), ("a*", "bac", False), ("?", "é", True), ("?", "", False), ("?*", "", False),
        ("~*", "*", True), ("~*", "x", False), ("a~?", "a?", True), ("~~", "~", True), ("a.c", "abc", False),
        ("*\n*", "one\ntwo", True), ("x~", "x~", True),
    ],
)  # fmt: skip
def test_wildcards_stand_for_what_they_do_in_excel(criterion: str, text: str, fits: bool) -> None:
    assert (pattern(criterion).fullmatch(text) is not None) is fits


@pytest.mark.parametrize(
    ("number", "layout", "text"),
    [
        (0.256, "0%", "26%"), (0.285, "0%", "29%"), (1.45, "0.0", "1.5"), (-0.04, "0.0", "0.0"), (2.5, "0", "3"),
        (1234567.891, "#,##0.00", "1,234,567.89"), (1.005, "0.00", "1.01"), (-0.5, "0", "-1"), (1e300, "0%", None),
    ],
)  # fmt: skip
def test_format_rounds_half_away_from_zero(number: float, layout: str, text: str | None) -> None:
    assert formatted(number, layout) == text


def test_texts_that_differ_in_letter_case_only_are_one() -> None:
    texts = Texts(["Straße", "STRASSE", "École", "éCOLE", "x"])
    folded = [float(texts.folded(texts.id(text))) for text in ("Straße", "STRASSE", "École", "éCOLE", "straße")]
    assert folded[2] == folded[3]
    assert folded[0] == folded[4] != folded[1]


def test_copy_of_texts_leaves_the_first_as_they_are() -> None:
    texts = Texts(["a"])
    other = texts.copy()
    assert other.id("b") == 2
    assert (texts.all, other.all) == (["", "a"], ["", "a", "b"])
    assert float(other.folded(other.id("b"))) != float(other.folded(other.id("a")))


def test_texts_are_in_order_among_those_asked_for_whatever_their_letter_case() -> None:
    texts = Texts(["pear", "Apple", "apple", "fig", "B", "~~", "a?", "*b", "~"])
    some = [texts.id(text) for text in ("pear", "", "Apple", "B")]
    ranks, (apple, blank) = (own.tolist() for own in texts.ranks(some, [texts.id("apple"), texts.id("")]))
    assert sorted(ranks) == [ranks[1], ranks[2], ranks[3], ranks[0]]
    assert (apple, blank) == (ranks[2], 0.0) == (ranks[2], ranks[1])


def test_new_texts_are_looked_at_for_wildcards() -> None:
    texts = Texts(["~~", "a?", "*b", "~", "plain", "~*"])
    assert texts.wild(list(range(7))).tolist() == [False, True, True, True, False, False, True]
    other = texts.copy()
    assert [bool(other.wild(other.id(text))) for text in ("c*", "d", "plain")] == [True, False, False]
    assert len(texts.all) == 7
