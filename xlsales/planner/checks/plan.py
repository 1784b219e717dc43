"""Rules of the written plans."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("The top accounts and those to keep or expand have a plan"),
        "COUNTIF({tblAccounts.plan},word_missing)",
        names.PLAN,
        N_("Write a relationship plan on Plan, or fill the plan date."),
        WARNING,
        judged="COUNTIF({tblAccounts.plan_needed},1)",
    ),
    Check(
        N_("Enough of all accounts have a plan"),
        "IF(out_plan_coverage<th_plan_coverage,fig_accounts-fig_accounts_planned,0)",
        names.PLAN,
        N_("The target stands on Targets, beside what is usual."),
        WARNING,
        name="plan_coverage",
        judged="COUNT(out_plan_coverage)",
    ),
)
