"""A planner that somebody has filled in, as it comes back: what it is, and what its inputs hold.

    planner = returned.read(Path("Planner T01.xlsm"))    # or returned.parse(package, "Planner T01.xlsm")
    planner.identity.territory_id
    planner.inputs["revenue_goal"]                        # a Given: kind, value, formula, sheet, cell
    planner.tables["accounts"].rows[0]["account_name"]    # the same

Everything is found by its defined name, wherever it was moved to; a name that is gone, by the table's heading. Programs
keep different things: Excel all of it, LibreOffice names, tables and properties, openpyxl the same without the values
of formulas, others the names alone. So the identity is what any of these tell.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xlsales.workbook.planner_tables import EXCEL_TABLES, PLANNER_TABLES

if TYPE_CHECKING:
    from xlsales.workbook.given import Given, Kind
    from xlsales.workbook.returned.identity import Identity
    from xlsales.workbook.returned.reading import NoPlannerError, Returned, parse, read
    from xlsales.workbook.returned.tables import ReturnedRow, ReturnedTable

__all__ = [
    "EXCEL_TABLES",
    "PLANNER_TABLES",
    "Given",
    "Identity",
    "Kind",
    "NoPlannerError",
    "Returned",
    "ReturnedRow",
    "ReturnedTable",
    "parse",
    "read",
]

_ROOMS = {
    **dict.fromkeys(("Given", "Kind"), "xlsales.workbook.given"),
    "Identity": "xlsales.workbook.returned.identity",
    **dict.fromkeys(("NoPlannerError", "Returned", "parse", "read"), "xlsales.workbook.returned.reading"),
    **dict.fromkeys(("ReturnedRow", "ReturnedTable"), "xlsales.workbook.returned.tables"),
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:  # loaded when a planner is first read
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
