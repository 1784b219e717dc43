"""Filled planners, from what a manager types: each skewed in its own way, and whole territories filled at random."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any

from tests.planner import oracle
from tests.planner.oracle import Typed
from tests.planner.sound_plan import SOUND

NORTH: Typed = {"in_territory_name": "North", "in_person": "Ada", "in_currency": "EUR", "in_fiscal_year": 2027}


def day(text: str) -> dt.date:
    """A date."""
    return dt.date.fromisoformat(text)


def case(**changes: Any) -> Typed:
    """A plan: `tblDeals__Amount` is a column, all else a named cell."""
    typed = NORTH | {key.replace("__", ".").replace("_of_", " "): value for key, value in changes.items()}
    height = oracle.HISTORY + 54
    listed: list[dt.date | None] = [*oracle.mondays(oracle.year_of(typed))]
    return typed | {"tblWeeks.Week of": listed + [None] * (height - len(listed))}


def weeks(typed: Typed, rows: Mapping[str, Mapping[str, float]]) -> Typed:
    """The plan with weeks typed: by their Mondays."""
    place = {monday.isoformat(): row for row, monday in enumerate(oracle.mondays(oracle.year_of(typed)))}
    columns: dict[str, list[Any]] = {}
    for monday, cells in rows.items():
        for heading, value in cells.items():
            column = columns.setdefault(f"tblWeeks.{heading}", [None] * (oracle.HISTORY + 54))
            column[place[monday]] = value
    return typed | columns


def deals(*rows: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Columns of deals."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {f"tblDeals.{name}": [row.get(name) for row in rows] for name in names}


def deal(number: int, first: str = "", closed: str = "", outcome: str = "OPEN", **more: Any) -> dict[str, Any]:
    """A deal."""
    dates = {"First appointment": day(first) if first else None, "Closed": day(closed) if closed else None}
    return {"Deal ID": f"D{number}", "Outcome": outcome, **dates, **more}


def accounts(*rows: tuple[Any, ...]) -> dict[str, list[Any]]:
    """Columns of accounts: prior and last 12 months, potential, wallet share, high value, last order."""
    names = ("Prior 12 months", "Last 12 months", "Potential", "Wallet share", "High value?", "Last order")
    columns: dict[str, list[Any]] = {
        f"tblAccounts.{name}": [row[index] if index < len(row) else None for row in rows]
        for index, name in enumerate(names)
    }
    ids = [f"A{number}" for number in range(1, len(rows) + 1)]
    return columns | {"tblAccounts.Account ID": ids, "tblAccounts.Account": ids}


GOAL = {"in_revenue_goal": 100_000}
WON = {"Amount": 5000, "Forecast": 4000, "First sale?": "YES"}
DEALS = deals(
    deal(1, "2026-11-02", "2026-12-29", "WON", **WON),  # in the year's first week, but before the year
    deal(2, "2026-12-30", "2027-01-02", "WON", **WON),
    deal(3, "2027-01-05", "2027-02-01", "WON", Amount=7000),
    deal(4, "2027-01-06", "2027-02-02", "LOST"),
    deal(5, "2027-02-10", Forecast=3000),
    deal(6, "2027-03-01", "2027-03-31", "WON", **{**WON, "First sale?": "NO"}),
    deal(7, "2027-03-02", "2027-04-01", "WON", **WON),  # a day after the as-of date
    deal(8, outcome="WON", Amount=900),  # never dated
)
MARCH = {"in_as_of": day("2027-03-31")}
TYPED_WEEKS = {
    "2026-12-28": {"First appointments": 3, "Proposals": 1, "Won": 1, "Revenue": 2000},
    "2027-01-04": {"First appointments": 4, "Proposals": 2, "Won": 0, "Revenue": 0},
    "2027-02-01": {"First appointments": 2, "Proposals": 2, "Won": 2, "Revenue": 9000, "Selling": 20, "Surprises": 5},
    "2027-03-22": {"Conversations": 30, "Selling": 22, "Paperwork": 18},
}
CASES: dict[str, Typed] = {
    "blank but for the year": case(),
    "deals only": case(**GOAL, **MARCH) | DEALS,
    "activity only": weeks(case(**GOAL, **MARCH), TYPED_WEEKS),
    "both, and they disagree": weeks(case(**GOAL, **MARCH), TYPED_WEEKS) | DEALS,
    "both, and they agree": weeks(
        case(**GOAL, **MARCH), {"2027-02-01": {"Proposals": 2, "Won": 1, "Revenue": 7000, "First appointments": 5}}
    )
    | deals(deal(1, "2026-10-05", "2027-02-01", "WON", Amount=7000), deal(2, "2026-10-06", "2027-02-02", "LOST")),
    "totals disagree though no week does": weeks(case(**GOAL, **MARCH), {"2027-01-11": {"Won": 1, "Revenue": 300}})
    | deals(deal(1, "2027-01-18", "2027-02-01", "WON", Amount=7000)),
    "goal 0": weeks(case(in_revenue_goal=0, **MARCH), TYPED_WEEKS),
    "goal blank": weeks(case(**MARCH), TYPED_WEEKS),
    "goal reached": weeks(case(in_revenue_goal=9000, **MARCH), TYPED_WEEKS),
    "40 weeks without a sale": weeks(
        case(**GOAL, in_as_of=day("2027-10-03")),
        {(day("2027-01-04") + dt.timedelta(weeks=week)).isoformat(): {"First appointments": 3} for week in range(39)},
    ),
    "40 weeks with proposals and 0 won": weeks(
        case(**GOAL, in_as_of=day("2027-10-03"), in_planned_average_sale=2000),
        {
            (day("2027-01-04") + dt.timedelta(weeks=week)).isoformat(): {
                "First appointments": 3,
                "Proposals": 1,
                "Won": 0,
                "Revenue": 0,
            }
            for week in range(39)
        },
    ),
    "first day of the year": weeks(case(**GOAL, in_as_of=day("2027-01-01")), {"2026-12-28": TYPED_WEEKS["2026-12-28"]}),
    "before the year": weeks(case(**GOAL, in_as_of=day("2026-12-20")), {"2026-12-14": TYPED_WEEKS["2026-12-28"]}),
    "last day of the year": weeks(case(**GOAL, in_as_of=day("2027-12-31")), TYPED_WEEKS) | DEALS,
    "after the year": weeks(case(**GOAL, in_as_of=day("2028-02-15")), TYPED_WEEKS) | DEALS,
    "leap year": weeks(
        case(in_fiscal_year=2028, **GOAL, in_as_of=day("2028-02-29")),
        {"2028-01-03": TYPED_WEEKS["2027-01-04"], "2028-02-28": TYPED_WEEKS["2027-02-01"]},
    ),
    "a leap year of 54 weeks": weeks(
        case(in_fiscal_year=2012, **GOAL, in_as_of=day("2012-12-31")),
        {"2011-12-26": TYPED_WEEKS["2027-01-04"], "2012-12-31": TYPED_WEEKS["2027-02-01"]},
    ),
    "year from April": weeks(
        case(in_year_start=day("2027-04-06"), **GOAL, in_as_of=day("2027-06-30")),
        {"2027-04-05": TYPED_WEEKS["2027-01-04"], "2027-06-21": TYPED_WEEKS["2027-02-01"]},
    ),
    "44 selling weeks and a season": weeks(
        case(in_selling_weeks=44, in_season_01=0.2, in_season_02=0.05, in_season_12=1 / 4 - 1 / 12, **GOAL, **MARCH),
        TYPED_WEEKS,
    ),
    "ratios typed": weeks(
        case(in_planned_proposal_ratio=0.5, in_planned_close_ratio=0.4, in_planned_average_sale=2500, **GOAL, **MARCH),
        TYPED_WEEKS,
    ),
    "a quarter of blank weeks": weeks(case(**GOAL, **MARCH), {"2027-01-04": TYPED_WEEKS["2027-02-01"]}),
    "nothing since a year": weeks(case(**GOAL, in_as_of=day("2027-12-01")), {"2027-01-04": TYPED_WEEKS["2027-02-01"]}),
    "the running week": weeks(case(**GOAL, in_as_of=day("2027-02-03")), TYPED_WEEKS),
    "proposals without appointments": weeks(case(**GOAL, **MARCH), {"2027-02-01": {"Proposals": 3, "Won": 4}}),
    "closed before the first appointment": case(**GOAL, **MARCH)
    | deals(deal(1, "2027-02-10", "2027-02-01", "WON", Amount=100), deal(2, "2027-01-10", "2027-02-01", "LOST")),
    "ties": case(**MARCH)
    | accounts(
        (100, 500, 900, 0.5, "YES", day("2027-03-01")),
        (100, 500, 900, 0.5, "YES", day("2027-03-01")),
        (200, 500, 100, 0.1, "NO", day("2026-09-30")),
        (200, 300, 100, None, None, day("2026-10-01")),
    ),
    "zeros": case(**MARCH) | accounts((0, 1000, None, None, None, day("2027-03-01")), *[(5000, 0)] * 8),
    "all the same": case(**MARCH) | accounts(*[(100, 100, 100)] * 4),
    "all dormant": case(**MARCH) | accounts(*[(1000, 0, 50, 0.2, "YES", day("2025-05-01"))] * 3),
    "one account": case(**MARCH) | accounts((1000, 700, 50, 0.2, "YES", day("2027-01-01"))),
    "prospects": case(**MARCH) | accounts((None, None, 5000, None, "YES"), (None, None, 100), (0, 0, 5000, 1, "YES")),
    "sound": dict(SOUND),
}


def _random(seed: int) -> Typed:
    """A whole territory filled at random, with ties, gaps and zeros."""
    chance = random.Random(seed)
    start = chance.choice(("2027-01-01", "2028-01-01", "2026-07-01", "2027-02-28"))
    typed = case(
        in_year_start=day(start),
        in_revenue_goal=chance.choice((0, 50_000, 250_000)),
        in_opening_revenue=chance.choice((None, 40_000, 230_000)),
        in_selling_weeks=chance.choice((None, 44, 48, 52)),
        in_as_of=day(start) + dt.timedelta(chance.choice((0, 3, 60, 200, 364, 380))),
        in_planned_close_ratio=chance.choice((None, None, 0.4)),
    )
    rows = {
        monday.isoformat(): {
            heading: chance.choice((0, 1, 2, 3))
            for heading in ("First appointments", "Proposals", "Won", "Revenue", "Selling", "Travel", "Surprises")
            if chance.random() < 0.7
        }
        for monday in oracle.mondays(oracle.year_of(typed))
        if chance.random() < 0.5
    }
    some = []
    for number in range(30):
        first = day(start) + dt.timedelta(chance.randrange(-120, 380))
        closed = first + dt.timedelta(chance.randrange(0, 90))
        outcome = chance.choice(("OPEN", "WON", "LOST"))
        some.append(
            deal(
                number,
                first.isoformat() if chance.random() < 0.8 else "",
                closed.isoformat() if outcome != "OPEN" else "",
                outcome,
                Amount=chance.choice((None, 100, 250.5, 1000)),
                Forecast=chance.choice((None, 0, 300)),
                **{"First sale?": chance.choice(("YES", "NO", None))},
            )
        )
    listed = [
        (
            chance.choice((None, 0, 100, 900)),
            chance.choice((None, 0, 100, 900)),
            chance.choice((None, 0, 500)),
            chance.choice((None, 0, 0.3, 1)),
            chance.choice(("YES", "NO", None)),
            chance.choice((None, day(start) - dt.timedelta(chance.randrange(0, 400)))),
        )
        for _number in range(10)
    ]
    return weeks(typed, rows) | deals(*some) | accounts(*listed)


CASES |= {f"at random, {seed}": _random(seed) for seed in range(24)}


def _some(chance: random.Random, rows: int, *choices: Any) -> list[Any]:
    """One of these for each row."""
    return [chance.choice(choices) for _row in range(rows)]


def _days(chance: random.Random, rows: int, start: dt.date, first: int, last: int) -> list[Any]:
    """A day for most rows."""
    return [start + dt.timedelta(chance.randrange(first, last)) if chance.random() < 0.7 else None for _ in range(rows)]


def _full(seed: int) -> Typed:
    """All lists filled at random, with ties, gaps and zeros."""
    typed, chance = _random(seed), random.Random(1000 + seed)
    start = oracle.year_of(typed).start
    ids = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10"]
    products = ["Pumps", "Valves", "Seals"]
    full: dict[str, Sequence[Any]] = {
        "tblAccounts.Owner": _some(chance, 10, "Ada", "Bo", None),
        "tblAccounts.Last contact": _days(chance, 10, start, -200, 200),
        "tblAccounts.Touches needed": _some(chance, 10, None, 0, 1, 4),
        "tblAccounts.Touches planned": _some(chance, 10, None, 0, 1, 4, 9),
        "tblAccounts.Plan type": _some(chance, 10, None, None, "MUST KEEP", "MUST EXPAND"),
        "tblAccounts.Plan date": _some(chance, 10, None, start),
        "tblAccounts.Products sold": _some(chance, 10, None, 2),
        "tblDeals.Account ID": _some(chance, 30, *ids, None, "A99"),
        "tblDeals.Stage": _some(chance, 30, "PROSPECT", "FIRST APPOINTMENT", "PROPOSAL", "CLOSED", None),
        "tblDeals.Proposal": _days(chance, 30, start, -60, 300),
        "tblDeals.Discount": _some(chance, 30, None, 0, 0.05, 0.3, 0.5),
        "tblDeals.Reason": _some(chance, 30, None, "Price"),
        "tblDeals.Interview": _days(chance, 30, start, 0, 100),
        "tblDeals.Expected close": _days(chance, 30, start, -30, 300),
        "tblDeals.Next action": _some(chance, 30, None, "Call"),
        "tblDeals.Product": _some(chance, 30, *products, None, "Others"),
        "tblProducts.Product line": products,
        "tblProducts.Goal this year": _some(chance, 3, None, 0, 20_000, 50_000),
        "tblProducts.Opening revenue": _some(chance, 3, None, 0, 30_000),
        "tblProducts.Growth": _some(chance, 3, None, 0, -0.2, 0.3),
        "tblProducts.Attrition": _some(chance, 3, None, 0, 0.25),
        "tblProducts.Protected share": _some(chance, 3, None, 0, 0.5),
        "tblTeam.Name": ["Ada", "Bo", "Cy", "Di", "Ed"],
        "tblTeam.Target": _some(chance, 5, None, 0, 100, 1000),
        "tblTeam.Actual": _some(chance, 5, None, 0, 79, 80, 100, 1500),
        "tblTeam.Pay at target": _some(chance, 5, None, 0, 500),
        "tblTeam.Fit": _some(chance, 5, None, 3, 5),
        "tblTeam.Hours a week": _some(chance, 5, None, 40),
        "tblStages.Owner": _some(chance, 4, "Ada", "Bo", None),
        "tblFunctions.Owner": _some(chance, 10, "Ada", None),
        "tblRelations.Account ID": [chance.choice(ids), chance.choice(ids), "A77"],
        "tblOrgHealth.Score": _some(chance, 12, 1, 2, 3, 4, 5) if seed % 2 else _some(chance, 12, None, 3),
        "tblCheckins.Held": _days(chance, 97, start, 0, 300) if seed % 3 else [None] * 97,
        "tblCheckins.Planned": _some(chance, 97, None, 3),
        "tblCheckins.Actual": _some(chance, 97, None, 0, 5),
    }
    single = {
        "in_coverage_model": chance.choice(("COMBINED", "HUNTER/FARMER", "SPECIALISED")),
        "in_high_value_share": chance.choice((None, 0, 0.4)),
        "in_growth_rate": chance.choice((0.1, 0, -0.3)),
        "in_attrition_rate": chance.choice((0.17, 0, None)),
        "in_gross_margin": chance.choice((0.5, 0.35)),
        "in_peer_average_sale": chance.choice((None, 100, 5000)),
        "in_peer_cycle_days": chance.choice((None, 20, 90)),
        "in_leavers": chance.choice((None, 0, 2)),
        "in_headcount": chance.choice((None, 0, 8)),
        "in_hired": start,
        "in_productive": chance.choice(
            (None, start - dt.timedelta(9), start + dt.timedelta(250), start + dt.timedelta(400))
        ),
        "in_hours_per_account": chance.choice((None, 0, 12)),
        "in_selling_hours": chance.choice((None, 900)),
        "in_support_hours": chance.choice((None, 0, 41)),
        "in_assistant_cost": chance.choice((None, 0, 3000)),
        "in_surprise_buffer": chance.choice((0, 0.1, None)),
        "in_planned_average_sale": chance.choice((None, 1500)),
        "in_checkin_cadence": chance.choice((None, "WEEKLY", "BIWEEKLY", "MONTHLY", "HALF-YEARLY", "YEARLY")),
    }
    return {**typed, **full, **single}


CASES |= {f"all filled, {seed}": _full(seed) for seed in range(24)}
CASES |= {
    "one peer": case(**GOAL, **MARCH, in_peer_average_sale=10_000, in_peer_cycle_days=20) | DEALS,
    "no deals": case(**GOAL, **MARCH) | accounts((1000, 700, 50, 0.2, "YES", day("2027-01-01"))),
    "no day typed": weeks(case(**GOAL), TYPED_WEEKS) | DEALS,
    "no day and nothing dated": case(**GOAL) | accounts((1000, 700)),
    "a Sunday": weeks(case(**GOAL, in_as_of=day("2027-03-28")), TYPED_WEEKS) | DEALS,
    "forecasts of deals that were lost": case(**GOAL, **MARCH)
    | deals(
        deal(1, "2027-01-05", "2027-02-01", "WON", Amount=7000, Forecast=6000),
        deal(2, "2027-01-05", "2027-02-03", "LOST", Amount=4000, Forecast=3000),  # what it was to bring never came
        deal(3, "2026-01-05", "2026-02-03", "LOST", Forecast=9000),  # last year's
        deal(4, "2027-01-05", "2027-12-03", "LOST", Forecast=9000),  # after the as-of date
        deal(5, "2027-01-05", "", "LOST", Forecast=9000),  # nobody knows when
        deal(6, "2027-01-05", "2027-02-03", "WON", Forecast=9000),  # nobody knows how much
        deal(7, "2027-01-05", "2027-02-03", "LOST"),
        deal(8, "2027-01-05", Forecast=5000, Stage="PROPOSAL"),
        deal(9, "2027-01-05", Amount=-700, Stage="PROSPECT"),  # a credit note to come is no pipeline
    ),
    "all forecasts lost": case(**GOAL, **MARCH) | deals(deal(1, "2027-01-05", "2027-02-03", "LOST", Forecast=3000)),
    "peers far behind and far ahead": case(**GOAL, **MARCH, in_peer_average_sale=500, in_peer_cycle_days=2) | DEALS,
    "rates typed as whole numbers": case(**GOAL, **MARCH, in_growth_rate=5, in_opening_revenue=1000)
    | {
        "tblProducts.Product line": ["Pumps", "Valves"],
        "tblProducts.Growth": [5, 0.05],
        "tblProducts.Protected share": [40, None],
    },
    "more first appointments than conversations": weeks(
        case(**GOAL, **MARCH), {"2027-01-04": {"Conversations": 3, "First appointments": 5}}
    ),
    "as many first appointments as conversations": weeks(
        case(**GOAL, **MARCH), {"2027-01-04": {"Conversations": 5, "First appointments": 5}}
    ),
    "goal reached by revenue alone": weeks(case(in_revenue_goal=100, **MARCH), {"2027-01-04": {"Revenue": 500}}),
    "credit notes": case(**GOAL, **MARCH)
    | deals(
        deal(1, "2027-01-05", "2027-02-01", "WON", Amount=7000),
        deal(2, "", "2027-02-03", "WON", Amount=-2000),
        deal(3, "", "2027-03-03", "WON", Amount=-500),
    ),
    "a person is the best, twice": case(**GOAL) | {"tblTeam.Name": ["Ada", "Bo"], "tblTeam.Fit": [5, 5]},
    "texts for numbers": case(**GOAL, **MARCH)
    | {
        "tblTeam.Name": ["Ada", "Bo"],
        "tblTeam.Hours a week": ["forty", 40],
        "tblRelations.Account ID": ["A1"],
        "tblRelations.By when": ["in May"],
    },
}
