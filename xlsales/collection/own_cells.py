"""Cells in which somebody has typed where the planner has nothing: notes beside a list, sums of one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlsales.cells.columns import column_index_from_string
from xlsales.cells.references import row_and_column
from xlsales.collection.places import Places
from xlsales.workbook.given import Given, Kind
from xlsales.workbook.returned import Returned


@dataclass(frozen=True)
class OwnCells:
    """Such cells of a sheet: the first of them, and how many there are."""

    first: Given
    count: int


def own_cells(planner: Returned, known: Mapping[str, frozenset[str]], places: Places) -> Iterator[OwnCells]:
    """Yield them sheet by sheet; `known` are the cells that the template has a use for."""
    moved = known if places.keeps_places else _moved(known, places)
    for sheet in planner.cells.sheets:
        if sheet in places.own_sheets:
            continue
        stored = planner.cells.stored(sheet)
        expected = moved.get(sheet, frozenset())
        others = [name for name, cell in stored.items() if (cell.shown or cell.formula) and name not in expected]
        given = [planner.cells.at((sheet, name)) for name in sorted(others, key=row_and_column)]
        found = [one for one in given if one.kind not in (Kind.BLANK, Kind.EMPTY_TEXT) and not _is_read(one, planner)]
        if found:
            yield OwnCells(found[0], len(found))


def _moved(known: Mapping[str, frozenset[str]], places: Places) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for sheet, cells in known.items():
        for cell in cells:
            for place in (places.of((sheet, cell)), places.as_below((sheet, cell))):
                if place is not None:
                    found[place[0]].add(place[1])
    return {sheet: frozenset(cells) for sheet, cells in found.items()}


def _is_read(given: Given, planner: Returned) -> bool:
    """Whether a cell is read with a table: in one of its rows, or just beneath it."""
    row, column = row_and_column(given.cell)
    for table in planner.tables.values():
        last = table.beneath[-1].number if table.beneath else table.last
        columns = map(column_index_from_string, table.letters.values())
        if table.sheet == given.sheet and table.head <= row <= last and column in columns:
            return True
    return False
