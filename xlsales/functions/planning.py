"""Plans and check-ins: what is covered by a plan, how well it was forecast, and when to talk next."""

from dataclasses import replace
from typing import Annotated

import numpy as np

from xlsales.epoch import FIRST_OF_MARCH
from xlsales.functions.arguments import Numbers, choice, date, money, number, range_of, share_of
from xlsales.functions.errors import DIV0, NUM
from xlsales.functions.faults import Require
from xlsales.functions.growth import GROWTH
from xlsales.functions.months import add_months
from xlsales.functions.registry import Subject, example
from xlsales.functions.verdicts import verdict
from xlsales.texts import N_

PLANNING = Subject(GROWTH.title)

_FRACTION = N_("fraction: 0.65 = 65%")
_BALANCE = N_("Balancing growth and retention in bank sales: plans, standards, and talks about them.")
_LAST_YEAR = 2958101  # 1 January 9999
_DAYS = {"DAILY": 1, "WEEKLY": 7, "BIWEEKLY": 14}
_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "HALF-YEARLY": 6, "YEARLY": 12}
_NEXT = (
    'IF({cadence}="DAILY",INT({last})+1,IF({cadence}="WEEKLY",INT({last})+7,IF({cadence}="BIWEEKLY",INT({last})+14,'
    'EDATE({last},IF({cadence}="MONTHLY",1,IF({cadence}="QUARTERLY",3,IF({cadence}="HALF-YEARLY",6,'
    '12/({cadence}="YEARLY"))))))))'
)
_IN_DAYS = "IF(AND(COUNT({last})=1,{last}>=61,{last}<2958101),INT({last})+%d,NA())"
_IN_MONTHS = "IF(AND(COUNT({last})=1,{last}>=61,{last}<2958101),EDATE({last},%d),NA())"

Cadence = Annotated[Numbers, choice(N_("How often to talk; BIWEEKLY is every two weeks."), *_DAYS, *_MONTHS)]


_NEVER_CAME = N_(
    "A forecast without an actual number is one that never came: its blank counts as 0. A row without a forecast is "
    "left out; where nothing was expected, enter 0."
)
_NOTHING_SOLD = N_("The actual numbers add up to 0, so there is nothing to compare: give at least one above 0.")
Actuals = Annotated[
    Numbers,
    range_of(money(N_("What happened, 0 or more; blank counts as 0 beside a forecast."), at_least=0), blank_counts=0),
]
Forecasts = Annotated[
    Numbers,
    range_of(money(N_("What was forecast for each, in the same order; rows without are left out."), at_least=0)),
]


@PLANNING.function(
    summary=N_("Share of people or accounts that have a written plan."),
    unit=_FRACTION,
    source=_BALANCE,
    notes=(
        N_(
            "To compare: the source found that 85% of sales people have no documented plan, and 73% none for their "
            "top five accounts. The usual coverage is 15% and 27%: being better than that is a low bar."
        ),
    ),
    examples=(
        example(3, 20, gives=0.15, working=N_("3 ÷ 20 = 15%, the usual coverage")),
        example(0, 5, gives=0, working=N_("0 ÷ 5 = 0%")),
    ),
    native="IF(AND(COUNT({with_plan},{total})=2,{with_plan}>=0,{with_plan}<={total}),{with_plan}/{total},NA())",
    proof=share_of("with_plan"),
)
def plan_coverage(
    require: Require,
    with_plan: Annotated[Numbers, number(N_("count"), N_("People or accounts with a written plan."), at_least=0)],
    total: Annotated[
        Numbers,
        number(N_("count"), N_("All people or accounts that should have one."), at_least=0, divisor=True),
    ],
) -> Numbers:
    """with_plan ÷ total"""
    require(
        lambda: with_plan <= total,
        NUM,
        "with_plan",
        N_("{with_plan} with a plan out of {total} are more than all: count the same people or accounts."),
    )
    return with_plan / total


@PLANNING.function(
    summary=N_("How close forecasts came to what happened, from 0% to 100%."),
    unit=_FRACTION,
    source=_BALANCE,
    notes=(
        _NEVER_CAME,
        N_("Being off by as much as was sold, or more, is 0%."),
    ),
    examples=(
        example(
            [100, 200],
            [110, 180],
            gives=0.9,
            working=N_("off by 10 + 20 = 30 of 300 sold: 1 − 30 ÷ 300 = 90%"),
        ),
        example(
            [100, 100],
            [300, 100],
            gives=0,
            working=N_("off by 200 of 200 sold: 1 − 200 ÷ 200 = 0%"),
        ),
        example(
            [100, None],
            [100, 40],
            gives=0.6,
            working=N_("the second deal never came: off by 40 of 100 sold, 1 − 40 ÷ 100 = 60%"),
        ),
    ),
    native=(
        "IF(AND(COUNT({actuals},{forecasts})=COUNTA({actuals},{forecasts}),MIN({actuals},{forecasts})>=0,"
        "ROWS({actuals})=ROWS({forecasts}),COLUMNS({actuals})=COLUMNS({forecasts})),MAX(0,1-SUMPRODUCT("
        '({forecasts}<>"")*(({actuals}>{forecasts})-({actuals}<{forecasts}))*'
        '({actuals}-{forecasts}))/SUMIFS({actuals},{forecasts},">=0")),NA())'
    ),
)
def forecast_accuracy(
    require: Require,
    actuals: Actuals,
    forecasts: Forecasts,
) -> Numbers:
    """max(0, 1 − sum(|actuals − forecasts|) ÷ sum(actuals))"""
    sold = actuals.sum()
    require(sold != 0, DIV0, "actuals", _NOTHING_SOLD)
    return np.maximum(1 - np.abs(actuals - forecasts).sum() / sold, 0.0)


@PLANNING.function(
    summary=N_(
        "How much too high (above 0) or too low (below 0) forecasts are on the whole, as a share of what happened."
    ),
    unit=_FRACTION,
    source=N_("Organising the sales process: a forecast that always errs to the same side can be corrected."),
    notes=(
        _NEVER_CAME,
        N_("Errors in both directions cancel out: how far off the single forecasts are is FORECAST_ACCURACY."),
    ),
    examples=(
        example([100, 200], [130, 200], gives=0.1, working=N_("330 forecast, 300 sold: 30 ÷ 300 = 10% too high")),
        example([100, 300], [80, 220], gives=-0.25, working=N_("300 forecast, 400 sold: −100 ÷ 400 = −25%, too low")),
        example([100, None], [100, 40], gives=0.4, working=N_("the second deal never came: 40 ÷ 100 too high")),
    ),
    native=(
        "IF(AND(COUNT({actuals},{forecasts})=COUNTA({actuals},{forecasts}),MIN({actuals},{forecasts})>=0,"
        "ROWS({actuals})=ROWS({forecasts}),COLUMNS({actuals})=COLUMNS({forecasts})),"
        'SUMPRODUCT(({forecasts}<>"")*({forecasts}-{actuals}))/SUMIFS({actuals},{forecasts},">=0"),NA())'
    ),
)
def forecast_bias(require: Require, actuals: Actuals, forecasts: Forecasts) -> Numbers:
    """(sum(forecasts) − sum(actuals)) ÷ sum(actuals)"""
    sold = actuals.sum()
    require(sold != 0, DIV0, "actuals", _NOTHING_SOLD)
    return (forecasts.sum() - sold) / sold


@PLANNING.function(
    summary=N_("How far two mixes lie apart, from 0% (the same) to 100% (nothing in common)."),
    unit=_FRACTION,
    source=_BALANCE,
    notes=(N_("Each range is first scaled to a sum of 1: amounts, counts and shares may be compared."),),
    examples=(
        example(
            [60, 40],
            [0.5, 0.5],
            gives=0.1,
            working=N_("(|60% − 50%| + |40% − 50%|) ÷ 2 = (10% + 10%) ÷ 2 = 10%"),
        ),
        example([5, 0], [0, 8], gives=1, working=N_("(|100% − 0%| + |0% − 100%|) ÷ 2 = 100%")),
    ),
    native=(
        "IF(AND(COUNT({actual_mix},{target_mix})=COUNTA({actual_mix},{target_mix}),MIN({actual_mix},"
        "{target_mix})>=0,ROWS({actual_mix})=ROWS({target_mix}),COLUMNS({actual_mix})=COLUMNS({target_mix})"
        '),SUMPRODUCT(({actual_mix}<>"")*({target_mix}<>"")*({actual_mix}/SUMIFS({actual_mix},{target_mix},'
        '">=0")>{target_mix}/SUMIFS({target_mix},{actual_mix},">=0"))*({actual_mix}/SUMIFS({actual_mix},'
        '{target_mix},">=0")-{target_mix}/SUMIFS({target_mix},{actual_mix},">=0"))),NA())'
    ),
)
def mix_gap(
    require: Require,
    actual_mix: Annotated[Numbers, range_of(number(N_("any"), N_("The parts as they are, 0 or more."), at_least=0))],
    target_mix: Annotated[
        Numbers,
        range_of(number(N_("any"), N_("The parts as they should be, in the same order."), at_least=0)),
    ],
) -> Numbers:
    """sum(|actual_mix ÷ sum(actual_mix) − target_mix ÷ sum(target_mix)|) ÷ 2"""
    actual, target = actual_mix.sum(), target_mix.sum()
    for name, whole in (("actual_mix", actual), ("target_mix", target)):
        require(whole != 0, DIV0, name, N_("The parts of a mix add up to 0: give at least one part above 0."))
    return np.abs(actual_mix / actual - target_mix / target).sum() / 2


@PLANNING.function(
    summary=N_("Revenue per week that is still needed to reach the goal."),
    unit=N_("currency a week"),
    source=N_("Sales KPIs and the magic number: what is left, over the weeks that are left."),
    notes=(N_("Where the goal is met the answer is 0, even with no weeks left."),),
    examples=(
        example(520000, 130000, 39, gives=10000, working=N_("(520,000 − 130,000) ÷ 39 weeks = 10,000")),
        example(500, 500, 0, gives=0, working=N_("the goal is met")),
    ),
    native=(
        "IF(COUNT({goal},{actual})+COUNT({weeks_left})=3,IF({actual}>={goal},0,"
        "({goal}-{actual})/MAX(0,{weeks_left})),NA())"
    ),
)
def run_rate_needed(
    require: Require,
    goal: Annotated[Numbers, money(N_("Revenue goal of the whole period."))],
    actual: Annotated[Numbers, money(N_("Revenue won so far."))],
    weeks_left: Annotated[Numbers, number(N_("weeks"), N_("Selling weeks left, above 0 unless met."))],
) -> Numbers:
    """actual ≥ goal: 0
    otherwise: (goal − actual) ÷ weeks_left
    """
    met = actual >= goal
    require(
        met | (weeks_left > 0),
        NUM,
        "weeks_left",
        N_("The goal of {goal} is not met and {weeks_left} weeks are left: enter more than 0 weeks."),
    )
    return np.where(met, 0.0, (goal - actual) / weeks_left)


def _next_checkin(last: Numbers, cadence: str) -> Numbers:
    """The serial of the next conversation; a month's end stays within the shorter month, as EDATE has it."""
    whole = np.floor(last)
    if cadence in _DAYS:
        return whole + _DAYS[cadence]
    return add_months(whole, _MONTHS[cadence])


def _last(*, keep_blank: bool = False) -> Numbers:
    conversation = date(N_("Date of the last conversation."), keep_blank=keep_blank)
    return replace(conversation, at_least=FIRST_OF_MARCH, below=_LAST_YEAR)


@PLANNING.function(
    summary=N_("Date of the next conversation, from the last one and how often to talk."),
    unit=N_("date"),
    source=_BALANCE,
    notes=(
        N_(
            "A month's end stays within a shorter month: from 31 January, MONTHLY, to 28 February, or to 29 "
            "February in a leap year; and from 28 February to 28 March."
        ),
        N_("Cells show an Excel date, a number to be formatted as a date; Python gets a date."),
    ),
    examples=(
        example("2027-01-31", "MONTHLY", gives=46446, working=N_("February 2027 has 28 days: 28 February 2027")),
        example("2027-03-01", "WEEKLY", gives=46454, working=N_("1 March + 7 days = 8 March 2027")),
    ),
    native="IF(AND(COUNT({last})=1,{last}>=61,{last}<2958101)," + _NEXT + ",NA())",
    native_for={
        **{word: _IN_DAYS % days for word, days in _DAYS.items()},
        **{word: _IN_MONTHS % months for word, months in _MONTHS.items()},
    },
    gives_date=True,
)
def next_checkin(require: Require, last: Annotated[Numbers, _last()], cadence: Cadence) -> Numbers:
    """DAILY: last + 1
    WEEKLY: last + 7
    BIWEEKLY: last + 14
    MONTHLY: EDATE(last, 1)
    QUARTERLY: EDATE(last, 3)
    HALF-YEARLY: EDATE(last, 6)
    YEARLY: EDATE(last, 12)
    """
    return _next_checkin(last, cadence)


@PLANNING.function(
    summary=N_("Whether the next conversation is due: OK, DUE on the day, OVERDUE after it, or NEVER held."),
    unit=N_("word"),
    source=_BALANCE,
    examples=(
        example("2027-01-31", "MONTHLY", "2027-02-28", gives="DUE", working=N_("due on 28 February")),
        example("2027-01-31", "MONTHLY", "2027-03-01", gives="OVERDUE", working=N_("due on 28 February")),
        example("", "WEEKLY", "2027-03-01", gives="NEVER", working=N_("no conversation yet")),
    ),
    native=(
        'IF(AND(COUNT({as_of})=1,FIND("|"&UPPER({cadence})&"|","|DAILY|WEEKLY|BIWEEKLY|MONTHLY|QUARTERLY|HALF-YEARLY|'
        'YEARLY|")>0,{as_of}>=1,{as_of}<2958466),IF(OR(TRIM({last})="",{last}=0),"NEVER",IF(AND(COUNT({last})=1,'
        "{last}>=61,{last}<2958101),CHOOSE(SIGN(INT({as_of})-" + _NEXT + ')+2,"OK","DUE","OVERDUE"),NA())),'
        "NA())"
    ),
    gives_text=True,
)
def checkin_status(
    require: Require,
    last: Annotated[Numbers, _last(keep_blank=True)],
    cadence: Cadence,
    as_of: Annotated[Numbers, date(N_("The day to judge by; a cell with =TODAY() moves it along."))],
) -> Numbers:
    """last is blank: NEVER
    as_of < NEXT_CHECKIN(last, cadence): OK
    as_of = NEXT_CHECKIN(last, cadence): DUE
    as_of > NEXT_CHECKIN(last, cadence): OVERDUE
    """
    due, today = _next_checkin(last, cadence), np.floor(as_of)
    return verdict((np.isnan(last), "NEVER"), (today < due, "OK"), (today == due, "DUE"), otherwise="OVERDUE")
