"""Ordinary formulas show what LibreOffice makes of them.

Not in the list: where LibreOffice is known to differ from Excel (it counts TRUE in a range as a number, writes TRUE
into texts as 1, and does not know #NUM! in a file), and what is left for Excel (test_left_for_excel.py).
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests import libreoffice
from tests.recalc.books import done, openpyxl_book, shown

CELLS = {
    **{f"A{row}": number for row, number in enumerate([3, -1.5, 0, 12, 7, 7], start=1)},
    **{f"B{row}": text for row, text in enumerate(["north", "South", "north", "", "East*", "x~y"], start=1)},
    **{f"C{row}": dt.date(2027, row, 28) for row in range(1, 7)},
    "D1": True, "D2": "5", "D3": None,
}  # fmt: skip
FORMULAS = [
    "=SUM(A1:A6)", "=AVERAGE(A1:A6)", "=COUNTA(A1:D6)", "=COUNTBLANK(D1:D6)", "=MAX(A1:C3)", "=MIN(A1:A6)",
    "=MEDIAN(A1:A6)", "=STDEV(A1:A6)", "=LARGE(A1:A6,2)", "=SMALL(A1:A6,2)", "=RANK(A5,A1:A6)",
    "=PERCENTILE(A1:A6,0.9)", '=SUMIF(B1:B6,"NORTH",A1:A6)', '=SUMIFS(A1:A6,A1:A6,">0",B1:B6,"<>north")',
    '=COUNTIF(B1:B6,"?outh")', '=COUNTIF(B1:B6,"East~*")', '=COUNTIFS(A1:A6,">="&A1,B1:B6,"*")',
    '=AVERAGEIF(A1:A6,">0")', '=SUMPRODUCT((A1:A6>0)*(B1:B6="north"),A1:A6)', "=VLOOKUP(12,A1:B6,2,FALSE)",
    "=INDEX(B1:B6,MATCH(7,A1:A6,0))", '=MATCH("south",B1:B6,0)', '=IFERROR(MATCH("west",B1:B6,0),"none")',
    "=HLOOKUP(3,A1:C2,2,FALSE)", "=CHOOSE(2,A1,A2,A3)", "=OFFSET(A1,3,0)", '=INDIRECT("A"&4)',
    '=IF(A1>A2,"more","less")', "=AND(A1>0,D1)", "=OR(A1<0,FALSE)", "=NOT(D1)", "=ROUND(A2,0)",
    "=ROUND(-A2*10.05,1)", "=ROUNDUP(A2,0)", "=INT(A2)", "=TRUNC(A2)", "=MOD(A2,4)", "=CEILING(A5,2)",
    "=FLOOR(A5,2)", "=ABS(A2)", "=POWER(A1,A2)", "=EXP(1)", "=LN(A4)", "=LOG10(A4)", "=2^-1", "=-2^2", "=50%*A4",
    "=LEN(B1&A2)", "=LEFT(B1,2)&RIGHT(B2,3)&MID(B1,2,2)", "=UPPER(B2)", "=PROPER(B1)", '=TRIM("  a   b ")',
    '=SUBSTITUTE(B1,"n","N")', '=FIND("r",B1)', '=SEARCH("R",B1)', '=TEXT(A2,"0.00")', '=TEXT(C1,"yyyy-mm-dd")',
    '=TEXT(0.256,"0.0%")', "=D2+1", '=B1="NORTH"', '=EXACT(B1,"NORTH")', "=YEAR(C3)", "=MONTH(C3)",
    "=WEEKDAY(C3,2)", "=WEEKNUM(C3)", "=EDATE(C1,1)", "=EOMONTH(C1,1)", "=DATE(2027,14,3)", '=DATEDIF(C1,C6,"m")',
    "=NETWORKDAYS(C1,C2)", "=WORKDAY(C1,10)", "=YEARFRAC(C1,C6)", "=C2-C1", "=TIME(6,30,0)", "=A9", '=A9&""',
    "=ISBLANK(A9)", "=ISNUMBER(D2)", "=ISTEXT(B4)", "=N(D1)", "=1/0", "=NA()", "=ISERROR(1/0)",
    "=PMT(1%,12,-1000)", "=NPV(0.1,A1:A6)", "=IRR(E1:E3)", "=_xlfn.CONCAT(B1:B3)",
    '=_xlfn.TEXTJOIN("-",TRUE,B1:B6)', "=_xlfn.IFS(A1<0,1,TRUE,2)", '=_xlfn.SWITCH(A1,3,"three")',
    '=_xlfn.MAXIFS(A1:A6,B1:B6,"north")', "=SUM(A6:A1)", "=ROWS(A1:A6)", "=ROW()", "=SUMPRODUCT(A1:A3,A4:A6)",
    "=SUMPRODUCT(A1:A6*2)", "=SUMPRODUCT(--(A1:A6>0))", "=SUMPRODUCT((A1:A6>0)*1)",
    '=SUMPRODUCT((B1:B6="north")*(A1:A6>0)*A1:A6)', "=SUMPRODUCT(A1:A6/SUM(A1:A6))", "=SUMPRODUCT(-A1:A6)",
    "=SUMPRODUCT(A1:A6^2)", '=SUMPRODUCT((A1:A6&"x"="3x")*1)', "=SUMPRODUCT((YEAR(C1)=2027)*A1:A6)",
    "=SUMPRODUCT(A1:A6*(C1:C6>DATE(2027,3,1)))", "=INDEX(A1:B6,2,2)", "=SUM(INDEX(A1:B6,0,1))",
    "=SUM(INDEX(A1:C6,2,0))", '=VLOOKUP("s*",B1:C6,2,FALSE)', "=PERCENTRANK(A1:A6,7)", "=QUARTILE(A1:A6,1)",
    "=MODE(A1:A6)", "=VAR(A1:A6)", "=VARP(A1:A6)", "=STDEVP(A1:A6)", "=GEOMEAN(A4:A6)", "=HARMEAN(A4:A6)",
    "=TRIMMEAN(A1:A6,0.4)", "=DEVSQ(A1:A6)", "=AVEDEV(A1:A6)", "=SKEW(A1:A6)", "=KURT(A1:A6)",
    "=CORREL(A1:A6,C1:C6)", "=SLOPE(A1:A6,C1:C6)", "=INTERCEPT(A1:A6,C1:C6)", "=RSQ(A1:A6,C1:C6)",
    "=STEYX(A1:A6,C1:C6)", "=FORECAST(46500,A1:A6,C1:C6)", "=COVAR(A1:A6,C1:C6)", "=PEARSON(A1:A6,C1:C6)",
    "=SUMX2MY2(A1:A3,A4:A6)", "=SUMXMY2(A1:A3,A4:A6)", "=SUMSQ(A1:A6)", "=PRODUCT(A4:A6)", '=COUNTIF(A1:A6,">3")',
    "=COUNTIF(A1:A6,7)", '=COUNTIF(A1:A6,"=7")', '=COUNTIF(D1:D6,"")', '=COUNTIF(D1:D6,"<>")',
    '=COUNTIF(B1:B6,"")', '=COUNTIF(B1:B6,"<>")', "=COUNTIF(D1:D6,TRUE)", '=COUNTIF(C1:C6,">="&DATE(2027,3,28))',
    '=SUMIF(A1:A6,">0")', '=SUMIF(B1:B6,"north",A1)', '=AVERAGEIFS(A1:A6,B1:B6,"north")',
    '=AVERAGEIF(B1:B6,"nowhere",A1:A6)', "=AVERAGE(B1:B6)", "=AVERAGEA(A1:D2)", "=IF(A1,1,2)", "=IF(B1,1,2)",
    "=IF(D3,1,2)", '=IF(D3="","blank","no")', "=A1=D3", "=D3=0", '=D3=""', '="a"<"B"', '="10"<9', '="a"="A"',
    '=1="1"', '=-"3"', '="3"*"4"', '="1/2/2027"+0', '="x"+1', "=D1+1", "=ROUND(2.5,0)", "=ROUND(-2.5,0)",
    "=ROUND(1.005,2)", "=ROUND(1234.5,-2)", "=ROUNDDOWN(-2.9,0)", "=MROUND(7,3)", "=MOD(-7,3)", "=MOD(7,-3)",
    "=INT(-2.1)", "=CEILING(-2.1,1)", "=FLOOR(-2.1,1)", "=_xlfn.CEILING.MATH(-2.1)", "=_xlfn.FLOOR.MATH(-2.1)",
    "=EVEN(3.2)", "=ODD(3.2)", "=SIGN(-2)", "=FACT(5)", "=COMBIN(5,2)", "=GCD(12,18)", "=LCM(4,6)",
    "=QUOTIENT(7,2)", "=PI()", "=SIN(1)", "=ATAN2(1,2)", "=DEGREES(1)", "=RADIANS(90)", "=LOG(8,2)", "=LOG(100)",
    "=1E300*1E300", "=0.1+0.2-0.3", "=1-0.9-0.1", '=TEXT(1234.567,"#,##0.00")', '=TEXT(-5,"0;(0)")',
    '=TEXT(0.5,"0%")', '=TEXT(C1,"dd.mm.yyyy")', '=TEXT(C1,"mmm d, yyyy")', '=TEXT(C1,"dddd")',
    '=TEXT(1.5,"[h]:mm")', '=TEXT(5,"000")', '=TEXT("abc","@")', "=FIXED(1234.567,1)", '=REPT("ab",3)',
    "=CHAR(65)", '=CODE("A")', '=CLEAN("a"&CHAR(7))', '=LOWER("AbC")', "=T(5)", '=MID("abc",0,1)',
    '=LEFT("abc",9)', '=FIND("z","abc")', '=REPLACE("abcdef",2,3,"X")', '=1.5&""', '=100000000000&""', '=1/4&""',
    '=-0.5&""', '=1E-5&""', '=123456.789&""', "=DATE(2027,2,30)", "=DATE(2027,0,1)", "=DATE(99,1,1)", "=DAY(C1)",
    "=HOUR(0.75)", "=MINUTE(0.7576)", "=SECOND(0.75768)", "=WEEKDAY(C1)", "=WEEKDAY(C1,3)", "=WEEKNUM(C1,2)",
    "=_xlfn.ISOWEEKNUM(C1)", "=_xlfn.DAYS(C2,C1)", "=DAYS360(C1,C6)", "=YEARFRAC(C1,C6,1)", "=YEARFRAC(C1,C6,3)",
    "=EDATE(DATE(2027,1,31),1)", "=EOMONTH(C1,-1)", "=NETWORKDAYS(C6,C1)", "=WORKDAY(C1,-3)",
    '=DATEDIF(C1,C6,"d")', '=DATEDIF(C1,C6,"yd")', "=PMT(0,12,1000)", "=FV(1%,12,-100)", "=PV(1%,12,-100)",
    "=NPER(1%,-100,1000)", "=RATE(12,-100,1000)", "=IPMT(1%,1,12,1000)", "=PPMT(1%,1,12,1000)",
    "=XNPV(0.1,E1:E3,C1:C3)", "=XIRR(E1:E3,C1:C3)", "=MIRR(E1:E3,0.1,0.1)", "=SLN(100,10,5)", "=DB(100,10,5,1)",
    "=DDB(100,10,5,1)", "=SYD(100,10,5,1)", "=EFFECT(0.1,12)", "=NOMINAL(0.1,12)", "=ROW(A5)", "=COLUMN(C1)",
    "=ROWS(A1:B6)", "=COLUMNS(A1:B6)", "=ADDRESS(2,3)", "=TYPE(A1)", "=ERROR.TYPE(1/0)", "=ISERR(NA())",
    "=ISNA(NA())", "=ISLOGICAL(D1)", "=ISNONTEXT(A1)", "=ISREF(A1)", "=ISEVEN(2)", '=N("x")', "=CHOOSE(9,1,2)",
    '=INDIRECT("nope!A1")', "=SUM(OFFSET(A1,0,0,3,1))", '=AVERAGE(INDIRECT("A1:A3"))',
    "=SUBTOTAL(9,A1:A6)", "=SUBTOTAL(103,B1:B6)", "=_xlfn.STDEV.S(A1:A6)", "=_xlfn.PERCENTILE.EXC(A1:A6,0.5)",
    "=_xlfn.QUARTILE.EXC(A1:A6,1)", "=_xlfn.RANK.AVG(7,A1:A6)", "=_xlfn.RANK.EQ(7,A1:A6,1)",
    "=_xlfn.NORM.DIST(1,0,1,TRUE)", "=NORMSDIST(1)", "=NORMSINV(0.9)", "=BINOMDIST(2,5,0.5,FALSE)",
    "=POISSON(2,3,TRUE)", '=_xlfn.MINIFS(A1:A6,B1:B6,"x")', "=_xlfn.XOR(TRUE,D1)", "=_xlfn.IFNA(NA(),1)",
    "=_xlfn.UNICHAR(8364)", "=_xlfn.BASE(10,2)", "=DEC2BIN(5)", '=HEX2DEC("ff")', "=ROMAN(9)",
    '=_xlfn.ARABIC("IX")', "=SUM({1,2;3,4})", "=MAX({1,5,3})", '=MATCH("b",{"a","b"},0)',
    '=VLOOKUP("b",{"a",1;"b",2},2,FALSE)', "=CHOOSE({1},5,6)", "=INDEX({1,2,3},2)", "=SUMIF(A1:A6,A1)",
    "=COUNTIF(B:B,B1)", "=SUM(A:A)", "=COUNTA(B:B)", '=IFERROR(VLOOKUP("zz",B1:C6,2,0),"")',
    '=IF(ISERROR(1/0),"e","ok")', "=IF(A1>0,)", "=IF(FALSE,1)", "=SUM(A1,,A2)", "=ROUND(A2,)", "=IF(,1,2)",
    '=LEFT("abc")', "=A1%", "=--D2", "=+B1", "=(A1)", "=A2^2^2", "=2^3^2", "=1+2&3", "=1&2=12", "=B1<>B2",
    "=NOT(0)", "=AND(A1:A6)", "=OR(D1:D2)", "=AND(B1:B2)", "=_xlfn.IFS(FALSE,1)", "=_xlfn.SWITCH(9,1,2)",
    '=_xlfn.SWITCH(9,1,2,"d")', '=_xlfn.TEXTJOIN(", ",FALSE,B1:B6)', '=_xlfn.CONCAT("a",A1:B2)',
    "=RANK(3,A1:A6,1)", '=SUMIFS(A1:A6,C1:C6,">"&C2,C1:C6,"<="&C5)', '=COUNTIFS(B1:B6,"n*",A1:A6,"<>0")',
    '=COUNTIF(A1:A6,"<>3")', '=COUNTIF(B1:B6,"<>north")', '=COUNTIF(B1:B6,">m")',
    '=SUMPRODUCT(MAX((B1:B6="north")*A1:A6))', "=PROPER(\"o'neil mc-donald\")", '=SEARCH("?",B1)',
    '=SEARCH("~*",B5)', '=SUBSTITUTE("aaa","a","b",2)', '=C1&""', '=TEXT(1/3,"0.###")', '=TEXT(1234567,"#,##0,")',
    "=ROUND(0.285,2)", "=ROUND(1.255,2)", "=ROUND(-1.5,0)", "=ROUND(2.675,2)",
]  # fmt: skip


# Left for Excel: what no table of Excel's results proves, and single formulas for a reason of their own.
_NAMES = """
ARABIC BINOMDIST COMBIN CONCAT DATEDIF EFFECT ERROR.TYPE FORECAST FV HEX2DEC IPMT IRR MIRR MODE NOMINAL NORM.DIST
NORMSDIST NORMSINV NPER PMT POISSON PPMT PV RATE STEYX SUMX2MY2 SUMXMY2 XIRR
"""
UNPROVEN = frozenset(_NAMES.split())
LEFT = {
    '=SUMIF(B1:B6,"north",A1)',
    '="1/2/2027"+0',
    '=TEXT(-5,"0;(0)")',
    '=TEXT(C1,"mmm d, yyyy")',
    '=TEXT(C1,"dddd")',
    '=TEXT(1.5,"[h]:mm")',
    '=TEXT("abc","@")',
    "=DATE(99,1,1)",
    "=OFFSET(A1,3,0)",
    '=INDIRECT("A"&4)',
    "=CHOOSE(9,1,2)",
    '=INDIRECT("nope!A1")',
    "=SUM(OFFSET(A1,0,0,3,1))",
    '=AVERAGE(INDIRECT("A1:A3"))',
    "=ROUND(A2,)",
    '=COUNTIF(B1:B6,">m")',
}


@pytest.mark.libreoffice
@libreoffice.needed()
def test_ordinary_formulas_show_what_libreoffice_makes_of_them(tmp_path: Path) -> None:
    formulas = {f"Z{row}": formula for row, formula in enumerate(FORMULAS, start=1)}
    path = tmp_path / "book.xlsx"
    path.write_bytes(openpyxl_book({**CELLS, "E1": -100, "E2": 60, "E3": 70, **formulas}))
    result = done(path.read_bytes())
    (copy,) = libreoffice.recalculated([path], tmp_path / "copies")
    ours, theirs = shown(result.package), shown(copy.read_bytes())
    different = {
        formula: (ours.get(place), theirs.get(place))
        for place, formula in formulas.items()
        if ("S", place) not in result.left and not same(ours.get(place), theirs.get(place))
    }
    assert different == {}
    left = {formulas[cell]: reason for (_sheet, cell), reason in result.left.items()}
    unproven = {formula: re.search(r"not known to calculate (\S+) as", reason) for formula, reason in left.items()}
    assert {found[1] for formula, found in unproven.items() if found and formula not in LEFT} == UNPROVEN
    assert {formula for formula, found in unproven.items() if not found} | (LEFT & left.keys()) == LEFT


def same(one: object, other: object) -> bool:
    """Whether two values are the same; LibreOffice's empty text is no value for openpyxl."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and not isinstance(one, bool):
        return one == pytest.approx(other, rel=1e-12, abs=1e-12)
    return (one or None) == (other or None) and type(one or None) is type(other or None)
