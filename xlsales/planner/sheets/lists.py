"""Lists: the choices of every drop-down list, each a defined name."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from xlsales import schema
from xlsales.planner.book import Book, Page
from xlsales.planner.layouts.people import ORGANISATION
from xlsales.planner.layouts.plan import GOALS, KPIS
from xlsales.planner.styles import SheetKind
from xlsales.planner.validation import list_name
from xlsales.schedule import TIMES_A_YEAR
from xlsales.texts import N_, _

NAME = "Lists"
TOPICS = (
    N_("First appointments, proposals, next steps"),
    N_("Ratios, barometer, accounts in silence"),
    N_("Goal, pipeline, relationship plans"),
    N_("Organisation health, growth, development"),
)
LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Coverage model"), schema.COVERAGE_MODELS),
    (N_("Stage"), schema.STAGES),
    (N_("Outcome"), schema.OUTCOMES),
    (N_("Yes or no"), schema.YES_NO),
    (N_("Plan type"), schema.PLAN_TYPES),
    (N_("Language"), schema.LANGUAGES),
    (N_("Part of the sale"), schema.TEAM_STAGES),
    (N_("Check-ins"), schema.CADENCES),
)
# Code words stay as they are; these are texts, translated with the planner.
TEXTS = (
    (N_("Elements"), "list_elements", schema.ELEMENTS),
    (N_("Functions"), "list_functions", ORGANISATION),
    (N_("Goals"), "list_goals", GOALS),
    (N_("Figures"), "list_kpis", KPIS),
    (N_("What to talk about"), "cad_topics", TOPICS),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        NAME,
        SheetKind.CONTROL,
        _("Lists"),
        _("What the drop-down lists offer. Nothing to fill here."),
        [18.0] * len(LISTS) + [34.0, 32.0, 18.0, 20.0, 46.0, 14.0, 13.0],
    )
    lists = [(_(title), list_name(choices), choices) for title, choices in LISTS]
    lists += [(_(title), name, tuple(_(text) for text in texts)) for title, name, texts in TEXTS]
    for column, (title, name, choices) in enumerate(lists, start=1):
        page.text(3, column, title, "head_calculated")
        for row, choice in enumerate(choices, start=4):
            page.text(row, column, choice, {"indent": 1})
        letter = xl_col_to_name(column)
        book.name(name, NAME, f"${letter}$5:${letter}${4 + len(choices)}")
    _cadence(page, len(lists) + 1)
    _stage_rules(page)
    page.sheet.freeze_panes(4, 0)
    page.finish()


RULES_ROW = 20
STAGE_RULES = {
    "SEARCH": ("OK", "OK", "SELLER SEARCHES"),
    "WAKE DORMANT": ("OK", "OK", "SELLER SEARCHES"),
    "SALE": ("OK", "OK", "OK"),
    "PAPERWORK": ("OK", "NO ASSISTANT", "NO ASSISTANT"),
}
TIMES = tuple(TIMES_A_YEAR.values())


def _cadence(page: Page, column: int) -> None:
    """Write after how many months each kind of check-in comes round, and how many stand before it."""
    months = [12 // times for times in TIMES]  # 0 for the weekly ones
    titles = ((_("Months apart"), "cad_months", months), (_("Rows before"), "cad_before", _before()))
    for offset, (title, name, numbers) in enumerate(titles):
        page.text(3, column + offset, title, "head_calculated")
        for row, number in enumerate(numbers, start=4):
            page.number(row, column + offset, number, {"num_format": "0"})
        letter = xl_col_to_name(column + offset)
        page.book.name(name, NAME, f"${letter}$5:${letter}${4 + len(TIMES)}")


def _before() -> list[int]:
    return [sum(TIMES[:index]) for index in range(len(TIMES))]


def _stage_rules(page: Page) -> None:
    """Write what it means that the seller does another part of the sale, by coverage model."""
    page.section(RULES_ROW, 1, 4, _("When the seller also does another part of the sale"))
    for column, model in enumerate(schema.COVERAGE_MODELS, start=2):
        page.text(RULES_ROW + 1, column, model, "head_calculated")
    for row, (stage, words) in enumerate(STAGE_RULES.items(), start=RULES_ROW + 2):
        page.text(row, 1, stage, {"indent": 1})
        for column, word in enumerate(words, start=2):
            page.text(row, column, word, {"indent": 1})
    first, last = RULES_ROW + 3, RULES_ROW + 2 + len(STAGE_RULES)
    page.book.name("stage_rules", NAME, f"$C${first}:$E${last}")
