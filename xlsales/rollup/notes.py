"""The sheets of what is wrong: the findings, and the files that no total holds, each with a link to its file."""

from __future__ import annotations

from collections.abc import Sequence

from xlsales.batch.table_book import MOST_LINKS, MOST_ROWS
from xlsales.planner import styles
from xlsales.rollup.book import LONGEST_LINK, Book, fit, write
from xlsales.rollup.gathered import MISSING, LeftOut, Table, plain
from xlsales.rollup.lists import HEAD, headings, look
from xlsales.texts import N_, _

FINDINGS = N_("Findings")
NOT_COUNTED = N_("Not counted")
_HEADERS = {
    "severity": (N_("Severity"), 10),
    "code": (N_("Code"), 22),
    "file": (N_("File"), 34),
    "territory_id": (N_("ID"), 12),
    "sheet": (N_("Sheet"), 14),
    "cell": (N_("Cell"), 9),
    "table": (N_("Table"), 14),
    "row": (N_("Row"), 8),
    "column": (N_("Column"), 16),
    "expected": (N_("Expected"), 22),
    "got": (N_("Got"), 22),
    "value": (N_("Value"), 20),
    "message": (N_("Message"), 72),
}


def findings(book: Book, table: Table) -> None:
    """Write the findings in the order given; a sheet that is full ends with how many more there are."""
    columns = list(table.columns) or ["severity", "code", "file", "territory_id", "message"]
    sheet = book.sheet(book.sheet_name(_(FINDINGS)), styles.AMBER)
    shown = [_HEADERS.get(name, (name, 18)) for name in columns]
    for index, (header, width) in enumerate(shown):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, book.texts.storable(_(header)), book.style("head_input"))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(2)
    fit(sheet, [float(width) for _header, width in shown])
    styles_of = [book.style(look("@", text_wrap=name == "message", valign="top")) for name in columns]
    link_style = book.style({**look("@", valign="top"), "font_color": styles.TEAL, "underline": 1})
    row = 0
    for row, cells in enumerate(table.rows, start=1):
        if row + 1 == MOST_ROWS:
            sheet.write_string(row, 0, _("There are more findings than a sheet holds."), styles_of[0])
            break
        is_missing = "code" in columns and cells[columns.index("code")] == MISSING  # no link leads to it
        for index, (name, cell) in enumerate(zip(columns, cells, strict=True)):
            value = plain(cell)
            address = (
                book.address(str(value)) if name == "file" and value and row <= MOST_LINKS and not is_missing else ""
            )
            if address and len(address) <= LONGEST_LINK:
                sheet.write_url(row, index, address, link_style, book.texts.storable(str(value)))
            else:
                write(book, sheet, row, index, value, styles_of[index])
    sheet.autofilter(0, 0, max(1, row), len(columns) - 1)


def not_counted(book: Book, left_out: Sequence[LeftOut]) -> None:
    """Write the files that no total holds, and why."""
    page = book.page(_(NOT_COUNTED), styles.AMBER)
    columns = [(_("File"), 40.0), (_("ID"), 14.0), (_("Why"), 100.0)]
    subtitle = (
        _("Files that no total and no chart holds, each with the reason.") if left_out else _("Every file counts.")
    )
    headings(page, _(NOT_COUNTED), subtitle, columns, HEAD + max(1, len(left_out)), 1)
    for row, one in enumerate(left_out, start=HEAD + 1):
        page.link(row, 0, book.address(one.file), one.file, look("@"))
        page.put(row, 1, one.territory_id, look("@"))
        page.put(row, 2, one.reason, look("@", text_wrap=True))
