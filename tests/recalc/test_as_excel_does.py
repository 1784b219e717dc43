"""Where calculations here and Excel's differ by nature: the value is Excel's, or the formula is left."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.recalc.books import done, openpyxl_book, parts, shown, value, why_left, with_parts
from xlsales.workbook.vba.project import Module, ModuleKind, vba_project

TENTHS = {f"A{row}": 0.1 for row in range(1, 11)}
ERRORS = {"D1": "=NA()", "D2": 7, "D3": "=NA()", "D4": "=1/0", "D5": "x", "D6": True}


@pytest.mark.parametrize(
    ("formula", "excel"),
    [
        # Comparisons see 15 digits
        ("=SUM(A1:A10)=1", True), ("=SUM(A1:A10)<1", False), ("=SUM(A1:A10)>=1", True), ("=4.35*100=435", True),
        ('=IF(0.1*3>0.3,"over","on")', "on"), ('=IF(1.1*1.1=1.21,"y","n")', "y"), ("=0.1*3<>0.3", False),
        ("=-0.1*3<-0.3", False), ("=1=1.0000000000001", False), ("=A1*3=A1+A2+A3", True),
        ("=SUMPRODUCT((A1:A10*3=0.3)*1)", 10),
        # A sum that leaves nothing is 0 where the formula ends in it
        ("=0.1+0.2-0.3", 0), ("=(0.1+0.2-0.3)", 5.551115123125783e-17), ("=SUM(A1:A10)-1", 0),
        ("=1*(0.1+0.2-0.3)", 5.551115123125783e-17), ("=0.5-0.4-0.1", 0),
        ("=1*(0.5-0.4-0.1)", -2.7755575615628914e-17), ("=0.3-0.1*3", 0),
        ("=-0.3+0.1*3", 0), ("=2-1", 1), ("=1E-300-0", 1e-300),
        # Criteria find errors, and errors among what is added up show
        ('=COUNTIF(D1:D6,"#N/A")', 2), ("=COUNTIF(D1:D6,D1)", 2), ("=COUNTIF(D1:D6,NA())", 2),
        ('=COUNTIF(D1:D6,"<>#N/A")', 4), ('=COUNTIF(D1:D6,"#DIV/0!")', 1), ('=COUNTIFS(D1:D6,">5")', 1),
        ('=SUMIF(D1:D6,">5")', 7), ('=SUMIF(D5:D6,"x",D4:D5)', "#DIV/0!"), ('=SUMIFS(D1:D6,D1:D6,"<>x")', "#N/A"),
        ('=AVERAGEIFS(D1:D6,D1:D6,"x")', "#DIV/0!"), ('=COUNTIF(D1:D6,"<>x")', 5), ("=COUNTIF(D1:D6,TRUE)", 1),
        ('=COUNTIF(D:D,"<>x")', 1048575), ('=COUNTIFS(D:D,"<>x")', 1048575), ('=COUNTIF(D:E,"<>x")', 2097151),
        ('=COUNTIFS(D1:D6,"x",E1:E6,"")', 1), ('=COUNTIF(D:D,"")', 1048570),
        # Truths among texts
        ("=LEFT(D6,2)", "TR"), ("=REPT(D6,2)", "TRUETRUE"), ("=MID(TRUE,2,2)", "RU"), ("=LEN(D6)", 4),
        ("=EXACT(D6,\"TRUE\")", True), ("=UPPER(D6)", "TRUE"), ('=SUBSTITUTE(D6,"T","t")', "tRUE"),
        # The rounding family
        ("=CEILING(10,0)", 0), ("=FLOOR(-2.5,-2)", -2), ("=FLOOR(10,-3)", "#NUM!"), ("=CEILING(-2.5,2)", -2),
        ("=CEILING(-2.5,-2)", -4), ("=FLOOR(-2.5,2)", -4), ("=MROUND(5,-2)", "#NUM!"), ("=MROUND(7,5)", 5),
        ("=ROUND(2.675,2)", 2.68), ("=ROUND(1.005,2)", 1.01), ("=ROUND(-2.5,0)", -3), ("=INT(-2.5)", -3),
        ("=MOD(-7,3)", 2), ("=ROUNDDOWN(-2.567,2)", -2.56),
        # Powers of 0
        ("=0^0", "#NUM!"), ("=E1^E2", "#NUM!"), ("=E1^-A1", "#DIV/0!"), ("=MAX(E1:E2)^E1", "#NUM!"), ("=E1^D2", 0),
        ("=D2^E1", 1), ("=(-8)^(1/3)", "#NUM!"), ("=10^(D2*100)", "#NUM!"), ("=D5^2", "#VALUE!"), ("=E1^D1", "#N/A"),
        ("=SUMPRODUCT((A1:A10+0.9)^E1)", 10),
        # Functions of numbers and texts that are no cell's
        ('=MAX(D5&"y",1)', "#VALUE!"), ('=MAX(D2&"",1)', 7), ('=SUM(LEFT(D2&"9",2),1)', 80),
        ('=MAX(IF(D2>9,1,""),2)', "#VALUE!"), ('=MIN(IFERROR(1/0,"none"),2)', "#VALUE!"), ('=MAX(IF(D2>1,5,""),2)', 5),
        # Errors are not counted, wherever they come from
        ("=COUNT(1/0,1)", 1), ("=COUNT(D1:D6,LN(-D2))", 1), ("=COUNTA(1/0,1)", 2),
        # What is multiplied are numbers
        ("=ROUND(SUMPRODUCT(A1:A10),9)", 1), ("=SUMPRODUCT(D5:D5)", 0),
        ("=SUMPRODUCT((A1:A10>0)*2)", 20), ("=SUMPRODUCT((D5:D6=TRUE)*1)", 1), ("=SUMPRODUCT({1,2},{3,4})", 11),
        # The first of several rows, where one value is wanted
        ("=ROW(A5:A9)+1", 6), ("=IF(D2=7,ROW(A2:B3)+1)", 3), ("=-COLUMN(C1:E1)", -3), ('=HYPERLINK("#A1","on")', "on"),
    ],
)  # fmt: skip
def test_formula_shows_what_excel_shows(formula: str, excel: Any) -> None:
    assert value(formula, **TENTHS, **ERRORS) == excel


@pytest.mark.parametrize(
    "formula",
    [
        # Digits of which only Excel can tell
        "=COUNTIF(A1:A10,SUM(A1:A3)/3)", "=INT(4.35*100)", "=ROUNDDOWN(4.35*100,0)", "=MOD(0.3,0.1)",
        '=COUNTIF(E1:E2,">"&E1)', "=TRUNC(0.1*3*10)", "=CEILING(0.1*3,0.1)",
        # What nobody can type into Excel
        "=ROUND(A1)", "=COUNTBLANK(A1:A2,A3)", "=SIGN(A1,2)", "=IF(A1)", "=COUNTIFS(A1:A2,1,A1:A2)", "=YEAR()",
        '=COUNTIF("x","x")', "=SUMIF(A1:A3*2,1)", "=ROW(5)", "=RANK(A1,{1,2,3})", "=COUNTBLANK(LEFT(D5,1))",
        "=SUMIFS(A1:A3,A1:A3+0,1)", "=PI(1)", "=COUNTIFS(A1:A3,1,{1;2;3},2)", "=MROUND(A1)",
        # Truths and texts that are no dates, numbers or truths to some functions
        "=WORKDAY(D6,1)", "=NETWORKDAYS(45000,D6)", '=_xlfn.TEXTJOIN(",","5",D5,D6)', "=RANK(D5,A1:A3)",
        '=RIGHT("abc",D5&"")', '=MATCH(D5,"x")', "=_xlfn.XMATCH(4,4)", "=INDEX(4,1)",
        # Errors in order, truths to functions that came as an add-in, and among numbers
        "=_xlfn._xlws.SORT(D1:D6)", "=_xlfn._xlws.SORT(D1:D6,1,-1)", "=SQRTPI(D6)", "=ISEVEN(D6)", "=GCD(D6,6)",
        "=QUOTIENT(TRUE,1)", "=DEC2BIN(D2=7)", "=MATCH(D6,A1:A3)", "=VLOOKUP(TRUE,A1:B3,2)", "=LOOKUP(D2=7,A1:A3)",
        "=MATCH(2,{1,2,3},-1)", "=_xlfn.XMATCH(4,{1,2,3},-1)",
        # Truths and texts among what is multiplied, which Excel takes for 0
        "=SUMPRODUCT(D5:D6)", "=SUMPRODUCT(A1:A10>0)", "=SUMPRODUCT({TRUE,TRUE})", "=SUMPRODUCT(A1:A2,D5:D6)",
        '=SUMPRODUCT({"5",2})', "=SUMPRODUCT(A1:A2,A1:A2>0)", '=SUMPRODUCT(A1:A2&"")', "=LOOKUP(1,-1,A1:A2)",
        # Ways to search
        "=_xlfn.XLOOKUP(4,A1:A5,D1:D5,,-1)", "=_xlfn.XLOOKUP(4,A1:A5,D1:D5,,0,2)", "=_xlfn.XMATCH(4,A1:A5,1)",
        # Several values where the engine has one
        "=SUMPRODUCT(ROW(A1:A10)*1)", '=SUMPRODUCT(ROW(INDIRECT("1:10")))', "=SUM(INDEX(ROW(A1:A10),0))",
        '=SUMPRODUCT(MID("12345",ROW(INDIRECT("1:5")),1)*1)', '=SUMPRODUCT(LARGE(A1:A10,ROW(INDIRECT("1:3"))))',
        "=SUMPRODUCT(COLUMN(A1:C1)*1)", "=SUMPRODUCT(2,A1:A2)", "=SUMPRODUCT(A1:A3,A1:A2)",
        "=SUM(_xlfn.SEQUENCE(1048576,16384))",
        # Texts where something else is wanted, and formats in cells
        '=AND("TRUE")', '=IF("true","A","B")', '=AVERAGE("Hola")', "=TEXT(D2,D5)", '="1/9/2024"+0', '=TEXT(1,"0.0E+0")',
        # Functions and dates that the engine calculates otherwise
        "=IPMT(0.1,3,12,10000,0,1)", '=CONVERT(1,"Ym","m")', "=ADDRESS(3,7,1,0)",
        "=INDEX(A1:A3,-2)", "=DATE(1900,2,28)", "=EDATE(10,-12)", "=IRR(A1:A2)", "=_xlfn.FORMULATEXT(A1)",
    ],
)  # fmt: skip
def test_formula_of_which_only_excel_can_tell_is_left(formula: str) -> None:
    cells = {**TENTHS, **ERRORS, "E1": "=1/3", "E2": 2}
    assert why_left(formula, **cells) != ""


OWN = "_xlfn.LAMBDA(_xlpm.growth,_xlpm.spend,_xlpm.growth*4/_xlpm.spend)"


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("=MAGIC_NUMBER(100,250)", {"MAGIC_NUMBER": OWN}),
        ("=magic_number(100,250)", {"Magic_Number": OWN}),
        ("=PENETRATION(3,8)", {"penetration": "S!$A$1"}),
        ("=2*indirectly", {"CLOSE_RATIO": OWN, "indirectly": "CLOSE_RATIO(1,2)"}),
        ("=_xlfn.LET(_xlpm.CLOSE_RATIO,_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1),_xlpm.CLOSE_RATIO(3))", {}),
        ("=_xlfn.LET(_xlpm.close_ratio,5,CLOSE_RATIO(3,8))", {}),
    ],
)
def test_name_of_the_workbook_s_own_is_never_answered_by_a_sales_function(formula: str, names: dict[str, str]) -> None:
    result = done(
        openpyxl_book({"A1": formula, "A2": "=CLOSE_RATIO(1,2)+0"} if not names else {"A1": formula}, names=names)
    )
    assert "of its own" in result.left["S", "A1"]
    assert ("S", "A2") not in result.left


def test_name_that_stands_for_cells_leaves_other_sales_functions_alone() -> None:
    result = done(openpyxl_book({"A1": "=CLOSE_RATIO(1,4)"}, names={"MAGIC_NUMBER": OWN}))
    assert result.left == {}


_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _linked(package: bytes, kind: bytes, target: str, more: dict[str, bytes]) -> bytes:
    """The workbook with one more part that its workbook part leads to."""
    place = "xl/_rels/workbook.xml.rels"
    link = b'<Relationship Id="rIdOwn" Type="%b/%b" Target="%b"/></Relationships>' % (_OFFICE, kind, target.encode())
    return with_parts(package, {place: parts(package)[place].replace(b"</Relationships>", link), **more})


@pytest.mark.parametrize(
    ("source", "excel"),
    [
        ("Function PENETRATION(growth, spend)\nPENETRATION = 42\nEnd Function", None),
        ("Private Function penetration(a, b) As Double\nEnd Function", None),
        ('Function PENETRATION(a, b)\nPENETRATION = Answer("PENETRATION", Array(a, b))\nEnd Function', 0.375),
        ("Sub PENETRATION()\nEnd Sub", 0.375),
        ("Function SOMETHING(a)\nEnd Function", 0.375),
    ],
)
def test_function_of_the_workbook_s_own_vba_is_never_answered_by_a_sales_function(source: str, excel: Any) -> None:
    book, own = Module("ThisWorkbook", "", ModuleKind.DOCUMENT_WORKBOOK), Module("Own", source, ModuleKind.STANDARD)
    package = openpyxl_book({"A1": "=PENETRATION(3,8)", "A2": "=CLOSE_RATIO(1,4)"})
    project = {"xl/vbaProject.bin": vba_project("theirs", [book, own])}
    result = done(_linked(package, b"vbaProject", "vbaProject.bin", project))
    assert shown(result.package) == ({"A2": 0.25} if excel is None else {"A1": excel, "A2": 0.25})
    assert ("of its own" in result.left.get(("S", "A1"), "")) == (excel is None)


@pytest.mark.parametrize(
    ("file", "is_ours"),
    [
        ("xlsales.xlam", True), ("file:///C:\\Users\\Ann%20Lee\\AddIns\\xlsales.xlam", True), ("XLSALES.XLAM", True),
        ("finance.xlam", False), ("file:///C:/xlsales/finance.xlam", False), ("book.xlsx", False),
    ],
)  # fmt: skip
def test_function_of_another_add_in_is_not_answered_by_a_sales_function(file: str, is_ours: bool) -> None:
    package = openpyxl_book({"A1": "=[1]!CLOSE_RATIO(1,4)"})
    workbook = parts(package)["xl/workbook.xml"]
    reference = b'</sheets><externalReferences><externalReference r:id="rIdOwn" xmlns:r="%b"/></externalReferences>'
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE.decode()}/externalLinkPath" Target="{file}" TargetMode="External"/></Relationships>'
    )
    more = {
        "xl/workbook.xml": workbook.replace(b"</sheets>", reference % _OFFICE),
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": relationships.encode(),
    }
    result = done(_linked(package, b"externalLink", "externalLinks/externalLink1.xml", more))
    assert shown(result.package) == ({"A1": 0.25} if is_ours else {})


@pytest.mark.parametrize("formula", ["='C:\\xlsales\\finance.xlam'!CLOSE_RATIO(1,4)", "=finance.xlam!CLOSE_RATIO(1,4)"])
def test_function_that_names_another_add_in_is_left(formula: str) -> None:
    assert why_left(formula) != ""


@pytest.mark.parametrize(
    ("formula", "excel"),
    [
        ("=MROUND(A1,2)", "#VALUE!"), ("=MROUND(5,A1)", "#VALUE!"),  # of TRUE, though CEILING takes it
        ("=ROMAN(499,1)", "LDVLIV"),
        ("=LOOKUP(2,B1:B3,C1:C3)", "y"), ("=VLOOKUP(2,B1:C3,2)", "y"),
    ],
)  # fmt: skip
def test_what_excel_alone_does_is_done(formula: str, excel: Any) -> None:
    cells = {"A1": True, "B1": 1, "B2": 2, "B3": 3, "C1": "x", "C2": "y", "C3": "z"}
    assert value(formula, **cells) == excel


@pytest.mark.parametrize(
    "formula",
    [
        "=LOOKUP(2,B1:C3)", "=LOOKUP(2,B1:C3,C1:C3)", '=VLOOKUP(2,"Nothing",1)', "=HLOOKUP(2,7,1)",
        "=_xlfn._xlws.FILTER(B1:B3,D1:D3)", "=_xlfn.SWITCH(B1,E1,2)", '=INDIRECT("nowhere at all")',
        "=IMABS(\"3+4i\")", "=FV(0.05,10,-100)", "=STDEVP(B1:B3,\"\")", '=GEOMEAN(1,2,"5",TRUE)',
    ],
)  # fmt: skip
def test_what_the_engines_were_seen_to_do_otherwise_is_left(formula: str) -> None:
    cells = {"B1": 1, "B2": 2, "B3": 3, "C1": "x", "C2": "y", "C3": "z", "D1": "a", "D2": True, "E1": "=1/0"}
    assert why_left(formula, **cells) != ""


def test_workbook_saved_as_strict_open_xml_is_calculated_like_any_other() -> None:
    strict = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }
    package = openpyxl_book({"A1": 3, "A2": "=A1*2", "A3": "=A2+CLOSE_RATIO(1,4)", "A4": "=FACT(A1)"})
    changed = parts(package)
    for usual, other in strict.items():
        changed = {name: part.replace(usual, other) for name, part in changed.items()}
    result = done(with_parts(package, changed))
    assert result.left == {}
    values = re.findall(
        rb'<c r="(A\d)"[^>]*><f>[^<]*</f><v>([^<]*)</v>', parts(result.package)["xl/worksheets/sheet1.xml"]
    )
    assert values == [(b"A2", b"6"), (b"A3", b"6.25"), (b"A4", b"6")]


STEPS = {"A1": 0.1, "A2": 0.2, "A3": "=A1+A2", "A4": 0.3, "B1": 1, "B2": 2, "B3": 3, "B4": 4, "C1": 0.3, "C2": "=1/3"}
THIRDS = {"D1": "=1/3", "D2": "=2/7", "D3": "=5/9", "E1": "aé", "E2": "b", "E3": "c", "F1": "a", "F2": "b-c", "F3": "x"}


@pytest.mark.parametrize(
    "formula",
    [
        "=MATCH(C1,A1:A3,0)", "=MATCH(0.3,A3:A3,0)", "=MATCH(A1+A2,C1:C1,0)", "=VLOOKUP(C1,A1:B4,2,FALSE)",
        "=IFERROR(MATCH(C1,A1:A3,0),0)", "=_xlfn.XLOOKUP(C1,A1:A4,B1:B4)", "=_xlfn.XMATCH(C1,A1:A4)", "=RANK(A4,A1:A4)",
        "=HLOOKUP(C1,A3:A4,1,FALSE)", "=MATCH(0.333333333333333,D1:D3,0)", "=RANK(C1,A1:A3)",
        '=MATCH("b",E1:E3)', '=VLOOKUP("b",E1:E3,1)', '=MATCH("é",F1:F3)',
    ],
)  # fmt: skip
def test_lookup_that_more_than_15_digits_or_the_order_of_letters_decide_is_left(formula: str) -> None:
    assert "digits" in why_left(formula, **STEPS, **THIRDS) or "order" in why_left(formula, **STEPS, **THIRDS)


@pytest.mark.parametrize(
    ("formula", "excel"),
    [
        ("=MATCH(MAX(D1:D3),D1:D3,0)", 3), ("=MATCH(1/3,D1:D3,0)", 1), ("=RANK(D2,D1:D3)", 3),
        ("=MATCH(C2,A1:A3,0)", "#N/A"), ('=MATCH("x",F1:F3)', 3),
        ("=VLOOKUP(D1,D1:D3,1,FALSE)", 1 / 3), ("=MATCH(A2,A1:A2,0)", 2),
        ("=_xlfn.XLOOKUP(B2,B1:B4,A1:A4)", 0.2), ('=MATCH("c",E2:E3)', 2), ('=MATCH("é",E1:E3,0)', "#N/A"),
    ],
)  # fmt: skip
def test_lookup_among_numbers_that_differ_before_is_not(formula: str, excel: Any) -> None:
    assert value(formula, **STEPS, **THIRDS) == excel
