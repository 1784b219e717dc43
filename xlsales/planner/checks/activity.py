"""Rules of the weekly record."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("Proposals do not outnumber first appointments"),
        "1*(fig_proposals>fig_first_appointments)",
        names.ACTIVITY,
        N_("Count every first appointment in its week."),
        judged="1*(COUNT(fig_proposals,fig_first_appointments)=2)",
    ),
    Check(
        N_("Sales won do not outnumber proposals"),
        "1*(fig_won>fig_proposals)",
        names.ACTIVITY,
        N_("Count every proposal in its week."),
        judged="1*(COUNT(fig_won,fig_proposals)=2)",
    ),
    Check(
        N_("Enough of the hours go into selling"),
        "1*(out_selling_time<th_selling_time)",
        names.ACTIVITY,
        N_("Hand paperwork over; keep fewer internal meetings."),
        WARNING,
        name="selling_time",
        judged="COUNT(out_selling_time)",
    ),
    Check(
        N_("Surprises take no more hours than are kept for them"),
        "1*(fig_surprise_share>N(in_surprise_buffer))",
        names.ACTIVITY,
        N_("Keep more for surprises on Targets, or find out where they come from."),
        WARNING,
        judged="COUNT(fig_surprise_share)",
    ),
    Check(
        N_("Revenue keeps up with the goal"),
        "1*(N(fig_revenue)<fig_goal_to_date)",
        names.ACTIVITY,
        N_("Behind the goal to date, or no sale is noted: see the catch-up number on the Dashboard."),
        WARNING,
        name="goal_to_date",
        judged="IF(N(fig_goal_to_date)>0,N(fig_weeks_entered),0)",
    ),
    Check(
        N_("Enough first appointments are held"),
        "1*(out_activity_barometer<th_barometer)",
        names.ACTIVITY,
        N_("The barometer is below its standard: more new opportunities a week. A blank week counts as none."),
        WARNING,
        name="barometer",
        judged="COUNT(out_activity_barometer)",
    ),
    Check(
        N_("Enough first appointments lead to a proposal"),
        "1*(out_proposal_ratio<th_proposal_ratio)",
        names.ACTIVITY,
        N_("The ratio is below its standard; one of 0% is not planned with. Coach next steps."),
        WARNING,
        name="proposal_ratio",
        judged="COUNT(out_proposal_ratio)",
    ),
    Check(
        N_("Enough proposals are won"),
        "1*(out_close_ratio<th_close_ratio)",
        names.ACTIVITY,
        N_("The ratio is below its standard; one of 0% is not planned with. Coach closing."),
        WARNING,
        name="close_ratio",
        judged="COUNT(out_close_ratio)",
    ),
    Check(
        N_("Every selling week has an entry"),
        "fig_weeks_missing",
        names.ACTIVITY,
        N_("Fill the weeks that are blank: unknown is not zero."),
        WARNING,
        judged="COUNT(fig_weeks_missing)",
    ),
    Check(
        N_("Weeks typed and deals listed say the same"),
        "fig_weeks_different+(fig_weeks_different=0)*(N(fig_sales_apart)<>0)",
        names.ACTIVITY,
        N_("What is typed counts; the weeks stand beneath. Correct one of the two, or list all deals of the year."),
        judged="fig_weeks_compared+COUNT(fig_sales_apart)",
    ),
    Check(
        N_("The weeks are those of the year"),
        "fig_weeks_unfit",
        names.ACTIVITY,
        N_(
            "Each Monday once: type the First week that Targets shows into the first row, the next one below, and fill "
            "down."
        ),
        judged="COUNT(calc_first_week)",
    ),
)
