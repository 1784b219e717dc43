"""Org health: twelve elements of a healthy sales organisation, scored with evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsales import standards
from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Drawing, Free, Sheet, TableBlock
from xlsales.planner.charts import bars
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _


def sheet(tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    table = TableBlock(
        layout=tables["tblOrgHealth"], main=True, good={"verdict": ("strength",)}, bad={"verdict": ("gap",)}
    )
    blocks = (
        Free(name="summary", rows=3, columns=4, content=_summary),
        table,
        Drawing(name="scores", chart=_chart, width=860, height=380, columns=table.columns),
    )
    return Sheet(
        name=names.ORG_HEALTH,
        kind=SheetKind.INPUT,
        title=N_("Organisation health"),
        subtitle=N_("Score each element from 1 (not at all) to 5 (fully), with what you saw that justifies it."),
        widths=(7, 34, 9, 62, 13, 24),
        lanes=(Lane(1, blocks),),
        one_page=True,
    )


def _summary(page: Page, place: Place) -> None:
    verdict = page.book.local("tblOrgHealth", "verdict")
    rows = (
        (
            _("Organisation health"),
            'IF(ISNUMBER(out_org_health),out_org_health,"–")',
            "0.0%",
            _("0% when every score is 1, 100% when every score is 5; needs all twelve."),
        ),
        (_("Strengths"), f"COUNTIF({verdict},word_strength)", "0", _("Elements above the standard on Targets.")),
        (_("Gaps"), f"COUNTIF({verdict},word_gap)", "0", _("Elements below it: start with the lowest.")),
    )
    for row, (label, formula, number_format, note) in enumerate(rows, start=place.top):
        style = {**styles.calculated_style(number_format), "bold": True, "align": "right"}
        page.text(row, place.left, label, {"bold": True})
        page.formula(row, place.left + 2, formula, style)
        page.text(row, place.left + 3, note, "note_line")


def _chart(page: Page) -> Any:
    chart = bars(
        page.book,
        _("Twelve elements: score from 1 to 5"),
        "tblOrgHealth",
        "name",
        "score",
        number_format="0;;",
        description=_("Bar chart of the score of each of the twelve elements, from 1 to 5."),
    )
    lines = {"visible": True, "line": {"color": styles.CALCULATED_LINE}}
    chart.set_x_axis({"min": 0, "max": standards.HIGHEST_SCORE, "major_unit": 1, "major_gridlines": lines})
    return chart
