"""Discounts: what must be sold if a discount is given, on both bases, and how fast it grows."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales.functions import CATALOGUE
from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.charts import finish, series
from xlsales.planner.styles import SheetKind
from xlsales.schema import YES_NO, Column, Kind
from xlsales.texts import N_, _

NAME = "Discounts"
REVENUE = Column(
    "ask_revenue",
    N_("Revenue at full price"),
    Kind.MONEY,
    N_("What you would sell without the discount."),
    minimum=0,
    maximum=1e13,
)
DISCOUNT = Column("ask_discount", N_("Discount asked for"), Kind.RATE, N_("For example 20%."), minimum=0, maximum=1)
FIRST_SALE = Column(
    "ask_first_sale",
    N_("First sale?"),
    Kind.FLAG,
    N_("YES if the customer never bought before."),
    choices=YES_NO,
)
FIELDS = ((REVENUE, 100_000), (DISCOUNT, 0.2), (FIRST_SALE, "NO"))

ANSWER_ROW = 9
GRID_ROW = 18  # 0-based row of the margins above the grid
DISCOUNTS = [step / 100 for step in range(0, 50, 5)]
MARGINS = [step / 100 for step in range(20, 80, 10)]
OWN_ROW = GRID_ROW + len(DISCOUNTS) + 5
STEPS = 10  # from 0 to 9 twelfths of the margin


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        NAME,
        SheetKind.INPUT,
        _("Discounts"),
        _("What must I sell if I give a discount? It depends on what the discount is."),
        (40, 18, 15, 15, 15, 15, 15, 15),
    )
    page.section(3, 1, 8, _("Your question"))
    for row, (field, default) in enumerate(FIELDS, start=4):
        page.field(row, 1, field, "in", default)
    _answers(page)
    _grid(page)
    _own_margin(page)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _answers(page: Page) -> None:
    page.section(ANSWER_ROW - 1, 1, 8, _("The answer, on both bases"))
    rows = (
        ("PROFIT", _("If the discount gives away part of your gross profit, sell")),
        ("PRICE", _("If the discount cuts the price and the unit costs the same, sell")),
    )
    for row, (basis, label) in enumerate(rows, start=ANSWER_ROW):
        twin = CATALOGUE["BREAKEVEN_REVENUE"].native_formula(
            revenue="in_ask_revenue",
            gross_margin="in_gross_margin",
            discount="in_ask_discount",
            basis=f'"{basis}"',
        )
        page.text(row, 1, label, "note")
        page.sheet.set_row(row, 30)
        page.formula(
            row,
            2,
            f'IFERROR({twin},"–")',
            {**styles.calculated_style("#,##0"), "bold": True, "align": "right"},
        )
        more = f'IFERROR(TEXT($C{row + 1}/in_ask_revenue-1,"0.0%"),"–")'
        page.formula(row, 3, more, styles.calculated_style("@", centred=True))
        page.text(row, 4, _("more than at full price, for the same gross profit"), "note_line")
    row = ANSWER_ROW + 2
    margin = 'IF(in_ask_discount<1,(in_gross_margin-in_ask_discount)/(1-in_ask_discount),"–")'
    page.text(row, 1, _("Margin left after a price cut"), "note")
    page.formula(row, 2, margin, {**styles.calculated_style("0.0%"), "bold": True, "align": "right"})
    page.text(row, 4, _("The gross margin itself stands on Targets."), "note_line")
    row += 1
    guard = (
        f'IF(NOT(ISNUMBER($C{row})),"NO",IF($C{row}<th_minimum_margin,"NO",'
        'IF(AND(in_ask_first_sale="YES",in_ask_discount>0),"APPROVAL","OK")))'
    )
    page.text(row, 1, _("May you give it?"), "note")
    page.formula(row, 2, guard, {**styles.calculated_style("@", centred=True), "bold": True})
    page.text(
        row,
        4,
        _("NO: below the minimum margin on Targets. APPROVAL: a first sale is not to be bought."),
        "note_line",
    )
    page.words(f"C{row + 1}", good=("OK",), bad=("NO", "APPROVAL"))


def _grid(page: Page) -> None:
    page.section(GRID_ROW - 3, 1, 8, _("How much more to sell, by discount and gross margin"))
    page.text(GRID_ROW - 1, 3, _("Price cut, at a gross margin of"), "group_calculated")
    page.text(GRID_ROW, 1, _("Discount"), "head_calculated")
    page.text(GRID_ROW, 2, _("Profit given away"), "head_calculated")
    head = {**styles.STYLES["head_calculated"], "num_format": "0%"}
    for column, margin in enumerate(MARGINS, start=3):
        page.number(GRID_ROW, column, margin, head)
    cell = styles.calculated_style("0%")
    for row, discount in enumerate(DISCOUNTS, start=GRID_ROW + 1):
        page.number(row, 1, discount, {**cell, "align": "center", "bold": True})
        own = f"$B{row + 1}"
        page.formula(row, 2, f"{own}/(1-{own})", cell)
        for column in range(3, 3 + len(MARGINS)):
            margin_cell = xl_rowcol_to_cell(GRID_ROW, column, row_abs=True)
            uplift = f'IF({own}<{margin_cell},{own}*(1-{margin_cell})/({margin_cell}-{own}),"–")'
            page.formula(row, column, uplift, {**cell, "align": "right"})
    page.text(
        GRID_ROW + len(DISCOUNTS) + 1,
        1,
        _("–: at or below cost. No volume makes up for it."),
        "note_line",
    )


def _own_margin(page: Page) -> None:
    """Write what discounts cost at the plan's own margin, up to three quarters of it, and draw it."""
    page.section(OWN_ROW - 2, 1, 8, _("At your own gross margin"))
    heads = (_("Discount"), _("Profit given away"), _("Price cut"))
    for column, head in enumerate(heads, start=1):
        page.text(OWN_ROW, column, head, "head_calculated")
    for row in range(OWN_ROW + 1, OWN_ROW + 1 + STEPS):
        own = f"$B{row + 1}"
        cells = (
            f'IF(ISNUMBER(in_gross_margin),in_gross_margin*(ROW()-ROW($B${OWN_ROW + 1})-1)/12,"")',
            f'IF({own}="","",{own}/(1-{own}))',
            f'IF(N(in_gross_margin)=0,"",{own}*(1-in_gross_margin)/(in_gross_margin-{own}))',
        )
        for column, formula in enumerate(cells, start=1):
            page.formula(row, column, formula, styles.calculated_style("0.0%"))
    chart = page.book.chart("scatter", "straight")
    discounts, *uplifts = (f"{NAME}!${letter}${OWN_ROW + 2}:${letter}${OWN_ROW + 1 + STEPS}" for letter in "BCD")
    looks = ((_("Profit given away"), styles.TEAL, "dash"), (_("Price cut"), styles.NAVY, "solid"))
    for (label, colour, dash), values in zip(looks, uplifts, strict=True):
        line = series(label, discounts, values, colour, line=True)
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
    page.chart(OWN_ROW, 4, chart, 550, 290)
