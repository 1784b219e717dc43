"""Accounts, Pipeline, Activity and Check-ins: a sheet each with one Excel table that a person keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsales.planner import names
from xlsales.planner.areas import Computed, Layout
from xlsales.planner.blocks import Sheet, TableBlock
from xlsales.planner.placing import FIRST_ROW, Lane
from xlsales.planner.styles import SheetKind
from xlsales.schema import Column, Kind
from xlsales.texts import N_

WIDTHS = {
    Kind.KEY: 13.0,
    Kind.TEXT: 18.0,
    Kind.CHOICE: 13.0,
    Kind.FLAG: 9.0,
    Kind.MONEY: 12.0,
    Kind.RATE: 11.0,
    Kind.COUNT: 11.0,
    Kind.NUMBER: 10.0,
    Kind.DATE: 12.0,
}
WIDER = {
    "account_name": 26.0,
    "reason": 28.0,
    "stage": 19.0,
    "status": 12.0,
    "check": 20.0,
    "date_check": 21.0,
    "conversations": 14.0,
    "first_appointments": 13.0,
    "owner": 20.0,
    "product": 18.0,
    "week_start": 12.0,
    "coverage": 14.0,
    "topics": 44.0,
    "topic": 26.0,
    "issue": 28.0,
    "reset": 28.0,
    "kind": 14.0,
    "move": 20.0,
    "account_id": 12.0,
}
# The calculated columns that people read; formulas alone read the others, which are folded away.
READ = {
    *("score", "tier", "status", "coverage", "talk", "plan", "wake_turn", "check"),
    *("account_name", "cycle_days", "days_open", "days_in_stage", "margin_after", "guard", "date_check"),
    *("call", "stage_days", "days_to_close", "weighted", "move"),
    *("first_appointments_used", "proposals_used", "won_used", "revenue_used", "source", "week_check"),
    *("goal", "barometer", "proposal_ratio", "close_ratio", "selling_time"),
    *("call", "move", "days_to_close", "weighted", "hold"),
    *("number", "kind", "planned_for", "topics", "gap"),
}

Words = Mapping[str, Sequence[str]]  # column → names of words


def accounts(tables: Mapping[str, Layout]) -> Sheet:
    """Return the account list."""
    return _sheet(
        names.ACCOUNTS,
        tables["tblAccounts"],
        N_("Accounts"),
        N_("One row for each account."),
        N_("Type or paste into the cream cells; the grey ones calculate."),
        good={"status": ("active",), "coverage": ("covered",), "plan": ("planned",)},
        bad={
            "status": ("dormant", "declining"),
            "coverage": ("uncovered", "under"),
            "talk": ("silent",),
            "plan": ("missing",),
            "check": ("duplicate_id",),
        },
    )


def pipeline(tables: Mapping[str, Layout]) -> Sheet:
    """Return the deal list."""
    return _sheet(
        names.PIPELINE,
        tables["tblDeals"],
        N_("Pipeline"),
        N_("One row for each deal."),
        N_("All that are open, and all that were won or lost this year."),
        good={"outcome": ("won",), "guard": ("ok",)},
        bad={
            "outcome": ("lost",),
            "guard": ("no", "approval"),
            "check": ("unknown_account", "duplicate_id"),
            "date_check": ("no_date_or_amount", "closed_too_early"),
        },
    )


def activity(tables: Mapping[str, Layout]) -> Sheet:
    """Return the weekly record."""
    return _sheet(
        names.ACTIVITY,
        tables["tblWeeks"],
        N_("Activity"),
        N_("One row for each week."),
        N_("Count what you did, and see at once whether it is enough."),
    )


def checkins(tables: Mapping[str, Layout]) -> Sheet:
    """Return the calendar of check-ins."""
    return _sheet(
        names.CHECKINS,
        tables["tblCheckins"],
        N_("Check-ins"),
        N_("One row for each talk."),
        N_("When it is due, and what it is about; fill what was said."),
        good={"status": ("held",)},
        bad={"status": ("due", "missed")},
    )


def _sheet(
    name: str,
    layout: Layout,
    title: str,
    subtitle: str,
    more: str,
    good: Words | None = None,
    bad: Words | None = None,
) -> Sheet:
    """Return a sheet of one list; its subtitle is as short as the columns that every printed page repeats."""
    table = TableBlock(layout=layout, main=True, good=good or {}, bad=bad or {})
    return Sheet(
        name=name,
        kind=SheetKind.INPUT,
        title=title,
        subtitle=subtitle,
        more=more,
        widths=[_width(column) for column in layout.columns],
        lanes=(Lane(1, (table,), top=FIRST_ROW + 1),),
        lists=True,
        helpers=frozenset(
            index
            for index, column in enumerate(layout.columns, start=1)
            if isinstance(column, Computed) and column.name not in READ
        ),
    )


def _width(column: Column | Computed) -> float:
    return WIDER.get(column.name, WIDTHS[column.kind])
