"""This collection against earlier ones: by territory against the last, and the totals of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import PurePath
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales.planner import styles
from xlsales.planner.charts import LABELS, NO_LABELS, finish, series
from xlsales.planner.styles import signed
from xlsales.rollup.book import Book, Page
from xlsales.rollup.charts import day_said
from xlsales.rollup.gathered import Gathered, Row, Table, Territories, currency, day, number, text
from xlsales.rollup.groups import Group, Groups, currencies, grouped
from xlsales.rollup.lists import COUNT, MONEY, ONE, SHARE, TEXT, Words, headings, leave_out_signs, look, mark
from xlsales.rollup.measures import MEASURES, value
from xlsales.texts import N_, _

# What is compared: a figure, its heading, and how it and its change are shown.
FIGURES = (
    ("revenue_goal", N_("Goal"), MONEY, signed(MONEY), True),
    ("fig_revenue", N_("Revenue"), MONEY, signed(MONEY), True),
    ("fig_trajectory", N_("Year-end"), MONEY, signed(MONEY), True),
    ("out_catch_up_number", N_("Catch-up number"), ONE, signed(ONE), False),
    ("out_activity_barometer", N_("Barometer"), SHARE, signed(SHARE), False),
    ("out_org_health", N_("Organisation health"), SHARE, signed(SHARE), False),
    ("out_dormant_value", N_("Dormant value"), MONEY, signed(MONEY), True),
    ("out_weighted_pipeline", N_("Weighted pipeline"), MONEY, signed(MONEY), True),
    ("out_open_checks", N_("Checks to look at"), COUNT, signed(COUNT), False),
)
TRENDS = ("goal", "revenue", "pace", "barometer", "coverage", "top", "health", "dormant", "weighted", "checks")
NEW, GONE, NOT_COUNTED = N_("NEW"), N_("GONE"), N_("NOT COUNTED")
HEAD = 4  # the row of the headings; above it the figures
_ABOUT = ((N_("ID"), 10.0), (N_("Territory"), 24.0), (N_("Leader"), 20.0), (N_("Currency"), 9.0), (N_("State"), 13.0))
_MONEY_CHART = ("revenue", "pace")


class Earlier:
    """An earlier collection."""

    def __init__(self, name: str, table: Table) -> None:
        self.name = name
        self.territories = Territories(Gathered(table))
        self.as_of = max(
            (found for row in self.territories.counted if (found := day(row["calc_as_of"])) is not None), default=None
        )

    @property
    def called(self) -> str:
        """What a heading calls it: its file, and the last day that its planners look from."""
        name = PurePath(self.name).stem
        return name if self.as_of is None else f"{name}, {day_said(self.as_of)}"


def in_order(earlier: Sequence[Earlier]) -> list[Earlier]:
    """Return the collections by the day that they look from, without one first; of one day, as they were given."""
    return sorted(earlier, key=lambda one: one.as_of or 0)


def write(book: Book, territories: Territories, earlier: Sequence[Earlier], totals: Groups) -> None:
    """Write the sheets."""
    before = in_order(earlier)
    against(book, territories, before[-1])
    trend(book, territories, before, totals)


def against(book: Book, territories: Territories, last: Earlier) -> None:
    """Write each territory's figures then and now."""
    page = book.page(_("Against last"))
    now = {text(row["territory_id"]): row for row in territories.counted}
    then = {text(row["territory_id"]): row for row in last.territories.counted}
    ids = sorted({*now, *then})
    columns = [(_(header), width) for header, width in _ABOUT]
    for _name, header, *_looks in FIGURES:
        columns += [
            (_("{figure}: last").format(figure=_(header)), 12.0),
            (_("{figure}: now").format(figure=_(header)), 12.0),
        ]
        columns += [(_("{figure}: change").format(figure=_(header)), 11.0)]
    subtitle = _(
        "Each territory in {last}, and now. A figure that is not known in both has no change. NOT COUNTED: its planner "
        "has not come back, or is in no total."
    )
    headings(page, _("Against last"), subtitle.format(last=last.called), columns, HEAD + max(1, len(ids)), 2, HEAD)
    for at, one in enumerate(ids):
        state = _state(one, now, territories, _(GONE)) or _state(one, then, last.territories, _(NEW))
        _compared(page, HEAD + 1 + at, now.get(one), then.get(one), state)
    words = Words(bad=[_(GONE), _(NOT_COUNTED)], good=[_(NEW)])
    rows = HEAD + 1, HEAD + max(1, len(ids))
    mark(book, page, len(_ABOUT) - 1, rows, words)
    for at, (_name, _header, _shown, change, _money) in enumerate(FIGURES):
        leave_out_signs(book, page, len(_ABOUT) + 3 * at + 2, rows, change)
    page.flush()


def _state(territory: str, counted: Mapping[str, Row], of: Territories, without: str) -> str:
    """Say what it means that a collection does not count a territory: there may be a file that is not counted."""
    if territory in counted:
        return ""
    return _(NOT_COUNTED) if territory in of.not_counted else without


def _compared(page: Page, row: int, now: Row | None, then: Row | None, state: str) -> None:
    about = now or then or {}
    file, name = text(about.get("file")), text(about.get("territory_name"))
    page.put(row, 0, text(about.get("territory_id")), look(TEXT))
    if now is not None and file:
        page.link(row, 1, page.book.address(file), name or file, look(TEXT))
    else:
        page.put(row, 1, name, look(TEXT))
    page.put(row, 2, text(about.get("leader")), look(TEXT))
    codes = [currency(one) for one in (now, then) if one is not None]
    page.put(row, 3, " → ".join(dict.fromkeys(reversed(codes))) if all(codes) else codes[0], look(TEXT))
    page.put(row, 4, state, look(TEXT))
    for at, (figure, _header, shown, change, is_money) in enumerate(FIGURES):
        column = len(_ABOUT) + 3 * at
        found = [None if one is None else number(one[figure]) for one in (then, now)]
        for index, one in enumerate(found):
            page.put(row, column + index, one, look(shown))
        if is_money and len({*codes}) > 1:
            page.put(row, column + 2, None, look(change))
            continue
        was, is_ = (xl_rowcol_to_cell(row, column + index, col_abs=True) for index in (0, 1))
        difference = found[1] - found[0] if found[0] is not None and found[1] is not None else None
        page.formula(row, column + 2, f'IF(COUNT({was},{is_})=2,{is_}-{was},"")', difference, look(change))


def trend(book: Book, territories: Territories, before: Sequence[Earlier], totals: Groups) -> None:
    """Write the totals of each collection in each currency, the newest last, with charts."""
    page = book.page(_("Trend"))
    measures = {measure.name: measure for measure in MEASURES}
    columns = [(_("Currency"), 10.0), (_("Collection"), 26.0), (_("Territories"), 11.0)]
    for name in TRENDS:
        columns += [(_("{figure}: known").format(figure=_trend_header(name)), 10.0), (_trend_header(name), 13.0)]
    rows = _trend_rows(territories, before, totals)
    subtitle = _("The totals of each collection, and of how many of its territories each is known.")
    headings(page, _("Trend"), subtitle, columns, HEAD + max(1, len(rows)), 2, HEAD)
    for at, (code, called, group, place) in enumerate(rows, start=HEAD + 1):
        page.put(at, 0, code or "–", look(TEXT))
        page.put(at, 1, called, look(TEXT))
        for column, name in enumerate(("territories", *chain(*((f"{name}_known", name) for name in TRENDS))), start=2):
            shown = look(COUNT if name == "territories" else measures[name].number_format)
            found = group.values[name]
            if place is None or (name != "territories" and measures[name].is_money and not code):
                page.put(at, column, found, shown)
            else:
                cell = totals.cell(place, name)
                page.formula(at, column, f'IF(ISNUMBER({cell}),{cell},"")', found, shown)
    _trend_charts(book, page, rows, HEAD + 2 + max(1, len(rows)))


def _trend_header(name: str) -> str:
    titles = {
        "goal": N_("Goal"),
        "revenue": N_("Revenue"),
        "pace": N_("Year-end at this pace"),
        "barometer": N_("Barometer"),
        "coverage": N_("Accounts with a plan"),
        "top": N_("Top accounts with a plan"),
        "health": N_("Organisation health"),
        "dormant": N_("Dormant value"),
        "weighted": N_("Weighted pipeline"),
        "checks": N_("Checks to look at"),
    }
    return _(titles[name])


_TrendRow = tuple[str, str, Group, "int | None"]


def _trend_rows(territories: Territories, before: Sequence[Earlier], totals: Groups) -> list[_TrendRow]:
    found: list[_TrendRow] = []
    codes = currencies([row for one in before for row in one.territories.counted] + territories.counted)
    now = {group.currency: (at, group) for at, group in enumerate(totals.groups) if not group.is_all}
    for code in codes:
        for one in before:
            rows = [row for row in one.territories.counted if currency(row) == code]
            found += [(code, one.called, _valued(group), None) for group in grouped(rows, lambda _row: "", [code])]
        if code in now:
            found.append((code, _("now"), now[code][1], now[code][0]))
    return found


def _valued(group: Group) -> Group:
    group.values["territories"] = float(len(group.rows))
    for measure in MEASURES:
        hidden = measure.is_money and not group.currency
        group.values[measure.name] = None if hidden else value(measure, group.rows, group.values)
    return group


def _trend_charts(book: Book, page: Page, rows: Sequence[_TrendRow], row: int) -> None:
    for at, code in enumerate(dict.fromkeys(one[0] for one in rows)):
        places = [place for place, one in enumerate(rows) if one[0] == code]
        if not code or len(places) < 2:
            continue
        chart = book.workbook.add_chart({"type": "column"})
        first, last = HEAD + 1 + places[0], HEAD + 1 + places[-1]
        names: list[Any] = [rows[place][1] for place in places]
        for name, colour in zip(_MONEY_CHART, (styles.NAVY, styles.TEAL), strict=True):
            column = 4 + 2 * TRENDS.index(name)
            drawn = series(_trend_header(name), page.range(1, first, last), page.range(column, first, last), colour)
            data = [rows[place][2].values[name] for place in places]
            chart.add_series({**drawn, "overlap": 0, "categories_data": names, "values_data": data})
        title = _("Revenue and year-end at this pace, by collection, {currency}").format(currency=code)
        is_known = any(rows[place][2].values[name] is not None for place in places for name in _MONEY_CHART)
        said = _("Columns of the revenue and of what the year comes to, of each collection.")
        finish(chart, title, said, number_format=MONEY if is_known else NO_LABELS)
        chart.set_x_axis({"num_font": LABELS["font"], "line": {"color": styles.SLATE}, "text_axis": True})
        chart.set_size({"width": 620, "height": 300})
        options = {"description": chart.alt_text, "object_position": 2}
        page.sheet.insert_chart(row + 16 * at, 1, chart, options)
