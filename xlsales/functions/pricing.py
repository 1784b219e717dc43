"""Pricing and discounts: what a discount costs, and what must be sold to earn it back."""

from typing import Annotated

from xlsales.functions.arguments import Numbers, choice, money, rate
from xlsales.functions.errors import NUM
from xlsales.functions.faults import Require
from xlsales.functions.registry import Subject, example
from xlsales.texts import N_

PRICING = Subject(N_("Pricing and discounts"))

_SOURCE = N_("A formula for profitable growth: what a discount must bring in to break even.")
_BASES = (
    N_(
        "PROFIT and PRICE answer different questions. PROFIT: the discount is the share of gross profit "
        "given away; 20% of it on 100,000 at a 50% margin is earned back with 125,000. PRICE: the discount "
        "is a cut in list price while the cost of a unit stays; the same 20% is earned back with 133,333.33 "
        "billed at the lower price."
    ),
    N_(
        "They are not interchangeable: 125,000 of price-cut sales earn only 46,875 of gross profit, because "
        "the margin after the cut is 37.5%, and not the 50,000 of before. Who cuts list price needs PRICE."
    ),
)
_BELOW_COST = N_(
    "A discount of {discount} takes the whole gross margin of {gross_margin}: at or below cost no volume "
    "breaks even. Enter a discount below the margin."
)

Margin = Annotated[
    Numbers,
    rate(N_("Gross profit as a share of revenue at full price, above 0% up to 100%."), above=0, up_to=1),
]


@PRICING.function(
    summary=N_("Revenue that must be sold at a discount to earn the gross profit of the revenue at full price."),
    unit=N_("currency"),
    source=_SOURCE,
    notes=_BASES,
    examples=(
        example(100000, 0.5, 0.2, gives=125000, working=N_("100,000 ÷ (1 − 20%) = 125,000: a quarter more")),
        example(
            100000,
            0.5,
            0.2,
            "PRICE",
            gives=400000 / 3,
            working=N_("100,000 × 80% × 50% ÷ (50% − 20%) = 40,000 ÷ 0.3 = 133,333.33"),
        ),
    ),
    native=(
        "IF(AND(COUNT({revenue}),COUNT({gross_margin},{discount})=2,MIN({revenue},{discount})>=0,"
        '{gross_margin}>0,{gross_margin}<=1,{discount}<IF({basis}="PRICE",{gross_margin},'
        '1/({basis}="PROFIT"))),{revenue}*IF({basis}="PRICE",(1-{discount})*{gross_margin}/'
        "({gross_margin}-{discount}),1/(1-{discount})),NA())"
    ),
    native_for={
        "PROFIT": (
            "IF(AND(COUNT({revenue}),COUNT({gross_margin},{discount})=2,MIN({revenue},{discount})>=0,"
            "{gross_margin}>0,{gross_margin}<=1,{discount}<1),{revenue}/(1-{discount}),NA())"
        ),
        "PRICE": (
            "IF(AND(COUNT({revenue}),COUNT({gross_margin},{discount})=2,MIN({revenue},{discount})>=0,"
            "{gross_margin}<=1,{discount}<{gross_margin}),"
            "{revenue}*(1-{discount})*{gross_margin}/({gross_margin}-{discount}),NA())"
        ),
    },
)
def breakeven_revenue(
    require: Require,
    revenue: Annotated[Numbers, money(N_("Revenue at full price, 0 or more."), at_least=0)],
    gross_margin: Margin,
    discount: Annotated[
        Numbers,
        rate(N_("Discount as a share, from 0% to below 100%; for PRICE below the margin."), at_least=0, below=1),
    ],
    basis: Annotated[
        Numbers,
        choice(
            N_("PROFIT: the share of gross profit given away. PRICE: a cut in list price, unit cost unchanged."),
            "PROFIT",
            "PRICE",
        ),
    ] = "PROFIT",
) -> Numbers:
    """PROFIT: revenue ÷ (1 − discount)
    PRICE: revenue × (1 − discount) × gross_margin ÷ (gross_margin − discount)
    """
    if basis == "PROFIT":
        return revenue / (1 - discount)
    require(discount < gross_margin, NUM, "discount", _BELOW_COST)
    return revenue * (1 - discount) * gross_margin / (gross_margin - discount)


@PRICING.function(
    summary=N_("How much more must be sold at a discount to earn the same gross profit, as a fraction."),
    unit=N_("fraction: 0.65 = 65%"),
    source=_SOURCE,
    notes=(
        *_BASES,
        N_("UNITS counts pieces instead of revenue: at a price cut of 20% from a 50% margin, 66.67% more."),
    ),
    examples=(
        example(0.5, 0.2, gives=0.25, working=N_("20% ÷ (1 − 20%) = 25%")),
        example(0.5, 0.2, "PRICE", gives=1 / 3, working=N_("20% × (1 − 50%) ÷ (50% − 20%) = 0.1 ÷ 0.3 = 33.33%")),
        example(0.5, 0.2, "UNITS", gives=2 / 3, working=N_("20% ÷ (50% − 20%) = 66.67%")),
    ),
    native=(
        "IF(AND(COUNT({gross_margin},{discount})=2,{gross_margin}>0,{gross_margin}<=1,{discount}>=0,"
        '{discount}<IF({measure}="PROFIT",1,{gross_margin})),{discount}/(IF({measure}="PROFIT",1,'
        '{gross_margin})-{discount})*IF({measure}="PRICE",1-{gross_margin},'
        '1/OR({measure}="PROFIT",{measure}="UNITS")),NA())'
    ),
    native_for={
        "PROFIT": (
            "IF(AND(COUNT({gross_margin},{discount})=2,{gross_margin}>0,{gross_margin}<=1,{discount}>=0,"
            "{discount}<1),{discount}/(1-{discount}),NA())"
        ),
        "PRICE": (
            "IF(AND(COUNT({gross_margin},{discount})=2,{gross_margin}<=1,{discount}>=0,"
            "{discount}<{gross_margin}),{discount}*(1-{gross_margin})/({gross_margin}-{discount}),NA())"
        ),
        "UNITS": (
            "IF(AND(COUNT({gross_margin},{discount})=2,{gross_margin}<=1,{discount}>=0,"
            "{discount}<{gross_margin}),{discount}/({gross_margin}-{discount}),NA())"
        ),
    },
)
def breakeven_uplift(
    require: Require,
    gross_margin: Margin,
    discount: Annotated[
        Numbers,
        rate(
            N_("Discount as a share, from 0% to below 100%; for PRICE and UNITS below the margin."),
            at_least=0,
            below=1,
        ),
    ],
    measure: Annotated[
        Numbers,
        choice(
            N_(
                "PROFIT: share of gross profit given away. PRICE: cut in list price, uplift in revenue. "
                "UNITS: cut in list price, uplift in pieces."
            ),
            "PROFIT",
            "PRICE",
            "UNITS",
        ),
    ] = "PROFIT",
) -> Numbers:
    """PROFIT: discount ÷ (1 − discount)
    PRICE: discount × (1 − gross_margin) ÷ (gross_margin − discount)
    UNITS: discount ÷ (gross_margin − discount)
    """
    if measure == "PROFIT":
        return discount / (1 - discount)
    require(discount < gross_margin, NUM, "discount", _BELOW_COST)
    more_units = discount / (gross_margin - discount)
    return more_units if measure == "UNITS" else more_units * (1 - gross_margin)
