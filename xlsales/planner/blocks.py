"""What a sheet is made of: a declaration of its look, and the blocks that its lanes stack.

To add a block to a sheet, put one into a lane of its `sheet()`; what stands beneath moves down by itself.
`TableBlock` writes a table of `layouts`, `Grid` rows of formulas, `Fields` labelled inputs, `Figures` labelled
formulas with a name each, `Drawing` a chart, and `Free` whatever its function writes into its place, counted from
`place.top` and `place.left`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsales.planner import styles
from xlsales.planner.areas import HEADINGS, Layout
from xlsales.planner.figures import Figure
from xlsales.planner.page import ROW_PIXELS, Page
from xlsales.planner.placing import Block, Lane, Place, placed
from xlsales.planner.styles import SheetKind
from xlsales.schema import Column
from xlsales.texts import _


@dataclass(frozen=True, kw_only=True)
class Free:
    """A block of any kind: its function writes into its place."""

    name: str
    rows: int
    columns: int
    content: Callable[[Page, Place], None]
    title: str = ""
    gap: int = 1
    ahead: int = 0

    def write(self, page: Page, place: Place) -> None:
        """Write it."""
        self.content(page, place)


@dataclass(frozen=True, kw_only=True)
class TableBlock:
    """An Excel table: YOU FILL or CALCULATED, the headings, the rows."""

    layout: Layout
    title: str = ""
    gap: int = 1
    main: bool = False  # its headings stay in sight
    row_height: int | None = None
    headings: int = HEADINGS
    good: Mapping[str, Sequence[str]] = field(default_factory=dict)  # column → names of words tinted green
    bad: Mapping[str, Sequence[str]] = field(default_factory=dict)  # and red

    @property
    def name(self) -> str:
        """The table's."""
        return self.layout.excel_table

    @property
    def rows(self) -> int:
        """Its rows with those of the headings."""
        return self.headings + self.layout.rows

    @property
    def columns(self) -> int:
        """Its columns."""
        return len(self.layout.columns)

    @property
    def ahead(self) -> int:
        """Its columns that are folded away left of its lane."""
        return self.layout.ahead

    def write(self, page: Page, place: Place) -> None:
        """Write it."""
        page.table(self.name, main=self.main, row_height=self.row_height)
        for column in dict.fromkeys((*self.good, *self.bad)):
            cells = page.book.local(self.name, column)
            page.words(cells, good=self.good.get(column, ()), bad=self.bad.get(column, ()))


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Rows of formulas under headings, one formula a column, as in a table but of fixed size: no Excel table.

    Formulas of all sheets read its columns as they read a table's: `{months.share}`.
    """

    layout: Layout
    title: str = ""
    gap: int = 1
    names: Mapping[str, str] = field(default_factory=dict)  # column → defined name of its cells
    totals: Sequence[str] = ()  # the columns that are added up in a last row
    headings: int = 1
    ahead: int = 0
    good: Mapping[str, Sequence[str]] = field(default_factory=dict)  # column → names of words tinted green
    bad: Mapping[str, Sequence[str]] = field(default_factory=dict)  # and red

    @property
    def name(self) -> str:
        """The layout's."""
        return self.layout.excel_table

    @property
    def rows(self) -> int:
        """Its rows with the headings and the totals."""
        return self.headings + self.layout.rows + bool(self.totals)

    @property
    def columns(self) -> int:
        """Its columns."""
        return len(self.layout.columns)

    def write(self, page: Page, _place: Place) -> None:
        """Write it."""
        area = page.book.areas[self.name]
        page.computed_columns(area)
        for column in dict.fromkeys((*self.good, *self.bad)):
            cells = page.book.local(self.name, column)
            page.words(cells, good=self.good.get(column, ()), bad=self.bad.get(column, ()))
        for column, name in self.names.items():
            page.book.name(name, page.name, area.column(column).rpartition("!")[2])
        for column in self.totals:
            index = [one.name for one in self.layout.columns].index(column)
            number_format = self.layout.columns[index].number_format  # type: ignore[union-attr]
            style = {**styles.calculated_style(number_format), "bold": True}
            page.formula(area.last + 1, area.left + index, f"SUM({page.book.local(self.name, column)})", style)


@dataclass(frozen=True, kw_only=True)
class Fields:
    """Labelled inputs, each with the defined name `<prefix>_<column>`: label, cell, explanation."""

    name: str
    fields: Sequence[tuple[Column, object]]  # with what each holds at first
    prefix: str = "in"
    title: str = ""
    gap: int = 1
    columns: int = 3
    cells: str = ""  # the defined name of all its inputs
    ahead: int = 0

    @property
    def rows(self) -> int:
        """One for each."""
        return len(self.fields)

    def write(self, page: Page, place: Place) -> None:
        """Write them."""
        for row, (column, default) in enumerate(self.fields, start=place.top):
            page.field(row, place.left, column, self.prefix, default)
        if self.cells:
            page.name_cells(self.cells, (place.top, place.left + 1), (place.bottom, place.left + 1))


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Labelled formulas, each with the defined name `<prefix><figure>`: label, value, note."""

    name: str
    figures: Sequence[Figure]
    prefix: str = ""
    title: str = ""
    gap: int = 1
    columns: int = 3
    bold: bool = False
    ahead: int = 0

    @property
    def rows(self) -> int:
        """One for each."""
        return len(self.figures)

    def write(self, page: Page, place: Place) -> None:
        """Write them."""
        for row, figure in enumerate(self.figures, start=place.top):
            align = "left" if figure.sentence else "right"
            style = {**styles.calculated_style(figure.number_format), "bold": self.bold, "align": align}
            page.text(row, place.left, _(figure.label), {**styles.STYLES["label"], "shrink": True})
            if isinstance(figure.formula, str):
                page.formula(row, place.left + 1, page.book.with_columns(figure.formula), style)
            else:
                page.number(row, place.left + 1, figure.formula, style)
            if figure.note:
                page.text(row, place.left + 2, _(figure.note), "note_line")
            page.name_cell(f"{self.prefix}{figure.name}", row, place.left + 1)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart over cells that hold nothing else."""

    name: str
    chart: Callable[[Page], Any]
    width: int  # pixels
    height: int
    columns: int
    title: str = ""
    gap: int = 1
    ahead: int = 0

    @property
    def rows(self) -> int:
        """As many as it covers, at their usual height."""
        return -(-self.height // ROW_PIXELS)

    def write(self, page: Page, place: Place) -> None:
        """Draw it."""
        page.chart(place.top, place.left, self.chart(page), self.width, self.height)


def _nothing(_page: Page) -> None:
    """Leave the sheet as its blocks have made it."""


def folded(widths: Sequence[float], tables: Sequence[TableBlock | Grid]) -> dict[str, Any]:
    """Return the widths of a sheet's columns and which are folded away: those right of what people read."""
    more = max(0, *(table.columns - len(widths) for table in tables))
    first = 1 + len(widths)
    return {"widths": (*widths, *[9.0] * more), "helpers": frozenset(range(first, first + more))}


def stacked(widths: Sequence[float], blocks: Sequence[Block]) -> dict[str, Any]:
    """Return one lane of these blocks and its widths, with room on its left for what its tables fold away there.

    Tables one below another share their columns, and end at different ones: only to their left can the columns that
    formulas alone read be folded away from all of them.
    """
    ahead = max(block.ahead for block in blocks)
    return {
        "widths": (*[9.0] * ahead, *widths),
        "helpers": frozenset(range(1, 1 + ahead)),
        "lanes": (Lane(1 + ahead, blocks),),
    }


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet as it is declared: what it is for, how wide its columns are, which blocks stand in which lane."""

    name: str
    kind: SheetKind
    title: str
    widths: Sequence[float]  # from column B on
    lanes: Sequence[Lane]
    subtitle: str = ""
    more: str = ""  # what follows the subtitle, right of the columns that each printed page repeats
    upright: bool = False  # printed on one page, longer than wide
    one_page: bool = False
    lists: bool = False  # its rows are sorted, filtered, added and deleted: it is not protected
    helpers: frozenset[int] = frozenset()  # columns that only formulas read: grouped, and folded away
    finish: Callable[[Page], None] = _nothing  # after the blocks: what stands in the band, what opens first

    @property
    def columns(self) -> int:
        """All its columns, the margin among them."""
        return len(self.widths) + 1

    @property
    def tables(self) -> Iterator[TableBlock | Grid]:
        """The blocks whose columns formulas read by name."""
        yield from (block for lane in self.lanes for block in lane.blocks if isinstance(block, TableBlock | Grid))

    def places(self) -> Mapping[str, Place]:
        """Return where each block stands; an overlap raises OverlapError."""
        return placed(self.name, self.lanes, self.columns)

    def write(self, page: Page) -> None:
        """Write every block, with the heading of its section."""
        for lane in self.lanes:
            for block in lane.blocks:
                place = page.place(block.name)
                if block.title:
                    page.section(place.head, place.left, place.right, _(block.title))
                block.write(page, place)
        self.finish(page)
        page.finish()
