"""Checks: what is wrong with the plan, how often, and where."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Free, Grid, Sheet
from xlsales.planner.checks import CHECKS
from xlsales.planner.checks.check import Check
from xlsales.planner.layouts.columns import day, money
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

_OF_WEEK = 'IF({{week}}="","",IFERROR(INDEX({{tblWeeks.{name}}},MATCH({{week}},{{tblWeeks.week_start}},0)),""))'
HEADS = (N_("Rule"), N_("Places"), N_("Status"), N_("Where"), N_("What to do"), N_("Severity"), N_("To judge"))
STATUS = 2  # the column of the status, counted from the block's first
JUDGED = 6  # how much there is to judge
WEEKS = 7  # that differ, at most
LINE = 105  # letters that fit the column of what to do
LINE_POINTS = 15
DIFFERING = Layout(
    "differing",
    "differing",
    (
        day(
            "week",
            N_("Weeks that differ from the deals"),
            'IFERROR(SMALL({tblWeeks.different_week},ROW()-ROW({week.head})),"")',
        ),
        money("typed", N_("Typed"), _OF_WEEK.format(name="revenue_used")),
        money("deals", N_("By deals"), _OF_WEEK.format(name="deal_revenue")),
    ),
    WEEKS,
)


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    blocks = (
        Free(name="summary", rows=3, columns=2, content=_summary),
        Free(name="rules", rows=1 + len(CHECKS), columns=len(HEADS), content=_rules),
        Grid(layout=DIFFERING, title=N_("Revenue of the weeks that differ from the deals")),
    )
    return Sheet(
        name=names.CHECKS,
        kind=SheetKind.CONTROL,
        title=N_("Checks"),
        subtitle=N_("What is wrong with the plan, how often, and where to look."),
        widths=(66, 12, 11, 12, 96, 11, 10),
        lanes=(Lane(1, blocks, top=2),),
    )


def _summary(page: Page, place: Place) -> None:
    rules = page.place("rules")
    status = rules.range((1, STATUS), (len(CHECKS), STATUS)).rpartition("!")[2]
    style = {**styles.calculated_style("0"), "bold": True}
    counted = ((_("Checks to look at"), "look", "open"), (_("Checks not yet filled"), "not_yet", "unfilled"))
    for row, (label, word, name) in enumerate(counted, start=place.top):
        page.text(row, place.left, label, {"bold": True})
        page.formula(row, place.left + 1, f"COUNTIF({status},word_{word})", style)
        page.name_cell(f"out_{name}_checks", row, place.left + 1)
    look, not_yet = (xl_rowcol_to_cell(row, place.left + 1) for row in (place.top, place.top + 1))
    said = f'SUBSTITUTE(IF({look}=0,say_checks_not_yet,SUBSTITUTE(say_checks_look,"#",{look})),"*",{not_yet})'
    page.formula(place.bottom, place.left, f"IF({look}+{not_yet}=0,say_checks_pass,{said})", {"bold": True})
    page.name_cell("out_checks_said", place.bottom, place.left)


def _rules(page: Page, place: Place) -> None:
    page.sheet.set_row(place.top, 24)
    for column, head in enumerate(HEADS, start=place.left):
        page.text(place.top, column, _(head), "head_calculated")
    for row, check in enumerate(CHECKS, start=place.top + 1):
        _row(page, row, place.left, check)
    status = place.left + STATUS
    page.words(xl_range(place.top + 1, status, place.bottom, status), good=("ok",), bad=("look",))
    page.freeze(place.top + 1, 0, (0, 1))


def _row(page: Page, row: int, left: int, check: Check) -> None:
    if len(_(check.remedy)) > LINE:
        page.sheet.set_row(row, 2 * LINE_POINTS)
    page.text(row, left, _(check.rule), "label")
    judged = f"$H{row + 1}"
    counted = f'IF({judged}=0,"",{page.book.with_columns(check.count)})'
    page.formula(row, left + 1, counted, styles.calculated_style("0"))
    status = styles.calculated_style("@", centred=True)
    said = 'IF(ISERROR({0}),word_look,IF({0}="",word_not_yet,IF({0}=0,word_ok,word_look)))'
    page.formula(row, left + STATUS, said.format(f"$C{row + 1}"), status)
    page.formula(row, left + JUDGED, page.book.with_columns(check.judged), styles.calculated_style("#,##0"))
    if check.name:
        page.name_cell(f"state_{check.name}", row, left + STATUS)
    page.link(row, left + 3, check.sheet, check.sheet)
    page.text(row, left + 4, _(check.remedy), "note")
    page.text(row, left + 5, check.severity, {"align": "center"})
