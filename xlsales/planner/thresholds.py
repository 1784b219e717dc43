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


def _rate(name: str, header: str, help_: str, default: float) -> Threshold:
    return Threshold(Column(name, header, Kind.RATE, help_, minimum=0, maximum=10), default)


def _count(name: str, header: str, help_: str, default: float, maximum: float = 1000) -> Threshold:
    return Threshold(Column(name, header, Kind.COUNT, help_, minimum=1, maximum=maximum), default)


THRESHOLDS = (
    _rate("proposal_ratio", N_("Proposal ratio"), N_("Coach below this share of first appointments."), 0.65),
    _rate("close_ratio", N_("Close ratio"), N_("Coach below this share of proposals won."), 0.65),
    _rate("barometer", N_("Activity barometer"), N_("Coach below this share of the magic number."), 1.0),
    _rate("minimum_margin", N_("Minimum margin"), N_("No discount may take the margin below this."), 0.3),
    _rate("decline", N_("Declining account"), N_("Revenue down by this much or more."), 0.3),
    _count("dormant_months", N_("Dormant account, months"), N_("No order for this long."), 6),
    _count("silence_days", N_("Silence, days"), N_("No conversation for longer: no plan, no talk."), 31),
    _count("account_limit", N_("Account limit"), N_("Accounts that one person can look after."), 100),
    _count("rolling_weeks", N_("Rolling weeks"), N_("Weeks that rolling ratios look back."), 13, maximum=53),
    _count("element_gap", N_("Element score"), N_("Below is a gap, above a strength."), 3, maximum=5),
)
