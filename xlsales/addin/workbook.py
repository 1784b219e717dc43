"""The add-in as a workbook: the same functions as the planner's, for any workbook that is open in Excel."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

from xlsales.workbook import package
from xlsales.workbook.parts import CONTENT_TYPES
from xlsales.workbook.vba import attach
from xlsales.workbook.vba.sources import ADDIN

VBA_PROJECT = "xlsales_addin"
_FIXED_DATE = dt.datetime(2020, 1, 1)  # the file's own dates stay the same in every build


def build() -> bytes:
    """Return the add-in's bytes: an empty sheet, the functions with their help, and the buttons of the ribbon."""
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True})
    workbook.add_worksheet()  # Excel wants one that is not hidden; an add-in's sheets are never shown
    attach.add_project(workbook, VBA_PROJECT, ADDIN)
    # Excel shows title and comments in its list of add-ins.
    workbook.set_properties({"title": "xlsales", "comments": "Sales planning functions", "created": _FIXED_DATE})
    workbook.close()
    parts = package.read(written.getvalue())
    attach.add_help_and_buttons(parts, ADDIN, "xlsales")
    types = parts[CONTENT_TYPES]
    parts[CONTENT_TYPES] = types.replace(package.MAIN_XLSM, package.MAIN_XLAM)
    return package.write(parts)
