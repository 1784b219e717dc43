"""Formulas that Excel cannot read, never shares, or never stores so."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from tests.workbook.lint.crafted import Crafted, assert_told, cases
from xlsales.workbook.lint import check, grammar

_VALUE = "<f>A1=1</f>"


def formula(rule: str, kind: str, text: str, *also: str, told: str = "Calc!C3") -> Crafted:
    """Another formula in C3 of the sheet Calc."""
    return Crafted(rule, kind, "Calc", _VALUE, f"<f>{escape(text)}</f>".replace("\\", r"\\"), also, told=told)


def shared(rule: str, kind: str, text: str, *also: str) -> Crafted:
    """Another shared formula in B1:B3."""
    return Crafted(rule, kind, "Calc", r'si="0">A1\*2', f'si="0">{escape(text)}', also, told="Calc!B1")


def calc(rule: str, kind: str, pattern: str, replacement: str, *also: str, told: str = "") -> Crafted:
    """A defect of the sheet Calc."""
    return Crafted(rule, kind, "Calc", pattern, replacement, also, told=told)


@cases(
    formula("formula-syntax", "parenthesis not closed", "SUM(A1:A3"),
    formula("formula-syntax", "parenthesis not opened", "SUM(A1:A3))"),
    formula("formula-syntax", "text not closed", 'IF(A1,"yes)'),
    formula("formula-syntax", "nothing after an operator", "A1+"),
    formula("formula-syntax", "two operands", "A1 2"),
    formula("formula-syntax", "operator of another language", "A1==1"),
    formula("formula-syntax", "array not closed", "SUM({1,2)"),
    formula("formula-syntax", "array of references", "SUM({A1,A2})"),
    formula("formula-syntax", "only a comma", ","),
    formula("formula-equals-sign", "equals sign", "=A1=1"),
    formula("formula-semicolon", "semicolons", "IF(A1;1;2)"),
    formula("formula-too-long", "8,193 characters", "1+" * 4096 + "1"),
    formula("formula-text-too-long", "text of 256 characters", f'"{"x" * 256}"'),
    formula("formula-nesting", "66 functions in one another", "ABS(" * 66 + "1" + ")" * 66),
    formula("formula-arguments", "256 arguments", f"SUM({','.join('1' * 256)})"),
    formula("function-arguments", "ROUND of a single argument", "ROUND(A1)"),
    formula("function-arguments", "two areas to COUNTBLANK", "1+COUNTBLANK(A1:A2,A3)"),
    formula("function-arguments", "a range without its criterion", "SUMIFS(A1:A3,A1:A3)"),
    formula("function-arguments", "an argument to PI", "PI(1)"),
    formula("function-arguments", "nothing to ABS, inside a call", "SUM(A1,ABS())"),
    formula("function-arguments", "a new function", "_xlfn.XLOOKUP(A1,A1:A3)"),
    formula("formula-empty", "formula without text", ""),
    formula("formula-unknown-sheet", "sheet that is gone", "Gone!A1"),
    formula("formula-unknown-sheet", "quoted sheet that is gone", "'Gone, too'!A1"),
    formula("formula-unknown-sheet", "end of a 3-D reference is gone", "SUM(Data:Gone!A1)"),
    formula("formula-unknown-sheet", "sheet with a space, not quoted", "SUM(Other sheet!A1)", "formula-unknown-name"),
    formula("formula-unknown-name", "name that is gone", "my_rat*2"),
    formula("formula-unknown-name", "name of a sheet that is gone", "Calc!nowhere"),
    formula("formula-unknown-workbook", "workbook beyond the list", "[1]Sheet1!A1"),
    formula("formula-unknown-workbook", "workbook by its path", "'C:\\Plans\\[Rates.xlsx]Sheet1'!A1"),
    formula("function-without-prefix", "XLOOKUP", "XLOOKUP(1,A1:A3,A1:A3)"),
    formula("function-without-prefix", "IFNA", "IFNA(A1,0)"),
    formula("function-without-prefix", "ISFORMULA", "ISFORMULA(A1)"),
    formula("function-without-prefix", "FILTER without its second prefix", "SUM(_xlfn.FILTER(A1:A3,A1:A3>1))"),
    formula("array-without-metadata", "UNIQUE in a plain formula", "_xlfn.UNIQUE(A1:A3)"),
    formula("array-without-metadata", "SORT in a plain formula", "SUM(_xlfn._xlws.SORT(A1:A3))"),
    formula("formula-at-sign", "table[@Column]", "tblDeals[@Won]"),
    formula("formula-at-sign", "table[@[Column]]", "tblDeals[@[Won]]"),
    formula("formula-at-sign", "@ before a range", "@A1:A3"),
    formula("formula-spill-sign", "F1#", "SUM(F1#)"),
    formula("formula-unknown-table", "table that is gone", "SUM(tblGone[Won])"),
    formula("formula-unknown-table", "column that is gone", "SUM(tblDeals[Gone])"),
    formula("formula-unknown-table", "column of a range is gone", "SUM(tblDeals[[Won]:[Gone]])"),
)
def test_a_formula_that_excel_drops_is_told(crafted: Crafted) -> None:
    assert_told(crafted)


@cases(
    shared("shared-formula-other-sheet", "another sheet", "Data!B1*2"),
    shared("shared-formula-other-sheet", "its own sheet", "Calc!A1*2"),
    shared("shared-formula-other-sheet", "quoted sheet", "'Other sheet'!A1"),
    shared("shared-formula-other-sheet", "another workbook", "[1]Sheet1!A1", "formula-unknown-workbook"),
    shared("shared-formula-union", "union", "SUM((A1,A3))"),
    shared("shared-formula-intersection", "intersection", "SUM(A1:A3 A1:B1)"),
    shared("shared-formula-range-operator", "calculated range", "SUM(A1:INDEX(A1:A3,2))"),
    shared("shared-formula-range-operator", "range of names", "SUM(my_rate:A3)"),
    shared("shared-formula-array-constant", "array constant", "SUM(A1*{1,2})"),
    shared("shared-formula-lost-reference", "#REF!", "A1+#REF!"),
    shared("shared-formula-table-reference", "table reference", "SUM(tblDeals[Won])"),
    calc(
        "shared-formula-without-master",
        "no first cell",
        '<f t="shared" ref="B1:B3" si="0">A1.2</f>',
        "<f>A1*2</f>",
        told="Calc!B2",
    ),
    calc(
        "shared-formula-without-master",
        "another index",
        '<f t="shared" si="0"/>',
        '<f t="shared" si="7"/>',
        told="si 7",
    ),
    calc("shared-formula-area", "cell outside the area", 'ref="B1:B3" si', 'ref="B1:B2" si', told="Calc!B3"),
    calc("shared-formula-area", "first cell outside the area", 'ref="B1:B3" si', 'ref="B2:B3" si', told="Calc!B1"),
    calc("arrays-overlap", "two arrays in one cell", 'ref="D1:D3"', 'ref="D1:E3"', told="Calc!E1:E2"),
    calc("array-area", "array that begins elsewhere", 'ref="E1:E2"', 'ref="E2:E3"', told="Calc!E1"),
    calc("array-area", "array without an area", ' ref="E1:E2"', "", told="Calc!E1"),
    calc("formula-kind", "unknown kind", _VALUE, '<f t="matrix">A1=1</f>', told="Calc!C3"),
)
def test_a_formula_that_excel_never_stores_so_is_told(crafted: Crafted) -> None:
    assert_told(crafted)


@pytest.mark.parametrize(
    "text",
    [
        "SUM(A1:A3)",
        '-A1%^2&"a""b"',
        'IF(A1<>"",-1,)',
        "SUM((A1,A3))",
        "SUM(A1:A3 A1:B1)",
        "SUM( A1 , A2 )",
        " A1 + 1 ",
        "A:A",
        "$1:$3",
        "SUM(A1:INDEX(A:A,3))",
        '{1,2;-3,"a;b"}',
        "{TRUE,#N/A}",
        "'Other sheet'!A1",
        "SUM(Data:Look!A1)",
        "SUM('Data:Other sheet'!A1)",
        "SUM(tblDeals[[#This Row],[Won]:[Lost]])",
        "SUM(tblDeals[#All])",
        "SUM(tblDeals)",
        "tblDeals[[#Headers],[Won]]",
        "Calc!own*2",
        "NOW()",
        "PI()*RAND()",
        "CLOSE_RATIO(1,2)",
        "_xlfn.XLOOKUP(1,A1:A3,A1:A3)",
        "_xlfn.LET(_xlpm.x,1,_xlpm.x+1)",
        "_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1)(2)",
        "_xlfn.SINGLE(A1:A3)",
        "_xlfn.ANCHORARRAY(F1)",
        "ISERROR(#REF!)",
        "#REF!A1",
        "1.5E+3+.5+1.",
        "A1=TRUE",
        "TRUE",
        "ABS(" * 64 + "1" + ")" * 64,
        f"SUM({','.join('1' * 255)})",
        f'"{"x" * 255}"',
        "1+" * 4095 + "11",
        "ŽLUTÁ(1)",
        "(A1)",
        "((A1+A2)*2)",
        "A1:A3:B2",
        "+A1--A2",
    ],
)
def test_a_formula_that_excel_reads_is_none(text: str) -> None:
    assert check(formula("", "", text).broken(), "Book.xlsx").faults == ()


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("A1+B2", set()),
        ("SUM(A1:B2)", set()),
        ("SUM(A1 :B2)", set()),
        ('IF(A1," x ","(a,b)")', set()),
        ("Data!A1:B2", {"sheet"}),
        ("Data!A1:Data!B2", {"sheet"}),
        ("SUM((A1,B2))", {"union"}),
        ("A1:A9 1:1", {"intersection"}),
        ("A1:INDEX(A:A,2)", {"range"}),
        ("INDEX(A:A,1):A9", {"range"}),
        ("name:A9", {"range"}),
        ("{1}", {"array"}),
        ("#REF!", {"reference"}),
        ("tbl[a]", {"table"}),
    ],
)
def test_what_a_formula_has(text: str, features: set[str]) -> None:
    assert grammar.read(text).features == features
    assert grammar.read(text).broken == []


@pytest.mark.parametrize(
    "text",
    [
        "{" * 40_000,
        '"' * 39_999,
        "'" * 39_999,
        "[" * 40_000,
        '{"a""b' * 5_000,
        "(" * 40_000,
        "a" * 60_000,
        "1" * 60_000,
        "a.b:" * 10_000,
        "[[" * 5_000 + "'" * 5_000,
    ],
)
def test_a_formula_made_to_hang_is_read_in_one_passage(text: str) -> None:
    """Quadratic ways would take minutes here."""
    assert grammar.read(text).broken


def test_copies_in_other_rows_have_one_pattern() -> None:
    assert grammar.pattern("SUM($A$7:B9)+x2") == grammar.pattern("SUM($A$8:B10)+x2")
    assert grammar.pattern("Sheet2!A1") != grammar.pattern("Sheet3!A1")
    assert grammar.pattern('"A1"') != grammar.pattern('"A2"')
