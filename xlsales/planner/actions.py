"""What a week can ask for: each kind of action with its points, its sentences and the sheet where it is done.

A kind is known by its word, which a column of its table shows; `Lists` has a row for each with all that formulas need.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlsales import standards
from xlsales.functions.tips import TIPS
from xlsales.planner import names
from xlsales.planner.layouts.plan import KPIS
from xlsales.schema import STAGES, Column, Kind, word_name
from xlsales.texts import N_

# The tips for each figure of the development plan, in its order.
COACHING = dict(
    zip(
        KPIS,
        (
            TIPS["PROPOSAL_RATIO"],
            TIPS["CLOSE_RATIO"],
            TIPS["ACTIVITY_BAROMETER"],
            (
                N_("Hand paperwork over: an assistant costs less than an hour of selling."),
                N_("Keep fewer internal meetings, and hold them outside the hours in which customers can be reached."),
                N_("Plan the travelling by region, and keep the hours for surprises free."),
            ),
        ),
        strict=True,
    )
)
SHOWN = 10  # actions that This week lists


@dataclass(frozen=True)
class Action:
    """A kind of action: `#` in `do` is whom or what it is about, in `why` a number or a text."""

    word: str  # without `word_`
    points: float
    label: str  # of its points on Targets
    do: str
    why: str
    sheet: str


# Those of accounts first, in this order: formulas choose their figure by it.
ACTIONS = (
    Action(
        "dormant",
        standards.POINTS_DORMANT,
        N_("Wake up a dormant account"),
        N_("Wake up #"),
        N_("Days since the last order: #. Ask what has changed."),
        names.ACCOUNTS,
    ),
    Action(
        "silent",
        standards.POINTS_SILENT,
        N_("Call a silent account"),
        N_("Call #"),
        N_("Days since you last talked: #. No plan, no talk."),
        names.ACCOUNTS,
    ),
    Action(
        "uncovered",
        standards.POINTS_UNCOVERED,
        N_("Cover an account"),
        N_("Find time or an owner for #"),
        N_("No owner or nothing planned; conversations missing: #."),
        names.ACCOUNTS,
    ),
    Action(
        "close_passed",
        standards.POINTS_CLOSE_PASSED,
        N_("Ask for an overdue decision"),
        N_("Ask for the decision: #"),
        N_("Days past the expected close: #. Close it, or date it anew."),
        names.PIPELINE,
    ),
    Action(
        "closing",
        standards.POINTS_CLOSING,
        N_("Close a deal of this week"),
        N_("Close the deal: #"),
        N_("Days to the expected close: #. Who still has to say yes?"),
        names.PIPELINE,
    ),
    Action(
        "stuck",
        standards.POINTS_STUCK,
        N_("Move a deal that is stuck"),
        N_("Move the deal: #"),
        N_("Days in its stage: #. Agree the next step, with a date."),
        names.PIPELINE,
    ),
    Action(
        "due",
        standards.POINTS_DUE,
        N_("Hold the check-in that is due"),
        N_("Hold the check-in: #"),
        N_("Talk about: #."),
        names.CHECKINS,
    ),
    Action(
        "missed",
        standards.POINTS_MISSED,
        N_("Make up for a missed check-in"),
        N_("Make up for the check-in: #"),
        N_("It was missed. Talk about: #."),
        names.CHECKINS,
    ),
    Action(
        "below",
        standards.POINTS_BELOW,
        N_("Coach below a standard"),
        N_("Coach: #"),
        N_("#"),
        names.PLAN,
    ),
    Action(
        "no_entry",
        standards.POINTS_NO_ENTRY,
        N_("Fill in weeks without an entry"),
        N_("Count the weeks without an entry: #"),
        N_("What nobody counts, nobody can steer. The latest is in row #."),
        names.ACTIVITY,
    ),
    Action(
        "no_date",
        standards.POINTS_NO_DATE,
        N_("Date the open deals"),
        N_("Date the open deals: #"),
        N_("Without expected close or next action; the first is in row #."),
        names.PIPELINE,
    ),
)


def fields() -> list[tuple[Column, object]]:
    """Return the points as inputs of Targets, with what each is at first."""
    text = N_("Up to twice as many for the largest of its kind.")
    return [
        (Column(action.word, action.label, Kind.NUMBER, text, minimum=0, maximum=100), action.points)
        for action in ACTIONS
    ]


_CHANCES = (
    standards.CHANCE_PROSPECT,
    standards.CHANCE_FIRST_APPOINTMENT,
    standards.CHANCE_PROPOSAL,
    standards.CHANCE_CLOSED,
)
_STAGES = (N_("As a prospect"), N_("After the first appointment"), N_("With a proposal"), N_("Agreed"))


def chances() -> list[tuple[Column, object]]:
    """Return the chance of a deal in each stage as inputs of Targets, with what each is at first."""
    text = N_("How many of such deals are won; Functions measures it.")
    return [
        (Column(word_name(stage).removeprefix("word_"), label, Kind.RATE, text, minimum=0, maximum=1), chance)
        for stage, label, chance in zip(STAGES, _STAGES, _CHANCES, strict=True)
    ]
