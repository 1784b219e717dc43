"""Rules of the account list."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("Every account has an ID of its own"),
        "COUNTIF({tblAccounts.check},word_duplicate_id)",
        names.ACCOUNTS,
        N_("Filter the ID check column for DUPLICATE ID."),
    ),
    Check(
        N_("No more accounts than one person can look after"),
        "MAX(0,fig_accounts-th_account_limit)",
        names.ACCOUNTS,
        N_("Hand accounts over, or raise the limit on Targets."),
        WARNING,
    ),
    Check(
        N_("No account is left in silence"),
        "COUNTIF({tblAccounts.talk},word_silent)",
        names.ACCOUNTS,
        N_("No plan, no talk: filter the Contact column for SILENT and call."),
        WARNING,
    ),
    Check(
        N_("Every account has an owner"),
        'COUNTIFS({tblAccounts.account_id},"?*",{tblAccounts.owner},"")',
        names.ACCOUNTS,
        N_("Name one person for each account."),
        WARNING,
    ),
    Check(
        N_("No high-value account of last year is lost"),
        "IF(ISNUMBER(out_retention),IF(out_retention<th_retention,fig_high_value-fig_high_value_kept,0),0)",
        names.ACCOUNTS,
        N_("Win it back, or find out why it left."),
        WARNING,
    ),
    Check(
        N_("No example rows are left in"),
        'COUNTIF({tblAccounts.account_id},word_example&"*")+COUNTIF({tblDeals.deal_id},word_example&"*")',
        names.ACCOUNTS,
        N_("Clear rows whose ID begins with EXAMPLE."),
    ),
)
