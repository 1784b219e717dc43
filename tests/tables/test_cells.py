import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.schema import TABLES
from xlsales.tables.cells import CellError, Value, count, day, flag, key, number, parse_column, rate, text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.5", 1234.5),
        (" +7 ", 7.0),
        ("-0", 0.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        (Decimal("0.1"), 0.1),
        (10**20, 1e20),
    ],
)
def test_plain_numbers_are_read(cell: object, value: float) -> None:
    assert number(cell) == value
    assert str(number("-0")) == "0.0"


@pytest.mark.parametrize(
    ("cell", "fragment"),
    [
        ("€1234", "has a currency sign"),
        ("1234 $", "has a currency sign"),
        ("1,234.50", "with a decimal point and no thousands separator"),
        ("1 234.50", "no thousands separator"),
        ("1\xa0234,50", "“1\\xa0234,50”: write it as 1234.5"),
        ("1'234", "no thousands separator"),
        ("1.234,50", "no thousands separator"),
        ("1,5", "with a decimal point"),
        ("20%", "is a percentage"),
        ("NaN", "“NaN” is not a number"),
        ("inf", "“inf” is not a number"),
        ("-Infinity", "is not a number"),
        ("N/A", "is not a number"),
        ("1_000", "is not a number"),
        ("0x1F", "is not a number"),
        ("١٢", "is not a number"),
        ("−5", "is not a number"),
        ("twelve", "“twelve” is not a number"),
        ("1e400", "is not a number that can be calculated with"),
        (float("inf"), "is not a number that can be calculated with"),
        (10**400, "is not a number that can be calculated with"),
        (Decimal("NaN"), "is not a number that can be calculated with"),
        (True, "is not a number"),
        (date(2027, 1, 2), "“2027-01-02” is not a number"),
        (["x"], "is not a number"),
    ],
)
def test_other_numbers_are_refused_with_what_to_write(cell: object, fragment: str) -> None:
    with pytest.raises(CellError) as error:
        number(cell)
    assert error.value.problem.code == "NUMBER"
    assert fragment in error.value.problem.message


@pytest.mark.parametrize(
    ("cell", "value"), [("0.65", 0.65), ("17%", 0.17), ("12.5 %", 0.125), ("20", 20.0), (0.2, 0.2)]
)
def test_a_rate_is_a_fraction_or_a_percentage_with_its_sign(cell: object, value: float) -> None:
    assert rate(cell) == value  # 20 is left for the rules, which know the limits


@pytest.mark.parametrize("cell", ["%", "x%", "1,5%", "5%%"])
def test_a_broken_percentage_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        rate(cell)


@pytest.mark.parametrize(("cell", "value"), [("3", 3), ("3.0", 3), (3.0, 3), ("1e2", 100)])
def test_whole_numbers_are_read(cell: object, value: int) -> None:
    assert count(cell) == value
    assert type(count(cell)) is int


def test_half_a_visit_is_refused() -> None:
    with pytest.raises(CellError, match=r"3\.5 is not a whole number") as error:
        count("3.5")
    assert error.value.problem.code == "COUNT"


@pytest.mark.parametrize(
    "cell",
    ["2027-01-31", " 2027-01-31 ", "2027-01-31T00:00:00", "2027-01-31 00:00", "2027-01-31 00:00:00.000000",
     datetime(2027, 1, 31), date(2027, 1, 31)],
)  # fmt: skip
def test_days_are_read(cell: object) -> None:
    assert day(cell) == date(2027, 1, 31)
    assert type(day(cell)) is date


@pytest.mark.parametrize(
    ("cell", "fragment"),
    [
        ("31.02.2027", "“31.02.2027” is not an ISO date: write it as 2027-01-31"),
        ("01/02/2027", "is not an ISO date"),
        ("20270131", "is not an ISO date"),
        ("2027-1-31", "is not an ISO date"),
        ("2027-W04-7", "is not an ISO date"),
        ("2027-02-30", "2027-02-30 is not a day of the calendar"),
        ("0000-00-00", "is not a day of the calendar"),
        ("1900-02-28", "before 1 March 1900"),
        ("2027-01-31T00:00:00Z", "has a time zone"),
        ("2027-01-31 00:00:00+01:00", "has a time zone"),
        ("2027-01-31 09:30", "has a time of day"),
        ("2027-01-31 23:59:59.999999", "has a time of day"),
        ("2027-01-31 later", "has a time of day"),
        (datetime(2027, 1, 31, 23, 59, 59, 999999), "has a time of day"),
        (46053, "“46053” is not a date"),
        (time(9, 30), "is not a date"),
        (timedelta(days=1), "is not a date"),
    ],
)
def test_other_dates_are_refused_with_what_to_write(cell: object, fragment: str) -> None:
    with pytest.raises(CellError) as error:
        day(cell)
    assert error.value.problem.code == "DATE"
    assert fragment in error.value.problem.message


def test_the_first_and_the_last_day_of_excel_are_read() -> None:
    assert [day("1900-03-01"), day("9999-12-31")] == [date(1900, 3, 1), date(9999, 12, 31)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("Yes", "YES"), ("y", "YES"), ("TRUE", "YES"), ("1", "YES"), (True, "YES"), (1.0, "YES"),
     ("no", "NO"), ("N", "NO"), ("false", "NO"), ("0", "NO"), (False, "NO"), (0, "NO"), ("maybe", "maybe")],
)  # fmt: skip
def test_flags_of_every_spelling_are_read(cell: object, value: str) -> None:
    assert flag(cell) == value


@pytest.mark.parametrize("cell", ["007", "1e5", "TRUE", "2-3", "12345678901234567890", "+7", "=A1", "#1?%"])
def test_identifiers_stay_text_exactly(cell: str) -> None:
    assert key(cell) == cell


@pytest.mark.parametrize(
    ("cell", "fragment"),
    [
        ("a\tb", "holds control characters"),
        ("a\x00", "holds control characters"),
        ("a\nb", "holds control characters"),
        ("a\ud800", "“a\\ud800” holds control characters or a broken character"),
        (2.0**53, "digits lost: format the column as text"),
        (date(2027, 3, 2), "turned into the date 2027-03-02"),
    ],
)
def test_identifiers_that_lost_something_are_refused(cell: object, fragment: str) -> None:
    with pytest.raises(CellError) as error:
        key(cell)
    assert error.value.problem.code == "KEY"
    assert fragment in error.value.problem.message


@pytest.mark.parametrize(
    "cell", ["=1+1", "-x", "@x", " x ", "a\r\nb\tc", "\u202egpj", "e\u0301", "x" * 32_767, "😀" * 16_383]
)
def test_text_is_kept_as_it_is(cell: str) -> None:
    assert text(cell) == cell


@pytest.mark.parametrize(
    ("cell", "fragment"),
    [
        ("a\x0bb", "U+000B"),
        ("a\x00b", "U+0000"),
        ("\ud83d", "U+D83D"),
        ("\uffff", "U+FFFF"),
        ("x" * 32_768, "has 32768 characters, and a cell of Excel holds 32767"),
        ("😀" * 16_384, "has 32768 characters"),
    ],
)
def test_text_that_no_workbook_can_hold_is_refused(cell: str, fragment: str) -> None:
    with pytest.raises(CellError) as error:
        text(cell)
    assert error.value.problem.code == "TEXT"
    assert fragment in error.value.problem.message


@pytest.mark.parametrize("cell", [None, "", "  ", "\xa0", float("nan")])
def test_a_blank_cell_is_nothing(cell: object) -> None:
    for column in TABLES["deals"]:
        assert parse_column(column, [cell]) == ([None], {})


def test_one_problem_does_not_stop_a_column() -> None:
    amount = TABLES["deals"]["amount"]
    values, problems = parse_column(amount, ["1", "x", "1", "x", 2])
    expected: list[Value] = [1.0, None, 1.0, None, 2.0]
    assert values == expected
    assert problems.keys() == {1, 3}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_python_writes_it_is_read_to_the_last_bit(value: float) -> None:
    assert number(repr(value)) == value


@given(st.dates(min_value=date(1900, 3, 1)))
def test_every_iso_day_is_read(value: date) -> None:
    assert day(value.isoformat()) == value


@pytest.mark.parametrize(
    "cell",
    [None, "", " \t", math.nan, np.float64("nan"), pd.NaT, pd.NA, Decimal("NaN"), Decimal("sNaN")],
    ids=lambda cell: f"{type(cell).__name__} {cell!r}",
)
@pytest.mark.parametrize("name", ["last_order", "recent_revenue", "account_id"])
def test_whatever_stands_for_nothing_is_a_blank_cell(name: str, cell: object) -> None:
    assert parse_column(TABLES["accounts"][name], [cell]) == ([None], {})
