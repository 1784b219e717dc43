"""A filled planner worked out again in plain Python, from what was typed: none of the project's code or formulas."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.planner.once import once
from tests.planner.oracle_days import monday, months_later

Number: TypeAlias = Any  # a number, or None where it is unknown
Row: TypeAlias = dict[str, Any]
Typed: TypeAlias = dict[str, Any]  # as tests.planner.sound_plan.Content

HISTORY, ROLLING = 13, 13
STANDARD = {"proposal_ratio": 0.65, "close_ratio": 0.65}
COUNTS = {
    "first_appointments": "First appointments",
    "proposals": "Proposals",
    "won": "Won",
    "revenue": "Revenue",
}
DATED = {
    "tblDeals": ("First appointment", "Proposal", "Closed"),
    "tblAccounts": ("Last order", "Last contact"),
    "tblCheckins": ("Held",),
}
HOURS = ("Selling", "Search", "Paperwork", "Travel", "Internal", "Surprises")


def is_number(value: object) -> bool:
    """Whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def over(a: Number, b: Number) -> Number:
    """a ÷ b, nothing where that means nothing."""
    return None if a is None or not b else a / b


def rows_of(typed: Typed, table: str) -> list[Row]:
    """The rows that were typed into a table."""
    columns = {key.partition(".")[2]: value for key, value in typed.items() if key.startswith(f"{table}.")}
    height = max((len(values) for values in columns.values()), default=0)
    return [{name: (values[i] if i < len(values) else None) for name, values in columns.items()} for i in range(height)]


@dataclass
class Year:
    """The fiscal year and the day that it is looked at from."""

    start: dt.date
    end: dt.date
    as_of: dt.date | None
    selling_weeks: float
    seasons: Sequence[float]

    @property
    def until(self) -> dt.date | None:
        """The last day that counts."""
        return None if self.as_of is None else min(self.as_of, self.end)

    def share_due(self) -> Number:
        """How much of the goal is due, by the season and day by day."""
        return None if self.until is None or self.until < self.start else self.share_by(self.until)

    def share_by(self, day: dt.date) -> float:
        """How much of the goal is due by the end of a day of the year."""
        share = 0.0
        for month in range(12):
            first, after = months_later(self.start, month), months_later(self.start, month + 1)
            days = min(max((day - first).days + 1, 0), (after - first).days)
            share += self.seasons[first.month - 1] * days / (after - first).days
        return share


@once
def year_of(typed: Typed) -> Year:
    """The year as it was typed on Targets."""
    start = typed.get("in_year_start") or dt.date(typed["in_fiscal_year"], 1, 1)
    end = months_later(start, 12) - dt.timedelta(1)
    seasons = [typed.get(f"in_season_{month:02}", 1 / 12) for month in range(1, 13)]
    latest = latest_day(typed, start)
    as_of = typed.get("in_as_of") or (None if latest is None else min(latest, end))
    return Year(start, end, as_of, typed.get("in_selling_weeks") or 52, seasons)


def latest_day(typed: Typed, start: dt.date) -> dt.date | None:
    """The latest day that is typed anywhere; a week's entry is known on its Sunday."""
    days: list[Any] = []
    for table, headings in DATED.items():
        days += [row.get(heading) for row in rows_of(typed, table) for heading in headings]
    first = monday(start) - dt.timedelta(weeks=HISTORY)
    for index, row in enumerate(rows_of(typed, "tblWeeks")):
        if any(is_number(value) for heading, value in row.items() if heading != "Week of"):
            days.append(first + dt.timedelta(days=7 * index + 6))
    return max((day for day in days if isinstance(day, dt.date)), default=None)


def mondays(year: Year) -> list[dt.date]:
    """The Mondays of history and year, one for each row of the weeks."""
    first = monday(year.start) - dt.timedelta(weeks=HISTORY)
    return [day for day in (first + dt.timedelta(weeks=i) for i in range(HISTORY + 54)) if day <= year.end]


class Sales:
    """Appointments, proposals, sales and revenue: week by week, typed or else by dated deals."""

    def __init__(self, typed: Typed, year: Year) -> None:
        self.year = year
        self.deals = rows_of(typed, "tblDeals")
        rows = rows_of(typed, "tblWeeks")
        self.weeks = {day: rows[i] if i < len(rows) else {} for i, day in enumerate(mondays(year))}
        self._firsts, self._decided = defaultdict[Any, list[Row]](list), defaultdict[Any, list[Row]](list)
        for deal in self.deals:
            self._firsts[self.week_of(deal.get("First appointment"))].append(deal)
            if deal.get("Outcome") in ("WON", "LOST"):
                self._decided[self.week_of(deal.get("Closed"))].append(deal)
        self.used = {day: self._used(day) for day in self.weeks}

    def week_of(self, day: object) -> dt.date | None:
        """The week that a deal's day counts in."""
        if not isinstance(day, dt.date) or self.year.until is None or day > self.year.until:
            return None
        early = monday(self.year.start) <= day < self.year.start
        return monday(day) - dt.timedelta(days=7 * early)

    def by_deals(self, week: dt.date) -> dict[str, Number]:
        """What the deals say of a week; nothing where none is dated in it."""
        firsts, decided = self._firsts[week], self._decided[week]
        won = [deal for deal in decided if deal["Outcome"] == "WON"]
        credits = sum((deal.get("Amount") or 0) < 0 for deal in won)
        revenue = sum(deal["Amount"] for deal in won if is_number(deal.get("Amount")))
        counts: dict[str, Number] = {"proposals": len(decided) - credits, "won": len(won) - credits, "revenue": revenue}
        return {
            "first_appointments": len(firsts) or None,
            **(counts if decided else dict.fromkeys(counts)),
        }

    def _used(self, week: dt.date) -> dict[str, Number]:
        row, deals = self.weeks[week], self.by_deals(week)
        return {name: row[heading] if is_number(row.get(heading)) else deals[name] for name, heading in COUNTS.items()}

    def this_year(self) -> list[dt.date]:
        """The weeks of the year that have begun by the as-of date."""
        if self.year.until is None:
            return []
        return [day for day in self.weeks if day + dt.timedelta(6) >= self.year.start and day <= self.year.until]

    def total(self, name: str) -> Number:
        """A column's sum of the year so far; nothing where no week has a number."""
        found = [self.used[week][name] for week in self.this_year()]
        known = [value for value in found if value is not None]
        return sum(known) if known else None

    def typed_total(self, *headings: str) -> Number:
        """The sum of typed columns of the year so far."""
        found = [self.weeks[week].get(heading) for week in self.this_year() for heading in headings]
        known = [value for value in found if is_number(value)]
        return sum(known) if known else None

    def entered(self) -> list[dt.date]:
        """The weeks of the year so far with anything typed, or with a deal."""
        return [
            week
            for week in self.this_year()
            if any(is_number(value) for heading, value in self.weeks[week].items() if heading != "Week of")
            or any(self.by_deals(week)[name] is not None for name in COUNTS)
        ]

    def per_week(self) -> Number:
        """First appointments a selling week, of the rolling weeks: those without an entry are weeks too."""
        counted = [week for week, used in self.used.items() if used["first_appointments"] is not None]
        if self.year.until is None or not counted:
            return None
        last = monday(self.year.until)
        if last + dt.timedelta(6) > self.year.until and last not in counted:
            last -= dt.timedelta(7)
        first = max(counted[0], last - dt.timedelta(weeks=ROLLING - 1))
        weeks = (last - first).days // 7 + 1
        if weeks <= 0:
            return None
        held = sum(self.used[week]["first_appointments"] or 0 for week in counted if first <= week <= last)
        return held / (weeks * self.year.selling_weeks / 52)

    def different(self) -> list[dt.date]:
        """The whole weeks of the year that are typed otherwise than the deals say."""
        found = []
        for week in self.this_year():
            whole = week >= self.year.start and self.year.until and week + dt.timedelta(6) <= self.year.until
            deals = self.by_deals(week)
            pairs = [(self.weeks[week].get(heading), deals[name]) for name, heading in COUNTS.items()]
            if whole and any(is_number(t) and d is not None and round(t - d, 2) != 0 for t, d in pairs):
                found.append(week)
        return found

    def both(self) -> bool:
        """Whether some whole week has decisions of deals and is typed."""
        return any(
            (self.by_deals(week)["proposals"] or 0) > 0
            and any(is_number(self.weeks[week].get(heading)) for heading in COUNTS.values())
            and week >= self.year.start
            and self.year.until is not None
            and week + dt.timedelta(6) <= self.year.until
            for week in self.this_year()
        )

    def won_this_year(self) -> list[Row]:
        """The deals won from the year's first day to the as-of date, with an amount."""
        return [
            deal
            for deal in self.deals
            if deal.get("Outcome") == "WON"
            and is_number(deal.get("Amount"))
            and self.week_of(deal.get("Closed"))
            and deal["Closed"] >= self.year.start
        ]

    def lost_this_year(self) -> list[Row]:
        """The deals lost from the year's first day to the as-of date."""
        lost = [deal for deal in self.deals if deal.get("Outcome") == "LOST" and self.week_of(deal.get("Closed"))]
        return [deal for deal in lost if deal["Closed"] >= self.year.start]

    def cycle(self) -> Number:
        """Mean days from first appointment to decision, of this year's decisions."""
        days = [
            (deal["Closed"] - deal["First appointment"]).days
            for deal in self.deals
            if deal.get("Outcome") in ("WON", "LOST")
            and isinstance(deal.get("First appointment"), dt.date)
            and self.week_of(deal.get("Closed"))
            and deal["Closed"] >= self.year.start
        ]
        return sum(days) / len(days) if days and min(days) >= 0 else None


def points(values: Sequence[Any]) -> list[Number]:
    """1 to 5 points by rank: the one best gets 5, equals share, what is 0 gets 1."""
    known = [value for value in values if is_number(value)]

    def of(value: Any) -> Number:
        if not is_number(value):
            return None
        if value <= 0:
            return 1
        below, same = sum(other < value for other in known), sum(other == value for other in known)
        return 1 + 4 * (below + (same + 1) / 2) / len(known)

    return [of(value) for value in values]


def scores(accounts: Sequence[Row]) -> list[Number]:
    """The score of each account: revenue, potential, wallet share, high value, weighted 3, 4, 1 and 2."""
    columns: list[tuple[float, list[Number]]] = [
        (3, points([row.get("Last 12 months") for row in accounts])),
        (4, points([row.get("Potential") for row in accounts])),
        (1, [1 + 4 * row["Wallet share"] if is_number(row.get("Wallet share")) else None for row in accounts]),
        (2, [{"YES": 5, "NO": 1}.get(row.get("High value?") or "") for row in accounts]),
    ]
    found: list[Number] = []
    for index in range(len(accounts)):
        own = [(weight, column[index]) for weight, column in columns]
        known = [(weight, value) for weight, value in own if value is not None]
        found.append(sum(w * v for w, v in known) / sum(w for w, _v in known) if known else None)
    return found


def tier(score: Number) -> str:
    """A from 4, B from 2.5, else C."""
    return "" if score is None else "A" if score >= 4 else "B" if score >= 2.5 else "C"


def status(row: Row, as_of: dt.date | None) -> str:
    """What an account is: NEVER, DORMANT, DECLINING, ACTIVE."""
    if as_of is None:
        return ""
    if row.get("Last order") is None:
        return "NEVER"
    if months_later(row["Last order"], 6) <= as_of:
        return "DORMANT"
    prior, recent = row.get("Prior 12 months") or 0, row.get("Last 12 months")
    shrinks = (
        isinstance(recent, int | float) and prior > 0 and recent <= prior * 0.7
    )  # what is not known has not shrunk
    return "DECLINING" if shrinks else "ACTIVE"


@once
def sales_of(typed: Typed) -> Sales:
    """The sales of a plan in its year."""
    return Sales(typed, year_of(typed))


def planned(typed: Typed, name: str, measured: Number) -> tuple[Number, str]:
    """What the plan uses, and what that is: typed, measured above 0, or the standard."""
    own = typed.get(f"in_planned_{name}")
    if is_number(own) and (own or 0) > 0:
        return own, "TYPED"
    if measured is not None and measured > 0:
        return measured, "MEASURED"
    return (STANDARD[name], "STANDARD") if name in STANDARD else (None, "NOT YET")


@once
def figures(typed: Typed) -> dict[str, Any]:
    """Every figure of the year, by the name of its cell; "" is unknown."""
    year = year_of(typed)
    sales = sales_of(typed)
    found: dict[str, Any] = {f"fig_{name}": sales.total(name) for name in COUNTS}
    firsts, proposals, won, revenue = (found[f"fig_{name}"] for name in COUNTS)
    goal = typed.get("in_revenue_goal")
    goal = goal if is_number(goal) and (goal or 0) > 0 else None
    ratios = {
        "proposal_ratio": over(proposals, firsts) if proposals is not None and proposals <= (firsts or 0) else None,
        "close_ratio": over(won, proposals) if won is not None and won <= (proposals or 0) else None,
        "average_sale": over(revenue, won),
    }
    used = {name: planned(typed, name, ratios[name]) for name in ratios}
    for name, (value, basis) in used.items():
        found |= {f"out_{name}": ratios[name], f"calc_{name}": value, f"calc_{name}_basis": basis}
    a_week = _all(lambda: _work_back(goal, used) / year.selling_weeks, goal, used["average_sale"][0])
    found["out_magic_number"] = a_week
    found["fig_per_week"] = sales.per_week()
    found["out_activity_barometer"] = over(found["fig_per_week"], a_week)
    share = year.share_due()
    found |= {"fig_share_to_date": share, "fig_goal_to_date": _all(lambda: goal * share, goal, share)}
    found["fig_trajectory"] = over(revenue, share)
    found["out_quota_attainment"] = over(revenue, goal)
    found["fig_of_goal"], found["fig_pace_of_goal"] = over(revenue, goal), over(found["fig_trajectory"], goal)
    found |= _left(year, goal, revenue, used)
    found |= _entries(year, sales)
    found |= _deals(sales)
    found |= _hours(sales, firsts)
    found |= _accounts(typed, year)
    return {name: "" if value is None else value for name, value in found.items()}


def _all(work: Callable[[], float], *needed: Any) -> Number:
    return None if any(value is None for value in needed) else work()


def _work_back(goal: Any, used: dict[str, tuple[Any, str]]) -> float:
    value: float = goal / used["average_sale"][0] / used["proposal_ratio"][0] / used["close_ratio"][0]
    return value


def _left(year: Year, goal: Number, revenue: Number, used: dict[str, tuple[Any, str]]) -> dict[str, Number]:
    if year.until is None:
        return dict.fromkeys(("fig_weeks_left", "fig_goal_left", "fig_catch_up", "out_catch_up_number", "out_run_rate"))
    days = (year.end - year.start).days + 1
    weeks = year.selling_weeks * min(1, (year.end - year.until).days / days)
    left = None if goal is None else max(0.0, goal - (revenue or 0))
    catch_up = rate = None if left is None else 0.0
    if left:
        catch_up = _all(lambda: over(_work_back(left, used), weeks), used["average_sale"][0], weeks or None)
        rate = over(left, weeks)
    return {
        "fig_weeks_left": weeks,
        "fig_goal_left": left,
        "fig_catch_up": catch_up,
        "out_catch_up_number": catch_up,
        "out_run_rate": rate,
    }


def _entries(year: Year, sales: Sales) -> dict[str, Number]:
    entered = len(sales.entered())
    due = None
    if year.until is not None:
        whole = ((year.until - monday(year.start)).days + 1) // 7
        due = max(0, int(whole * year.selling_weeks / 52))
    deals = sales.won_this_year()
    by_deals = sum(deal["Amount"] for deal in deals) if deals else None
    typed = any(is_number(row.get("Revenue")) for row in sales.weeks.values())
    revenue = sales.total("revenue")
    apart = round(revenue - by_deals) if typed and revenue is not None and by_deals is not None else None
    return {
        "fig_weeks_entered": entered,
        "fig_weeks_due": due,
        "fig_weeks_missing": max(0, due - entered) if due and entered else None,
        "fig_weeks_different": len(sales.different()),
        "fig_deal_revenue": by_deals,
        "fig_sales_apart": apart,
        "fig_weeks_unfit": 0,
    }


def _deals(sales: Sales) -> dict[str, Number]:
    deals = [deal for deal in sales.deals if deal.get("Deal ID")]
    won = sales.won_this_year()
    came = [(deal["Amount"], deal["Forecast"]) for deal in won if (deal.get("Forecast") or 0) > 0]
    never = [(0, deal["Forecast"]) for deal in sales.lost_this_year() if (deal.get("Forecast") or 0) > 0]
    amount = sum(actual for actual, _forecast in came)
    off = sum(abs(actual - forecast) for actual, forecast in (*came, *never))
    first = {answer: sum(d["Amount"] for d in won if d.get("First sale?") == answer) for answer in ("YES", "NO")}
    open_deals = [deal for deal in deals if deal.get("Outcome") == "OPEN"]
    return {
        "fig_open_deals": len(open_deals) if deals else None,
        "fig_open_forecast": sum(deal.get("Forecast") or 0 for deal in open_deals) if deals else None,
        "fig_forecast_amount": amount,
        "fig_forecast_deviation": off,
        "fig_forecast_accuracy": max(0, 1 - off / amount) if amount else None,
        "fig_new_revenue": first["YES"],
        "fig_existing_revenue": first["NO"],
        "out_balance": over(first["YES"], first["YES"] + first["NO"]),
        "fig_lost": sum(deal.get("Outcome") == "LOST" for deal in deals) if deals else None,
        "out_sales_cycle_days": sales.cycle(),
    }


def _hours(sales: Sales, firsts: Number) -> dict[str, Number]:
    selling, hours, surprises = (sales.typed_total(*names) for names in (("Selling",), HOURS, ("Surprises",)))
    conversations = sales.typed_total("Conversations")
    converted = None if firsts is None or firsts > (conversations or 0) else over(firsts, conversations)
    return {
        "fig_conversations": conversations,
        "fig_conversation_ratio": converted,
        "out_conversation_ratio": converted,
        "fig_hours": hours,
        "fig_selling_hours": selling,
        "fig_surprise_share": None if surprises is None else over(surprises, hours),
        "out_selling_time": None if selling is None else over(selling, hours),
    }


def _accounts(typed: Typed, year: Year) -> dict[str, Number]:
    accounts = [row for row in rows_of(typed, "tblAccounts") if row.get("Account ID")]
    known = [row for row in accounts if row.get("Last 12 months") is not None]
    high = [row for row in known if row.get("High value?") == "YES" and (row.get("Prior 12 months") or 0) > 0]
    kept = [row for row in high if (row.get("Last 12 months") or 0) > 0]
    states = [status(row, year.as_of) for row in accounts]
    dormant = [row.get("Prior 12 months") or 0 for row, own in zip(accounts, states, strict=True) if own == "DORMANT"]
    return {
        "fig_accounts": len(accounts),
        "fig_high_value": len(high),
        "fig_high_value_kept": len(kept),
        "out_retention": over(len(kept), len(high)),
        "fig_dormant_revenue": sum(dormant) if any(states) else None,
    }


def states(typed: Typed, found: dict[str, Any]) -> dict[str, str]:
    """What the checks of the sales say, by their rules."""
    year = year_of(typed)
    sales = sales_of(typed)
    entered = bool(sales.entered())
    due, revenue = found["fig_goal_to_date"], found["fig_revenue"]
    opening, goal = typed.get("in_opening_revenue") or 0, typed.get("in_revenue_goal") or 0
    held = [row.get("Held") for row in rows_of(typed, "tblCheckins")]
    accounts = [row for row in rows_of(typed, "tblAccounts") if row.get("Account ID")]
    asleep = [row for row in accounts if status(row, year.as_of) == "DORMANT" and (row.get("Prior 12 months") or 0) > 0]
    ordered = [row for row in accounts if isinstance(row.get("Last order"), dt.date)]
    apart = found["fig_sales_apart"]
    return {
        "Revenue keeps up with the goal": _state(bool(due) and entered, lambda: (revenue or 0) >= due),
        "Enough first appointments are held": _known(found["out_activity_barometer"], 1),
        "Enough first appointments lead to a proposal": _known(found["out_proposal_ratio"], 0.65),
        "Enough proposals are won": _known(found["out_close_ratio"], 0.65),
        "Enough of the hours go into selling": _known(found["out_selling_time"], 0.55),
        "Every selling week has an entry": _state(
            found["fig_weeks_missing"] != "", lambda: found["fig_weeks_missing"] == 0
        ),
        "Weeks typed and deals listed say the same": _state(
            sales.both() or bool(sales.different()) or apart != "", lambda: not sales.different() and not apart
        ),
        "The goal is not below the growth planned": _state(
            goal > 0 and opening > 0, lambda: round(goal - opening * (1 + typed.get("in_growth_rate", 0.1))) >= 0
        ),
        "No high-value account of last year is lost": _known(found["out_retention"], 1),
        "No customer of value lies dormant": _state(bool(ordered) and year.as_of is not None, lambda: not asleep),
        "Every check-in was held in the year": _state(
            any(held) and year.until is not None,
            lambda: all(year.start <= day <= year.until for day in held if day),
        ),
    }


def _state(judged: bool, fine: Callable[[], bool]) -> str:
    return "NOT YET" if not judged else "OK" if fine() else "LOOK"


def _known(value: Any, standard: float) -> str:
    return _state(value != "", lambda: value >= standard)


def account_columns(accounts: Iterable[Row], as_of: dt.date | None) -> dict[str, list[Any]]:
    """The calculated columns of the account list."""
    rows = list(accounts)
    scored = scores(rows)
    return {
        "Score": ["" if score is None else score for score in scored],
        "Tier": [tier(score) for score in scored],
        "Status": [status(row, as_of) for row in rows],
    }
