"""The weeks, the check-ins and the week looked at, worked out again in plain Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.planner.once import once
from tests.planner.oracle import (
    COUNTS,
    HISTORY,
    HOURS,
    Number,
    Sales,
    Typed,
    figures,
    is_number,
    mondays,
    over,
    rows_of,
    sales_of,
    year_of,
)
from tests.planner.oracle_days import monday, months_later
from tests.planner.oracle_lists import COACHED, Columns, coming_monday, development, turns

DAY = dt.timedelta(1)
# Each kind of check-in in the order of its rows: times a year, weeks apart, months apart, and what it is about.
KINDS = {
    "WEEKLY": (52, 1, 0, "First appointments, proposals, next steps"),
    "MONTHLY": (12, 0, 1, "Ratios, barometer, accounts in silence"),
    "QUARTERLY": (4, 0, 3, "Goal, pipeline, relationship plans"),
    "HALF-YEARLY": (2, 0, 6, "Organisation health, growth, development"),
    "YEARLY": (1, 0, 12, "The year: goal, retention, pay, the next plan"),
    "BIWEEKLY": (26, 2, 0, "First appointments, proposals, open deals"),
}
BY_RARITY = ("WEEKLY", "BIWEEKLY", "MONTHLY", "QUARTERLY", "HALF-YEARLY", "YEARLY")
# What is planned by whoever talks at least this often.
PLANNED = {
    None: {"WEEKLY", "MONTHLY", "QUARTERLY", "HALF-YEARLY", "YEARLY"},
    "WEEKLY": {"WEEKLY", "MONTHLY", "QUARTERLY", "HALF-YEARLY", "YEARLY"},
    "BIWEEKLY": {"BIWEEKLY", "MONTHLY", "QUARTERLY", "HALF-YEARLY", "YEARLY"},
    "MONTHLY": {"MONTHLY", "QUARTERLY", "HALF-YEARLY", "YEARLY"},
    "QUARTERLY": {"QUARTERLY", "HALF-YEARLY", "YEARLY"},
    "HALF-YEARLY": {"HALF-YEARLY", "YEARLY"},
    "YEARLY": {"YEARLY"},
}
ROWS = HISTORY + 54
ENTRIES = ("Conversations", "Appointments", *COUNTS.values(), *HOURS)
SHORT = {"First appointments": "first_appointments", "Proposals": "proposals", "Won": "won", "Revenue": "revenue"}


class Week:
    """One row of the weeks."""

    def __init__(self, sales: Sales, day: dt.date, goal: Number) -> None:
        year = sales.year
        self.day, self.year, self.sales = day, year, sales
        self.typed, self.used, self.deals = sales.weeks[day], sales.used[day], sales.by_deals(day)
        self.sunday = day + 6 * DAY
        self.last = min(self.sunday, year.end) if self.sunday >= year.start and day <= year.end else None
        self.begun = year.until is not None and day <= year.until
        self.whole = bool(year.until and day >= year.start and self.sunday <= year.until)
        first = self.last is not None and day > year.start
        self.goal_to_date = goal * year.share_by(self.last) if goal and self.last else None
        self.goal_before = goal * year.share_by(day - DAY) if goal and first else None
        self.goal = None if self.goal_to_date is None else self.goal_to_date - (self.goal_before or 0)
        self.entered = any(is_number(self.typed.get(heading)) for heading in ENTRIES)

    def month(self, day: dt.date | None) -> Number:
        """The month of the fiscal year that a day lies in."""
        starts = [months_later(self.year.start, month) for month in range(12)]
        return None if day is None else sum(start <= day for start in starts)

    @property
    def differences(self) -> Number:
        """How many typed numbers the deals contradict."""
        pairs = [(self.typed.get(heading), self.deals[name]) for name, heading in COUNTS.items()]
        apart = sum(is_number(t) and d is not None and round(t - d, 2) != 0 for t, d in pairs)
        return apart if self.whole else None

    @property
    def source(self) -> str | None:
        """Where its sales come from."""
        if all(self.used[name] is None for name in COUNTS):
            return None
        if self.differences:
            return "DIFFERENT FROM DEALS"
        return "TYPED" if any(is_number(self.typed.get(heading)) for heading in COUNTS.values()) else "DEALS"


@once
def year_weeks(typed: Typed) -> list[Week]:
    """The rows of the weeks."""
    sales, goal = sales_of(typed), typed.get("in_revenue_goal")
    return [Week(sales, day, goal) for day in sales.weeks]


@once
def weeks(typed: Typed) -> Columns:
    """The grey columns of the weeks."""
    rows, magic, year = year_weeks(typed), figures(typed)["out_magic_number"], year_of(typed)
    meeting = check_in_due(typed)
    ahead = coming_monday(year.as_of) if year.as_of else None
    found: dict[str, list[Any]] = {}

    def column(name: str, values: Sequence[Any]) -> None:
        found[name] = [*values, *[None] * (ROWS - len(rows))]

    column("Week check", ["OK"] * len(rows))
    for name in ("Outside?", "No Monday, or twice?", "Misfit?"):
        column(name, [None] * len(rows))
    column("Last day entered", [w.sunday if w.entered else None for w in rows])
    for name, values in zip(DEAL_COLUMNS, zip(*[_of_deals(w) for w in rows], strict=True), strict=True):
        column(name, values)
    for heading, name in SHORT.items():
        column(f"{heading}, used", [w.used[name] for w in rows])
    column("Compared?", [1 if w.whole else None for w in rows])
    column("Differences", [w.differences for w in rows])
    column("Sales from", [w.source for w in rows])
    column("Differs", [w.day if w.differences else None for w in rows])
    column("Counted", [w.day if w.used["first_appointments"] is not None else None for w in rows])
    entry = [w.entered or any(w.deals[name] is not None for name in COUNTS) for w in rows]
    column("Entry?", [1 if own else None for own in entry])
    column("Year to", [w.last for w in rows])
    column("Month no.", [w.month(w.last) for w in rows])
    this_year = [w.last is not None and w.begun for w in rows]
    column("Counts this year?", [1 if own else None for own in this_year])
    column("Month before", [w.month(w.day - DAY) if w.last and w.day > year.start else None for w in rows])
    column("Goal to date", [w.goal_to_date for w in rows])
    column("Goal of the week", [w.goal for w in rows])
    column("Goal before", [w.goal_before for w in rows])
    column("Revenue to date", _running(rows))
    column("Activity barometer", [_share(w.used["first_appointments"], magic) if w.last else None for w in rows])
    column("Standard", [1 if w.last else None for w in rows])
    for name, sums in _rolling(rows).items():
        column(name, sums)
    spent = [[w.typed[name] for name in HOURS if is_number(w.typed.get(name))] for w in rows]
    column("Hours", [sum(own) if own else None for own in spent])
    column("Selling time", [over(w.typed.get("Selling") or 0, sum(own)) for w, own in zip(rows, spent, strict=True)])
    column(
        "No entry",
        [w.day if w.last and not own and ahead and w.day < ahead else None for w, own in zip(rows, entry, strict=True)],
    )
    column("In the check-in", [1 * meeting.covers(w.day) if meeting else None for w in rows])
    return found


DEAL_COLUMNS = (
    "First appointments by deals",
    "Deals and credit notes",
    "Credit notes",
    "Proposals by deals",
    "Won by deals",
    "Revenue by deals",
)


def _of_deals(week: Week) -> tuple[Number, ...]:
    if week.year.until is None:
        return (None,) * len(DEAL_COLUMNS)
    deals = [d for d in week.sales.deals if d.get("Outcome") in ("WON", "LOST")]
    dated = [deal for deal in deals if week.sales.week_of(deal.get("Closed")) == week.day]
    credits = sum(deal["Outcome"] == "WON" and (deal.get("Amount") or 0) < 0 for deal in dated)
    counts = [week.deals[name] or 0 for name in COUNTS]
    return counts[0], len(dated), credits, *counts[1:]


def _share(value: Number, magic: Any) -> Number:
    return over(value, magic) if magic != "" else None


def _running(rows: Sequence[Week]) -> list[Number]:
    total, found = 0.0, list[Number]()
    for week in rows:
        if week.last is None or not week.begun:
            found.append(None)
        else:
            total += week.used["revenue"] or 0
            found.append(total)
    return found


def _rolling(rows: Sequence[Week]) -> Columns:
    sums: Columns = {name: [] for name in ("First appointments", "Proposals", "Won")}
    for index, week in enumerate(rows):
        for heading, values in sums.items():
            window = rows[max(0, index - 12) : index + 1]
            values.append(sum(w.used[SHORT[heading]] or 0 for w in window) if week.begun else None)
    pairs = [
        ("Proposal ratio, rolling", "Proposals", "First appointments"),
        ("Close ratio, rolling", "Won", "Proposals"),
    ]
    found = {f"{name}, rolling": values for name, values in sums.items()}
    for name, a, b in pairs:
        found[name] = [
            over(x, y) if amount_of(x) <= amount_of(y) else None for x, y in zip(sums[a], sums[b], strict=True)
        ]
    return found


def amount_of(value: Number) -> Any:
    """A number, or 0."""
    return value or 0


class Meeting:
    """The check-in that is due, with the days that it looks back on."""

    def __init__(self, row: int, kind: str, planned: dt.date) -> None:
        _times, weeks, self.months, _topic = KINDS[kind]
        self.row, self.kind, self.planned = row, kind, planned
        self.to = planned if self.months else planned - DAY
        self.start = months_later(self.to + DAY, -self.months) if self.months else planned - 7 * weeks * DAY

    def covers(self, day: dt.date) -> bool:
        """Whether a week begins in it."""
        return self.start <= day <= self.to


def calendar(typed: Typed) -> list[tuple[str, int, dt.date | None]]:
    """The kind, the turn and the date of each check-in of the year; without a date where its kind is not planned."""
    start = year_of(typed).start
    planned = PLANNED[typed.get("in_checkin_cadence")]
    found: list[tuple[str, int, dt.date | None]] = []
    for kind, (times, weeks, months, _topic) in KINDS.items():
        for turn in range(1, times + 1):
            day = months_later(start, turn * months) - DAY if months else monday(start) + 7 * weeks * turn * DAY
            found.append((kind, turn, day if kind in planned else None))
    return found


@once
def check_ins(typed: Typed) -> Columns:
    """The grey columns of the check-ins."""
    year, rows = year_of(typed), calendar(typed)
    held = [*rows_of(typed, "tblCheckins"), *[{}] * len(rows)][: len(rows)]
    monday_ahead = coming_monday(year.as_of) if year.as_of else None
    status: list[str | None] = []
    hold: list[str | None] = []
    share: list[Number] = []
    for (kind, _turn, day), row in zip(rows, held, strict=True):
        age = (year.as_of - day).days if year.as_of and day else None
        late = None if age is None else "LATER" if age < 0 else "DUE" if age < 7 else "MISSED"
        status.append("HELD" if row.get("Held") else late)
        if day is None or monday_ahead is None or row.get("Held") or day > monday_ahead + 6 * DAY:
            hold.append(None)
            share.append(None)
            continue
        missed = day + 7 * DAY <= monday_ahead
        hold.append("MISSED" if missed else "DUE")
        span = (monday_ahead + 6 * DAY - year.start).days
        share.append((day - year.start).days / span if missed else KINDS[kind][2] / 12)
    score = [round({"MISSED": 3, "DUE": 8}[h] * (1 + s), 7) if h else None for h, s in zip(hold, share, strict=True)]
    planned = PLANNED[typed.get("in_checkin_cadence")]
    return {
        "Planned for": [day for _kind, _turn, day in rows],
        "What to talk about": [KINDS[kind][3] for kind, _turn, _day in rows],
        "Gap": [_gap(row.get("Planned"), row.get("Actual")) for row in held],
        "Status": status,
        "Months apart": [KINDS[kind][2] or None for kind, _turn, _day in rows],
        "Weeks apart": [KINDS[kind][1] or None for kind, _turn, _day in rows],
        "Is its kind planned?": [1 * (kind in planned) for kind, _turn, _day in rows],
        "Hold because": hold,
        "Hold: rarity, or how lately missed": share,
        "Hold: score": score,
        "Hold: turn": turns(score),
        "Place in the calendar": [100 * (BY_RARITY.index(kind) + 1) + turn for kind, turn, _day in rows],
    }


def _gap(planned: Any, actual: Any) -> Number:
    return actual - planned if is_number(planned) and is_number(actual) else None


def check_in_due(typed: Typed) -> Meeting | None:
    """The check-in that comes first."""
    turn, rows = check_ins(typed)["Hold: turn"], calendar(typed)
    if 1 not in turn:
        return None
    row = turn.index(1)
    kind, _turn, day = rows[row]
    assert day is not None
    return Meeting(row + 1, kind, day)


def meeting_figures(typed: Typed) -> dict[str, Any]:
    """The check-in that is due, with plan and actual of the weeks that it looks back on."""
    names = ("", "_kind", "_months", "_to", "_from", "_weeks", "_plan", "_plan_proposals", "_plan_won")
    found: dict[str, Any] = {f"fig_meeting{name}": None for name in names}
    found["fig_meeting_apart"] = None
    measured, year = figures(typed), year_of(typed)
    meeting = check_in_due(typed)
    covered = [week for week in year_weeks(typed) if meeting and meeting.covers(week.day)]
    sums = {"goal": [week.goal for week in covered]} | {name: [w.used[name] for w in covered] for name in COUNTS}
    for name, values in sums.items():
        known = [value for value in values if value is not None]
        found[f"fig_meeting_{name}"] = sum(known) if known else None
    if meeting is None:
        says = "No check-in is due this week." if year.as_of else "NOT YET"
        return found | {"fig_meeting_says": says}
    magic = measured["out_magic_number"]
    plan = None if magic == "" else magic * len(covered) * (year.selling_weeks / 52 if meeting.months else 1)
    proposals = None if plan is None else plan * measured["calc_proposal_ratio"]
    won = None if proposals is None else proposals * measured["calc_close_ratio"]
    days = (meeting.to, meeting.start)
    values = (meeting.row, meeting.kind, meeting.months, *days, len(covered), plan, proposals, won)
    return (
        found
        | dict(zip(list(found)[: len(names)], values, strict=True))
        | {"fig_meeting_says": f"{meeting.kind} – planned for", "fig_meeting_apart": KINDS[meeting.kind][1]}
    )


def coaching_figures(typed: Typed) -> dict[str, Any]:
    """What is coached first."""
    columns = development(typed)
    names = ("fig_coach", "fig_coach_now", "fig_coach_standard", "fig_coach_words")
    if 1 not in columns["Coach: turn"]:
        blank = all(own == "" for own in columns["Now"])
        says = (
            "NOT YET: count weeks on Activity first." if blank else "Every figure measured so far is on its standard."
        )
        return dict.fromkeys(names) | {"fig_coach_says": says}
    row = columns["Coach: turn"].index(1)
    now, standard = columns["Now"][row], columns["Standard"][row]
    words = f"now {_percent(now)}%, standard {_percent(standard)}%"
    return dict(zip(names, ([*COACHED][row], now, standard, words), strict=True)) | {"fig_coach_says": words}


def _percent(share: float) -> str:
    """A share in percent with one digit, without one that is 0."""
    rounded = Decimal(repr(round(100 * share, 9))).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded:f}".removesuffix(".0")


__all__ = ["check_ins", "coaching_figures", "meeting_figures", "mondays", "weeks", "year_weeks"]
