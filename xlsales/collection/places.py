"""Where the cells of the template stand in a returned planner: rows, columns and sheets may have been moved.

What has a name moves with it: single cells, ranges, headings of tables. A cell between them moves as the nearest name
above it and to its left, a cell of a table as its column and its row in the table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from xlsales.cells import references
from xlsales.cells.columns import column_index_from_string, get_column_letter
from xlsales.cells.references import Corner, Reference, area, row_and_column
from xlsales.cells.values import Address
from xlsales.workbook.defined_names import BUILT_IN
from xlsales.workbook.returned import Returned


@dataclass
class _Shifts:
    """How far rows, or columns, of a sheet have moved, from each of some places on."""

    moved: dict[int, int] = field(default_factory=dict)

    def of(self, place: int) -> int:
        """Return where a row or column stands now."""
        known = sorted(self.moved)
        at = bisect_right(known, place)
        return place + (self.moved[known[at - 1]] - known[at - 1] if at else 0)

    def as_below(self, place: int) -> int:
        """Return where a row stands if it has moved as the next one that has a name."""
        below = min((one for one in self.moved if one > place), default=None)
        return self.of(place) if below is None else place + self.moved[below] - below


@dataclass(frozen=True)
class TablePlace:
    """A table in the template and in the planner."""

    sheet: str
    head: int
    last: int
    new_sheet: str
    new_head: int
    new_last: int
    letters: Mapping[int, int]  # its columns


class Places:
    """The template's cells in a planner."""

    def __init__(self, template: Returned, planner: Returned) -> None:
        self.tables = [place for name in template.tables if (place := _table_place(name, template, planner))]
        corners = list(_corners(template, planner))
        self._sheets = _sheets(template, planner, corners)
        self._rows: defaultdict[str, _Shifts] = defaultdict(_Shifts)
        self._columns: defaultdict[str, _Shifts] = defaultdict(_Shifts)
        for (sheet, row, column), (new_sheet, new_row, new_column) in corners:
            if self._sheets.get(sheet) == new_sheet:
                self._rows[sheet].moved[row] = new_row
                self._columns[sheet].moved[column] = new_column
        for table in self.tables:
            self._rows[table.sheet].moved[table.last + 1] = table.new_last + 1
        same = all(
            row == new
            for shifts in (*self._rows.values(), *self._columns.values())
            for row, new in shifts.moved.items()
        )
        own = all(old == new for old, new in self._sheets.items())
        self.is_as_it_was = (
            same
            and own
            and len(self._sheets) == len(template.cells.sheets)
            and not any(old != new for table in self.tables for old, new in table.letters.items())
        )
        self.lost_sheets = [sheet for sheet in template.cells.sheets if sheet not in self._sheets]
        self.own_sheets = [sheet for sheet in planner.cells.sheets if sheet not in self._sheets.values()]

    def sheet(self, sheet: str) -> str | None:
        """Return what a sheet of the template is called now; None where it is gone."""
        return self._sheets.get(sheet)

    def of(self, address: Address) -> Address | None:
        """Return where a cell of the template stands now; None where there is no such cell any more."""
        if self.keeps_places:
            return address
        row, column = row_and_column(address[1])
        found = self._moved(address[0], row, column)
        return None if found is None else (found[0], f"{get_column_letter(found[2])}{found[1]}")

    def as_below(self, address: Address) -> Address | None:
        """Return where a cell stands if a row was inserted between it and what has a name above it."""
        sheet = self._sheets.get(address[0])
        if sheet is None:
            return None
        row, column = row_and_column(address[1])
        rows, columns = self._rows[address[0]], self._columns[address[0]]
        return sheet, f"{get_column_letter(columns.of(column))}{rows.as_below(row)}"

    @cached_property
    def is_identity(self) -> bool:
        """Whether everything stands where the template has it, and each table has as many rows."""
        return self.is_as_it_was and not self._grown

    @cached_property
    def keeps_places(self) -> bool:
        """Whether every cell of the template stands where it stood."""
        shorter = any(table.new_last - table.new_head < table.last - table.head for table in self.tables)
        return self.is_as_it_was and not shorter

    def _moved(self, sheet: str, row: int, column: int) -> tuple[str, int, int] | None:
        new_sheet = self._sheets.get(sheet)
        if new_sheet is None:
            return None
        for table in self.tables:
            if table.sheet == sheet and table.head <= row <= table.last and column in table.letters:
                new_row = table.new_head + row - table.head
                return None if new_row > table.new_last else (table.new_sheet, new_row, table.letters[column])
        return new_sheet, self._rows[sheet].of(row), self._columns[sheet].of(column)

    def formula(self, text: str, sheet: str) -> str:
        """Return a formula of the template, which stands on a sheet, as it reads in the planner."""
        if self.is_as_it_was and not self._grown:
            return text
        return references.replaced(text, lambda reference: self._reference(reference, sheet))

    @cached_property
    def _grown(self) -> bool:
        return any(table.new_last - table.new_head != table.last - table.head for table in self.tables)

    def _reference(self, reference: Reference, own: str) -> Reference:
        prefix = reference.prefix[:-1]
        named = prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
        sheet = named or own
        start = self._corner(reference.start, sheet)
        end = None if reference.end is None else self._corner(reference.end, sheet, is_end=True)
        new = self._sheets.get(sheet, sheet)
        shown = f"'{new.replace(chr(39), chr(39) * 2)}'!" if named else ""
        return Reference(shown, start, reference.end_prefix and shown, end)

    def _corner(self, corner: Corner, sheet: str, *, is_end: bool = False) -> Corner:
        if corner.row is None or corner.column is None:
            return corner
        for table in self.tables:
            if is_end and table.sheet == sheet and corner.row == table.last and corner.column in table.letters:
                return corner._replace(row=table.new_last, column=table.letters[corner.column])
        found = self._moved(sheet, corner.row, corner.column)
        return corner if found is None else corner._replace(row=found[1], column=found[2])


def _table_place(name: str, template: Returned, planner: Returned) -> TablePlace | None:
    own, new = template.tables[name], planner.tables.get(name)
    if new is None:
        return None
    letters = {
        column_index_from_string(letter): column_index_from_string(new.letters[column])
        for column, letter in own.letters.items()
        if column in new.letters
    }
    here, there = _excel_columns(template, name), _excel_columns(planner, name)
    letters |= {place: there[heading] for heading, place in here.items() if heading in there and place not in letters}
    return TablePlace(own.sheet, own.head, own.last, new.sheet, new.head, new.last, letters)


def _excel_columns(planner: Returned, name: str) -> dict[str, int]:
    table = planner.tables[name]
    for one in planner.worksheets.tables:
        around = one.table.area
        if one.table.sheet == table.sheet and around.top == table.head:
            first = column_index_from_string(next(iter(table.letters.values())))
            if around.left <= first <= around.right:
                return {heading: around.left + index for index, heading in enumerate(one.table.columns)}
    return {}


def _corners(template: Returned, planner: Returned) -> Iterator[tuple[tuple[str, int, int], tuple[str, int, int]]]:
    """Yield the corners of what has a name, in the template and in the planner."""
    new = {one.name.lower(): one.formula for one in planner.outline.chosen().values()}
    for one in template.outline.chosen().values():
        if one.name.startswith(BUILT_IN):
            continue
        before, after = _area(one.formula), _area(new.get(one.name.lower(), ""))
        if before is not None and after is not None:
            yield from zip(before, after, strict=True)


@lru_cache(maxsize=20_000)
def _area(formula: str) -> tuple[tuple[str, int, int], tuple[str, int, int]] | None:
    sheet, _mark, cells = formula.lstrip("=").rpartition("!")
    found = area(cells)
    if found is None or not sheet:
        return None
    name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    return (name, found.top, found.left), (name, found.bottom, found.right)


def _sheets(
    template: Returned,
    planner: Returned,
    corners: list[tuple[tuple[str, int, int], tuple[str, int, int]]],
) -> dict[str, str]:
    """Return what each sheet of the template is called in the planner: by its names, else by its own name."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (sheet, *_place), (new, *_new) in corners:
        votes[sheet][new] += 1
    there = set(planner.cells.sheets)
    found = {}
    for sheet in template.cells.sheets:
        best = votes[sheet].most_common(1)
        if best and best[0][0] in there:
            found[sheet] = best[0][0]
        elif sheet in there:
            found[sheet] = sheet
    return found
