"""Growth and retention: what to grow to, what is kept, and how much new business that takes."""

from typing import Annotated

import numpy as np

from xlsales.functions.arguments import Numbers, money, number, rate, share_of
from xlsales.functions.errors import DIV0, NUM
from xlsales.functions.faults import Require
from xlsales.functions.registry import Subject, example
from xlsales.texts import N_

GROWTH = Subject(N_("Growth, retention, standards"))

_FRACTION = N_("fraction: 0.65 = 65%")
_SOURCE = N_("Balancing growth and retention in bank sales: growth is won twice, after attrition.")

Growth = Annotated[
    Numbers,
    rate(
        N_('Growth a year as a share: 10% or 0.10; above -100%. More than 100% is taken only as text, such as "150%".'),
        above=-1,
        up_to=10,
        spelled_above=1,
    ),
]


@GROWTH.function(
    summary=N_("Revenue after growing at the same rate for some years."),
    unit=N_("currency"),
    source=_SOURCE,
    notes=(N_("Growth compounds: 10% for three years is 33.1% more, not 30%."),),
    examples=(
        example(100000, 0.1, gives=110000, working=N_("100,000 × 1.1 = 110,000")),
        example(100000, 0.1, 3, gives=133100, working=N_("100,000 × 1.1 × 1.1 × 1.1 = 133,100")),
    ),
    native=(
        "IF(AND(COUNT({opening},{growth})=2,COUNT({years})=1,MIN({opening},{years})>=0,{growth}>-1,"
        "{growth}<=1),{opening}*(1+{growth})^{years},NA())"
    ),
)
def growth_target(
    require: Require,
    opening: Annotated[Numbers, money(N_("Revenue at the start, 0 or more."), at_least=0)],
    growth: Growth,
    years: Annotated[Numbers, number(N_("years"), N_("Years of growth, 0 or more."), at_least=0)] = 1,
) -> Numbers:
    """opening × (1 + growth) ^ years"""
    return opening * (1 + growth) ** years


@GROWTH.function(
    summary=N_("Share of the opening customers or revenue that was kept."),
    unit=_FRACTION,
    source=_SOURCE,
    notes=(
        N_(
            "New customers do not count as kept: what is kept cannot be more than the opening. What kept customers "
            "buy more than before is counted by NET_REVENUE_RETENTION, which may pass 100%."
        ),
    ),
    examples=(
        example(83, 100, gives=0.83, working=N_("83 ÷ 100 = 83%")),
        example(450000, 500000, gives=0.9, working=N_("450,000 ÷ 500,000 = 90%")),
    ),
    native="IF(AND(COUNT({kept},{opening})=2,{kept}>=0,{kept}<={opening}),{kept}/{opening},NA())",
    proof=share_of("kept"),
)
def retention_rate(
    require: Require,
    kept: Annotated[
        Numbers,
        number(
            N_("count or currency"),
            N_("Customers, or their revenue, of the opening that are still there."),
            at_least=0,
        ),
    ],
    opening: Annotated[
        Numbers,
        number(
            N_("count or currency"),
            N_("Customers, or their revenue, at the start."),
            at_least=0,
            divisor=True,
        ),
    ],
) -> Numbers:
    """kept ÷ opening"""
    require(
        lambda: kept <= opening,
        NUM,
        "kept",
        N_(
            "{kept} kept of {opening} are more than all: leave out customers who are new since the start. Where the "
            "same customers buy more, NET_REVENUE_RETENTION counts that."
        ),
    )
    return kept / opening


@GROWTH.function(
    summary=N_("New revenue to win so that the book grows after what attrition takes."),
    unit=N_("currency"),
    source=_SOURCE,
    notes=(
        N_(
            "The protected share is the part of revenue whose customers have a written plan and are kept at "
            "the protected retention; attrition takes its part of the rest."
        ),
    ),
    examples=(
        example(100, 0.1, 0.17, gives=27, working=N_("100 × (10% + 17%) = 27")),
        example(
            100,
            0.1,
            0.17,
            0.4,
            1,
            gives=20.2,
            working=N_("100 × (10% + 17% × 60% + 40% × 0%) = 100 × 20.2% = 20.2"),
        ),
    ),
    native=(
        "IF(AND(COUNT({opening},{growth})=2,COUNT({attrition},{protected_share})=2,"
        "COUNT({protected_retention})=1,{opening}>=0,{growth}>-1,{growth}<=1,"
        "MIN({attrition},{protected_share},{protected_retention})>=0,"
        "MAX({attrition},{protected_share},{protected_retention})<=1),MAX(0,{opening}*({growth}+"
        "{attrition}*(1-{protected_share})+{protected_share}*(1-{protected_retention}))),NA())"
    ),
)
def new_business_needed(
    require: Require,
    opening: Annotated[Numbers, money(N_("Revenue at the start, 0 or more."), at_least=0)],
    growth: Growth,
    attrition: Annotated[
        Numbers,
        rate(N_("Share of unprotected revenue lost in a year, from 0% to 100%."), at_least=0, up_to=1),
    ],
    protected_share: Annotated[
        Numbers,
        rate(N_("Share of revenue protected by a plan, from 0% to 100%."), at_least=0, up_to=1),
    ] = 0,
    protected_retention: Annotated[
        Numbers,
        rate(N_("Share of protected revenue that is kept, from 0% to 100%."), at_least=0, up_to=1),
    ] = 1,
) -> Numbers:
    """max(0, opening × (growth + attrition × (1 − protected_share)
    + protected_share × (1 − protected_retention)))
    """
    lost = attrition * (1 - protected_share) + protected_share * (1 - protected_retention)
    return np.maximum(opening * (growth + lost), 0.0) + 0.0  # no minus in front of a nought


@GROWTH.function(
    summary=N_("Share of revenue that comes from new customers."),
    unit=_FRACTION,
    source=N_("Balancing growth and retention in bank sales: neither new nor existing customers alone."),
    examples=(
        example(30000, 70000, gives=0.3, working=N_("30,000 ÷ (30,000 + 70,000) = 30%")),
        example(5000, 0, gives=1, working=N_("5,000 ÷ 5,000 = 100%: all of it is new")),
    ),
    native=(
        "IF(AND(COUNT({new_revenue},{existing_revenue})=2,MIN({new_revenue},{existing_revenue})>=0),"
        "{new_revenue}/({new_revenue}+{existing_revenue}),NA())"
    ),
)
def balance_mix(
    require: Require,
    new_revenue: Annotated[Numbers, money(N_("Revenue from new customers."), at_least=0)],
    existing_revenue: Annotated[Numbers, money(N_("Revenue from existing customers."), at_least=0)],
) -> Numbers:
    """new_revenue ÷ (new_revenue + existing_revenue)"""
    whole = new_revenue + existing_revenue
    require(
        whole != 0,
        DIV0,
        "new_revenue",
        N_("There is no revenue, new or existing, to divide: enter at least one of the two."),
    )
    return new_revenue / whole
