"""A calculation session: what formulas show, the sales functions among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.table import Table

from tests.one_sheet import Book, one_sheet
from xlsales.calculation.session import Session, blank_values
from xlsales.cells.values import Address, InputValue, serial
from xlsales.errors import InputError
from xlsales.functions import CellError
from xlsales.workbook import package
from xlsales.workbook.template import Template, parse, read

NAMES = {
    "in_a": "S!$A$1",
    "the_odd_one": "S!$B$1",
    "around": "S!$A$1:$B$2",
    "of_a_table": "tblDeals[Amount]",
    "unknown": "NO_SUCH_FUNCTION(1)",
}


@pytest.fixture
def book() -> Book:
    """A workbook of one sheet, S, whose cell A1 is an input: `in_a`."""

    def with_table(sheet: Any) -> None:
        if sheet["D1"].value == "Amount":
            sheet.add_table(Table(displayName="tblDeals", ref="C1:D3"))

    return lambda **cells: one_sheet(cells, NAMES, with_table)


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
        ("=NO_SUCH_NAME+1", None),  # Excel may know it
        ("=#NAME?", CellError("#NAME?")),
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


def test_text_that_no_cell_holds_is_an_error_for_this_planner_alone(book: Book) -> None:
    formulas = {"B1": '=A1&"b"', "B2": '=IFERROR(B1,"too long")', "B3": "=LEN(B1)", "B4": "=B1&B1"}
    session = Session(book(A1="a" * 32_767, **formulas))
    error = CellError("#VALUE!")
    many: Sequence[dict[Address, InputValue]] = (
        {},
        {("S", "A1"): "a"},
        {("S", "A1"): "😀" * 16_383 + "a"},
        {("S", "A1"): "a" * 32_766},
        {("S", "A1"): "x"},
    )
    found = [list(session.values(inputs).values()) for inputs in many]
    assert found[0] == found[2] == [error, "too long", error, error]
    assert found[1] == ["ab", "ab", 2, "abab"]
    assert found[3][:3] == ["a" * 32_766 + "b", "a" * 32_766 + "b", 32_767]
    assert found[3][3] == error
    assert found[4] == ["xb", "xb", 2, "xbxb"]


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
    reused, north, south = Session(template), Session(template).values(first), Session(template).values(second)
    assert reused.values(first) == north
    assert reused.values(second) == south
    assert reused.values({}) == blank_values(template.package)
    assert north != south


def test_blank_planner_has_a_value_for_every_formula_and_no_error(small_template: Path) -> None:
    values = blank_values(small_template.read_bytes())
    assert values.keys() == read(small_template).formulas.keys()
    wrong = {place: value for place, value in values.items() if value is None or isinstance(value, CellError)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=NO_SUCH_FUNCTION(1)", "the calculation engine does not know NO_SUCH_FUNCTION"),
        ("=IFERROR(_xlfn.STOCKHISTORY(A1)+A2,1)", "the calculation engine does not know STOCKHISTORY"),
        ("=RAND()", "the calculation engine does not know RAND"),  # a value that no second run would show
        ("=SUM([1]Sheet1!A1:A3)", "it refers to another workbook"),
        ("=SUM(B:B)", "it refers to itself, directly or through others"),
        ("=NO_SUCH_NAME+1", "a name in it is unknown"),
        ("=SUMPRODUCT(LEN(A1:A2))", "the calculation engine would look only at the first cell of a range in LEN"),
        ("=SUM(A1:A3*2)", "the calculation engine may treat its ranges otherwise than Excel"),
        ("=MATCH(2,D1:D3)", "it looks something up in cells that are not in order, without asking for an exact match"),
        ("=INDEX(D1:D3,0)", "its result fills several cells, but it is no array formula"),
        (ArrayFormula("B1:B2", "=D1:D2*2"), "its result fills several cells"),
        (DataTableFormula("B1:B2", r1="A1"), "its result fills several cells"),
        ('=CELL("filename")', "its result depends on Excel itself"),
        ('=VALUE("1,5")', "its result depends on the regional settings of the computer"),
        ("=IFERROR(of_a_table,0)", "the calculation engine does not know what of_a_table stands for"),
        ("=IFERROR(unknown,0)", "the calculation engine does not know NO_SUCH_FUNCTION"),
        ("=tblNone[Amount]", "there is no table for tblNone[Amount]"),
    ],
)
def test_what_cannot_be_calculated_and_what_depends_on_it_is_left_for_excel(
    book: Book, formula: Any, reason: str
) -> None:
    beside = {"D1": 3, "D2": 1, "D3": 2}
    session = Session(book(**beside, A1=3, B1=formula, C1="=IFERROR(B1,5)", C2="=SUM(C1:C1)+1", C3="=A1*2"))
    assert session.left_for_excel == {
        ("S", "B1"): reason,
        ("S", "C1"): "it depends on S!B1",
        ("S", "C2"): "it depends on S!C1",
    }
    assert session.calculated([{}, {("S", "A1"): 4}]) == [[None, None, None, 6.0], [None, None, None, 8.0]]


@pytest.mark.parametrize(
    "formula",
    ["=the_odd_one", "=SUM(around)", '=INDIRECT("B1")', "=OFFSET(A1,0,1)", "=SUM(A1:INDEX(1:1,2))", "=SUM(B:B)"],
)
def test_what_depends_on_it_through_a_name_or_a_made_reference_is_left_too(book: Book, formula: str) -> None:
    session = Session(book(A1=3, B1="=NO_SUCH_FUNCTION(1)", C1=formula, C2="=A1*2"))
    assert session.left_for_excel[("S", "C1")] == "it depends on S!B1"
    assert session.calculated([{}]) == [[None, None, 6.0]]


@pytest.mark.parametrize(
    ("formula", "default", "given", "values"),
    [
        ('="in all "&A1/3', 3, 1, ["in all 1", None]),  # Excel writes 15 digits
        ('="for "&A1', "x", "12345678901234567890", ["for x", "for 12345678901234567890"]),
        ("=MATCH(2,A1:A3)", 1, 9, [2.0, None]),  # 9, 2, 3
        ("=INDEX(A1:A3,A1)", 2, 0, [2.0, None]),  # all three
        ("=10^A1", 2, 400, [100.0, CellError("#NUM!")]),
    ],
)
def test_value_that_is_wrong_with_some_inputs_is_left_for_excel_with_those(
    book: Book, formula: str, default: InputValue, given: InputValue, values: list[Any]
) -> None:
    session = Session(book(A1=default, A2=2, A3=3, B1=formula, D1='=IF(TRUE,B1,"")'))
    found = session.calculated([{}, {("S", "A1"): given}, {}])
    assert found == [[value] * 2 for value in (*values, values[0])]
    assert session.left_for_excel == {}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM(tblDeals[Amount])", 70.0),
        ("=SUM(tbldeals[[#Data],[Amount]])", 70.0),
        ("=COUNTA(tblDeals[#Headers])", 2.0),
        ("=ROWS(tblDeals)", 2.0),
        ('=SUMIFS(tblDeals[Amount],tblDeals[ID],"b")', 40.0),
        ("=SUM(D3:D2)", 70.0),  # from the end
        ("=SUM(E3:D2)", 110.0),
        ("=MAX(D:C)", 40.0),
    ],
)
def test_reference_to_a_table_or_from_its_end_is_calculated(book: Book, formula: str, value: float) -> None:
    cells = {"C1": "ID", "D1": "Amount", "C2": "a", "D2": 30, "C3": "b", "D3": 40, "E3": 40}
    assert shown(book(B1=formula, **cells)) == value


def test_times_of_day_are_parts_of_days(book: Book) -> None:
    cells = {"C1": dt.datetime(2027, 1, 31, 18), "C2": dt.time(6)}
    template = book(B1="=C1", B2="=MOD(C1,1)", B3="=C2", B4="=C1+C2", **cells)
    assert Session(template).calculated([{}]) == [[46418.75, 0.75, 0.25, 46419.0]]


def test_extension_in_a_cell_does_not_stop_the_reader(book: Book) -> None:
    parts = package.read(book(A1=3, B1="=A1+A2", A2=4).package)
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v>4</v>", b'<v>4</v><extLst><ext uri="{0}"/></extLst>')
    assert parts["xl/worksheets/sheet1.xml"] != sheet
    assert Session(parse(package.write(parts), "book.xlsx")).calculated([{}]) == [[7.0]]


def test_circle_is_left_even_where_excel_may_go_round(book: Book) -> None:
    parts = package.read(book(A1=3, B1="=B2+1", B2="=B1", B3="=A1").package)
    workbook = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = workbook.replace(b"<calcPr ", b'<calcPr iterate="1" ')
    assert parts["xl/workbook.xml"] != workbook
    assert Session(parse(package.write(parts), "book.xlsx")).calculated([{}]) == [[None, None, 3.0]]


@pytest.mark.parametrize(
    ("element", "changed", "message"),
    [
        (b"<workbookPr", b'<workbookPr date1904="1"', "book.xlsx counts its dates from 1904"),
        (b"<calcPr ", b'<calcPr fullPrecision="0" ', "book.xlsx calculates with the precision as displayed"),
    ],
)
def test_workbook_that_counts_otherwise_is_refused(book: Book, element: bytes, changed: bytes, message: str) -> None:
    parts = package.read(book(A1=3, B1="=A1").package)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(element, changed, 1)
    with pytest.raises(InputError, match=message):
        Session(parse(package.write(parts), "book.xlsx"))


def test_todays_date_is_the_as_of_date(book: Book) -> None:
    template = book(B1="=TODAY()", C1="=YEAR(NOW())")
    assert Session(template, dt.date(2027, 2, 28)).calculated([{}]) == [[serial(dt.date(2027, 2, 28)), 2027]]


def test_reference_to_a_blank_cell_is_zero(book: Book) -> None:
    assert shown(book(B1="=A7")) == 0
