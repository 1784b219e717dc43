"""The standards that a planner is held against; each is a named cell on Targets, its number from xlsales.standards."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales import standards
from xlsales.schema import Column, Kind
from xlsales.texts import N_

# What the functions take as a number: more is a percentage typed without its sign.
_WHOLE = 1.0
_ATTAINED = 10.0  # of what may pass 100%


@dataclass(frozen=True)
class Threshold:
    """A standard with its default."""

    field: Column
    default: float


def _rate(name: str, header: str, help_: str, default: float, minimum: float = 0, maximum: float = _WHOLE) -> Threshold:
    return Threshold(Column(name, header, Kind.RATE, help_, minimum=minimum, maximum=maximum), default)


def _gap(name: str, header: str, help_: str, default: float) -> Threshold:
    return _rate(name, header, help_, default, -_WHOLE, -0.01)  # as PEER_FLAG: less than 0


def _count(name: str, header: str, help_: str, default: float, maximum: float = 1000) -> Threshold:
    return Threshold(Column(name, header, Kind.COUNT, help_, minimum=1, maximum=maximum), default)


def _number(name: str, header: str, help_: str, default: float) -> Threshold:
    return Threshold(Column(name, header, Kind.NUMBER, help_, minimum=0, maximum=100), default)


THRESHOLDS = (
    _rate(
        "proposal_ratio",
        N_("Proposal ratio"),
        N_("Coach below this share of first appointments."),
        standards.PROPOSAL_RATIO,
    ),
    _rate("close_ratio", N_("Close ratio"), N_("Coach below this share of proposals won."), standards.CLOSE_RATIO),
    _rate(
        "barometer",
        N_("Activity barometer"),
        N_("Coach below this share of the magic number."),
        standards.ACTIVITY_BAROMETER,
        maximum=_ATTAINED,
    ),
    _rate(
        "selling_time",
        N_("Selling time, from"),
        N_("Share of the hours spent selling: at least this."),
        standards.SELLING_TIME_LOW,
    ),
    _rate(
        "selling_time_high",
        N_("Selling time, to"),
        N_("The upper end of the usual band; above it is fine."),
        standards.SELLING_TIME_HIGH,
    ),
    _rate(
        "minimum_margin",
        N_("Minimum margin"),
        N_("No discount may take the margin below this."),
        standards.MINIMUM_MARGIN,
    ),
    _rate(
        "retention",
        N_("High-value retention"),
        N_("High-value accounts that must stay."),
        standards.HIGH_VALUE_RETENTION,
    ),
    _rate(
        "plan_coverage",
        N_("Accounts with a plan, target"),
        N_("Look below this share of all accounts."),
        standards.PLAN_COVERAGE,
    ),
    _rate(
        "usual_plan_coverage",
        N_("Accounts with a plan, usual"),
        N_("To compare: 85% of sales people have no written plan."),
        standards.USUAL_PLAN_COVERAGE,
    ),
    _rate(
        "top_coverage",
        N_("Top accounts with a plan, target"),
        N_("Look below this share of the top accounts."),
        standards.TOP_COVERAGE,
    ),
    _rate(
        "usual_top_coverage",
        N_("Top accounts with a plan, usual"),
        N_("To compare: 73% have none for their top five."),
        standards.USUAL_TOP_COVERAGE,
    ),
    _gap(
        "peer_average_sale",
        N_("Average sale against peers"),
        N_("Investigate at this gap or below; so far above the peers is best practice."),
        standards.PEER_AVERAGE_SALE,
    ),
    _gap(
        "peer_cycle",
        N_("Sales cycle against peers"),
        N_("Best practice at this gap or below; investigate so far above the peers."),
        standards.PEER_SALES_CYCLE,
    ),
    _count(
        "assistant_from",
        N_("Assistant ready after, months"),
        N_("From hiring: at the earliest."),
        standards.ASSISTANT_READY_FROM,
    ),
    _count(
        "assistant_to",
        N_("Assistant ready after, at most"),
        N_("From hiring: longer is a matter for coaching."),
        standards.ASSISTANT_READY_TO,
    ),
    _rate("decline", N_("Declining account"), N_("Revenue down by this much or more."), standards.DECLINE),
    _count("dormant", N_("Dormant account, months"), N_("No order for this long."), standards.DORMANT_MONTHS),
    _count(
        "silence_days",
        N_("Silence, days"),
        N_("No conversation for longer: no plan, no talk."),
        standards.SILENCE_DAYS,
    ),
    _count(
        "stage_days",
        N_("Stuck in its stage, days"),
        N_("A deal without a step for longer is stuck."),
        standards.STAGE_DAYS,
    ),
    _count(
        "account_limit", N_("Account limit"), N_("Accounts that one person can look after."), standards.ACCOUNT_LIMIT
    ),
    _count("top_accounts", N_("Top accounts"), N_("The largest accounts; each needs a plan."), standards.TOP_ACCOUNTS),
    _number("a_cut", N_("Tier A from"), N_("Account score of 1 to 5."), standards.A_CUT),
    _number("b_cut", N_("Tier B from"), N_("Account score of 1 to 5."), standards.B_CUT),
    _rate(
        "forecast_accuracy",
        N_("Forecast accuracy"),
        N_("Of the deals won or lost; look below this."),
        standards.FORECAST_ACCURACY,
    ),
    _rate(
        "incentive",
        N_("Incentive from"),
        N_("Share of the target below which nothing is paid."),
        standards.INCENTIVE,
    ),
    _number("accelerator", N_("Accelerator"), N_("Pay above target counts this many times."), standards.ACCELERATOR),
    _count(
        "rolling_weeks",
        N_("Rolling weeks"),
        N_("Weeks that rolling ratios look back."),
        standards.ROLLING_WEEKS,
        maximum=53,
    ),
    _count(
        "element_gap",
        N_("Element score"),
        N_("Below is a gap, above a strength."),
        standards.ELEMENT_GAP,
        maximum=standards.HIGHEST_SCORE,
    ),
)
WEIGHTS = (
    _number("revenue", N_("Revenue"), N_("What the account buys now."), standards.WEIGHT_REVENUE),
    _number("potential", N_("Potential"), N_("What it could buy."), standards.WEIGHT_POTENTIAL),
    _number("wallet", N_("Wallet share"), N_("How much of it is yours."), standards.WEIGHT_WALLET),
    _number("high_value", N_("High value"), N_("You cannot afford to lose it."), standards.WEIGHT_HIGH_VALUE),
)
