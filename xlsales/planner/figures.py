"""The figures of the year that formulas count from the tables, each a named cell `fig_…`."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.texts import N_


@dataclass(frozen=True)
class Figure:
    """A counted figure; `{tblWeeks.won}` in its formula is that column of that table."""

    name: str
    label: str
    number_format: str
    formula: str
    note: str


def _in_year(column: str) -> str:
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
        _in_year("first_appointments"),
        N_("This year, to the as-of date."),
    ),
    Figure("proposals", N_("Proposals decided"), "#,##0", _in_year("proposals"), N_("Won or lost this year.")),
    Figure("won", N_("Sales won"), "#,##0", _in_year("won"), N_("This year.")),
    Figure("revenue", N_("Revenue"), "#,##0", _in_year("revenue"), N_("Of the sales won this year.")),
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
        "open_deals",
        N_("Open deals"),
        "#,##0",
        'IF(COUNTIF({tblDeals.deal_id},"?*")=0,"",COUNTIF({tblDeals.outcome},"OPEN"))',
        N_("Listed on Pipeline."),
    ),
    Figure(
        "open_forecast",
        N_("Open pipeline"),
        "#,##0",
        'IF(ISNUMBER(fig_open_deals),SUMIFS({tblDeals.forecast},{tblDeals.outcome},"OPEN"),"")',
        N_("Forecast of the open deals."),
    ),
    Figure(
        "accounts",
        N_("Accounts"),
        "#,##0",
        'COUNTIF({tblAccounts.account_id},"?*")',
        N_("Listed on Accounts."),
    ),
    Figure(
        "missing", N_("Needed cells still blank"), "0", "+".join(f"COUNTBLANK({n})" for n in NEEDED), N_("On Targets.")
    ),
    Figure(
        "accounts_planned",
        N_("Accounts with a plan"),
        "#,##0",
        'COUNTIF({tblAccounts.plan},"PLAN")',
        N_("With a plan date, or a relationship plan on Plan."),
    ),
    Figure(
        "high_value",
        N_("High-value accounts of last year"),
        "#,##0",
        'COUNTIFS({tblAccounts.high_value},"YES",{tblAccounts.prior_revenue},">0")',
        N_("With revenue then."),
    ),
    Figure(
        "high_value_kept",
        N_("Kept of them"),
        "#,##0",
        'COUNTIFS({tblAccounts.high_value},"YES",{tblAccounts.prior_revenue},">0",{tblAccounts.recent_revenue},">0")',
        N_("With revenue in the last 12 months too."),
    ),
    Figure(
        "forecast_amount",
        N_("Won amounts with a forecast"),
        "#,##0",
        'SUMIFS({tblDeals.amount},{tblDeals.outcome},"WON",{tblDeals.forecast},">0")',
        N_("To judge the forecasts by."),
    ),
    Figure(
        "weeks_left",
        N_("Weeks left in the year"),
        "0.0",
        'IF(COUNT(calc_year_end,calc_as_of)=2,MAX(0,(calc_year_end-calc_as_of)/7),"")',
        N_("From the as-of date."),
    ),
    Figure(
        "new_revenue",
        N_("Won from new customers"),
        "#,##0",
        'SUMIFS({tblDeals.amount},{tblDeals.outcome},"WON",{tblDeals.first_sale},"YES")',
        N_("First sales on Pipeline."),
    ),
    Figure(
        "existing_revenue",
        N_("Won from existing customers"),
        "#,##0",
        'SUMIFS({tblDeals.amount},{tblDeals.outcome},"WON",{tblDeals.first_sale},"NO")',
        N_("Other sales on Pipeline."),
    ),
    Figure(
        "top_accounts",
        N_("Top accounts"),
        "#,##0",
        "MIN(th_top_accounts,COUNT({tblAccounts.rank}))",
        N_("As many as Targets says, or as there are."),
    ),
    Figure(
        "top_planned",
        N_("Top accounts with a plan"),
        "#,##0",
        'COUNTIFS({tblAccounts.rank},"<="&th_top_accounts,{tblAccounts.plan},"PLAN")',
        N_("Of the largest by revenue."),
    ),
    Figure(
        "selling_hours", N_("Selling hours"), "#,##0", "SUM({tblWeeks.selling_hours})", N_("As filled on Activity.")
    ),
    Figure("hours", N_("All hours"), "#,##0", "SUM({tblWeeks.hours})", N_("As filled on Activity.")),
    Figure(
        "forecast_deviation",
        N_("Deviation from their forecasts"),
        "#,##0",
        'SUMPRODUCT(({tblDeals.outcome}="WON")*({tblDeals.forecast}>0)'
        "*({tblDeals.amount}-{tblDeals.forecast})*(2*({tblDeals.amount}>{tblDeals.forecast})-1))",
        N_("Without the sign."),
    ),
    Figure(
        "forecast_accuracy",
        N_("Forecast accuracy"),
        "0%",
        'IF(fig_forecast_amount=0,"",MAX(0,1-fig_forecast_deviation/fig_forecast_amount))',
        N_("Of the deals won: 1 less the mean deviation."),
    ),
    Figure(
        "goal_left",
        N_("Goal still open"),
        "#,##0",
        'IF(COUNT(in_revenue_goal,fig_revenue)=2,MAX(0,in_revenue_goal-fig_revenue),"")',
        N_("The goal less the revenue so far."),
    ),
)
