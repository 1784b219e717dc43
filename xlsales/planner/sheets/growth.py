"""Growth: how much new business three years of growth need, after what is lost."""

from __future__ import annotations

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.charts import GREY_BLUE, finish, series
from xlsales.planner.layouts.plan import GROWTH_SHEET
from xlsales.planner.styles import SheetKind
from xlsales.texts import _

HEAD = 4
YEARS = 3
CHART_ROW = 9


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        GROWTH_SHEET,
        SheetKind.INPUT,
        _("Growth"),
        _("Growth comes from new business, and new business must first make up for what is lost."),
        (26, 15, 15, 15, 15, 15, 12, 12, 14, 14, 14, 15, 15, 15),
    )
    _territory(page)
    _chart(page)
    page.section(26, 1, 14, _("By product line: blank rates are those of Targets"))
    page.table("tblProducts", main=False)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _territory(page: Page) -> None:
    page.section(HEAD - 1, 1, 8, _("The territory"))
    heads = (
        _("Year"),
        _("Opening revenue"),
        _("Kept of it"),
        _("Lost of it"),
        _("New business needed"),
        _("Revenue target"),
        _("New, per person"),
        _("New, of target"),
    )
    page.sheet.set_row(HEAD, 32)
    for column, head in enumerate(heads, start=1):
        page.text(HEAD, column, head, "head_calculated")
    for row in range(HEAD + 1, HEAD + 1 + YEARS):
        _year(page, row)
    page.text(HEAD + 1, 10, _("New customers in what is won"), "label")
    page.write(HEAD + 1, 11, None, styles.STYLES["label"])
    page.formula(HEAD + 1, 12, 'IF(ISNUMBER(out_balance),out_balance,"–")', styles.calculated_style("0%"))
    page.text(HEAD + 2, 10, _("From First sale? on Pipeline."), "note_line")


def _year(page: Page, row: int) -> None:
    r, above = row + 1, row
    opening = 'IF(ISNUMBER(in_opening_revenue),in_opening_revenue,"")' if row == HEAD + 1 else f"$G{above}"
    loss = "N(in_attrition_rate)*(1-N(in_high_value_share))"
    cells = (
        ("#,##0", opening),
        ("#,##0", f'IF($C{r}="","",$C{r}-$E{r})'),
        ("#,##0", f'IF($C{r}="","",$C{r}*{loss})'),
        ("#,##0", f'IF($C{r}="","",MAX(0,$C{r}*(N(in_growth_rate)+{loss})))'),
        ("#,##0", f'IF($C{r}="","",$C{r}*(1+N(in_growth_rate)))'),
        ("#,##0", f'IF($C{r}="","",$F{r}/MAX(1,COUNTIF({page.book.column("tblTeam", "name")},"?*")))'),
        ("0.0%", f'IF(N($G{r})=0,"",$F{r}/$G{r})'),
    )
    page.number(row, 1, row - HEAD, {**styles.calculated_style("0"), "align": "center"})
    for column, (number_format, formula) in enumerate(cells, start=2):
        page.formula(row, column, formula, styles.calculated_style(number_format))


def _chart(page: Page) -> None:
    chart = page.book.chart("column", "stacked")
    years = f"{GROWTH_SHEET}!$B${HEAD + 2}:$B${HEAD + 1 + YEARS}"
    for letter, label, colour in (("D", _("Kept"), GREY_BLUE), ("F", _("New business needed"), styles.NAVY)):
        values = f"{GROWTH_SHEET}!${letter}${HEAD + 2}:${letter}${HEAD + 1 + YEARS}"
        chart.add_series({**series(label, years, values, colour), "gap": 80})
    finish(
        chart,
        _("Three years: what stays, and what must be found"),
        _("Stacked columns of revenue kept and new business needed in each of three years."),
        units=_("money"),
    )
    chart.set_x_axis({"name": _("year"), "name_font": {"bold": False, "size": 9}})
    page.chart(CHART_ROW, 1, chart, 900, 320)
