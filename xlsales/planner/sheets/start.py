"""Start: what the planner is for, six steps, how complete it is, and which version."""

from __future__ import annotations

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.figures import NEEDED
from xlsales.planner.layouts.calendar import ACTIVITY_SHEET, CHECKINS_SHEET
from xlsales.planner.layouts.people import ORG_HEALTH_SHEET, TEAM_SHEET
from xlsales.planner.layouts.plan import GROWTH_SHEET, PLAN_SHEET
from xlsales.planner.layouts.sales import ACCOUNTS_SHEET, PIPELINE_SHEET
from xlsales.planner.styles import SheetKind
from xlsales.schema import SCHEMA_VERSION
from xlsales.texts import N_, _
from xlsales.version import __version__

NAME = "Start"
STEPS = (
    ("Targets", N_("Set the goal"), N_("Territory, person, year, goal, season and standards.")),
    (ACCOUNTS_SHEET, N_("List the accounts"), N_("Who buys, how much, and when you last talked.")),
    (PIPELINE_SHEET, N_("Log the deals"), N_("The open ones, and those won or lost lately.")),
    (ACTIVITY_SHEET, N_("Count the week"), N_("Once a week: first appointments, proposals, sales, hours.")),
    (ORG_HEALTH_SHEET, N_("Score the organisation"), N_("Twelve elements, twice a year, with evidence.")),
    (
        "Dashboard",
        N_("Read the dashboard"),
        N_("The magic number, the barometer, and where the plan stands."),
    ),
)
# Sheet, what is counted there, what must hold for it to be filled, and the unit.
COMPLETENESS = (
    ("Targets", f"COUNTA({','.join(NEEDED)})", "fig_missing=0", N_("of 5 needed cells")),
    (ACCOUNTS_SHEET, "fig_accounts", "fig_accounts>0", N_("accounts")),
    (PIPELINE_SHEET, 'COUNTIF({tblDeals.deal_id},"?*")', 'COUNTIF({tblDeals.deal_id},"?*")>0', N_("deals")),
    (ACTIVITY_SHEET, "COUNT({tblWeeks.recorded})", "COUNT({tblWeeks.recorded})>0", N_("weeks")),
    (GROWTH_SHEET, 'COUNTIF({tblProducts.line},"?*")', 'COUNTIF({tblProducts.line},"?*")>0', N_("product lines")),
    (TEAM_SHEET, 'COUNTIF({tblTeam.name},"?*")', 'COUNTIF({tblTeam.name},"?*")>0', N_("people")),
    (PLAN_SHEET, 'COUNTIF({tblGoals.goal},"?*")', "COUNTBLANK({tblGoals.goal})=0", N_("of 4 goals")),
    (CHECKINS_SHEET, "COUNT({tblCheckins.held})", "COUNT({tblCheckins.held})>0", N_("conversations")),
    (ORG_HEALTH_SHEET, "COUNT({tblOrgHealth.score})", "COUNT({tblOrgHealth.score})=12", N_("of 12 elements")),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        NAME,
        SheetKind.OUTPUT,
        _("Sales Planner"),
        _("One territory, one year, one responsible person."),
        (5, 26, 60, 3, 22, 12, 18, 14),
    )
    page.text(
        3,
        1,
        _(
            "Plan how many new opportunities you need each week, see whether you create them, "
            "and know what to do when not."
        ),
    )
    _steps(page)
    _completeness(page)
    _key(page)
    page.text(
        20,
        1,
        _(
            "Sales Planner {version}, layout {schema}. Its formulas are ordinary Excel formulas: "
            "nothing needs to be installed."
        ).format(version=__version__, schema=SCHEMA_VERSION),
        {"font_color": styles.MUTED, "font_size": 10},
    )
    page.sheet.freeze_panes(2, 0)
    page.sheet.activate()
    page.finish()


def _steps(page: Page) -> None:
    page.section(5, 1, 3, _("Six steps"))
    for number, (sheet, title, note) in enumerate(STEPS, start=1):
        row = 5 + number
        page.sheet.set_row(row, 22)
        page.number(row, 1, number, {"bold": True, "font_color": styles.TEAL, "font_size": 13, "align": "center"})
        page.link(row, 2, sheet, _(title))
        page.text(row, 3, _(note), {"indent": 1})


def _completeness(page: Page) -> None:
    page.section(5, 5, 8, _("How complete it is"))
    for row, (sheet, count, filled, unit) in enumerate(COMPLETENESS, start=6):
        page.sheet.set_row(row, 22)
        page.link(row, 5, sheet, sheet)
        page.formula(row, 6, page.book.with_columns(count), styles.calculated_style("#,##0"))
        page.text(row, 7, _(unit), {"font_color": styles.MUTED, "font_size": 10, "indent": 1})
        enough = page.book.with_columns(filled)
        words = f'IF($G{row + 1}=0,"EMPTY",IF({enough},"FILLED","STARTED"))'
        page.formula(row, 8, words, styles.calculated_style("@", centred=True))
    last = 6 + len(COMPLETENESS)
    page.sheet.set_row(last, 22)
    page.link(last, 5, "Checks", _("Checks to look at"))
    page.formula(last, 6, "out_open_checks", styles.calculated_style("0"))
    page.formula(last, 8, f'IF($G{last + 1}=0,"OK","LOOK")', styles.calculated_style("@", centred=True))
    page.words(f"I7:I{last + 1}", good=("FILLED", "OK"), bad=("LOOK",))


def _key(page: Page) -> None:
    page.section(13, 1, 3, _("What the colours mean"))
    rows = (
        ("key_input", _("You fill"), _("Cream cells, under YOU FILL. Select one to see what to type.")),
        ("key_calculated", _("Calculated"), _("Grey cells, under CALCULATED. Locked, without a password.")),
        ("key_headline", _("Headline"), _("The figures that the plan is steered by, on the Dashboard.")),
    )
    for row, (style, label, note) in enumerate(rows, start=14):
        page.text(row, 2, label, style)
        page.text(row, 3, note, {"indent": 1})
    page.text(
        17,
        3,
        _("Tabs: gold to fill, navy to read, grey to check."),
        {"indent": 1, "font_color": styles.MUTED, "font_size": 10},
    )
