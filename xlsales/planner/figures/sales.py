"""The figures of the year so far, from the weekly record."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_


def in_year(column: str) -> str:
    """Return the formula of a column's sum, this year to the as-of date; nothing where no week has a number."""
    cells = f"{{tblWeeks.{column}}},{{tblWeeks.this_year}},1"
    return f'IF(ISERROR(AVERAGEIFS({cells})),"",SUMIFS({cells}))'


# Without these a planner means nothing.
NEEDED = ("in_territory_name", "in_person", "in_fiscal_year", "in_currency", "in_revenue_goal")
_MISSING = "+".join(f"COUNTBLANK({name})" for name in NEEDED[:-1]) + '+1*(calc_goal="")'
FIGURES = (
    Figure(
        "first_appointments",
        N_("First appointments"),
        "#,##0",
        in_year("first_appointments_used"),
        N_("This year, to the as-of date."),
    ),
    Figure("proposals", N_("Proposals decided"), "#,##0", in_year("proposals_used"), N_("Won or lost this year.")),
    Figure("won", N_("Sales won"), "#,##0", in_year("won_used"), N_("This year.")),
    Figure("revenue", N_("Revenue"), "#,##0", in_year("revenue_used"), N_("Of the sales won this year.")),
    Figure(
        "counting_to",
        N_("Last week counted"),
        "yyyy-mm-dd",
        "IF(ISNUMBER(calc_until),calc_until_monday-7*AND(calc_until_monday+7>calc_until+1,"
        'COUNTIF({tblWeeks.counted_week},calc_until_monday)=0),"")',
        N_("The running week counts once it has an entry, or is over."),
    ),
    Figure(
        "counting_from",
        N_("First week counted"),
        "yyyy-mm-dd",
        'IF(OR(COUNT({tblWeeks.counted_week})=0,fig_counting_to=""),"",'
        "MAX(MIN({tblWeeks.counted_week}),fig_counting_to-7*(th_rolling_weeks-1)))",
        N_("Of the rolling weeks set on Targets, or the first with an entry."),
    ),
    Figure(
        "counted_weeks",
        N_("Selling weeks counted"),
        "0.0",
        'IF(COUNT(fig_counting_from,fig_counting_to)<2,"",'
        "MAX(0,(fig_counting_to-fig_counting_from)/7+1)*calc_selling_weeks/52)",
        N_("Weeks without an entry among them: a blank week is no good week."),
    ),
    Figure(
        "per_week",
        N_("First appointments a week"),
        "0.0",
        'IF(N(fig_counted_weeks)=0,"",SUMIFS({tblWeeks.first_appointments_used},{tblWeeks.week_start},'
        '">="&fig_counting_from,{tblWeeks.week_start},"<="&fig_counting_to)/fig_counted_weeks)',
        N_("Mean of those weeks."),
    ),
    Figure(
        "weeks_entered",
        N_("Weeks with an entry"),
        "0",
        "SUMIFS({tblWeeks.entry},{tblWeeks.this_year},1)",
        N_("This year, typed or by deals."),
    ),
    Figure(
        "weeks_due",
        N_("Selling weeks gone by"),
        "0",
        'IF(COUNT(calc_until,calc_year_monday)<2,"",MAX(0,INT(INT((calc_until-calc_year_monday+1)/7)*calc_selling_weeks/52)))',
        N_("Whole weeks of the year, without the share that is not for selling."),
    ),
    Figure(
        "weeks_missing",
        N_("Weeks without an entry"),
        "0",
        'IF(OR(N(fig_weeks_entered)=0,N(fig_weeks_due)=0),"",MAX(0,fig_weeks_due-fig_weeks_entered))',
        N_("Fill them on Activity: what is not counted cannot be steered."),
    ),
    Figure(
        "latest_deal",
        N_("Latest date of a deal"),
        "yyyy-mm-dd",
        "MAX({tblDeals.first_appointment__close_date})",
        N_("Of appointments, proposals, decisions."),
    ),
    Figure(
        "deal_revenue",
        N_("Won this year by the deals listed"),
        "#,##0",
        'IF(COUNT({tblDeals.won_this_year})=0,"",SUM({tblDeals.won_this_year}))',
        N_("Whatever is typed on Activity."),
    ),
    Figure(
        "weeks_compared",
        N_("Weeks typed and with deals"),
        "0",
        'COUNTIFS({tblWeeks.compared},1,{tblWeeks.source},word_typed,{tblWeeks.deal_proposals},">0")'
        "+fig_weeks_different",
        N_("This year, over by the as-of date."),
    ),
    Figure(
        "weeks_of_year",
        N_("Weeks of the year"),
        "0",
        'IF(COUNT(calc_year_end,calc_year_monday)=2,INT((calc_year_end-calc_year_monday)/7)+1,"")',
        N_("Those that it begins and ends in among them."),
    ),
    Figure(
        "weeks_unfit",
        N_("Weeks that do not fit the year"),
        "0",
        'IF(ISNUMBER(fig_weeks_of_year),SUM({tblWeeks.misfit})+MAX(0,fig_weeks_of_year-COUNT({tblWeeks.month})),"")',
        N_("Outside the year, no Monday, twice, or missing."),
    ),
    Figure(
        "weeks_different",
        N_("Weeks that differ"),
        "0",
        'COUNTIF({tblWeeks.differences},">0")+0*SUM({tblWeeks.differences})',  # an error is shown, not passed over
        N_("Typed otherwise than the deals dated in the week say."),
    ),
    Figure(
        "different_from",
        N_("First week that differs"),
        "yyyy-mm-dd",
        'IF(fig_weeks_different=0,"",MIN({tblWeeks.different_week}))',
        N_("All of them are listed on Checks."),
    ),
    Figure(
        "different_to",
        N_("Last week that differs"),
        "yyyy-mm-dd",
        'IF(fig_weeks_different=0,"",MAX({tblWeeks.different_week}))',
    ),
    Figure(
        "sales_apart",
        N_("Revenue apart from the deals"),
        "#,##0",
        'IF(OR(COUNT(fig_revenue,fig_deal_revenue)<2,COUNT({tblWeeks.revenue})=0),"",'
        "ROUND(fig_revenue-fig_deal_revenue,0))",
        N_("Typed revenue and the deals of the year, where both are there."),
    ),
    Figure(
        "month",
        N_("Month of the fiscal year"),
        "0",
        'IFERROR(IF(ISNUMBER(calc_until),MATCH(calc_until,cal_start,1),""),"")',
        N_("1 for its first month."),
    ),
    Figure(
        "share_to_date",
        N_("Share of the goal due by now"),
        "0.0%",
        "IFERROR(INDEX(cal_before,fig_month)+INDEX(cal_weight,fig_month)*"
        '(calc_until-INDEX(cal_start,fig_month)+1)/INDEX(cal_days,fig_month),"")',
        N_("By the season on Targets, day by day."),
    ),
    Figure(
        "goal_to_date",
        N_("Goal to date"),
        "#,##0",
        'IF(COUNT(fig_share_to_date,calc_goal)=2,calc_goal*fig_share_to_date,"")',
        N_("The goal times that share."),
    ),
    Figure(
        "trajectory",
        N_("Year-end at this pace"),
        "#,##0",
        'IFERROR(fig_revenue/fig_share_to_date,"")',
        N_("Revenue so far divided by that share."),
    ),
    Figure("missing", N_("Needed cells still blank"), "0", _MISSING, N_("On Targets; a goal of 0 is none.")),
    Figure(
        "weeks_left",
        N_("Selling weeks left in the year"),
        "0.0",
        "IF(COUNT(calc_year_end,calc_until)=2,MIN(1,(calc_year_end-calc_until)/(calc_year_end-calc_year_start+1))"
        '*calc_selling_weeks,"")',
        N_("From the as-of date."),
    ),
    Figure(
        "selling_hours", N_("Selling hours"), "#,##0", in_year("selling_hours"), N_("This year, to the as-of date.")
    ),
    Figure(
        "goal_left",
        N_("Goal still open"),
        "#,##0",
        'IF(COUNT(calc_goal,calc_until)=2,MAX(0,calc_goal-N(fig_revenue)),"")',
        N_("The goal less the revenue so far."),
    ),
    Figure("hours", N_("All hours"), "#,##0", in_year("hours"), N_("This year, to the as-of date.")),
    Figure(
        "catch_up",
        N_("Catch-up number: first appointments a week from now on"),
        "0.0",
        "out_catch_up_number",
        N_("Goal still open ÷ average sale ÷ ratios ÷ selling weeks left; 0 when the goal is reached."),
    ),
    Figure(
        "of_goal",
        N_("Revenue, of the goal"),
        "0.0%",
        'IF(COUNT(fig_revenue,calc_goal)=2,fig_revenue/calc_goal,"")',
        N_("So far this year."),
    ),
    Figure(
        "pace_of_goal",
        N_("Year-end at this pace, of the goal"),
        "0.0%",
        'IF(COUNT(fig_trajectory,calc_goal)=2,fig_trajectory/calc_goal,"")',
        N_("100% or more: the goal is reached at this pace."),
    ),
)
