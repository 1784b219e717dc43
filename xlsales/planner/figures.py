"""The figures of the year that formulas count from the tables, each a named cell `fig_…`."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.planner.book import Book
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


FIGURES = (
    Figure(
        "first_appointments",
        N_("First appointments"),
        "#,##0",
        _in_year("first_appointments"),
        N_("This year, to the as-of date."),
    ),
    Figure(
        "proposals", N_("Proposals decided"), "#,##0", _in_year("proposals"), N_("Won or lost this year.")
    ),
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
)


class Columns:
    """Reads `{tblWeeks.won}` in a formula as that table's column."""

    def __init__(self, book: Book, excel_table: str) -> None:
        self._book = book
        self._excel_table = excel_table

    def __getattr__(self, name: str) -> str:
        return self._book.column(self._excel_table, name)


def with_columns(book: Book, formula: str) -> str:
    """Put the tables' ranges into a formula."""
    return formula.format(**{name: Columns(book, name) for name in book.areas})
