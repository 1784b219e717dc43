"""The header of a table: which columns are missing, there twice or unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from xlsales.findings import Finding, Severity, shown
from xlsales.schema import CALCULATED, TERRITORIES, Table
from xlsales.tables.raw import near_match
from xlsales.texts import _, _n


def own_columns(table: Table, headings: Sequence[str]) -> dict[str, int]:
    """Return the columns that a company has of its own, each with its place; only territories have any.

    Of several with one heading the first counts. In what `xlsales collect` wrote there are none.
    """
    known = {column.name for column in table}
    if any(heading.startswith(CALCULATED) for heading in headings):
        return {}
    own: dict[str, tuple[str, int]] = {}
    for place, heading in enumerate(headings) if table is TERRITORIES else ():
        if heading and heading.casefold() not in known:
            own.setdefault(heading.casefold(), (heading, place))
    return dict(own.values())


def check_headings(table: Table, file: str, headings: Sequence[str]) -> tuple[list[Finding], bool]:
    """What is wrong with a header, and whether the table can be used all the same."""
    known = {column.name for column in table}
    present = Counter(heading.casefold() for heading in headings if heading.casefold() in known)
    unknown = [heading for heading in headings if heading and heading.casefold() not in known]
    absent = [column for column in table if column.name not in present]
    doubled = [name for name, count in present.items() if count > 1]
    missing = [column.name for column in absent if column.required]

    def finding(severity: Severity, code: str, column: str, message: str) -> Finding:
        return Finding(severity, code, message, file, table.name, row=1, column=column)

    consequence = _("No planner is produced.")
    findings = [
        finding("error", "COLUMN_MISSING", name, f"{_missing_text(name, unknown)} {consequence}") for name in missing
    ]
    for name in doubled:
        twice = ", ".join(f"“{shown(heading)}”" for heading in headings if heading.casefold() == name)
        text = _("The column {column} is there {count} times ({headings}): keep one of them.")
        text = text.format(column=name, count=present[name], headings=twice)
        findings.append(finding("error", "COLUMN_DUPLICATE", name, f"{text} {consequence}"))
    names = [column.name for column in absent]
    own = own_columns(table, headings)
    meant = [name for name in unknown if name not in own or near_match(name, names)]
    for name in meant:
        text = _own_text(name, names) if name in own else _unknown_text(name, names)
        findings.append(finding("warning", "COLUMN_UNKNOWN", name, text))
    if plain := [name for name in own if name not in meant]:
        findings.append(Finding("info", "OWN_COLUMNS", _details_text(plain), file, table.name, row=1))
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


def _own_text(name: str, absent: Sequence[str]) -> str:
    text = _("The column “{column}” is taken for one of your own: did you mean {near}? Rename it to {near}.")
    return text.format(column=shown(name), near=near_match(name, absent))


def _details_text(names: Sequence[str]) -> str:
    message = _n(
        "{count} column is your own ({names}): it stands on the sheet Details and in recipients.csv.",
        "{count} columns are your own ({names}): they stand on the sheet Details and in recipients.csv.",
        len(names),
    )
    return message.format(count=len(names), names=", ".join(shown(name) for name in names))
