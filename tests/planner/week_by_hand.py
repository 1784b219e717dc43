"""What This week must list, worked out in plain Python from what is typed: nothing of the planner's formulas."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from xlsales import standards
from xlsales.planner.actions import ACTIONS
from xlsales.schedule import checkin_dates, later

DAY = dt.timedelta(days=1)
YEAR_START = dt.date(2027, 1, 1)
FIRST_MONDAY = dt.date(2026, 12, 28)
TEXTS = {action.word: action for action in ACTIONS}
TOPICS = {
    "WEEKLY": "First appointments, proposals, next steps",
    "MONTHLY": "Ratios, barometer, accounts in silence",
    "QUARTERLY": "Goal, pipeline, relationship plans",
    "HALF-YEARLY": "Organisation health, growth, development",
    "YEARLY": "The year: goal, retention, pay, the next plan",
}
MONTHS = {"WEEKLY": 0, "MONTHLY": 1, "QUARTERLY": 3, "HALF-YEARLY": 6, "YEARLY": 12}
POINTS = {
    "dormant": 3,
    "silent": 4,
    "uncovered": 2,
    "close_passed": 6,
    "closing": 7,
    "stuck": 4,
    "due": 8,
    "missed": 3,
    "below": 5,
    "no_entry": 9,
    "no_date": 3,
}


@dataclass(frozen=True)
class Account:
    """A row of Accounts."""

    id: str
    name: str | None = "Some customer"
    owner: str | None = "Ada"
    prior: float | None = None
    recent: float | None = None
    last_order: dt.date | None = None
    last_contact: dt.date | None = None
    needed: int | None = None
    planned: int | None = None


@dataclass(frozen=True)
class Deal:
    """A row of Pipeline."""

    id: str
    account: str | None = None
    stage: str | None = "PROPOSAL"
    first: dt.date | None = None
    proposal: dt.date | None = None
    outcome: str | None = "OPEN"
    amount: float | None = None
    forecast: float | None = None
    expected: dt.date | None = None
    next_action: str | None = None


@dataclass(frozen=True)
class Typed:
    """What a manager has typed."""

    as_of: dt.date | None
    accounts: Sequence[Account] = ()
    deals: Sequence[Deal] = ()
    weeks: Mapping[dt.date, Mapping[str, float]] = field(default_factory=dict)  # Monday → heading → number
    held: Mapping[int, dt.date] = field(default_factory=dict)  # by row of Check-ins


@dataclass(frozen=True)
class Listed:
    """An action as This week shows it."""

    do: str
    why: str
    date: dt.date | None
    worth: float | None
    id: str | float
    where: str


@dataclass(frozen=True)
class _Candidate:
    kind: str
    share: float  # 0 to 1: how large it is in its list
    index: int  # of its row, from 0
    name: object
    figure: object
    id: str | float
    date: dt.date | None = None
    worth: float | None = None

    @property
    def score(self) -> float:
        return round(POINTS[self.kind] * (1 + self.share), 7)


def monday(as_of: dt.date) -> dt.date:
    """The Monday of the week to come: on a Sunday, the next day."""
    week = as_of - dt.timedelta(days=as_of.weekday())
    return week + 7 * DAY if as_of.weekday() == 6 else week


def listed(typed: Typed, measured: Mapping[str, tuple[float | None, float]], rows: Mapping[str, int]) -> list[Listed]:
    """Return the ten actions; `measured` has each figure with its standard, `rows` the first row of each sheet."""
    chosen: list[_Candidate] = []
    for candidates, most in (
        (calls(typed), 10),
        (moves(typed), 10),
        (meetings(typed), 2),
        (coached(measured), len(measured)),
        (unfilled(typed, rows), 1),
        (undated(typed, rows), 1),
    ):
        ordered = sorted(candidates, key=lambda one: (-one.score, one.index))
        chosen += ordered[:most]
    first = sorted(enumerate(chosen), key=lambda pair: (-pair[1].score, pair[0]))[:10]
    return [_shown(one, rows) for _position, one in first]


def _shown(one: _Candidate, rows: Mapping[str, int]) -> Listed:
    action = TEXTS[one.kind]
    row = rows[action.sheet] + one.index
    return Listed(
        action.do.replace("#", str(one.name)),
        action.why.replace("#", str(one.figure)),
        one.date,
        one.worth,
        one.id,
        f"{action.sheet}, row {row}",
    )


def calls(typed: Typed) -> Iterator[_Candidate]:
    """Accounts to call."""
    if typed.as_of is None:
        return
    found = [(index, account, _reason(account, typed.as_of)) for index, account in enumerate(typed.accounts)]
    worth = {index: max(0, account.prior or 0, account.recent or 0) for index, account, reason in found if reason}
    largest = max([1, *worth.values()])
    for index, account, reason in found:
        if reason:
            kind, figure = reason
            yield _Candidate(
                kind,
                worth[index] / largest,
                index,
                account.name or account.id,
                figure,
                account.id,
                account.last_contact,
                worth[index],
            )


def _reason(account: Account, as_of: dt.date) -> tuple[str, int] | None:
    if account.last_order and later(account.last_order, standards.DORMANT_MONTHS) <= as_of:
        return "dormant", (as_of - account.last_order).days
    if account.last_contact and (as_of - account.last_contact).days > 31:
        return "silent", (as_of - account.last_contact).days
    if account.needed and (not account.owner or not account.planned):
        return "uncovered", max(0, account.needed - (account.planned or 0))
    return None


def _worth(deal: Deal) -> float:
    return deal.amount or 0 if deal.forecast is None else deal.forecast


def moves(typed: Typed) -> Iterator[_Candidate]:
    """Deals to move."""
    if typed.as_of is None:
        return
    sunday = monday(typed.as_of) + 6 * DAY
    names = {account.id: account.name for account in typed.accounts}
    largest = max([1, *(_worth(deal) for deal in typed.deals if deal.outcome == "OPEN")])
    for index, deal in enumerate(typed.deals):
        step = max((day for day in (deal.first, deal.proposal) if day), default=None)
        kind, figure = "", 0
        if deal.outcome != "OPEN":
            continue
        if deal.expected and deal.expected < typed.as_of:
            kind, figure = "close_passed", (typed.as_of - deal.expected).days
        elif deal.expected and deal.expected <= sunday:
            kind, figure = "closing", (deal.expected - typed.as_of).days
        elif step and (typed.as_of - step).days > 45:
            kind, figure = "stuck", (typed.as_of - step).days
        if kind:
            name = (names.get(deal.account, "UNKNOWN") if deal.account else None) or deal.id
            yield _Candidate(kind, _worth(deal) / largest, index, name, figure, deal.id, deal.expected, _worth(deal))


def meetings(typed: Typed) -> Iterator[_Candidate]:
    """Check-ins that are due or were missed."""
    if typed.as_of is None:
        return
    start = monday(typed.as_of)
    turns: Counter[str] = Counter()
    for index, (kind, day) in enumerate(checkin_dates(YEAR_START)):
        turns[kind] += 1
        if kind == "BIWEEKLY" or index in typed.held or day > start + 6 * DAY:
            continue
        missed = day + 7 * DAY <= start
        share = (day - YEAR_START) / (start + 6 * DAY - YEAR_START) if missed else MONTHS[kind] / 12
        yield _Candidate("missed" if missed else "due", share, index, kind, TOPICS[kind], f"{kind} {turns[kind]}", day)


TIPS = {
    "Proposal ratio": "Define what the next step after a first appointment is, and practise asking for it.",
    "Close ratio": "Ask early how the customer decides, and who takes part in the decision.",
    "Activity barometer": "Treat turning conversations into appointments as a skill: measure it, week by week.",
    "Selling time": "Hand paperwork over: an assistant costs less than an hour of selling.",
}


def coached(measured: Mapping[str, tuple[float | None, float]]) -> Iterator[_Candidate]:
    """Figures below their standards."""
    for index, (name, (now, standard)) in enumerate(measured.items()):
        if now is not None and now < standard:
            yield _Candidate("below", 1 - now / standard, index, name, TIPS[name], name)


def _week(day: dt.date) -> dt.date:
    """The Monday of a day; days of the old year count in the week before the one that the year starts in."""
    first = day - dt.timedelta(day.weekday())
    return first - 7 * DAY if day < YEAR_START and first == FIRST_MONDAY else first


def gaps(typed: Typed) -> list[dt.date]:
    """The Mondays of the weeks gone by that have no entry."""
    assert typed.as_of is not None
    weeks = (FIRST_MONDAY + 7 * DAY * number for number in range(53))
    met = {_week(deal.first) for deal in typed.deals if deal.first}
    return [week for week in weeks if week < monday(typed.as_of) and week not in met and not typed.weeks.get(week)]


def unfilled(typed: Typed, rows: Mapping[str, int]) -> Iterator[_Candidate]:
    """One action for all weeks without an entry: it leads to the latest."""
    if typed.as_of is not None and (weeks := gaps(typed)):
        index = 13 + (weeks[-1] - FIRST_MONDAY).days // 7  # after the weeks of history
        row = rows["Activity"] + index
        yield _Candidate("no_entry", min(1, len(weeks) / 12), index, len(weeks), row, "NO ENTRY", weeks[-1])


def undated(typed: Typed, rows: Mapping[str, int]) -> Iterator[_Candidate]:
    """One action for all open deals without date or next action: it leads to the first."""
    still_open = [(index, deal) for index, deal in enumerate(typed.deals) if deal.outcome == "OPEN"]
    found = [(index, deal) for index, deal in still_open if not deal.expected or not deal.next_action]
    if found:
        index, deal = found[0]
        row = rows["Pipeline"] + index
        yield _Candidate("no_date", len(found) / len(still_open), index, len(found), row, deal.id)


def content(typed: Typed) -> dict[str, Any]:
    """Put what is typed into the planner's cells, as `sound_plan.inputs` takes it."""
    accounts, deals = list(typed.accounts), list(typed.deals)
    found: dict[str, Any] = {
        "in_territory_name": "North",
        "in_person": "Ada",
        "in_fiscal_year": 2027,
        "in_currency": "EUR",
        "in_revenue_goal": 120_000,
        "in_as_of": typed.as_of,
        "tblAccounts.Account ID": [a.id for a in accounts],
        "tblAccounts.Account": [a.name for a in accounts],
        "tblAccounts.Owner": [a.owner for a in accounts],
        "tblAccounts.Prior 12 months": [a.prior for a in accounts],
        "tblAccounts.Last 12 months": [a.recent for a in accounts],
        "tblAccounts.Last order": [a.last_order for a in accounts],
        "tblAccounts.Last contact": [a.last_contact for a in accounts],
        "tblAccounts.Touches needed": [a.needed for a in accounts],
        "tblAccounts.Touches planned": [a.planned for a in accounts],
        "tblDeals.Deal ID": [d.id for d in deals],
        "tblDeals.Account ID": [d.account for d in deals],
        "tblDeals.Stage": [d.stage for d in deals],
        "tblDeals.First appointment": [d.first for d in deals],
        "tblDeals.Proposal": [d.proposal for d in deals],
        "tblDeals.Outcome": [d.outcome for d in deals],
        "tblDeals.Amount": [d.amount for d in deals],
        "tblDeals.Forecast": [d.forecast for d in deals],
        "tblDeals.Expected close": [d.expected for d in deals],
        "tblDeals.Next action": [d.next_action for d in deals],
        "tblCheckins.Held": [typed.held.get(row) for row in range(97)],
    }
    headings = {heading for week in typed.weeks.values() for heading in week}
    first = FIRST_MONDAY - 13 * 7 * DAY
    mondays = [first + 7 * DAY * number for number in range(67)]
    for heading in headings:
        found[f"tblWeeks.{heading}"] = [typed.weeks.get(week, {}).get(heading) for week in mondays]
    return found


def turned(typed: Typed) -> Typed:
    """The same rows sorted the other way."""
    return replace(typed, accounts=list(reversed(typed.accounts)), deals=list(reversed(typed.deals)))
