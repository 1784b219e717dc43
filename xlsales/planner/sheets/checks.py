"""Checks: what is wrong with the plan, how often, and where."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.utility import xl_range

from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Free, Sheet
from xlsales.planner.checks import CHECKS
from xlsales.planner.checks.check import Check
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

HEADS = (N_("Rule"), N_("Places"), N_("Status"), N_("Where"), N_("What to do"), N_("Severity"))
STATUS = 2  # the column of the status, counted from the block's first


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    blocks = (
        Free(name="summary", rows=1, columns=2, content=_summary),
        Free(name="rules", rows=1 + len(CHECKS), columns=len(HEADS), content=_rules),
    )
    return Sheet(
        name=names.CHECKS,
        kind=SheetKind.CONTROL,
        title=N_("Checks"),
        subtitle=N_("What is wrong with the plan, how often, and where to look."),
        widths=(54, 10, 12, 16, 66, 12),
        lanes=(Lane(1, blocks, top=2),),
    )


def _summary(page: Page, place: Place) -> None:
    rules = page.place("rules")
    status = rules.range((1, STATUS), (len(CHECKS), STATUS)).rpartition("!")[2]
    page.text(place.top, place.left, _("Checks to look at"), {"bold": True})
    style = {**styles.calculated_style("0"), "bold": True}
    page.formula(place.top, place.left + 1, f"COUNTIF({status},word_look)", style)
    page.name_cell("out_open_checks", place.top, place.left + 1)


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
    page.text(row, left, _(check.rule), "label")
    page.formula(row, left + 1, page.book.with_columns(check.count), styles.calculated_style("0"))
    status = styles.calculated_style("@", centred=True)
    page.formula(row, left + STATUS, f"IF($C{row + 1}=0,word_ok,word_look)", status)
    page.link(row, left + 3, check.sheet, check.sheet)
    page.text(row, left + 4, _(check.remedy), "note")
    page.text(row, left + 5, check.severity, {"align": "center"})
