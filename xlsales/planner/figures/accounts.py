"""The figures of the accounts and their plans."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_

FIGURES = (
    Figure(
        "accounts",
        N_("Accounts"),
        "#,##0",
        'COUNTIF({tblAccounts.account_id},"?*")',
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
        'COUNTIFS({tblAccounts.high_value},word_yes,{tblAccounts.prior_revenue},">0")',
        N_("With revenue then."),
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
)
