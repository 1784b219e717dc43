"""This week: what to do on Monday – the week's numbers, ten actions, the check-in that is due, what to coach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales import schema
from xlsales.planner import names, styles
from xlsales.planner.actions import COACHING, SHOWN
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Free, Sheet
from xlsales.planner.figures.week import now_against
from xlsales.planner.layouts.plan import KPIS
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.schema import word_name
from xlsales.texts import N_, _

WIDTHS = (5, 36, 54, 12, 13, 18, 19, 12)  # the number, what to do, why, date, worth, ID, where, link
WIDE = len(WIDTHS)
TALL = 28  # of an action's row: a tip takes two lines
TIPS = max(map(len, COACHING.values()))


@dataclass(frozen=True)
class Tile:
    """A headline figure over some columns: what it is, its value, a sentence and perhaps a figure beside."""

    label: str
    value: str
    number_format: str
    note: str
    columns: tuple[int, int]  # its first and its last, counted from the block's
    start: int = 0  # where the texts begin
    beside: str = ""
    beside_note: str = ""  # a sentence beneath it, which then stands beside the value
    basis: str = ""  # what it rests on, beside the label


TILES = (
    Tile(
        N_("THE WEEK OF"),
        "IF(ISNUMBER(fig_week_start),fig_week_start,word_not_yet)",
        "yyyy-mm-dd",
        "IF(ISNUMBER(fig_week_start),IF(fig_week_start>calc_year_end,say_year_over,"
        'SUBSTITUTE(say_week_number,"#",fig_week_number)),"")',
        (0, 1),
        start=1,
    ),
    Tile(
        N_("GOAL OF THE WEEK"),
        "IF(ISNUMBER(fig_week_goal),fig_week_goal,"
        'IF(AND(ISNUMBER(calc_year_end),N(fig_week_start)>N(calc_year_end)),"–",word_not_yet))',
        "#,##0",
        'IF(N(fig_catch_up)>0,SUBSTITUTE(say_week_appointments,"#",ROUNDUP(fig_catch_up,0)),"")',
        (2, 2),
    ),
    Tile(
        N_("CATCH-UP NUMBER"),
        "IF(ISNUMBER(fig_catch_up),IF(fig_goal_left=0,say_goal_reached,fig_catch_up),"
        'IF(fig_weeks_left=0,"–",word_not_yet))',
        "0.0",
        "IF(ISNUMBER(fig_catch_up),IF(fig_goal_left=0,say_keep_going,say_week_catch_up),"
        "IF(fig_weeks_left=0,say_no_weeks_left,say_catch_up_missing))",
        (3, 5),
        beside="out_magic_number",
        beside_note="say_planned",
        basis='IF(ISNUMBER(fig_catch_up),fig_catch_up_basis,"")',
    ),
    Tile(
        N_("STILL TO SELL"),
        "IF(ISNUMBER(fig_goal_left),fig_goal_left,word_not_yet)",
        "#,##0",
        'IF(ISNUMBER(fig_goal_left),say_selling_weeks_left,"")',
        (6, 7),
        beside="fig_weeks_left",
    ),
)
HEADS = (
    (N_("No."), "center"),
    (N_("Do this"), "left"),
    (N_("Why"), "left"),
    (N_("Date"), "center"),
    (N_("Worth"), "right"),
    (N_("ID"), "left"),
    (N_("Where"), "left"),
    (N_("Open it"), "center"),
)
_LINE = {"bottom": 1, "bottom_color": styles.CALCULATED_LINE}
_NUMBERED = {**_LINE, "bold": True, "font_color": styles.TEAL, "font_size": 13, "align": "center"}
_SMALL = {**_LINE, "font_size": 10, "indent": 1}
_COUNTED = (
    (N_("First appointments"), "fig_meeting_plan", "fig_meeting_first_appointments", "#,##0.0"),
    (N_("Proposals decided"), "fig_meeting_plan_proposals", "fig_meeting_proposals", "#,##0.0"),
    (N_("Sales won"), "fig_meeting_plan_won", "fig_meeting_won", "#,##0.0"),
    (N_("Revenue"), "fig_meeting_goal", "fig_meeting_revenue", "#,##0"),
)


# The figures with a standard: those of the development plan, and two that show whether accounts are looked after.
STANDARDS = (
    *zip(
        KPIS,
        ("out_proposal_ratio", "out_close_ratio", "out_activity_barometer", "out_selling_time"),
        ("th_proposal_ratio", "th_close_ratio", "th_barometer", "th_selling_time"),
        strict=True,
    ),
    (N_("Top accounts with a plan"), "out_top_coverage", "th_top_coverage"),
    (N_("High-value accounts kept"), "out_retention", "th_retention"),
)
_OK, _LOOK, _OPEN = "✓", "✗", "–"


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    left = (
        Free(name="numbers", rows=3, columns=WIDE, content=_tiles),
        Free(name="actions", rows=2 + SHOWN, columns=WIDE, content=_actions),
        Free(name="coaching", title=N_("What to coach"), rows=1 + TIPS, columns=3, content=_coaching),
        Free(name="standards", title=N_("Standards"), rows=len(STANDARDS), columns=3, content=_standards),
    )
    right = (
        Free(
            name="meeting",
            title=N_("The check-in that is due"),
            rows=2 + len(_COUNTED),
            columns=5,
            content=_meeting,
        ),
        Free(
            name="stages",
            title=N_("Open pipeline by stage"),
            rows=2 + len(schema.STAGES),
            columns=5,
            content=_stages,
        ),
    )
    return Sheet(
        name=names.THIS_WEEK,
        kind=SheetKind.OUTPUT,
        title=N_("This week"),
        widths=WIDTHS,
        lanes=(Lane(1, left), Lane(4, right, beside="coaching")),
        one_page=True,
        finish=_subtitle,
    )


def _subtitle(page: Page) -> None:
    """Say whose week it is, and as of when."""
    subtitle = styles.STYLES["subtitle"]
    page.formula(1, 1, 'IF(in_territory_name="",say_fill_targets,in_territory_name)', subtitle)
    page.formula(1, 3, 'IF(in_person="","",SUBSTITUTE(say_person,"#",in_person))', subtitle)
    page.formula(1, 4, 'IF(ISNUMBER(calc_as_of),say_as_of,"")', {**subtitle, "align": "right"})
    page.formula(1, 5, 'IF(ISNUMBER(calc_as_of),calc_as_of,"")', {**subtitle, "num_format": "yyyy-mm-dd"})


def _tiles(page: Page, place: Place) -> None:
    for offset, height in enumerate((22, 34, 22)):
        page.sheet.set_row(place.top + offset, height)
    for tile in TILES:
        _tile(page, place, tile)


def _tile(page: Page, place: Place, tile: Tile) -> None:
    first, last = (place.left + column for column in tile.columns)
    start = first + tile.start
    value = {**styles.STYLES["tile_value"], "num_format": tile.number_format}
    for offset, style in enumerate(("tile_label", "tile_value", "tile_note")):
        for column in range(first, last + 1):
            page.write(place.top + offset, column, None, styles.STYLES[style])
    page.text(place.top, start, _(tile.label), "tile_label")
    if tile.basis:
        page.formula(place.top, last, tile.basis, {**styles.STYLES["tile_label"], "align": "right"})
    page.formula(place.top + 1, start, tile.value, value)
    roomy = last > start + 1  # a long note runs on into the blank cell beside it
    page.formula(place.top + 2, start, tile.note, {**styles.STYLES["tile_note"], "shrink": not roomy})
    if tile.beside:
        beside = {**styles.STYLES["tile_note"], "num_format": "0.0", "align": "right", "indent": 1}
        row = place.top + 2
        if tile.beside_note:
            page.formula(row, last, f'IF(ISNUMBER({tile.beside}),{tile.beside_note},"")', beside)
            row, beside = row - 1, {**beside, "font_size": 14, "bold": True, "valign": "vcenter"}
        page.formula(row, last, f'IF(ISNUMBER({tile.beside}),{tile.beside},"")', beside)


def _actions(page: Page, place: Place) -> None:
    """Write what there is to do in a sentence, and the ten actions that rank first."""
    sentence = {"bold": True, "font_size": 13, "font_color": styles.NAVY, "bottom": 2, "bottom_color": styles.NAVY}
    for column in range(place.left, place.right + 1):
        page.write(place.top, column, None, sentence)
    page.sheet.set_row(place.top, 26)
    page.formula(place.top, place.left, "fig_week_says", sentence)
    head = place.top + 1
    for column, (text, align) in enumerate(HEADS, start=place.left):
        page.text(
            head,
            column,
            _(text),
            {**styles.STYLES["head_calculated"], "align": align, "text_wrap": False, **_indent(align)},
        )
    anchor = xl_rowcol_to_cell(head, place.left, row_abs=True, col_abs=True)
    for row in range(head + 1, place.bottom + 1):
        page.sheet.set_row(row, TALL)
        _action(page, row, place.left, anchor)


def _indent(align: str) -> Mapping[str, int]:
    return {} if align == "center" else {"indent": 1}


def _action(page: Page, row: int, left: int, anchor: str) -> None:
    number = xl_rowcol_to_cell(row, left, col_abs=True)

    def chosen(column: str) -> str:
        return f"INDEX(cand_{column},MATCH({number},cand_rank,0))"

    where = f'SUBSTITUTE(SUBSTITUTE(say_where,"#",{chosen("row")}),"@",INDEX(act_sheets,{chosen("kind")}))'
    link = f"HYPERLINK(INDEX(act_links,{chosen('kind')})&{chosen('row')},say_open)"
    columns: Sequence[tuple[str, Mapping[str, object]]] = (
        (chosen("do"), {**_LINE, "bold": True, "text_wrap": True, "indent": 1}),
        (chosen("why"), {**_SMALL, "text_wrap": True}),
        (chosen("date"), {**_SMALL, "num_format": "yyyy-mm-dd", "align": "center", "indent": 0}),
        (chosen("worth"), {**_SMALL, "num_format": "#,##0", "align": "right"}),
        (chosen("id"), _SMALL),
        (where, _SMALL),
        (link, {**styles.STYLES["link"], **_LINE, "align": "center", "indent": 0}),
    )
    page.formula(row, left, f'IF(ROW()-ROW({anchor})>COUNT(cand_rank),"",ROW()-ROW({anchor}))', _NUMBERED)
    for column, (formula, style) in enumerate(columns, start=left + 1):
        page.formula(row, column, f'IF({number}="","",{formula})', style)


def _coaching(page: Page, place: Place) -> None:
    """Write the figure furthest below its standard, and its tips."""
    bold = {**_LINE, "bold": True, "indent": 1}
    page.write(place.top, place.left, None, _LINE)
    page.formula(place.top, place.left + 1, "fig_coach", bold)
    page.formula(place.top, place.left + 2, "fig_coach_says", _SMALL)
    anchor = xl_rowcol_to_cell(place.top, place.left, row_abs=True, col_abs=True)
    for row in range(place.top + 1, place.bottom + 1):
        turn = f"ROW()-ROW({anchor})"
        tip = f'IF({turn}>COUNTIF(tip_figures,fig_coach),"",INDEX(tip_texts,MATCH(fig_coach,tip_figures,0)+{turn}-1))'
        page.formula(row, place.left, f'IF({turn}>COUNTIF(tip_figures,fig_coach),"",{turn})', _NUMBERED)
        page.formula(row, place.left + 1, tip, _SMALL)
        page.write(row, place.left + 2, None, _LINE)


def _standards(page: Page, place: Place) -> None:
    """Write where the plan stands against each standard, with a sign."""
    for row, (label, now, standard) in enumerate(STANDARDS, start=place.top):
        sign = f'IF(ISNUMBER({now}),IF({now}<{standard},"{_LOOK}","{_OK}"),"{_OPEN}")'
        said = f"IF(ISNUMBER({now}),{now_against(now, standard)},word_not_yet)"
        page.formula(row, place.left, sign, _NUMBERED)
        page.text(row, place.left + 1, _(label), "label")
        page.formula(row, place.left + 2, said, _SMALL)
    page.signs(xl_range(place.top, place.left, place.bottom, place.left), good=_OK, bad=_LOOK)


def _heads(page: Page, row: int, left: int, texts: Sequence[str]) -> None:
    """Write headings: the first over two columns, the others over numbers."""
    style = {**styles.STYLES["head_calculated"], "text_wrap": False}
    page.text(row, left, _(texts[0]), {**style, "align": "left", "indent": 1})
    page.write(row, left + 1, None, style)
    for column, text in enumerate(texts[1:], start=left + 2):
        page.text(row, column, _(text), {**style, "align": "right", "indent": 1})


def _line(page: Page, row: int, left: int, label: str, figures: Sequence[str], formats: Sequence[str]) -> None:
    """Write a label over two columns, a text or a name, and figures beside it."""
    if label.startswith("word_"):
        page.formula(row, left, label, "label")
    else:
        page.text(row, left, _(label), "label")
    page.write(row, left + 1, None, _LINE)
    for column, (figure, number_format) in enumerate(zip(figures, formats, strict=True), start=left + 2):
        page.formula(row, column, figure, {**_LINE, "num_format": number_format, "align": "right", "indent": 1})


def _meeting(page: Page, place: Place) -> None:
    """Write the check-in with plan against actual, as it is to be talked about."""
    page.formula(place.top, place.left, "fig_meeting_says", {"bold": True, "indent": 1})
    page.formula(
        place.top,
        place.right,
        'IF(fig_meeting="","",INDEX({tblCheckins.planned_for},fig_meeting))'.format_map(page.book.columns),
        {"bold": True, "num_format": "yyyy-mm-dd", "align": "right", "indent": 1},
    )
    _heads(page, place.top + 1, place.left, (N_("Figure"), N_("Plan"), N_("Actual"), N_("Gap")))
    for row, (label, plan, actual, number_format) in enumerate(_COUNTED, start=place.top + 2):
        planned, done = (xl_rowcol_to_cell(row, place.left + column, col_abs=True) for column in (2, 3))
        figures = (
            f'IF(fig_meeting="","",IF(ISNUMBER({plan}),{plan},word_not_yet))',
            f'IF(fig_meeting="","",IF(ISNUMBER({actual}),{actual},word_not_yet))',
            f'IF(COUNT({planned},{done})<2,"",{done}-{planned})',
        )
        formats = (number_format, number_format, styles.signed(number_format))
        _line(page, row, place.left, label, figures, formats)


def _stages(page: Page, place: Place) -> None:
    """Write what the open deals of each stage are worth, and how much of it to expect."""
    _heads(page, place.top, place.left, (N_("Stage"), N_("Deals"), N_("Worth"), N_("Weighted")))
    deals = page.book.columns["tblDeals"]
    formats = ("0", "#,##0", "#,##0")
    for row, stage in enumerate(schema.STAGES, start=place.top + 1):
        label = xl_rowcol_to_cell(row, place.left, col_abs=True)
        found = f"{deals.stage},{label}"
        counted = (
            f"COUNTIFS({found},{deals.outcome},word_open)",
            f"SUMIFS({deals.open_worth},{found})",
            f"SUMIFS({deals.weighted},{found})",
        )
        figures = tuple(f'IF(ISNUMBER(fig_open_deals),{figure},"{_OPEN}")' for figure in counted)
        _line(page, row, place.left, word_name(stage), figures, formats)
    total = {**_LINE, "bold": True, "top": 1, "top_color": styles.NAVY}
    page.text(place.bottom, place.left, _("Total"), {**total, "indent": 1})
    page.write(place.bottom, place.left + 1, None, total)
    for column, number_format in enumerate(formats, start=place.left + 2):
        cells = xl_range(place.top + 1, column, place.bottom - 1, column)
        page.formula(
            place.bottom,
            column,
            f'IF(COUNT({cells})=0,"{_OPEN}",SUM({cells}))',
            {**total, "num_format": number_format, "align": "right", "indent": 1},
        )
