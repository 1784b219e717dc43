"""The charts of the first sheet: for each currency, by leader and by region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from xlsales.epoch import EPOCH
from xlsales.planner import styles
from xlsales.planner.charts import GREY_BLUE, LABELS, NO_LABELS, finish, series
from xlsales.rollup.book import Book, Page
from xlsales.rollup.groups import Group, Groups
from xlsales.texts import N_, _

MOST_BARS = 25  # groups of which a chart shows the names
MOST_CURRENCIES = 4  # with charts of their own
SIZE = (498, 300)  # pixels
ROWS = 16  # that a chart covers
FIRST_PAGE = 16  # the last row with room for two charts beneath it on the first page
_TURNED_FROM = 7  # names, which are turned to be read


class Bar(NamedTuple):
    """A series of columns, or a line on the second axis."""

    name: str
    label: str
    colour: str
    is_line: bool = False


class Kind(NamedTuple):
    """A chart: its title, the figures it shows, and which groups it is of (0 leaders, 1 regions)."""

    title: str
    description: str
    of: int
    bars: tuple[Bar, ...]
    number_format: str = "#,##0"
    is_money: bool = False
    most: float | None = None  # what no figure is above, such as all of a whole


_PLAN = (Bar("plan_goal", N_("Goal"), GREY_BLUE), Bar("plan", N_("Plan"), styles.NAVY))
_PACE = (
    Bar("pace_goal", N_("Goal"), GREY_BLUE),
    Bar("pace", N_("Year-end at this pace"), styles.TEAL),
)
KINDS = (
    Kind(
        N_("Goal against plan by leader, {currency}"),
        N_("Columns of the goal and of what the product lines plan, of the territories that have planned them."),
        0,
        _PLAN,
        is_money=True,
    ),
    Kind(
        N_("Goal against plan by region, {currency}"),
        N_("Columns of the goal and of what the product lines plan, of the territories that have planned them."),
        1,
        _PLAN,
        is_money=True,
    ),
    Kind(
        N_("Goal against year-end at this pace by leader, {currency}"),
        N_("Columns of the goal and of what the year comes to at this pace, where that is known."),
        0,
        _PACE,
        is_money=True,
    ),
    Kind(
        N_("Goal against year-end at this pace by region, {currency}"),
        N_("Columns of the goal and of what the year comes to at this pace, where that is known."),
        1,
        _PACE,
        is_money=True,
    ),
    Kind(
        N_("Catch-up number and barometer by leader, {currency}"),
        N_("Columns of the first appointments a week from now on, and a line of the activity barometer."),
        0,
        (
            Bar("catch_up", N_("Catch-up number, a week"), styles.NAVY),
            Bar("barometer", N_("Barometer"), styles.AMBER, is_line=True),
        ),
        "#,##0.#",
    ),
    Kind(
        N_("Accounts with a written plan by leader, {currency}"),
        N_("Columns of the share of all accounts, and of the top accounts, that have a written plan."),
        0,
        (Bar("coverage", N_("All accounts"), styles.NAVY), Bar("top", N_("Top accounts"), styles.TEAL)),
        "0%",
        most=1,
    ),
    Kind(
        N_("Organisation health by leader, {currency}"),
        N_("Columns of the mean health of the organisations, from 0% to 100%."),
        0,
        (Bar("health", N_("Organisation health"), styles.TEAL),),
        "0%",
        most=1,
    ),
    Kind(
        N_("Dormant value by leader, {currency}"),
        N_("Columns of the revenue that accounts no longer bring."),
        0,
        (Bar("dormant", N_("Dormant value"), styles.AMBER),),
        is_money=True,
    ),
)


def write(book: Book, page: Page, row: int, groups: Sequence[Groups]) -> tuple[list[int], int]:
    """Draw the charts of each currency, two beside each other; return where pages begin, and the last row."""
    breaks: list[int] = []
    has_room = row <= FIRST_PAGE
    for currency in list(groups[0].by_currency)[:MOST_CURRENCIES]:
        kinds = [kind for kind in KINDS if currency or not kind.is_money]
        while kinds:
            several, kinds = (kinds[:2], kinds[2:]) if has_room else (kinds[:4], kinds[4:])
            breaks += [] if has_room else [row]
            has_room = False
            for column in range(1, 13):
                page.put(row, column, None, "section")
            page.put(row, 1, _("Charts, {currency}").format(currency=_called(currency)), "section")
            for at, kind in enumerate(several):
                place = row + 1 + at // 2 * ROWS, 1 + at % 2 * 6
                _chart(book, page, place, kind, groups[kind.of], currency)
            row += 1 + -(-len(several) // 2) * ROWS
    return breaks, row


def _called(currency: str) -> str:
    return currency or _("no currency")


def _chart(book: Book, page: Page, place: tuple[int, int], kind: Kind, groups: Groups, currency: str) -> None:
    first, last = groups.by_currency[currency]
    shown = min(last, first + MOST_BARS - 1)
    chart = book.workbook.add_chart({"type": "column"})
    line = None
    for bar in kind.bars:
        drawn = _series(bar, groups, first, shown)
        if bar.is_line:
            line = book.workbook.add_chart({"type": "line"})
            line.add_series({**drawn, "y2_axis": True, "marker": {"type": "circle", "size": 6, **_fill(bar.colour)}})
        else:
            chart.add_series(drawn)
    title = _(kind.title).format(currency=_called(currency))
    if shown < last:
        title = _("{title}: the {count} largest").format(title=title, count=MOST_BARS)
    legend = len(kind.bars) > 1
    known = [is_line for is_line in (False, True) if _is_known(kind, groups.groups[first : shown + 1], is_line=is_line)]
    number_format = kind.number_format if False in known or kind.most is not None else NO_LABELS
    finish(chart, title, _(kind.description), number_format=number_format, legend=legend, most=kind.most)
    _axes(chart, line, "0%" if True in known else NO_LABELS, shown - first + 1)
    chart.set_size({"width": SIZE[0], "height": SIZE[1]})
    options = {"description": chart.alt_text, "object_position": 2, "x_offset": 3, "y_offset": 6}
    page.sheet.insert_chart(*place, chart, options)
    if not known:
        page.put(place[0] + 7, place[1] + 1, _("Not known of any territory yet."), "note_line")


def _is_known(kind: Kind, groups: Sequence[Group], *, is_line: bool) -> bool:
    """Tell whether there is anything to draw as columns, or as a line on the second axis."""
    names = [bar.name for bar in kind.bars if bar.is_line == is_line]
    return any(group.values[name] is not None for group in groups for name in names)


def _fill(colour: str) -> dict[str, Any]:
    return {"fill": {"color": colour}, "border": {"color": colour}}


def _series(bar: Bar, groups: Groups, first: int, last: int) -> dict[str, Any]:
    names, names_data = groups.series("name", first, last)
    values, values_data = groups.series(bar.name, first, last)
    drawn = series(_(bar.label), names, values, bar.colour, line=bar.is_line)
    overlap = {} if bar.is_line else {"gap": 60, "overlap": 0}
    return {**drawn, **overlap, "categories_data": names_data, "values_data": values_data}


def _axes(chart: Any, line: Any, line_format: str, names: int) -> None:
    turned = {"rotation": -45} if names >= _TURNED_FROM else {}
    chart.set_x_axis({"num_font": {**LABELS["font"], **turned}, "interval_unit": 1, "line": {"color": styles.SLATE}})
    if line is not None:
        axis = {"num_format": line_format, "min": 0, "num_font": LABELS["font"], "line": {"none": True}}
        line.set_y2_axis({**axis, "major_gridlines": {"visible": False}, "major_tick_mark": "none"})
        chart.combine(line)


def day_said(serial: float) -> str:
    """Return a serial date as tables write a day."""
    return (EPOCH + dt.timedelta(days=int(serial))).isoformat()
