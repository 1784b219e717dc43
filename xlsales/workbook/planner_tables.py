"""The Excel tables of a planner by the names in `col_<table>_<column>`."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.schema import DETAILS, TABLES, TERRITORIES

# Tables that a batch does not fill: by the name in `col_<table>_<column>`, the Excel table.
PLANNER_TABLES: Mapping[str, str] = {
    "goals": "tblGoals",
    "actions": "tblActions",
    "relations": "tblRelations",
    "development": "tblDevelopment",
    "segments": "tblSegments",
    "products": "tblProducts",
    "stages": "tblStages",
    "functions": "tblFunctions",
    "support": "tblSupport",
    "details": "tblDetails",
}
EXCEL_TABLES: Mapping[str, str] = {
    **{table.name: table.excel_table or "" for table in TABLES.values() if table is not TERRITORIES},
    **PLANNER_TABLES,
    "details": DETAILS,
}
