"""What somebody typed into an input is read where its meaning is certain, and nowhere else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.collection.typed import day_in, number_in, typed
from xlsales.schema import ACCOUNTS, ACTIVITY, DEALS, TERRITORIES
from xlsales.workbook.given import Given, Kind


def cell(value: object, formula: str = "", kind: Kind | None = None) -> Given:
    kinds = {str: Kind.TEXT, float: Kind.NUMBER, bool: Kind.BOOLEAN, type(None): Kind.BLANK}
    return Given(kind or kinds[type(value)], value, "Targets", "C19", formula)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1000", 1000.0),
        (" 1000 ", 1000.0),
        ("12 %", 0.12),
        ("12,5%", 0.125),
        ("1.000,50", 1000.5),
        ("1,000.50", 1000.5),
        ("1.234.567", 1234567.0),
        ("1,234,567", 1234567.0),
        ("1.234.567,8", 1234567.8),
        ("1 234,50", 1234.5),
        ("1\u00a0234\u00a0567", 1234567.0),
        ("1'234.50", 1234.5),
        ("12,5", 12.5),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("€ 1.000,50", 1000.5),
        ("1000,50 €", 1000.5),
        ("-5", -5.0),
        ("\u22125", -5.0),
        ("1e3", 1000.0),
        ("EUR 1.000,50", 1000.5),
        ("1.000,50 PLN", 1000.5),
        ("-1 000,50 Kč", -1000.5),
    ],
)
def test_a_number_typed_as_text_is_read_where_it_is_certain(text: str, number: float) -> None:
    assert number_in(text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    ["1,000", "1.234", "12.345", "n/a", "", "-", "%", "€", "1.00,5.0", "1,00.000", "12 34", "1.000.00", "1,2,3",
     "(500)", "10k", "5 or 6", "٥", "1e999", "0x10", "1_000", "=1+1", "z5", "5%%", "€5€", "EUR5USD", "5 XYZ", "EURO 5",
     "1 2", "nan", "inf",
     "9" * 70],
)  # fmt: skip
def test_a_text_that_may_be_another_number_or_none_is_not_read(text: str) -> None:
    assert number_in(text) is None


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_every_number_that_python_prints_is_the_same_or_not_read(number: float) -> None:
    assert number_in(repr(number)) in (number, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-31", dt.date(2027, 3, 31)),
        ("2027-03-31 00:00:00", dt.date(2027, 3, 31)),
        ("31.03.2027", dt.date(2027, 3, 31)),
        ("1.2.2027", dt.date(2027, 2, 1)),
        ("31/03/2027", dt.date(2027, 3, 31)),
        ("03/31/2027", dt.date(2027, 3, 31)),
        ("4/4/2027", dt.date(2027, 4, 4)),
        ("31 March 2027", dt.date(2027, 3, 31)),
        ("Mar 31, 2027", dt.date(2027, 3, 31)),
        ("31 Sept 2027", None),
        ("03/04/2027", None),
        ("31.02.2027", None),
        ("1 Ju 2027", None),
        ("31.3.27", None),
        ("tomorrow", None),
        ("46477", None),
    ],
)
def test_a_day_typed_as_text_is_read_where_it_is_certain(text: str, day: dt.date | None) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("given_cell", "column", "value", "code"),
    [
        (cell(None), TERRITORIES["revenue_goal"], None, ""),
        (cell(0.0), TERRITORIES["revenue_goal"], 0.0, ""),
        (cell("", kind=Kind.EMPTY_TEXT), TERRITORIES["revenue_goal"], None, "INPUT_EMPTY_TEXT"),
        (cell("#N/A", kind=Kind.ERROR), TERRITORIES["revenue_goal"], None, "INPUT_ERROR"),
        (cell(None, "1/0", Kind.NOT_CALCULATED), TERRITORIES["revenue_goal"], None, "INPUT_NOT_CALCULATED"),
        (cell(5.0, "2+3"), TERRITORIES["revenue_goal"], 5.0, "INPUT_FORMULA"),
        (cell("12 %"), TERRITORIES["growth_rate"], 0.12, "INPUT_TEXT_READ"),
        (cell("n/a"), TERRITORIES["growth_rate"], None, "INPUT_UNCLEAR"),
        (cell(12.0), TERRITORIES["growth_rate"], 12.0, "INPUT_OUT_OF_RANGE"),
        (cell(True), TERRITORIES["growth_rate"], None, "INPUT_UNCLEAR"),
        (cell(2.5), ACTIVITY["won"], 2.5, "INPUT_OUT_OF_RANGE"),
        (cell(46477.0), DEALS["close_date"], dt.date(2027, 3, 31), ""),
        (cell("31.03.2027"), DEALS["close_date"], dt.date(2027, 3, 31), "INPUT_TEXT_READ"),
        (cell(-4.0), DEALS["close_date"], None, "INPUT_UNCLEAR"),
        (cell(7.0), ACCOUNTS["account_id"], "7", ""),
        (cell("007"), ACCOUNTS["account_id"], "007", ""),
        (cell(" gewonnen "), DEALS["outcome"], "WON", ""),
        (cell("Won"), DEALS["outcome"], "WON", ""),
        (cell("maybe"), DEALS["outcome"], None, "INPUT_UNCLEAR"),
        (cell("YES"), DEALS["outcome"], None, "INPUT_UNCLEAR"),
        (cell("EUR"), TERRITORIES["currency"], "EUR", ""),
        (cell("eur "), TERRITORIES["currency"], "EUR", ""),
        (cell("Euro"), TERRITORIES["currency"], "Euro", "INPUT_OUT_OF_RANGE"),
        (cell(" "), TERRITORIES["revenue_goal"], None, "INPUT_EMPTY_TEXT"),
        (cell("\u00a0"), ACCOUNTS["account_name"], None, "INPUT_EMPTY_TEXT"),
        (cell(46508.0)._replace(number_format="d. mmm"), TERRITORIES["revenue_goal"], None, "INPUT_UNCLEAR"),
        (cell(1 / 3)._replace(number_format="h:mm"), ACTIVITY["selling_hours"], None, "INPUT_UNCLEAR"),
        (cell(0.125)._replace(number_format="0%"), TERRITORIES["revenue_goal"], 0.125, ""),
        (cell(True), ACCOUNTS["high_value"], "YES", "INPUT_TEXT_READ"),
        (cell("n"), ACCOUNTS["high_value"], "NO", "INPUT_TEXT_READ"),
        (cell("true"), DEALS["outcome"], None, "INPUT_UNCLEAR"),
    ],
)
def test_what_is_read_and_what_is_said(given_cell: Given, column: object, value: object, code: str) -> None:
    found = typed(given_cell, column, {"gewonnen": "WON", "yes": "YES"})  # type: ignore[arg-type]
    assert (found.value, found.code) == (value, code)


def test_what_is_not_read_is_kept_in_the_finding() -> None:
    assert typed(cell("about 5"), TERRITORIES["revenue_goal"]).got == "about 5"
