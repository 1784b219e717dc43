"""The first sheet: what was collected, the headline figures, the sums of each currency, and the charts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from xlsales.planner import styles
from xlsales.rollup import charts
from xlsales.rollup.book import Book, Page, Value
from xlsales.rollup.gathered import LeftOut, Territories, day
from xlsales.rollup.groups import UNKNOWN, Group, Groups, territories_said
from xlsales.rollup.lists import quoted
from xlsales.rollup.measures import MEASURES
from xlsales.texts import N_, _, _n

COLUMNS = 12  # beside the margin
WIDTH = 11.3
TILES = (
    ("catch_up", N_("Catch-up number, a week")),
    ("barometer", N_("Barometer")),
    ("coverage", N_("Accounts with a plan")),
    ("top", N_("Top accounts with a plan")),
    ("health", N_("Organisation health")),
)
SUMS = (
    ("goal", N_("Goal")),
    ("plan", N_("Plan")),
    ("plan_share", N_("Plan of goal")),
    ("revenue", N_("Revenue so far")),
    ("revenue_share", N_("Of goal")),
    ("pace", N_("Year-end at this pace")),
    ("pace_share", N_("Pace of goal")),
    ("dormant", N_("Dormant value")),
    ("weighted", N_("Weighted pipeline")),
    ("checks", N_("Checks to look at")),
)
_FORMATS = {measure.name: measure.number_format for measure in MEASURES}
_TILE_ROW, _SUM_ROW = 5, 10
_NAMED = 5  # files that the first sheet itself names


def write(book: Book, page: Page, territories: Territories, totals: Groups, groups: Sequence[Groups]) -> None:
    """Write the sheet; `groups` are the totals by leader and by region."""
    sheet = page.sheet
    sheet.set_column(0, 0, styles.MARGIN_WIDTH)
    sheet.set_column(1, COLUMNS, WIDTH)
    page.height(0, 34)
    for column in range(COLUMNS + 1):
        page.put(0, column, None, "band")
    page.put(0, 1, _("Roll-up of the sales plans"), "title")
    page.height(1, 20)
    page.put(1, 1, _seen(territories), "subtitle")
    _left_out(page, territories.left_out)
    _tiles(page, territories, totals)
    row = _sums(page, totals)
    breaks, last = charts.write(book, page, row + 1, groups)
    sheet.set_h_pagebreaks(breaks)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.print_area(0, 0, last, COLUMNS)
    sheet.set_print_scale(92)
    sheet.activate()


def _seen(territories: Territories) -> str:
    """Say what was collected, of which year, and as of when."""
    counted = territories.counted
    said = [territories_said(len(counted))]
    if territories.year is not None:
        said.append(_("plans of {year}").format(year=territories.year))
    days = sorted({found for row in counted if (found := day(row["calc_as_of"])) is not None})
    if days:
        first, last = (charts.day_said(found) for found in (days[0], days[-1]))
        said.append(
            _("as of {day}").format(day=last)
            if first == last
            else _("as of {first} to {last}").format(first=first, last=last)
        )
    if territories.missing:
        count = territories.missing
        said.append(_n("{count:,} has not come back", "{count:,} have not come back", count).format(count=count))
    return " · ".join(said)


def _left_out(page: Page, left_out: Sequence[LeftOut]) -> None:
    if not left_out:
        page.put(2, 1, _("Every file that was found is in the totals."), "note_line")
        return
    said = _n("{count:,} file is in no total: {names}", "{count:,} files are in no total: {names}", len(left_out))
    names = ", ".join(re.split(r"[\\/]", one.file)[-1] or one.territory_id for one in left_out[:_NAMED])
    if len(left_out) > _NAMED:
        names = _("{names} and {count:,} more").format(names=names, count=len(left_out) - _NAMED)
    alert = {"font_color": styles.ALERT_INK, "bold": True, "indent": 1}
    page.put(2, 1, said.format(count=len(left_out), names=names), alert)
    page.link(3, 1, "internal:'{}'!A1".format(_("Not counted")), _("All of them, and why"), "note_line")


def _tiles(page: Page, territories: Territories, totals: Groups) -> None:
    """Write the figures that have no currency."""
    page.height(_TILE_ROW + 1, 34)
    count = len(territories.counted)
    _tile(page, 1, _("Territories"))
    whole = next((at for at, group in enumerate(totals.groups) if group.is_all), 0)
    if not totals.groups:
        page.put(_TILE_ROW + 1, 1, 0, _value("#,##0"))
        return
    page.formula(_TILE_ROW + 1, 1, totals.cell(whole, "territories"), count, _value("#,##0"))
    page.put(_TILE_ROW + 2, 1, _("in the totals"), _NOTE)
    for at, (name, label) in enumerate(TILES, start=1):
        column = 1 + 2 * at
        _tile(page, column, _(label))
        group = totals.groups[whole]
        found = group.values[name]
        _or_not_yet(page, _TILE_ROW + 1, column, totals.cell(whole, name), found, _value(_FORMATS[name]))
        known = _known(totals, whole, name)
        page.formula(_TILE_ROW + 2, column, *known, _NOTE)


def _or_not_yet(page: Page, row: int, column: int, cell: str, found: Value, style: dict[str, Any]) -> None:
    """Write a figure, or a dash where it is not known."""
    page.formula(
        row, column, f"IF(ISNUMBER({cell}),{cell},{quoted(UNKNOWN)})", UNKNOWN if found is None else found, style
    )


def _tile(page: Page, column: int, label: str) -> None:
    for at in (column, column + 1):
        for row, style in ((_TILE_ROW, "tile_label"), (_TILE_ROW + 1, "tile_value"), (_TILE_ROW + 2, "tile_note")):
            page.put(row, at, None, _edged(style, last=at != column))
    page.put(_TILE_ROW, column, label, _edged("tile_label"))


def _edged(style: str, *, last: bool = False) -> dict[str, Any]:
    edge = {"right": 5, "right_color": styles.WHITE} if last else {}
    return {**styles.STYLES[style], "shrink": False, **edge}


_NOTE = _edged("tile_note")


def _value(number_format: str) -> dict[str, Any]:
    return {**styles.STYLES["tile_value"], "num_format": number_format}


def _known(totals: Groups, at: int, name: str) -> tuple[str, str]:
    """Return, as a formula and its value, of how many territories a figure is known."""
    name = name.removesuffix("_share")
    known, count = f"{name}_known", totals.groups[at].values
    cells = {"known": totals.cell(at, known), "all": totals.cell(at, "territories")}
    sentence = _("{known} of {all} known")
    pieces = re.split(r"\{(known|all)\}", sentence)
    parts = [cells[piece] if index % 2 else quoted(piece) for index, piece in enumerate(pieces) if piece]
    said = sentence.format(known=int(_number(count[known])), all=int(_number(count["territories"])))
    return "&".join(parts), said


def _number(value: Value) -> float:
    return value if isinstance(value, (int, float)) else 0.0


def _sums(page: Page, totals: Groups) -> int:
    """Write the sums of each currency, and of how many territories each is known; return the row after them."""
    for column in range(1, COLUMNS + 1):
        page.put(_SUM_ROW - 1, column, None, "section")
    page.put(_SUM_ROW - 1, 1, _("In each currency"), "section")
    page.height(_SUM_ROW, 32)
    heads = [_("Currency"), _("Territories"), *(_(header) for _name, header in SUMS)]
    for column, header in enumerate(heads, start=1):
        page.put(_SUM_ROW, column, header, "head_input")
    row = _SUM_ROW + 1
    for at, group in enumerate(totals.groups):
        if not group.is_all:
            _sum(page, row, totals, at, group)
            row += 2
    return row


def _sum(page: Page, row: int, totals: Groups, at: int, group: Group) -> None:
    page.put(row, 1, group.currency or _("not named"), {"bold": True, "indent": 1})
    page.put(row + 1, 1, None, _SMALL)
    count = totals.cell(at, "territories")
    page.formula(row, 2, count, group.values["territories"], {"num_format": "#,##0", "bold": True})
    page.put(row + 1, 2, None, _SMALL)
    for column, (name, _header) in enumerate(SUMS, start=3):
        style = {"num_format": _FORMATS[name], "align": "right", "bold": not name.endswith("_share")}
        if group.currency or name == "checks":
            _or_not_yet(page, row, column, totals.cell(at, name), group.values[name], style)
            page.formula(row + 1, column, *_known(totals, at, name), _SMALL)
        else:
            page.put(row, column, UNKNOWN, style)
            page.put(row + 1, column, None, _SMALL)


_SMALL = {
    "font_size": 9,
    "font_color": styles.MUTED,
    "align": "right",
    "bottom": 1,
    "bottom_color": styles.CALCULATED_LINE,
}
