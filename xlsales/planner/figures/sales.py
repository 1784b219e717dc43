"""The figures of the year so far, from the weekly record."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_


def in_year(column: str) -> str:
    """Return the formula of a column's sum, this year to the as-of date."""
    return (
        f'IF(ISNUMBER(calc_as_of),SUMIFS({{tblWeeks.{column}}},{{tblWeeks.month}},">0",'
        '{tblWeeks.week_start},"<="&calc_as_of),"")'
    )


# Without these a planner means nothing.
NEEDED = ("in_territory_name", "in_person", "in_fiscal_year", "in_currency", "in_revenue_goal")
FIGURES = (
    Figure(
        "first_appointments",
        N_("First appointments"),
        "#,##0",
        in_year("first_appointments"),
        N_("This year, to the as-of date."),
    ),
    Figure("proposals", N_("Proposals decided"), "#,##0", in_year("proposals"), N_("Won or lost this year.")),
    Figure("won", N_("Sales won"), "#,##0", in_year("won"), N_("This year.")),
    Figure("revenue", N_("Revenue"), "#,##0", in_year("revenue"), N_("Of the sales won this year.")),
    Figure(
        "per_week",
        N_("First appointments a week"),
        "0.0",
        'IFERROR(AVERAGEIFS({tblWeeks.first_appointments},{tblWeeks.week_start},">"&calc_as_of-7*th_rolling_weeks,'
        '{tblWeeks.week_start},"<="&calc_as_of),"")',
        N_("Mean of the rolling weeks set on Targets."),
    ),
    Figure(
        "month",
        N_("Month of the fiscal year"),
        "0",
        'IFERROR(IF(ISNUMBER(calc_as_of),MATCH(MIN(calc_as_of,calc_year_end),cal_start,1),""),"")',
        N_("1 for its first month."),
    ),
    Figure(
        "share_to_date",
        N_("Share of the goal due by now"),
        "0.0%",
        "IFERROR(INDEX(cal_before,fig_month)+INDEX(cal_weight,fig_month)*"
        '(MIN(calc_as_of,calc_year_end)-INDEX(cal_start,fig_month)+1)/INDEX(cal_days,fig_month),"")',
        N_("By the season on Targets, day by day."),
    ),
    Figure(
        "goal_to_date",
        N_("Goal to date"),
        "#,##0",
        'IF(AND(ISNUMBER(fig_share_to_date),ISNUMBER(in_revenue_goal)),in_revenue_goal*fig_share_to_date,"")',
        N_("The goal times that share."),
    ),
    Figure(
        "trajectory",
        N_("Year-end at this pace"),
        "#,##0",
        'IFERROR(fig_revenue/fig_share_to_date,"")',
        N_("Revenue so far divided by that share."),
    ),
    Figure(
        "missing", N_("Needed cells still blank"), "0", "+".join(f"COUNTBLANK({n})" for n in NEEDED), N_("On Targets.")
    ),
    Figure(
        "weeks_left",
        N_("Weeks left in the year"),
        "0.0",
        'IF(COUNT(calc_year_end,calc_as_of)=2,MAX(0,(calc_year_end-calc_as_of)/7),"")',
        N_("From the as-of date."),
    ),
    Figure(
        "selling_hours", N_("Selling hours"), "#,##0", "SUM({tblWeeks.selling_hours})", N_("As filled on Activity.")
    ),
    Figure(
        "goal_left",
        N_("Goal still open"),
        "#,##0",
        'IF(COUNT(in_revenue_goal,fig_revenue)=2,MAX(0,in_revenue_goal-fig_revenue),"")',
        N_("The goal less the revenue so far."),
    ),
    Figure("hours", N_("All hours"), "#,##0", "SUM({tblWeeks.hours})", N_("As filled on Activity.")),
)
