"""The input tables, empty: headings, notes, lists to choose from and two rows that show what goes where."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

import xlsxwriter

from xlsales.planner.styles import INK, WHITE
from xlsales.schema import BESIDE, TABLES, Column, Kind, Table
from xlsales.texts import _

Value: TypeAlias = str | float | dt.date
_ROWS: Final = 1000  # that have lists to choose from
_YEAR: Final = 2027
_FORMATS: Final = {Kind.DATE: "yyyy-mm-dd", Kind.RATE: "0%", Kind.MONEY: "#,##0", Kind.KEY: "@"}
_NARROWEST, _WIDEST = 12, 34
# Two rows of each table that fit together; what stands for nothing is blank.
_EXAMPLES: Final[Mapping[str, tuple[Mapping[str, Value], ...]]] = {
    "rates": ({"currency": "EUR", "rate": 1}, {"currency": "USD", "rate": 0.92, "date": dt.date(_YEAR, 1, 29)}),
    "territories": (
        {
            "territory_id": "EX1",
            "territory_name": "Example North",
            "person": "Ada Example",
            "leader": "Lee Example",
            "region": "North",
            "fiscal_year": _YEAR,
            "currency": "EUR",
            "revenue_goal": 500_000,
            "opening_revenue": 450_000,
            "growth_rate": 0.1,
        },
        {
            "territory_id": "EX2",
            "territory_name": "Example South",
            "person": "Bo Example",
            "leader": "Lee Example",
            "region": "South",
            "fiscal_year": _YEAR,
            "currency": "EUR",
            "revenue_goal": 300_000,
        },
    ),
    "accounts": (
        {
            "territory_id": "EX1",
            "account_id": "001",
            "account_name": "Example Ltd",
            "high_value": "YES",
            "recent_revenue": 60_000,
            "last_order": dt.date(_YEAR, 1, 15),
        },
        {"territory_id": "EX2", "account_id": "002", "account_name": "Sample Inc", "potential": 40_000},
    ),
    "deals": (
        {
            "territory_id": "EX1",
            "deal_id": "D1",
            "account_id": "001",
            "stage": "CLOSED",
            "first_appointment": dt.date(_YEAR, 1, 4),
            "close_date": dt.date(_YEAR, 1, 29),
            "amount": 12_000,
            "outcome": "WON",
        },
        {
            "territory_id": "EX2",
            "deal_id": "D2",
            "account_id": "002",
            "stage": "PROPOSAL",
            "proposal_date": dt.date(_YEAR, 1, 20),
            "outcome": "OPEN",
            "forecast": 8_000,
        },
    ),
    "activity": (
        {"territory_id": "EX1", "week_start": dt.date(_YEAR, 1, 4), "conversations": 40, "first_appointments": 6},
        {"territory_id": "EX2", "week_start": dt.date(_YEAR, 1, 4), "conversations": 25, "first_appointments": 3},
    ),
    "org_health": tuple({"territory_id": "EX1", "element": element, "score": 3} for element in range(1, 13)),
    "team": (
        {"territory_id": "EX1", "name": "Cy Example", "role": "Assistant", "stage": "SEARCH", "hours_per_week": 20},
        {"territory_id": "EX2", "name": "Di Example", "role": "Sales engineer", "stage": "SALE"},
    ),
    "checkins": (
        {"territory_id": "EX1", "kind": "WEEKLY", "held": dt.date(_YEAR, 1, 8), "topic": "First appointments"},
        {"territory_id": "EX2", "kind": "MONTHLY", "held": dt.date(_YEAR, 1, 29), "topic": "Pipeline"},
    ),
}


def files() -> dict[str, Callable[[], bytes]]:
    """Return a CSV file for each table, by name, in a form that Excel opens in columns."""
    return {f"{name}.csv": partial(_csv, table) for name, table in (TABLES | BESIDE).items()}


def workbook() -> bytes:
    """Return a workbook with a sheet for each table, with notes on its headings and lists to choose from."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for table in (TABLES | BESIDE).values():
            _add_sheet(book, table)
    return content.getvalue()


def _csv(table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table])
    for row in _EXAMPLES[table.name]:
        writer.writerow([row.get(column.name, "") for column in table])
    return text.getvalue().encode("utf-8-sig")


def _add_sheet(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(table.name)
    heading = {"bold": True, "font_color": WHITE, "bg_color": INK, "valign": "top"}
    needed, other = book.add_format(heading), book.add_format({**heading, "bold": False})
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table):
        look = book.add_format({"num_format": _FORMATS[column.kind]} if column.kind in _FORMATS else {})
        width = min(_WIDEST, max(_NARROWEST, len(column.name) + 2))
        sheet.set_column(place, place, width, look)
        sheet.write_string(0, place, column.name, needed if column.required else other)
        sheet.write_comment(0, place, "\n".join(_note(column)), {"x_scale": 2})
        if column.choices:
            options = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(1, place, _ROWS, place, options)
        for row, values in enumerate(_EXAMPLES[table.name], start=1):
            _write(sheet, row, place, values.get(column.name), look)


def _note(column: Column) -> Iterator[str]:
    yield _(column.help)
    if column.required:
        yield _("Needed.")


def _write(sheet: Any, row: int, place: int, value: Value | None, look: Any) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(row, place, dt.datetime(value.year, value.month, value.day), look)
    elif isinstance(value, str):
        sheet.write_string(row, place, value, look)
    elif value is not None:
        sheet.write_number(row, place, value, look)
