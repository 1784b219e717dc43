"""Pricing and discounts: what a discount costs, and what must be sold to earn it back."""

from typing import Annotated

from xlsales.functions.arguments import Numbers, choice, flag, money, rate
from xlsales.functions.errors import NUM
from xlsales.functions.faults import Require
from xlsales.functions.registry import Subject, example, remark
from xlsales.functions.verdicts import below, verdict
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

_SELLS_BELOW_COST = N_(
    "If the discount is a cut in list price it sells at or below cost: {discount} off leaves nothing of a gross "
    "margin of {gross_margin}, and no volume earns it back."
)

Margin = Annotated[
    Numbers,
    rate(N_("Gross profit as a share of revenue at full price, above 0% up to 100%."), above=0, up_to=1),
]

AnyMargin = Annotated[
    Numbers,
    rate(N_("Gross profit as a share of revenue at full price, up to 100%; less than 0 at a loss."), up_to=1),
]
ListDiscount = Annotated[Numbers, rate(N_("Cut in list price as a share, from 0% to below 100%."), at_least=0, below=1)]


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
    remarks=(remark("basis = PROFIT and discount ≥ gross_margin", _SELLS_BELOW_COST),),
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
    remarks=(remark("measure = PROFIT and discount ≥ gross_margin", _SELLS_BELOW_COST),),
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


@PRICING.function(
    summary=N_("Gross margin that is left after a cut in list price, while the cost of a unit stays."),
    unit=N_("fraction: 0.65 = 65%"),
    source=_SOURCE,
    notes=(N_("Less than 0 where the discount is larger than the margin: such a sale loses money."),),
    examples=(
        example(0.5, 0.2, gives=0.375, working=N_("(50% − 20%) ÷ (1 − 20%) = 0.3 ÷ 0.8 = 37.5%")),
        example(0.2, 0.36, gives=-0.25, working=N_("(20% − 36%) ÷ (1 − 36%) = −0.16 ÷ 0.64 = −25%")),
    ),
    native=(
        "IF(AND(COUNT({gross_margin},{discount})=2,{gross_margin}<=1,{discount}>=0,{discount}<1),"
        "({gross_margin}-{discount})/(1-{discount}),NA())"
    ),
)
def margin_after_discount(require: Require, gross_margin: AnyMargin, discount: ListDiscount) -> Numbers:
    """(gross_margin − discount) ÷ (1 − discount)"""
    return (gross_margin - discount) / (1 - discount)


@PRICING.function(
    summary=N_("Whether a discount is OK, needs APPROVAL because it buys the first sale, or is a NO."),
    unit=N_("word"),
    source=N_("A formula for profitable growth: who buys the way in with a discount never gets out of it."),
    notes=(
        N_(
            "NO: the margin after the discount is under the minimum. APPROVAL: the margin is kept, but a "
            "first sale is discounted. A margin exactly at the minimum is kept."
        ),
        N_(
            "A discount above the gross margin sells below cost: that is NO unless the minimum itself is less than 0, "
            "and SALES_EXPLAIN says it in any case."
        ),
    ),
    examples=(
        example(0.5, 0.2, 0.375, gives="OK", working=N_("37.5% is left, which is the minimum")),
        example(0.5, 0.2, 0.4, gives="NO", working=N_("37.5% is left, under the minimum of 40%")),
        example(
            0.5,
            0.05,
            0.3,
            True,
            gives="APPROVAL",
            working=N_("47.4% is left, but a first sale is discounted"),
        ),
    ),
    native=(
        "IF(AND(COUNT({gross_margin},{discount})=2,COUNT({minimum_margin})=1,{gross_margin}<=1,"
        "{discount}>=0,{discount}<1,{minimum_margin}<=1,"
        "OR({first_sale}=TRUE,{first_sale}=FALSE,{first_sale}=1,{first_sale}=0)),"
        "IF(ROUND(({gross_margin}-{discount})/(1-{discount})-{minimum_margin},12)<0,"
        '"NO",IF(IF({first_sale},{discount}>0),"APPROVAL","OK")),NA())'
    ),
    remarks=(
        remark(
            "discount > gross_margin",
            N_("It sells below cost: {discount} off is more than the gross margin of {gross_margin}."),
        ),
    ),
    gives_text=True,
)
def discount_guard(
    require: Require,
    gross_margin: AnyMargin,
    discount: ListDiscount,
    minimum_margin: Annotated[Numbers, rate(N_("Least gross margin that a sale must leave, up to 100%."), up_to=1)],
    first_sale: Annotated[Numbers, flag(N_("Whether it is the first sale to this customer."))] = False,
) -> Numbers:
    """MARGIN_AFTER_DISCOUNT(gross_margin, discount) < minimum_margin: NO
    first_sale and discount > 0: APPROVAL
    otherwise: OK
    """
    left = (gross_margin - discount) / (1 - discount)
    bought = (discount > 0) & bool(first_sale)
    return verdict((below(left, minimum_margin), "NO"), (bought, "APPROVAL"), otherwise="OK")
