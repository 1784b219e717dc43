"""The figures of the accounts and their plans."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_

FIGURES = (
    Figure(
        "accounts",
        N_("Accounts"),
        "#,##0",
        "COUNTA({tblAccounts.account_id})",
        N_("Listed on Accounts."),
    ),
    Figure(
        "accounts_planned",
        N_("Accounts with a plan"),
        "#,##0",
        "COUNTIF({tblAccounts.plan},word_planned)",
        N_("With a plan date, or a relationship plan on Plan."),
    ),
    Figure(
        "high_value",
        N_("High-value accounts of last year"),
        "#,##0",
        'COUNTIFS({tblAccounts.high_value},word_yes,{tblAccounts.prior_revenue},">0")'
        '-COUNTIFS({tblAccounts.high_value},word_yes,{tblAccounts.prior_revenue},">0",{tblAccounts.recent_revenue},"")',
        N_("With revenue then, and known for the last 12 months."),
    ),
    Figure(
        "high_value_kept",
        N_("Kept of them"),
        "#,##0",
        'COUNTIFS({tblAccounts.high_value},word_yes,{tblAccounts.prior_revenue},">0",{tblAccounts.recent_revenue},">0")',
        N_("With revenue in the last 12 months too."),
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
        'COUNTIFS({tblAccounts.rank},"<="&th_top_accounts,{tblAccounts.plan},word_planned)',
        N_("Of the largest by revenue."),
    ),
    Figure(
        "uncovered_revenue",
        N_("Revenue of accounts that are not covered"),
        "#,##0",
        'IF(COUNT({tblAccounts.touch_gap})=0,"",SUMIFS({tblAccounts.recent_revenue},{tblAccounts.coverage},"?*",'
        '{tblAccounts.coverage},"<>"&word_covered))',
        N_("Fewer conversations planned than needed, or nobody to hold them."),
    ),
    Figure(
        "revenue_at_risk",
        N_("Revenue at risk"),
        "#,##0",
        'IF(ISNUMBER(fig_uncovered_revenue),fig_uncovered_revenue*N(in_attrition_rate),"")',
        N_("That revenue times the attrition rate: accounts without coverage leave."),
    ),
    Figure(
        "dormant_revenue",
        N_("To wake up: what dormant accounts bought"),
        "#,##0",
        'IF(COUNTIF({tblAccounts.status},"?*")=0,"",SUMIFS({tblAccounts.prior_revenue},{tblAccounts.status},word_dormant))',
        N_("In the 12 months before the last 12; call them in the order of Wake-up turn on Accounts."),
    ),
    Figure(
        "shrinking_revenue",
        N_("Lost at accounts that shrink"),
        "#,##0",
        'IF(fig_dormant_revenue="","",SUMIFS({tblAccounts.prior_revenue},{tblAccounts.status},'
        "word_declining)-SUMIFS({tblAccounts.recent_revenue},{tblAccounts.status},word_declining))",
        N_("They still buy: a conversation, not a wake-up call."),
    ),
)
