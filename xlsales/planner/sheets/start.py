"""Start: what the planner is for, six steps, how complete it is, and which version."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.utility import xl_range

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
STEPS = (
    (names.TARGETS, N_("Set the goal"), N_("Territory, person, year, goal, season and standards.")),
    (names.ACCOUNTS, N_("List the accounts"), N_("Who buys, how much, and when you last talked.")),
    (names.PIPELINE, N_("Log the deals"), N_("The open ones, and those won or lost lately.")),
    (names.ACTIVITY, N_("Count the week"), N_("Once a week: first appointments, proposals, sales, hours.")),
    (names.ORG_HEALTH, N_("Score the organisation"), N_("Twelve elements, twice a year, with evidence.")),
    (
        names.DASHBOARD,
        N_("Read the dashboard"),
        N_("The magic number, the barometer, and where the plan stands."),
    ),
)
# Sheet, what is counted there, what must hold for it to be filled, and the unit.
COMPLETENESS = (
    (names.TARGETS, f"COUNTA({','.join(NEEDED)})", "fig_missing=0", N_("of 5 needed cells")),
    (names.ACCOUNTS, "fig_accounts", "fig_accounts>0", N_("accounts")),
    (names.PIPELINE, "COUNTA({tblDeals.deal_id})", "COUNTA({tblDeals.deal_id})>0", N_("deals")),
    (names.ACTIVITY, "COUNT({tblWeeks.recorded})", "COUNT({tblWeeks.recorded})>0", N_("weeks")),
    (names.GROWTH, 'COUNTIF({tblProducts.line},"?*")', 'COUNTIF({tblProducts.line},"?*")>0', N_("product lines")),
    (names.TEAM, 'COUNTIF({tblTeam.name},"?*")', 'COUNTIF({tblTeam.name},"?*")>0', N_("people")),
    (names.PLAN, 'COUNTIF({tblGoals.goal},"?*")', "COUNTBLANK({tblGoals.goal})=0", N_("of 4 goals")),
    (names.CHECKINS, "COUNT({tblCheckins.held})", "COUNT({tblCheckins.held})>0", N_("conversations")),
    (names.ORG_HEALTH, "COUNT({tblOrgHealth.score})", "COUNT({tblOrgHealth.score})=12", N_("of 12 elements")),
)

COLOURS = (
    ("key_input", N_("You fill"), N_("Cream cells, under YOU FILL. Select one to see what to type.")),
    ("key_calculated", N_("Calculated"), N_("Grey cells, under CALCULATED. Locked, without a password.")),
    ("key_headline", N_("Headline"), N_("The figures that the plan is steered by, on the Dashboard.")),
)


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    left = (
        Free(name="purpose", rows=1, columns=3, content=_purpose),
        Free(name="steps", title=N_("Six steps"), rows=len(STEPS), columns=3, content=_steps),
        Free(name="colours", title=N_("What the colours mean"), rows=len(COLOURS) + 1, columns=3, content=_key),
        Free(name="version", rows=1, columns=3, gap=2, content=_version),
    )
    right = (
        Free(
            name="completeness",
            title=N_("How complete it is"),
            rows=len(COMPLETENESS) + 1,
            columns=4,
            content=_completeness,
        ),
    )
    return Sheet(
        name=names.START,
        kind=SheetKind.OUTPUT,
        title=N_("Sales Planner"),
        subtitle=N_("One territory, one year, one responsible person."),
        widths=(5, 26, 60, 3, 22, 12, 18, 14),
        lanes=(Lane(1, left), Lane(5, right, beside="steps")),
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
    page.text(place.top, place.left, about.format(version=__version__, schema=SCHEMA_VERSION), "note_line")


def _steps(page: Page, place: Place) -> None:
    ordinal = {"bold": True, "font_color": styles.TEAL, "font_size": 13, "align": "center"}
    for number, (target, title, note) in enumerate(STEPS, start=1):
        row = place.top + number - 1
        page.sheet.set_row(row, 22)
        page.number(row, place.left, number, ordinal)
        page.link(row, place.left + 1, target, _(title))
        page.text(row, place.left + 2, _(note), {"indent": 1})


def _completeness(page: Page, place: Place) -> None:
    for row, (target, count, filled, unit) in enumerate(COMPLETENESS, start=place.top):
        page.sheet.set_row(row, 22)
        page.link(row, place.left, target, target)
        page.formula(row, place.left + 1, page.book.with_columns(count), styles.calculated_style("#,##0"))
        page.text(row, place.left + 2, _(unit), NOTE)
        enough = page.book.with_columns(filled)
        state = f"IF($G{row + 1}=0,word_empty,IF({enough},word_filled,word_started))"
        page.formula(row, place.right, state, styles.calculated_style("@", centred=True))
    last = place.bottom
    page.sheet.set_row(last, 22)
    page.link(last, place.left, names.CHECKS, _("Checks to look at"))
    page.formula(last, place.left + 1, "out_open_checks", styles.calculated_style("0"))
    state = f"IF($G{last + 1}=0,word_ok,word_look)"
    page.formula(last, place.right, state, styles.calculated_style("@", centred=True))
    page.words(xl_range(place.top, place.right, last, place.right), good=("filled", "ok"), bad=("look",))


def _key(page: Page, place: Place) -> None:
    for row, (style, label, note) in enumerate(COLOURS, start=place.top):
        page.text(row, place.left + 1, _(label), style)
        page.text(row, place.left + 2, _(note), {"indent": 1})
    page.text(place.bottom, place.left + 2, _("Tabs: gold to fill, navy to read, grey to check."), NOTE)
