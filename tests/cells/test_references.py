"""References inside formulas: found where they are, and moved as Excel moves them in a copied cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from xlsales.cells.references import Copied, area, moved, replaced


@pytest.mark.parametrize(
    ("formula", "copied"),  # one row down, one column to the right
    [
        ("A1", "B2"),
        ("$A$1+$A1+A$1", "$A$1+$A2+B$1"),
        ("SUM(A1:$B$2)", "SUM(B2:$B$2)"),
        ("A:A+$B:C", "B:B+$B:D"),
        ("1:2+$3:4", "2:3+$3:5"),
        ("Pipeline!A1+'Org health'!A1+'It''s'!A1", "Pipeline!B2+'Org health'!B2+'It''s'!B2"),
        ("[1]Pipeline!A1+'[1]Org health'!A1", "[1]Pipeline!B2+'[1]Org health'!B2"),
        ("S1:S3!A1", "S1:S3!B2"),
        ("Deals!A1:Deals!B2", "Deals!B2:Deals!C3"),
        ("INDEX(A1:A9,1):B3", "INDEX(B2:B10,1):C4"),
        ("A1#", "B2#"),
        ("-A1%", "-B2%"),
        ('"A1"&A1&"say ""B2"""', '"A1"&B2&"say ""B2"""'),
        ("LOG10(A1)+ATAN2(1,2)", "LOG10(B2)+ATAN2(1,2)"),
        ("in_season_01+th_top10+my.A1", "in_season_01+th_top10+my.A1"),
        ("'Deals A1'!total+A1!total", "'Deals A1'!total+A1!total"),
        ("tblDeals[[#This Row],[A1]]+tblDeals['[B2]", "tblDeals[[#This Row],[A1]]+tblDeals['[B2]"),
        ("XFE1+A1048577+A0+1E5+#REF!", "XFE1+A1048577+A0+1E5+#REF!"),
        ("A1048576", "#REF!"),
        ("Deals!XFD1", "Deals!#REF!"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_copied_formula_reads_the_cells_beside_those_of_the_original(formula: str, copied: str) -> None:
    assert moved(formula, 1, 1) == copied


corners = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "$"]),
    st.sampled_from(["A", "Z", "AB", "QQ"]),
    st.sampled_from(["", "$"]),
    st.integers(1, 9999),
)
references = st.builds(
    "{}{}".format,
    st.sampled_from(["", "Pipeline!", "'Org health'!", "'It''s'!"]),
    st.one_of(corners, st.builds("{}:{}".format, corners, corners)),
)
operands = st.one_of(
    references,
    st.sampled_from(['"A1"', "1.5E3", "th_top10", "tblDeals[A1]", "TRUE"]),
    st.builds("SUM({},{})".format, references, references),
    st.builds("LOG10({})".format, references),
)
formulas = st.lists(operands, min_size=1, max_size=4).map("+".join)


@given(formulas, st.integers(0, 500), st.integers(0, 50))
def test_formulas_move_as_openpyxl_moves_them(formula: str, rows: int, columns: int) -> None:
    told = Translator(f"={formula}", "A1").translate_formula(row_delta=rows, col_delta=columns)
    assert f"={moved(formula, rows, columns)}" == told


@given(formulas, st.integers(0, 500))
def test_a_formula_taken_apart_is_copied_down_alike(formula: str, rows: int) -> None:
    assert Copied(formula).by(rows) == moved(formula, rows)


def test_a_formula_copied_below_the_last_row_has_no_cell_to_read() -> None:
    assert Copied("A1048575+1").by(2) == "#REF!+1"


@given(formulas)
def test_a_formula_whose_references_stay_is_the_same_text(formula: str) -> None:
    assert replaced(formula, lambda reference: reference) == formula
    assert moved(formula, 0) == formula


@pytest.mark.parametrize(
    ("prefix", "own", "there"),
    [
        ("Pipeline!", "Start", True),
        ("pipeline!", "Start", True),
        ("'Pipeline'!", "Start", True),
        ("", "Pipeline", True),
        ("", "Start", False),
        ("Start!", "Pipeline", False),
        ("[1]Pipeline!", "Pipeline", False),
        ("'[1]Pipeline'!", "Pipeline", False),
        ("Pipeline:Team!", "Pipeline", False),
    ],
)
def test_a_reference_lies_on_the_sheet_that_it_names_or_on_its_own(prefix: str, own: str, there: bool) -> None:
    found = []
    replaced(f"{prefix}A1", lambda reference: found.append(reference) or reference)  # type: ignore[func-returns-value]
    assert [reference.on("Pipeline", own) for reference in found] == [there]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("B6:V406", (2, 6, 22, 406)),
        ("$B$6:$V$406", (2, 6, 22, 406)),
        ("B6", (2, 6, 2, 6)),
        (" B6 ", (2, 6, 2, 6)),
        ("B:B", None),
        ("6:6", None),
        ("", None),
        ("in_goal", None),
    ],
)
def test_areas_are_read_without_dollars(text: str, cells: tuple[int, int, int, int] | None) -> None:
    assert area(text) == cells
