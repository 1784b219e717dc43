"""What a planner holds and the template of now has no place for, and in what it differs from the template before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from xlsales.batch.plan import Plan
from xlsales.batch.update.inputs import Inputs, Row, placed_rows
from xlsales.batch.update.layout import Layout
from xlsales.batch.update.telling import heading_of, told
from xlsales.batch.update.theirs import NoPlace
from xlsales.findings import Finding, Severity
from xlsales.schema import TABLES, TERRITORIES
from xlsales.texts import N_, _
from xlsales.workbook import parts as parts_of
from xlsales.workbook.returned import Returned

NO_PLACE, OTHER_TEMPLATE, TOO_MANY = "INPUT_WITHOUT_PLACE", "TEMPLATE_CHANGED", "TOO_MANY_ROWS"

_NO_PLACE = N_("The template has no place for {name}, where the planner says {values}: it is in the backup alone.")
_NO_ROOM = N_(
    "The template has {rows} rows for {table}, and no place for {count} more: {more}. What the planner said of them is "
    "in the backup alone."
)
_TOO_MANY = N_(
    "The tables have {count} rows, and the template {rows}: the planner stays as it is. Give the template more rows."
)
_OTHER = N_(
    "The planner was made from another template: {differences}. What somebody typed beside its inputs, or over its "
    "formulas, is in the backup alone."
)
_SAME = N_("sheets and inputs are called the same")


def of_inputs(more: Sequence[NoPlace], plan: Plan) -> Iterator[Finding]:
    """Yield the inputs that the template does not have, with all that was typed there."""
    for one in more:
        values = [(row, told(one.table, one.column, value)) for row, value in one.values]
        listed = ", ".join(f"{value} ({row})" if row else value for row, value in values)
        name = f"{one.table}, {heading_of(one.table, one.column)}" if one.table else one.column
        text = _(_NO_PLACE).format(name=name, values=listed)
        yield _finding(plan, "warning", NO_PLACE, text, one.table or TERRITORIES.name, one.column.removeprefix("in_"))


def of_rows(at: Layout, inputs: Inputs, said: Mapping[str, int], plan: Plan) -> Iterator[Finding]:
    """Yield the tables that have more rows than there is room for; `said` are the rows that the tables have."""
    for name, placed in at.tables.items():
        room, rows = placed.target.rows, placed_rows(name, inputs.tables.get(name, ()))
        if len(rows) <= room:
            continue
        if name in TABLES and said.get(name, 0) > room:
            yield _finding(plan, "error", TOO_MANY, _(_TOO_MANY).format(count=said[name], rows=room), name)
            continue
        more = [_shown(name, row, placed.letters) for row in rows[room:] if row]
        if more:
            text = _(_NO_ROOM).format(rows=room, table=name, count=len(more), more="; ".join(more))
            yield _finding(plan, "warning", NO_PLACE, text, name)


def of_template(planner: Returned, before: Mapping[str, Any], at: Layout, plan: Plan) -> Finding:
    """Say in what the template of now differs from the one that a planner was made from, as far as that is known."""
    sheets = parts_of.sheet_names(planner.parts), parts_of.sheet_names(at.template_parts)
    columns = {name: placed.letters for name, placed in at.tables.items()}
    inputs = [*before["own"], *_columns(before["columns"])], [*at.single, *_columns(columns)]
    differences = [
        *_differing(*sheets, _("sheets that are gone: {names}"), _("new sheets: {names}")),
        *_differing(*inputs, _("inputs that are gone: {names}"), _("new inputs: {names}")),
    ]
    text = _(_OTHER).format(differences="; ".join(differences) or _(_SAME))
    return Finding("warning", OTHER_TEMPLATE, text, plan.file_name, territory_id=plan.territory_id)


def _columns(tables: Mapping[str, Collection[str]]) -> list[str]:
    return [f"{name}, {heading_of(name, column)}" for name, columns in tables.items() for column in sorted(columns)]


def _differing(before: Collection[str], now: Collection[str], gone: str, new: str) -> Iterator[str]:
    for text, some, others in ((gone, before, now), (new, now, before)):
        names = [name for name in some if name not in others]
        if names:
            yield text.format(names=", ".join(names))


def _shown(table: str, row: Row, columns: Collection[str]) -> str:
    values = [(heading_of(table, column), told(table, column, row.get(column))) for column in columns if column in row]
    return ", ".join(f"{heading} {value}" for heading, value in values)


def _finding(plan: Plan, severity: Severity, code: str, text: str, table: str, column: str | None = None) -> Finding:
    return Finding(severity, code, text, plan.file_name, table, column=column, territory_id=plan.territory_id)
