"""One territory's plan: its rows from the tables, put into the cells of a template."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Protocol, TypeAlias

from xlsales.batch import fingerprints, fiscal_years
from xlsales.batch.delivery import details
from xlsales.batch.fiscal_years import Period
from xlsales.cells.rows import Row, Rows
from xlsales.cells.values import Address, InputValue, serial
from xlsales.findings import Finding
from xlsales.schedule import TIMES_A_YEAR, checkin_dates, checkin_turns, first_week, later, planned_kinds, weeks_of
from xlsales.schema import (
    ACTIVITY,
    CADENCES,
    CHECKINS,
    LANGUAGES,
    ORDINAL,
    STAGE_OWNER,
    TABLES,
    TEAM,
    TEAM_STAGES,
    TERRITORIES,
    TURN,
    WORDED,
    Table,
)
from xlsales.texts import _
from xlsales.workbook.filling import Block, Filling
from xlsales.workbook.template import Template, TemplateTable


@dataclass(frozen=True)
class Plan:
    """What goes into one planner."""

    territory: Row
    rows: Mapping[str, Rows]  # by table
    file_name: str
    as_of: dt.date | None
    peers: Mapping[str, float] = field(default_factory=dict)  # means of the other territories, by column
    other_years: Sequence[Period] = ()  # fiscal years of the territory that have planners of their own
    elsewhere: Mapping[str, int] = field(default_factory=dict)  # rows that belong to those alone, by table
    own: Mapping[str, str] = field(default_factory=dict)  # the territory's details, by the company's own headings

    @property
    def territory_id(self) -> str:
        """The territory's identifier."""
        return str(self.territory["territory_id"])

    @property
    def row_count(self) -> int:
        """How many rows it has, of all tables."""
        return sum(len(rows) for rows in self.rows.values())

    def named(self, file_name: str, as_of: dt.date | None) -> Plan:
        """Return the same plan for this file and day; a fingerprint that is known already goes with it."""
        plan = replace(self, file_name=file_name, as_of=as_of)
        if "content_hash" in vars(self):
            vars(plan)["content_hash"] = self.content_hash
        return plan

    @cached_property
    def content_hash(self) -> str:
        """A fingerprint of the territory and its rows, which stand in their stated order."""
        territory = Rows({name: [value] for name, value in self.territory.items()}, 1)
        return self.fingerprint(territory)

    def fingerprint(self, territory: Rows) -> str:
        """Return that fingerprint, given the territory as a row of its table."""
        return fingerprints.of_rows({TERRITORIES.name: territory, **self.rows}, self.own)

    @property
    def input_hash(self) -> str:
        """A fingerprint of everything that goes into the planner."""
        return input_hash(self)


class _Hashed(Protocol):
    @property
    def content_hash(self) -> str: ...
    @property
    def as_of(self) -> dt.date | None: ...
    @property
    def peers(self) -> Mapping[str, float]: ...


def input_hash(plan: _Hashed) -> str:
    """Return the fingerprint of everything that goes into a planner."""
    peers = "".join(f" {name} {mean!r}" for name, mean in sorted(plan.peers.items()))
    return hashlib.sha256(f"{plan.content_hash} {plan.as_of}{peers}".encode()).hexdigest()


def fill(template: Template, plan: Plan) -> Filling:
    """Put a plan into a template's cells."""
    filling = Filling()
    fields: dict[str, InputValue] = {**plan.territory, **plan.peers, "as_of": plan.as_of}
    worded = [name for name in _WORDED_FIELDS if fields.get(name) is not None]
    fields |= {name: template.typed.word(str(fields[name])) for name in worded}
    for name, value in fields.items():
        address = template.names.get(f"in_{name}")
        if address and value is not None:
            filling.single[address] = value
    for name, count in plan.elsewhere.items():
        filling.count_left_out(name, fiscal_years.OTHER_YEAR, count)
    for table in TABLES.values():
        rows = plan.rows.get(table.name)
        if rows and table is not TERRITORIES:
            _fill_table(template, plan, table, rows, filling)
    _fill_weeks(template, plan, filling)
    _fill_stages(template, plan, filling)
    filling.findings.extend(details.fill(template, plan.own, plan.territory_id, filling))
    filling.findings.extend(_unplanned(plan))
    return filling


def of_year(template: Template, year: int) -> dict[Address, float]:
    """Return the days and numbers that a template gets for a calendar year that is over, without anything planned."""
    start, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    territory: Row = {"territory_id": "", "fiscal_year": year, "year_start": start}
    single = fill(template, Plan(territory, {}, "", last)).single
    days = {place: serial(value) if isinstance(value, dt.date) else value for place, value in single.items()}
    return {place: float(value) for place, value in days.items() if isinstance(value, (int, float))}


def _unplanned(plan: Plan) -> Iterator[Finding]:
    """Tell of talks held whose kind this territory does not plan: their rows have no date to be held by."""
    cadence = str(plan.territory.get("checkin_cadence") or CADENCES[0])
    kinds = [str(row["kind"]) for row in plan.rows.get(CHECKINS.name, ())]
    held = Counter(kind for kind in kinds if kind not in planned_kinds(cadence))
    message = _(
        "{count} check-ins of the kind {kind} were held, but checkin_cadence is {cadence}: the planner has no date for "
        "them. Name the kind that this territory plans, in one of the two tables."
    )
    for kind, count in held.items():
        text = message.format(count=count, kind=kind, cadence=cadence)
        yield _finding("warning", "NOT_PLANNED", CHECKINS, plan, text)


_WORDED_FIELDS = tuple(column.name for column in TERRITORIES if column.kind in WORDED and column.choices != LANGUAGES)


def overflow(template: Template, plan: Plan) -> dict[str, int]:
    """Return the rows of each Excel table of the template that holds fewer than the plan has."""
    counts: dict[str, int] = {}
    for table in TABLES.values():
        count = len(plan.rows.get(table.name, ()))
        target = template.table(table) if count and table.name not in _POSITIONS else None
        counts |= {name: count for name, own in template.tables.items() if own is target}
    return {name: count for name, count in counts.items() if count > template.tables[name].rows}


def rooms(template: Template) -> dict[str, int]:
    """Return how many rows a template has room for, of each input table whose rows are put one after the other."""
    targets = {table.name: template.table(table) for table in TABLES.values() if table.name not in _POSITIONS}
    return {name: target.rows for name, target in targets.items() if target is not None}


def is_larger(plan: Plan, has_room: Mapping[str, int]) -> bool:
    """Whether a plan has more rows of a table than there is room for."""
    return any(len(plan.rows.get(name, ())) > rows for name, rows in has_room.items())


def _fill_table(template: Template, plan: Plan, table: Table, rows: Rows, filling: Filling) -> None:
    target = template.table(table)
    if target is None:
        message = _("The template has no place for this table; rows left out: {count}.")
        filling.leave_out(_finding("warning", "NO_SHEET", table, plan, message.format(count=len(rows))), len(rows))
        return
    taken = _placed(template, plan, table, target, filling)
    filling.placed[table.name] = len(taken)
    columns = [
        (column, letter)
        for column, letter in template.typed.columns(table)
        if (table.name, column.name) != ("activity", "week_start")
    ]
    worded = _worded(template, table, rows)
    filling.blocks.append(Block(table.name, target, columns, worded, list(taken.values()), list(taken)))


def _placed(template: Template, plan: Plan, table: Table, target: TemplateTable, filling: Filling) -> dict[int, int]:
    """Return which row stands in which row of the template's table, and tell of those that stand nowhere."""
    rows = plan.rows[table.name]
    if table.name not in _POSITIONS:
        if len(rows) > target.rows:
            filling.findings.append(_too_many(table, plan, target, len(rows)))
        return {row: row for row in range(min(len(rows), target.rows))}
    places = _POSITIONS[table.name](template, plan, rows.columns)
    outside = [row for row, place in enumerate(places) if not 0 <= place.row_index < target.rows]
    lost = [row for row in outside if not fiscal_years.is_elsewhere(plan.other_years, rows[row])]
    filling.count_left_out(table.name, fiscal_years.OTHER_YEAR, len(outside) - len(lost))
    if lost:
        filling.leave_out(_outside(table, plan, len(lost), rows[lost[0]]), len(lost))
    taken: dict[int, int] = {}
    for row in sorted(set(range(len(rows))).difference(outside), key=lambda row: (places[row].distance, row)):
        first = taken.setdefault(places[row].row_index, row)
        if first != row:
            filling.leave_out(_second(table, plan, rows[row]), 1)
    return dict(sorted(taken.items()))


def _fill_weeks(template: Template, plan: Plan, filling: Filling) -> None:
    """Type the Monday of every week of the plan's year, those that nobody recorded too: deals fall into them."""
    target = template.table(ACTIVITY)
    heading = template.heading(ACTIVITY.name, target, ACTIVITY["week_start"]) if target else None
    if target is None or heading is None or heading in target.computed:
        return
    mondays = _mondays(_year_start(plan), _history_weeks(template), target.rows)
    filling.single |= zip(template.typed.cells(target, heading), mondays, strict=False)


@lru_cache(64)  # the planners of a run share their years
def _mondays(year_start: dt.date, history_weeks: int, count: int) -> Sequence[dt.date | None]:
    return tuple(weeks_of(year_start, history_weeks, count))


def _worded(template: Template, table: Table, rows: Rows) -> Rows:
    """Return rows with the planner's words in the place of the codes, where they differ."""
    words = {name: word for name, word in template.typed.words(table).items() if name in rows.columns}
    return rows.turned(words) if words else rows


def _outside(table: Table, plan: Plan, count: int, first: Row) -> Finding:
    message = _("Outside the planner's calendar and left out: {count}, the first of them {first}.")
    text = message.format(count=count, first=first[table.key[-1]])
    return _finding("warning", "OUTSIDE_YEAR", table, plan, text)


def _too_many(table: Table, plan: Plan, target: TemplateTable, count: int) -> Finding:
    message = _(
        "{count} rows, but the template holds {rows}: no planner was made. "
        "Build a larger template with: xlsales template build --{table} {count}"
    )
    text = message.format(count=count, rows=target.rows, table=table.name)
    return _finding("error", "TOO_MANY_ROWS", table, plan, text)


def _second(table: Table, plan: Plan, row: Row) -> Finding:
    message = _("{what} was left out: the planner has one row for it, and another one that is nearer stands there.")
    what = ", ".join(str(row[name]) for name in table.key if name != "territory_id")
    return _finding("warning", "SAME_ROW", table, plan, message.format(what=what))


def _fill_stages(template: Template, plan: Plan, filling: Filling) -> None:
    """Name the owner of each part of the sale: the first of the team whose part it is."""
    target = template.tables.get("tblStages")
    owner = template.heading("stages", target, STAGE_OWNER) if target else None
    if target is None or owner is None:
        return
    numbered = _typed(template, target, template.heading("stages", target, ORDINAL), range(1, target.rows + 1))
    for row in plan.rows.get("team", ()):
        if row.get("stage") not in TEAM_STAGES:
            continue
        number = TEAM_STAGES.index(str(row["stage"])) + 1
        if number in numbered:
            filling.single.setdefault(target.cell(owner, numbered.index(number)), row["name"])
        else:
            message = _("The template has no row for {stage}: its owner was left out.").format(stage=row["stage"])
            filling.findings.append(_finding("warning", "NO_PLACE", TEAM, plan, message))


def _typed(template: Template, target: TemplateTable, heading: str | None, usual: Iterable[object]) -> list[object]:
    """Return what a template's rows are keyed by: what is typed there, or where nothing is, the usual order."""
    if heading is None or heading in target.computed:
        return list(usual)
    return [template.defaults.get(target.cell(heading, index)) for index in range(target.rows)]


def _finding(severity: Any, code: str, table: Table, plan: Plan, message: str) -> Finding:
    return Finding(severity, code, message, table=table.name, territory_id=plan.territory_id)


def _year_start(plan: Plan) -> dt.date:
    start = plan.territory["year_start"]
    return start if isinstance(start, dt.date) else dt.date(int(str(plan.territory["fiscal_year"])), 1, 1)


class _Place(NamedTuple):
    row_index: int  # of the row in the template's table
    distance: int = 0  # in days from what the row is for


_Columns: TypeAlias = Mapping[str, Sequence[Any]]


def _places_of_weeks(template: Template, plan: Plan, rows: _Columns) -> list[_Place]:
    first = first_week(_year_start(plan), _history_weeks(template))
    return [_Place((week - first).days // 7) for week in rows["week_start"]]


def _history_weeks(template: Template) -> int:
    return int(str(template.constants.get("calc_history_weeks") or 0))


def _places_of_checkins(template: Template, plan: Plan, rows: _Columns) -> list[_Place]:
    """Return the row of the check-in of a kind whose date lies nearest; outside the year there is none."""
    start = _year_start(plan)
    dates = list(enumerate(_checkin_calendar(template, start)))

    def place(held: dt.date, kind: str) -> _Place:
        if not start <= held < later(start, 12):
            return _Place(-1)
        near = [(abs((day - held).days), index) for index, (own, day) in dates if own == kind]
        distance, index = min(near, default=(0, -1))
        return _Place(index, distance)

    return list(map(place, rows["held"], rows["kind"]))


def _checkin_calendar(template: Template, start: dt.date) -> Iterator[tuple[str, dt.date]]:
    """Yield the kind and the date of each row: a person may have sorted or deleted some of the template's."""
    target = template.table(CHECKINS)
    assert target is not None
    dates = {key: day for key, (_kind, day) in zip(checkin_turns(), checkin_dates(start), strict=True)}
    codes = {template.word(kind): kind for kind in TIMES_A_YEAR}
    kinds = _typed(
        template, target, template.heading(CHECKINS.name, target, CHECKINS["kind"]), (kind for kind, _turn in dates)
    )
    turns = _typed(template, target, template.heading(CHECKINS.name, target, TURN), (turn for _kind, turn in dates))
    for kind, turn in zip(kinds, turns, strict=False):
        code = codes.get(str(kind), str(kind))
        day = next((day for key, day in dates.items() if key == (code, turn)), None)
        yield ("", start) if day is None else (code, day)


def _places_of_elements(_template: Template, _plan: Plan, rows: _Columns) -> list[_Place]:
    return [_Place(int(str(element)) - 1) for element in rows["element"]]


# Tables whose rows have places of their own; the rows of the others stand one below the other.
_POSITIONS: Mapping[str, Callable[[Template, Plan, _Columns], list[_Place]]] = {
    "activity": _places_of_weeks,
    "checkins": _places_of_checkins,
    "org_health": _places_of_elements,
}
