"""Checks: what is wrong with the plan, how often, and where."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.layouts.calendar import ACTIVITY_SHEET
from xlsales.planner.layouts.people import ORG_HEALTH_SHEET
from xlsales.planner.layouts.sales import ACCOUNTS_SHEET, PIPELINE_SHEET
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

NAME = "Checks"
HEAD = 4


# An error makes figures wrong; a warning asks for a decision or a deed. Code words, the same in every language.
ERROR, WARNING = "ERROR", "WARNING"


@dataclass(frozen=True)
class Check:
    """A rule: how many places break it, and where to look."""

    rule: str
    count: str
    sheet: str
    remedy: str
    severity: str = ERROR


CHECKS = (
    Check(
        N_("Territory, person, year, currency and goal are filled"),
        "fig_missing",
        "Targets",
        N_("Fill them on Targets."),
    ),
    Check(
        N_("The season's shares add up to 100%"),
        "IF(ROUND(SUM(season_weights),2)=1,0,1)",
        "Targets",
        N_("Change the shares on Targets until their total is 100%."),
    ),
    Check(
        N_("Every account has an ID of its own"),
        'COUNTIF({tblAccounts.check},"DUPLICATE ID")',
        ACCOUNTS_SHEET,
        N_("Filter the ID check column for DUPLICATE ID."),
    ),
    Check(
        N_("No more accounts than one person can look after"),
        "MAX(0,fig_accounts-th_account_limit)",
        ACCOUNTS_SHEET,
        N_("Hand accounts over, or raise the limit on Targets."),
        WARNING,
    ),
    Check(
        N_("No account is left in silence"),
        'COUNTIF({tblAccounts.talk},"SILENT")',
        ACCOUNTS_SHEET,
        N_("No plan, no talk: filter the Contact column for SILENT and call."),
        WARNING,
    ),
    Check(
        N_("Every deal has an ID of its own"),
        'COUNTIF({tblDeals.check},"DUPLICATE ID")',
        PIPELINE_SHEET,
        N_("Filter the ID check column for DUPLICATE ID."),
    ),
    Check(
        N_("Every deal's account is on the account list"),
        'COUNTIF({tblDeals.check},"UNKNOWN ACCOUNT")',
        PIPELINE_SHEET,
        N_("Add the account, or correct its ID."),
    ),
    Check(
        N_("Every sale won has a date and an amount"),
        'COUNTIF({tblDeals.date_check},"NO DATE OR AMOUNT")',
        PIPELINE_SHEET,
        N_("Fill both."),
    ),
    Check(
        N_("No deal closes before its first appointment"),
        'COUNTIF({tblDeals.date_check},"CLOSED TOO EARLY")',
        PIPELINE_SHEET,
        N_("Correct one of the dates."),
    ),
    Check(
        N_("No discount takes the margin below the minimum"),
        'COUNTIF({tblDeals.guard},"NO")',
        PIPELINE_SHEET,
        N_("Filter the Discount guard column for NO."),
        WARNING,
    ),
    Check(
        N_("No first sale is bought with a discount"),
        'COUNTIF({tblDeals.guard},"APPROVAL")',
        PIPELINE_SHEET,
        N_("Ask your leader for approval."),
        WARNING,
    ),
    Check(
        N_("Proposals do not outnumber first appointments"),
        "IF(N(fig_proposals)>N(fig_first_appointments),1,0)",
        ACTIVITY_SHEET,
        N_("Count every first appointment in its week."),
    ),
    Check(
        N_("Sales won do not outnumber proposals"),
        "IF(N(fig_won)>N(fig_proposals),1,0)",
        ACTIVITY_SHEET,
        N_("Count every proposal in its week."),
    ),
    Check(
        N_("Every account has an owner"),
        'COUNTIFS({tblAccounts.account_id},"?*",{tblAccounts.owner},"")',
        ACCOUNTS_SHEET,
        N_("Name one person for each account."),
        WARNING,
    ),
    Check(
        N_("No high-value account of last year is lost"),
        "IF(ISNUMBER(out_retention),IF(out_retention<th_retention,fig_high_value-fig_high_value_kept,0),0)",
        ACCOUNTS_SHEET,
        N_("Win it back, or find out why it left."),
        WARNING,
    ),
    Check(
        N_("The top accounts and those to keep or expand have a plan"),
        'COUNTIF({tblAccounts.plan},"MISSING")',
        "Plan",
        N_("Write a relationship plan on Plan, or fill the plan date."),
        WARNING,
    ),
    Check(
        N_("Enough of all accounts have a plan"),
        "IF(ISNUMBER(out_plan_coverage),IF(1-out_plan_coverage>th_no_plan,fig_accounts-fig_accounts_planned,0),0)",
        "Plan",
        N_("The standard on Targets says how many may be without."),
        WARNING,
    ),
    Check(
        N_("Forecasts are close to what is won"),
        "IF(ISNUMBER(fig_forecast_accuracy),1*(fig_forecast_accuracy<th_forecast_accuracy),0)",
        PIPELINE_SHEET,
        N_("Compare Forecast and Amount of the deals won."),
        WARNING,
    ),
    Check(
        N_("No discount reaches the margin"),
        'COUNTIF({tblDeals.margin_after},"<=0")',
        PIPELINE_SHEET,
        N_("At or below cost no volume breaks even."),
        WARNING,
    ),
    Check(
        N_("The product lines' goals add up to the revenue goal"),
        "IF(COUNT({tblProducts.goal})=0,0,1*(ROUND(SUM({tblProducts.goal})-N(in_revenue_goal),0)<>0))",
        "Growth",
        N_("Change the goals of the product lines, or the revenue goal."),
    ),
    Check(
        N_("Each part of the sale has the right owner"),
        'COUNTIF({tblStages.verdict},"NO OWNER")+COUNTIF({tblStages.verdict},"NO ASSISTANT")'
        '+COUNTIF({tblStages.verdict},"SELLER SEARCHES")',
        "Team",
        N_("One owner each; by the coverage model, sellers neither search nor do paperwork."),
        WARNING,
    ),
    Check(
        N_("Each of the ten functions has an owner"),
        'COUNTIF({tblFunctions.verdict},"NO OWNER")',
        "Team",
        N_("Name one person for each function, or none at all."),
        WARNING,
    ),
    Check(
        N_("No check-in is due"),
        'IF(COUNT({tblCheckins.held})=0,0,COUNTIF({tblCheckins.status},"DUE"))',
        "Check-ins",
        N_("Hold it, and fill its date."),
        WARNING,
    ),
    Check(
        N_("Enough of the hours go into selling"),
        "IF(ISNUMBER(out_selling_time),1*(out_selling_time<th_selling_time),0)",
        ACTIVITY_SHEET,
        N_("Hand paperwork over; keep fewer internal meetings."),
        WARNING,
    ),
    Check(
        N_("No example rows are left in"),
        'COUNTIF({tblAccounts.account_id},"EXAMPLE*")+COUNTIF({tblDeals.deal_id},"EXAMPLE*")',
        ACCOUNTS_SHEET,
        N_("Clear rows whose ID begins with EXAMPLE."),
    ),
    Check(
        N_("All twelve elements are scored, or none"),
        "IF(COUNT({tblOrgHealth.score})=0,0,12-COUNT({tblOrgHealth.score}))",
        ORG_HEALTH_SHEET,
        N_("Score the rest."),
    ),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        NAME,
        SheetKind.CONTROL,
        _("Checks"),
        _("What is wrong with the plan, how often, and where to look."),
        (54, 10, 12, 16, 66, 12),
    )
    heads = (_("Rule"), _("Places"), _("Status"), _("Where"), _("What to do"), _("Severity"))
    page.sheet.set_row(HEAD, 24)
    for column, text in enumerate(heads, start=1):
        page.text(HEAD, column, text, "head_calculated")
    for row, check in enumerate(CHECKS, start=HEAD + 1):
        _row(page, row, check)
    last = HEAD + len(CHECKS)
    status = f"D{HEAD + 2}:D{last + 1}"
    page.text(2, 1, _("Checks to look at"), {"bold": True})
    page.formula(2, 2, f'COUNTIF({status},"LOOK")', {**styles.calculated_style("0"), "bold": True})
    page.name_cell("out_open_checks", 2, 2)
    page.words(status, good=("OK",), bad=("LOOK",))
    page.sheet.freeze_panes(HEAD + 1, 0)
    page.finish()


def _row(page: Page, row: int, check: Check) -> None:
    page.text(row, 1, _(check.rule), "label")
    page.formula(row, 2, page.book.with_columns(check.count), styles.calculated_style("0"))
    page.formula(row, 3, f'IF($C{row + 1}=0,"OK","LOOK")', styles.calculated_style("@", centred=True))
    page.link(row, 4, check.sheet, check.sheet)
    page.text(row, 5, _(check.remedy), "note")
    page.text(row, 6, check.severity, {"align": "center"})
