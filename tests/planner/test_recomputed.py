"""Every figure and every verdict of filled planners is what tests/planner/oracle.py works out from the same inputs."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Mapping
from typing import Any

import pytest

from tests.planner import oracle
from tests.planner.oracle import Typed
from tests.planner.sound_plan import SOUND, inputs
from xlsales.calculate import Session, blank_values
from xlsales.compiled import Compiled
from xlsales.excel.values import Address, CellValue
from xlsales.planner.build import build
from xlsales.planner.checks import CHECKS
from xlsales.planner.sizes import Sizes
from xlsales.template import Template, parse

FIRST_RULE = 8  # the row of the first rule on Checks
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


@pytest.fixture(scope="module")
def template() -> Template:
    return parse(build("xlsx", blank_values, Sizes(accounts=12, deals=30)), "planner.xlsx")


@pytest.fixture(scope="module")
def calculated(template: Template) -> dict[str, dict[Address, CellValue]]:
    """The cells of all cases, calculated together by the compiled planner."""
    compiled = Compiled(template)
    found = compiled.calculated([inputs(template, typed) for typed in CASES.values()])
    return {name: dict(zip(compiled.addresses, values, strict=True)) for name, values in zip(CASES, found, strict=True)}


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers but for their last digits."""
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_figures_are_those_worked_out_from_the_inputs(
    template: Template, calculated: dict[str, dict[Address, CellValue]], name: str
) -> None:
    wanted = oracle.figures(CASES[name])
    found = {figure: calculated[name][template.names[figure]] for figure in wanted}
    assert {f: (found[f], wanted[f]) for f in wanted if not alike(found[f], wanted[f])} == {}


@pytest.mark.parametrize("name", CASES)
def test_checks_say_what_the_inputs_say(
    template: Template, calculated: dict[str, dict[Address, CellValue]], name: str
) -> None:
    typed = CASES[name]
    rows = {check.rule: row for row, check in enumerate(CHECKS, start=FIRST_RULE)}
    wanted = oracle.states(typed, oracle.figures(typed))
    found = {rule: calculated[name]["Checks", f"D{rows[rule]}"] for rule in wanted}
    assert found == wanted


@pytest.mark.parametrize("name", CASES)
def test_accounts_are_scored_as_their_rows_say(
    template: Template, calculated: dict[str, dict[Address, CellValue]], name: str
) -> None:
    typed, table = CASES[name], template.tables["tblAccounts"]
    rows = [row for row in oracle.rows_of(typed, "tblAccounts") if row.get("Account ID")]
    for heading, wanted in oracle.account_columns(rows, typed.get("in_as_of")).items():
        found = [calculated[name][table.cell(heading, row)] for row in range(len(rows))]
        assert [pair for pair in zip(found, wanted, strict=True) if not alike(*pair)] == [], heading


@pytest.mark.parametrize("name", ["both, and they disagree", "zeros", "a leap year of 54 weeks", "at random, 3"])
def test_the_calculation_engine_gives_the_same(
    template: Template, calculated: dict[str, dict[Address, CellValue]], name: str
) -> None:
    values = Session(template).values(inputs(template, CASES[name]))
    assert [cell for cell, value in values.items() if not alike(value, calculated[name][cell])] == []


def test_each_verdict_of_the_sales_occurs() -> None:
    seen: dict[str, set[str]] = {}
    for typed in CASES.values():
        for rule, state in oracle.states(typed, oracle.figures(typed)).items():
            seen.setdefault(rule, set()).add(state)
    few = {rule: found for rule, found in seen.items() if found != {"OK", "LOOK", "NOT YET"}}
    assert few.keys() <= {"Every check-in was held in the year", "Enough of the hours go into selling"}, few


def test_an_account_without_revenue_is_never_worth_top_points(
    template: Template, calculated: dict[str, dict[Address, CellValue]]
) -> None:
    table = template.tables["tblAccounts"]
    tiers = [calculated["zeros"][table.cell("Tier", row)] for row in range(9)]
    assert tiers == ["A", *["C"] * 8]
    points = [calculated["zeros"][table.cell("Points: revenue", row)] for row in range(9)]
    assert points == [5, *[1] * 8]


def test_forty_weeks_without_a_sale_are_looked_at(
    template: Template, calculated: dict[str, dict[Address, CellValue]]
) -> None:
    values = calculated["40 weeks without a sale"]
    assert values[template.names["fig_first_appointments"]] == 117
    assert values[template.names["fig_revenue"]] == ""
    assert values[template.names["state_goal_to_date"]] == "LOOK"
    assert "to look at" in str(values[template.names["out_checks_said"]])
