"""Organisation: how healthy a sales organisation is, and how many people it needs."""

from typing import Annotated

from xlsales.functions.arguments import Numbers, number, range_of
from xlsales.functions.errors import NUM
from xlsales.functions.faults import Require
from xlsales.functions.registry import Subject, example
from xlsales.texts import N_

ORGANISATION = Subject(N_("Organisation"))

_POINTS = N_("points")


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
    lowest: Annotated[Numbers, number(_POINTS, N_("The lowest score of the scale."))] = 1,
    highest: Annotated[Numbers, number(_POINTS, N_("The highest score of the scale."))] = 5,
) -> Numbers:
    """(mean(scores) − lowest) ÷ (highest − lowest)"""
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
