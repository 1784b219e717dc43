"""Team: who does which part of the sale, what people earn, and how many accounts one can carry."""

from __future__ import annotations

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.layouts.people import TEAM_SHEET
from xlsales.planner.styles import SheetKind
from xlsales.schema import Column, Kind
from xlsales.texts import N_, _


def _number(name: str, header: str, help_: str) -> Column:
    return Column(name, header, Kind.NUMBER, help_, minimum=0, maximum=1e6)


QUESTIONS = (
    (
        _number(
            "selling_hours",
            N_("Selling hours a year"),
            N_("Blank: hours to plan × selling weeks × selling time."),
        ),
        None,
    ),
    (_number("hours_per_account", N_("Hours per account"), N_("Hours one account takes in a year.")), None),
    (_number("support_hours", N_("Support hours a week"), N_("Hours of support that the team needs.")), None),
    (_number("support_week", N_("Hours of one supporter"), N_("Hours one support person works a week.")), 40),
    (
        Column(
            "assistant_cost",
            N_("Assistant, a month"),
            Kind.MONEY,
            N_("Cost of an assistant."),
            minimum=0,
            maximum=1e9,
        ),
        None,
    ),
)
ANSWERS = (
    (
        "out_account_load",
        N_("Accounts one person can carry"),
        "0",
        "IFERROR(INT(IF(ISNUMBER(in_selling_hours),in_selling_hours,"
        'calc_plannable_hours*in_selling_weeks*th_selling_time)/in_hours_per_account),"")',
    ),
    (
        "out_support_needed",
        N_("Support people needed"),
        "0",
        'IFERROR(IF(ISNUMBER(in_support_hours),ROUNDUP(in_support_hours/in_support_week,0),""),"")',
    ),
    (
        "out_assistant_payback",
        N_("Extra deals a month that pay an assistant"),
        "0.0",
        'IFERROR(IF(ISNUMBER(in_assistant_cost),in_assistant_cost/(calc_average_sale*in_gross_margin),""),"")',
    ),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        TEAM_SHEET,
        SheetKind.INPUT,
        _("Team"),
        _("One owner for each part of the sale, and for each function of the organisation."),
        (38, 24, 24, 15, 14, 14, 14, 12, 14),
    )
    tables = (
        ("tblTeam", _("People, and what their results earn them")),
        ("tblStages", _("Who does which part of the sale")),
        ("tblFunctions", _("Ten functions of a sales organisation")),
        ("tblSupport", _("Whom to ask")),
    )
    for excel_table, title in tables:
        layout = book.areas[excel_table].layout
        page.section(layout.head - 2, 1, len(layout.columns), title)
        page.table(excel_table, main=False)
    _questions(page)
    bad = ("NO OWNER", "NO ASSISTANT", "SELLER SEARCHES")
    for table in ("tblStages", "tblFunctions"):
        page.words(book.local(table, "verdict"), good=("OK",), bad=bad)
    page.portrait()
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _questions(page: Page) -> None:
    first = page.book.areas["tblSupport"].last + 3
    page.section(first, 1, 5, _("How many can you carry?"))
    row = first + 1
    for field, default in QUESTIONS:
        page.field(row, 1, field, "in", default)
        row += 1
    for name, label, number_format, formula in ANSWERS:
        page.text(row, 1, _(label), "label")
        page.formula(row, 2, formula, {**styles.calculated_style(number_format), "bold": True})
        page.name_cell(name, row, 2)
        row += 1
