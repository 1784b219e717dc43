"""The input tables: read from a folder, workbook or database, validated, grouped by territory.

raw = read_tables("crm")                  # InputError when nothing can be produced from it
validated = validate(raw, as_of)          # everything else is a finding with its place
for territory in validated.territories:
    accounts = validated.rows("accounts", territory["territory_id"])
"""

from __future__ import annotations

from xlsales.tables.raw import RawTable, RawTables
from xlsales.tables.source import read_tables
from xlsales.tables.validated import Accounting, Validated, default_as_of
from xlsales.tables.validation import validate

__all__ = [
    "Accounting",
    "RawTable",
    "RawTables",
    "Validated",
    "default_as_of",
    "read_tables",
    "validate",
]
