"""A template with the inputs of a territory and one formula: a run with it costs a twentieth of a second."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from xlsales.schema import AS_OF, TABLES, TERRITORIES

SHEET = "Plan"
INPUTS = (*(column.name for column in TABLES[TERRITORIES.name]), AS_OF.name)


def tiny() -> bytes:
    """The workbook: a row for each input, its heading before it."""
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
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
