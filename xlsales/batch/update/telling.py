"""What is said of an update: what stays as the manager left it, and where the tables say otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from xlsales.batch.plan import Plan
from xlsales.batch.update.inputs import NUMBERED, Inputs, Value
from xlsales.batch.update.layout import Layout
from xlsales.batch.update.merging import Event, Merged, Prefer
from xlsales.batch.update.theirs import Theirs
from xlsales.cells.stored import number
from xlsales.epoch import EPOCH
from xlsales.findings import Finding, Severity, shown
from xlsales.functions.errors import CellError
from xlsales.schema import TABLES, TERRITORIES, Kind
from xlsales.texts import N_, _, _n

KEPT, CONFLICT, GONE, DROPPED = "EDITS_KEPT", "EDIT_CONFLICT", "EDITED_ROW_KEPT", "ROWS_GONE"
FORMULA, DAY, RICH, LOST, BESIDE = "FORMULA_TYPED", "DAY_TYPED", "DATA_TYPE_TYPED", "INPUT_LOST", "OWN_CELLS"
_EXAMPLES = 3

_BOTH = N_(
    "{place} ({what}): the tables said {base} and say {ours} now, and the planner says {theirs}. The planner's stays."
)
_BOTH_TABLES = N_(
    "{place} ({what}): the tables said {base} and say {ours} now, and the planner said {theirs}. The tables' is taken."
)
_DELETED = N_("{what}: its row was deleted in the planner, and the tables have changed it. It stays deleted.")
_DELETED_BACK = N_("{what}: its row was deleted in the planner, and the tables have changed it. It is back.")
_GONE = N_("{place} ({what}): the tables no longer have this row, which was changed in the planner. It stays.")
_FORMULAS = N_(
    "A formula was typed into {count} inputs, the first of them {place} ({formula}): its value stays, the formula is "
    "in the backup alone."
)
_DAYS = N_(
    "A day stands where a number is typed ({count}, the first in {place}): it is taken for the number that Excel "
    "counts it as, {number}. Where it was typed as 1/5, for example, correct it in the planner."
)
_RICH = N_(
    "Data types or pictures stand in inputs ({count}, the first in {place}): of a data type the text that it shows "
    "stays, a picture counts as if nobody had typed there; as they were, they are in the backup alone."
)
_LOST = N_("The planner no longer has {names}: they are filled from the tables. What stood there is in the backup.")
_BESIDE = N_(
    "What stands beside the inputs is not taken over ({count}: {places}): the planner's formulas calculate again, and "
    "the rest is in the backup alone."
)


def of_merging(merged: Merged, at: Layout, plan: Plan, prefer: Prefer, kept: int) -> Iterator[Finding]:
    """Yield what is to be said of what came of a merge, with the cells of the planner that is written."""
    for event in merged.events:
        if event.kind == "conflict":
            yield _conflict(event, merged.inputs, at, plan, prefer)
        elif event.kind == "gone":
            text = _(_GONE).format(place=_place(event, at), what=_what(event, merged.inputs))
            yield _finding(plan, "warning", GONE, text, event)
    dropped = [event for event in merged.events if event.kind == "dropped"]
    if dropped:
        message = _n(
            "{count} row is gone from the tables, untouched in the planner, and is taken out: {examples}.",
            "{count} rows are gone from the tables, untouched in the planner, and are taken out: {examples}.",
            len(dropped),
        )
        text = message.format(count=len(dropped), examples=_listed([_what(event, merged.inputs) for event in dropped]))
        yield _finding(plan, "info", DROPPED, text)
    if kept:
        stay = [event for event in merged.events if event.kind in ("kept", "gone", "conflict")]
        message = _n(
            "{count} value stays as it was typed in the planner: {examples}.",
            "{count} values stay as they were typed in the planner: {examples}.",
            kept,
        )
        examples = _listed([f"{_place(event, at)} ({_what(event, merged.inputs)})" for event in stay])
        yield _finding(plan, "info", KEPT, message.format(count=kept, examples=examples))


def _conflict(event: Event, inputs: Inputs, at: Layout, plan: Plan, prefer: Prefer) -> Finding:
    what = _what(event, inputs)
    if not event.column:
        message = _DELETED if prefer == "planner" else _DELETED_BACK
        return _finding(plan, "warning", CONFLICT, _(message).format(what=what), event)
    base, theirs, ours = (_told(event, value) for value in (event.base, event.theirs, event.ours))
    message = _BOTH if prefer == "planner" else _BOTH_TABLES
    text = _(message).format(place=_place(event, at), what=what, base=base, theirs=theirs, ours=ours)
    return _finding(plan, "warning", CONFLICT, text, event, theirs)


def of_reading(found: Theirs, beside: Sequence[str], plan: Plan) -> Iterator[Finding]:
    """Yield what of a planner cannot be taken over as it stands."""
    if found.formulas:
        first = found.formulas[0]
        place, formula = f"{first.sheet}!{first.cell}", shown(f"={first.formula}")
        text = _(_FORMULAS).format(count=len(found.formulas), place=place, formula=formula)
        yield _finding(plan, "warning", FORMULA, text)
    if found.days:
        first = found.days[0]
        text = _(_DAYS).format(
            count=len(found.days), place=f"{first.sheet}!{first.cell}", number=number(float(first.value or 0))
        )
        yield _finding(plan, "warning", DAY, text)
    if found.rich:
        first = found.rich[0]
        text = _(_RICH).format(count=len(found.rich), place=f"{first.sheet}!{first.cell}")
        yield _finding(plan, "warning", RICH, text)
    if found.lost:
        yield _finding(plan, "warning", LOST, _(_LOST).format(names=_listed(found.lost)))
    if beside:
        text = _(_BESIDE).format(places=_listed(beside), count=len(beside))
        yield _finding(plan, "warning", BESIDE, text)


def _finding(
    plan: Plan, severity: Severity, code: str, text: str, event: Event | None = None, value: str | None = None
) -> Finding:
    table = None if event is None else event.table or TERRITORIES.name
    column = None if event is None else event.column.removeprefix("in_") or None
    return Finding(
        severity, code, text, plan.file_name, table, column=column, value=value, territory_id=plan.territory_id
    )


def _place(event: Event, at: Layout) -> str:
    """Return the sheet and the cell of an event: of a whole row, its first cell."""
    if not event.table:
        sheet, cell = at.single[event.column]
        return f"{sheet}!{cell}"
    placed = at.tables[event.table]
    if event.row is None:
        return placed.target.sheet
    column = event.column if event.column in placed.letters else next(iter(placed.letters))
    row = int(event.key[0]) - 1 if event.table in NUMBERED and event.key else event.row
    sheet, cell = placed.cell(column, row)
    return f"{sheet}!{cell}"


def _what(event: Event, inputs: Inputs) -> str:
    """Return what an event is about, in the words of the planner."""
    heading = heading_of(event.table, event.column) if event.column else ""
    row = _row(event, inputs)
    return ", ".join(part for part in (row, heading) if part)


def _row(event: Event, inputs: Inputs) -> str:
    if event.key is None:
        return ""
    if event.table == "activity":
        return _day(float(event.key[0])) if event.key[0].isdecimal() else event.key[0]
    return " ".join(event.key)


def heading_of(table: str, column: str) -> str:
    """Return what the planner calls a column."""
    columns = TABLES.get(table, ()) if table else TERRITORIES
    name = column.removeprefix("in_")
    return next((_(one.header) for one in columns if one.name == name), name)


def _told(event: Event, value: Value) -> str:
    return told(event.table, event.column, value)


def told(table: str, column: str, value: Value) -> str:
    """Return a value as a person reads it: a day where the column holds days."""
    if value is None:
        return _("nothing")
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return f"“{shown(value)}”"
    columns = TABLES.get(table, ()) if table else TERRITORIES
    name = column.removeprefix("in_")
    is_day = name in ("as_of", "by_when") or any(one.name == name and one.kind is Kind.DATE for one in columns)
    return _day(value) if is_day else number(value)


def _day(value: float) -> str:
    try:
        return (EPOCH + dt.timedelta(days=int(value))).isoformat()
    except OverflowError:
        return number(value)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:_EXAMPLES]) + ("…" if len(texts) > _EXAMPLES else "")
