"""The collected tables, each on a sheet of its own under its own name: the sheets that sum refer to them.

Their headings are the names of the columns, as input tables have them, so that a batch can read them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from xlsales.batch.table_book import MOST_LINKS, MOST_ROWS
from xlsales.planner import styles
from xlsales.rollup.book import LONGEST_LINK, Book, fit, write
from xlsales.rollup.gathered import COUNTED, PLAN, REASON, Row, Table, Territories, plain, text
from xlsales.rollup.groups import Data
from xlsales.rollup.lists import FILLED, SHARE
from xlsales.schema import TABLES, Kind

TERRITORIES = "territories"
GROUPS = ("rollup_total", "rollup_leader", "rollup_region")  # the numbers of a territory's groups
_SHARES = (
    "ratio",
    "coverage",
    "barometer",
    "health",
    "share",
    "margin",
    "time",
    "balance",
    "retention",
    "of_goal",
    "win_rate",
)
_MONEY = ("revenue", "value", "sale", "pipeline", "forecast", "trajectory", "goal", "business", "amount", "price")
_FORMATS = {
    Kind.MONEY: "#,##0",
    Kind.RATE: "0.0%",
    Kind.COUNT: "0",
    Kind.NUMBER: "#,##0.0",
    Kind.DATE: "yyyy-mm-dd",
}


class DataSheets:
    """Names the sheets before any is written, so that formulas can refer to them."""

    def __init__(self, book: Book, territories: Territories, details: Mapping[str, Table]) -> None:
        self._book = book
        self._territories = territories
        self._details = details
        self._columns = [COUNTED, REASON, *territories.columns, *GROUPS]
        self._name = book.sheet_name(TERRITORIES)
        self._names = {name: book.sheet_name(name) for name in details}

    def data(self, numbers: str) -> Data:
        """Return where the figures stand, for totals by the groups with these numbers."""
        places = {name: self._range(at) for at, name in enumerate(self._columns)}
        return Data(places, places[numbers])

    def _range(self, column: int) -> str:
        letter, last = xl_col_to_name(column), max(2, len(self._territories.rows) + 1)
        return f"{quote_sheetname(self._name)}!${letter}$2:${letter}${last}"

    def write(self, numbers: Mapping[int, Sequence[int | None]]) -> None:
        """Write all sheets; `numbers` are those of the groups, by the place of a territory among all."""
        rows = (
            ["YES" if row[COUNTED] else "NO", row[REASON], *_cells(row, self._territories.columns), *of]
            for at, row in enumerate(self._territories.rows)
            for of in [numbers.get(at, (None, None, None))]
        )
        files = [text(row["file"]) for row in self._territories.rows]
        self._sheet(TERRITORIES, self._name, self._columns, rows, files)
        for name, table in self._details.items():
            self._sheet(name, self._names[name], table.columns, table.rows)

    def _sheet(
        self, table: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], files: Sequence[str] = ()
    ) -> None:
        """Write a table; a sheet that is full is followed by another one."""
        left, part = iter(rows), 0
        while (first := next(left, None)) is not None or part == 0:
            part += 1
            sheet = self._book.sheet(name if part == 1 else self._book.sheet_name(f"{name} {part}"), styles.SLATE)
            looks = self._headings(sheet, table, columns)
            day = self._book.style({"num_format": _FORMATS[Kind.DATE]})
            row = 0
            for row, cells in enumerate(chain([] if first is None else [first], left), start=1):
                for index, (cell, look) in enumerate(zip(cells, looks, strict=True)):
                    value = plain(cell)
                    if files and columns[index] == "file" and self._can_lead(value, row):
                        shown = self._book.texts.storable(value)
                        sheet.write_url(row, index, self._book.address(value), self._book.style(_LINK), shown)
                    elif value is not None and value != "":
                        write(self._book, sheet, row, index, value, day if isinstance(value, dt.date) else look)
                if row + 1 == MOST_ROWS:
                    break
            sheet.autofilter(0, 0, max(1, row), max(0, len(columns) - 1))

    def _headings(self, sheet: Any, table: str, columns: Sequence[str]) -> list[Any]:
        widths = [_width(name) for name in columns]
        for index, (name, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, self._book.texts.storable(name), self._book.style("head_input"))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        fit(sheet, widths)
        kinds = {column.name: column.kind for column in TABLES[table]} if table in TABLES else {}
        return [self._book.style({"num_format": _format(name, kinds.get(name))}) for name in columns]

    def _can_lead(self, value: object, row: int) -> bool:
        known = isinstance(value, str) and value and row <= MOST_LINKS
        return bool(known) and len(self._book.address(str(value))) <= LONGEST_LINK


_LINK = {"font_color": styles.TEAL, "underline": 1}


def _cells(row: Row, columns: Sequence[str]) -> list[object]:
    return [row.get(name) for name in columns]


def _width(name: str) -> float:
    if name in (REASON, "message", "evidence", "issue", "reset", "goal_sentence"):
        return 34
    if name == "file" or name.endswith("_name"):
        return 26
    if name in ("person", "leader", "region", "owner", "not_counted_because"):
        return 18
    return min(24, max(10, len(name) + 2))


def _format(name: str, kind: Kind | None) -> str:
    """Return how a column shows its numbers; of a planner's figure its name tells it."""
    if kind is not None:
        return _FORMATS.get(kind, "@")
    if name == "completeness":
        return FILLED
    if name == "out_pipeline_coverage":
        return '0.0"×"'
    if name == PLAN:
        return "#,##0"
    if name.endswith(("_as_of", "_date", "_on", "by_when", "hired", "productive")):
        return "yyyy-mm-dd"
    if name.startswith(("out_", "fig_", "calc_")):
        if any(word in name for word in _SHARES):
            return SHARE
        return "#,##0" if any(word in name for word in _MONEY) else "General"
    return "General"
