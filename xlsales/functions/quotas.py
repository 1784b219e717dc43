"""Quotas and commission: what is to be sold by when, how much of it is, and what it earns."""

from typing import Annotated

import numpy as np

from xlsales.functions.arguments import Numbers, money, number, quotient_of, range_of, rate
from xlsales.functions.errors import DIV0, NA, NUM
from xlsales.functions.faults import Require
from xlsales.functions.registry import Subject, example
from xlsales.texts import N_

QUOTAS = Subject(N_("Quotas and commission"))

_MONTHS = N_("months")
_INCENTIVES = N_("A formula for profitable growth: pay for results, faster above target, without a cap.")

# The native formulas take the cells one by one: positions in a range need functions that not every program has.
_MONTHS_A_YEAR = 12
_DUE = "+".join(
    f"IF(COUNT({{weights}})<{month},0,INDEX({{weights}},{month}))*MAX(0,MIN(1,{{months_gone}}-{month - 1}))"
    for month in range(1, _MONTHS_A_YEAR + 1)
)
_MOST_TIERS = 6
_RISING = ",".join(
    f"IF(COUNT(_T)<{tier},TRUE,INDEX(_T,{tier})>INDEX(_T,{tier - 1}))" for tier in range(2, _MOST_TIERS + 1)
)
_EARNED = "+".join(
    f"IF(COUNT(_T)<{tier},0,INDEX(_R,{tier})*MAX(0,"
    f"IF(COUNT(_T)={tier},{{actual}},MIN({{actual}},INDEX(_T,{tier + 1})*{{quota}}))-INDEX(_T,{tier})*{{quota}}))"
    for tier in range(1, _MOST_TIERS + 1)
)


@QUOTAS.function(
    summary=N_("Share of a quota that is attained; above 100% where more was sold."),
    unit=N_("fraction: 0.65 = 65%"),
    source=N_("Twelve elements of a winning sales organisation: top performers, measured against their quota."),
    notes=(N_("Actual and quota must belong to the same period: a year's quota to date is SEASONAL_GOAL."),),
    examples=(
        example(80000, 100000, gives=0.8, working=N_("80,000 ÷ 100,000 = 80%")),
        example(150000, 120000, gives=1.25, working=N_("150,000 ÷ 120,000 = 125%")),
    ),
    native="IF(AND(COUNT({actual},{quota})=2,{quota}>=0),{actual}/{quota},NA())",
    proof=quotient_of("actual"),
)
def quota_attainment(
    require: Require,
    actual: Annotated[Numbers, money(N_("What was sold; less than 0 after credit notes."))],
    quota: Annotated[Numbers, money(N_("What was to be sold in the same period."), at_least=0, divisor=True)],
) -> Numbers:
    """actual ÷ quota"""
    return actual / quota


@QUOTAS.function(
    summary=N_("Quota of a person who is still ramping up: it rises evenly to the full quota."),
    unit=N_("currency"),
    source=N_("Twelve elements of a winning sales organisation: fast ramp-up, and fair goals on the way."),
    notes=(
        N_(
            "Evenly: after a third of the ramp a third of the quota; from its end on, or without one, the full "
            "quota. How long people take is RAMP_MONTHS."
        ),
    ),
    examples=(
        example(60000, 2, 6, gives=20000, working=N_("60,000 × 2 ÷ 6 months")),
        example(60000, 9, 6, gives=60000, working=N_("the ramp of 6 months is over")),
    ),
    native=(
        "IF(AND(COUNT({full_quota},{months_since_hire})=2,COUNT({ramp_months})=1,"
        "MIN({full_quota},{months_since_hire},{ramp_months})>=0),"
        "IF({months_since_hire}>={ramp_months},{full_quota},{full_quota}*{months_since_hire}/{ramp_months}),NA())"
    ),
)
def ramped_quota(
    require: Require,
    full_quota: Annotated[Numbers, money(N_("Quota of a fully productive person in the period."), at_least=0)],
    months_since_hire: Annotated[
        Numbers, number(_MONTHS, N_("Months since the day of hiring, parts of months included."), at_least=0)
    ],
    ramp_months: Annotated[
        Numbers, number(_MONTHS, N_("Months that it takes to full productivity; 0 for no ramp."), at_least=0)
    ],
) -> Numbers:
    """months_since_hire ≥ ramp_months: full_quota
    otherwise: full_quota × months_since_hire ÷ ramp_months
    """
    share = months_since_hire / np.where(ramp_months > 0, ramp_months, 1.0)
    return np.where(months_since_hire >= ramp_months, full_quota, full_quota * share)


@QUOTAS.function(
    summary=N_("Part of a year's goal that is due by now, where the months do not weigh the same."),
    unit=N_("currency"),
    source=N_("Sales KPIs and the magic number: the goal of the year, worked back to what is due today."),
    notes=(
        N_(
            "The weights may be last year's revenue month by month, shares, or points: only their proportions count. "
            "Part of a month counts as that part of its weight. Twelve months from January, a fiscal year, or four "
            "quarters: the goal is that of all periods given. The native formula takes up to twelve of them."
        ),
    ),
    examples=(
        example(
            1200000,
            [1, 1, 2, 2],
            3,
            gives=800000,
            working=N_("1,200,000 × (1 + 1 + 2) ÷ (1 + 1 + 2 + 2) = 1,200,000 × 4 ÷ 6"),
        ),
        example(
            900000,
            [50, 100, 150],
            1.5,
            gives=300000,
            working=N_("900,000 × (50 + half of 100) ÷ 300 = 900,000 × 100 ÷ 300"),
        ),
    ),
    native=(
        "IF(AND(COUNT({weights})=ROWS({weights})*COLUMNS({weights}),COUNT({goal},{months_gone})=2,"
        "MIN({goal},{weights},{months_gone})>=0,{months_gone}<=COUNT({weights}),MIN(ROWS({weights}),COLUMNS({weights}))=1,"
        f"COUNT({{weights}})<={_MONTHS_A_YEAR}),{{goal}}*({_DUE})/SUM({{weights}}),NA())"
    ),
)
def seasonal_goal(
    require: Require,
    goal: Annotated[Numbers, money(N_("Goal of the whole year."), at_least=0)],
    weights: Annotated[
        Numbers,
        range_of(
            number(N_("any"), N_("How much each month weighs, from the first on, none of them blank."), at_least=0),
            skip_blanks=False,
        ),
    ],
    months_gone: Annotated[Numbers, number(_MONTHS, N_("Months that are over, parts of months included."), at_least=0)],
) -> Numbers:
    """goal × the weights of the first months_gone months ÷ the weights of all"""
    due = np.concatenate(([0.0], np.cumsum(weights)))
    require(due[-1] > 0, DIV0, "weights", N_("The weights add up to 0: give at least one month a weight."))
    require(
        months_gone <= weights.size,
        NUM,
        "months_gone",
        N_("{months_gone} months are more than there are weights: give a weight for each month of the goal."),
    )
    return goal * np.interp(months_gone, np.arange(due.size), due) / due[-1]


@QUOTAS.function(
    summary=N_("Commission by tiers: each part of the sales earns the rate of its tier, and nothing is capped."),
    unit=N_("currency"),
    source=_INCENTIVES,
    notes=(
        N_(
            "The thresholds are shares of the quota, each the beginning of a tier that reaches to the next; the last "
            "one has no end. Sales below the first threshold earn nothing: to pay from the first sale, begin with 0%."
        ),
        N_(
            "The tiers are marginal: passing a threshold never changes what the sales below it earn. Pay in proportion "
            "to a target, with an accelerator, is INCENTIVE_PAYOUT. The native formula takes up to six tiers."
        ),
    ),
    examples=(
        example(
            120000,
            100000,
            [0, 1],
            [0.05, 0.1],
            gives=7000,
            working=N_("100,000 × 5% + 20,000 × 10% = 5,000 + 2,000"),
        ),
        example(
            130000,
            100000,
            [0.8, 1, 1.2],
            [0.04, 0.08, 0.12],
            gives=3600,
            working=N_("from 80,000: 20,000 × 4% + 20,000 × 8% + 10,000 × 12% = 800 + 1,600 + 1,200"),
        ),
        example(75000, 100000, [0.8, 1], [0.05, 0.1], gives=0, working=N_("75% is below the first threshold")),
    ),
    native=(
        "IF(AND(COUNT({actual},{quota})=2,{quota}>0,COUNT(_T)=ROWS(_T)*COLUMNS(_T),COUNT(_R)=COUNT(_T),"
        "ROWS(_T)=ROWS(_R),COLUMNS(_T)=COLUMNS(_R),MIN(_T,_R)>=0,MAX(_T)<=10,MAX(_R)<=1,"
        f"MIN(ROWS(_T),COLUMNS(_T))=1,COUNT(_T)<={_MOST_TIERS},{_RISING}),{_EARNED},NA())"
    )
    .replace("_T", "{thresholds}")
    .replace("_R", "{rates}"),
)
def commission(
    require: Require,
    actual: Annotated[Numbers, money(N_("What was sold; less than 0 earns nothing."))],
    quota: Annotated[Numbers, money(N_("What was to be sold in the same period, above 0."), above=0)],
    thresholds: Annotated[
        Numbers,
        range_of(
            rate(
                N_("Where each tier begins, as a share of the quota, rising: 80%, 100%, 120%."),
                at_least=0,
                spelled_above=10,
            ),
            skip_blanks=False,
        ),
    ],
    rates: Annotated[
        Numbers,
        range_of(
            rate(N_("What each tier pays of the sales in it, in the same order."), at_least=0, up_to=1),
            skip_blanks=False,
        ),
    ],
) -> Numbers:
    """the sales between each of the thresholds × quota and the next, up to actual, × the rates of their tiers"""
    require(thresholds.size > 0, NA, "thresholds", N_("There is no tier: give at least one threshold with its rate."))
    require(
        (np.diff(thresholds) > 0).all(),
        NUM,
        "thresholds",
        N_("The thresholds must rise from tier to tier: put them in order, each only once."),
    )
    ends = np.append(thresholds[1:], np.inf)
    tiers = zip(thresholds, ends, rates, strict=True)
    return sum(rate * np.maximum(np.minimum(actual, end * quota) - start * quota, 0.0) for start, end, rate in tiers)
