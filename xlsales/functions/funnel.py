"""Funnel and activity: the ratios of the sales funnel, and the activity that a goal needs."""

from typing import Annotated

import numpy as np

from xlsales import standards
from xlsales.functions.arguments import Numbers, date, money, number, quotient_of, range_of, rate, share_of
from xlsales.functions.errors import DIV0, NUM
from xlsales.functions.faults import Require
from xlsales.functions.registry import Subject, example
from xlsales.texts import N_

FUNNEL = Subject(N_("Funnel and activity"))

_COUNT = N_("count")


@FUNNEL.function(
    summary=N_("Share of first appointments that reach a proposal."),
    unit=N_("fraction: 0.65 = 65%"),
    source=N_("Sales KPIs and the magic number: how many conversations become proposals."),
    examples=(
        example(12, 20, gives=0.6, working=N_("12 ÷ 20 = 60%")),
        example(0, 8, gives=0, working=N_("0 ÷ 8 = 0%")),
    ),
    native=(
        "IF(AND(COUNT({proposals},{first_appointments})=2,{proposals}>=0,{proposals}<={first_appointments}),"
        "{proposals}/{first_appointments},NA())"
    ),
    proof=share_of("proposals"),
)
def proposal_ratio(
    require: Require,
    proposals: Annotated[
        Numbers,
        number(_COUNT, N_("First appointments that led to a proposal, at most all of them."), at_least=0),
    ],
    first_appointments: Annotated[
        Numbers, number(_COUNT, N_("First appointments held in the same period."), at_least=0, divisor=True)
    ],
) -> Numbers:
    """proposals ÷ first_appointments"""
    require(
        lambda: proposals <= first_appointments,
        NUM,
        "proposals",
        N_(
            "{proposals} proposals from {first_appointments} first appointments are more than all: "
            "count both over the same period and the same customers."
        ),
    )
    return proposals / first_appointments


@FUNNEL.function(
    summary=N_("Share of proposals that are won."),
    unit=N_("fraction: 0.65 = 65%"),
    source=N_("Sales KPIs and the magic number: how many proposals become sales."),
    examples=(
        example(13, 20, gives=0.65, working=N_("13 ÷ 20 = 65%")),
        example(5, 5, gives=1, working=N_("5 ÷ 5 = 100%")),
    ),
    native="IF(AND(COUNT({won},{proposals})=2,{won}>=0,{won}<={proposals}),{won}/{proposals},NA())",
    proof=share_of("won"),
)
def close_ratio(
    require: Require,
    won: Annotated[Numbers, number(_COUNT, N_("Proposals won, at most all of them."), at_least=0)],
    proposals: Annotated[
        Numbers,
        number(_COUNT, N_("Proposals decided, won or lost, in the same period."), at_least=0, divisor=True),
    ],
) -> Numbers:
    """won ÷ proposals"""
    require(
        lambda: won <= proposals,
        NUM,
        "won",
        N_("{won} sales won from {proposals} proposals are more than all: count both over the same period."),
    )
    return won / proposals


@FUNNEL.function(
    summary=N_("Revenue per sale won."),
    unit=N_("currency"),
    source=N_("Sales KPIs and the magic number: the size of a sale."),
    examples=(
        example(50000, 20, gives=2500, working=N_("50,000 ÷ 20 = 2,500")),
        example(9900, 4, gives=2475, working=N_("9,900 ÷ 4 = 2,475")),
    ),
    native="IF(AND(COUNT({revenue},{won})=2,{won}>=0),{revenue}/{won},NA())",
    proof=quotient_of("revenue"),
)
def average_sale(
    require: Require,
    revenue: Annotated[Numbers, money(N_("Revenue of the sales won; less than 0 after credit notes."))],
    won: Annotated[Numbers, number(_COUNT, N_("Sales won that brought this revenue."), at_least=0, divisor=True)],
) -> Numbers:
    """revenue ÷ won"""
    return revenue / won


@FUNNEL.function(
    summary=N_("Average number of days from start to close, over the rows that have both dates."),
    unit=N_("days"),
    source=N_("Sales KPIs and the magic number: how long a sale takes."),
    examples=(
        example(
            ["2027-01-04", "2027-01-11"],
            ["2027-02-03", "2027-01-31"],
            gives=25,
            working=N_("(30 days + 20 days) ÷ 2 = 25 days"),
        ),
        example(
            [46000, 46010, ""],
            [46090, 46040, 46050],
            gives=60,
            working=N_("(90 + 30) ÷ 2 = 60; the third row has no start"),
        ),
    ),
    native=(
        "IF(AND(COUNT({start_dates},{close_dates})=COUNTA({start_dates},{close_dates}),"
        "SUMPRODUCT(({start_dates}<>0)*({start_dates}<1)+({close_dates}<>0)*({close_dates}<1))=0,"
        "MAX({start_dates},{close_dates})<2958466,"
        "SUMPRODUCT(({close_dates}>0)*({close_dates}<{start_dates}))=0),"
        "SUMPRODUCT(({start_dates}>0)*({close_dates}>0)*({close_dates}-{start_dates}))/"
        'COUNTIFS({start_dates},">0",{close_dates},">0"),NA())'
    ),
)
def sales_cycle_days(
    require: Require,
    start_dates: Annotated[Numbers, range_of(date(N_("When each sale started, for example its first appointment.")))],
    close_dates: Annotated[
        Numbers,
        range_of(date(N_("When each of them closed, in the same order; rows without both dates are left out."))),
    ],
) -> Numbers:
    """mean(close_dates − start_dates)"""
    require(
        start_dates.size > 0,
        DIV0,
        "close_dates",
        N_("No row has both a start and a close date: fill in at least one pair."),
    )
    require(
        (close_dates >= start_dates).all(),
        NUM,
        "close_dates",
        N_("A close date lies before its start date: correct the dates, or swap the two ranges."),
    )
    return (close_dates.sum() - start_dates.sum()) / start_dates.size


@FUNNEL.function(
    summary=N_("New opportunities (first appointments) to create each week to reach a revenue goal."),
    unit=N_("first appointments a week"),
    source=N_("Sales KPIs and the magic number: the goal worked back to the activity of one week."),
    notes=(
        N_('This is not the SaaS "magic number", which compares growth in recurring revenue with sales cost.'),
        N_(
            "A goal of 0 or less is met: the answer is 0, even with no weeks left. Nothing is rounded: 4.2 a week is "
            "21 in five weeks."
        ),
    ),
    examples=(
        example(
            15000,
            2500,
            0.6,
            0.4,
            1,
            gives=25,
            working=N_("15,000 ÷ 2,500 = 6 sales; ÷ 40% = 15 proposals; ÷ 60% = 25 first appointments in one week"),
        ),
        example(
            780000,
            2500,
            0.6,
            0.4,
            gives=25,
            working=N_("780,000 ÷ 2,500 = 312 sales; ÷ 40% = 780; ÷ 60% = 1,300; ÷ 52 weeks = 25 a week"),
        ),
        example(-500, 2500, 0.6, 0.4, gives=0, working=N_("the goal is already passed by 500")),
    ),
    native=(
        "IF(AND(COUNT({revenue_goal},{average_sale})=2,COUNT({proposal_ratio},{close_ratio})=2,COUNT({weeks}),{weeks}>=0,"
        "MIN({average_sale},{proposal_ratio},{close_ratio})>0,MAX({proposal_ratio},{close_ratio})<=1),"
        "IF({revenue_goal}<=0,0,{revenue_goal}/{average_sale}/{close_ratio}/{proposal_ratio}/{weeks}),NA())"
    ),
)
def magic_number(
    require: Require,
    revenue_goal: Annotated[Numbers, money(N_("Revenue still to be won in these weeks; 0 or less means met."))],
    average_sale: Annotated[Numbers, money(N_("Average revenue of a sale won."), at_least=0, divisor=True)],
    proposal_ratio: Annotated[
        Numbers,
        rate(
            N_("Share of first appointments that reach a proposal, up to 100%."),
            at_least=0,
            up_to=1,
            divisor=True,
        ),
    ],
    close_ratio: Annotated[
        Numbers, rate(N_("Share of proposals that are won, up to 100%."), at_least=0, up_to=1, divisor=True)
    ],
    weeks: Annotated[
        Numbers,
        number(N_("weeks"), N_("Selling weeks in which to reach the goal, above 0 unless it is met."), at_least=0),
    ] = standards.WEEKS_A_YEAR,
) -> Numbers:
    """revenue_goal ≤ 0: 0
    otherwise: revenue_goal ÷ average_sale ÷ close_ratio ÷ proposal_ratio ÷ weeks
    """
    require(
        np.all(weeks > 0) or (weeks > 0) | (revenue_goal <= 0),
        DIV0,
        "weeks",
        N_("The goal of {revenue_goal} is not met and 0 weeks are left: enter more than 0 weeks."),
    )
    weeks = np.where(weeks > 0, weeks, 1.0)  # met with no weeks left: 0
    return np.maximum(revenue_goal, 0.0) / average_sale / close_ratio / proposal_ratio / weeks


@FUNNEL.function(
    summary=N_("Activity as a share of the magic number; 100% is the standard."),
    unit=N_("fraction: 0.65 = 65%"),
    source=N_("Sales KPIs and the magic number: the barometer that shows trouble before revenue does."),
    notes=(N_("Where the magic number is 0 nothing is needed any more, and the barometer stands at 100%."),),
    examples=(
        example(20, 25, gives=0.8, working=N_("20 ÷ 25 = 80%")),
        example(3, 0, gives=1, working=N_("nothing needed: 100%")),
    ),
    native=(
        "IF(AND(COUNT({actual_per_week},{magic_number})=2,MIN({actual_per_week},{magic_number})>=0),"
        "IF({magic_number}=0,1,{actual_per_week}/{magic_number}),NA())"
    ),
)
def activity_barometer(
    require: Require,
    actual_per_week: Annotated[
        Numbers,
        number(
            N_("first appointments a week"),
            N_("New opportunities (first appointments) created per week."),
            at_least=0,
        ),
    ],
    magic_number: Annotated[
        Numbers,
        number(
            N_("first appointments a week"),
            N_("New opportunities needed per week: MAGIC_NUMBER."),
            at_least=0,
        ),
    ],
) -> Numbers:
    """magic_number = 0: 100%
    otherwise: actual_per_week ÷ magic_number
    """
    return np.where(magic_number == 0, 1.0, actual_per_week / magic_number)
