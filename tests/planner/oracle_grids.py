"""The grids of Plan, Team, Growth, Targets, Checks, Discounts and Lists, worked out again in plain Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from tests.planner import oracle
from tests.planner.oracle import Typed, over, rows_of, year_of
from tests.planner.oracle_calendar import weeks, year_weeks
from tests.planner.oracle_days import monday, months_later
from tests.planner.oracle_lists import Columns, amount, given
from tests.planner.oracle_rest import growth_and_loss, rest


def grids(typed: Typed) -> dict[str, Columns]:
    """The columns of the grids, by their names."""
    measured = oracle.figures(typed) | rest(typed)
    return {
        "plan_coverage": _coverage(measured),
        "levers": _levers(typed, measured),
        "peers": _peers(typed, measured),
        "years": _years(typed),
        "scenarios": _scenarios(typed, measured),
        "months": _months(typed),
        "differing": _differing(typed),
        "own_margin": _own_margin(typed),
        "year_weeks": _year_weeks(typed),
    }


def _coverage(measured: Mapping[str, Any]) -> Columns:
    now, target = [measured["out_plan_coverage"], measured["out_top_coverage"]], [0.5, 1]
    state = ["NOT YET" if n == "" else "LOOK" if n < t else "OK" for n, t in zip(now, target, strict=True)]
    names = ["All accounts", "Top accounts"]
    return {"group": names, "now": now, "usual": [0.15, 0.27], "target": target, "state": state}


def _levers(typed: Typed, measured: Mapping[str, Any]) -> Columns:
    names = ("fig_first_appointments", "out_proposal_ratio", "out_close_ratio", "out_average_sale")
    level = [measured[name] for name in names]
    magic, share, weeks = (
        measured["out_magic_number"],
        measured["fig_share_to_date"],
        given(typed, "in_selling_weeks", 52),
    )
    due = None if "" in (magic, share) else magic * amount(weeks) * share
    aim = [due, 0.65, 0.65, typed.get("in_peer_average_sale") or 0]
    revenue, whole = measured["fig_revenue"], "" not in level
    gain = [max(0, revenue * (a / n - 1)) if whole and n and a else None for n, a in zip(level, aim, strict=True)]
    most = max((own for own in gain if own is not None), default=0)
    return {
        "lever": ["First appointments", "Proposal ratio", "Close ratio", "Average sale"],
        "level": level,
        "aim": aim,
        "gain": gain,
        "blocker": ["START HERE" if own and own == most else None for own in gain],
    }


def _peers(typed: Typed, measured: Mapping[str, Any]) -> Columns:
    own = [measured["out_average_sale"], measured["out_sales_cycle_days"]]
    mean = [typed.get(f"in_peer_{name}") or None for name in ("average_sale", "cycle_days")]
    apart = [o / m - 1 if o != "" and m else None for o, m in zip(own, mean, strict=True)]
    limit, words = [-0.4, -0.3], [("INVESTIGATE", "BEST PRACTICE"), ("BEST PRACTICE", "INVESTIGATE")]
    flag = [
        "NOT YET" if gap is None else "OK" if abs(gap) < -most else low if gap < 0 else high
        for gap, most, (low, high) in zip(apart, limit, words, strict=True)
    ]
    return {
        "figure": ["Average sale", "Sales cycle, days"],
        "own": own,
        "mean": mean,
        "distance": apart,
        "limit": [*limit],
        "flag": flag,
    }


def _years(typed: Typed) -> Columns:
    growth, loss = growth_and_loss(typed)
    opening, people = typed.get("in_opening_revenue"), max(1, len(rows_of(typed, "tblTeam")))
    found: Columns = {name: [] for name in YEAR_COLUMNS}
    for year in (1, 2, 3):
        if opening is None:
            values: tuple[Any, ...] = (year, *[None] * 7)
        else:
            lost, target = opening * loss, opening * (1 + growth)
            needed = max(0, opening * growth + lost)
            values = (year, opening, opening - lost, lost, needed, target, needed / people, over(needed, target))
            opening = target
        for name, value in zip(YEAR_COLUMNS, values, strict=True):
            found[name].append(value)
    return found


YEAR_COLUMNS = ("year", "opening", "kept", "lost", "needed", "target", "per_person", "of_target")


def _scenarios(typed: Typed, measured: Mapping[str, Any]) -> Columns:
    opening, share = typed.get("in_opening_revenue"), amount(typed.get("in_high_value_share"))
    growth = amount(given(typed, "in_growth_rate", 0.1))
    attrition = amount(given(typed, "in_attrition_rate", 0.17))
    off = [amount(given(typed, f"in_{name}_swing", 0.05)) for name in ("growth", "attrition")]
    found: Columns = {"scenario": ["LOW", "BASE", "HIGH"]}
    for step in (-1, 0, 1):
        up, lost = growth + step * off[0], min(1, max(0, attrition - step * off[1]))
        goals = [None if opening is None else opening * (1 + up) ** year for year in (1, 2, 3)]
        sale, known = measured["calc_average_sale"], goals[0] is not None
        to_find = max(0, opening * (up + lost * (1 - share))) if opening is not None else None
        weekly = None
        if known and sale != "":
            ratios = measured["calc_proposal_ratio"] * measured["calc_close_ratio"]
            weekly = max(0, amount(goals[0])) / sale / ratios / measured["calc_selling_weeks"]
        names = ("growing", "losing", "goal_1", "goal_2", "goal_3", "to_find", "a_week")
        for name, value in zip(names, (up, lost, *goals, to_find, weekly), strict=True):
            found.setdefault(name, []).append(value)
    return found


def _months(typed: Typed) -> Columns:
    year, goal = year_of(typed), typed.get("in_revenue_goal")
    starts = [months_later(year.start, month) for month in range(13)]
    shares = [year.seasons[start.month - 1] for start in starts[:12]]
    return {
        "start": starts[:12],
        "share": shares,
        "before": [sum(shares[:month]) for month in range(12)],
        "days": [(after - start).days for start, after in pairwise(starts)],
        "goal": [None if goal is None else goal * share for share in shares],
    }


def _differing(typed: Typed) -> Columns:
    weeks = [week for week in year_weeks(typed) if week.differences][:7]
    blank: list[Any] = [None] * (7 - len(weeks))
    return {
        "week": [*(week.day for week in weeks), *blank],
        "typed": [*(week.used["revenue"] for week in weeks), *blank],
        "deals": [*(week.deals["revenue"] or 0 for week in weeks), *blank],
    }


def _own_margin(typed: Typed) -> Columns:
    margin = given(typed, "in_gross_margin", 0.5)
    steps = [margin * step / 12 for step in range(10)]
    given_away = [step / (1 - step) for step in steps]
    return {"asked": steps, "given": given_away, "cut": [step * (1 - margin) / (margin - step) for step in steps]}


def _year_weeks(typed: Typed) -> Columns:
    columns, first = weeks(typed), monday(year_of(typed).start)
    listed = [week.day for week in year_weeks(typed)]
    found: Columns = {"week": [first + dt.timedelta(7 * row) for row in range(54)]}
    rows = [listed.index(day) if day in listed else None for day in found["week"]]
    found["row"] = [None if row is None else row + 1 for row in rows]
    for name, heading in READ.items():
        found[name] = [None if row is None else columns[heading][row] for row in rows]
    return found


READ = {
    "goal_to_date": "Goal to date",
    "revenue_to_date": "Revenue to date",
    "barometer": "Activity barometer",
    "standard": "Standard",
}
