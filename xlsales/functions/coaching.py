"""Coaching: who differs from the peers, which tips help, and which lever holds revenue back."""

from typing import Annotated

import numpy as np

from xlsales import standards
from xlsales.functions.arguments import Numbers, choice, money, number, range_of, rate
from xlsales.functions.errors import DIV0, NA, NUM
from xlsales.functions.faults import Require
from xlsales.functions.funnel import FUNNEL
from xlsales.functions.registry import Subject, example
from xlsales.functions.tips import STANDARDS, TIPS
from xlsales.functions.verdicts import below, verdict
from xlsales.texts import N_, _

COACHING = Subject(FUNNEL.title)

_FRACTION = N_("fraction: 0.65 = 65%")
_SOURCE = N_("Sales KPIs and the magic number: compare with peers, and look where it pays most.")
_THRESHOLDS = {"AVERAGE_SALE": standards.PEER_AVERAGE_SALE, "SALES_CYCLE_DAYS": standards.PEER_SALES_CYCLE}
_KPIS = (*_THRESHOLDS, "PROPOSAL_RATIO", "CLOSE_RATIO", "ACTIVITY_BAROMETER")
_LEVERS = ("FIRST_APPOINTMENTS", "PROPOSAL_RATIO", "CLOSE_RATIO", "AVERAGE_SALE")

Peers = Annotated[
    Numbers,
    range_of(number(N_("as the value"), N_("The same figure of the peers; blanks are left out."))),
]


def _gap(require: Require, value: Numbers, peers: Numbers) -> Numbers:
    require(peers.size > 0, NA, "peers", N_("There are no peers to compare with: enter at least one."))
    mean = peers.mean() if peers.size else np.float64("nan")
    require(mean != 0, DIV0, "peers", N_("The peers' mean is 0, so there is nothing to compare with."))
    require(
        not mean < 0,
        NUM,
        "peers",
        N_("The peers' mean is less than 0, and a share of it means nothing: leave such peers out."),
    )
    return value / mean - 1


@COACHING.function(
    summary=N_("How far a value lies above or below the mean of the peers, as a fraction."),
    unit=_FRACTION,
    source=_SOURCE,
    examples=(
        example(1500, [2000, 3000], gives=-0.4, working=N_("the mean is 2,500; 1,500 ÷ 2,500 − 1 = −40%")),
        example(
            66,
            [50, "", 60, 70],
            gives=0.1,
            working=N_("the mean is 60 without the blank; 66 ÷ 60 − 1 = 10%"),
        ),
    ),
    native=("IF(AND(COUNT({value})=1,COUNT({peers})=COUNTA({peers}),SUM({peers})>0),{value}/AVERAGE({peers})-1,NA())"),
)
def peer_gap(
    require: Require,
    value: Annotated[Numbers, number(N_("any"), N_("One person's or one team's figure."))],
    peers: Peers,
) -> Numbers:
    """value ÷ mean(peers) − 1"""
    return _gap(require, value, peers)


@COACHING.function(
    summary=N_("Whether a figure differs so much from the peers that it needs a look or is worth copying."),
    unit=N_("word"),
    source=_SOURCE,
    notes=(
        N_(
            "Both ways: AVERAGE_SALE 40% or more below the peers is INVESTIGATE, 40% or more above them BEST PRACTICE. "
            "Of SALES_CYCLE_DAYS short is good: 30% or more below is BEST PRACTICE, 30% or more above INVESTIGATE. "
            "PROPOSAL_RATIO, CLOSE_RATIO and ACTIVITY_BAROMETER have no usual threshold: give one, which counts "
            "in both directions."
        ),
    ),
    examples=(
        example(
            "AVERAGE_SALE",
            1500,
            [2000, 3000],
            gives="INVESTIGATE",
            working=N_("1,500 ÷ 2,500 − 1 = −40%, which is the threshold"),
        ),
        example(
            "SALES_CYCLE_DAYS",
            40,
            [70, 50],
            gives="BEST PRACTICE",
            working=N_("40 ÷ 60 − 1 = −33.3%, shorter by more than 30%"),
        ),
        example(
            "SALES_CYCLE_DAYS",
            120,
            [70, 50],
            gives="INVESTIGATE",
            working=N_("120 ÷ 60 − 1 = 100%: twice as long as the peers"),
        ),
        example(
            "CLOSE_RATIO",
            0.5,
            [0.6, 0.5],
            -0.2,
            gives="OK",
            working=N_("50% ÷ 55% − 1 = −9.1%, between −20% and 20%"),
        ),
    ),
    native=(
        'IF(AND(FIND("|"&UPPER({kpi})&"|","|AVERAGE_SALE|SALES_CYCLE_DAYS|PROPOSAL_RATIO|CLOSE_RATIO|'
        'ACTIVITY_BAROMETER|")>0,COUNT({value})=1,COUNT({peers})=COUNTA({peers}),SUM({peers})>0,'
        'OR({threshold}="",AND({threshold}>=-1,{threshold}<0))),'
        'IF(ROUND(ABS({value}/AVERAGE({peers})-1)+IF({threshold}="",IF({kpi}="AVERAGE_SALE",'
        f'{standards.PEER_AVERAGE_SALE},IF({{kpi}}="SALES_CYCLE_DAYS",{standards.PEER_SALES_CYCLE},NA())),'
        '{threshold}),12)<0,"OK",IF(({value}<AVERAGE({peers}))=({kpi}="SALES_CYCLE_DAYS"),'
        '"BEST PRACTICE","INVESTIGATE")),NA())'
    ),
    gives_text=True,
    usual={"threshold": _THRESHOLDS},
)
def peer_flag(
    require: Require,
    kpi: Annotated[Numbers, choice(N_("Which figure it is."), *_KPIS)],
    value: Annotated[Numbers, number(N_("any"), N_("One person's or one team's figure."))],
    peers: Peers,
    threshold: Annotated[
        Numbers,
        rate(
            N_(
                "Gap to the peers from which to flag, less than 0: -40% flags from 40% below and from 40% above. "
                "AVERAGE_SALE and SALES_CYCLE_DAYS have one."
            ),
            at_least=-1,
            below=0,
        ),
    ] = None,
) -> Numbers:
    """PEER_GAP(value, peers) > threshold and PEER_GAP(value, peers) < −threshold: OK
    kpi = SALES_CYCLE_DAYS and PEER_GAP(value, peers) ≤ threshold: BEST PRACTICE
    kpi = SALES_CYCLE_DAYS and PEER_GAP(value, peers) ≥ −threshold: INVESTIGATE
    PEER_GAP(value, peers) ≤ threshold: INVESTIGATE
    PEER_GAP(value, peers) ≥ −threshold: BEST PRACTICE
    """
    gap = _gap(require, value, peers)
    limit = _threshold(threshold, _THRESHOLDS.get(kpi, np.nan))
    require(
        np.logical_not(np.isnan(limit)),
        NA,
        "threshold",
        N_("{kpi} has no usual threshold: enter the gap from which to flag, such as -20%."),
    )
    low, high = ("BEST PRACTICE", "INVESTIGATE") if kpi == "SALES_CYCLE_DAYS" else ("INVESTIGATE", "BEST PRACTICE")
    return verdict((below(np.abs(gap), -limit), "OK"), (gap < 0, low), otherwise=high)


@COACHING.function(
    summary=N_("Tips for coaching where a ratio is below its standard, one in each row."),
    unit=N_("text"),
    source=N_("Sales KPIs and the magic number: what to train when a ratio falls short."),
    notes=(N_("Strictly below the standard: 65% itself needs no tips. The tips are in the workbook's language."),),
    examples=(
        example("CLOSE_RATIO", 0.65, gives="On standard", working=N_("65% is not below 65%")),
        example(
            "PROPOSAL_RATIO",
            0.5,
            gives=[[tip] for tip in TIPS["PROPOSAL_RATIO"]],
            working=N_("50% is below 65%: three tips"),
        ),
    ),
    no_native=N_("The tips are texts in the workbook's language that fill several cells; a formula has none."),
    spills=True,
    usual={"threshold": STANDARDS},
)
def coaching_tips(
    require: Require,
    kpi: Annotated[Numbers, choice(N_("Which ratio it is."), *TIPS)],
    value: Annotated[
        Numbers,
        rate(
            N_("The ratio reached; only the barometer may pass 100%, and 1,000% only as text with its percent sign."),
            at_least=0,
            spelled_above=10,
        ),
    ],
    threshold: Annotated[
        Numbers,
        rate(N_("Standard: 65%, for the barometer 100%, if left out."), at_least=0, spelled_above=10),
    ] = None,
) -> Numbers:
    """value < threshold: the tips for kpi
    value ≥ threshold: On standard
    """
    standard = _threshold(threshold, STANDARDS[kpi])
    for name, share in (("value", value), ("threshold", standard)):
        require(
            kpi == "ACTIVITY_BAROMETER" or not share > 1,
            NUM,
            name,
            N_("{kpi} is a share of at most 100%: enter 65% or 0.65."),
        )
    if not below(value, standard):
        return _("On standard")
    return [[_(tip)] for tip in TIPS[kpi]]


def _threshold(given: Numbers, usual: float) -> Numbers:
    """The threshold given, or the usual one where the cell is blank."""
    return usual if given is None else np.where(np.isnan(given), usual, given)


@COACHING.function(
    summary=N_("The one lever that brings most revenue when raised to its standard, and how much."),
    unit=N_("word, currency"),
    source=_SOURCE,
    notes=(
        N_(
            "The levers: FIRST_APPOINTMENTS, PROPOSAL_RATIO, CLOSE_RATIO, AVERAGE_SALE. Where two bring the "
            "same, the earlier one is named. With all at their standard: NONE and 0."
        ),
    ),
    examples=(
        example(
            100,
            0.5,
            0.5,
            1000,
            100,
            1000,
            0.75,
            0.5,
            gives=[["PROPOSAL_RATIO", 12500.0]],
            working=N_("100 × 50% × 50% × 1,000 = 25,000; at 75% proposals 37,500, which is 12,500 more"),
        ),
        example(
            100,
            0.8,
            0.7,
            1000,
            100,
            1000,
            gives=[["NONE", 0.0]],
            working=N_("every lever is at its standard or above"),
        ),
    ),
    no_native=N_("It fills two cells, the lever and its gain; an ordinary formula fills one."),
    spills=True,
)
def revenue_blocker(
    require: Require,
    first_appointments: Annotated[Numbers, number(N_("count"), N_("First appointments held."), at_least=0)],
    proposal_ratio: Annotated[
        Numbers, rate(N_("Share of first appointments that reach a proposal."), at_least=0, up_to=1)
    ],
    close_ratio: Annotated[Numbers, rate(N_("Share of proposals that are won."), at_least=0, up_to=1)],
    average_sale: Annotated[Numbers, money(N_("Average revenue of a sale won."), at_least=0)],
    appointments_standard: Annotated[
        Numbers, number(N_("count"), N_("First appointments that are the standard."), at_least=0)
    ],
    average_sale_standard: Annotated[Numbers, money(N_("Average sale that is the standard."), at_least=0)],
    proposal_standard: Annotated[
        Numbers, rate(N_("Proposal ratio that is the standard."), at_least=0, up_to=1)
    ] = standards.PROPOSAL_RATIO,
    close_standard: Annotated[
        Numbers, rate(N_("Close ratio that is the standard."), at_least=0, up_to=1)
    ] = standards.CLOSE_RATIO,
) -> Numbers:
    """revenue = first_appointments × proposal_ratio × close_ratio × average_sale, with one lever raised to
    appointments_standard, proposal_standard, close_standard or average_sale_standard, less revenue as it is
    """
    levels = [first_appointments, proposal_ratio, close_ratio, average_sale]
    standards = [appointments_standard, proposal_standard, close_standard, average_sale_standard]
    blocker, most = "NONE", 0.0
    for place, (lever, level, standard) in enumerate(zip(_LEVERS, levels, standards, strict=True)):
        if not level < standard:
            continue
        others = [other for position, other in enumerate(levels) if position != place]
        gain = float(np.prod(others) * (standard - level))
        require(np.isfinite(gain), NUM, "", N_("The gain is too large for a cell: check the size of the numbers."))
        if blocker == "NONE" or gain > most * (1 + 1e-12):
            blocker, most = lever, gain
    return [[blocker, most]]
