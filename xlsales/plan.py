"""One territory's plan: its rows from the tables, put into the cells of a template."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from xlsales.excel.values import Address, InputValue
from xlsales.findings import Finding
from xlsales.schedule import checkin_dates, first_week, later
from xlsales.schema import TABLES, TEAM_STAGES, TERRITORIES, Table
from xlsales.template import Template, TemplateTable
from xlsales.texts import _

Row = Mapping[str, InputValue]


@dataclass(frozen=True)
class Plan:
    """What goes into one planner."""

    territory: Row
    rows: Mapping[str, Sequence[Row]]  # by table
    file_name: str
    as_of: dt.date | None

    @property
    def territory_id(self) -> str:
        """The territory's identifier."""
        return str(self.territory["territory_id"])

    @cached_property
    def content_hash(self) -> str:
        """A fingerprint of the territory and its rows, whatever the order of the rows."""
        rows = (_cells(TABLES[name], self.rows[name]) for name in self.rows)
        content = [_cells(TERRITORIES, [self.territory]), *rows]
        return _sha256(json.dumps(content, default=str, ensure_ascii=True))

    @property
    def input_hash(self) -> str:
        """A fingerprint of everything that goes into the planner."""
        return _sha256(f"{self.content_hash} {self.as_of}")


def _cells(table: Table, rows: Sequence[Row]) -> list[list[InputValue]]:
    names = [column.name for column in table]
    ordered = sorted(rows, key=lambda row: [str(row.get(name)) for name in table.key])
    return [[row.get(name) for name in names] for row in ordered]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Filling:
    """The input cells of one planner, and what could not be put into them."""

    inputs: dict[Address, InputValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether the planner cannot be made."""
        return any(finding.severity == "error" for finding in self.findings)


def fill(template: Template, plan: Plan) -> Filling:
    """Put a plan into a template's cells."""
    filling = Filling()
    fields: dict[str, InputValue] = {**plan.territory, "as_of": plan.as_of}
    for name, value in fields.items():
        address = template.names.get(f"in_{name}")
        if address and value is not None:
            filling.inputs[address] = value
    for table in TABLES.values():
        rows = plan.rows.get(table.name, ())
        if rows and table is not TERRITORIES:
            _fill_table(template, plan, table, rows, filling)
    _fill_stages(template, plan, filling)
    return filling


def overflow(template: Template, plan: Plan) -> dict[str, int]:
    """Return the rows of each Excel table of the template that holds fewer than the plan has."""
    counts = {
        table.excel_table: len(plan.rows.get(table.name, ()))
        for table in TABLES.values()
        if table.excel_table in template.tables and table.name not in _POSITIONS
    }
    return {name: count for name, count in counts.items() if name and count > template.tables[name].rows}


def _fill_table(template: Template, plan: Plan, table: Table, rows: Sequence[Row], filling: Filling) -> None:
    target = template.tables.get(table.excel_table or "")
    if target is None:
        message = _("The template has no place for this table; rows left out: {count}.")
        filling.findings.append(_finding("info", "NO_SHEET", table, plan, message.format(count=len(rows))))
        return
    ordered = sorted(rows, key=_ORDER.get(table.name, _as_given))
    position = _POSITIONS.get(table.name)
    indexes = [position(template, plan, row) for row in ordered] if position else list(range(len(ordered)))
    outside = [row for row, index in zip(ordered, indexes, strict=True) if not 0 <= index < target.rows]
    if outside:
        filling.findings.append(_outside(table, plan, target, len(rows), outside))
    places = [
        (column.name, _addresses(target.sheet, target.letters[column.header], target.first_row, target.rows))
        for column in table.inputs
        if column.header in target.letters and column.header not in target.computed
    ]
    taken: set[int] = set()
    for row, index in zip(ordered, indexes, strict=True):
        if 0 <= index < target.rows and index not in taken:
            for name, addresses in places:
                if (value := row.get(name)) is not None:
                    filling.inputs[addresses[index]] = value
            taken.add(index)
        elif index in taken:
            filling.findings.append(_second(table, plan, row))


@lru_cache(maxsize=256)
def _addresses(sheet: str, letter: str, first_row: int, rows: int) -> list[Address]:
    """Return the cells of a table's column: the same objects for every planner, which makes finding them cheap."""
    return [(sheet, f"{letter}{first_row + index}") for index in range(rows)]


def _outside(table: Table, plan: Plan, target: TemplateTable, count: int, outside: Sequence[Row]) -> Finding:
    if table.name in _POSITIONS:
        message = _("Outside the planner's calendar and left out: {count}, the first of them {first}.")
        first = outside[0][table.key[-1]]
        return _finding("warning", "OUTSIDE_YEAR", table, plan, message.format(count=len(outside), first=first))
    message = _(
        "{count} rows, but the template holds {rows}: no planner was made. "
        "Build a larger template with: xlsales template build --{table} {count}"
    )
    text = message.format(count=count, rows=target.rows, table=table.name)
    return _finding("error", "TOO_MANY_ROWS", table, plan, text)


def _second(table: Table, plan: Plan, row: Row) -> Finding:
    message = _("{what} was left out: the planner has one row for it, and another one already stands there.")
    what = ", ".join(str(row[name]) for name in table.key if name != "territory_id")
    return _finding("warning", "SAME_ROW", table, plan, message.format(what=what))


def _fill_stages(template: Template, plan: Plan, filling: Filling) -> None:
    """Name the owner of each part of the sale: the first of the team whose part it is."""
    target = template.tables.get("tblStages")
    if target is None or "Owner" not in target.letters:
        return
    for row in plan.rows.get("team", ()):
        if row.get("stage") in TEAM_STAGES:
            cell = target.cell("Owner", TEAM_STAGES.index(str(row["stage"])))
            filling.inputs.setdefault(cell, row["name"])


def _finding(severity: Any, code: str, table: Table, plan: Plan, message: str) -> Finding:
    return Finding(severity, code, message, table=table.name, territory_id=plan.territory_id)


def _year_start(plan: Plan) -> dt.date:
    start = plan.territory["year_start"]
    return start if isinstance(start, dt.date) else dt.date(int(str(plan.territory["fiscal_year"])), 1, 1)


def _week_index(template: Template, plan: Plan, row: Row) -> int:
    week = row["week_start"]
    assert isinstance(week, dt.date)
    history = int(str(template.constants.get("calc_history_weeks") or 0))
    return (week - first_week(_year_start(plan), history)).days // 7


def _checkin_index(_template: Template, plan: Plan, row: Row) -> int:
    """Return the check-in of that kind whose date lies nearest; outside the year there is none."""
    held, start = row["held"], _year_start(plan)
    assert isinstance(held, dt.date)
    if not start <= held < later(start, 12):
        return -1
    dates = enumerate(checkin_dates(start))
    return min((abs((day - held).days), index) for index, (kind, day) in dates if kind == row["kind"])[1]


def _element_index(_template: Template, _plan: Plan, row: Row) -> int:
    return int(str(row["element"])) - 1


# Tables whose rows have places of their own; the rows of the others stand one below the other.
_POSITIONS: Mapping[str, Callable[[Template, Plan, Row], int]] = {
    "activity": _week_index,
    "checkins": _checkin_index,
    "org_health": _element_index,
}


def _as_given(_row: Row) -> int:
    return 0


def _largest_first(row: Row) -> tuple[float, str, str]:
    return -float(str(row["recent_revenue"] or 0)), str(row["account_name"]), str(row["account_id"])


def _open_first(row: Row) -> tuple[bool, int, str]:
    appointment = row["first_appointment"]
    newest = -appointment.toordinal() if isinstance(appointment, dt.date) else 0
    return row["outcome"] not in (None, "OPEN"), newest, str(row["deal_id"])


# The order in which a person wants to see the rows, whatever the order of the tables.
_ORDER: Mapping[str, Callable[[Row], Any]] = {"accounts": _largest_first, "deals": _open_first}
