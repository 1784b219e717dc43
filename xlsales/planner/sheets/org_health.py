"""Org health: twelve elements of a healthy sales organisation, scored with evidence."""

from __future__ import annotations

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.charts import bars
from xlsales.planner.layouts.people import ORG_HEALTH_SHEET
from xlsales.planner.styles import SheetKind
from xlsales.texts import _

FIRST_CHART_ROW = 22


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        ORG_HEALTH_SHEET,
        SheetKind.INPUT,
        _("Organisation health"),
        _("Score each element from 1 (not at all) to 5 (fully), with what you saw that justifies it."),
        (7, 34, 9, 62, 13, 24),
    )
    verdict = book.local("tblOrgHealth", "verdict")
    _summary(page, verdict)
    page.table("tblOrgHealth")
    page.words(verdict, good=("STRENGTH",), bad=("GAP",))
    chart = bars(
        book,
        _("Twelve elements: score from 1 to 5"),
        "tblOrgHealth",
        "name",
        "score",
        number_format="0;;",
        description=_("Bar chart of the score of each of the twelve elements, from 1 to 5."),
    )
    chart.set_x_axis(
        {
            "min": 0,
            "max": 5,
            "major_unit": 1,
            "major_gridlines": {"visible": True, "line": {"color": "#D5DBE1"}},
        }
    )
    page.chart(FIRST_CHART_ROW, 1, chart, 860, 380)
    page.sheet.fit_to_pages(1, 1)
    page.finish()


def _summary(page: Page, verdict: str) -> None:
    rows = (
        (
            _("Organisation health"),
            'IF(ISNUMBER(out_org_health),out_org_health,"–")',
            "0%",
            _("0% when every score is 1, 100% when every score is 5; needs all twelve."),
        ),
        (_("Strengths"), f'COUNTIF({verdict},"STRENGTH")', "0", _("Elements above the standard on Targets.")),
        (_("Gaps"), f'COUNTIF({verdict},"GAP")', "0", _("Elements below it: start with the lowest.")),
    )
    for row, (label, formula, number_format, note) in enumerate(rows, start=3):
        page.text(row, 1, label, {"bold": True})
        page.formula(row, 3, formula, {**styles.calculated_style(number_format), "bold": True, "align": "right"})
        page.text(row, 4, note, {"font_color": styles.MUTED, "font_size": 10, "indent": 1})
