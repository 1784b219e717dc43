"""A template with the inputs of a territory and one formula: a run with it costs a twentieth of a second.

The light one has lists too, and no sheet of figures: for tests of everything around the planners.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlsales.planner.sizes import MONDAYS
from xlsales.schedule import checkin_turns
from xlsales.schema import ACCOUNTS, ACTIVITY, AS_OF, CHECKINS, DEALS, ORG_HEALTH, TABLES, TEAM, TERRITORIES, TURN
from xlsales.workbook import package

SHEET = "Plan"
TOP = 5  # the row of a list's headings
LISTS: dict[Any, tuple[str, Sequence[Sequence[object]]]] = {  # their sheets, and what their first columns hold
    ACCOUNTS: ("Accounts", [[None]] * 5),
    DEALS: ("Pipeline", [[None]] * 6),
    ACTIVITY: ("Activity", [[day] for day in MONDAYS]),
    ORG_HEALTH: ("Org health", [[number] for number in range(1, 13)]),
    TEAM: ("Team", [[None]] * 12),
    CHECKINS: ("Check-ins", checkin_turns()),
}
INPUTS = (*(column.name for column in TABLES[TERRITORIES.name]), AS_OF.name)


def tiny() -> bytes:
    """The workbook: a row for each input, its heading before it."""
    return _saved(_book())


def light(file_format: str = "xlsm") -> bytes:
    """The same with lists; as an .xlsm it has no macros."""
    book = light_book()
    if file_format == "xlsx":
        return _saved(book)
    parts = package.read(_saved(book))
    types = "[Content_Types].xml"
    parts[types] = parts[types].replace(package.MAIN_XLSX, package.MAIN_XLSM)
    return package.write(parts)


def light_book() -> openpyxl.Workbook:
    """The workbook with lists, for tests that put something more into it."""
    book = _book()
    for place, title in enumerate(("Start", "Dashboard")):
        book.create_sheet(title, place)
    for table, (title, first) in LISTS.items():
        headings = [column.header for column in table.inputs]
        if table is CHECKINS:
            headings.insert(1, TURN.header)
        _add_list(book.create_sheet(title), str(table.excel_table), headings, first)
    _add_list(book.create_sheet("Details"), "tblDetails", ["Detail", "Value"], [[None]] * 24)
    letter = next(cell.column_letter for cell in book["Pipeline"][TOP] if cell.value == DEALS["amount"].header)
    book[SHEET]["D2"] = f"=SUM(Pipeline!{letter}{TOP + 1}:{letter}{TOP + len(LISTS[DEALS][1])})"
    book.defined_names["fig_revenue"] = DefinedName("fig_revenue", attr_text=f"{SHEET}!$D$2")
    return book


def _add_list(sheet: Any, name: str, headings: list[str], first: Sequence[Sequence[object]]) -> None:
    """Put a list onto a sheet, with what its first columns hold."""
    for number, heading in enumerate(headings, start=2):
        sheet.cell(TOP, number, heading)
    for row, values in enumerate(first, start=TOP + 1):
        for number, value in enumerate(values, start=2):
            sheet.cell(row, number, value)
    area = f"B{TOP}:{get_column_letter(1 + len(headings))}{TOP + len(first)}"
    sheet.add_table(Table(displayName=name, ref=area))


def _book() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for row, name in enumerate(INPUTS, start=1):
        sheet.cell(row, 1, name)
        book.defined_names[f"in_{name}"] = DefinedName(
            f"in_{name}", attr_text=f"{SHEET}!{cell_of(name, absolute=True)}"
        )
    sheet["D1"] = f"={cell_of('revenue_goal')}*2"
    book.defined_names["out_close_ratio"] = DefinedName("out_close_ratio", attr_text=f"{SHEET}!$D$1")
    return book


def _saved(book: openpyxl.Workbook) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def cell_of(name: str, *, absolute: bool = False) -> str:
    """The cell of an input."""
    mark = "$" if absolute else ""
    return f"{mark}B{mark}{INPUTS.index(name) + 1}"


def edited(package: bytes, name: str, value: object) -> bytes:
    """A planner in which somebody has typed, and saved it with another program."""
    book = openpyxl.load_workbook(io.BytesIO(package))
    book[SHEET][cell_of(name)] = value
    return _saved(book)
