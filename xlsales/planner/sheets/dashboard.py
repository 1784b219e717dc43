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
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

ACROSS = 5  # tiles side by side
TILE = (21, 8, 1.5)  # widths of a tile's columns: the figure and what it is, a figure beside, a gap
STRIDE = len(TILE)
TILE_ROWS = 3
WIDE = ACROSS * STRIDE - 1
TOP = 20
CHART_ROWS = 16  # of each of the charts that stand three high
CHART_HEIGHT = (CHART_ROWS - 1) * ROW_PIXELS + 4
GUTTER = 16  # pixels between the charts side by side


@dataclass(frozen=True)
class Tile:
    """A headline figure with its state; beneath it a sentence for the state, with a figure beside it if need be."""

    label: str
    value: str
    number_format: str
    sheet: str  # where what it needs is filled
    state: str  # a formula that gives OK, LOOK or NOT YET
    ok: str  # the sentences, without `say_`
    look: str
    missing: str
    figure: str = ""
    figure_format: str = "0.0%"
    of_goal: bool = False  # means nothing without a goal
    ratio: str = ""  # of a ratio that the plan uses: its name without `calc_`; it shows what it rests on


def _known(value: str, bad: str) -> str:
    """Return the formula of a state: NOT YET without the number, LOOK where something holds, else OK."""
    return f"IF(ISERROR({value}),word_look,IF(ISNUMBER({value}),IF({bad},word_look,word_ok),word_not_yet))"


TILES = (
    Tile(
        N_("MAGIC NUMBER"),
        "out_magic_number",
        "0.0",
        names.TARGETS,
        'IF(ISNUMBER(out_magic_number),IF(OR(N(fig_catch_up)>out_magic_number,AND(N(fig_goal_left)>0,fig_catch_up="")),'
        "word_look,word_ok),word_not_yet)",
        "catch_up",
        "catch_up",
        "missing_sale",
        "fig_catch_up",
        "0.0",
        of_goal=True,
    ),
    Tile(
        N_("ACTIVITY BAROMETER"),
        "out_activity_barometer",
        "0.0%",
        names.ACTIVITY,
        "state_barometer",
        "barometer",
        "low_barometer",
        "missing_pace",
        "fig_per_week",
        "0.0",
        of_goal=True,
    ),
    Tile(
        N_("REVENUE THIS YEAR"),
        "fig_revenue",
        "#,##0",
        names.ACTIVITY,
        "state_goal_to_date",
        "of_goal",
        "behind",
        "missing_weeks",
        "fig_of_goal",
        of_goal=True,
    ),
    Tile(
        N_("YEAR-END AT THIS PACE"),
        "fig_trajectory",
        "#,##0",
        names.ACTIVITY,
        _known("fig_pace_of_goal", "fig_pace_of_goal<1"),
        "of_goal",
        "too_slow",
        "missing_weeks",
        "fig_pace_of_goal",
        of_goal=True,
    ),
    Tile(
        N_("CLOSE RATIO"),
        "calc_close_ratio",
        "0.0%",
        names.ACTIVITY,
        "state_close_ratio",
        "on_standard",
        "low_close",
        "missing_ratio",
        "out_close_ratio",
        ratio="close_ratio",
    ),
    Tile(
        N_("PROPOSAL RATIO"),
        "calc_proposal_ratio",
        "0.0%",
        names.ACTIVITY,
        "state_proposal_ratio",
        "on_standard",
        "low_proposal",
        "missing_ratio",
        "out_proposal_ratio",
        ratio="proposal_ratio",
    ),
    Tile(
        N_("AVERAGE SALE"),
        "calc_average_sale",
        "#,##0",
        names.ACTIVITY,
        _known("out_average_sale", "out_average_sale<=0"),
        "sales_won",
        "no_value",
        "missing_sale",
        "fig_won",
        "#,##0",
        ratio="average_sale",
    ),
    Tile(
        N_("SALES CYCLE, DAYS"),
        "out_sales_cycle_days",
        "0.0",
        names.PIPELINE,
        _known("out_sales_cycle_days", "FALSE"),
        "cycle",
        "cycle",
        "missing_dates",
    ),
    Tile(
        N_("OPEN PIPELINE"),
        "fig_open_forecast",
        "#,##0",
        names.PIPELINE,
        _known("fig_open_forecast", "fig_open_forecast<N(fig_goal_left)"),
        "open_deals",
        "thin_pipeline",
        "missing_deals",
        "fig_open_deals",
        "#,##0",
    ),
    Tile(
        N_("STILL NEEDED A WEEK"),
        "out_run_rate",
        "#,##0",
        names.TARGETS,
        "IF(N(fig_goal_left)=0,IF(ISNUMBER(fig_goal_left),word_ok,word_not_yet),IF(N(fig_weeks_left)=0,word_look,word_ok))",
        "still_needed",
        "no_weeks_left",
        "missing_day",
        of_goal=True,
    ),
    Tile(
        N_("PLAN COVERAGE"),
        "out_plan_coverage",
        "0.0%",
        names.PLAN,
        "state_plan_coverage",
        "top_coverage",
        "low_coverage",
        "missing_plans",
        "out_top_coverage",
    ),
    Tile(
        N_("HIGH-VALUE RETENTION"),
        "out_retention",
        "0.0%",
        names.ACCOUNTS,
        "state_retention",
        "all_kept",
        "some_lost",
        "missing_high_value",
    ),
    Tile(
        N_("SELLING TIME"),
        "out_selling_time",
        "0.0%",
        names.ACTIVITY,
        "state_selling_time",
        "selling_band",
        "low_selling",
        "missing_hours",
    ),
    Tile(
        N_("DORMANT VALUE"),
        "out_dormant_value",
        "#,##0",
        names.ACCOUNTS,
        _known("out_dormant_value", "out_dormant_value>0"),
        "none_dormant",
        "no_longer",
        "missing_accounts",
    ),
    Tile(
        N_("ORGANISATION HEALTH"),
        "out_org_health",
        "0.0%",
        names.ORG_HEALTH,
        _known("out_org_health", "COUNTIF({tblOrgHealth.verdict},word_gap)>0"),
        "health",
        "health_gaps",
        "missing_health",
    ),
)
# What is missing, where that depends on what is there.
MISSING = {"missing_pace": 'IF(fig_per_week="",say_missing_weeks,say_missing_sale)'}
# These say it when the goal is reached.
REACHABLE = ("catch_up", "still_needed")
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


AS_OF = 'IF(ISNUMBER(calc_as_of),calc_as_of,"")'


def _subtitle(page: Page) -> None:
    """Say whose plan it is, as of when, and in which currency, each in a cell of its own."""
    fields = (
        ('IF(in_territory_name="",say_fill_targets,in_territory_name)', "@"),
        ('IF(in_person="","",SUBSTITUTE(say_person,"#",in_person))', "@"),
        ('IF(in_fiscal_year="","",SUBSTITUTE(say_year,"#",in_fiscal_year))', "@"),
        (AS_OF, "yyyy-mm-dd"),
        ('IF(in_currency="","",SUBSTITUTE(say_money,"#",in_currency))', "@"),
    )
    for number, (formula, number_format) in enumerate(fields):
        style = {**styles.STYLES["subtitle"], "num_format": number_format}
        page.formula(1, 1 + STRIDE * number, formula, style)
    before = 1 + STRIDE * [formula for formula, _format in fields].index(AS_OF) - 1
    page.formula(1, before, f'IF({AS_OF}="","",say_as_of)', {**styles.STYLES["subtitle"], "align": "right"})


def _tiles(page: Page, place: Place) -> None:
    for number, tile in enumerate(TILES):
        down, across = divmod(number, ACROSS)
        _tile(page, place.top + (TILE_ROWS + 1) * down, place.left + STRIDE * across, tile)


def _tile(page: Page, row: int, column: int, tile: Tile) -> None:
    """Write label and state, the figure and what it rests on, the sentence and the figure beside it.

    A ratio that is measured is shown, even one of 0 or less that cannot be planned with.
    """
    for offset, height in enumerate((22, 34, 22)):
        page.sheet.set_row(row + offset, height)
    state = xl_rowcol_to_cell(row, column + 1)
    right = {"align": "right", "indent": 0}
    page.link(row, column, tile.sheet, _(tile.label), style="tile_label")
    page.formula(row, column + 1, page.book.with_columns(tile.state), {**styles.STYLES["tile_label"], **right})
    page.words(state, good=("ok",), bad=("look",))
    value = f'IF(ISNUMBER({tile.value}),{tile.value},"–")'
    basis = f"calc_{tile.ratio}_basis"
    if tile.ratio:
        measured, is_measured = f"out_{tile.ratio}", f"AND(ISNUMBER(out_{tile.ratio}),{basis}<>word_typed)"
        value, basis = f"IF({is_measured},{measured},{value})", f"IF({is_measured},word_measured,{basis})"
    page.formula(row + 1, column, value, {**styles.STYLES["tile_value"], "num_format": tile.number_format})
    page.write(row + 1, column + 1, None, styles.STYLES["tile_value"])
    if tile.ratio:
        page.formula(row + 1, column + 1, basis, {**styles.STYLES["tile_note"], **right})
    page.formula(row + 2, column, _sentence(tile, state), "tile_note")
    beside = {**styles.STYLES["tile_note"], **right, "num_format": tile.figure_format}
    page.write(row + 2, column + 1, None, beside)
    if tile.figure:
        page.formula(row + 2, column + 1, f'IF(COUNT({tile.figure})=0,"",{tile.figure})', beside)


def _sentence(tile: Tile, state: str) -> str:
    """Return the formula of the sentence that goes with the state."""
    said = f"IF({state}=word_look,say_{tile.look},say_{tile.ok})" if tile.look != tile.ok else f"say_{tile.ok}"
    if tile.ok == "catch_up":
        said = f"IF(fig_weeks_left=0,say_no_weeks_left,{said})"
    if tile.ok in REACHABLE:
        said = f"IF(fig_goal_left=0,say_goal_reached,{said})"
    missing = MISSING.get(tile.missing, f"say_{tile.missing}")
    if tile.of_goal:
        missing = f'IF(calc_goal="",say_missing_goal,{missing})'
    return f"IF({state}=word_not_yet,{missing},{said})"


def _charts(page: Page, place: Place) -> None:
    """Draw three charts down the left half and two down the right, the last of them two high."""
    width = (page.pixels(place.left, place.right) - GUTTER) // 2
    right = width + GUTTER
    second, third = place.top + CHART_ROWS, place.top + 2 * CHART_ROWS
    half = place.left + STRIDE * (ACROSS // 2) + 1
    for row, column, judged in (
        (place.top, place.left + 1, "COUNT({year_weeks.revenue_to_date})"),
        (place.top, half + STRIDE, "COUNT({year_weeks.barometer})"),
        (second, place.left + 1, "N(fig_first_appointments)"),
        (second, half + STRIDE, "COUNT({tblAccounts.rank})"),
        (third, half - STRIDE, "COUNT({tblOrgHealth.score})"),
    ):
        _explain(page, row + CHART_ROWS // 2, column, judged)
    page.chart(place.top, place.left, _goal(page), width, CHART_HEIGHT)
    page.chart(place.top, place.left, _barometer(page), width, CHART_HEIGHT, x_offset=right)
    page.chart(second, place.left, _funnel(page), width, CHART_HEIGHT)
    tall = CHART_HEIGHT + CHART_ROWS * ROW_PIXELS
    page.chart(second, place.left, _accounts(page), width, tall, x_offset=right)
    page.chart(third, place.left, _health(page), width, CHART_HEIGHT)


def _explain(page: Page, row: int, column: int, judged: str) -> None:
    """Write behind a chart, which lets it show through, that there is nothing to draw yet."""
    formula = f'IF({page.book.with_columns(judged)}=0,say_chart_empty,"")'
    page.formula(row, column, formula, {"italic": True, "font_color": styles.MUTED})


def _weeks(page: Page, name: str) -> str:
    return page.book.column("year_weeks", name)


def _goal(page: Page) -> Any:
    weeks = _weeks(page, "week")
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
    weeks = _weeks(page, "week")
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
        style = {**style, "shrink": number_format == "@"}
        for row in range(place.top + 1, place.bottom + 1):
            page.formula(row, column, formula, style)
