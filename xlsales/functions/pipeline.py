"""The pipeline: how conversations turn into appointments and stages into sales, and what is in it."""

from typing import Annotated

import numpy as np

from xlsales.functions.arguments import Numbers, money, number, range_of, rate, share_of
from xlsales.functions.errors import NUM
from xlsales.functions.faults import Require
from xlsales.functions.funnel import FUNNEL
from xlsales.functions.registry import Subject, example
from xlsales.texts import N_

PIPELINE = Subject(FUNNEL.title)

_COUNT = N_("count")
_FRACTION = N_("fraction: 0.65 = 65%")


@PIPELINE.function(
    summary=N_("Share of conversations that lead to a first appointment."),
    unit=_FRACTION,
    source=N_("Sales KPIs and the magic number: turning conversations into appointments is a skill to measure."),
    notes=(
        N_(
            "A conversation is one with a person who can decide or lead to who does; the field also says "
            "conversation-to-meeting rate."
        ),
    ),
    examples=(
        example(12, 80, gives=0.15, working=N_("12 ÷ 80 = 15%")),
        example(0, 25, gives=0, working=N_("0 ÷ 25 = 0%")),
    ),
    native=(
        "IF(AND(COUNT({first_appointments},{conversations})=2,{first_appointments}>=0,"
        "{first_appointments}<={conversations}),{first_appointments}/{conversations},NA())"
    ),
    proof=share_of("first_appointments"),
)
def conversation_ratio(
    require: Require,
    first_appointments: Annotated[
        Numbers, number(_COUNT, N_("First appointments that came of these conversations, at most all."), at_least=0)
    ],
    conversations: Annotated[
        Numbers, number(_COUNT, N_("Conversations held in the same period."), at_least=0, divisor=True)
    ],
) -> Numbers:
    """first_appointments ÷ conversations"""
    require(
        lambda: first_appointments <= conversations,
        NUM,
        "first_appointments",
        N_(
            "{first_appointments} first appointments from {conversations} conversations are more than all: "
            "count both over the same period and the same people."
        ),
    )
    return first_appointments / conversations


@PIPELINE.function(
    summary=N_("Share of the deals that entered a stage of the sale and were won in the end."),
    unit=_FRACTION,
    source=N_(
        "Twelve elements of a winning sales organisation: progression through the sales process, stage by stage."
    ),
    notes=(
        N_(
            "Count decided deals only: those still open would lower the rate. Given a column of stages it spills one "
            "rate for each; these are the probabilities that WEIGHTED_PIPELINE takes."
        ),
    ),
    examples=(
        example(12, 40, gives=0.3, working=N_("12 ÷ 40 = 30% of the deals that reached this stage")),
        example(12, 15, gives=0.8, working=N_("12 ÷ 15 = 80%: a later stage, with fewer deals")),
    ),
    native="IF(AND(COUNT({won},{entered})=2,{won}>=0,{won}<={entered}),{won}/{entered},NA())",
    proof=share_of("won"),
)
def stage_win_rate(
    require: Require,
    won: Annotated[Numbers, number(_COUNT, N_("Deals that entered the stage and were won, at most all."), at_least=0)],
    entered: Annotated[
        Numbers, number(_COUNT, N_("Decided deals, won or lost, that entered the stage."), at_least=0, divisor=True)
    ],
) -> Numbers:
    """won ÷ entered"""
    require(
        lambda: won <= entered,
        NUM,
        "won",
        N_("{won} deals won of {entered} that entered the stage are more than all: count the same deals."),
    )
    return won / entered


@PIPELINE.function(
    summary=N_("Value of the open pipeline, each amount weighted with the probability that it is won."),
    unit=N_("currency"),
    source=N_("Organising the sales process: stages with a probability each make a pipeline comparable."),
    notes=(
        N_(
            "Rows without both numbers are left out. The probabilities are best measured, stage by stage, with "
            "STAGE_WIN_RATE. For the pipeline without weights, see PIPELINE_COVERAGE."
        ),
    ),
    examples=(
        example(
            [100000, 50000, 20000],
            [0.1, 0.5, 0.8],
            gives=51000,
            working=N_("100,000 × 10% + 50,000 × 50% + 20,000 × 80% = 10,000 + 25,000 + 16,000"),
        ),
        example([40000, 10000], [0.25, None], gives=10000, working=N_("40,000 × 25%; one has no probability")),
    ),
    native=(
        "IF(AND(COUNT({amounts},{probabilities})=COUNTA({amounts},{probabilities}),MIN({amounts},{probabilities})>=0,"
        "MAX({probabilities})<=1,ROWS({amounts})=ROWS({probabilities}),COLUMNS({amounts})=COLUMNS({probabilities})),"
        "SUMPRODUCT({amounts},{probabilities}),NA())"
    ),
    adds_up=True,
)
def weighted_pipeline(
    require: Require,
    amounts: Annotated[Numbers, range_of(money(N_("The amount of each open deal, 0 or more."), at_least=0))],
    probabilities: Annotated[
        Numbers,
        range_of(
            rate(
                N_("How likely each is won, from 0% to 100%, in the same order: that of its stage."),
                at_least=0,
                up_to=1,
            )
        ),
    ],
) -> Numbers:
    """sum(amounts × probabilities)"""
    return np.dot(amounts, probabilities)


@PIPELINE.function(
    summary=N_("First appointments to create each week from now on to still reach the goal."),
    unit=N_("first appointments a week"),
    source=N_("Sales KPIs and the magic number: who falls behind works the goal back again from what is left."),
    notes=(
        N_(
            "The MAGIC_NUMBER of the rest of the year: the goal that is left, over the weeks that are left. Where the "
            "goal is met the answer is 0, even with no weeks left."
        ),
    ),
    examples=(
        example(
            390000,
            2500,
            0.6,
            0.4,
            20,
            gives=32.5,
            working=N_("390,000 ÷ 2,500 = 156 sales; ÷ 40% = 390; ÷ 60% = 650 first appointments; ÷ 20 weeks"),
        ),
        example(0, 2500, 0.6, 0.4, 0, gives=0, working=N_("the goal is met")),
    ),
    native=(
        "IF(AND(COUNT({goal_left},{average_sale})=2,COUNT({proposal_ratio},{close_ratio})=2,COUNT({weeks_left}),"
        "MIN({average_sale},{proposal_ratio},{close_ratio})>0,MAX({proposal_ratio},{close_ratio})<=1),"
        "IF({goal_left}<=0,0,{goal_left}/{average_sale}/{close_ratio}/{proposal_ratio}/MAX(0,{weeks_left})),NA())"
    ),
)
def catch_up_number(
    require: Require,
    goal_left: Annotated[Numbers, money(N_("Revenue still to be won; 0 or less means that the goal is met."))],
    average_sale: Annotated[Numbers, money(N_("Average revenue of a sale won."), at_least=0, divisor=True)],
    proposal_ratio: Annotated[
        Numbers,
        rate(N_("Share of first appointments that reach a proposal, up to 100%."), at_least=0, up_to=1, divisor=True),
    ],
    close_ratio: Annotated[
        Numbers, rate(N_("Share of proposals that are won, up to 100%."), at_least=0, up_to=1, divisor=True)
    ],
    weeks_left: Annotated[Numbers, number(N_("weeks"), N_("Selling weeks left, above 0 unless met."))],
) -> Numbers:
    """goal_left ≤ 0: 0
    otherwise: goal_left ÷ average_sale ÷ close_ratio ÷ proposal_ratio ÷ weeks_left
    """
    require(
        np.all(weeks_left > 0) or (weeks_left > 0) | (goal_left <= 0),
        NUM,
        "weeks_left",
        N_("{goal_left} is left to win and {weeks_left} weeks are left: enter more than 0 weeks."),
    )
    weeks = np.where(weeks_left > 0, weeks_left, 1.0)  # met with no weeks left: 0
    return np.maximum(goal_left, 0.0) / average_sale / close_ratio / proposal_ratio / weeks
