"""Growth: how much new business three years of growth need, after what is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsales.planner import names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Drawing, Free, Grid, Sheet, TableBlock
from xlsales.planner.charts import GREY_BLUE, finish, series
from xlsales.planner.layouts.columns import count, money, share
from xlsales.planner.layouts.plan import YEARS
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
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


def sheet(tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    products = tables["tblProducts"]
    main = (
        Grid(layout=TERRITORY, title=N_("The territory")),
        Drawing(name="three years", chart=_chart, width=900, height=320, columns=len(TERRITORY.columns)),
        TableBlock(layout=products, title=N_("By product line: blank rates are those of Targets")),
    )
    aside = (Free(name="mix", title=N_("New and existing customers"), rows=2, columns=3, content=_mix),)
    return Sheet(
        name=names.GROWTH,
        kind=SheetKind.INPUT,
        title=N_("Growth"),
        subtitle=N_("Growth comes from new business, and new business must first make up for what is lost."),
        widths=(26, 15, 15, 15, 15, 15, 12, 12, 14, 14, 14, 15, 15, 15, 13, 10, 10),
        lists=True,
        lanes=(Lane(1, main), Lane(len(TERRITORY.columns) + 2, aside, beside="years")),
    )


def _mix(page: Page, place: Place) -> None:
    page.text(place.top, place.left, _("New customers in what is won"), "label")
    page.write(place.top, place.left + 1, None, styles.STYLES["label"])
    balance = 'IF(ISNUMBER(out_balance),out_balance,"–")'
    page.formula(place.top, place.left + 2, balance, styles.calculated_style("0%"))
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
