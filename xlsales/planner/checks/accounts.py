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
        judged="COUNTA({tblAccounts.account_id})",
    ),
    Check(
        N_("No more accounts than one person can look after"),
        "MAX(0,fig_accounts-th_account_limit)",
        names.ACCOUNTS,
        N_("Hand accounts over, or raise the limit on Targets."),
        WARNING,
        judged="COUNTA({tblAccounts.account_id})",
    ),
    Check(
        N_("No account is left in silence"),
        "COUNTIF({tblAccounts.talk},word_silent)",
        names.ACCOUNTS,
        N_("No plan, no talk: filter the Contact column for SILENT and call."),
        WARNING,
        judged="COUNT({tblAccounts.days_silent})",
    ),
    Check(
        N_("Every account has an owner"),
        'COUNTIFS({tblAccounts.account_id},"<>",{tblAccounts.owner},"")',
        names.ACCOUNTS,
        N_("Name one person for each account."),
        WARNING,
        judged="COUNTA({tblAccounts.account_id})",
    ),
    Check(
        N_("No high-value account of last year is lost"),
        "IF(out_retention<th_retention,fig_high_value-fig_high_value_kept,0)",
        names.ACCOUNTS,
        N_("Win it back, or find out why it left."),
        WARNING,
        name="retention",
        judged="COUNT(out_retention)",
    ),
    Check(
        N_("No example rows are left in"),
        'COUNTIF({tblAccounts.account_id},word_example&"*")+COUNTIF({tblDeals.deal_id},word_example&"*")',
        names.ACCOUNTS,
        N_("Clear rows whose ID begins with EXAMPLE."),
        judged="COUNTA({tblAccounts.account_id})+COUNTA({tblDeals.deal_id})",
    ),
    Check(
        N_("Every account that needs a plan was talked to lately"),
        "COUNTIF({tblAccounts.plan_needed},1)-COUNTIFS({tblAccounts.plan_needed},1,{tblAccounts.talk},word_ok)",
        names.ACCOUNTS,
        N_("Neglected: the contact is too long ago, or none is noted. Call, and fill Last contact."),
        WARNING,
        judged="MIN(COUNTIF({tblAccounts.plan_needed},1),COUNT({tblAccounts.days_silent}))",
    ),
    Check(
        N_("Every account gets the conversations it needs"),
        "COUNTIF({tblAccounts.coverage},word_uncovered)+COUNTIF({tblAccounts.coverage},word_under)",
        names.ACCOUNTS,
        N_("Filter Coverage for UNCOVERED and UNDER: name an owner, plan more conversations."),
        WARNING,
        judged="COUNT({tblAccounts.touch_gap})",
    ),
    Check(
        N_("No customer of value lies dormant"),
        'COUNTIFS({tblAccounts.status},word_dormant,{tblAccounts.prior_revenue},">0")',
        names.ACCOUNTS,
        N_("Call them in the order of Wake-up turn: what they bought is still needed."),
        WARNING,
        judged="1*(COUNT(calc_as_of,{tblAccounts.last_order})>1)",
    ),
    Check(
        N_("No date of an account lies ahead"),
        'COUNTIF({tblAccounts.last_order__last_contact},">="&calc_as_of+1)',
        names.ACCOUNTS,
        N_("Last order and Last contact are past: correct the year, or the as-of date on Targets."),
        judged="COUNT({tblAccounts.last_order__last_contact})*COUNT(calc_as_of)",
    ),
)
