"""A sheet with a row for each territory: it can be filtered; formulas look along their row and down their column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xlsales.planner import styles
from xlsales.planner.areas import CellText
from xlsales.rollup.book import Book, Page, Value, fit
from xlsales.rollup.gathered import Row, currency, number, text
from xlsales.texts import N_, _

HEAD = 3  # the row of the headings
WIDEST = 44  # of a column of texts
KEYS = 2  # columns that name a territory
MONEY, SHARE, COUNT, ONE = "#,##0", "0.0%", "#,##0", "#,##0.0"
GAP, FILLED = styles.GAP, "0%"
Cells: TypeAlias = Mapping[str, Any]  # the values of a row so far, by column
TEXT = "@"


@dataclass(frozen=True)
class Column:
    """A column: what a territory tells, or a formula with `{name}` for the cell of another column, and its value."""

    name: str
    header: str
    width: float
    number_format: str = MONEY
    formula: str = ""
    value: Callable[[Cells], Value] = lambda _cells: None


@dataclass(frozen=True)
class Words:
    """The words of a column that are to be seen, beside their meaning in words."""

    bad: Sequence[str] = ()
    good: Sequence[str] = ()


ABOUT = (
    Column("territory_id", N_("ID"), 10, TEXT),
    Column("territory_name", N_("Territory"), 24, TEXT),
    Column("person", N_("Person"), 18, TEXT),
    Column("leader", N_("Leader"), 18, TEXT),
    Column("region", N_("Region"), 13, TEXT),
    Column("currency", N_("Currency"), 9, TEXT),
)


def listing(
    book: Book,
    title: str,
    subtitle: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    words: Words | None = None,
) -> Sequence[Cells]:
    """Write a sheet of territories and return the values of its rows."""
    page = book.page(title)
    columns = (*ABOUT, *columns)
    last = HEAD + max(1, len(rows))
    headings(page, title, subtitle, [(_(column.header), wide_enough(column, rows)) for column in columns], last, KEYS)
    letters = {column.name: xl_col_to_name(index) for index, column in enumerate(columns)}
    written = []
    for at, row in enumerate(rows, start=HEAD + 1):
        cells = {name: CellText.of(letter, at + 1, HEAD + 1, last + 1) for name, letter in letters.items()}
        values: dict[str, Any] = {column.name: _told(column, row) for column in columns if not column.formula}
        for index, column in enumerate(columns):
            if column.formula:
                values[column.name] = _calculated(page, at, index, column, cells, values)
            else:
                _given(page, at, index, column, row, values[column.name])
        written.append(values)
    for index, column in enumerate(columns):
        if column.number_format == TEXT and column.formula and words:
            mark(book, page, index, (HEAD + 1, last), words)
        leave_out_signs(book, page, index, (HEAD + 1, last), column.number_format)
    page.flush()
    return written


def wide_enough(column: Column, rows: Sequence[Row]) -> float:
    """Return how wide a column is: texts are seen whole, unless they are very long."""
    if column.formula or column.number_format != TEXT:
        return column.width
    longest = max((len(text(row.get(column.name))) for row in rows), default=0)
    return max(column.width, min(WIDEST, longest + 3))


def headings(
    page: Page, title: str, subtitle: str, columns: Sequence[tuple[str, float]], last: int, keys: int, head: int = HEAD
) -> None:
    """Write a list's title and headings, and set up how it is filtered, scrolled and printed."""
    sheet = page.sheet
    page.height(0, 34)
    for index, (header, width) in enumerate(columns):
        sheet.set_column(index, index, width)
        page.put(0, index, None, "band")
        page.put(head, index, header, "head_input")
    page.put(0, 0, title, "title")
    page.height(1, 20)
    page.height(head, 46)
    sheet.freeze_panes(head + 1, keys)
    sheet.autofilter(head, 0, last, len(columns) - 1)
    sheet.repeat_rows(head)
    sheet.repeat_columns(0, keys - 1)
    pages = fit(sheet, [width for _header, width in columns])
    # A text that is longer than the columns that each page repeats would be cut off on all pages but the first.
    page.put(1, keys if pages > 1 else 0, subtitle, "subtitle")


def look(number_format: str, **more: Any) -> dict[str, Any]:
    """Return the style of a cell in a list."""
    align = {"indent": 1} if number_format == TEXT else {}
    return {"num_format": number_format, "bottom": 1, "bottom_color": styles.CALCULATED_LINE, **align, **more}


def _calculated(
    page: Page, row: int, index: int, column: Column, cells: Mapping[str, CellText], values: Cells
) -> Value:
    value = column.value(values)
    page.formula(row, index, column.formula.format(**cells), value, look(column.number_format))
    return value


def _given(page: Page, row: int, index: int, column: Column, territory: Row, value: Any) -> None:
    style = look(column.number_format)
    file = text(territory.get("file"))
    if column.name == "territory_name" and file:
        page.link(row, index, page.book.address(file), value or file, style)
    else:
        page.put(row, index, value, style)


def _told(column: Column, territory: Row) -> Any:
    if column.name == "currency":
        return currency(territory)
    if column.number_format == TEXT:
        return text(territory.get(column.name))
    return number(territory.get(column.name))


def mark(book: Book, page: Page, column: int, rows: tuple[int, int], words: Words) -> None:
    """Colour the cells that say one of the words."""
    looks = ((words.bad, styles.ALERT_FILL, styles.ALERT_INK), (words.good, styles.GOOD_FILL, styles.GOOD_INK))
    for some, fill, ink in looks:
        style = book.workbook.add_format({"bg_color": fill, "font_color": ink, "bold": True})
        for one in some:
            rule = {"type": "cell", "criteria": "==", "value": quoted(one), "format": style}
            page.sheet.conditional_format(rows[0], column, rows[1], column, rule)


def leave_out_signs(book: Book, page: Page, column: int, rows: tuple[int, int], number_format: str) -> None:
    """Show differences that are rounded to 0 without a sign."""
    if styles.is_signed(number_format):
        rule = styles.no_sign(xl_rowcol_to_cell(rows[0], column), number_format, book.workbook.add_format)
        page.sheet.conditional_format(rows[0], column, rows[1], column, rule)


def quoted(words: str) -> str:
    """Return a text as a formula has it."""
    doubled = words.replace('"', '""')
    return f'"{doubled}"'
