"""Planners as other programs save them, and as people change them there: their values are read as they are shown."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from tests.collection.conftest import ReadPlanner, SmallPlanner
from tests.package_edit import TYPES, WORKBOOK
from tests.workbook.returned.edits import EXAMPLE, PlannerEdit, at
from xlsales.collection.planner import Columns, Planner
from xlsales.workbook import returned, typing_room
from xlsales.workbook.given import DAYS_TO_1904, Given

_STRICT = (
    ("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"),
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
    ("http://purl.oclc.org/ooxml/officeDocument/custom-properties", "http://purl.oclc.org/ooxml/officeDocument/customProperties"),
    ("http://purl.oclc.org/ooxml/officeDocument/extended-properties", "http://purl.oclc.org/ooxml/officeDocument/extendedProperties"),
)  # fmt: skip
_NUMBER = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="\d+")?><v>([0-9.]+)</v></c>')


def with_days(write: Callable[[Given, str], str]) -> PlannerEdit:
    """Return the example with every typed day written otherwise: `write` makes a cell of its content and style."""
    edit = PlannerEdit()
    planner = returned.parse(edit.close(), "planner.xlsx")
    open_styles = typing_room.open_styles(planner.parts)
    for sheet in planner.cells.sheets:

        def cell(found: re.Match[str], sheet: str = sheet) -> str:
            given = planner.cells.at((sheet, found[1]))
            style = int((found[2] or ' s="0"')[4:-1])
            is_typed = given.shows_date and style in open_styles
            return write(given, f'<c r="{found[1]}"{found[2]}') if is_typed else found[0]

        edit.parts[edit.sheet(sheet)] = _NUMBER.sub(cell, edit.text(edit.sheet(sheet))).encode()
    return edit


def strict() -> PlannerEdit:
    """As Excel saves a “Strict Open XML Spreadsheet”: other names of everything, days as days."""
    edit = with_days(lambda given, start: f'{start} t="d"><v>{given.day}</v></c>')
    for name in edit.parts:
        if name.endswith((".xml", ".rels")) and name != TYPES:
            for ours, theirs in _STRICT:
                edit.parts[name] = edit.parts[name].replace(ours.encode(), theirs.encode())
    edit.parts[WORKBOOK] = re.sub(rb"<workbook\b", b'<workbook conformance="strict"', edit.parts[WORKBOOK], count=1)
    return edit


def from_1904() -> PlannerEdit:
    """As programs for old Macs save it, with the same days."""
    edit = with_days(lambda given, start: f"{start}><v>{float(given.value or 0) - DAYS_TO_1904:g}</v></c>")
    edit.parts[WORKBOOK] = re.sub(rb"<workbookPr\b", b'<workbookPr date1904="1"', edit.parts[WORKBOOK], count=1)
    return edit


def as_phones_save_it() -> PlannerEdit:
    """Without properties, Excel tables and the order of calculation, each text in its own cell."""
    edit = PlannerEdit()
    parts = [name for name in edit.parts if name.startswith(("docProps/custom", "xl/tables/", "xl/calcChain"))]
    for name in parts:
        del edit.parts[name]
    for name in edit.parts:
        if name.endswith(".rels"):
            edit.parts[name] = re.sub(
                rb"<Relationship [^>]*(?:/table|custom-properties|calcChain)\"[^>]*/>", b"", edit.parts[name]
            )
        if name.startswith("xl/worksheets/sheet"):
            edit.parts[name] = re.sub(rb"<tableParts.*?</tableParts>", b"", edit.parts[name])
    return edit


def same(planner: Planner, example: Planner) -> None:
    assert planner.inputs == example.inputs
    assert planner.tables == example.tables
    assert planner.as_of == example.as_of


def codes(planner: Planner) -> set[str]:
    return {one.code for one in planner.findings}


@pytest.mark.parametrize(
    ("saved", "told"),
    [(strict, set()), (from_1904, {"DATES_FROM_1904"}), (as_phones_save_it, set())],
    ids=["Strict Open XML", "days from 1904", "without tables and properties"],
)
def test_a_planner_in_another_form_holds_the_same(
    saved: Callable[[], PlannerEdit], told: set[str], example: Planner, read_planner: ReadPlanner
) -> None:
    planner = read_planner(saved())
    same(planner, example)
    assert codes(planner) == told


def test_a_row_behind_blank_ones_is_read_where_no_table_says_how_long_it_is(
    example: Planner, read_planner: ReadPlanner
) -> None:
    edit = as_phones_save_it()
    last = returned.read(EXAMPLE).tables["actions"].rows[-1]
    edit.cell(*last["activity"].address, "<is><t>Call Ada</t></is>", "inlineStr")
    planner = read_planner(edit)
    assert planner.tables["actions"]["activity"] == [*example.tables["actions"]["activity"], "Call Ada"]


def edited(planner: bytes, change: Callable[[Workbook], None]) -> bytes:
    """Let openpyxl change a planner and save it."""
    book, content = load_workbook(io.BytesIO(planner)), io.BytesIO()
    change(book)
    book.save(content)
    return content.getvalue()


def test_values_that_openpyxl_writes_are_read_exactly(example: Planner, read_planner: ReadPlanner) -> None:
    planner = returned.read(EXAMPLE)
    accounts, deals = planner.tables["accounts"], planner.tables["deals"]
    typed = {
        at("in_revenue_goal"): 1234567.89,
        at("in_growth_rate"): 0,
        at("in_person"): "Zoë <Müller> & Söhne",
        at("in_hired"): dt.datetime(2026, 2, 28),
        accounts.rows[3]["account_name"].address: "007",
        accounts.rows[3]["prior_revenue"].address: 0.1 + 0.2,
        accounts.rows[4]["last_contact"].address: dt.date(2027, 5, 4),
        accounts.rows[5]["segment"].address: None,
        deals.rows[0]["amount"].address: -12.5,
    }

    def change(book: Workbook) -> None:
        for (sheet, cell), value in typed.items():
            book[sheet][cell] = value

    found = read_planner(edited(EXAMPLE.read_bytes(), change))
    expected: dict[str, Columns] = {
        name: {column: list(values) for column, values in table.items()} for name, table in example.tables.items()
    }
    expected["accounts"]["account_name"][3] = "007"
    expected["accounts"]["prior_revenue"][3] = 0.1 + 0.2
    expected["accounts"]["last_contact"][4] = dt.date(2027, 5, 4)
    expected["accounts"]["segment"][5] = None
    expected["deals"]["amount"][0] = -12.5
    assert rounded(found.tables["accounts"]) == rounded(expected["accounts"])
    assert rounded(found.tables["deals"]) == rounded(expected["deals"])
    assert (found.inputs["revenue_goal"], found.inputs["growth_rate"]) == (1234567.89, 0.0)
    assert (found.inputs["person"], found.inputs["in_hired"]) == ("Zoë <Müller> & Söhne", dt.date(2026, 2, 28))
    assert codes(found) - {"INPUT_OUT_OF_RANGE"} == {"NOT_CALCULATED"}


def rounded(columns: Columns) -> Columns:
    return {name: [float(f"{one:.15g}") if isinstance(one, float) else one for one in c] for name, c in columns.items()}


def thousands(book: Workbook) -> None:
    """Other formats of numbers: what a cell shows is not what it holds."""
    amounts = [cell for row in book["Accounts"].iter_rows(min_row=7) for cell in row if cell.number_format == "#,##0"]
    assert amounts
    for cell in amounts:
        cell.number_format = '#,##0.00 "€"'
    cell_of(book, "in_growth_rate").number_format = "0"


def cell_of(book: Workbook, name: str) -> Cell:
    """The cell that a name stands for."""
    [(sheet, cell)] = book.defined_names[name].destinations
    found = book[sheet][cell]
    assert isinstance(found, Cell)
    return found


def comments(book: Workbook) -> None:
    cell_of(book, "in_revenue_goal").comment = Comment("Agreed with Ada", "Bo")


def filters(book: Workbook) -> None:
    for row in range(8, book["Accounts"].max_row + 1):
        book["Accounts"].row_dimensions[row].hidden = True


def order(book: Workbook) -> None:
    book.move_sheet("Accounts", -4)
    book.move_sheet("Start", 9)


def copied(book: Workbook) -> None:
    book.copy_worksheet(book["Targets"])


def printed(book: Workbook) -> None:
    book["Accounts"].print_area = "A1:F20"
    book["Accounts"].freeze_panes = "D9"


@pytest.mark.parametrize("change", [thousands, comments, filters, order, copied, printed])
def test_what_changes_no_value_changes_nothing(change: Callable[[Workbook], None], small: SmallPlanner) -> None:
    planner, as_it_was = small.read(edited(small.content, change)), small.planner
    assert {n: rounded(t) for n, t in planner.tables.items()} == {n: rounded(t) for n, t in as_it_was.tables.items()}
    assert planner.inputs == as_it_was.inputs
    assert codes(planner) - {"NOT_CALCULATED"} <= {"OWN_SHEET"}


def test_macros_that_were_saved_away_are_no_finding(read_planner: ReadPlanner) -> None:
    macros = EXAMPLE.with_name("Sales Planner.xlsm")
    book, content = load_workbook(macros), io.BytesIO()  # openpyxl leaves the macros out
    book.save(content)
    assert codes(read_planner(content.getvalue())) <= {"NOT_CALCULATED", "NO_TERRITORY"}
