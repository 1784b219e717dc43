"""Dashboard: the headline figures and where the plan stands, at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Free, Sheet
from xlsales.planner.charts import GREY_BLUE, bars, bars_of, finish, series, weekly_axis
from xlsales.planner.page import ROW_PIXELS, Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.sizes import HISTORY_WEEKS
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

ACROSS = 5  # tiles side by side
TILE = (21, 6, 1.5)  # widths of a tile's columns: the figure and what it is, a figure beside, a gap
STRIDE = len(TILE)
TILE_ROWS = 3
WIDE = ACROSS * STRIDE - 1
TOP = 20
CHART_ROWS = 16  # of each of the charts that stand three high
CHART_HEIGHT = (CHART_ROWS - 1) * ROW_PIXELS + 4
GUTTER = 16  # pixels between the charts side by side


@dataclass(frozen=True)
class Tile:
    """A headline figure, and beneath it a sentence, with a figure of its own beside it if need be."""

    label: str
    value: str
    number_format: str
    say: str  # the sentence, without `say_`
    figure: str = ""
    figure_format: str = "0%"
    shown: str = ""  # the name that must hold a number for the sentence to be shown
    low: str = ""  # the standard beneath which `say_low` is shown instead
    say_low: str = ""

    def line(self) -> str:
        """Return the formula of the sentence."""
        said = f"say_{self.say}"
        if self.low:
            said = f"IF({self.value}<{self.low},say_{self.say_low},{said})"
        return f"IF(ISNUMBER({self.shown or self.value}),{said},say_nothing)"

    def beside(self) -> str:
        """Return the formula of the figure beside it."""
        return f'IF(ISNUMBER({self.shown or self.value}),IFERROR({self.figure},""),"")'


TILES = (
    Tile(N_("MAGIC NUMBER"), "out_magic_number", "0.0", "magic_number"),
    Tile(N_("ACTIVITY BAROMETER"), "out_activity_barometer", "0%", "barometer", "fig_per_week", "0.0"),
    Tile(
        N_("REVENUE THIS YEAR"),
        "fig_revenue",
        "#,##0",
        "of_goal",
        "fig_revenue/in_revenue_goal",
        shown="fig_goal_to_date",
    ),
    Tile(
        N_("YEAR-END AT THIS PACE"),
        "fig_trajectory",
        "#,##0",
        "of_goal",
        "fig_trajectory/in_revenue_goal",
        shown="fig_goal_to_date",
    ),
    Tile(N_("CLOSE RATIO"), "out_close_ratio", "0%", "on_standard", low="th_close_ratio", say_low="low_close"),
    Tile(
        N_("PROPOSAL RATIO"), "out_proposal_ratio", "0%", "on_standard", low="th_proposal_ratio", say_low="low_proposal"
    ),
    Tile(N_("AVERAGE SALE"), "out_average_sale", "#,##0", "sales_won", "fig_won", "0"),
    Tile(N_("SALES CYCLE, DAYS"), "out_sales_cycle_days", "0", "cycle"),
    Tile(N_("OPEN PIPELINE"), "fig_open_forecast", "#,##0", "open_deals", "fig_open_deals", "0"),
    Tile(N_("STILL NEEDED A WEEK"), "out_run_rate", "#,##0", "still_needed"),
    Tile(N_("PLAN COVERAGE"), "out_plan_coverage", "0%", "top_coverage", "out_top_coverage"),
    Tile(N_("HIGH-VALUE RETENTION"), "out_retention", "0%", "all_kept", low="th_retention", say_low="some_lost"),
    Tile(N_("SELLING TIME"), "out_selling_time", "0%", "on_standard", low="th_selling_time", say_low="low_selling"),
    Tile(N_("DORMANT VALUE"), "out_dormant_value", "#,##0", "no_longer"),
    Tile(N_("ORGANISATION HEALTH"), "out_org_health", "0%", "health"),
)
TOP_COLUMNS = (
    (N_("Top 20 accounts"), "account_name", "@"),
    (N_("Last 12 months"), "recent_revenue", "#,##0"),
    (N_("Status"), "status", "@"),
    (N_("Contact"), "talk", "@"),
)


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    tile_rows = -(-len(TILES) // ACROSS)
    blocks = (
        Free(name="tiles", rows=tile_rows * (TILE_ROWS + 1) - 1, columns=WIDE, content=_tiles),
        Free(name="charts", rows=3 * CHART_ROWS, columns=WIDE, content=_charts),
        Free(name="top accounts", rows=1 + TOP, columns=STRIDE * len(TOP_COLUMNS), gap=0, content=_top_accounts),
    )
    return Sheet(
        name=names.DASHBOARD,
        kind=SheetKind.OUTPUT,
        title=N_("Dashboard"),
        widths=(TILE * ACROSS)[:-1],
        lanes=(Lane(1, blocks),),
        upright=True,
        finish=_subtitle,
    )


def _subtitle(page: Page) -> None:
    """Say whose plan it is, as of when, and in which currency, each in a cell of its own."""
    fields = (
        ('IF(in_territory_name="",say_fill_targets,in_territory_name)', "@"),
        ('IF(in_person="","",SUBSTITUTE(say_person,"#",in_person))', "@"),
        ('IF(in_fiscal_year="","",SUBSTITUTE(say_year,"#",in_fiscal_year))', "@"),
        ('IF(ISNUMBER(calc_as_of),calc_as_of,"")', "yyyy-mm-dd"),
        ('IF(in_currency="","",SUBSTITUTE(say_money,"#",in_currency))', "@"),
    )
    for number, (formula, number_format) in enumerate(fields):
        style = {**styles.STYLES["subtitle"], "num_format": number_format}
        page.formula(1, 1 + STRIDE * number, formula, style)


def _tiles(page: Page, place: Place) -> None:
    for number, tile in enumerate(TILES):
        down, across = divmod(number, ACROSS)
        _tile(page, place.top + (TILE_ROWS + 1) * down, place.left + STRIDE * across, tile)


def _tile(page: Page, row: int, column: int, tile: Tile) -> None:
    for offset, height in enumerate((22, 34, 22)):
        page.sheet.set_row(row + offset, height)
    value = f'IF(ISNUMBER({tile.value}),{tile.value},"–")'
    page.text(row, column, _(tile.label), "tile_label")
    page.formula(row + 1, column, value, {**styles.STYLES["tile_value"], "num_format": tile.number_format})
    page.formula(row + 2, column, tile.line(), "tile_note")
    for offset, style in enumerate(("tile_label", "tile_value", "tile_note")):
        page.write(row + offset, column + 1, None, styles.STYLES[style])
    if tile.figure:
        beside = {**styles.STYLES["tile_note"], "num_format": tile.figure_format, "align": "right", "indent": 0}
        page.formula(row + 2, column + 1, tile.beside(), beside)


def _charts(page: Page, place: Place) -> None:
    """Draw three charts down the left half and two down the right, the last of them two high."""
    width = (page.pixels(place.left, place.right) - GUTTER) // 2
    right = width + GUTTER
    second, third = place.top + CHART_ROWS, place.top + 2 * CHART_ROWS
    page.chart(place.top, place.left, _goal(page), width, CHART_HEIGHT)
    page.chart(place.top, place.left, _barometer(page), width, CHART_HEIGHT, x_offset=right)
    page.chart(second, place.left, _funnel(page), width, CHART_HEIGHT)
    tall = CHART_HEIGHT + CHART_ROWS * ROW_PIXELS
    page.chart(second, place.left, _accounts(page), width, tall, x_offset=right)
    page.chart(third, place.left, _health(page), width, CHART_HEIGHT)


def _weeks(page: Page, name: str) -> str:
    return page.book.column("tblWeeks", name, HISTORY_WEEKS)


def _goal(page: Page) -> Any:
    weeks = _weeks(page, "week_start")
    goal = page.book.chart("column")
    goal.add_series(series(_("Revenue to date"), weeks, _weeks(page, "revenue_to_date"), GREY_BLUE))
    line = page.book.chart("line")
    line.add_series(series(_("Goal to date"), weeks, _weeks(page, "goal_to_date"), styles.NAVY, line=True))
    goal.combine(line)
    finish(
        goal,
        _("Revenue against goal, running total"),
        _("Columns of revenue to date by week beside the line of the goal to date."),
        units=_("money"),
    )
    weekly_axis(goal)
    return goal


def _barometer(page: Page) -> Any:
    weeks = _weeks(page, "week_start")
    barometer = page.book.chart("column")
    barometer.add_series(series(_("Activity barometer"), weeks, _weeks(page, "barometer"), styles.TEAL))
    standard = page.book.chart("line")
    standard.add_series(series(_("Standard"), weeks, _weeks(page, "standard"), styles.AMBER, line=True))
    barometer.combine(standard)
    finish(
        barometer,
        _("Activity barometer by week"),
        _("Columns of first appointments a week as a share of the magic number."),
        number_format="0%",
    )
    weekly_axis(barometer)
    return barometer


def _funnel(page: Page) -> Any:
    labels, values = page.book.figure_cells("first_appointments", "won")
    return bars_of(
        page.book,
        _("Funnel this year"),
        labels,
        values,
        colour=styles.NAVY,
        description=_("Bars of first appointments, proposals and sales won this year."),
    )


def _accounts(page: Page) -> Any:
    top = page.place("top accounts")
    return bars_of(
        page.book,
        _("Top 20 accounts, last 12 months"),
        top.range((1, 0), (TOP, 0)),
        top.range((1, STRIDE), (TOP, STRIDE)),
        colour=styles.TEAL,
        description=_("Bars of the revenue of the twenty largest accounts in the last 12 months."),
    )


def _health(page: Page) -> Any:
    return bars(
        page.book,
        _("Organisation health, scores from 1 to 5"),
        "tblOrgHealth",
        "name",
        "score",
        colour=styles.NAVY,
        number_format="0;;",
        description=_("Bars of the scores of the twelve elements of a healthy sales organisation."),
    )


def _top_accounts(page: Page, place: Place) -> None:
    """Write the twenty accounts with most revenue: the numbers beneath the chart."""
    rank = page.book.column("tblAccounts", "rank")
    head = xl_rowcol_to_cell(place.top, place.left, row_abs=True, col_abs=True)
    for number, (heading, name, number_format) in enumerate(TOP_COLUMNS):
        column = place.left + STRIDE * number
        page.text(place.top, column, _(heading), "head_calculated")
        formula = f'IFERROR(INDEX({page.book.column("tblAccounts", name)},MATCH(ROW()-ROW({head}),{rank},0)),"")'
        style = styles.calculated_style(number_format, textual=number_format == "@")
        for row in range(place.top + 1, place.bottom + 1):
            page.formula(row, column, formula, style)
