"""Templates that are left to the calculation engine: each formula that is to blame, with the reason."""

from __future__ import annotations

import pytest

from tests.compiled.books import book
from xlsales.compiled import Compiled, Unsupported
from xlsales.template import Template


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=TODAY()-A1", "TODAY depends on more than its cells"),
        ("=TODAY()", "TODAY depends on more than its cells"),
        ("=SUM(OFFSET(A1,1,0))", "OFFSET depends on more"),
        ('=INDIRECT("A"&2)', "INDIRECT depends on more"),
        ("=MEDIAN(A1:A6)", "MEDIAN is not compiled"),
        ("=SUM(A:A)", "references to whole columns and rows are not compiled"),
        ("=A1+a_number", "the reference a_number is not compiled"),
        ("=SUM(A1:A1048576)", "a reference goes too far"),
        ("=SUM(A1:A$1048576)", "a range has too many cells"),
        ("=A1+ZZ400000", "formulas refer to too large a part of the sheet S"),
        ("=A1+XFD1", "a reference goes too far"),
        ("=SUMPRODUCT(A1,A2)", "the ranges of SUMPRODUCT differ in size"),
        ("=TEXT(A1,A2)", "does not know its number format"),
        ('=TEXT(A1,"yyyy-mm-dd")', "TEXT with this format"),
        ("=INDEX(A1:A6,A1)", "its result fills several cells"),
        ("=INDEX(A1:B6,2)", "INDEX of whole rows"),
        ("=MATCH(A1,A2:A6,-1)", "it looks something up among inputs"),
        ("=MATCH(A1,A2:A6,1)", "it looks something up among inputs"),
        ("=MATCH(A1,A2:A6)", "it looks something up among inputs"),
        ("=SUM(IF(A1:A3>1,A1:A3))", "otherwise than Excel"),
        ("=SUM(EDATE(A1:A3,1))", "otherwise than Excel"),
        ("=WEEKDAY(A1,A2)", "WEEKDAY with this kind of count"),
        ('=IF(A1="#N/A",1,2)', "a text reads like an error value"),
        ("=ORG_GAPS(A1:A6)", "ORG_GAPS fills several cells"),
    ],
)
def test_formula_that_is_not_compiled_is_named(formula: str, reason: str) -> None:
    with pytest.raises(Unsupported) as refused:
        Compiled(book(formula))
    (address, found), *_others = refused.value.reasons.items()
    assert reason in found
    assert f"S!{address[1]}" in str(refused.value)


def test_range_that_grows_is_compiled_only_where_it_is_known_to_work() -> None:
    template = book(*(f"=MATCH(A{row},A$1:A{row},0)" for row in range(1, 5)))
    with pytest.raises(Unsupported, match="a range that grows with its cell"):
        Compiled(template)


@pytest.mark.parametrize("formulas", [("=C2+A1", "=C1+1"), ("=C1+A1",)])
def test_formulas_that_depend_on_themselves_are_named(formulas: tuple[str, ...]) -> None:
    with pytest.raises(Unsupported):
        Compiled(book(*formulas))


def test_input_cell_with_a_formula_is_named() -> None:
    with pytest.raises(Unsupported) as refused:
        Compiled(book("=A1", A2="=1+1"))
    assert refused.value.reasons["S", "A2"] == "it is an input cell with a formula"


def test_what_no_input_reaches_may_be_anything_that_does_not_change() -> None:
    template: Template = book("=MEDIAN(B5,7)+A1", "=MEDIAN(B5,7)", "=C2+A1")
    with pytest.raises(Unsupported) as refused:
        Compiled(template)
    assert set(refused.value.reasons) == {("S", "C1")}
    still = book("=MEDIAN(B5,7)", "=C1+A1")
    assert dict(zip(still.formulas, Compiled(still).calculated([{("S", "A1"): 2}])[0], strict=True))["S", "C2"] == 7
