"""Growth: how much new business three years of growth need, after what is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsales import standards
from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Drawing, Fields, Free, Grid, Sheet, TableBlock, folded
from xlsales.planner.charts import GREY_BLUE, finish, series
from xlsales.planner.layouts.columns import count, money, points, share, text
from xlsales.planner.layouts.plan import YEARS
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.schema import Column, Kind
from xlsales.texts import N_, _

_LOSS = "N(in_attrition_rate)*(1-N(in_high_value_share))"
TERRITORY = Layout(
    "years",
    "years",
    (
        count("year", N_("Year"), "ROW()-ROW({year.head})"),
        money(
            "opening",
            N_("Opening revenue"),
            'IF({year}>1,{target.above},IF(ISNUMBER(in_opening_revenue),in_opening_revenue,""))',
        ),
        money("kept", N_("Kept of it"), 'IF({opening}="","",{opening}-{lost})'),
        money("lost", N_("Lost of it"), f'IF({{opening}}="","",{{opening}}*{_LOSS})'),
        money("needed", N_("New business needed"), 'IF({opening}="","",MAX(0,{opening}*N(in_growth_rate)+{lost}))'),
        money("target", N_("Revenue target"), 'IF({opening}="","",{opening}*(1+N(in_growth_rate)))'),
        money(
            "per_person",
            N_("New, per person"),
            'IF({opening}="","",{needed}/MAX(1,COUNTIF({tblTeam.name},"?*")))',
        ),
        share("of_target", N_("New, of target"), 'IF(N({target})=0,"",{needed}/{target})'),
    ),
    len(YEARS),
)

SWINGS = (
    (
        Column(
            "growth_swing",
            N_("Growth may be off by"),
            Kind.RATE,
            N_("Percentage points below and above the growth on Targets."),
            minimum=0,
            maximum=1,
        ),
        standards.GROWTH_SWING,
    ),
    (
        Column(
            "attrition_swing",
            N_("Attrition may be off by"),
            Kind.RATE,
            N_("The low case loses so much more, the high case so much less."),
            minimum=0,
            maximum=1,
        ),
        standards.ATTRITION_SWING,
    ),
)
_STEP = "(ROW()-ROW({scenario.head})-2)"  # −1 for the low case, 0 for the base, 1 for the high case
SCENARIOS = Layout(
    "scenarios",
    "scenarios",
    (
        text("scenario", N_("Case"), "CHOOSE(ROW()-ROW({scenario.head}),word_low,word_base,word_high)"),
        share("growing", N_("Growth"), f"N(in_growth_rate)+{_STEP}*N(in_growth_swing)"),
        share("losing", N_("Attrition"), f"MIN(1,MAX(0,N(in_attrition_rate)-{_STEP}*N(in_attrition_swing)))"),
        *(
            money(
                f"goal_{year}",
                label,
                f'IF(ISNUMBER({before}),{before}*(1+{{growing}}),"")',
            )
            for year, label, before in (
                (1, N_("Goal, year 1"), "in_opening_revenue"),
                (2, N_("Goal, year 2"), "{goal_1}"),
                (3, N_("Goal, year 3"), "{goal_2}"),
            )
        ),
        money(
            "to_find",
            N_("New business, year 1"),
            'IF({goal_1}="","",MAX(0,in_opening_revenue*({growing}+{losing}*(1-N(in_high_value_share)))))',
        ),
        points(
            "a_week",
            N_("Appointments a week"),
            'IF(COUNT({goal_1},calc_average_sale)<2,"",'
            "MAX(0,{goal_1})/calc_average_sale/calc_proposal_ratio/calc_close_ratio/calc_selling_weeks)",
        ),
    ),
    3,
)


def sheet(tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    products = tables["tblProducts"]
    main = (
        Grid(layout=TERRITORY, title=N_("The territory")),
        Fields(name="swings", title=N_("What if it goes otherwise"), fields=SWINGS, columns=len(SCENARIOS.columns)),
        Grid(layout=SCENARIOS, gap=0),
        Drawing(name="three years", chart=_chart, width=900, height=320, columns=len(TERRITORY.columns)),
        TableBlock(layout=products, title=N_("By product line: blank rates are those of Targets")),
    )
    aside = (Free(name="mix", title=N_("New and existing customers"), rows=2, columns=4, content=_mix),)
    return Sheet(
        name=names.GROWTH,
        kind=SheetKind.INPUT,
        title=N_("Growth"),
        subtitle=N_("Growth comes from new business, and new business must first make up for what is lost."),
        **folded(
            (24, 13, 13, 13, 13, 13, 12, 12, 12, 12, 12, 13, 13, 13, 12, 9, 9),
            [block for block in main if isinstance(block, TableBlock)],
        ),
        lists=True,
        lanes=(Lane(1, main), Lane(len(TERRITORY.columns) + 2, aside, beside="years")),
    )


def _mix(page: Page, place: Place) -> None:
    page.text(place.top, place.left, _("New customers in what is won"), "label")
    for blank in (1, 2):
        page.write(place.top, place.left + blank, None, styles.STYLES["label"])
    balance = 'IF(ISNUMBER(out_balance),out_balance,"–")'
    page.formula(place.top, place.left + 3, balance, styles.calculated_style("0.0%"))
    page.text(place.top + 1, place.left, _("From First sale? on Pipeline."), "note_line")


def _chart(page: Page) -> Any:
    years = page.book.column("years", "year")
    chart = page.book.chart("column", "stacked")
    for name, label, colour in (("kept", _("Kept"), GREY_BLUE), ("needed", _("New business needed"), styles.NAVY)):
        chart.add_series({**series(label, years, page.book.column("years", name), colour), "gap": 80})
    finish(
        chart,
        _("Three years: what stays, and what must be found"),
        _("Stacked columns of revenue kept and new business needed in each of three years."),
        units=_("money"),
    )
    chart.set_x_axis({"name": _("year"), "name_font": {"bold": False, "size": 9}})
    return chart
