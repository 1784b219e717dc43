"""A planner that somebody has filled in, as it comes back: what it is, and what its inputs hold.

    planner = returned.read(Path("Planner T01.xlsm"))    # or returned.parse(package, "Planner T01.xlsm")
    planner.identity.territory_id
    planner.inputs["revenue_goal"]                        # a Given: kind, value, formula, sheet, cell
    planner.tables["accounts"].rows[0]["account_name"]    # the same

Everything is found by its defined name, wherever it was moved to; a name that is gone, by the table's heading. Programs
keep different things: Excel all of it, LibreOffice names, tables and properties, openpyxl the same without the values
of formulas, others the names alone. So the identity is what any of these tell.
"""

from xlsales.workbook.given import Given, Kind
from xlsales.workbook.returned.identity import Identity
from xlsales.workbook.returned.reading import NoPlannerError, Returned, parse, read
from xlsales.workbook.returned.tables import EXCEL_TABLES, PLANNER_TABLES, ReturnedRow, ReturnedTable

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
