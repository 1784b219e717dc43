"""Raw tables: what a source holds, its columns matched to the schema, no value looked at yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import pandas as pd

from xlsales.errors import InputError
from xlsales.findings import Finding, Severity, shown
from xlsales.schema import Table
from xlsales.texts import _


@dataclass(frozen=True)
class Problem:
    """Why a cell or a row cannot be used."""

    code: str
    message: str


@dataclass(frozen=True)
class BadCell:
    """A cell that the source itself holds no value for, such as `#N/A` in a workbook."""

    text: str
    problem: Problem

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class RawTable:
    """One table as its source holds it."""

    table: Table
    file: str
    frame: pd.DataFrame  # the known columns, cells untouched; the index holds the row numbers
    damaged: Mapping[int, Problem] = field(default_factory=dict)  # rows that could not be read
    usable: bool = True  # False: a required column is missing, or a column is there twice


@dataclass(frozen=True)
class RawTables:
    """The tables of one source, and what was found while reading them."""

    tables: Mapping[str, RawTable]
    findings: tuple[Finding, ...]


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing: empty, only spaces, or a database's or data frame's null."""
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return cell is None or (isinstance(cell, float) and cell != cell)


def near_match(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was probably meant to be, if any is near."""
    plain = {_plain(candidate): candidate for candidate in candidates}
    matches = get_close_matches(_plain(name), list(plain), n=1, cutoff=0.7)
    return plain[matches[0]] if matches else None


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def raw_table(
    table: Table,
    file: str,
    header: Sequence[object],
    rows: Iterable[tuple[int, Sequence[object]]],
    damaged: Mapping[int, Problem] | None = None,
) -> tuple[RawTable, list[Finding]]:
    """Match a source's header to the table's columns; `rows` are row numbers with their cells."""
    damaged = damaged or {}
    kept = [(row, cells) for row, cells in rows if row in damaged or not all(is_blank(cell) for cell in cells)]
    headings = ["" if is_blank(cell) else str(cell).strip() for cell in header]
    if not kept and not any(headings):
        return _nothing(table, file)
    findings, usable = _check_headings(table, file, headings)
    positions = {heading.casefold(): position for position, heading in enumerate(headings)}
    frame = pd.DataFrame(
        {
            column.name: [cells[positions[column.name]] for _row, cells in kept]
            for column in table
            if column.name in positions
        },
        index=[row for row, _cells in kept],
        dtype=object,
    )
    if not kept:
        findings.append(_empty(table, file))
    return RawTable(table, file, frame, damaged, usable), findings


def _check_headings(table: Table, file: str, headings: Sequence[str]) -> tuple[list[Finding], bool]:
    known = {column.name for column in table}
    present = Counter(heading.casefold() for heading in headings if heading.casefold() in known)
    unknown = [heading for heading in headings if heading and heading.casefold() not in known]
    absent = [column for column in table if column.name not in present]
    doubled = [name for name, count in present.items() if count > 1]
    missing = [column.name for column in absent if column.required]

    def finding(severity: Severity, code: str, column: str, message: str) -> Finding:
        return Finding(severity, code, message, file, table.name, row=1, column=column)

    consequence = (
        _("No planner is produced.")
        if table.name == "territories"
        else _("The planners are produced without this table.")
    )
    findings = [
        finding("error", "COLUMN_MISSING", name, f"{_missing_text(name, unknown)} {consequence}") for name in missing
    ]
    for name in doubled:
        twice = ", ".join(f"“{shown(heading)}”" for heading in headings if heading.casefold() == name)
        text = _("The column {column} is there {count} times ({headings}): keep one of them.")
        text = text.format(column=name, count=present[name], headings=twice)
        findings.append(finding("error", "COLUMN_DUPLICATE", name, f"{text} {consequence}"))
    findings += [
        finding("warning", "COLUMN_UNKNOWN", name, _unknown_text(name, [column.name for column in absent]))
        for name in unknown
    ]
    return findings, not (missing or doubled)


def _missing_text(name: str, unknown: Sequence[str]) -> str:
    near = near_match(name, unknown)
    if near is None:
        return _("The required column {column} is missing: add it.").format(column=name)
    text = _("The required column {column} is missing: did you mean “{near}”? Rename it to {column}.")
    return text.format(column=name, near=shown(near))


def _unknown_text(name: str, absent: Sequence[str]) -> str:
    near = near_match(name, absent)
    if near is None:
        text = _("The column “{column}” is not one of this table's columns; it is ignored.")
        return text.format(column=shown(name))
    text = _("The column “{column}” is ignored: did you mean {near}? Rename it to {near}.")
    return text.format(column=shown(name), near=near)


def _nothing(table: Table, file: str) -> tuple[RawTable, list[Finding]]:
    if table.name == "territories":
        raise InputError(_("{file} is empty: add a header and a row per territory.").format(file=file))
    return RawTable(table, file, pd.DataFrame(dtype=object)), [_empty(table, file)]


def _empty(table: Table, file: str) -> Finding:
    if table.name == "territories":
        text = _("The table territories has no rows: no planner is produced. Add a row per territory.")
    else:
        text = _("The table {table} has no rows; the planners are produced without it.")
    return Finding("warning", "TABLE_EMPTY", text.format(table=table.name), file, table.name)
