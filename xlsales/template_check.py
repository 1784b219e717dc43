"""Looks at a template that a person has changed: what is wrong with it is said at once, before anything is written."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import openpyxl

from xlsales.errors import InputError
from xlsales.excel.values import Address
from xlsales.findings import Finding, Severity
from xlsales.schema import TABLES, TERRITORIES
from xlsales.template import Template
from xlsales.texts import _

_SHOWN = 3


def check(template: Template, left_for_excel: Mapping[Address, str]) -> list[Finding]:
    """Return what a batch cannot fill or calculate; raise InputError, with every reason, where it must not start."""
    workbook = openpyxl.load_workbook(io.BytesIO(template.package), keep_links=False)
    findings = [
        *_names(template, workbook),
        *_slots(template, workbook),
        *_tables(template),
        *_formulas(template, left_for_excel),
    ]
    errors = [str(finding) for finding in findings if finding.severity == "error"]
    if errors:
        raise InputError("\n".join(errors))
    return findings


def _finding(template: Template, severity: Severity, code: str, place: Address | None, message: str) -> Finding:
    sheet, cell = place or (None, None)
    return Finding(severity, code, message, template.name, sheet, column=cell)


def _names(template: Template, workbook: Any) -> Iterator[Finding]:
    wanted = {f"in_{column.name}" for column in TERRITORIES}
    there = {name for name in workbook.defined_names if name in wanted}
    if not there and not template.tables.keys() & {table.excel_table for table in TABLES.values()}:
        message = _("This is no planner: it has no input cell (in_…) and no input table. Start from a copy of ours.")
        yield _finding(template, "error", "NOT_A_PLANNER", None, message)
        return
    for name in sorted(there - template.names.keys()):
        message = _("The name {name} must be one cell of this workbook: correct it in Excel's Name Manager.")
        yield _finding(template, "error", "NAME_WRONG", None, message.format(name=name))
    missing = sorted(wanted - there)
    if missing:
        message = _("Without a cell of their own, these are left out: {names}.")
        yield _finding(template, "info", "NAME_MISSING", None, message.format(names=", ".join(missing)))


def _slots(template: Template, workbook: Any) -> Iterator[Finding]:
    merged = {
        sheet.title: {cell for area in sheet.merged_cells.ranges for cell in list(area.cells)[1:]}
        for sheet in workbook.worksheets
    }
    for sheet, cell in template.inputs():
        found = workbook[sheet][cell]
        if (found.row, found.column) in merged[sheet]:
            message = _("This input lies inside merged cells, where no value can stand: unmerge them.")
            yield _finding(template, "error", "INPUT_MERGED", (sheet, cell), message)
        elif (sheet, cell) in template.formulas:
            message = _("This input holds a formula, which a value would replace: type a value, or rename the cell.")
            yield _finding(template, "error", "INPUT_FORMULA", (sheet, cell), message)
        elif workbook[sheet].protection.sheet and found.protection.locked:
            message = _("This input is locked on a protected sheet: nobody can change it in Excel. Unlock the cell.")
            yield _finding(template, "warning", "INPUT_LOCKED", (sheet, cell), message)


def _tables(template: Template) -> Iterator[Finding]:
    for table in TABLES.values():
        target = template.tables.get(table.excel_table or "")
        if target is None:
            continue
        place = (target.sheet, table.excel_table or "")
        headings = {column.header for column in table.inputs if column.name not in table.key}  # keys may be fixed rows
        missing = sorted(headings - target.letters.keys())
        calculated = sorted(headings & target.computed)
        for code, names, message in (
            ("COLUMN_MISSING", missing, _("The table has no column for these values, which are left out: {names}.")),
            ("COLUMN_CALCULATED", calculated, _("Formulas stand where these values go, which are left out: {names}.")),
        ):
            if names:
                yield _finding(template, "warning", code, place, message.format(names=", ".join(names)))


def _formulas(template: Template, left_for_excel: Mapping[Address, str]) -> Iterator[Finding]:
    for place, reason in list(left_for_excel.items())[:_SHOWN]:
        message = _("This formula is left for Excel, which calculates it on opening: {reason}.")
        yield _finding(template, "warning", "LEFT_FOR_EXCEL", place, message.format(reason=reason))
    others = len(left_for_excel) - _SHOWN
    if others > 0:
        message = _("{count} more formulas are left for Excel, which calculates them on opening.")
        yield _finding(template, "warning", "LEFT_FOR_EXCEL", None, message.format(count=others))
