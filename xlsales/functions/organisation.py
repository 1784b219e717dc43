"""Organisation: how healthy a sales organisation is, and how many people it needs."""

from dataclasses import replace
from typing import Annotated

import numpy as np

from xlsales import standards
from xlsales.epoch import FIRST_OF_MARCH
from xlsales.functions.arguments import Numbers, Proof, date, money, number, range_of, rate, text
from xlsales.functions.errors import NUM
from xlsales.functions.faults import Require
from xlsales.functions.months import add_months, calendar_months
from xlsales.functions.registry import Subject, example
from xlsales.functions.verdicts import below
from xlsales.schema import ELEMENTS
from xlsales.texts import N_, _

ORGANISATION = Subject(N_("Organisation"))

_POINTS = N_("points")
_HOURS = N_("hours")
_FRACTION = N_("fraction: 0.65 = 65%")
_HAIR = 1e-9  # 0.3 ÷ 0.1 is 2.9999999999999996 in binary, and three for everyone else
_HAIR_NOTE = N_("A quotient within a billionth of a whole number counts as that number: 0.3 ÷ 0.1 is 3.")


@ORGANISATION.function(
    summary=N_("Health of a sales organisation from twelve scores, from 0% to 100%; all twelve weigh the same."),
    unit=N_("fraction: 0.65 = 65%"),
    source=N_("Twelve elements of a winning sales organisation: score each one, and the whole."),
    notes=(
        N_(
            "The twelve elements, in this order: management and rep relationship, CRM implementation, sales "
            "team support, pipeline management, top client reviews, win/loss reports, low turnover, "
            "fast ramp-up, sales process progression, sales coverage model, sales strategy, top performers."
        ),
    ),
    examples=(
        example([3] * 12, gives=0.5, working=N_("(3 − 1) ÷ (5 − 1) = 50%")),
        example(
            [5, 4, 3, 2, 4, 3, 5, 4, 3, 2, 4, 3],
            gives=0.625,
            working=N_("the scores sum to 42, on average 3.5: (3.5 − 1) ÷ (5 − 1) = 62.5%"),
        ),
        example([7] * 6 + [9] * 6, 0, 10, gives=0.8, working=N_("on average 8: (8 − 0) ÷ (10 − 0) = 80%")),
    ),
    native=(
        "IF(AND(COUNT({scores})=12,ROWS({scores})*COLUMNS({scores})=12,COUNT({lowest},{highest})=2,"
        "MIN({scores})>={lowest},MAX({scores})<={highest}),"
        "(AVERAGE({scores})-{lowest})/({highest}-{lowest}),NA())"
    ),
)
def org_health(
    require: Require,
    scores: Annotated[
        Numbers,
        range_of(
            number(_POINTS, N_("The twelve scores, one cell each, none of them blank.")),
            cells=12,
            skip_blanks=False,
        ),
    ],
    lowest: Annotated[Numbers, number(_POINTS, N_("The lowest score of the scale."))] = standards.LOWEST_SCORE,
    highest: Annotated[Numbers, number(_POINTS, N_("The highest score of the scale."))] = standards.HIGHEST_SCORE,
) -> Numbers:
    """(mean(scores) − lowest) ÷ (highest − lowest)"""
    floor, ceiling = np.max(lowest), np.min(highest)
    if not (floor < ceiling and floor <= scores.min() and scores.max() <= ceiling):  # not on every scale given
        require(
            highest > lowest,
            NUM,
            "highest",
            N_("The highest score, {highest}, must be above the lowest, {lowest}."),
        )
        require(
            (scores.min() >= lowest) & (scores.max() <= highest),
            NUM,
            "scores",
            N_("A score is off the scale: enter scores from {lowest} to {highest}, or give the scale's ends."),
        )
    return (scores.mean() - lowest) / (highest - lowest)


@ORGANISATION.function(
    summary=N_('The weakest of the twelve elements, weakest first, one to a cell; "No gaps" where none is weak.'),
    unit=N_("names"),
    source=N_("Twelve elements of a winning sales organisation: work on the weakest first."),
    notes=(
        N_("Strictly below the mark is a gap. Equal scores keep the order of the list."),
        N_("A name that is blank, or no names at all, gives the standard names in the order of ORG_HEALTH."),
    ),
    spills=True,
    examples=(
        example(
            [5, 4, 3, 2, 4, 3, 5, 1, 3, 2, 4, 3],
            gives=[["Fast ramp-up"], ["Pipeline management"], ["Sales coverage model"]],
            working=N_("8th: 1 point; 4th and 10th: 2 points; 3 points are not below 3"),
        ),
        example([3] * 12, gives="No gaps", working=N_("none is below 3")),
        example([4] * 11 + [3], list("ABCDEFGHIJKL"), 4, gives=[["L"]], working=N_("only the 12th is below 4")),
    ),
    no_native=N_("The result fills as many cells as there are gaps; an ordinary formula fills only its own."),
)
def org_gaps(
    require: Require,
    scores: Annotated[
        Numbers,
        range_of(
            number(_POINTS, N_("The twelve scores, one cell each, none of them blank.")),
            cells=12,
            skip_blanks=False,
        ),
    ],
    names: Annotated[
        Numbers,
        range_of(
            text(N_("The elements' names, twelve cells like the scores."), keep_blank=True),
            cells=12,
            skip_blanks=False,
        ),
    ] = None,
    below: Annotated[Numbers, number(_POINTS, N_("Scores below this one are gaps."))] = standards.ELEMENT_GAP,
) -> Numbers:
    """the names of the scores < below, lowest first"""
    given = names if isinstance(names, np.ndarray) else [""] * len(ELEMENTS)
    weakest = [i for i in np.argsort(scores, kind="stable") if scores[i] < below]
    return [[given[i] or _(ELEMENTS[i])] for i in weakest] or _("No gaps")


@ORGANISATION.function(
    summary=N_("Accounts that one person can look after in the selling hours there are, in whole accounts."),
    unit=N_("accounts"),
    source=N_("Organising the sales process: no more accounts than a person has hours for."),
    notes=(_HAIR_NOTE,),
    examples=(
        example(1000, 16, gives=62, working=N_("1,000 ÷ 16 = 62.5, rounded down")),
        example(960, 16, gives=60, working=N_("960 ÷ 16 = 60")),
    ),
    native=(
        "IF(AND(COUNT({selling_hours},{hours_per_account})=2,{selling_hours}>=0,{hours_per_account}>=0),"
        "INT({selling_hours}/{hours_per_account}+1E-9),NA())"
    ),
)
def account_load(
    require: Require,
    selling_hours: Annotated[
        Numbers, number(_HOURS, N_("Hours that the person spends selling, in a period."), at_least=0)
    ],
    hours_per_account: Annotated[
        Numbers, number(_HOURS, N_("Hours that an account takes in that period."), at_least=0, divisor=True)
    ],
) -> Numbers:
    """selling_hours ÷ hours_per_account, rounded down"""
    return np.floor(selling_hours / hours_per_account + _HAIR)


@ORGANISATION.function(
    summary=N_("Support people needed for the hours of support there are, in whole people."),
    unit=N_("people"),
    source=N_("Organising the sales process: paperwork goes to support, so that sellers can sell."),
    notes=(_HAIR_NOTE,),
    examples=(
        example(90, 40, gives=3, working=N_("90 ÷ 40 = 2.25, rounded up")),
        example(80, 40, gives=2, working=N_("80 ÷ 40 = 2")),
    ),
    native=(
        "IF(AND(COUNT({support_hours},{hours_per_person})=2,{support_hours}>=0,{hours_per_person}>=0),"
        "-INT(1E-9-{support_hours}/{hours_per_person}),NA())"
    ),
)
def support_needed(
    require: Require,
    support_hours: Annotated[
        Numbers, number(_HOURS, N_("Hours of support that the sellers need in a period."), at_least=0)
    ],
    hours_per_person: Annotated[
        Numbers, number(_HOURS, N_("Hours that one person works in it."), at_least=0, divisor=True)
    ],
) -> Numbers:
    """support_hours ÷ hours_per_person, rounded up"""
    return np.ceil(support_hours / hours_per_person - _HAIR) + 0.0  # -0.0 becomes 0.0


@ORGANISATION.function(
    summary=N_("Extra deals a month whose gross profit pays for a sales assistant."),
    unit=N_("deals a month"),
    source=N_("Organising the sales process: an assistant who costs less than one deal a month pays."),
    notes=(N_("At 1 or less, a single extra deal a month pays for the assistant."),),
    examples=(
        example(450, 500, gives=0.9, working=N_("450 ÷ 500 = 0.9: less than one deal a month")),
        example(1500, 500, gives=3, working=N_("1,500 ÷ 500 = 3")),
    ),
    native=(
        "IF(AND(COUNT({monthly_cost},{gross_profit_per_deal})=2,"
        "MIN({monthly_cost},{gross_profit_per_deal})>=0),{monthly_cost}/{gross_profit_per_deal},NA())"
    ),
    proof=Proof(("monthly_cost",), at_least=0),
)
def assistant_payback(
    require: Require,
    monthly_cost: Annotated[Numbers, money(N_("What the assistant costs a month, in all, 0 or more."), at_least=0)],
    gross_profit_per_deal: Annotated[Numbers, money(N_("Average gross profit of a deal."), at_least=0, divisor=True)],
) -> Numbers:
    """monthly_cost ÷ gross_profit_per_deal"""
    return monthly_cost / gross_profit_per_deal


@ORGANISATION.function(
    summary=N_("Share of a team that left in a period; more than 100% where places were filled twice."),
    unit=_FRACTION,
    source=N_("Twelve elements of a winning sales organisation: low turnover."),
    examples=(
        example(3, 20, gives=0.15, working=N_("3 ÷ 20 = 15%")),
        example(6, 5, gives=1.2, working=N_("6 ÷ 5 = 120%")),
    ),
    native=(
        "IF(AND(COUNT({leavers},{average_headcount})=2,MIN({leavers},{average_headcount})>=0),"
        "{leavers}/{average_headcount},NA())"
    ),
    proof=Proof(("leavers",), at_least=0),
)
def turnover_rate(
    require: Require,
    leavers: Annotated[Numbers, number(N_("people"), N_("People who left in the period."), at_least=0)],
    average_headcount: Annotated[
        Numbers, number(N_("people"), N_("Average headcount in the period."), at_least=0, divisor=True)
    ],
) -> Numbers:
    """leavers ÷ average_headcount"""
    return leavers / average_headcount


@ORGANISATION.function(
    summary=N_("Whole and part months from the day of hiring to full productivity."),
    unit=N_("months"),
    source=N_("Twelve elements of a winning sales organisation: fast ramp-up."),
    notes=(
        N_(
            "Whole months are counted as EDATE counts them: from 31 January to the last of February is one. "
            "The days that remain are a share of the month they lie in."
        ),
    ),
    examples=(
        example(
            "2027-01-15",
            "2027-04-01",
            gives=2 + 17 / 31,
            working=N_("two months to 15 March, then 17 of the 31 days to 15 April: 2.548"),
        ),
        example("2027-01-31", "2027-02-28", gives=1, working=N_("to the end of the shorter month: 1")),
        example("2027-03-01", "2027-03-01", gives=0, working=N_("productive from the first day")),
    ),
    native=(
        "IF(AND(COUNT({hired},{first_full_month})=2,{hired}>=61,INT({first_full_month})>=INT({hired}),"
        "{first_full_month}<2958466),IF(INT({first_full_month})>=EDATE({hired},_K),"
        "_K+(INT({first_full_month})-EDATE({hired},_K))/(EDATE({hired},_K+1)-EDATE({hired},_K)),"
        "_K-(EDATE({hired},_K)-INT({first_full_month}))/(EDATE({hired},_K)-EDATE({hired},_K-1))),NA())"
    ).replace("_K", 'DATEDIF(INT({hired})-DAY({hired})+1,{first_full_month},"m")'),
)
def ramp_months(
    require: Require,
    hired: Annotated[Numbers, replace(date(N_("The day of hiring.")), at_least=FIRST_OF_MARCH)],
    first_full_month: Annotated[
        Numbers, date(N_("The day from which the person sells as much as the others, not before hiring."))
    ],
) -> Numbers:
    """the calendar months from hired to first_full_month"""
    end = np.floor(first_full_month)
    require(
        end >= np.floor(hired),
        NUM,
        "first_full_month",
        N_("{first_full_month} lies before the day of hiring, {hired}: correct one of the two dates."),
    )
    months = calendar_months(hired, end)
    day = add_months(hired, months)
    step = np.where(end >= day, 1.0, -1.0)
    return months + (end - day) / np.abs(add_months(hired, months + step) - day)


@ORGANISATION.function(
    summary=N_("Incentive earned: nothing below a threshold, in proportion from there, and never a cap."),
    unit=N_("currency"),
    source=N_("A formula for profitable growth: pay for results, faster above target, without a cap."),
    notes=(
        N_("Exactly at the threshold the incentive is paid."),
        N_("Above 100% each further percent is worth accelerator times as much; 1 pays all the same."),
    ),
    examples=(
        example(90000, 100000, 20000, 0.8, gives=18000, working=N_("90% reached: 20,000 × 90%")),
        example(79000, 100000, 20000, 0.8, gives=0, working=N_("79% is below the threshold of 80%")),
        example(
            120000,
            100000,
            20000,
            0.8,
            2,
            gives=28000,
            working=N_("20,000 × (100% + 20% × 2) = 20,000 × 140%"),
        ),
    ),
    native=(
        "IF(AND(COUNT({actual},{target},{target_pay},{threshold},{accelerator})=5,{target}>0,"
        "MIN({target_pay},{threshold},{accelerator})>=0,{threshold}<=1),(ROUND({actual}/{target}-{threshold},12)>=0)*"
        "{target_pay}*(MIN(1,{actual}/{target})+{accelerator}*MAX(0,{actual}/{target}-1)),NA())"
    ),
)
def incentive_payout(
    require: Require,
    actual: Annotated[Numbers, money(N_("Sales achieved, in the unit of the target."))],
    target: Annotated[Numbers, money(N_("Sales to achieve, above 0."), above=0)],
    target_pay: Annotated[Numbers, money(N_("Incentive paid for exactly the target."), at_least=0)],
    threshold: Annotated[
        Numbers, rate(N_("Share of the target below which nothing is paid, up to 100%."), at_least=0, up_to=1)
    ],
    accelerator: Annotated[
        Numbers, number(N_("factor"), N_("What the part above 100% is multiplied by."), at_least=0)
    ] = standards.ACCELERATOR,
) -> Numbers:
    """actual ÷ target < threshold: 0
    actual ÷ target ≤ 100%: target_pay × actual ÷ target
    otherwise: target_pay × (1 + (actual ÷ target − 1) × accelerator)
    """
    reached = actual / target
    pay = target_pay * (np.minimum(reached, 1.0) + accelerator * np.maximum(reached - 1, 0.0))
    return np.where(below(reached, threshold), 0.0, pay)
