"""All other figures worked out again in plain Python: plans, people, risk, growth, the week looked at."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from tests.planner import oracle
from tests.planner.once import once
from tests.planner.oracle import HISTORY, Number, Row, Typed, is_number, over, rows_of, sales_of, year_of
from tests.planner.oracle_calendar import Week, check_ins, coaching_figures, meeting_figures, year_weeks
from tests.planner.oracle_days import monday, months_later
from tests.planner.oracle_lists import accounts, amount, coming_monday, deals, development, given, products

DAY = dt.timedelta(1)
NEEDED = ("in_territory_name", "in_person", "in_fiscal_year", "in_currency")
# The lists with the headings that hold numbers or dates, beside what stands there from the beginning.
VALUES: Mapping[str, tuple[Sequence[str], int]] = {
    "accounts": (
        (
            *("Prior 12 months", "Last 12 months", "Potential", "Wallet share", "Last order", "Last contact"),
            *("Products sold", "Touches needed", "Touches planned", "Plan date"),
        ),
        0,
    ),
    "deals": (
        (
            *("First appointment", "Proposal", "Closed", "Amount", "Discount", "Interview", "Forecast"),
            "Expected close",
        ),
        0,
    ),
    "weeks": (
        (
            *("Week of", "Conversations", "Appointments", "First appointments", "Proposals", "Won", "Revenue"),
            *("Selling", "Search", "Paperwork", "Travel", "Internal", "Surprises"),
        ),
        0,
    ),
    "checkins": (("Held", "Planned", "Actual", "Due", "Value to leader", "Value to person"), 97),
    "team": (("Hours a week", "Target", "Actual", "Pay at target", "Fit"), 0),
    "stages": ((), 4),
    "functions": ((), 10),
    "products": (("Goal this year", "Opening revenue", "Growth", "Attrition", "Protected share"), 0),
    "goals": (("By when",), 4),
    "actions": (("By when",), 0),
    "relations": (("By when",), 0),
    "development": (("By when",), 4),
    "orghealth": (("Score",), 0),
}
# Lists with calculated cells; those that are sorted and cut; those that end before blank rows.
CALCULATED = (
    *("accounts", "deals", "weeks", "checkins", "team", "stages", "functions", "products", "goals"),
    *("relations", "development", "orghealth"),
)
MOVED = tuple(name for name in CALCULATED if name != "orghealth")
BENEATH = (*MOVED, "support", "actions", "segments")


@once
def rest(typed: Typed) -> dict[str, Any]:
    """Every figure that `oracle.figures` leaves out, by the name of its cell; "" is unknown."""
    measured = oracle.figures(typed)
    found: dict[str, Any] = {}
    for part in (_calendar, _weeks, _accounts, _deals, _people, _growth, _this_week, _values, _states):
        found |= part(typed, measured)
    found |= meeting_figures(typed) | coaching_figures(typed)
    return {name: "" if value is None else value for name, value in found.items()}


def _calendar(typed: Typed, _measured: Mapping[str, Any]) -> dict[str, Any]:
    year = year_of(typed)
    latest = oracle.latest_day(typed, year.start)
    hours, buffer = given(typed, "in_hours_per_week", 40), given(typed, "in_surprise_buffer", 0.1)
    dated = [deal.get(name) for deal in rows_of(typed, "tblDeals") for name in oracle.DATED["tblDeals"]]
    return {
        "calc_year_start": year.start,
        "calc_year_end": year.end,
        "calc_first_week": monday(year.start) - HISTORY * 7 * DAY,
        "calc_year_monday": monday(year.start),
        "calc_latest": latest or 0,
        "calc_as_of": year.as_of,
        "calc_until": year.until,
        "calc_until_monday": monday(year.until) if year.until else None,
        "calc_goal": typed.get("in_revenue_goal") or None,
        "calc_selling_weeks": year.selling_weeks,
        "calc_plannable_hours": amount(hours) * (1 - amount(buffer)),
        "calc_history_weeks": 13,
        "calc_tolerance": 1e-9,
        "calc_top_points": 5,
        "fig_latest_deal": max((day for day in dated if day), default=0),
        "fig_month": Week(sales_of(typed), monday(year.start), None).month(year.until) or None,
        "fig_weeks_of_year": (year.end - monday(year.start)).days // 7 + 1,
    }


def _weeks(typed: Typed, measured: Mapping[str, Any]) -> dict[str, Any]:
    year, rows = year_of(typed), year_weeks(typed)
    differ = [week.day for week in rows if week.differences]
    both = [w for w in rows if w.whole and w.source == "TYPED" and (w.deals["proposals"] or 0) > 0]
    counted = [week.day for week in rows if week.used["first_appointments"] is not None]
    last = monday(year.until) if year.until else None
    if last and year.until and last + 6 * DAY > year.until and last not in counted:
        last -= 7 * DAY
    first = max(min(counted), last - 12 * 7 * DAY) if last and counted else None
    weeks = (last - first).days / 7 + 1 if last and first else None
    return {
        "fig_weeks_compared": len(both) + len(differ),
        "fig_different_from": min(differ, default=None),
        "fig_different_to": max(differ, default=None),
        "fig_counting_to": last,
        "fig_counting_from": first,
        "fig_counted_weeks": None if weeks is None else max(0, weeks) * year.selling_weeks / 52,
        "fig_surprise_hours": sales_of(typed).typed_total("Surprises"),
        "fig_hours_to_date": measured["fig_hours"],
        "fig_missing": sum(not typed.get(name) for name in NEEDED) + (not typed.get("in_revenue_goal")),
    }


def _accounts(typed: Typed, measured: Mapping[str, Any]) -> dict[str, Any]:
    rows, columns = rows_of(typed, "tblAccounts"), accounts(typed)
    planned = columns["Plan"].count("PLAN")
    top = [plan for plan, rank in zip(columns["Plan"], columns["Revenue rank"], strict=True) if 0 < amount(rank) <= 5]
    open_to_risk = [
        amount(row.get("Last 12 months"))
        for row, covered in zip(rows, columns["Coverage"], strict=True)
        if covered in ("UNCOVERED", "UNDER")
    ]
    uncovered = sum(open_to_risk) if any(columns["Coverage"]) else None
    attrition = amount(given(typed, "in_attrition_rate", 0.17))
    shrinking = [row for row, status in zip(rows, columns["Status"], strict=True) if status == "DECLINING"]
    lost = sum(amount(row.get("Prior 12 months")) - amount(row.get("Last 12 months")) for row in shrinking)
    pairs = [(row.get("Prior 12 months"), row.get("Last 12 months")) for row in rows]
    less = sum(amount(a) - amount(b) for a, b in pairs if is_number(a) and is_number(b) and amount(a) > amount(b))
    return {
        "fig_accounts_planned": planned,
        "fig_top_accounts": len(top),
        "fig_top_planned": top.count("PLAN"),
        "fig_uncovered_revenue": uncovered,
        "fig_revenue_at_risk": None if uncovered is None else uncovered * attrition,
        "fig_shrinking_revenue": None if measured["fig_dormant_revenue"] == "" else lost,
        "out_dormant_value": less if any(is_number(prior) for prior, _recent in pairs) else None,
        "out_plan_coverage": over(planned, len(rows)),
        "out_top_coverage": over(top.count("PLAN"), len(top)),
    }


def _deals(typed: Typed, measured: Mapping[str, Any]) -> dict[str, Any]:
    rows, columns = rows_of(typed, "tblDeals"), deals(typed)
    lost = [row for row in rows if row.get("Outcome") == "LOST"]
    won = [row for row in rows if row.get("Outcome") == "WON"]
    ended = [
        (row["First appointment"], row["Closed"])
        for row, this_year in zip(rows, columns["Decided this year?"], strict=True)
        if this_year and row.get("First appointment")
    ]
    wrong = sum(close < first for first, close in ended)
    apart = [gap for gap in products(typed)["Mix: off by"] if gap is not None]
    left = measured["fig_goal_left"]
    ways = {"appointment": "First appointment", "proposal": "Proposal"}
    ends = {way: _ended(rows, columns["Decided this year?"], heading) for way, heading in ways.items()}
    weighted = sum(amount(own) for own in columns["Weighted"]) if rows else None
    return {
        **{f"fig_won_from_{way}": won for way, (won, _lost) in ends.items()},
        **{f"fig_lost_from_{way}": lost for way, (_won, lost) in ends.items()},
        **{f"out_win_rate_{way}": over(won, won + lost) for way, (won, lost) in ends.items()},
        "fig_lost_unheard": sum(not row.get("Interview") for row in lost) if rows else None,
        "fig_unexplained": sum(not row.get("Reason") for row in (*lost, *won)) if rows else None,
        "fig_cycles_wrong": wrong,
        "fig_cycle_from": None if wrong else _mean([first for first, _close in ended]),
        "fig_cycle_to": None if wrong else _mean([close for _first, close in ended]),
        "fig_mix_gap": sum(apart) / 2 if apart else None,
        "fig_weighted_forecast": weighted,
        "out_weighted_pipeline": weighted,
        "fig_undated": sum(amount(own) for own in columns["No date or next action"]),
        "out_pipeline_coverage": over(measured["fig_open_forecast"], left) if rows and left not in ("", 0) else None,
    }


def _ended(rows: Sequence[Row], this_year: Sequence[Any], heading: str) -> tuple[int, int]:
    """How many deals with a date under the heading were won and lost this year, without credit notes."""
    own = [row for row, counts in zip(rows, this_year, strict=True) if counts and isinstance(row.get(heading), dt.date)]
    amounts = [row.get("Amount") for row in own if row.get("Outcome") == "WON"]
    won = sum(is_number(sold) and amount(sold) >= 0 for sold in amounts)
    return won, sum(row.get("Outcome") == "LOST" for row in own)


def serial(day: dt.date) -> int:
    """A date as a cell holds it."""
    return (day - dt.date(1899, 12, 30)).days


def _mean(days: Sequence[dt.date]) -> Number:
    return sum(map(serial, days)) / len(days) if days else None


def _people(typed: Typed, measured: Mapping[str, Any]) -> dict[str, Any]:
    scores = [row.get("Score") for row in rows_of(typed, "tblOrgHealth")]
    whole = len(scores) == 12 and all(is_number(score) for score in scores)
    team = rows_of(typed, "tblTeam")
    fits = [amount(row.get("Fit")) for row in team]
    best = team[fits.index(max(fits))].get("Name") or "" if any(fits) else None
    hired, ready = typed.get("in_hired"), typed.get("in_productive")
    ramp = calendar = None
    if hired and ready and ready >= hired:
        calendar = 12 * (ready.year - hired.year) + ready.month - hired.month
        whole_months = calendar - (ready < months_later(hired, calendar))
        since, until = (months_later(hired, whole_months + more) for more in (0, 1))
        ramp = whole_months + (ready - since).days / (until - since).days
    selling = measured["out_selling_time"]
    weeks, usual = given(typed, "in_selling_weeks", 52), 40
    hours = amount(given(typed, "in_hours_per_week", 40)) * (1 - amount(given(typed, "in_surprise_buffer", 0.1)))
    own = typed.get("in_selling_hours")
    load = over(own if is_number(own) else hours * amount(weeks) * 0.55, typed.get("in_hours_per_account"))
    support = over(typed.get("in_support_hours"), given(typed, "in_support_week", usual))
    cost, sale, margin = (
        typed.get("in_assistant_cost"),
        measured["calc_average_sale"],
        given(typed, "in_gross_margin", 0.5),
    )
    band = None if selling == "" else "BELOW" if selling < 0.55 else "ABOVE" if selling > 0.65 else "IN BAND"
    return {
        "out_org_health": (sum(map(amount, scores)) / 12 - 1) / 4 if whole else None,
        "fig_turnover": over(typed.get("in_leavers"), typed.get("in_headcount")),
        "fig_ramp_months": calendar,
        "fig_ramp_day": None if calendar is None else months_later(hired, calendar),
        "out_ramp_months": ramp,
        "fig_ramp": "NOT YET" if ramp is None else "LOOK" if ramp > 9 else "OK",
        "fig_best_in_front": best,
        "out_selling_time_status": band,
        "out_account_load": None if load is None else math.floor(load),
        "out_support_needed": None if support is None else math.ceil(support),
        "out_assistant_payback": over(cost, sale * amount(margin)) if sale != "" else None,
    }


def _growth(typed: Typed, _measured: Mapping[str, Any]) -> dict[str, Any]:
    opening = typed.get("in_opening_revenue")
    growth, attrition = growth_and_loss(typed)
    margin = amount(given(typed, "in_gross_margin", 0.5))
    asked, discount = given(typed, "in_ask_revenue", 100_000), given(typed, "in_ask_discount", 0.2)
    return {
        "out_new_business": max(0, amount(opening) * (growth + attrition))
        if is_number(opening) and growth <= 1
        else None,
        "out_breakeven_profit": asked / (1 - discount),
        "out_breakeven_price": asked * (1 - discount) * margin / (margin - discount) if margin > discount else None,
    }


def growth_and_loss(typed: Typed) -> tuple[float, float]:
    """How much is to be added to the opening revenue, and how much of it is lost."""
    attrition = amount(given(typed, "in_attrition_rate", 0.17)) * (1 - amount(typed.get("in_high_value_share")))
    return amount(given(typed, "in_growth_rate", 0.1)), attrition


def _this_week(typed: Typed, measured: Mapping[str, Any]) -> dict[str, Any]:
    year, rows = year_of(typed), year_weeks(typed)
    start = coming_monday(year.as_of) if year.as_of else None
    goals = [week.goal for week in rows if week.day == start]
    blank = [
        w
        for w in rows
        if start and w.last and w.day < start and not w.entered and all(v is None for v in w.deals.values())
    ]
    names = ("average_sale", "proposal_ratio", "close_ratio")
    planned = "TYPED" if any(is_number(typed.get(f"in_planned_{name}")) for name in names) else "MEASURED"
    standard = "STANDARD" in (measured["calc_proposal_ratio_basis"], measured["calc_close_ratio_basis"])
    undated = deals(typed)["No date or next action"]
    turned = (
        *accounts(typed)["Call: turn"],
        *deals(typed)["Move: turn"],
        *check_ins(typed)["Hold: turn"],
        *development(typed)["Coach: turn"],
    )
    waiting = sum(turn is not None for turn in turned) + bool(blank) + any(undated)
    something = len(accounts(typed)["Status"]) + len(undated) + sum(week.entered for week in rows)
    missing = sum(not typed.get(name) for name in NEEDED) + (not typed.get("in_revenue_goal"))
    first = (
        "NOT YET: fill Targets first – territory, person, year, currency and goal."
        if missing
        else "NOT YET: list your accounts, your open deals or a week; this sheet then says what to do."
        if not something
        else "NOT YET: type the day under As of on Targets, or fill a week on Activity."
    )
    ready = not missing and bool(something) and year.as_of is not None
    free = "Nothing is waiting: every customer is talked to and every deal moves. Use the week to prospect."
    says = f"Waiting this week: {waiting} – shown are ten at most, what counts most first" if waiting else free
    return {
        "fig_week_start": start,
        "fig_week_end": start + 6 * DAY if start else None,
        "fig_days_ahead": (start + 6 * DAY - year.as_of).days if start and year.as_of else None,
        "fig_week_number": (start - monday(year.start)).days / 7 + 1 if start else None,
        "fig_week_goal": goals[0] if goals else None,
        "fig_catch_up_planned": planned,
        "fig_catch_up_basis": "STANDARD" if standard else planned,
        "fig_unfilled": len(blank),
        "fig_waiting": waiting,
        "fig_something": something,
        "fig_week_ready": 1 * ready,
        "fig_week_first": first,
        "fig_week_says": says if ready else first,
    }


def _values(typed: Typed, _measured: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in cells for numbers and dates; nothing here overwrites a formula or moves a row."""
    found: dict[str, Any] = {f"fig_overwritten_{name}": 0 for name in CALCULATED}
    found |= {f"fig_moved_{name}": 0 for name in MOVED} | {f"fig_beneath_{name}": 0 for name in BENEATH}
    tables = {"orghealth": "tblOrgHealth", "checkins": "tblCheckins"}
    for name, (headings, standing) in VALUES.items():
        rows: Sequence[Row] = rows_of(typed, tables.get(name, f"tbl{name.capitalize()}"))
        cells: list[Any] = [row[heading] for row in rows for heading in headings if row.get(heading) is not None]
        texts = sum(isinstance(cell, str) for cell in cells)
        if name == "weeks" and "tblWeeks.Week of" not in typed:
            cells += oracle.mondays(year_of(typed))  # as a blank planner lists them
        found[f"fig_filled_{name}"] = len(cells) + standing
        found[f"fig_texts_{name}"] = texts
        found[f"fig_numbers_{name}"] = len(cells) + standing - texts
    return found


STATES = {
    "state_goal_to_date": "Revenue keeps up with the goal",
    "state_barometer": "Enough first appointments are held",
    "state_proposal_ratio": "Enough first appointments lead to a proposal",
    "state_close_ratio": "Enough proposals are won",
    "state_selling_time": "Enough of the hours go into selling",
    "state_retention": "No high-value account of last year is lost",
}


def _states(typed: Typed, measured: Mapping[str, Any]) -> dict[str, Any]:
    said = oracle.states(typed, dict(measured))
    coverage = _accounts(typed, measured)["out_plan_coverage"]
    plans = "NOT YET" if coverage is None else "OK" if coverage >= 0.5 else "LOOK"
    return {name: said[rule] for name, rule in STATES.items()} | {"state_plan_coverage": plans}
