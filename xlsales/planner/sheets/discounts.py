"""Discounts: what must be sold if a discount is given, on both bases, and how fast it grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales import standards
from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Drawing, Fields, Free, Grid, Sheet
from xlsales.planner.charts import finish, series
from xlsales.planner.layouts.columns import share
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.schema import MONEY_LIMIT, YES_NO, Column, Kind
from xlsales.texts import N_, _

REVENUE = Column(
    "ask_revenue",
    N_("Revenue at full price"),
    Kind.MONEY,
    N_("What you would sell without the discount."),
    minimum=0,
    maximum=MONEY_LIMIT,
)
DISCOUNT = Column("ask_discount", N_("Discount asked for"), Kind.RATE, N_("For example 20%."), minimum=0, maximum=1)
FIRST_SALE = Column(
    "ask_first_sale",
    N_("First sale?"),
    Kind.FLAG,
    N_("YES if the customer never bought before."),
    choices=YES_NO,
)
FIELDS = ((REVENUE, standards.ASK_REVENUE), (DISCOUNT, standards.ASK_DISCOUNT), (FIRST_SALE, YES_NO[1]))
DISCOUNTS = [step / 100 for step in range(0, 50, 5)]
MARGINS = [step / 100 for step in range(20, 80, 10)]
WIDE = 2 + len(MARGINS)
STEPS = 10  # from 0 to 9 twelfths of the margin
OWN_MARGIN = Layout(
    "own_margin",
    "own_margin",
    (
        share(
            "asked",
            N_("Discount"),
            'IF(ISNUMBER(in_gross_margin),in_gross_margin*(ROW()-ROW({asked.head})-1)/12,"")',
        ),
        share("given", N_("Profit given away"), 'IF({asked}="","",{asked}/(1-{asked}))'),
        share(
            "cut",
            N_("Price cut"),
            'IF(N(in_gross_margin)=0,"",{asked}*(1-in_gross_margin)/(in_gross_margin-{asked}))',
        ),
    ),
    STEPS,
)


ANSWERS = (
    (
        N_("If the discount gives away part of your gross profit, sell"),
        'IF(ISNUMBER(out_breakeven_profit),out_breakeven_profit,"–")',
        "#,##0",
    ),
    (
        N_("If the discount cuts the price and the unit costs the same, sell"),
        'IF(ISNUMBER(out_breakeven_price),out_breakeven_price,"–")',
        "#,##0",
    ),
    (
        N_("Margin left after a price cut"),
        'IF(in_ask_discount<1,(in_gross_margin-in_ask_discount)/(1-in_ask_discount),"–")',
        "0.0%",
    ),
    (
        N_("May you give it?"),
        "IF(NOT(ISNUMBER({above})),word_no,IF({above}<th_minimum_margin,word_no,"
        "IF(AND(in_ask_first_sale=word_yes,in_ask_discount>0),word_approval,word_ok)))",
        "@",
    ),
)
NOTES = (
    N_("more than at full price, for the same gross profit"),
    N_("more than at full price, for the same gross profit"),
    N_("The gross margin itself stands on Targets."),
    N_("NO: below the minimum margin on Targets. APPROVAL: a first sale is not to be bought."),
)
COMPARED = 2  # answers in money, shown against the revenue at full price


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    blocks = (
        Fields(name="question", title=N_("Your question"), fields=FIELDS, columns=WIDE),
        Free(name="answers", title=N_("The answer, on both bases"), rows=len(ANSWERS), columns=WIDE, content=_answers),
        Free(
            name="grid",
            title=N_("How much more to sell, by discount and gross margin"),
            rows=3 + len(DISCOUNTS),
            columns=WIDE,
            content=_grid,
        ),
        Grid(layout=OWN_MARGIN, title=N_("At your own gross margin")),
    )
    curve = Drawing(name="curve", chart=_chart, width=550, height=290, columns=WIDE - len(OWN_MARGIN.columns))
    return Sheet(
        name=names.DISCOUNTS,
        kind=SheetKind.INPUT,
        title=N_("Discounts"),
        subtitle=N_("What must I sell if I give a discount? It depends on what the discount is."),
        widths=(40, 18, 15, 15, 15, 15, 15, 15),
        lanes=(Lane(1, blocks), Lane(1 + len(OWN_MARGIN.columns), (curve,), beside=OWN_MARGIN.excel_table)),
        one_page=True,
    )


def _answers(page: Page, place: Place) -> None:
    value = place.left + 1
    for row, ((label, formula, number_format), note) in enumerate(zip(ANSWERS, NOTES, strict=True), start=place.top):
        style = {**styles.calculated_style(number_format), "bold": True, "align": "right"}
        page.text(row, place.left, _(label), "note")
        page.formula(row, value, formula.format(above=xl_rowcol_to_cell(row - 1, value)), style)
        page.text(row, place.left + 3, _(note), "note_line")
        if row < place.top + COMPARED:
            page.sheet.set_row(row, 30)
            more = f'IFERROR({xl_rowcol_to_cell(row, value)}/in_ask_revenue-1,"–")'
            page.formula(row, value + 1, more, styles.calculated_style("0.0%", centred=True))
    page.words(xl_rowcol_to_cell(place.bottom, value), good=("ok",), bad=("no", "approval"))


def _grid(page: Page, place: Place) -> None:
    """Write the discounts down, the margins across beneath a line that says what they are, and a note."""
    head, left = place.top + 1, place.left
    page.text(place.top, left + 2, _("Price cut, at a gross margin of"), "group_calculated")
    page.text(head, left, _("Discount"), "head_calculated")
    page.text(head, left + 1, _("Profit given away"), "head_calculated")
    margins = {**styles.STYLES["head_calculated"], "num_format": "0%"}
    for column, margin in enumerate(MARGINS, start=left + 2):
        page.number(head, column, margin, margins)
    cell = styles.calculated_style("0%")
    for row, discount in enumerate(DISCOUNTS, start=head + 1):
        page.number(row, left, discount, {**cell, "align": "center", "bold": True})
        own = xl_rowcol_to_cell(row, left, col_abs=True)
        page.formula(row, left + 1, f"{own}/(1-{own})", cell)
        for column in range(left + 2, left + 2 + len(MARGINS)):
            margin_cell = xl_rowcol_to_cell(head, column, row_abs=True)
            uplift = f'IF({own}<{margin_cell},{own}*(1-{margin_cell})/({margin_cell}-{own}),"–")'
            page.formula(row, column, uplift, {**cell, "align": "right"})
    page.text(place.bottom, left, _("–: at or below cost. No volume makes up for it."), "note_line")


def _chart(page: Page) -> Any:
    """Draw what discounts cost at the plan's own margin, up to three quarters of it."""
    chart = page.book.chart("scatter", "straight")
    discounts = page.book.column("own_margin", "asked")
    looks = (("given", _("Profit given away"), styles.TEAL, "dash"), ("cut", _("Price cut"), styles.NAVY, "solid"))
    for name, label, colour, dash in looks:
        line = series(label, discounts, page.book.column("own_margin", name), colour, line=True)
        line["line"]["dash_type"] = dash
        chart.add_series(line)
    finish(
        chart,
        _("How much more to sell, at your own margin"),
        _("Two lines of the extra revenue needed for each discount: profit given away, and a price cut."),
        number_format="0%",
        units=_("more revenue"),
    )
    chart.set_x_axis(
        {
            "name": _("discount"),
            "num_format": "0%",
            "name_font": {"bold": False, "size": 9},
            "min": 0,
            "minor_tick_mark": "none",
            "major_gridlines": {"visible": False},
        }
    )
    return chart
