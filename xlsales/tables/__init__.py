"""The input tables: read from a folder, workbook or database, validated, grouped by territory.

raw = read_tables("crm")                  # InputError when nothing can be produced from it
validated = validate(raw, as_of)          # everything else is a finding with its place
for territory in validated.territories:
    accounts = validated.rows("accounts", territory["territory_id"])

The same for any number of territories, in little memory:

summary = Summary()
with parted("crm") as parts:
    for part in parts:
        validated = validate(part, as_of)
        summary.add(validated)
findings = [*parts.findings, …the findings of every validated part…, *summary.findings()]
"""

from __future__ import annotations

from xlsales.tables import lean_pandas  # noqa: F401 (first: it imports pandas)
from xlsales.tables.partition import Part, Parts, parted
from xlsales.tables.raw import RawTable, RawTables
from xlsales.tables.source import read_tables
from xlsales.tables.summary import Summary, Told
from xlsales.tables.validated import Accounting, Validated, default_as_of
from xlsales.tables.validation import validate

__all__ = [
    "Accounting",
    "Part",
    "Parts",
    "RawTable",
    "RawTables",
    "Summary",
    "Told",
    "Validated",
    "default_as_of",
    "parted",
    "read_tables",
    "validate",
]
