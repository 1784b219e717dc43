"""Lists: the choices of every drop-down list, each a defined name."""

from __future__ import annotations

from xlsales import schema
from xlsales.planner.book import Book
from xlsales.planner.styles import SheetKind
from xlsales.planner.validation import list_name
from xlsales.texts import N_, _

NAME = "Lists"
LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Coverage model"), schema.COVERAGE_MODELS),
    (N_("Stage"), schema.STAGES),
    (N_("Outcome"), schema.OUTCOMES),
    (N_("Yes or no"), schema.YES_NO),
    (N_("Plan type"), schema.PLAN_TYPES),
    (N_("Language"), schema.LANGUAGES),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        NAME,
        SheetKind.CONTROL,
        _("Lists"),
        _("What the drop-down lists offer. Nothing to fill here."),
        [20.0] * len(LISTS) + [36.0],
    )
    lists = [(_(title), list_name(choices), choices) for title, choices in LISTS]
    lists.append((_("Elements"), "list_elements", tuple(_(element) for element in schema.ELEMENTS)))
    for column, (title, name, choices) in enumerate(lists, start=1):
        page.text(3, column, title, "head_calculated")
        for row, choice in enumerate(choices, start=4):
            page.text(row, column, choice, {"indent": 1})
        letter = chr(ord("A") + column)
        book.name(name, NAME, f"${letter}$5:${letter}${4 + len(choices)}")
    page.sheet.freeze_panes(4, 0)
    page.finish()
