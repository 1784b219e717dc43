"""Details of a territory: columns of `territories` that are a company's own, on a sheet of the planner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsales.findings import Finding
from xlsales.schema import DETAIL, DETAIL_VALUE, DETAILS, TERRITORIES
from xlsales.texts import _, _n
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template, TemplateTable


def fill(template: Template, own: Mapping[str, str], territory_id: str, filling: Filling) -> Iterator[Finding]:
    """Write what a territory holds in columns of its company's own; yield what there is no room for."""
    shown = [(name, value) for name, value in own.items() if value]
    found = _columns(template)
    if not shown or found is None:  # a template without the list is told of once
        return
    target, name_heading, value_heading = found
    for index, (name, value) in enumerate(shown[: target.rows]):
        filling.single[target.cell(name_heading, index)] = name
        filling.single[target.cell(value_heading, index)] = value
    if others := shown[target.rows :]:
        message = _n(
            "The sheet {sheet} has room for {rows} details: {count} more is in recipients.csv alone, {names}.",
            "The sheet {sheet} has room for {rows} details: {count} more are in recipients.csv alone, {names}.",
            len(others),
        )
        names = ", ".join(name for name, _value in others)
        text = message.format(sheet=target.sheet, rows=target.rows, count=len(others), names=names)
        yield Finding("warning", "DETAILS_MORE", text, table=TERRITORIES.name, territory_id=territory_id)


def without_place(template: Template, headings: list[str]) -> Iterator[Finding]:
    """Tell of a template that has no list for details, where there are some."""
    if headings and _columns(template) is None:
        message = _(
            "The template has no table {table} with the columns {name} and {value}: the details ({names}) are in "
            "recipients.csv alone. A copy of our template has it: xlsales template export."
        )
        columns = {"name": _(DETAIL.header), "value": _(DETAIL_VALUE.header)}
        text = message.format(table=DETAILS, names=", ".join(headings), **columns)
        yield Finding("warning", "NO_SHEET", text, template.name)


def _columns(template: Template) -> tuple[TemplateTable, str, str] | None:
    target = template.tables.get(DETAILS)
    if target is None:
        return None
    name, value = (template.heading("details", target, column) for column in (DETAIL, DETAIL_VALUE))
    if name is None or value is None or {name, value} & target.computed:
        return None
    return target, name, value
