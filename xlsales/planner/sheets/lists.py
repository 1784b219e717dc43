"""Lists: the choices of every drop-down list, the words that cells show and the sentences that formulas choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count as counting

from xlsxwriter.utility import xl_col_to_name

from xlsales import schema, standards
from xlsales.planner import names, styles, words
from xlsales.planner.actions import ACTIONS, COACHING
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Figures, Free, Grid, Sheet
from xlsales.planner.figures import Figure
from xlsales.planner.layouts.columns import count, day, money, share
from xlsales.planner.layouts.people import ORGANISATION
from xlsales.planner.layouts.plan import GOALS, KPIS
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.sentences import SENTENCES
from xlsales.planner.sizes import HISTORY_WEEKS, YEAR_WEEKS
from xlsales.planner.styles import SheetKind
from xlsales.planner.validation import list_name
from xlsales.schedule import MONTHS_APART, WEEKS_APART
from xlsales.schema import ACTIVITY, CADENCES, word_name
from xlsales.texts import N_, _

TOPICS = (
    N_("First appointments, proposals, next steps"),
    N_("First appointments, proposals, open deals"),
    N_("Ratios, barometer, accounts in silence"),
    N_("Goal, pipeline, relationship plans"),
    N_("Organisation health, growth, development"),
    N_("The year: goal, retention, pay, the next plan"),
)
# A kind of check-in is planned if it is the one chosen on Targets, or rarer; of those weeks apart, only the one chosen.
# Where nothing is chosen, or what is no kind, it is the first.
_CHOSEN = "IFERROR(MATCH(in_checkin_cadence,list_weekly,0),1)"
PLANNED = [
    f"=1*(MATCH({word_name(kind)},list_weekly,0){'=' if kind in WEEKS_APART else '>='}{_CHOSEN})" for kind in CADENCES
]


@dataclass(frozen=True)
class Choice:
    """A list: its heading, the defined name of its cells, and what they hold."""

    title: str
    name: str
    cells: Sequence[str | float]
    width: float = 18
    worded: bool = False  # each cell is a word with a name of its own


def _choices(title: str, codes: tuple[str, ...], *, worded: bool = True) -> Choice:
    return Choice(title, list_name(codes), codes, worded=worded)


LISTS = (
    replace(_choices(N_("Coverage model"), schema.COVERAGE_MODELS), width=27),
    _choices(N_("Stage"), schema.STAGES),
    _choices(N_("Outcome"), schema.OUTCOMES),
    _choices(N_("Yes or no"), schema.YES_NO),
    _choices(N_("Plan type"), schema.PLAN_TYPES),
    _choices(N_("Language"), schema.LANGUAGES, worded=False),
    _choices(N_("Part of the sale"), schema.TEAM_STAGES),
    _choices(N_("Check-ins"), schema.CADENCES),
    Choice(N_("Elements"), "list_elements", schema.ELEMENTS, 34),
    Choice(N_("Functions"), "list_functions", ORGANISATION, 36),
    Choice(N_("Goals"), "list_goals", GOALS),
    Choice(N_("Figures"), "list_kpis", KPIS, 20),
    Choice(N_("What to talk about"), "cad_topics", TOPICS, 46),
    Choice(N_("Weeks apart"), "cad_weeks", [WEEKS_APART.get(kind, 0) for kind in CADENCES], 14),
    Choice(N_("Months apart"), "cad_months", [MONTHS_APART.get(kind, 0) for kind in CADENCES], 14),
    Choice(N_("Planned?"), "cad_planned", PLANNED, 14),
)
# What it means that the seller does another part of the sale, by coverage model: names of words.
STAGE_RULES = {
    "SEARCH": ("ok", "ok", "seller_searches"),
    "WAKE DORMANT": ("ok", "ok", "seller_searches"),
    "SALE": ("ok", "ok", "ok"),
    "PAPERWORK": ("ok", "no_assistant", "no_assistant"),
}
INDENTED = {"indent": 1}
DO, WHY = 4, 8  # columns of the sentences of an action: each has room to the right
FIXED = (
    Figure(
        "calc_top_points",
        N_("Best points"),
        "0",
        standards.TOP_POINTS,
        N_("The most that an account or a conversation can be given."),
    ),
    Figure(
        "calc_history_weeks",
        N_("Weeks of history"),
        "0",
        HISTORY_WEEKS,
        N_("Weeks before the year starts that Activity has rows for."),
    ),
    Figure(
        "calc_tolerance",
        N_("The same"),
        "0.000000000",
        standards.TOLERANCE,
        N_("Two values of a function are the same if they differ by less than this share."),
    ),
)


def _found(name: str) -> str:
    return f'IF({{row}}="","",INDEX({{tblWeeks.{name}}},{{row}}))'


# The weeks of the year in the order of time, for charts: on Activity they stand in the order that a person wants.
WEEKS = Layout(
    "year_weeks",
    "year_weeks",
    (
        day(
            "week",
            ACTIVITY["week_start"].header,
            'IF(ISNUMBER(calc_first_week),calc_first_week+7*(calc_history_weeks+ROW()-ROW({week.head})-1),"")',
        ),
        count("row", N_("Row on Activity"), 'IF({week}="","",IFERROR(MATCH({week},{tblWeeks.week_start},0),""))'),
        money("goal_to_date", N_("Goal to date"), _found("goal_to_date")),
        money("revenue_to_date", N_("Revenue to date"), _found("revenue_to_date")),
        share("barometer", N_("Activity barometer"), _found("barometer"), "0%"),
        share("standard", N_("Standard"), _found("standard"), "0%"),
    ),
    YEAR_WEEKS,
)


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    longest = max(len(choice.cells) for choice in LISTS)
    blocks = (
        Free(name="lists", rows=1 + longest, columns=len(LISTS), content=_lists),
        Free(
            name="stage rules",
            title=N_("When the seller also does another part of the sale"),
            rows=1 + len(STAGE_RULES),
            columns=1 + len(schema.COVERAGE_MODELS),
            gap=3,
            content=_stage_rules,
        ),
        Free(
            name="actions",
            title=N_("What This week can ask for: word, points, sheet, what to do, why"),
            rows=1 + len(ACTIONS),
            columns=len(LISTS),
            gap=2,
            content=_actions,
        ),
        Free(
            name="tips",
            title=N_("Coaching tips for each figure of the development plan"),
            rows=sum(map(len, COACHING.values())),
            columns=len(LISTS),
            gap=2,
            content=_tips,
        ),
        Figures(name="fixed", title=N_("Numbers that formulas share: nobody changes them"), figures=FIXED, gap=2),
        Free(name="words", title=N_("Words that cells show"), rows=len(words.SHOWN), columns=2, gap=2, content=_words),
        Free(
            name="sentences",
            title=N_("Sentences that formulas choose from: # stands for a number or a name"),
            rows=len(SENTENCES),
            columns=4,
            gap=2,
            content=_sentences,
        ),
        Grid(layout=WEEKS, title=N_("The weeks of the year, as the charts show them"), gap=2),
    )
    return Sheet(
        name=names.LISTS,
        kind=SheetKind.CONTROL,
        title=N_("Lists"),
        subtitle=N_("What the drop-down lists offer, and every word that formulas show. Nothing to fill here."),
        widths=[choice.width for choice in LISTS],
        lanes=(Lane(1, blocks),),
    )


def _lists(page: Page, place: Place) -> None:
    first = place.top + 1
    for column, choice in enumerate(LISTS, start=place.left):
        page.text(place.top, column, _(choice.title), "head_calculated")
        for row, cell in enumerate(choice.cells, start=first):
            if isinstance(cell, str) and cell.startswith("="):
                page.formula(row, column, cell[1:], styles.calculated_style("0"))
            elif isinstance(cell, str):
                page.text(row, column, _(cell), INDENTED)
            else:
                page.number(row, column, cell, {"num_format": "0"})
            if choice.worded:
                page.name_cell(word_name(str(cell)), row, column)
        page.name_cells(choice.name, (first, column), (place.top + len(choice.cells), column))
    page.freeze(first, 0, (0, 1))


def _stage_rules(page: Page, place: Place) -> None:
    for column, model in enumerate(schema.COVERAGE_MODELS, start=place.left + 1):
        page.formula(place.top, column, word_name(model), "head_calculated")
    for row, (stage, verdicts) in enumerate(STAGE_RULES.items(), start=place.top + 1):
        page.formula(row, place.left, word_name(stage), INDENTED)
        for column, word in enumerate(verdicts, start=place.left + 1):
            page.formula(row, column, words.named(word), INDENTED)
    page.name_cells("stage_rules", (place.top + 1, place.left + 1), (place.bottom, place.right))


def _words(page: Page, place: Place) -> None:
    for row, (name, word) in enumerate(words.SHOWN.items(), start=place.top):
        page.text(row, place.left, _(word), INDENTED)
        page.name_cell(words.named(name), row, place.left)


def _sentences(page: Page, place: Place) -> None:
    for row, (name, sentence) in enumerate(SENTENCES.items(), start=place.top):
        page.text(row, place.left, _(sentence), INDENTED)
        page.name_cell(f"say_{name}", row, place.left)


def _actions(page: Page, place: Place) -> None:
    """Write a row for each kind of action, with the beginning of the links to its sheet."""
    named = {"act_words": 0, "act_points": 1, "act_sheets": 2, "act_links": 3, "act_do": DO, "act_why": WHY}
    headings = (N_("Word"), N_("Points"), N_("Sheet"), N_("Link"), N_("What to do"), N_("Why"))
    for heading, column in zip(headings, named.values(), strict=True):
        page.text(place.top, place.left + column, _(heading), "head_calculated")
    first = place.top + 1
    for row, action in enumerate(ACTIONS, start=first):
        page.formula(row, place.left, words.named(action.word), INDENTED)
        page.formula(row, place.left + 1, f"w_{action.word}", {"num_format": "0.0"})
        texts = {
            2: action.sheet,
            3: f"#'{action.sheet}'!{_first_column(page, action.sheet)}",
            DO: _(action.do),
            WHY: _(action.why),
        }
        for column, text in texts.items():
            page.text(row, place.left + column, text, INDENTED)
    for name, column in named.items():
        page.name_cells(name, (first, place.left + column), (place.bottom, place.left + column))


def _first_column(page: Page, sheet: str) -> str:
    """Return the letter of the first column of a sheet that is not folded away."""
    helpers = next(plan.helpers for plan in page.book.sheets if plan.name == sheet)
    letter: str = xl_col_to_name(next(column for column in counting(1) if column not in helpers))
    return letter


def _tips(page: Page, place: Place) -> None:
    """Write the figure and the tip, one tip in each row."""
    rows = [(figure, tip) for figure, tips in COACHING.items() for tip in tips]
    for row, texts in enumerate(rows, start=place.top):
        for column, text in enumerate(texts, start=place.left):
            page.text(row, column, _(text), INDENTED)
    for column, name in enumerate(("tip_figures", "tip_texts"), start=place.left):
        page.name_cells(name, (place.top, column), (place.bottom, column))
