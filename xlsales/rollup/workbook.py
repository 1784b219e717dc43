"""Puts the sheets of the roll-up together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from xlsales.rollup import comparisons, history, notes, standards_sheet, summary
from xlsales.rollup.book import Book
from xlsales.rollup.data import DataSheets
from xlsales.rollup.gathered import Gathered, Row, Territories, text
from xlsales.rollup.groups import Group, Groups, currencies, grouped
from xlsales.rollup.groups import write as write_groups
from xlsales.rollup.history import Earlier
from xlsales.texts import _


def write(gathered: Gathered, file: BinaryIO, earlier: Sequence[Earlier] = (), where: Path | None = None) -> None:
    """Write the roll-up of what was collected.

    `earlier` are collections to compare it with, `where` is the folder in which the workbook will stand.
    """
    territories = Territories(gathered)
    with Book(where) as book:
        data = DataSheets(book, territories, gathered.details)
        first = book.page(_("Summary"))
        sheets, numbers = _totals(book, territories, data)
        summary.write(book, first, territories, sheets[0], sheets[1:])
        comparisons.write(book, territories.counted, sheets[0])
        if earlier:
            history.write(book, territories, earlier, sheets[0])
        notes.findings(book, gathered.findings)
        notes.not_counted(book, territories.left_out)
        standards_sheet.write(book)
        data.write(numbers)
        book.save(file, _("Roll-up of the sales plans"))


def _totals(
    book: Book, territories: Territories, data: DataSheets
) -> tuple[list[Groups], Mapping[int, Sequence[int | None]]]:
    """Write the sheets of totals; return them, and the numbers of each territory's groups by its place among all."""
    counted = territories.counted
    order = currencies(counted)
    whole = grouped(counted, lambda _row: _("All"), order)
    if len(order) > 1:
        whole.append(Group(_("All currencies"), "", list(counted), is_all=True))
    plans: list[tuple[str, tuple[str, str, str], list[Group]]] = [
        (
            "rollup_total",
            (_("Totals"), _("The sums of each currency; each with the territories of which it is known."), _("Group")),
            whole,
        ),
        (
            "rollup_leader",
            (_("Leaders"), _("The sums by leader; those of two currencies are never added."), _("Leader")),
            grouped(counted, lambda row: text(row["leader"]), order),
        ),
        (
            "rollup_region",
            (_("Regions"), _("The sums by region; those of two currencies are never added."), _("Region")),
            grouped(counted, lambda row: text(row["region"]), order),
        ),
    ]
    sheets = [write_groups(book.page(titles[0]), titles, groups, data.data(name)) for name, titles, groups in plans]
    return sheets, _numbers(territories.rows, sheets)


def _numbers(rows: Sequence[Row], sheets: Sequence[Groups]) -> dict[int, Sequence[int | None]]:
    places = {id(row): at for at, row in enumerate(rows)}
    found: dict[int, list[int | None]] = {}
    for index, sheet in enumerate(sheets):
        for number, group in enumerate(sheet.groups, start=1):
            for row in () if group.is_all else group.rows:
                found.setdefault(places[id(row)], [None, None, None])[index] = number
    return dict(found)
