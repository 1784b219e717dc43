"""The roll-up's workbook: sheets written row by row in little memory, each formula with its value."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeAlias

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from xlsales.batch.overview import link
from xlsales.batch.table_book import MOST_LINKS, finished
from xlsales.epoch import FIXED_DATE
from xlsales.planner import styles
from xlsales.rollup.gathered import storable_day
from xlsales.workbook.xlsxwriter_texts import Texts

Value: TypeAlias = "float | str | None"  # of a formula; None and "" are shown as nothing
Style: TypeAlias = "str | Mapping[str, Any]"
LONGEST_NAME = 31  # of a sheet
LONGEST_LINK = 2000  # characters of an address
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_NOTHING = "\ue0fb"  # in place of an empty text, which XlsxWriter takes for a value that is not known
A4 = 9


class Book:
    """A workbook being written; use it in a `with` block."""

    def __init__(self, where: Path | None = None) -> None:
        """`where` is the folder of the workbook: links to files lead there from it."""
        self._where = where
        self._aside = tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True)
        self._path = Path(self._aside.name) / "rollup.xlsx"
        self.workbook = xlsxwriter.Workbook(str(self._path), {"constant_memory": True, "tmpdir": self._aside.name})
        self.texts = Texts()
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names = {"history"}  # Excel keeps this one for itself
        self._pages: list[Page] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for sheet in self.workbook.worksheets():
            if sheet.row_data_fh is not None:
                sheet.row_data_fh.close()
        self._aside.cleanup()

    def style(self, style: Style) -> Any:
        """Return a format in the planner's palette."""
        properties = styles.complete(dict(styles.STYLES[style] if isinstance(style, str) else style))
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def address(self, file: str) -> str:
        """Return the address of a file for a link: from the workbook's folder, or whole where none leads there."""
        path = file
        if self._where is not None:
            with suppress(ValueError):  # on another drive
                path = os.path.relpath(file, self._where)
        return f"external:{link(path.replace(os.sep, '/'))}"

    def sheet_name(self, wanted: str) -> str:
        """Return a name that a sheet can have, and none has."""
        plain = wanted.translate(_NOT_IN_NAMES).strip().strip("'") or "-"
        name, turn = plain[:LONGEST_NAME].rstrip("'"), 1
        while name.casefold() in self._names:
            turn += 1
            end = f" {turn}"
            name = plain[: LONGEST_NAME - len(end)] + end
        self._names.add(name.casefold())
        return name

    def sheet(self, name: str, colour: str) -> Any:
        """Add a sheet with a name that was given by `sheet_name`, in the order of the tabs."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_tab_color(colour)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_footer("&L&9&F – &A&R&9&P / &N")
        return sheet

    def page(self, name: str, colour: str = styles.NAVY) -> Page:
        """Add a sheet whose cells may be given in any order."""
        page = Page(self, self.sheet(self.sheet_name(name), colour))
        self._pages.append(page)
        return page

    def save(self, file: BinaryIO, title: str) -> None:
        """Write the workbook, the same bytes on every system."""
        for page in self._pages:
            page.flush()
        self.workbook.set_properties({"title": title, "created": FIXED_DATE})
        self.workbook.close()
        finished(self._path, self.texts, file, _NOTHING.encode())


class Page:
    """A sheet whose cells are kept until all are known. Rows and columns are 0-based."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book = book
        self.sheet = sheet
        self.name: str = sheet.name
        self._cells: defaultdict[int, dict[int, Callable[[], object]]] = defaultdict(dict)
        self._heights: dict[int, float] = {}
        self._links = 0
        sheet.hide_gridlines(2)

    def height(self, row: int, points: float) -> None:
        """Give a row its height."""
        self._heights[row] = points
        self._cells[row].setdefault(0, lambda: None)

    def put(self, row: int, column: int, value: Any, style: Style = "plain") -> None:
        """Write a value: text is text, whatever it begins with; None is a blank cell."""
        look = self.book.style(style)
        self._cells[row][column] = lambda: write(self.book, self.sheet, row, column, value, look)

    def formula(self, row: int, column: int, formula: str, value: Value, style: Style = "plain") -> None:
        """Write a formula and what it gives."""
        look, shown = self.book.style(style), _shown(value)
        self._cells[row][column] = lambda: self.sheet.write_formula(row, column, f"={formula}", look, shown)

    def array_formula(self, row: int, column: int, formula: str, value: Value, style: Style = "plain") -> None:
        """Write a formula that goes through ranges cell by cell, and what it gives."""
        look, shown, cells = self.book.style(style), _shown(value), (row, column, row, column)
        self._cells[row][column] = lambda: self.sheet.write_array_formula(*cells, f"{{={formula}}}", look, shown)

    def link(self, row: int, column: int, address: str, text: str, style: Style) -> None:
        """Write a text that leads to a file."""
        self._links += 1
        if not text or self._links > MOST_LINKS or len(address) > LONGEST_LINK:
            self.put(row, column, text, style)
            return
        look = self.book.style({**(styles.STYLES[style] if isinstance(style, str) else style), **LINK})
        stored = self.book.texts.storable(text)
        self._cells[row][column] = lambda: self.sheet.write_url(row, column, address, look, stored)

    def range(self, column: int, first: int, last: int) -> str:
        """Return a column's cells as other sheets name them."""
        letter = xl_col_to_name(column)
        return f"{quote_sheetname(self.name)}!${letter}${first + 1}:${letter}${last + 1}"

    def flush(self) -> None:
        """Write all cells, row by row."""
        for row in sorted(self._cells):
            if row in self._heights:
                self.sheet.set_row(row, self._heights[row])
            for column in sorted(self._cells[row]):
                self._cells[row][column]()
        self._cells.clear()


LINK: Mapping[str, Any] = {"font_color": styles.TEAL, "underline": 1}


def _shown(value: Value) -> float | str:
    return _NOTHING if value is None or value == "" else value


def write(book: Book, sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    """Write a value as what it is."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, (int, float)) and abs(value) < float("inf"):
        sheet.write_number(row, column, value, look)
    elif isinstance(value, dt.date) and (day := storable_day(value)) is not None:
        sheet.write_number(row, column, day, look)
    else:
        sheet.write_string(row, column, book.texts.storable(str(value)), look)


def fit(sheet: Any, widths: list[float]) -> int:
    """Print a table as many pages wide as it takes to be read; return how many these are."""
    pages = styles.pages_wide(widths)
    sheet.fit_to_pages(pages, 0)
    return pages
