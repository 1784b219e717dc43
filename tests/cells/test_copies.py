"""Formulas of a column have one form exactly where one is a copy of the other."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlsales.cells.copies import Copies
from xlsales.cells.references import LAST_ROW, moved

_FORMULAS = [
    "A1+1",
    "$A$1+A1",
    "SUM(B5:B$9)*2",
    "SUM($3:5)",
    "'Q1 2027'!A10+Q3!$B4",
    '"row 7"&A7',
    'IF(A1="A1",A1,10)',
    "LOG10(A10)+TAXES2027+A0012+XFE7",
    "tblDeals[[#This Row],[Stage 2]]+C12",
    "A1048576+A12345678+1E5",
    "{1,2;3,4}+Z26",
    "SUM(A1:A3:B2)",
    "-9 A9",
    "",
    "#REF!+A3",
]
_PIECES = st.sampled_from(
    ["A1", "$B$2", "C$3", "'S 1'!D4", '"E5"', "6", "007", "F8:F9", "$10:11", "G12(", ")", "+", ","]
)


@pytest.mark.parametrize("formula", _FORMULAS)
@pytest.mark.parametrize("rows", [1, 8, 400])
def test_a_copy_has_the_form_of_its_original(formula: str, rows: int) -> None:
    copies = Copies()
    copied = moved(formula, rows)
    if copied.count("#REF!") == formula.count("#REF!"):
        assert copies.form(formula, 20) == copies.form(copied, 20 + rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A1+1", "A2+2"),
        ("$A$1", "$A$2"),
        ('"A1"', '"A2"'),
        ("LOG10(A1)", "LOG11(A2)"),
        ("'Q1'!A1", "'Q2'!A2"),
        ("A$5", "A$6"),
        ("A1", "a2"),
        ("A1 ", "A2"),
        ("A01", "A02"),
        ("A1048577", "A1048578"),
        ("A1048576", "A1048577"),
    ],
)
def test_what_is_no_copy_has_another_form(one: str, other: str) -> None:
    copies = Copies()
    assert copies.form(one, 1) != copies.form(other, 2)


@given(st.lists(_PIECES, max_size=8), st.integers(1, 50), st.integers(1, 50))
@example(["$B$2", "007", "007"], 1, 1)
def test_equal_forms_read_the_same_anywhere(pieces: list[str], row: int, rows: int) -> None:
    formula = "".join(pieces)
    other = moved(formula, rows)
    copies = Copies()
    beyond = any(int(number) > LAST_ROW for number in re.findall(r"[0-9]+", formula))  # each stands for itself then
    assert beyond or copies.form(formula, row) == copies.form(other, row + rows)
    assert moved(formula, 1000 - row) == moved(other, 1000 - row - rows)


@given(st.lists(_PIECES, min_size=1, max_size=5), st.lists(_PIECES, min_size=1, max_size=5))
def test_different_formulas_of_a_row_have_different_forms(one: list[str], other: list[str]) -> None:
    copies = Copies()
    equal = "".join(one) == "".join(other)
    assert (copies.form("".join(one), 7) == copies.form("".join(other), 7)) == equal
