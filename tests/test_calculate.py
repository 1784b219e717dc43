"""A calculation session: what formulas show, the sales functions among them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from xlsales.calculate import Session, blank_values
from xlsales.excel.values import InputValue, serial
from xlsales.functions import CellError
from xlsales.template import Template, parse, read

Book: TypeAlias = Callable[..., Template]


@pytest.fixture
def book() -> Book:
    """A workbook of one sheet, S, whose cell A1 is an input: `in_a`."""

    def make(**cells: Any) -> Template:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = "S"
        for address, value in cells.items():
            sheet[address] = value
        workbook.defined_names["in_a"] = DefinedName("in_a", attr_text="S!$A$1")
        saved = io.BytesIO()
        workbook.save(saved)
        return parse(saved.getvalue(), "book.xlsx")

    return make


def shown(template: Template, **inputs: InputValue) -> Any:
    """The value of the formula in B1."""
    return Session(template).values({("S", cell): value for cell, value in inputs.items()})["S", "B1"]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=MAGIC_NUMBER(15000,2500,60%,40%,1)", 25.0),  # 15,000 ÷ 2,500 ÷ 0.6 ÷ 0.4
        ("=MAGIC_NUMBER(15000,2500,60%,40%,A5)", 25.0 / 52),  # a blank takes the default of 52 weeks
        ("=magic_number(15000,2500,60%,40%,1)+1", 26.0),
        ('=BREAKEVEN_REVENUE(100000,50%,20%,"price")', 100000 * 0.8 * 0.5 / 0.3),
        ("=CLOSE_RATIO(C1,C2)", 0.65),  # 13 ÷ 20
        ("=ORG_HEALTH(C1:C12)", CellError("#NUM!")),  # 13 is no score from 1 to 5
        ("=ORG_HEALTH(D1:D12)", 0.75),  # all 4: (4 − 1) ÷ (5 − 1)
        ("=ORG_HEALTH(D1:D11)", CellError("#VALUE!")),
        ("=SALES_CYCLE_DAYS(E1:E3,F1:F3)", 25.0),  # 30 and 20 days; the third is still open
        ("=CLOSE_RATIO(A5,4)", CellError("#N/A")),
        ('=CLOSE_RATIO("many",4)', CellError("#VALUE!")),
        ("=CLOSE_RATIO(1,0)", CellError("#DIV/0!")),
        ("=CLOSE_RATIO(5,4)", CellError("#NUM!")),
        ("=CLOSE_RATIO(1/0,4)", CellError("#DIV/0!")),
        ("=CLOSE_RATIO(NA(),4)", CellError("#N/A")),
        ('=IFERROR(CLOSE_RATIO(5,4),"none")', "none"),
        ('=IFERROR(CLOSE_RATIO(1,4),"none")', 0.25),
        ("=CLOSE_RATIO(1)", CellError("#N/A")),
        ("=NO_SUCH_NAME+1", CellError("#NAME?")),
        ('=""', ""),
        ("=1=1", True),
        ("=DATE(2027,1,31)", float(serial(dt.date(2027, 1, 31)))),
        ('="=1+1"', "=1+1"),
    ],
)
def test_formula_shows(book: Book, formula: str, value: Any) -> None:
    scores = {f"D{row}": 4 for row in range(1, 13)}
    dates = {
        "E1": dt.date(2027, 1, 11), "E2": dt.date(2027, 1, 12), "E3": dt.date(2027, 2, 1),
        "F1": dt.date(2027, 2, 10), "F2": dt.date(2027, 2, 1),
    }  # fmt: skip
    others = {f"C{row}": 3 for row in range(3, 13)}
    found = shown(book(B1=formula, C1=13, C2=20, **others, **scores, **dates))
    assert found == (pytest.approx(value) if type(value) is float else value)
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("value", "formula", "result"),
    [
        (5, "=A1*2", 10.0),
        (0.1, "=A1+0.2", 0.30000000000000004),
        (dt.date(2027, 1, 31), "=A1+1", 46419.0),  # 31 January 2027 is day 46,418
        ("007", "=A1", "007"),
        ("1E5", "=LEN(A1)", 3.0),
        ("=1+1", "=A1", "=1+1"),
        ("=1+1", "=ISTEXT(A1)", True),
        ("#N/A", "=ISERROR(A1)", False),
        ("TRUE", "=ISTEXT(A1)", True),
        ("2027-01-31", "=ISTEXT(A1)", True),
        (None, "=ISBLANK(A1)", True),
    ],
)
def test_input_is_what_was_given_and_no_more(book: Book, value: InputValue, formula: str, result: Any) -> None:
    assert shown(book(A1="default", B1=formula), A1=value) == result


def test_input_not_given_keeps_the_templates_default(book: Book) -> None:
    assert shown(book(A1=7, B1="=A1*2")) == 14
    assert shown(book(B1="=ISBLANK(A1)")) is True


def test_session_forgets_the_inputs_of_the_plan_before(book: Book) -> None:
    session = Session(book(A1=7, B1='=IF(ISNUMBER(A1),A1*2,"text")'))
    results = [
        session.values(inputs)["S", "B1"] for inputs in ({}, {("S", "A1"): 1}, {("S", "A1"): "x"}, {("S", "A1"): 1}, {})
    ]
    assert results == [14, 2, "text", 2, 14]


def test_cell_that_was_filled_becomes_blank_again(book: Book) -> None:
    session = Session(book(B1="=ISBLANK(A1)"))
    assert [session.values(inputs)["S", "B1"] for inputs in ({("S", "A1"): "x"}, {}, {("S", "A1"): 0}, {})] == [
        False,
        True,
        False,
        True,
    ]


def test_planner_calculated_second_is_as_if_it_were_first(small_template: Path) -> None:
    template = read(small_template)
    name = template.names
    accounts, deals = template.tables["tblAccounts"], template.tables["tblDeals"]
    first: dict[tuple[str, str], InputValue] = {
        name["in_territory_name"]: "North",
        name["in_fiscal_year"]: 2027,
        name["in_as_of"]: dt.date(2027, 2, 28),
        name["in_revenue_goal"]: 500000,
        name["in_selling_weeks"]: 40,
        accounts.cell("Account ID", 0): "A1",
        accounts.cell("Last order", 0): dt.date(2027, 1, 5),
        deals.cell("Deal ID", 1): "D1",
        deals.cell("Outcome", 1): "OPEN",
    }
    second: dict[tuple[str, str], InputValue] = {
        name["in_territory_name"]: "South",
        name["in_year_start"]: dt.date(2026, 7, 1),
        accounts.cell("Account ID", 1): "A1",
    }
    reused = Session(template)
    assert reused.values(first) == Session(template).values(first)
    assert reused.values(second) == Session(template).values(second)
    assert reused.values({}) == blank_values(template.package)
    assert Session(template).values(first) != Session(template).values(second)


def test_blank_planner_has_a_value_for_every_formula_and_no_error(small_template: Path) -> None:
    values = blank_values(small_template.read_bytes())
    assert values.keys() == read(small_template).formulas.keys()
    wrong = {place: value for place, value in values.items() if value is None or isinstance(value, CellError)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=NO_SUCH_FUNCTION(1)", "the calculation engine does not know NO_SUCH_FUNCTION"),
        ("=IFERROR(STOCKHISTORY(A1)+STOCKHISTORY(A2),1)", "the calculation engine does not know STOCKHISTORY"),
        ("=RAND()", "the calculation engine does not know RAND"),  # a value that no second run would show
        ("=SUM([1]Sheet1!A1:A3)", "it refers to another workbook"),
        ("=SUM(B:B)", "the calculation engine has no result for it"),  # a circle
    ],
)
def test_what_cannot_be_calculated_and_what_depends_on_it_is_left_for_excel(
    book: Book, formula: str, reason: str
) -> None:
    session = Session(book(A1=3, B1=formula, C1="=IFERROR(B1,5)", C2="=SUM(C1:C1)+1", C3="=A1*2"))
    assert session.left_for_excel == {
        ("S", "B1"): reason,
        ("S", "C1"): "it depends on S!B1",
        ("S", "C2"): "it depends on S!C1",
    }
    assert session.calculated([{}, {("S", "A1"): 4}]) == [[None, None, None, 6.0], [None, None, None, 8.0]]


def test_todays_date_is_the_as_of_date(book: Book) -> None:
    template = book(B1="=TODAY()", C1="=YEAR(NOW())")
    assert Session(template, dt.date(2027, 2, 28)).calculated([{}]) == [[serial(dt.date(2027, 2, 28)), 2027]]


def test_reference_to_a_blank_cell_is_zero(book: Book) -> None:
    assert shown(book(B1="=A7")) == 0
