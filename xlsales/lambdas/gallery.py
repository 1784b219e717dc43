"""`Sales Functions.xlsx`: every function as a LAMBDA name, with cells to type in; no macro, no Python.

Start                 what the workbook is, and the functions with links
one sheet a subject   a block for each function: what it does, its arguments with an example, the result
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any, Final

import xlsxwriter

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.lambdas.block import Block
from xlsales.lambdas.embed import new_name
from xlsales.lambdas.library import Lambda, library, without
from xlsales.texts import N_, _
from xlsales.workbook import name_edits, package, parts

NAME: Final = "Sales Functions.xlsx"
_START: Final = N_("Start")
_FIXED_DATE: Final = dt.datetime(2020, 1, 1)  # the file's own dates stay the same in every build
_LINES: Final = (
    N_("Every function below is a name of this workbook that Excel 365 calculates: on Windows, on a Mac, in the"),
    N_("browser and on phones. There is no macro in it, and nothing has to be installed."),
    "",
    N_("Type into the yellow cells of a sheet, or call a function anywhere in this workbook, as any other function."),
    N_("Every argument that is not a range takes a range too: the result then fills a cell for each of its cells."),
    N_("If the cells show #NAME?, click “Enable Editing” above. Excel 2021 and older cannot calculate them."),
    N_("To have the functions in a workbook of your own, type: xlsales functions embed “My workbook.xlsx”."),
    N_("Or copy a sheet of a subject into it: Excel takes along the names that its cells use."),
)
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"font_size": 18, "bold": True, "font_color": "#1B3A57"},
    "subject": {"font_size": 13, "bold": True, "font_color": "#0B7285"},
    "line": {"font_color": "#1F2933"},
    "link": {"font_color": "#0B7285", "underline": 1},
}


def build() -> bytes:
    """The workbook's bytes, the same every time; results are stored with the cells."""
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True})
    workbook.set_properties({"title": "Sales functions", "comments": "xlsales", "created": _FIXED_DATE})
    workbook.set_calc_mode("auto")
    functions = library()
    start = workbook.add_worksheet(_(_START))
    places = _write_subjects(workbook, functions.values())
    _write_start(workbook, start, functions, places)
    workbook.close()
    members = package.read(written.getvalue())
    part = parts.workbook_part(members)
    members[part] = name_edits.inserted(members[part], map(new_name, functions.values()))
    return package.write(members)


def _write_subjects(workbook: Any, functions: Iterable[Lambda]) -> dict[str, str]:
    """Write the sheets of the subjects; return where each function's block is."""
    places = {}
    styles = Block.styles(workbook)
    sheets: dict[str, Any] = {}
    rows: dict[str, int] = {}
    for one in functions:
        subject = _(one.function.subject)
        if subject not in sheets:
            sheets[subject] = Block.sheet(workbook, subject, styles)
            rows[subject] = Block.FIRST_ROW
        places[one.name] = f"internal:'{subject}'!A{rows[subject] + 1}"
        rows[subject] = Block(sheets[subject], styles, one.function).write(rows[subject])
    return places


def _write_start(workbook: Any, sheet: Any, functions: dict[str, Lambda], places: dict[str, str]) -> None:
    styles = {name: workbook.add_format({"font_name": "Calibri", **style}) for name, style in _STYLES.items()}
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 100)
    sheet.write_string(0, 1, _("Sales functions"), styles["title"])
    row = 2
    for line in _LINES:
        sheet.write_string(row, 1, _(line) if line else "", styles["line"])
        row += 1
    for subject in dict.fromkeys(function.subject for function in CATALOGUE.values()):
        members = [function for function in CATALOGUE.values() if function.subject == subject]
        sheet.write_string(row + 1, 1, _(subject), styles["subject"])
        row = _list_functions(sheet, row + 2, members, functions, places, styles)
    sheet.activate()


def _list_functions(
    sheet: Any,
    row: int,
    members: Iterable[SalesFunction],
    functions: dict[str, Lambda],
    places: dict[str, str],
    styles: dict[str, Any],
) -> int:
    reasons = without()
    for function in members:
        if function.name in functions:
            sheet.write_url(row, 1, places[function.name], styles["link"], function.name)
            sheet.write_string(row, 2, _(function.summary), styles["line"])
        else:
            sheet.write_string(row, 1, function.name, styles["line"])
            why = _("Not in this workbook. {why}").format(why=reasons[function.name])
            sheet.write_string(row, 2, why, styles["line"])
        row += 1
    return row
