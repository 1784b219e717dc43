"""Plan: the territory, relationship and development plans, and who signed them."""

from __future__ import annotations

from xlsales.planner.book import Book, Page
from xlsales.planner.layouts.plan import PLAN_SHEET
from xlsales.planner.styles import SheetKind
from xlsales.schema import Column, Kind
from xlsales.texts import N_, _

SIGN_OFF = (
    Column("signed_person", N_("Person"), Kind.TEXT, N_("Name of the person whose plan it is.")),
    Column("signed_leader", N_("Leader"), Kind.TEXT, N_("Name of the leader who agrees to it.")),
    Column("signed_on", N_("Agreed on"), Kind.DATE, N_("The day both agreed.")),
)
SIGN_OFF_ROW = 63


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        PLAN_SHEET,
        SheetKind.INPUT,
        _("Plan"),
        _("Write what you want to reach, how, and how you will know."),
        (28, 44, 44, 44, 14, 26, 14, 16),
    )
    page.section(3, 1, 5, _("Four goals"))
    page.table("tblGoals", main=False, row_height=30)
    page.section(11, 1, 5, _("Territory plan"))
    page.table("tblActions", main=False, row_height=30)
    page.section(25, 1, 8, _("Relationship plans: the top accounts, and every account to keep or to expand"))
    page.table("tblRelations", main=False, row_height=30)
    page.section(44, 1, 8, _("Development plan"))
    page.table("tblDevelopment", main=False, row_height=30)
    page.words(book.local("tblDevelopment", "verdict"), good=("OK",), bad=("COACH",))
    page.section(52, 1, 3, _("Segments and ideal customers"))
    page.table("tblSegments", main=False, row_height=30)
    _sign_off(page)
    page.portrait()
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _sign_off(page: Page) -> None:
    page.section(SIGN_OFF_ROW, 1, 5, _("Agreed"))
    for row, field in enumerate(SIGN_OFF, start=SIGN_OFF_ROW + 1):
        page.field(row, 1, field, "in")
