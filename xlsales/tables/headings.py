"""The header of a table: which columns are missing, there twice or unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from xlsales.collected_tables import are_collected, detail_name, is_collected
from xlsales.findings import Finding, Severity, shown
from xlsales.schema import OF_PLANNERS_ALONE, TERRITORIES, Table
from xlsales.tables.raw import near_match
from xlsales.texts import _, _n


def own_columns(table: Table, headings: Sequence[str]) -> dict[str, int]:
    """Return the columns that a company has of its own, each with its place; only territories have any.

    Of several with one heading the first counts. In what `xlsales collect` wrote, its own columns are none of them.
    """
    known = {column.name for column in table}
    collected = are_collected(headings)
    own: dict[str, tuple[str, int]] = {}
    for place, heading in enumerate(headings) if table is TERRITORIES else ():
        if heading and heading.casefold() not in known and not (collected and is_collected(heading)):
            name = detail_name(heading) if collected else heading
            own.setdefault(heading.casefold(), (heading if name.casefold() in known else name, place))
    return dict(own.values())


def _passed_over(table: Table, headings: Sequence[str]) -> list[str]:
    """Return the headings of what `xlsales collect` writes beside a table's columns, which no planner takes."""
    if table is not TERRITORIES:
        return [heading for heading in headings if heading.casefold() in OF_PLANNERS_ALONE.get(table.name, ())]
    return [heading for heading in headings if is_collected(heading)] if are_collected(headings) else []


def check_headings(table: Table, file: str, headings: Sequence[str]) -> tuple[list[Finding], bool]:
    """What is wrong with a header, and whether the table can be used all the same."""
    known = {column.name for column in table}
    passed_over = _passed_over(table, headings)
    present = Counter(heading.casefold() for heading in headings if heading.casefold() in known)
    others = [heading for heading in headings if heading and heading.casefold() not in known]
    unknown = [heading for heading in others if heading not in passed_over]
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
    meant = [name for name in unknown if own.keys().isdisjoint((name, detail_name(name))) or near_match(name, names)]
    for name in meant:
        text = _own_text(name, names) if name in own else _unknown_text(name, names)
        findings.append(finding("warning", "COLUMN_UNKNOWN", name, text))
    if plain := [name for name in own if name not in meant]:
        findings.append(Finding("info", "OWN_COLUMNS", _details_text(plain), file, table.name, row=1))
    if passed_over:
        findings.append(
            Finding("info", "COLUMNS_COLLECTED", _collected_text(len(passed_over)), file, table.name, row=1)
        )
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


def _collected_text(count: int) -> str:
    message = _n(
        "{count} column is of xlsales collect, not of this table: it is passed over.",
        "{count} columns are of xlsales collect, not of this table: they are passed over.",
        count,
    )
    return message.format(count=count)
