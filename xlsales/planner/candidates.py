"""The candidates of This week: the first rows of each list by their turns, ranked against one another.

They stand on Functions, one in a row, in the columns named `cand_…`; This week shows the ten that rank first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales.planner import styles
from xlsales.planner.actions import SHOWN
from xlsales.planner.blocks import Free
from xlsales.planner.page import Page
from xlsales.planner.placing import Place
from xlsales.schema import heading_name
from xlsales.texts import N_, _

_COLUMNS = (
    ("turn", N_("Turn in its list"), "0"),
    ("place", N_("Row of its table"), "0"),
    ("score", N_("Score"), "0.00"),
    ("rank", N_("Rank"), "0"),
    ("kind", N_("Kind"), "0"),
    ("row", N_("Row"), "0"),
    ("id", N_("ID"), "@"),
    ("name", N_("Whom or what"), "@"),
    ("figure", N_("Figure"), "@"),
    ("date", N_("Date"), "yyyy-mm-dd"),
    ("worth", N_("Worth"), "#,##0"),
    ("do", N_("What to do"), "@"),
    ("why", N_("Why"), "@"),
)
WIDE = len(_COLUMNS)


@dataclass(frozen=True)
class Source:
    """A list that candidates come from: the columns of its table, or formulas, for each of theirs.

    A formula may use the candidate's own cells: `{place}` is the row of the table.
    """

    table: str
    slots: int
    turn: str  # the column with the turns
    columns: Mapping[str, str]  # column of the candidates → column of the table, or a formula after `=`

    def formula(self, name: str) -> str:
        """Return the formula of a candidate's column; `{place}` stands for its cell of that name."""
        given = self.columns.get(name, "")
        if not given:
            return '""'
        value = given[1:] if given.startswith("=") else f"INDEX({{{self.table}.{given}}},{{place}})"
        return f'IF({{place}}="","",{value})'


_TOPIC = "INDEX({tblCheckins.topics},{place})"
SOURCES = (
    Source(
        "tblAccounts",
        SHOWN,
        "call_turn",
        {
            "score": "call_score",
            "kind": "call",
            "id": "account_id",
            "name": '=IF(INDEX({tblAccounts.account_name},{place})="",{id},INDEX({tblAccounts.account_name},{place}))',
            "figure": "call_figure",
            "date": '=IF(N(INDEX({tblAccounts.last_contact},{place}))>0,INDEX({tblAccounts.last_contact},{place}),"")',
            "worth": "call_worth",
        },
    ),
    Source(
        "tblDeals",
        SHOWN,
        "move_turn",
        {
            "score": "move_score",
            "kind": "move",
            "id": "deal_id",
            "name": '=IF(INDEX({tblDeals.account_name},{place})="",{id},INDEX({tblDeals.account_name},{place}))',
            "figure": "=IF(INDEX({tblDeals.move},{place})=word_stuck,INDEX({tblDeals.days_in_stage},{place}),"
            "ABS(INDEX({tblDeals.days_to_close},{place})))",
            "date": '=IF(N(INDEX({tblDeals.expected_close},{place}))>0,INDEX({tblDeals.expected_close},{place}),"")',
            "worth": "open_worth",
        },
    ),
    Source(
        "tblCheckins",
        2,
        "hold_turn",
        {
            "score": "hold_score",
            "kind": "hold",
            "id": '={name}&" "&INDEX({tblCheckins.turn},{place})',
            "name": "kind",
            "figure": "topics",
            "date": "planned_for",
        },
    ),
    Source(
        "tblDevelopment",
        4,
        "coach_turn",
        {
            "score": "coach_score",
            "kind": "=word_below",
            "id": "kpi",
            "name": "kpi",
            "figure": "=INDEX(tip_texts,MATCH({id},tip_figures,0))",
        },
    ),
    Source(
        "tblWeeks",
        1,
        "no_entry",
        {
            "score": "=w_no_entry*(1+MIN(1,fig_unfilled/12))",
            "kind": "=word_no_entry",
            "id": "=word_no_entry",
            "name": "=fig_unfilled",
            "figure": "={row}",
            "date": "no_entry",
        },
    ),
    Source(
        "tblDeals",
        1,
        "undated",
        {
            "score": "=w_no_date*(1+fig_undated/MAX(1,fig_open_deals))",
            "kind": "=word_no_date",
            "id": "deal_id",
            "name": "=fig_undated",
            "figure": "={row}",
        },
    ),
)
# Where the turn is no number of a row's own: the row itself.
_PLACES = {
    "no_entry": "MATCH(MAX({tblWeeks.no_entry}),{tblWeeks.no_entry},0)",
    "undated": "MATCH(1,{tblDeals.undated},0)",
}


def _slots() -> Iterator[tuple[Source, int]]:
    for source in SOURCES:
        yield from ((source, slot) for slot in range(1, source.slots + 1))


# A heading of each table, by its name: the rows are counted from it.
_HEADS = {
    "tblAccounts": heading_name("accounts", "account_id"),
    "tblDeals": heading_name("deals", "deal_id"),
    "tblWeeks": heading_name("activity", "week_start"),
    "tblCheckins": heading_name("checkins", "kind"),
    "tblDevelopment": heading_name("development", "practise"),
}
ROWS = sum(source.slots for source in SOURCES)


def block() -> Free:
    """Return the block of the candidates."""
    title = N_("What This week chooses from: the first of each list, ranked against one another")
    return Free(name="candidates", title=title, rows=1 + ROWS, columns=WIDE, gap=2, content=_write)


def _write(page: Page, place: Place) -> None:
    first = place.top + 1
    for column, (name, heading, _format) in enumerate(_COLUMNS, start=place.left):
        page.text(place.top, column, _(heading), "head_calculated")
        page.name_cells(f"cand_{name}", (first, column), (place.bottom, column))
    for row, (source, slot) in enumerate(_slots(), start=first):
        cells = {
            name: xl_rowcol_to_cell(row, place.left + index, col_abs=True)
            for index, (name, _heading, _format) in enumerate(_COLUMNS)
        }

        formulas = {name: source.formula(name) for name, *_rest in _COLUMNS} | _common(source, first, place.left)
        for index, (name, _heading, number_format) in enumerate(_COLUMNS):
            style = styles.calculated_style(number_format, textual=number_format == "@")
            if name == "turn":
                page.number(row, place.left, slot, style)
            else:
                text = formulas[name].format_map({**page.book.columns, **cells})
                page.formula(row, place.left + index, text, style)


def _common(source: Source, first: int, left: int) -> dict[str, str]:
    """Return the formulas that are alike in all sources; errors of a list are shown, not taken for no candidate."""
    turns = f"{{{source.table}.{source.turn}}}"
    found = _PLACES.get(source.turn, f"MATCH({{turn}},{turns},0)")
    kind = source.columns["kind"]
    word = kind[1:] if kind.startswith("=") else f"INDEX({{{source.table}.{kind}}},{{place}})"
    scores = xl_rowcol_to_cell(first, left + [name for name, *_rest in _COLUMNS].index("score"), True, True)
    return {
        "place": f'IF({{turn}}>COUNT({turns})+0*SUM({turns}),"",IFERROR({found},""))',
        "rank": f'IF({{score}}="","",RANK({{score}},cand_score)+COUNTIF({scores}:{{score}},{{score}})-1)',
        "kind": f'IF({{place}}="","",MATCH({word},act_words,0))',
        "row": f'IF({{place}}="","",ROW({_HEADS[source.table]})+{{place}})',
        "do": 'IF({place}="","",SUBSTITUTE(INDEX(act_do,{kind}),"#",{name}))',
        "why": 'IF({place}="","",SUBSTITUTE(INDEX(act_why,{kind}),"#",{figure}))',
    }
