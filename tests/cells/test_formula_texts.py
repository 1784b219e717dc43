"""Formulas are compared by what they mean: the same in other words is the same, what gives another result is not."""

from __future__ import annotations

import pytest

from xlsales.cells.formula_texts import meaning


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IF(A1=FALSE,1,0)", "IF(A1=FALSE(),1,0)"),
        ("SUM( A1 : A3 )", "sum(A1:A3)"),
        ("Targets!$C$5", "'Targets'!$C$5"),
        ("'Org health'!A1", "'ORG HEALTH'!A1"),
        ("_xlfn.ISFORMULA(A1)", "ISFORMULA(A1)"),
        ("A1*0.10", "A1*0.1"),
        ("A1*1E-09", "A1*0.000000001"),
        ("+A1", "A1"),
        ("in_Revenue_Goal", "in_revenue_goal"),
    ],
)
def test_the_same_formula_in_other_words(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A1", "$A1"),
        ("A1", "A2"),
        ("SUM(A1:A3)", "SUM(A1:A30)"),
        ('IF(A1="a",1,0)', 'IF(A1="A",1,0)'),
        ('"TRUE"', "TRUE"),
        ('A1&" "', 'A1&""'),
        ("A1*0.1", "A1*0.11"),
        ("Targets!A1", "Lists!A1"),
        ("A1-B1", "A1+B1"),
        ("TRUE", "FALSE"),
        ("LOG10(A1)", "LOG1(A1)"),
    ],
)
def test_another_formula(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)
