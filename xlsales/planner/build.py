"""Builds the planner: writes every sheet, calculates, and puts the values beside the formulas."""

from __future__ import annotations

from xlsales.errors import XlsalesError
from xlsales.functions import CATALOGUE, lint
from xlsales.planner.book import Book
from xlsales.planner.layouts import layouts
from xlsales.planner.sheets import (
    checks,
    dashboard,
    details,
    discounts,
    functions,
    growth,
    lists,
    org_health,
    plan,
    start,
    tables,
    targets,
    team,
    this_week,
)
from xlsales.planner.sizes import Sizes
from xlsales.schema import SCHEMA_VERSION
from xlsales.texts import _
from xlsales.version import __version__
from xlsales.workbook import package
from xlsales.workbook.cached_values import Calculate, with_values
from xlsales.workbook.shared_formulas import share
from xlsales.workbook.vba import attach
from xlsales.workbook.vba.sources import PLANNER

SHEETS = (
    start.sheet,
    this_week.sheet,
    dashboard.sheet,
    targets.sheet,
    tables.accounts,
    tables.pipeline,
    tables.activity,
    discounts.sheet,
    growth.sheet,
    team.sheet,
    plan.sheet,
    tables.checkins,
    org_health.sheet,
    details.sheet,
    functions.sheet,
    checks.sheet,
    lists.sheet,
)
FORMATS = ("xlsm", "xlsx")
VBA_PROJECT = "xlsales_planner"


def build(file_format: str, calculate: Calculate, sizes: Sizes | None = None) -> bytes:
    """Return a blank planner's bytes; `calculate` gives the values of a workbook's formulas."""
    faults = lint.problems(CATALOGUE.values())
    if faults:
        raise XlsalesError(_("The functions cannot be shown to Excel: {faults}").format(faults="; ".join(faults)))
    with_macros = file_format == "xlsm"
    tables = {layout.excel_table: layout for layout in layouts(sizes or Sizes())}
    book = Book([sheet(tables) for sheet in SHEETS], udf=with_macros)
    book.write()
    if with_macros:
        book.add_project(VBA_PROJECT)
    properties = {
        "schema_version": str(SCHEMA_VERSION),
        "template_version": __version__,
        "planner": "territory",
    }
    parts = with_values(book.close(properties), calculate)
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = share(parts[name])
    if with_macros:
        attach.add_help_and_buttons(parts, PLANNER, "xlsales planner")
    return package.write(parts)
