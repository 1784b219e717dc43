"""Looks at a template that a person has changed: what is wrong with it is said at once, before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from xlsales.batch.plan import Plan
from xlsales.calculation.compiled import Account
from xlsales.cells.columns import coordinate_to_tuple, get_column_letter
from xlsales.cells.references import Area
from xlsales.cells.values import Address
from xlsales.errors import InputError
from xlsales.findings import Finding, Severity
from xlsales.schema import ACCOUNTS, ACTIVITY, AS_OF, DEALS, TABLES, TERRITORIES, Column, Table, heading_name
from xlsales.texts import _
from xlsales.workbook import archive, defined_names, seals, typing_room
from xlsales.workbook import package as packages
from xlsales.workbook.template import Template, TemplateTable, refuse_others

_SHOWN = 3
_MUCH_LONGER = 2.0  # times
# Excel tables that a batch types into.
_FILLED_TABLES = {*(table.excel_table for table in TABLES.values() if table.excel_table), "tblStages"}
# Without these, the figures of a planner would be wrong; the others only show what they hold.
_NEEDED_TABLES = (ACCOUNTS, DEALS, ACTIVITY)


def check(template: Template) -> list[Finding]:
    """Return what a batch cannot fill; raise InputError, with every reason, where it must not start."""
    refuse_others(template.package, template.name)
    findings = [
        *_names(template),
        *_cells_of_their_own(template),
        *_columns_of_their_own(template),
        *_slots(template),
        *_tables(template),
        *_seals(template),
    ]
    errors = [str(finding) for finding in findings if finding.severity == "error"]
    if errors:
        raise InputError("\n".join(errors))
    return findings


def calculation(template: Template, account: Account) -> list[Finding]:
    """Return what a batch leaves for Excel, and what it calculates slowly."""
    return [*_formulas(template, account.left), *_slow(template, account)]


def _finding(template: Template, severity: Severity, code: str, place: Address | None, message: str) -> Finding:
    sheet, cell = place or (None, None)
    return Finding(severity, code, message, template.name, sheet, column=cell)


def _names(template: Template) -> Iterator[Finding]:
    outline = defined_names.read(template.package, template.name)
    wanted = {f"in_{column.name}" for column in (*TERRITORIES, AS_OF)}
    there = {defined.name.lower(): defined for defined in outline.names}
    for name in sorted(wanted & there.keys() - template.names.keys()):
        if "#REF!" in there[name].formula.upper():
            message = _("The cell of the name {name} was deleted, and its value is left out.")
            yield _finding(template, "warning", "NAME_WRONG", None, message.format(name=name))
            continue
        message = _("The name {name} must be one cell of this workbook: correct it in Excel's Name Manager.")
        yield _finding(template, "error", "NAME_WRONG", None, message.format(name=name))
    missing = sorted(wanted - there.keys())
    if missing:
        message = _("Without a cell of their own, these are left out: {names}.")
        yield _finding(template, "info", "NAME_MISSING", None, message.format(names=", ".join(missing)))


def _cells_of_their_own(template: Template) -> Iterator[Finding]:
    """Find inputs that stand for the same cell, where all but one of the values would be lost."""
    names: dict[Address, list[str]] = {}
    for name in (*(f"in_{column.name}" for column in TERRITORIES), "in_as_of"):
        if name in template.names:
            names.setdefault(template.names[name], []).append(name)
    for place, several in names.items():
        if len(several) > 1:
            message = _("The names {names} stand for this one cell, which can hold one value: give each its own cell.")
            yield _finding(template, "error", "INPUT_TWICE", place, message.format(names=", ".join(sorted(several))))
        for table, target in template.tables.items():
            if table in _FILLED_TABLES and _holds(target, place):
                message = _("The cell of the name {name} lies in the table {table}: give it a cell of its own.")
                told = message.format(name=several[0], table=table)
                yield _finding(template, "error", "INPUT_TWICE", place, told)


def _columns_of_their_own(template: Template) -> Iterator[Finding]:
    """Find columns of the input tables that would be typed into one column, where only the last would stay."""
    for table in TABLES.values():
        target = template.table(table)
        if target is None:
            continue
        columns: dict[str, list[Column]] = {}
        for column in table.inputs:
            heading = template.heading(table.name, target, column)
            if heading is not None:
                columns.setdefault(heading, []).append(column)
        for heading, several in columns.items():
            if len(several) > 1:
                message = _(
                    "The names {names} stand for this one column, {heading}, which can hold one value a row: give each "
                    "its own."
                )
                names = ", ".join(sorted(heading_name(table.name, column.name) for column in several))
                place = (target.sheet, table.excel_table or "")
                yield _finding(template, "error", "INPUT_TWICE", place, message.format(names=names, heading=heading))


def _holds(table: TemplateTable, place: Address) -> bool:
    row, column = coordinate_to_tuple(place[1])
    letters = table.letters.values()
    return (
        table.sheet == place[0]
        and table.first_row <= row < table.first_row + table.rows
        and get_column_letter(column) in letters
    )


def _slots(template: Template) -> Iterator[Finding]:
    merged = {sheet: typing_room.merged(part) for sheet, part in template.sheets.items()}
    protected = {sheet for sheet, part in template.sheets.items() if typing_room.is_protected(part)}
    open_styles = typing_room.open_styles(packages.read(template.package)) if protected else frozenset()
    for sheet, cell in template.table_inputs():
        place = coordinate_to_tuple(cell)
        if any(_is_inside(area, *place) for area in merged[sheet]):
            message = _("This input lies inside merged cells, where no value can stand: unmerge them.")
            yield _finding(template, "error", "INPUT_MERGED", (sheet, cell), message)
        elif (sheet, cell) in template.formulas:
            message = _("This input holds a formula, which a value would replace: type a value, or rename the cell.")
            yield _finding(template, "error", "INPUT_FORMULA", (sheet, cell), message)
        elif sheet in protected and typing_room.style_of(template.sheets[sheet], cell) not in open_styles:
            message = _("This input is locked on a protected sheet: nobody can change it in Excel. Unlock the cell.")
            yield _finding(template, "warning", "INPUT_LOCKED", (sheet, cell), message)


def _is_inside(merged: Area, row: int, column: int) -> bool:
    """Whether a cell is one of merged cells, but not the first, which holds their value."""
    left, top, right, bottom = merged
    return top <= row <= bottom and left <= column <= right and (row, column) != (top, left)


def _tables(template: Template) -> Iterator[Finding]:
    for table in TABLES.values():
        target = template.table(table)
        if target is None:
            continue
        place = (target.sheet, next(name for name, found in template.tables.items() if found is target))
        headings = {column: template.heading(table.name, target, column) for column in table.inputs}
        missing = [column for column, heading in headings.items() if heading is None]
        keyed = [column for column in headings if column.name in table.key]  # which may be fixed rows
        calculated = [column for column, found in headings.items() if found in target.computed and column not in keyed]
        unfilled = [column for column in missing if not column.required]
        for code, columns, message in (
            ("COLUMN_MISSING", unfilled, _("The table has no column for these values, which are left out: {names}.")),
            ("COLUMN_CALCULATED", calculated, _("Formulas stand where these values go, which are left out: {names}.")),
        ):
            if columns:
                names = ", ".join(sorted(column.header for column in columns))
                yield _finding(template, "warning", code, place, message.format(names=names))
        for column in missing:
            if column.required:
                yield _finding(template, "error", "COLUMN_MISSING", place, _lost(table, column))


def _seals(template: Template) -> Iterator[Finding]:
    """Find what each planner would be sealed with as the template is."""
    contents = archive.opened(template.package, template.name)
    if seals.is_signed(contents):
        message = _(
            "The template has a digital signature, which holds in no planner that is filled: Excel calls it invalid. "
            "Save the template without it."
        )
        yield _finding(template, "warning", "TEMPLATE_SIGNED", None, message)
    if seals.is_final(contents) or seals.is_read_only(contents):
        message = _(
            "The template is marked as final or opens read only, and so does each planner: its manager is asked not to "
            "type. Take that back in Excel (File > Info > Protect Workbook; File > Save As > Tools > General Options)."
        )
        yield _finding(template, "warning", "TEMPLATE_READ_ONLY", None, message)


def _lost(table: Table, column: Column) -> str:
    if column is AS_OF:
        message = _("{column} has no cell named {name}, and each planner needs its day: name its cell again.")
        return message.format(column=column.header, name=f"in_{column.name}")
    if table is TERRITORIES:
        message = _("{column} has no cell named {name}, and the tables have values for it: name its cell again.")
        return message.format(column=column.header, name=f"in_{column.name}")
    message = _(
        "No column is headed {column}, and no heading has the name {name}: give the heading that name in Excel's "
        "Name Manager, or its text back."
    )
    return message.format(column=column.header, name=heading_name(table.name, column.name))


class Gaps:
    """What a template has no cell for: a batch that has values for it must not start."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._gaps = [(TERRITORIES, column) for column in TERRITORIES if f"in_{column.name}" not in template.names]
        for table in TABLES.values():
            target = template.table(table)
            if target is not None:
                columns = (column for column in table.inputs if template.heading(table.name, target, column) is None)
                self._gaps += [(table, column) for column in columns]
        self._lost: dict[tuple[str, str], Finding] = {}
        self._tables = [table for table in _NEEDED_TABLES if template.table(table) is None]

    def look_at_day(self, as_of: dt.date | None) -> None:
        """Note whether the day that the planners look from would be lost."""
        if as_of is not None and f"in_{AS_OF.name}" not in self._template.names:
            self._lost[TERRITORIES.name, AS_OF.name] = self._finding(TERRITORIES, AS_OF)

    @property
    def places(self) -> list[tuple[str, str]]:
        """The tables and columns without a place; for a whole table, the column is an empty text."""
        return [*((table.name, "") for table in self._tables), *((table.name, c.name) for table, c in self._gaps)]

    def note(self, lost: Iterable[tuple[str, str]]) -> None:
        """Note which of these places some plans have values for, as `values_for` tells."""
        for name, column in lost:
            if (name, column) not in self._lost:
                table = TABLES[name]
                found = self._finding(table, table[column]) if column else self._without(table)
                self._lost[name, column] = found

    def refuse(self) -> None:
        """Raise InputError where values would be lost, with all that would."""
        if self._lost:
            raise InputError("\n".join(map(str, self._lost.values())))

    def _without(self, table: Table) -> Finding:
        message = _(
            "The template has no table {name}, and there are rows of {table}: put the table back, or take {table} out "
            "of the input."
        )
        text = message.format(name=table.excel_table, table=table.name)
        return _finding(self._template, "error", "NO_PLACE", None, text)

    def _finding(self, table: Table, column: Column) -> Finding:
        target = self._template.table(table)
        place = (target.sheet, table.excel_table or "") if target else None
        return _finding(self._template, "error", "NO_PLACE", place, _lost(table, column))


def values_for(places: Iterable[tuple[str, str]], plans: Iterable[Plan]) -> list[tuple[str, str]]:
    """Return which of some tables and columns these plans have values for, in the order in which they are found."""
    left = dict.fromkeys(places)
    found: list[tuple[str, str]] = []
    for plan in plans:
        if not left:
            break
        new = [(name, column) for name, column in left if _has(plan, name, column)]
        found += new
        for place in new:
            del left[place]
    return found


def _has(plan: Plan, table: str, column: str) -> bool:
    if table == TERRITORIES.name:
        return plan.territory.get(column) is not None
    rows = plan.rows.get(table)
    if not rows or not column:
        return bool(rows)
    return any(value is not None for value in rows.columns.get(column, ()))


def _formulas(template: Template, left_for_excel: Mapping[Address, str]) -> Iterator[Finding]:
    for place, reason in list(left_for_excel.items())[:_SHOWN]:
        message = _("This formula is left for Excel, which calculates it on opening: {reason}.")
        yield _finding(template, "warning", "LEFT_FOR_EXCEL", place, message.format(reason=reason))
    others = len(left_for_excel) - _SHOWN
    if others > 0:
        message = _("{count} more formulas are left for Excel, which calculates them on opening.")
        yield _finding(template, "warning", "LEFT_FOR_EXCEL", None, message.format(count=others))


def _slow(template: Template, account: Account) -> Iterator[Finding]:
    """Tell once what the engine calculates, and what that costs."""
    if not account.slow:
        return
    place, reason = next(iter(account.slow.items()))
    if len(account.slow) == 1:
        message = _(
            "This formula is calculated by the slower engine, and each planner takes about {times} times as long: "
            "{reason}."
        )
    else:
        message = _(
            "{count} formulas are calculated by the slower engine, and each planner takes about {times} times as "
            "long. This is the first of them: {reason}. All of them stand in run.json."
        )
    told = message.format(count=len(account.slow), times=f"{account.times:g}", reason=reason)
    yield _finding(template, "warning" if account.times >= _MUCH_LONGER else "info", "SLOW_FORMULAS", place, told)
