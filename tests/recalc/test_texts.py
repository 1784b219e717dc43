"""Texts with characters that no XML holds, and texts that no cell holds, in recalculated workbooks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import etree

from tests.recalc.books import AS_OF, done, openpyxl_book, parts, shown, value, why_left, with_parts
from xlsales.cells.stored import Stored
from xlsales.errors import InputError
from xlsales.recalc import recalculated, writing

SHEET = "xl/worksheets/sheet1.xml"
ACME = '<c r="A1" t="inlineStr"><is><t>{}</t></is></c>'


def stored(package: bytes, cell: str = "B1") -> tuple[str, str]:
    """A cell's type and value as the recalculated file has them; every part is well-formed."""
    found = parts(done(package).package)
    for part in found.values():
        etree.fromstring(part)
    whole = re.search(rf'<c r="{cell}"([^>]*)>.*?<v[^>]*>(.*?)</v></c>', found[SHEET].decode(), re.DOTALL)
    assert whole
    kind = re.search(r' t="(\w+)"', whole[1])
    return kind[1] if kind else "", whole[2]


def with_text(text: str, formula: str) -> bytes:
    """A workbook whose A1 holds a text as a file stores it, and whose B1 a formula."""
    package = openpyxl_book({"A1": 1, "B1": formula})
    cell = ACME.format(text).encode()
    return with_parts(package, {SHEET: re.sub(rb'<c r="A1".*?</c>', cell, parts(package)[SHEET])})


@pytest.mark.parametrize(
    ("text", "formula", "result"),
    [
        ("Acme_x000B_Ltd", '=A1&" - renewal"', "Acme_x000B_Ltd - renewal"),
        ("Acme_x000B_Ltd", "=A1", "Acme_x000B_Ltd"),
        ("a_x000D_b", '=A1&"!"', "a_x000D_b!"),
        ("_x005F_x0041_", '=A1&"!"', "_x005F_x0041_!"),
        ("_x0041_", '=A1&"!"', "A!"),
        ("x", '=A1&CHAR(7)&"_x0041_"', "x_x0007__x005F_x0041_"),
        ("x", "=_xlfn.UNICHAR(65534)", "_xFFFE_"),
        ("x", '=CHAR(13)&CHAR(10)&CHAR(9)&" "', "_x000D_\n\t "),
    ],
)
def test_result_is_escaped_as_excel_does(text: str, formula: str, result: str) -> None:
    assert stored(with_text(text, formula)) == ("str", result)


def test_file_recalculated_twice_is_the_same() -> None:
    package = openpyxl_book({f"A{row}": f'="x"&CHAR({row})&" "' for row in range(1, 32)} | {"B1": '="_x0041_"'})
    once = done(package)
    assert once.changed == 32
    assert done(once.package).package == once.package
    assert done(once.package).changed == 0


@pytest.mark.parametrize(("text", "length"), [("a_x000B_b", 3), ("_x005F_x0041_", 7), ("_x0041_", 1), ("a_x000D_", 2)])
def test_escape_counts_as_the_one_character_that_it_is(text: str, length: int) -> None:
    assert stored(with_text(text, "=LEN(A1)")) == ("", str(length))


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ('="_x005F_x0041_"', "_x005F_x0041_"),
        ('=LEN("_x005F_x0041_")&""', "7"),
        ('=LEN("a_x000B_b")&""', "3"),
        ('="a_x000B_b"', "a_x000B_b"),
        ('=LEN("_x0041_")&""', "7"),
    ],
)
def test_formula_is_calculated_as_excel_reads_it(formula: str, result: str) -> None:
    assert stored(openpyxl_book({"B1": formula})) == ("str", result)


LONG = {"A1": '="x"&REPT("a",32766)', "A2": "x" * 32_767}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=LEN(A1)", 32_767),
        ('=A1&"b"', "#VALUE!"),
        ("=A2&A1", "#VALUE!"),
        ('=SUBSTITUTE(A1,"a","bb")', "#VALUE!"),
        ('=REPT("a",32768)', "#VALUE!"),
        ('=REPT("😀",16384)', "#VALUE!"),
    ],
)
def test_text_that_no_cell_holds_is_an_error(formula: str, result: Any) -> None:
    assert value(formula, **LONG) == result


@pytest.mark.parametrize(
    ("formula", "result"),
    [("=LEN(B1)", "#VALUE!"), ('=IFERROR(B1,"too long")', "too long"), ("=ISERROR(B2)", True), ("=COUNTA(B1:B2)", 2)],
)
def test_what_reads_a_text_that_no_cell_holds_reads_the_error(formula: str, result: Any) -> None:
    assert value(formula, **LONG, B1='=A1&"b"', B2="=B1") == result
    assert why_left(formula, **LONG, B1='=A1&"b"', B2="=B1") == ""


def test_columns_and_names_are_read_without_their_escapes() -> None:
    cells = {"A1": "Won\nlost", "A2": 3, "A3": 4, "C1": "=SUM(tblDeals[Won\nlost])", "C2": '=in_text&"!"'}
    package = openpyxl_book(cells, names={"in_text": '"a_x000B_b"'}, tables={"tblDeals": "A1:A3"})
    table = parts(package)["xl/tables/table1.xml"]
    assert b'name="Won_x000a_lost"' in table or b"&#10;" in table
    package = with_parts(package, {"xl/tables/table1.xml": table.replace(b"&#10;", b"_x000a_")})
    assert shown(done(package).package)["C1"] == 7
    assert "in_text" in done(package).left["S", "C2"]  # the engine cannot read the name


def test_no_malformed_part_is_ever_written(monkeypatch: pytest.MonkeyPatch) -> None:
    package = openpyxl_book({"A1": '="x"'})
    monkeypatch.setattr(writing, "stored", lambda _value: Stored("str", "\x0b"))
    with pytest.raises(InputError, match=r"my book\.xlsx, xl/worksheets/sheet1\.xml would be no good XML .*left as it"):
        recalculated(package, "my book.xlsx", AS_OF)


TEXTS = {"A1": "é", "A2": "É", "A3": "straße", "A4": "STRASSE", "A5": "f", "A6": "co-op", "A7": "coop", "A8": "é😀x"}
NUMBERS = {"B1": "\xa05", "B2": "(5)", "B3": "Jan 5", "B4": "5 mai 2027", "B5": 5, "B6": True, "B7": "a", "B8": '="5"'}


@pytest.mark.parametrize(
    ("formula", "excel"),
    [
        ("=A1=A2", True), ('=SUMPRODUCT(--(A1:A2="É"))', 2), ('=IF(A2="é",1,2)', 1), ('=A1&"x"="ÉX"', True),
        ("=UPPER(A1)", "É"), ("=LOWER(A2)", "é"), ('=PROPER("76BudGet")', "76Budget"), ('=TRIM(B1&"  ")', "\xa05"),
        ("=UPPER(B6)", "TRUE"), ("=LEN(A1)", 1), ('=FIND("x","axbx",3)', 4), ('=TEXT(B6,"0")', "TRUE"),
        ('=TEXT(B5,"00")', "05"), ("=B7*2", "#VALUE!"), ("=IFERROR(B7*2,0)", 0), ("=+B1", "\xa05"), ("=-B6", -1),
        ("=LARGE(A1:B7,1)", 5), ("=RANK(B5,B1:B7)", 1), ("=RANK(B5,B1:B7,1)", 1), ("=MOD(7,B5)", 2),
        ('=A4>"plain"', True), ('=A9>""', False), ('="a"<"B"', True),
    ],
)  # fmt: skip
def test_letters_of_every_alphabet_are_letters(formula: str, excel: Any) -> None:
    assert value(formula, **TEXTS, **NUMBERS) == excel


@pytest.mark.parametrize(
    "formula",
    [
        # Of other letters Excel's versions and languages do not tell one thing
        "=A3=A4", "=A1<A5", "=A6<A7", '="a-b"<"ab"', "=UPPER(A3)", '=LOWER("İ")', '=PROPER("園")', '=TRIM("a\u3000")',
        "=LEN(A8)", "=LEFT(A8,2)", "=MID(A8,2,1)", "=RIGHT(A8,2)", '=FIND("x",A8)', '=SEARCH("x",A8)',
        '=REPLACE(A8,1,1,"q")', '=LEN("😀")', "=SEARCH(A2,A1)", '=FIND(A9,"abc",2)', "=_xlfn.UNICHAR(55296)",
        # Texts that are numbers to the engine, or to Excel
        "=B1+0", "=B1*1", "=-B1", "=B1%", "=(B1+1)*2", "=ROUND(B1,0)", "=IFERROR(B1*1,0)", "=B2+0", "=IFERROR(B2*1,0)",
        "=B1^2", "=2^B1", "=IFERROR(B3^2,0)", "=IFERROR(B2^B5,0)",
        "=B3+0", "=B3*1", '=IFERROR(B3+0,"bad")', "=IFERROR(YEAR(B4),0)", "=IFERROR(EDATE(B4,1),0)", "=ISNUMBER(--B3)",
        '=IFERROR("5 January 2027"+0,0)', '=COUNTIF(B1:B5,"Jan 5")',
        # Places in an order, and quotients, of which Excel makes something else
        "=MOD(B8,0.1)", "=LARGE(B1:B7,1.5)", "=SMALL(B1:B7,0.5)", "=RANK(B5,B1:B7,B7)", "=MOD(1E300,3)",
        "=MOD(1E13,B5)",
    ],
)  # fmt: skip
def test_what_is_made_of_other_letters_and_of_odd_numbers_is_left(formula: str) -> None:
    assert why_left(formula, **TEXTS, **NUMBERS) != ""
