"""Activity: how fast the funnel earns, whether it is full enough, and the time spent on selling."""

from typing import Annotated

from xlsales import standards
from xlsales.functions.arguments import Numbers, Proof, money, number, rate, share_of
from xlsales.functions.errors import DIV0, NA, NUM
from xlsales.functions.faults import Require
from xlsales.functions.funnel import FUNNEL
from xlsales.functions.registry import Subject, example
from xlsales.functions.verdicts import below, verdict
from xlsales.texts import N_

ACTIVITY = Subject(FUNNEL.title)

_HOURS = N_("hours")


@ACTIVITY.function(
    summary=N_("Revenue that the funnel brings per day."),
    unit=N_("currency a day"),
    source=N_("Sales KPIs and the magic number: size, ratio and cycle of the sales in one figure."),
    examples=(
        example(40, 2500, 0.3, 60, gives=500, working=N_("40 × 2,500 × 30% = 30,000; ÷ 60 days = 500 a day")),
        example(10, 900, 0.5, 30, gives=150, working=N_("10 × 900 × 50% = 4,500; ÷ 30 days = 150 a day")),
    ),
    native=(
        "IF(AND(COUNT({opportunities},{average_sale})=2,COUNT({close_ratio},{cycle_days})=2,"
        "MIN({opportunities},{average_sale},{close_ratio})>=0,{close_ratio}<=1),"
        "{opportunities}*{average_sale}*{close_ratio}/MAX(0,{cycle_days}),NA())"
    ),
)
def sales_velocity(
    require: Require,
    opportunities: Annotated[
        Numbers, number(N_("count"), N_("Opportunities being worked on at the same time."), at_least=0)
    ],
    average_sale: Annotated[Numbers, money(N_("Average revenue of a sale won."), at_least=0)],
    close_ratio: Annotated[
        Numbers, rate(N_("Share of these opportunities that are won, up to 100%."), at_least=0, up_to=1)
    ],
    cycle_days: Annotated[Numbers, number(N_("days"), N_("Average days from start to close: SALES_CYCLE_DAYS."))],
) -> Numbers:
    """opportunities × average_sale × close_ratio ÷ cycle_days"""
    require(
        cycle_days > 0,
        DIV0,
        "cycle_days",
        N_("A cycle of {cycle_days} days leaves nothing to divide by: enter a number of days above 0."),
    )
    return opportunities * average_sale * close_ratio / cycle_days


@ACTIVITY.function(
    summary=N_("How many times the open pipeline covers the goal that is left."),
    unit=N_("times"),
    source=N_("Sales KPIs and the magic number: a pipeline must hold more than the goal."),
    notes=(N_("Where the goal is met nothing needs to be covered: the answer is #N/A."),),
    examples=(
        example(300000, 100000, gives=3, working=N_("300,000 ÷ 100,000 = 3 times")),
        example(45000, 60000, gives=0.75, working=N_("45,000 ÷ 60,000 = 0.75: not covered")),
    ),
    native=(
        "IF(AND(COUNT({open_pipeline},{goal_left})=2,{open_pipeline}>=0,{goal_left}>0),"
        "{open_pipeline}/{goal_left},NA())"
    ),
    proof=Proof(("open_pipeline",), at_least=0, never_below_0=("goal_left",)),
)
def pipeline_coverage(
    require: Require,
    open_pipeline: Annotated[Numbers, money(N_("Revenue of all open opportunities, not weighted."), at_least=0)],
    goal_left: Annotated[Numbers, money(N_("Revenue still to be won; 0 or less means that the goal is met."))],
) -> Numbers:
    """open_pipeline ÷ goal_left"""
    require(
        lambda: goal_left > 0,
        NA,
        "goal_left",
        N_("With {goal_left} left the goal is met: there is nothing to cover, and nothing to enter."),
    )
    return open_pipeline / goal_left


@ACTIVITY.function(
    summary=N_("Share of working time that is spent selling."),
    unit=N_("fraction: 0.65 = 65%"),
    source=N_("A formula for profitable growth: time with customers against all time."),
    examples=(
        example(22, 40, gives=0.55, working=N_("22 ÷ 40 = 55%")),
        example(30, 40, gives=0.75, working=N_("30 ÷ 40 = 75%")),
    ),
    native=(
        "IF(AND(COUNT({selling_hours},{total_hours})=2,{selling_hours}>=0,{selling_hours}<={total_hours}),"
        "{selling_hours}/{total_hours},NA())"
    ),
    proof=share_of("selling_hours"),
)
def selling_time(
    require: Require,
    selling_hours: Annotated[
        Numbers, number(_HOURS, N_("Hours spent selling: with customers or preparing for them."), at_least=0)
    ],
    total_hours: Annotated[Numbers, number(_HOURS, N_("All hours worked in the same time."), at_least=0, divisor=True)],
) -> Numbers:
    """selling_hours ÷ total_hours"""
    require(
        lambda: selling_hours <= total_hours,
        NUM,
        "selling_hours",
        N_("{selling_hours} selling hours out of {total_hours} are more than all: count the same weeks."),
    )
    return selling_hours / total_hours


@ACTIVITY.function(
    summary=N_("Whether the share of selling time is BELOW, IN BAND or ABOVE the usual 55% to 65%."),
    unit=N_("word"),
    source=N_("A formula for profitable growth: at least 55% to 65% of the time belongs to selling."),
    notes=(N_("ABOVE is fine: the band is what to reach at least. Both ends belong to the band."),),
    examples=(
        example(0.5, gives="BELOW", working=N_("50% is less than 55%")),
        example(0.55, gives="IN BAND", working=N_("55% is the low end, which belongs to the band")),
        example(0.7, 0.6, 0.8, gives="IN BAND", working=N_("70% lies between 60% and 80%")),
    ),
    native=(
        "IF(AND(COUNT({selling_time},{low})=2,COUNT({high})=1,MIN({selling_time},{low})>=0,"
        "MAX({selling_time},{high})<=1,{low}<={high}),IF(ROUND({selling_time}-{low},12)<0,"
        '"BELOW",IF(ROUND({selling_time}-{high},12)>0,"ABOVE","IN BAND")),NA())'
    ),
    gives_text=True,
)
def selling_time_status(
    require: Require,
    selling_time: Annotated[Numbers, rate(N_("Share of time spent selling: SELLING_TIME."), at_least=0, up_to=1)],
    low: Annotated[Numbers, rate(N_("Low end of the band."), at_least=0, up_to=1)] = standards.SELLING_TIME_LOW,
    high: Annotated[Numbers, rate(N_("High end of the band."), at_least=0, up_to=1)] = standards.SELLING_TIME_HIGH,
) -> Numbers:
    """selling_time < low: BELOW
    selling_time > high: ABOVE
    otherwise: IN BAND
    """
    require(low <= high, NUM, "low", N_("The low end, {low}, must not be above the high end, {high}."))
    return verdict((below(selling_time, low), "BELOW"), (below(high, selling_time), "ABOVE"), otherwise="IN BAND")
