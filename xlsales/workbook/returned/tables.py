"""The tables of a returned planner: where the heading of each column stands by now, and the rows beneath it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from xlsales.cells.columns import column_index_from_string, get_column_letter
from xlsales.cells.formulas import Table
from xlsales.cells.references import row_and_column
from xlsales.cells.values import Address, CellValue
from xlsales.schema import TABLES
from xlsales.workbook.given import Given, Kind
from xlsales.workbook.given_cells import GivenCells
from xlsales.workbook.planner_tables import EXCEL_TABLES
from xlsales.workbook.worksheets import NamedTable

_HEADING = re.compile(rf"col_({'|'.join(sorted(EXCEL_TABLES, key=len, reverse=True))})_(\w+)")

_STYLE = re.compile(rb"""\ss\s*=\s*["']\d+["']""")
_ABOVE_HEAD = 3  # rows from a table's title down to its headings
Held: TypeAlias = tuple[Kind, float | str | bool | None]
_Head: TypeAlias = tuple[str, int]  # a sheet, and the row of headings


class ReturnedRow(Mapping[str, Given]):
    """A row of a table: what stands in each column that is found."""

    def __init__(self, cells: GivenCells, sheet: str, letters: Mapping[str, str], number: int) -> None:
        """Read the row of this number on a sheet, given the letters of its columns by name."""
        self.number = number
        self._of = cells, sheet, letters
        self._filled: dict[str, Given] = {}  # but for cells without anything in them
        stored, end = cells.stored(sheet), str(number)
        for column, letter in letters.items():
            cell = stored.get(letter + end)
            if cell is not None and (cell.shown is not None or cell.formula):
                self._filled[column] = cells.at((sheet, letter + end))

    @cached_property
    def cells(self) -> Mapping[str, Given]:
        """What stands in each column, blank ones too."""
        cells, sheet, letters = self._of
        return {
            column: self._filled.get(column) or cells.at((sheet, f"{letter}{self.number}"))
            for column, letter in letters.items()
        }

    def __getitem__(self, column: str) -> Given:
        return self.cells[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of[2])

    def __len__(self) -> int:
        return len(self._of[2])

    def there(self, column: str) -> Given | None:
        """Return what stands in a column; None for a cell in which nothing does, and where there is no such column."""
        return self._filled.get(column)

    def value(self, column: str) -> CellValue:
        """Return the value in a column as formulas read it; None for blank, and where there is no such column."""
        given = self._filled.get(column)
        return None if given is None else given.cell_value

    def formula(self, column: str) -> str:
        """Return the formula in a column, without its equals sign."""
        given = self._filled.get(column)
        return "" if given is None else given.formula

    def is_blank(self, but: Collection[str] = ()) -> bool:
        """Whether nothing stands in it, `but` perhaps in some columns, such as those that a planner fills itself."""
        return all(given.is_blank for column, given in self._filled.items() if column not in but)


@dataclass(frozen=True)
class ReturnedTable:
    """A table of a planner."""

    name: str
    sheet: str
    head: int  # the row of its headings; where these are gone, the one above its first row
    last: int  # its last row
    letters: Mapping[str, str]  # of its columns by name
    rows: Sequence[ReturnedRow]  # all of them, blank ones too
    computed: frozenset[str]  # columns that formulas fill
    beneath: Sequence[ReturnedRow] = ()  # rows just beneath it in which something stands
    missing: Sequence[str] = ()  # columns that have a name and no cell any more
    is_excel_table: bool = True  # whether the file still has the table, which says where it ends
    has_headings: bool = True
    headings: Mapping[str, str] = field(default_factory=dict)  # by column, as they should be

    def filled(self) -> Iterator[ReturnedRow]:
        """Yield the rows in which something stands that no formula of the planner has put there."""
        yield from (row for row in self.rows if not row.is_blank(self.computed))


@dataclass
class _Found:
    """The headings of a table that are found."""

    places: dict[str, Address] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def tables(
    cells: GivenCells, names: Mapping[str, Address], defined: Sequence[str], excel: Sequence[NamedTable]
) -> dict[str, ReturnedTable]:
    """Return the tables by name, given the names that are one cell, all names, and the workbook's Excel tables."""
    by_name = {one.name.casefold(): one.table for one in excel}
    found = {}
    headings = {name: own for name, own in _headings(names, defined, by_name).items() if own.places}
    heads = [_where_most_are(own.places) for own in headings.values()]
    for name, own in headings.items():
        found[name] = _table(name, own, cells, by_name.get(EXCEL_TABLES[name].casefold()), excel, heads)
    return found


def _headings(names: Mapping[str, Address], defined: Sequence[str], excel: Mapping[str, Table]) -> Mapping[str, _Found]:
    found = {name: _Found() for name in EXCEL_TABLES}
    for name in defined:
        heading = _HEADING.fullmatch(name.lower())
        if heading is None:
            continue
        place = names.get(name.lower())
        if place is None:
            found[heading[1]].lost.append(heading[2])
        else:
            found[heading[1]].places[heading[2]] = place
    for table in TABLES.values():  # names that are gone: by the heading's text
        own = excel.get((table.excel_table or "").casefold())
        if own is None:
            continue
        taken = set(found[table.name].places.values())
        for column in table.inputs:
            if column.name not in found[table.name].places and column.header in own.columns:
                place = _heading_cell(own, column.header)
                if place is not None and place not in taken:
                    found[table.name].places[column.name] = place
                    found[table.name].lost = [one for one in found[table.name].lost if one != column.name]
    return found


def _heading_cell(table: Table, header: str) -> Address | None:
    letter = get_column_letter(table.area.left + table.columns.index(header))
    return (table.sheet, f"{letter}{table.head}") if table.head else None


def _table(
    name: str, own: _Found, cells: GivenCells, named: Table | None, excel: Sequence[NamedTable], heads: Sequence[_Head]
) -> ReturnedTable:
    sheet, head = _where_most_are(own.places)
    here = {column: place for column, place in own.places.items() if _row(place) == (sheet, head)}
    letters = {column: re.sub(r"\d", "", cell) for column, (_sheet, cell) in here.items()}
    table = named if named is not None and (named.sheet, named.head) == (sheet, head) else None
    table = table or next((one.table for one in excel if _holds(one.table, sheet, head, letters)), None)
    headings = _known_headings(name, letters, table)
    held = {column: cells.held((sheet, f"{letter}{head}")) for column, letter in letters.items()}
    has_headings = not are_values(held, headings)
    head -= not has_headings
    end = min([cells.last_row(sheet), *(row - _ABOVE_HEAD for other, row in heads if other == sheet and row > head)])
    last = table.area.bottom - table.totals if table is not None else _last_row(cells, sheet, head, letters, end)
    rows = [_row_of(cells, sheet, letters, number) for number in range(head + 1, last + 1)]
    computed = frozenset(column for column in letters if _is_computed(column, rows))
    below = [] if table is None or table.totals else list(_filled(cells, sheet, letters, last + 1, end))
    missing = [*own.lost, *(column for column in own.places if column not in here)]
    is_excel_table = table is not None
    return ReturnedTable(
        name, sheet, head, last, letters, rows, computed, below, missing, is_excel_table, has_headings, headings
    )


def _known_headings(name: str, letters: Mapping[str, str], table: Table | None) -> dict[str, str]:
    """Return the headings of columns as the tables have them, others as the file describes its table."""
    found = {column.name: column.header for column in TABLES.get(name, ()) if column.name in letters}
    for column, letter in letters.items():
        place = -1 if table is None else column_index_from_string(letter) - table.area.left
        if table is not None and 0 <= place < len(table.columns):
            found.setdefault(column, table.columns[place])
    return found


def are_values(held: Mapping[str, Held], headings: Mapping[str, str]) -> bool:
    """Whether values stand where the headings of a table would: somebody has deleted the row of these."""
    if not any(kind in (Kind.NUMBER, Kind.BOOLEAN) for kind, _value in held.values()):
        return False
    return not any(held.get(column) == (Kind.TEXT, heading) for column, heading in headings.items())


def _is_computed(column: str, rows: Sequence[ReturnedRow]) -> bool:
    return 2 * sum(bool(row.formula(column)) for row in rows) > len(rows)


def _last_row(cells: GivenCells, sheet: str, head: int, letters: Mapping[str, str], end: int) -> int:
    """Return where a table ends of which the headings alone are left: with its formulas, else with its look."""
    beside = cells.formula_columns(sheet, head + 1)
    if beside:
        formulas = cells.formulas(sheet)
        number = head + 1
        while number < end and any(f"{letter}{number + 1}" in formulas for letter in beside):
            number += 1
        return number
    looks = {_look(cells, sheet, letters, number) for number in (head + 1, head + 2)} - {None}
    number = head
    while number < end and (
        not _row_of(cells, sheet, letters, number + 1).is_blank() or _look(cells, sheet, letters, number + 1) in looks
    ):
        number += 1
    return number


def _look(cells: GivenCells, sheet: str, letters: Mapping[str, str], number: int) -> tuple[bytes, ...] | None:
    """Return the styles of a row's cells, blank ones too; None where the file does not have all of them."""
    stored = cells.stored(sheet)
    heads = [stored.get(f"{letter}{number}") for letter in letters.values()]
    styles = [_STYLE.search(cell.head) for cell in heads if cell is not None]
    found = tuple(style[0] for style in styles if style is not None)
    return found if len(found) == len(letters) else None


def _where_most_are(places: Mapping[str, Address]) -> _Head:
    return Counter(map(_row, places.values())).most_common(1)[0][0]


def _row(place: Address) -> _Head:
    return place[0], row_and_column(place[1])[0]


def _holds(table: Table, sheet: str, head: int, letters: Mapping[str, str]) -> bool:
    columns = {row_and_column(f"{letter}1")[1] for letter in letters.values()}
    area = table.area
    return table.sheet == sheet and table.head == head and any(area.left <= one <= area.right for one in columns)


def _row_of(cells: GivenCells, sheet: str, letters: Mapping[str, str], number: int) -> ReturnedRow:
    return ReturnedRow(cells, sheet, letters, number)


def _filled(cells: GivenCells, sheet: str, letters: Mapping[str, str], first: int, end: int) -> Iterator[ReturnedRow]:
    """Yield rows in which something stands, up to the first without."""
    for number in range(first, end + 1):
        row = _row_of(cells, sheet, letters, number)
        if row.is_blank():
            return
        yield row
