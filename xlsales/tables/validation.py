"""Validation of the input tables: a row is accepted, refused with a finding, or skipped with its territory.

A problem in one cell refuses the whole row: nothing half gets into a planner.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date

import pandas as pd

from xlsales.findings import Finding, ordered
from xlsales.schema import TABLES
from xlsales.tables import relations
from xlsales.tables.acceptance import accepted
from xlsales.tables.check import TableCheck
from xlsales.tables.held import HeldRows
from xlsales.tables.mapping.counting import Counting
from xlsales.tables.marks import Marks
from xlsales.tables.order import by_value
from xlsales.tables.raw import RawTables
from xlsales.tables.rules import ROW_RULES, cell_failures, explain, future_rules
from xlsales.tables.summary import Summary
from xlsales.tables.validated import Accounting, Validated


def validate(raw: RawTables, as_of: date | None = None, *, row_by_row: bool = False) -> Validated:
    """Check every row of every table; dates that must be past are held against `as_of` when it is given.

    For one part of a source, the findings are those about its rows; a `Summary` of all parts has the others. Row by
    row, all are checked as those are that something speaks against: slower, and the same in the end.
    """
    clean = None if row_by_row else accepted(raw, as_of)
    is_clean = clean is not None and clean.are_all
    validated = _nothing(raw) if is_clean else _explained(raw if clean is None else clean.rest, as_of)
    if clean is not None:
        clean.put_into(validated)
    validated.marks = Marks.of(raw.tables, validated.frames)
    if raw.counting is not None:
        _count(raw.counting, validated, raw, as_of)
    if raw.whole:
        validated.findings = tuple(ordered([*validated.findings, *Summary.of(validated).findings()]))
    return validated


def _count(counting: Counting, validated: Validated, raw: RawTables, as_of: date | None) -> None:
    """Add the tables that are counted from accepted rows, checked like any other."""
    findings = list(validated.findings)
    for table, told in counting.counted(validated, as_of):
        name = table.table.name
        own = validate(RawTables({"territories": raw.tables["territories"], name: table}, whole=False), as_of)
        validated.frames[name] = own.frames[name]
        validated.accounting[name] = own.accounting[name]
        validated.files[name] = table.file
        findings += [*told, *(one for one in own.findings if one.table == name)]
    validated.findings = tuple(ordered(findings))


def _nothing(raw: RawTables) -> Validated:
    """Return what there is to say of no rows."""
    frames = {name: HeldRows.none(TABLES[name]) if name in raw.tables else _no_rows(name) for name in TABLES}
    files = {name: table.file for name, table in raw.tables.items()}
    return Validated(frames, ordered(raw.findings), dict.fromkeys(raw.tables, Accounting()), files=files)


def _explained(raw: RawTables, as_of: date | None) -> Validated:
    """Check every row, and tell of each that is refused."""
    checks = {name: TableCheck(table) for name, table in raw.tables.items()}
    territories = checks["territories"]
    check_rows(territories, as_of)
    relations.refuse_repeated_territories(territories)
    produced = set(territories.accepted()["territory_id"])
    skipped = sorted((name for name in territories.named() if name not in produced), key=by_value)
    for name, check in checks.items():
        if name != "territories":
            _check_details(check, territories, produced, frozenset(skipped), as_of)
    if "org_health" in checks:
        relations.refuse_incomplete_scores(checks["org_health"])
    if "deals" in checks and "accounts" in checks and raw.tables["accounts"].usable and raw.tables["accounts"].filled:
        relations.report_unknown_accounts(checks["deals"], checks["accounts"])
    own = territories.own()
    findings: list[Finding] = [*raw.findings]
    for check in checks.values():
        findings += check.findings
    return Validated(
        {name: checks[name].accepted() if name in checks else _no_rows(name) for name in TABLES},
        ordered(findings),
        {name: check.accounting() for name, check in checks.items()},
        skipped,
        files={name: table.file for name, table in raw.tables.items()},
        trimmed=[trimmed for check in checks.values() for trimmed in check.trimmed],
        own=own,
    )


def _check_details(
    check: TableCheck,
    territories: TableCheck,
    produced: Container[str],
    skipped: Container[str],
    as_of: date | None,
) -> None:
    if not territories.raw.usable:
        check.skip_all()
        return
    relations.sort_by_territory(check, produced, skipped)
    check_rows(check, as_of)
    relations.refuse_duplicates(check)


def check_rows(check: TableCheck, as_of: date | None = None) -> None:
    """Refuse the rows of a table that break a rule by themselves."""
    check.refuse_unreadable()
    check.parse()
    if check.values.empty:
        return
    _check_cells(check)
    _check_row_rules(check, as_of)


def _check_cells(check: TableCheck) -> None:
    for row, column, broken, value in cell_failures(check.table.name, check.values):
        if not check.is_reported(row, column.name):
            problem = explain(column, broken, value, check.shown(row, column.name))
            check.refuse(row, problem.code, problem.message, column.name)


def _check_row_rules(check: TableCheck, as_of: date | None) -> None:
    rules = [rule for rule in ROW_RULES if rule.table == check.table.name]
    if as_of is not None:
        rules += future_rules(check.table, as_of)
    for rule in rules:
        for row, message in rule.failures(check.values):
            if not any(check.is_reported(row, column) for column in rule.columns):
                check.refuse(row, rule.code, message, rule.columns[0])


def _no_rows(name: str) -> pd.DataFrame:
    return pd.DataFrame({column.name: [] for column in TABLES[name]}, dtype=object)
