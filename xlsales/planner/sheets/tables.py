"""Accounts, Pipeline, Activity and Check-ins: a sheet each with one Excel table that a person keeps."""

from __future__ import annotations

from xlsales.planner.areas import Computed
from xlsales.planner.book import Book, Page
from xlsales.planner.styles import SheetKind
from xlsales.schema import Column, Kind
from xlsales.texts import _

A3 = 8  # Excel's number of the paper: these tables are wide
WIDTHS = {
    Kind.KEY: 13.0,
    Kind.TEXT: 18.0,
    Kind.CHOICE: 13.0,
    Kind.FLAG: 9.0,
    Kind.MONEY: 12.0,
    Kind.RATE: 11.0,
    Kind.COUNT: 11.0,
    Kind.NUMBER: 10.0,
    Kind.DATE: 12.0,
}
WIDER = {
    "account_name": 26.0,
    "reason": 28.0,
    "stage": 19.0,
    "status": 12.0,
    "check": 20.0,
    "date_check": 21.0,
    "conversations": 14.0,
    "first_appointments": 13.0,
    "owner": 20.0,
    "product": 18.0,
    "week_start": 12.0,
    "coverage": 14.0,
    "topics": 44.0,
    "topic": 26.0,
    "issue": 28.0,
    "reset": 28.0,
    "kind": 14.0,
    "account_id": 12.0,
}


def accounts(book: Book) -> None:
    """Write the account list."""
    page = _page(
        book,
        "tblAccounts",
        _("Accounts"),
        _("One row for each account. Type or paste into the cream cells; the grey ones calculate."),
    )
    page.table("tblAccounts")
    page.words(book.local("tblAccounts", "status"), good=("ACTIVE",), bad=("DORMANT", "DECLINING"))
    page.words(book.local("tblAccounts", "coverage"), good=("COVERED",), bad=("UNCOVERED", "UNDER"))
    page.words(book.local("tblAccounts", "talk"), bad=("SILENT",))
    page.words(book.local("tblAccounts", "plan"), good=("PLAN",), bad=("MISSING",))
    page.words(book.local("tblAccounts", "check"), bad=("DUPLICATE ID",))
    page.finish()


def pipeline(book: Book) -> None:
    """Write the deal list."""
    page = _page(
        book,
        "tblDeals",
        _("Pipeline"),
        _("One row for each deal that you work with: the open ones and those closed lately."),
    )
    page.table("tblDeals")
    page.words(book.local("tblDeals", "outcome"), good=("WON",), bad=("LOST",))
    page.words(book.local("tblDeals", "guard"), good=("OK",), bad=("NO", "APPROVAL"))
    page.words(book.local("tblDeals", "check"), bad=("UNKNOWN ACCOUNT", "DUPLICATE ID"))
    page.words(book.local("tblDeals", "date_check"), bad=("NO DATE OR AMOUNT", "CLOSED TOO EARLY"))
    page.finish()


def activity(book: Book) -> None:
    """Write the weekly record."""
    page = _page(
        book,
        "tblWeeks",
        _("Activity"),
        _("One row a week: count what you did, and see at once whether it is enough."),
    )
    page.table("tblWeeks")
    page.finish()


def checkins(book: Book) -> None:
    """Write the calendar of check-ins."""
    page = _page(
        book,
        "tblCheckins",
        _("Check-ins"),
        _("Every conversation of the year, when it is due and what it is about. Fill what was said."),
    )
    page.table("tblCheckins")
    page.words(book.local("tblCheckins", "status"), good=("HELD",), bad=("DUE",))
    page.finish()


def _page(book: Book, excel_table: str, title: str, subtitle: str) -> Page:
    layout = book.areas[excel_table].layout
    widths = [_width(column) for column in layout.columns]
    page = book.page(layout.sheet, SheetKind.INPUT, title, subtitle, widths)
    page.sheet.set_paper(A3)
    return page


def _width(column: Column | Computed) -> float:
    return WIDER.get(column.name, WIDTHS[column.kind])
