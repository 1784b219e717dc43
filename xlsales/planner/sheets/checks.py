"""Checks: what is wrong with the plan, how often, and where."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.figures import with_columns
from xlsales.planner.layouts import ACCOUNTS_SHEET, ACTIVITY_SHEET, ORG_HEALTH_SHEET, PIPELINE_SHEET
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

NAME = "Checks"
HEAD = 4


@dataclass(frozen=True)
class Check:
    """A rule: how many places break it, and where to look."""

    rule: str
    count: str
    sheet: str
    remedy: str


CHECKS = (
    Check(
        N_("Territory, person, year, currency and goal are filled"),
        "COUNTBLANK(in_territory_name)+COUNTBLANK(in_person)+COUNTBLANK(in_fiscal_year)+COUNTBLANK(in_currency)"
        "+COUNTBLANK(in_revenue_goal)",
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
        N_("Filter the Check column for DUPLICATE ID."),
    ),
    Check(
        N_("No more accounts than one person can look after"),
        "MAX(0,fig_accounts-th_account_limit)",
        ACCOUNTS_SHEET,
        N_("Hand accounts over, or raise the limit on Targets."),
    ),
    Check(
        N_("No account is left in silence"),
        'COUNTIF({tblAccounts.talk},"SILENT")',
        ACCOUNTS_SHEET,
        N_("No plan, no talk: filter the Contact column for SILENT and call."),
    ),
    Check(
        N_("Every high-value account has a written plan"),
        'COUNTIFS({tblAccounts.high_value},"YES",{tblAccounts.plan_date},"")',
        ACCOUNTS_SHEET,
        N_("Write the plan and fill its date."),
    ),
    Check(
        N_("Every deal has an ID of its own"),
        'COUNTIF({tblDeals.check},"DUPLICATE ID")',
        PIPELINE_SHEET,
        N_("Filter the Check column for DUPLICATE ID."),
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
    ),
    Check(
        N_("No first sale is bought with a discount"),
        'COUNTIF({tblDeals.guard},"APPROVAL")',
        PIPELINE_SHEET,
        N_("Ask your leader for approval."),
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
        (54, 10, 12, 16, 66),
    )
    heads = (_("Rule"), _("Places"), _("Status"), _("Where"), _("What to do"))
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
    page.sheet.set_selection(0, 0, 0, 0)
    page.finish()


def _row(page: Page, row: int, check: Check) -> None:
    page.text(row, 1, _(check.rule), "label")
    page.formula(row, 2, with_columns(page.book, check.count), styles.calculated_style("0"))
    page.formula(row, 3, f'IF($C{row + 1}=0,"OK","LOOK")', styles.calculated_style("@", centred=True))
    page.link(row, 4, check.sheet, check.sheet)
    page.text(row, 5, _(check.remedy), "note")
