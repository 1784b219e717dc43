"""Where everything stands: each sheet stacks its blocks in lanes, and no two blocks share a cell.

A block has a name, a size and perhaps a title; a lane puts its blocks one below another, and a sheet has one lane or
several side by side. Nothing else knows a row number: heads, sections, frozen panes, print areas, charts and the
ranges in formulas all follow from the places computed here. Two blocks that meet raise an error that names both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from xlsales.errors import XlsalesError
from xlsales.texts import _

BAND = 2  # rows: the title and the subtitle of every sheet
FIRST_ROW = 3  # 0-based: a blank row beneath the band


class OverlapError(XlsalesError):
    """Two blocks of a sheet would stand in the same cells."""


class Block(Protocol):
    """Something that stands on a sheet."""

    @property
    def name(self) -> str:
        """Its name, like no other's on the sheet."""

    @property
    def title(self) -> str:
        """The heading above it, or nothing."""

    @property
    def gap(self) -> int:
        """Blank rows above it."""

    @property
    def rows(self) -> int:
        """Its rows, without the title's."""

    @property
    def columns(self) -> int:
        """Its columns."""

    @property
    def ahead(self) -> int:
        """How many of them stand left of its lane, folded away."""

    def write(self, page: Any, place: Place) -> None:
        """Write it where it stands."""


@dataclass(frozen=True)
class Place:
    """The cells of a block: 0-based, `top` beneath the title if it has one."""

    sheet: str
    name: str
    top: int
    left: int
    rows: int
    columns: int
    titled: bool = False

    @property
    def head(self) -> int:
        """The row of the title, or the first row."""
        return self.top - 1 if self.titled else self.top

    @property
    def bottom(self) -> int:
        """The last row."""
        return self.top + self.rows - 1

    @property
    def right(self) -> int:
        """The last column."""
        return self.left + self.columns - 1

    def cell(self, row: int, column: int) -> str:
        """Return the address of a cell counted from the block's first, for formulas of any sheet."""
        reference = xl_rowcol_to_cell(self.top + row, self.left + column, row_abs=True, col_abs=True)
        return f"{quote_sheetname(self.sheet)}!{reference}"

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """Return the address of cells counted from the block's first, for formulas of any sheet."""
        return f"{self.cell(*first)}:{self.cell(*last).rpartition('!')[2]}"

    def __str__(self) -> str:
        first, last = xl_rowcol_to_cell(self.head, self.left), xl_rowcol_to_cell(self.bottom, self.right)
        return f"{self.name} ({first}:{last})"


@dataclass(frozen=True)
class Lane:
    """Blocks one below another, from column `left` on: from row `top`, or beside a block of an earlier lane."""

    left: int
    blocks: Sequence[Block]
    top: int = FIRST_ROW
    beside: str = ""  # the name of that block

    def places(self, sheet: str, top: int) -> Iterator[Place]:
        """Yield the place of each block."""
        row = top
        for number, block in enumerate(self.blocks):
            row += block.gap if number else 0
            titled = bool(block.title)
            place = Place(sheet, block.name, row + titled, self.left - block.ahead, block.rows, block.columns, titled)
            yield place
            row = place.bottom + 1


def placed(sheet: str, lanes: Sequence[Lane], columns: int) -> Mapping[str, Place]:
    """Return the places of a sheet's blocks by name; blocks that meet, or a name given twice, raise OverlapError."""
    band = Place(sheet, _("the title band"), 0, 0, BAND, columns)
    places = [band]
    for lane in lanes:
        beside = [place.head for place in places if place.name == lane.beside]
        places += lane.places(sheet, beside[0] if lane.beside else lane.top)
    for one, other in combinations(places, 2):
        if one.name == other.name:
            raise OverlapError(_("{sheet}: two blocks are called {name}.").format(sheet=sheet, name=one.name))
        if _meet(one, other):
            message = _("{sheet}: {one} and {other} would stand in the same cells. Move one to a lane of its own.")
            raise OverlapError(message.format(sheet=sheet, one=one, other=other))
    return {place.name: place for place in places[1:]}


def _meet(one: Place, other: Place) -> bool:
    rows = one.head <= other.bottom and other.head <= one.bottom
    return rows and one.left <= other.right and other.left <= one.right
