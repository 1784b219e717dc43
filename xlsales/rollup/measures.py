"""What is added up for each currency, leader and region: each total with the territories of which it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import median
from typing import NamedTuple

from xlsales.rollup.book import Value
from xlsales.rollup.gathered import PER_WEEK, PLAN, Row, number
from xlsales.rollup.lists import COUNT, MONEY, ONE, SHARE
from xlsales.texts import N_


@dataclass(frozen=True)
class Measure:
    """A column of totals.

    `what` is the figure; only territories count whose figures `where` are numbers too, and more than 0 where it is
    `above` that. A share divides the columns `part` and `whole` of the same row.
    """

    name: str
    header: str
    what: str = ""
    kind: str = "sum"  # or count, mean, median, share
    number_format: str = MONEY
    where: tuple[str, ...] = ()
    part: str = ""
    whole: str = ""
    is_money: bool = False
    width: float = 12


@dataclass(frozen=True)
class Block:
    """Columns that belong together."""

    title: str
    measures: tuple[Measure, ...]


def _of_goal(title: str, name: str, what: str, header: str) -> Block:
    """Return a figure beside the goals of those of whom it is known."""
    both = (what, "revenue_goal")
    return Block(
        title,
        (
            Measure(f"{name}_known", N_("Known"), what, "count", COUNT, both, width=8),
            Measure(f"{name}_goal", N_("Goal of these"), "revenue_goal", where=both, is_money=True, width=13),
            Measure(name, header, what, where=both, is_money=True, width=13),
            Measure(
                f"{name}_share",
                N_("Of goal"),
                kind="share",
                number_format=SHARE,
                part=name,
                whole=f"{name}_goal",
                is_money=True,
                width=9,
            ),
        ),
    )


def _covered(title: str, name: str, whole: str, part: str) -> Block:
    both = (whole, part)
    return Block(
        title,
        (
            Measure(f"{name}_known", N_("Known"), part, "count", COUNT, both, width=8),
            Measure(f"{name}_all", N_("Accounts"), whole, number_format=COUNT, where=both, width=10),
            Measure(f"{name}_planned", N_("With a plan"), part, number_format=COUNT, where=both, width=10),
            Measure(
                name, N_("Coverage"), kind="share", number_format=SHARE, part=f"{name}_planned", whole=f"{name}_all"
            ),
        ),
    )


def _alone(title: str, name: str, what: str, header: str, kind: str = "sum", look: str = MONEY) -> Block:
    is_money = kind == "sum" and look == MONEY
    return Block(
        title,
        (
            Measure(f"{name}_known", N_("Known"), what, "count", COUNT, (what,), width=8),
            Measure(name, header, what, kind, look, (what,), is_money=is_money),
        ),
    )


def _median(name: str, what: str, header: str, *, is_money: bool = False) -> Measure:
    return Measure(name, header, what, "median", where=(what,), is_money=is_money)


_PACE = ("out_activity_barometer", "out_magic_number", PER_WEEK)
BLOCKS = (
    _alone(N_("Goal"), "goal", "revenue_goal", N_("Goal")),
    _of_goal(N_("Plan, by product line"), "plan", PLAN, N_("Plan")),
    _of_goal(N_("Revenue so far"), "revenue", "fig_revenue", N_("Revenue")),
    _of_goal(N_("Year-end at this pace"), "pace", "fig_trajectory", N_("Year-end")),
    _alone(N_("Catch-up number"), "catch_up", "out_catch_up_number", N_("Appointments a week from now on"), look=ONE),
    Block(
        N_("Barometer"),
        (
            Measure("barometer_known", N_("Known"), _PACE[0], "count", COUNT, _PACE, width=8),
            Measure("magic", N_("Magic number, a week"), _PACE[1], number_format=ONE, where=_PACE, width=10),
            Measure("per_week", N_("First appointments a week"), PER_WEEK, number_format=ONE, where=_PACE, width=13),
            Measure("barometer", N_("Barometer"), "", "share", SHARE, part="per_week", whole="magic", width=11),
        ),
    ),
    _covered(N_("Accounts with a plan"), "coverage", "fig_accounts", "fig_accounts_planned"),
    _covered(N_("Top accounts with a plan"), "top", "fig_top_accounts", "fig_top_planned"),
    _alone(N_("Organisation health"), "health", "out_org_health", N_("Mean"), "mean", SHARE),
    _alone(N_("Dormant value"), "dormant", "out_dormant_value", N_("Dormant value")),
    _alone(N_("Weighted pipeline"), "weighted", "out_weighted_pipeline", N_("Weighted pipeline")),
    _alone(N_("Checks to look at"), "checks", "out_open_checks", N_("Checks"), look="0"),
    Block(
        N_("Medians, for the balance"),
        (
            _median("median_goal", "revenue_goal", N_("Goal"), is_money=True),
            _median("median_opening", "opening_revenue", N_("Opening revenue"), is_money=True),
            _median("median_accounts", "fig_accounts", N_("Accounts")),
        ),
    ),
)
MEASURES = tuple(measure for block in BLOCKS for measure in block.measures)
_ABOVE_ZERO = ("fig_accounts", "fig_top_accounts")  # no account is no list of accounts
_ANY, _ABOVE = '">-1E+99"', '">0"'


def value(measure: Measure, territories: Sequence[Row], so_far: Mapping[str, Value]) -> Value:
    """Return what a measure is of some territories; None where it is of none of them known."""
    if measure.kind == "share":
        part, whole = so_far[measure.part], so_far[measure.whole]
        return part / whole if isinstance(part, float) and isinstance(whole, float) and whole else None
    known = [
        found
        for row in territories
        if all(_counts(row, name) for name in measure.where) and (found := number(row[measure.what])) is not None
    ]
    if measure.kind == "count":
        return float(len(known))
    if not known:
        return None
    if measure.kind == "median":
        return median(known)
    return fsum(known) / len(known) if measure.kind == "mean" else fsum(known)


def _counts(row: Row, name: str) -> bool:
    found = number(row[name])
    return found is not None and (name not in _ABOVE_ZERO or found > 0)


class Ours(NamedTuple):
    """What picks the territories of a group: criteria of COUNTIFS, and a condition in a formula of ranges."""

    criteria: str
    condition: str


def formula(measure: Measure, ours: Ours, columns: Mapping[str, str], cells: Mapping[str, str]) -> str:
    """Return the same as a formula: `columns` are the ranges of the territories' figures, `cells` those of this row."""
    if measure.kind == "share":
        part, whole = cells[measure.part], cells[measure.whole]
        return f'IF(AND(ISNUMBER({part}),N({whole})<>0),{part}/{whole},"")'
    known = (f"{columns[name]},{_ABOVE if name in _ABOVE_ZERO else _ANY}" for name in measure.where)
    only = ",".join([ours.criteria, *known])
    if measure.kind == "count":
        return f"COUNTIFS({only})"
    total = f"SUMIFS({columns[measure.what]},{only})"
    count = f"COUNTIFS({only})"
    if measure.kind == "median":
        figures = columns[measure.what]
        above = f"*({figures}>0)" if measure.what in _ABOVE_ZERO else ""
        return f'IF({count}=0,"",MEDIAN(IF({ours.condition}*ISNUMBER({figures}){above},{figures})))'
    return f'IF({count}=0,"",{total}/{count})' if measure.kind == "mean" else f'IF({count}=0,"",{total})'
