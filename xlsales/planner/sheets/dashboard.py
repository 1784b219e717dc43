"""Dashboard: the headline figures and where the plan stands, at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.charts import GREY_BLUE, bars, bars_of, finish, series, weekly_axis
from xlsales.planner.sheets.functions import figure_cells
from xlsales.planner.sizes import HISTORY_WEEKS
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

NAME = "Dashboard"
TILE, GAP = 25, 1.5
TOP = 20
CHART_ROW, CHART_ROWS = 15, 16
CHART_WIDTH, CHART_HEIGHT = 474, 304  # pixels: five tiles and their gaps are 964 wide
RIGHT = 98  # pixels from the third tile's left edge to the right half
TOP_ROW = CHART_ROW + 3 * CHART_ROWS  # 0-based row of the headings of the top accounts


@dataclass(frozen=True)
class Tile:
    """A headline figure, its number format, and the line beneath: a text with `#` for a figure of its own."""

    label: str
    value: str
    number_format: str
    note: str
    figure: str = ""  # the formula of `#`
    shown: str = ""  # the name that must hold a number for the note to be shown
    low: str = ""  # the standard beneath which `low_note` is shown instead
    low_note: str = ""

    def line(self) -> str:
        """Return the formula of the line beneath the figure."""
        note = f'"{_(self.note)}"'
        if self.low:
            note = f'IF({self.value}<{self.low},"{_(self.low_note)}",{note})'
        elif self.figure:
            note = f'SUBSTITUTE({note},"#",{self.figure})'
        return f'IF(ISNUMBER({self.shown or self.value}),{note},"{_(NOTHING)}")'


NOTHING = N_("nothing to measure yet")
OF_GOAL = N_("# of the goal")
TILES = (
    Tile(N_("MAGIC NUMBER"), "out_magic_number", "0.0", N_("first appointments a week")),
    Tile(
        N_("ACTIVITY BAROMETER"),
        "out_activity_barometer",
        "0%",
        N_("# a week lately; want 100%"),
        'TEXT(fig_per_week,"0.0")',
    ),
    Tile(
        N_("REVENUE THIS YEAR"),
        "fig_revenue",
        "#,##0",
        OF_GOAL,
        'TEXT(fig_revenue/in_revenue_goal,"0%")',
        "fig_goal_to_date",
    ),
    Tile(
        N_("YEAR-END AT THIS PACE"),
        "fig_trajectory",
        "#,##0",
        OF_GOAL,
        'TEXT(fig_trajectory/in_revenue_goal,"0%")',
        "fig_goal_to_date",
    ),
    Tile(
        N_("CLOSE RATIO"),
        "out_close_ratio",
        "0%",
        N_("on standard"),
        low="th_close_ratio",
        low_note=N_("below standard: coach closing"),
    ),
    Tile(
        N_("PROPOSAL RATIO"),
        "out_proposal_ratio",
        "0%",
        N_("on standard"),
        low="th_proposal_ratio",
        low_note=N_("below standard: coach next steps"),
    ),
    Tile(N_("AVERAGE SALE"), "out_average_sale", "#,##0", N_("# sales won this year"), "fig_won"),
    Tile(N_("SALES CYCLE, DAYS"), "out_sales_cycle_days", "0", N_("from appointment to decision")),
    Tile(N_("OPEN PIPELINE"), "fig_open_forecast", "#,##0", N_("forecast of # open deals"), "fig_open_deals"),
    Tile(N_("STILL NEEDED A WEEK"), "out_run_rate", "#,##0", N_("to reach the goal")),
    Tile(
        N_("PLAN COVERAGE"),
        "out_plan_coverage",
        "0%",
        N_("# of the top accounts"),
        'TEXT(out_top_coverage,"0%")',
    ),
    Tile(
        N_("HIGH-VALUE RETENTION"),
        "out_retention",
        "0%",
        N_("all kept"),
        low="th_retention",
        low_note=N_("some are lost: win them back"),
    ),
    Tile(
        N_("SELLING TIME"),
        "out_selling_time",
        "0%",
        N_("on standard"),
        low="th_selling_time",
        low_note=N_("too little: hand work over"),
    ),
    Tile(N_("DORMANT VALUE"), "out_dormant_value", "#,##0", N_("no longer bought")),
    Tile(N_("ORGANISATION HEALTH"), "out_org_health", "0%", N_("of the way from 1 to 5")),
)


def write(book: Book) -> None:
    """Write the sheet."""
    widths = [TILE, GAP] * 4 + [TILE]
    page = book.page(NAME, SheetKind.OUTPUT, _("Dashboard"), "", widths)
    _subtitle(page)
    for index, tile in enumerate(TILES):
        _tile(page, 3 + 4 * (index // 5), 1 + 2 * (index % 5), tile)
    _charts(page)
    _top_accounts(page)
    page.portrait()
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _subtitle(page: Page) -> None:
    """Say whose plan it is, as of when, and in which currency, each in a cell of its own."""
    fields = (
        (1, 'IF(in_territory_name="","{}",in_territory_name)'.format(_("Fill Targets first.")), "@"),
        (3, 'IF(in_person="","",SUBSTITUTE("{}","#",in_person))'.format(_("Person: #")), "@"),
        (5, 'IF(in_fiscal_year="","",in_fiscal_year)', '"{}" 0'.format(_("Year"))),
        (7, 'IF(ISNUMBER(calc_as_of),calc_as_of,"")', '"{}" yyyy-mm-dd'.format(_("As of"))),
        (9, 'IF(in_currency="","",SUBSTITUTE("{}","#",in_currency))'.format(_("Money in #")), "@"),
    )
    for column, formula, number_format in fields:
        page.formula(1, column, formula, {**styles.STYLES["subtitle"], "num_format": number_format})


def _tile(page: Page, row: int, column: int, tile: Tile) -> None:
    page.sheet.set_row(row, 22)
    page.sheet.set_row(row + 1, 34)
    page.sheet.set_row(row + 2, 22)
    page.text(row, column, _(tile.label), "tile_label")
    value = f'IF(ISNUMBER({tile.value}),{tile.value},"–")'
    page.formula(row + 1, column, value, {**styles.STYLES["tile_value"], "num_format": tile.number_format})
    page.formula(row + 2, column, tile.line(), "tile_note")


def _charts(page: Page) -> None:
    book = page.book
    weeks = book.column("tblWeeks", "week_start", HISTORY_WEEKS)
    goal = book.chart("column")
    goal.add_series(
        series(_("Revenue to date"), weeks, book.column("tblWeeks", "revenue_to_date", HISTORY_WEEKS), GREY_BLUE)
    )
    line = book.chart("line")
    line.add_series(
        series(
            _("Goal to date"),
            weeks,
            book.column("tblWeeks", "goal_to_date", HISTORY_WEEKS),
            styles.NAVY,
            line=True,
        )
    )
    goal.combine(line)
    finish(
        goal,
        _("Revenue against goal, running total"),
        _("Columns of revenue to date by week beside the line of the goal to date."),
        units=_("money"),
    )
    weekly_axis(goal)
    page.chart(CHART_ROW, 1, goal, CHART_WIDTH, CHART_HEIGHT)
    barometer = book.chart("column")
    barometer.add_series(
        series(_("Activity barometer"), weeks, book.column("tblWeeks", "barometer", HISTORY_WEEKS), styles.TEAL)
    )
    standard = book.chart("line")
    standard.add_series(
        series(_("Standard"), weeks, book.column("tblWeeks", "standard", HISTORY_WEEKS), styles.AMBER, line=True)
    )
    barometer.combine(standard)
    finish(
        barometer,
        _("Activity barometer by week"),
        _("Columns of first appointments a week as a share of the magic number."),
        number_format="0%",
    )
    weekly_axis(barometer)
    page.chart(CHART_ROW, 5, barometer, CHART_WIDTH, CHART_HEIGHT, x_offset=RIGHT)
    names, values = figure_cells(("first_appointments", "proposals", "won"))
    funnel = bars_of(
        book,
        _("Funnel this year"),
        names,
        values,
        colour=styles.NAVY,
        description=_("Bars of first appointments, proposals and sales won this year."),
    )
    page.chart(CHART_ROW + CHART_ROWS, 1, funnel, CHART_WIDTH, CHART_HEIGHT)
    top = f"{NAME}!$B${TOP_ROW + 2}:$B${TOP_ROW + 1 + TOP}", f"{NAME}!$D${TOP_ROW + 2}:$D${TOP_ROW + 1 + TOP}"
    accounts = bars_of(
        book,
        _("Top 20 accounts, last 12 months"),
        *top,
        colour=styles.TEAL,
        description=_("Bars of the revenue of the twenty largest accounts in the last 12 months."),
    )
    tall = CHART_HEIGHT + CHART_ROWS * 20
    page.chart(CHART_ROW + CHART_ROWS, 5, accounts, CHART_WIDTH, tall, x_offset=RIGHT)
    health = bars(
        book,
        _("Organisation health, scores from 1 to 5"),
        "tblOrgHealth",
        "name",
        "score",
        colour=styles.NAVY,
        number_format="0;;",
        description=_("Bars of the scores of the twelve elements of a healthy sales organisation."),
    )
    page.chart(CHART_ROW + 2 * CHART_ROWS, 1, health, CHART_WIDTH, CHART_HEIGHT)


def _top_accounts(page: Page) -> None:
    """Write the twenty accounts with most revenue: the numbers beneath the chart."""
    book = page.book
    headings = ((1, _("Top 20 accounts")), (3, _("Last 12 months")), (5, _("Status")), (7, _("Contact")))
    for column, heading in headings:
        page.text(TOP_ROW, column, heading, "head_calculated")
    rank = book.column("tblAccounts", "rank")
    columns = ((1, "account_name", "@"), (3, "recent_revenue", "#,##0"), (5, "status", "@"), (7, "talk", "@"))
    for row in range(TOP_ROW + 1, TOP_ROW + 1 + TOP):
        for column, name, number_format in columns:
            cells = book.column("tblAccounts", name)
            formula = f'IFERROR(INDEX({cells},MATCH(ROW()-ROW($B${TOP_ROW + 1}),{rank},0)),"")'
            page.formula(row, column, formula, styles.calculated_style(number_format, textual=number_format == "@"))
