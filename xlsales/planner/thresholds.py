"""The standards that a planner is held against; each is a named cell on Targets."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.schema import Column, Kind
from xlsales.texts import N_


@dataclass(frozen=True)
class Threshold:
    """A standard with its default."""

    field: Column
    default: float


def _rate(name: str, header: str, help_: str, default: float, minimum: float = 0) -> Threshold:
    return Threshold(Column(name, header, Kind.RATE, help_, minimum=minimum, maximum=10), default)


def _count(name: str, header: str, help_: str, default: float, maximum: float = 1000) -> Threshold:
    return Threshold(Column(name, header, Kind.COUNT, help_, minimum=1, maximum=maximum), default)


def _number(name: str, header: str, help_: str, default: float) -> Threshold:
    return Threshold(Column(name, header, Kind.NUMBER, help_, minimum=0, maximum=100), default)


THRESHOLDS = (
    _rate("proposal_ratio", N_("Proposal ratio"), N_("Coach below this share of first appointments."), 0.65),
    _rate("close_ratio", N_("Close ratio"), N_("Coach below this share of proposals won."), 0.65),
    _rate("barometer", N_("Activity barometer"), N_("Coach below this share of the magic number."), 1.0),
    _rate("selling_time", N_("Selling time, from"), N_("Share of the hours spent selling: at least this."), 0.55),
    _rate("selling_time_high", N_("Selling time, to"), N_("The upper end of the usual band; above it is fine."), 0.65),
    _rate("minimum_margin", N_("Minimum margin"), N_("No discount may take the margin below this."), 0.3),
    _rate("retention", N_("High-value retention"), N_("High-value accounts that must stay."), 1.0),
    _rate("no_plan", N_("Accounts without a plan"), N_("More than this share is too many: 27%."), 0.27),
    _rate("decline", N_("Declining account"), N_("Revenue down by this much or more."), 0.3),
    _count("dormant", N_("Dormant account, months"), N_("No order for this long."), 6),
    _count("silence_days", N_("Silence, days"), N_("No conversation for longer: no plan, no talk."), 31),
    _count("account_limit", N_("Account limit"), N_("Accounts that one person can look after."), 100),
    _count("top_accounts", N_("Top accounts"), N_("The largest accounts; each needs a plan."), 5),
    _number("a_cut", N_("Tier A from"), N_("Account score of 1 to 5."), 4),
    _number("b_cut", N_("Tier B from"), N_("Account score of 1 to 5."), 2.5),
    _rate("forecast_accuracy", N_("Forecast accuracy"), N_("Of the deals won; look below this."), 0.8),
    _rate("incentive", N_("Incentive from"), N_("Share of the target below which nothing is paid."), 0.8),
    _number("accelerator", N_("Accelerator"), N_("Pay above target counts this many times."), 1),
    _count("rolling_weeks", N_("Rolling weeks"), N_("Weeks that rolling ratios look back."), 13, maximum=53),
    _count("element_gap", N_("Element score"), N_("Below is a gap, above a strength."), 3, maximum=5),
)
WEIGHTS = (
    _number("revenue", N_("Revenue"), N_("What the account buys now."), 3),
    _number("potential", N_("Potential"), N_("What it could buy."), 4),
    _number("wallet", N_("Wallet share"), N_("How much of it is yours."), 1),
    _number("high_value", N_("High value"), N_("You cannot afford to lose it."), 2),
)
