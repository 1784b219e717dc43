"""Customers: what the existing ones bring in time, and what new ones cost."""

from typing import Annotated

from xlsales.functions.arguments import Numbers, Proof, money
from xlsales.functions.errors import NUM
from xlsales.functions.faults import Require
from xlsales.functions.growth import GROWTH
from xlsales.functions.registry import Subject, example
from xlsales.texts import N_

CUSTOMERS = Subject(GROWTH.title)

_HAIR = 1 + 1e-12  # 0.1 + 0.2 is stored a hair above 0.3


@CUSTOMERS.function(
    summary=N_("Net revenue retention: what the opening customers bring now, as a share of what they brought."),
    unit=N_("fraction: 0.65 = 65%"),
    source=N_("Balancing growth and retention in bank sales: customers who are kept buy more; the field's NRR."),
    notes=(
        N_(
            "Above 100% the customers there are bring growth by themselves. New customers do not count at all. "
            "RETENTION_RATE, which never passes 100%, leaves the expansion out."
        ),
    ),
    examples=(
        example(
            500000, 60000, 20000, 30000, gives=1.02, working=N_("(500,000 + 60,000 − 20,000 − 30,000) ÷ 500,000 = 102%")
        ),
        example(200000, 0, 10000, 30000, gives=0.8, working=N_("(200,000 − 10,000 − 30,000) ÷ 200,000 = 80%")),
    ),
    native=(
        "IF(AND(COUNT({opening},{expansion})=2,COUNT({contraction},{churn})=2,"
        "MIN({opening},{expansion},{contraction},{churn})>=0,{contraction}+{churn}<={opening}),"
        "({opening}+{expansion}-{contraction}-{churn})/{opening},NA())"
    ),
)
def net_revenue_retention(
    require: Require,
    opening: Annotated[
        Numbers, money(N_("Revenue of the opening customers at the start of the period."), at_least=0, divisor=True)
    ],
    expansion: Annotated[Numbers, money(N_("What those of them who buy more bring in addition."), at_least=0)],
    contraction: Annotated[Numbers, money(N_("What those of them who stay and buy less bring less."), at_least=0)],
    churn: Annotated[Numbers, money(N_("What those of them who left had brought."), at_least=0)],
) -> Numbers:
    """(opening + expansion − contraction − churn) ÷ opening"""
    require(
        contraction + churn <= opening * _HAIR,
        NUM,
        "churn",
        N_(
            "A contraction of {contraction} and a churn of {churn} are more than the opening of {opening}: count the "
            "opening customers only."
        ),
    )
    return (opening + expansion - contraction - churn) / opening


@CUSTOMERS.function(
    summary=N_("Months until the gross profit of new customers has paid what it cost to win them."),
    unit=N_("months"),
    source=N_("A formula for profitable growth: new business pays when its profit does; the field's CAC payback."),
    notes=(
        N_(
            "Both figures of one customer, or both of all customers won in a period. CAC is the cost of acquiring a "
            "customer: selling and marketing. Up to 12 months is usually called good."
        ),
    ),
    examples=(
        example(6000, 500, gives=12, working=N_("6,000 ÷ 500 a month = 12 months")),
        example(90000, 12000, gives=7.5, working=N_("90,000 ÷ 12,000 a month = 7.5 months")),
    ),
    native=(
        "IF(AND(COUNT({cost},{monthly_gross_profit})=2,MIN({cost},{monthly_gross_profit})>=0),"
        "{cost}/{monthly_gross_profit},NA())"
    ),
    proof=Proof(("cost",), at_least=0),
)
def cac_payback_months(
    require: Require,
    cost: Annotated[Numbers, money(N_("What it cost to win the customers, selling and marketing."), at_least=0)],
    monthly_gross_profit: Annotated[
        Numbers, money(N_("Gross profit (not revenue) that they bring a month."), at_least=0, divisor=True)
    ],
) -> Numbers:
    """cost ÷ monthly_gross_profit"""
    return cost / monthly_gross_profit
