"""The grey columns of the lists worked out again in plain Python, row by row: none of the project's formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from tests.planner.once import once
from tests.planner.oracle import (
    Number,
    Row,
    Sales,
    Typed,
    figures,
    is_number,
    over,
    points,
    rows_of,
    sales_of,
    scores,
    status,
    tier,
    year_of,
)
from tests.planner.oracle_days import months_later

Columns = dict[str, list[Any]]
CHANCE = {"PROSPECT": 0.1, "FIRST APPOINTMENT": 0.65 * 0.65, "PROPOSAL": 0.65, "CLOSED": 1}
POINTS = {"DORMANT": 3, "SILENT": 4, "UNCOVERED": 2, "CLOSE PASSED": 6, "CLOSES THIS WEEK": 7, "STUCK": 4}
GOALS = ("For yourself", "For the business", "For your pay", "For your markets")
STAGES = ("SEARCH", "WAKE DORMANT", "SALE", "PAPERWORK")
FUNCTIONS = (
    "Planning, forecasting and budgeting",
    "Creating demand",
    "Market research",
    "Product planning",
    "Recruiting and hiring",
    "Training: induction",
    "Training: continuing",
    "Managing",
    "Order handling",
    "Collecting payment",
)
ELEMENTS = (
    "Management and rep relationship",
    "CRM implementation",
    "Sales team support",
    "Pipeline management",
    "Top client reviews",
    "Win/loss reports",
    "Low turnover",
    "Fast ramp-up",
    "Sales process progression",
    "Sales coverage model",
    "Sales strategy",
    "Top performers",
)
COACHED = {
    "Proposal ratio": ("out_proposal_ratio", 0.65),
    "Close ratio": ("out_close_ratio", 0.65),
    "Activity barometer": ("out_activity_barometer", 1),
    "Selling time": ("out_selling_time", 0.55),
}


def given(typed: Typed, name: str, usual: Any) -> Any:
    """What a cell of Targets holds: what was typed, or what a blank planner begins with."""
    return typed.get(name, usual)


def amount(value: Any) -> Any:
    """A number, or 0."""
    return value if is_number(value) else 0


def turns(score: Sequence[Number]) -> list[Number]:
    """The turn of each: the highest first, equals from top to bottom."""
    order = sorted((i for i, own in enumerate(score) if own is not None), key=lambda i: (-amount(score[i]), i))
    return [order.index(i) + 1 if own is not None else None for i, own in enumerate(score)]


def coming_monday(day: dt.date) -> dt.date:
    """The Monday of a day's week; on a Sunday that of the week to come."""
    return day - dt.timedelta(day.weekday()) + dt.timedelta(7 * (day.weekday() == 6))


def ranks(accounts: Sequence[Row]) -> list[Number]:
    """The rank of each account by revenue, nobody's twice."""
    return turns([amount(row.get("Last 12 months")) or None for row in accounts])


def coverage(row: Row) -> str | None:
    """Whether the conversations that an account needs are planned, and who holds them."""
    needed, planned = row.get("Touches needed"), amount(row.get("Touches planned"))
    if not row.get("Account ID") or needed is None:
        return None
    if needed > 0 and (not row.get("Owner") or planned == 0):
        return "UNCOVERED"
    return "UNDER" if planned < needed else "COVERED"


@once
def accounts(typed: Typed) -> Columns:
    """The account list."""
    rows, as_of = rows_of(typed, "tblAccounts"), year_of(typed).as_of
    planned = {row.get("Account ID") for row in rows_of(typed, "tblRelations")}
    rank = ranks(rows)
    found: Columns = {
        "Points: revenue": points([row.get("Last 12 months") for row in rows]),
        "Points: potential": points([row.get("Potential") for row in rows]),
        "Points: wallet": [1 + 4 * row["Wallet share"] if is_number(row.get("Wallet share")) else None for row in rows],
        "Points: high value": [{"YES": 5, "NO": 1}.get(row.get("High value?") or "") for row in rows],
        "Score": scores(rows),
        "Tier": [tier(score) for score in scores(rows)],
        "Status": [status(row, as_of) for row in rows],
        "Declining?": [1 * _shrinks(row) for row in rows],
        "Touches missing": [_missing(row) for row in rows],
        "Coverage": [coverage(row) for row in rows],
        "Days since contact": [_since(row.get("Last contact"), as_of) for row in rows],
        "Revenue rank": rank,
    }
    silence = found["Days since contact"]
    found["Contact"] = [None if days is None else "SILENT" if days > 31 else "OK" for days in silence]
    ids = [row.get("Account ID") for row in rows]
    found["Place in the list"] = [ids.index(one) + 1 for one in ids]
    found["ID check"] = ["DUPLICATE ID" if ids.index(one) < i else "OK" for i, one in enumerate(ids)]
    needed = [
        bool(row.get("Plan type")) or row.get("High value?") == "YES" or 0 < amount(own) <= 5
        for row, own in zip(rows, rank, strict=True)
    ]
    found["Plan needed?"] = [1 * one for one in needed]
    written = [bool(row.get("Plan date")) or row["Account ID"] in planned for row in rows]
    found["Plan"] = ["PLAN" if own else "MISSING" if n else None for own, n in zip(written, needed, strict=True)]
    asleep = [amount(r.get("Prior 12 months")) for r, s in zip(rows, found["Status"], strict=True) if s == "DORMANT"]
    found["Wake-up turn"] = [
        1 + sum(other > amount(row.get("Prior 12 months")) for other in asleep) if own == "DORMANT" else None
        for row, own in zip(rows, found["Status"], strict=True)
    ]
    return found | _calls(rows, found, as_of)


def _shrinks(row: Row) -> bool:
    prior, recent = amount(row.get("Prior 12 months")), row.get("Last 12 months")
    return bool(prior > 0 and is_number(recent) and amount(recent) <= prior * 0.7)


def _missing(row: Row) -> Number:
    needed = row.get("Touches needed")
    return None if needed is None else max(0, needed - amount(row.get("Touches planned")))


def _since(day: object, as_of: dt.date | None) -> Number:
    return (as_of - day).days if isinstance(day, dt.date) and as_of else None


def _calls(rows: Sequence[Row], found: Columns, as_of: dt.date | None) -> Columns:
    why: list[str | None] = []
    for index in range(len(rows)):
        asleep = found["Status"][index] == "DORMANT"
        silent, uncovered = found["Contact"][index] == "SILENT", found["Coverage"][index] == "UNCOVERED"
        why.append("DORMANT" if asleep else "SILENT" if silent else "UNCOVERED" if uncovered else None)
    worth = [
        max(0, amount(row.get("Prior 12 months")), amount(row.get("Last 12 months"))) if one else None
        for row, one in zip(rows, why, strict=True)
    ]
    most = max([1, *(own for own in worth if own is not None)])
    figure = {
        "DORMANT": [_since(row.get("Last order"), as_of) for row in rows],
        "SILENT": found["Days since contact"],
        "UNCOVERED": found["Touches missing"],
    }
    score = [
        round(POINTS[one] * (1 + amount(own) / most), 7) if one else None for one, own in zip(why, worth, strict=True)
    ]
    return {
        "Call because": why,
        "Days, or conversations missing": [figure[one][i] if one else None for i, one in enumerate(why)],
        "Worth calling for": worth,
        "Call: score": score,
        "Call: turn": turns(score),
    }


def decided_this_year(sales: Sales, row: Row) -> bool:
    """Whether a deal was won or lost from the year's first day to the as-of date."""
    closed = row.get("Closed")
    decided = row.get("Outcome") in ("WON", "LOST") and sales.week_of(closed) is not None
    return bool(decided and isinstance(closed, dt.date) and closed >= sales.year.start)


def won_this_year(sales: Sales, row: Row) -> Number:
    """What a deal brought this year."""
    fits = row.get("Outcome") == "WON" and decided_this_year(sales, row) and is_number(row.get("Amount"))
    return row["Amount"] if fits else None


def _came(sales: Sales, rows: list[Row]) -> list[Number]:
    """What each deal decided this year brought, a lost one 0; None where that is not known."""
    lost = [row.get("Outcome") == "LOST" and decided_this_year(sales, row) for row in rows]
    return [0 if gone else won_this_year(sales, row) for gone, row in zip(lost, rows, strict=True)]


@once
def deals(typed: Typed) -> Columns:
    """The deal list."""
    rows, year = rows_of(typed, "tblDeals"), year_of(typed)
    sales = sales_of(typed)
    names = {row["Account ID"]: row.get("Account") or "" for row in rows_of(typed, "tblAccounts")}
    account = [names.get(row["Account ID"], "UNKNOWN") if row.get("Account ID") else None for row in rows]
    ids = [row.get("Deal ID") for row in rows]
    dated = [("First appointment", "Closed", row) for row in rows]
    cycle = [(row[b] - row[a]).days if row.get(a) and row.get(b) else None for a, b, row in dated]
    won = [won_this_year(sales, row) for row in rows]
    is_open = [row.get("Outcome") == "OPEN" for row in rows]
    margin = [_margin(typed, row) for row in rows]
    decided = [row.get("Outcome") in ("WON", "LOST") for row in rows]
    found: Columns = {
        "Account": account,
        "Decided this year?": [1 * decided_this_year(sales, row) if row.get("Outcome") else None for row in rows],
        "Cycle, days": cycle,
        "Days open": [
            _since(r.get("First appointment"), year.as_of) if o else None for r, o in zip(rows, is_open, strict=True)
        ],
        "Margin after discount": margin,
        "Discount guard": [_guard(row, left) for row, left in zip(rows, margin, strict=True)],
        "Forecast off by": [
            abs(own - row["Forecast"]) if own is not None and amount(row.get("Forecast")) > 0 else None
            for own, row in zip(_came(sales, rows), rows, strict=True)
        ],
        "Week of the first appointment": [sales.week_of(row.get("First appointment")) for row in rows],
        "Week of the decision": [
            sales.week_of(r.get("Closed")) if own else None for r, own in zip(rows, decided, strict=True)
        ],
        "Decided?": [1 * own if row.get("Outcome") else None for row, own in zip(rows, decided, strict=True)],
        "Won this year": won,
        "ID check": [
            "DUPLICATE ID" if ids.index(one) < i else "UNKNOWN ACCOUNT" if account[i] == "UNKNOWN" else "OK"
            for i, one in enumerate(ids)
        ],
        "Date check": [_date_check(row, days) for row, days in zip(rows, cycle, strict=True)],
        "Place in the list": [ids.index(one) + 1 for one in ids],
    }
    return found | _moves(rows, year.as_of)


def _margin(typed: Typed, row: Row) -> Number:
    gross, off = given(typed, "in_gross_margin", 0.5), amount(row.get("Discount"))
    return (gross - off) / (1 - off) if is_number(row.get("Discount")) and off < 1 else None


def _guard(row: Row, left: Number) -> str | None:
    if left is None:
        return None
    return "NO" if left < 0.3 else "APPROVAL" if row.get("First sale?") == "YES" and row["Discount"] > 0 else "OK"


def _date_check(row: Row, days: Number) -> str:
    if row.get("Outcome") == "WON" and not (row.get("Closed") and is_number(row.get("Amount"))):
        return "NO DATE OR AMOUNT"
    return "CLOSED TOO EARLY" if amount(days) < 0 else "OK"


def _moves(rows: Sequence[Row], as_of: dt.date | None) -> Columns:
    is_open = [row.get("Outcome") == "OPEN" for row in rows]
    worth = [
        (row["Forecast"] if is_number(row.get("Forecast")) else max(0, amount(row.get("Amount")))) if own else None
        for row, own in zip(rows, is_open, strict=True)
    ]
    steps = [[d for d in (row.get("First appointment"), row.get("Proposal")) if d] for row in rows]
    stage = [_since(max(d), as_of) if d and own else None for d, own in zip(steps, is_open, strict=True)]
    left = [
        (row["Expected close"] - as_of).days if own and as_of and row.get("Expected close") else None
        for row, own in zip(rows, is_open, strict=True)
    ]
    ahead = (coming_monday(as_of) + dt.timedelta(6) - as_of).days if as_of else 0

    def reason(index: int) -> str | None:
        if not is_open[index]:
            return None
        days = left[index]
        if days is not None and days <= ahead:
            return "CLOSE PASSED" if days < 0 else "CLOSES THIS WEEK"
        return "STUCK" if amount(stage[index]) > 45 else None

    why = [reason(index) for index in range(len(rows))]
    most = max([1, *(own for own in worth if own is not None)])
    score = [
        round(POINTS[one] * (1 + amount(own) / most), 7) if one else None for one, own in zip(why, worth, strict=True)
    ]
    return {
        "Days in stage": stage,
        "Days to expected close": left,
        "Worth while open": worth,
        "Weighted": [
            own * CHANCE[row["Stage"]] if own is not None and row.get("Stage") else None
            for own, row in zip(worth, rows, strict=True)
        ],
        "Move because": why,
        "Move: score": score,
        "Move: turn": turns(score),
        "No date or next action": [
            1 if own and not (row.get("Expected close") and row.get("Next action")) else None
            for row, own in zip(rows, is_open, strict=True)
        ],
    }


def products(typed: Typed) -> Columns:
    """The product lines over three years."""
    rows, sales = rows_of(typed, "tblProducts"), sales_of(typed)
    growth, attrition = (
        amount(given(typed, f"in_{n}_rate", usual)) for n, usual in (("growth", 0.1), ("attrition", 0.17))
    )
    share = amount(given(typed, "in_high_value_share", 0))
    sold = [
        sum(amount(won_this_year(sales, deal)) for deal in sales.deals if deal.get("Product") == row["Product line"])
        for row in rows
    ]
    goals = [amount(row.get("Goal this year")) for row in rows]
    found: Columns = {name: [] for name in PRODUCT_COLUMNS}
    for row, actual, goal in zip(rows, sold, goals, strict=True):
        up = row["Growth"] if is_number(row.get("Growth")) else growth
        lost = row["Attrition"] if is_number(row.get("Attrition")) else attrition
        lost *= 1 - (row["Protected share"] if is_number(row.get("Protected share")) else share)
        opening, years = row.get("Opening revenue"), []
        for _year in range(3):
            years.append((None, None) if opening is None else (opening * (1 + up), max(0, opening * (up + lost))))
            opening = years[-1][0]
        targets, needed = zip(*years, strict=True)
        apart = abs(actual / sum(sold) - goal / sum(goals)) if sum(sold) and sum(goals) else None
        values = (up, lost, *targets, *needed, actual, over(actual, goal), apart)
        for name, value in zip(PRODUCT_COLUMNS, values, strict=True):
            found[name].append(value)
    return found


PRODUCT_COLUMNS = (
    "Growth used",
    "Loss used",
    *(f"Target, year {number}" for number in (1, 2, 3)),
    *(f"New business, year {number}" for number in (1, 2, 3)),
    "Won this year",
    "Of goal",
    "Mix: off by",
)


def team(typed: Typed) -> Columns:
    """What people reached, and what it pays."""
    rows = rows_of(typed, "tblTeam")
    reached = [over(row.get("Actual"), row.get("Target")) for row in rows]
    paid = []
    for row, share in zip(rows, reached, strict=True):
        pay = row.get("Pay at target")
        known = share is not None and is_number(pay)
        paid.append(None if not known else 0 if amount(share) < 0.8 else amount(pay) * amount(share))
    return {"Of target": reached, "Pay earned": paid}


def stages(typed: Typed) -> Columns:
    """Who does which part of the sale."""
    owners = [*(row.get("Owner") for row in rows_of(typed, "tblStages")), None, None, None, None][:4]
    model, seller = typed.get("in_coverage_model") or "COMBINED", owners[2]
    wrong = {"PAPERWORK": "NO ASSISTANT"} if model != "COMBINED" else {}
    if model == "SPECIALISED":
        wrong |= {"SEARCH": "SELLER SEARCHES", "WAKE DORMANT": "SELLER SEARCHES"}

    def verdict(stage: str, owner: str | None) -> str | None:
        if not owner:
            return "NO OWNER" if any(owners) else None
        return wrong.get(stage, "OK") if owner == seller else "OK"

    verdicts = [verdict(stage, owner) for stage, owner in zip(STAGES, owners, strict=True)]
    return {"Part of the sale": [*STAGES], "Who sells": [seller or ""] * 4, "Verdict": verdicts}


def functions(typed: Typed) -> Columns:
    """Who answers for each function of the organisation."""
    owners = [*(row.get("Owner") for row in rows_of(typed, "tblFunctions")), *[None] * 10][:10]
    verdicts = ["OK" if owner else "NO OWNER" if any(owners) else None for owner in owners]
    return {"Function": [*FUNCTIONS], "Verdict": verdicts}


def relations(typed: Typed) -> Columns:
    """The accounts with a relationship plan."""
    listed = rows_of(typed, "tblAccounts")
    rank = ranks(listed)
    found: Columns = {"Account": [], "Revenue rank": [], "Plan type": []}
    for row in rows_of(typed, "tblRelations"):
        at = next((i for i, own in enumerate(listed) if own["Account ID"] == row["Account ID"]), None)
        known = at is not None
        found["Account"].append(listed[at or 0].get("Account") if known else "UNKNOWN")
        found["Revenue rank"].append(rank[at or 0] if known else None)
        found["Plan type"].append(listed[at or 0].get("Plan type") if known else None)
    return found


@once
def development(typed: Typed) -> Columns:
    """Which figures are below their standards."""
    measured = figures(typed)
    now = [measured[name] for name, _standard in COACHED.values()]
    standard = [own for _name, own in COACHED.values()]
    low = [own != "" and own < wanted for own, wanted in zip(now, standard, strict=True)]
    score = [round(5 * (2 - n / s), 7) if bad else None for n, s, bad in zip(now, standard, low, strict=True)]
    verdict = [None if own == "" else "COACH" if bad else "OK" for own, bad in zip(now, low, strict=True)]
    return {
        "Figure": [*COACHED],
        "Now": now,
        "Standard": [*standard],
        "Verdict": verdict,
        "Coach: score": score,
        "Coach: turn": turns(score),
    }


def health(typed: Typed) -> Columns:
    """The twelve elements."""
    score = [*(row.get("Score") for row in rows_of(typed, "tblOrgHealth")), *[None] * 12][:12]
    verdict = [None if own is None else "GAP" if own < 3 else "STRENGTH" if own > 3 else "OK" for own in score]
    return {"No.": [*range(1, 13)], "Element": [*ELEMENTS], "Verdict": verdict}


def fixed_goals(_typed: Typed) -> Columns:
    """The four goals."""
    return {"Goal": [*GOALS]}


LISTS: Mapping[str, Any] = {
    "tblAccounts": accounts,
    "tblDeals": deals,
    "tblProducts": products,
    "tblTeam": team,
    "tblStages": stages,
    "tblFunctions": functions,
    "tblGoals": fixed_goals,
    "tblRelations": relations,
    "tblDevelopment": development,
    "tblOrgHealth": health,
}

__all__ = ["LISTS", "coming_monday", "given", "months_later"]
