"""Rules of the weekly record."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("Proposals do not outnumber first appointments"),
        "IF(N(fig_proposals)>N(fig_first_appointments),1,0)",
        names.ACTIVITY,
        N_("Count every first appointment in its week."),
    ),
    Check(
        N_("Sales won do not outnumber proposals"),
        "IF(N(fig_won)>N(fig_proposals),1,0)",
        names.ACTIVITY,
        N_("Count every proposal in its week."),
    ),
    Check(
        N_("Enough of the hours go into selling"),
        "IF(ISNUMBER(out_selling_time),1*(out_selling_time<th_selling_time),0)",
        names.ACTIVITY,
        N_("Hand paperwork over; keep fewer internal meetings."),
        WARNING,
    ),
    Check(
        N_("Surprises take no more hours than are kept for them"),
        "IF(ISNUMBER(fig_surprise_share),1*(fig_surprise_share>N(in_surprise_buffer)),0)",
        names.ACTIVITY,
        N_("Keep more for surprises on Targets, or find out where they come from."),
        WARNING,
    ),
)
