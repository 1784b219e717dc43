"""Start: what the planner is for, its steps in the order of need, how far each is, and which version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Free, Sheet
from xlsales.planner.figures import NEEDED
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.schema import SCHEMA_VERSION
from xlsales.texts import N_, _
from xlsales.version import __version__

NOTE = "note_line"


@dataclass(frozen=True)
class Step:
    """Something to do on a sheet, and how much of it is done out of how much."""

    sheet: str
    title: str
    note: str
    done: str = ""  # a formula
    of: str = ""  # and another: as much as there is to do


STEPS = (
    Step(
        names.TARGETS,
        N_("Set the goal"),
        N_("Five cells, and an average sale to plan with: without it there is no magic number until a sale is won."),
        f"COUNTA({','.join(NEEDED)})+ISNUMBER(calc_average_sale)",
        f"COUNTA({','.join(NEEDED)})+fig_missing+1",
    ),
    Step(
        names.ACCOUNTS,
        N_("List the accounts"),
        N_("Who buys, how much, and when you last talked. Counted: those with an owner and a last contact."),
        'COUNTIFS({tblAccounts.account_id},"?*",{tblAccounts.owner},"?*",{tblAccounts.last_contact},">0")',
        "fig_accounts",
    ),
    Step(
        names.PIPELINE,
        N_("Log the deals"),
        N_("The open ones, and those won or lost this year. Counted: those with an outcome and a first appointment."),
        'COUNTIFS({tblDeals.deal_id},"?*",{tblDeals.outcome},"?*",{tblDeals.first_appointment},">0")',
        "COUNTA({tblDeals.deal_id})",
    ),
    Step(
        names.ACTIVITY,
        N_("Count the week"),
        N_("Once a week: first appointments, proposals, sales, hours. Counted: the selling weeks gone by."),
        "N(fig_weeks_entered)",
        "MAX(N(fig_weeks_due),N(fig_weeks_entered))",
    ),
    Step(
        names.PLAN,
        N_("Write the plan"),
        N_("Four goals, and a plan for each top account and each to keep or expand."),
        'COUNTIF({tblGoals.goal},"?*")+COUNTIFS({tblAccounts.plan_needed},1,{tblAccounts.plan},word_planned)',
        "COUNTA({tblGoals.area})+SUM({tblAccounts.plan_needed})",
    ),
    Step(
        names.TEAM,
        N_("Say who does what"),
        N_("One owner for each part of the sale, and for each of the ten functions."),
        'COUNTIF({tblStages.owner},"?*")+COUNTIF({tblFunctions.owner},"?*")',
        "COUNTA({tblStages.stage})+COUNTA({tblFunctions.function})",
    ),
    Step(
        names.CHECKINS,
        N_("Hold the check-ins"),
        N_("Plan against actual, with your leader. Counted: those planned up to the as-of date."),
        'COUNTIFS({tblCheckins.planned_for},"<="&N(calc_as_of),{tblCheckins.held},">0")',
        'COUNTIFS({tblCheckins.planned_for},"<="&N(calc_as_of))',
    ),
    Step(
        names.GROWTH,
        N_("Share the goal out"),
        N_("Product lines with a goal and last year's revenue; three years ahead, and what if growth is lower."),
        'COUNTIFS({tblProducts.line},"?*",{tblProducts.goal},">0",{tblProducts.opening},">0")',
        'COUNTIF({tblProducts.line},"?*")',
    ),
    Step(
        names.ORG_HEALTH,
        N_("Score the organisation"),
        N_("Twelve elements, twice a year, with evidence."),
        "COUNT({tblOrgHealth.score})",
        "COUNTA({tblOrgHealth.name})",
    ),
    Step(
        names.THIS_WEEK,
        N_("Do what the week asks for"),
        N_("On a Monday: the number to reach, whom to call, which deals to move, the check-in that is due."),
    ),
    Step(
        names.DASHBOARD,
        N_("Read the dashboard"),
        N_("The magic number, the barometer, and where the plan stands."),
    ),
)

COLOURS = (
    ("key_input", N_("You fill"), N_("Cream cells, under YOU FILL. Select one to see what to type.")),
    ("key_calculated", N_("Calculated"), N_("Grey cells, under CALCULATED. Click + above a list to see all of them.")),
    ("key_headline", N_("Headline"), N_("The figures that the plan is steered by, on the Dashboard.")),
)
NOTES = (
    N_("Tabs: gold to fill, navy to read, grey to check."),
    N_(
        "Lists are open: sort, filter, add and delete rows as in any table; copy cells, never cut them. "
        "Other sheets are protected, without a password."
    ),
    N_("To print a list without its blank rows, filter its first column for what is filled."),
    N_(
        "For another year, type its Mondays on Activity, as the check of its weeks says; "
        "or build a planner with: xlsales template build --year-start 2028-01-01"
    ),
)
HEADS = ("", N_("Step"), N_("State"), N_("Done"), N_("Of"), N_("What it is"))
TITLE, STATE, DONE, OF, WHAT = range(1, 6)  # columns, counted from the block's first
WIDE = 6


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    blocks = (
        Free(name="purpose", rows=1, columns=WIDE, content=_purpose),
        Free(
            name="steps",
            title=N_("What to fill, in the order of need"),
            rows=2 + len(STEPS),
            columns=WIDE,
            content=_steps,
        ),
        Free(
            name="colours",
            title=N_("What the colours mean"),
            rows=len(COLOURS) + len(NOTES),
            columns=WIDE,
            content=_key,
        ),
        Free(name="version", rows=2, columns=WIDE, gap=2, content=_version),
    )
    return Sheet(
        name=names.START,
        kind=SheetKind.OUTPUT,
        title=N_("Sales Planner"),
        subtitle=N_("One territory, one year, one responsible person."),
        widths=(4, 24, 11, 7, 7, 92),
        lanes=(Lane(1, blocks),),
        one_page=True,
        finish=lambda page: page.sheet.activate(),
    )


def _purpose(page: Page, place: Place) -> None:
    purpose = _(
        "Plan how many new opportunities you need each week, see whether you create them, and know what to do when not."
    )
    page.text(place.top, place.left, purpose)


def _version(page: Page, place: Place) -> None:
    about = _(
        "Sales Planner {version}, layout {schema}. Its formulas are ordinary Excel formulas: "
        "nothing needs to be installed."
    )
    page.text(place.top, place.left, about.format(version=__version__, schema=SCHEMA_VERSION), NOTE)
    page.text(place.bottom, place.left, _("On a phone, this sheet and the Dashboard read best; fill at a desk."), NOTE)


def _steps(page: Page, place: Place) -> None:
    ordinal = {"bold": True, "font_color": styles.TEAL, "font_size": 13, "align": "center"}
    page.sheet.set_row(place.top, 22)
    for column, head in enumerate(HEADS, start=place.left):
        if head:
            page.text(place.top, column, _(head), "head_calculated")
    for number, step in enumerate(STEPS, start=1):
        row = place.top + number
        page.number(row, place.left, number, ordinal)
        _row(page, row, place.left, step.sheet, _(step.title), _(step.note))
        if step.done:
            _progress(page, row, place.left, step)
    _checks(page, place.bottom, place.left)
    cells = xl_range(place.top + 1, place.left + STATE, place.bottom, place.left + STATE)
    page.words(cells, good=("filled", "ok"), bad=("look",))


def _row(page: Page, row: int, left: int, target: str, title: str, note: str) -> None:
    page.sheet.set_row(row, 24)
    page.link(row, left + TITLE, target, title)
    page.text(row, left + WHAT, note, {"indent": 1})


def _progress(page: Page, row: int, left: int, step: Step) -> None:
    """Write how much is done, and a word for it: nothing, something, all that there is to do by now."""
    done, of = (xl_rowcol_to_cell(row, left + column, col_abs=True) for column in (DONE, OF))
    count = styles.calculated_style("#,##0")
    page.formula(row, left + DONE, page.book.with_columns(step.done), count)
    page.formula(row, left + OF, page.book.with_columns(step.of), count)
    state = f"IF({done}=0,word_empty,IF({done}<{of},word_started,word_filled))"
    page.formula(row, left + STATE, state, styles.calculated_style("@", centred=True))


def _checks(page: Page, row: int, left: int) -> None:
    _row(page, row, left, names.CHECKS, _("Look at the checks"), _("What is wrong, how often, and what to do."))
    page.formula(row, left + DONE, "out_open_checks", styles.calculated_style("0"))
    state = "IF(out_open_checks>0,word_look,IF(out_unfilled_checks>0,word_not_yet,word_ok))"
    page.formula(row, left + STATE, state, styles.calculated_style("@", centred=True))


def _key(page: Page, place: Place) -> None:
    for row, (style, label, note) in enumerate(COLOURS, start=place.top):
        page.text(row, place.left + TITLE, _(label), style)
        page.text(row, place.left + STATE, _(note), {"indent": 1})
    for row, text in enumerate(NOTES, start=place.bottom - len(NOTES) + 1):
        page.text(row, place.left + STATE, _(text), NOTE)
