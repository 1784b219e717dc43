"""Where the planner's tables stand: the cells of every column, known before a sheet is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from xlsales.planner.placing import Place
from xlsales.schema import TABLES, Column, Kind


@dataclass(frozen=True)
class Computed:
    """A table column that a formula fills; `{name}` in it is the cell of that column in the same row."""

    name: str
    header: str
    formula: str
    number_format: str = "@"
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Layout:
    """A table: its names, its columns from left to right, and its number of rows; a sheet says where it stands.

    Headings of columns that a person or a batch fills carry the defined name `col_<name>_<column>`.
    """

    excel_table: str
    name: str  # in defined names: that of the input table, if there is one
    columns: tuple[Column | Computed, ...]
    rows: int
    values: Mapping[str, Sequence[object]] = field(default_factory=dict)  # what input columns hold at first
    ahead: int = 0  # its first columns, which only formulas read: they stand left of its lane, folded away

    @property
    def named(self) -> frozenset[str]:
        """The columns that are found by name: those to fill, and all of the input table's."""
        fed = TABLES[self.name].inputs if self.name in TABLES else ()
        filled = (column.name for column in self.columns if isinstance(column, Column))
        return frozenset((*filled, *(column.name for column in fed)))


ROOM = 100  # rows beneath a table that stands alone where somebody may type
HEADS, BENEATH = "its_headings", "with_room"  # of a table, read as if they were columns
HEADINGS = 2  # rows above a table's first: who fills it, and the headings


class CellText(str):
    """The address of one column's cell in the row being written, and of the column around it."""

    head: str
    all: str
    down: str
    above: str

    @classmethod
    def of(cls, letter: str, row: int, head: int, last: int) -> CellText:
        """Address the cell in `letter` and 1-based `row` of a table with these rows."""
        text = cls(f"${letter}{row}")
        text.head = f"${letter}${head}"
        text.all = f"${letter}${head + 1}:${letter}${last}"
        text.down = f"${letter}${head + 1}:${letter}{row}"
        text.above = f"${letter}{row - 1}"
        return text


class Columns:
    """Reads `{tblWeeks.won}` in a formula as that table's column."""

    def __init__(self, area: Area) -> None:
        self._area = area

    def __getattr__(self, name: str) -> str:
        return self._area.column(name)


class Area:
    """A table's place: addresses of its columns, for formulas on its own sheet and on others."""

    def __init__(self, layout: Layout, place: Place, headings: int = HEADINGS, room: int = ROOM) -> None:
        """`place` holds the rows of the headings, the last of which are the table's own, and the rows.

        `room` are blank rows beneath it, into which somebody may type.
        """
        self._room = room
        self.layout = layout
        self.sheet = place.sheet
        self.left = place.left
        self.labels = place.top  # 0-based, as all of these
        self.first = place.top + headings
        self.head = self.first - 1
        self.last = self.head + layout.rows
        self._letters = {column.name: xl_col_to_name(self.left + index) for index, column in enumerate(layout.columns)}
        self._cells: dict[int, Mapping[str, CellText]] = {}  # by row: each computed column asks for them

    def cells(self, row: int) -> Mapping[str, CellText]:
        """Return each column's cell in a 0-based row, for `str.format`."""
        cells = self._cells.get(row)
        if cells is None:
            cells = self._cells[row] = {
                name: CellText.of(letter, row + 1, self.head + 1, self.last + 1)
                for name, letter in self._letters.items()
            }
        return cells

    def column(self, name: str, skip: int = 0) -> str:
        """Return the column's data range with its sheet, absolute, without its first `skip` rows.

        `a__b` are all the columns from `a` to `b`.
        """
        if name in (HEADS, BENEATH):
            return self._beneath(name)
        left, _to, right = name.partition("__")
        first, last = self._letters[left], self._letters[right or left]
        return f"{quote_sheetname(self.sheet)}!${first}${self.first + skip + 1}:${last}${self.last + 1}"

    def _beneath(self, name: str) -> str:
        """Return the row of the headings, or the whole table with them and the blank rows beneath."""
        letters = list(self._letters.values())
        bottom = self.head if name == HEADS else self.last + self._room
        return f"{quote_sheetname(self.sheet)}!${letters[0]}${self.head + 1}:${letters[-1]}${bottom + 1}"
