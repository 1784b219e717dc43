"""Where the Excel tables of a workbook stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlsales.cells.references import Area, area
from xlsales.workbook import parts as parts_of
from xlsales.workbook.table_size.sheet_rows import Grid


@dataclass(frozen=True)
class TablePlace:
    """An Excel table: its sheet, the parts that hold both, and its cells, headings included."""

    name: str
    part: str
    sheet: str
    sheet_part: str
    area: Area
    headings: int  # rows of them: 1, or 0 where they are switched off
    totals: int
    source: str  # "worksheet", or "queryTable" and "xml" for tables that a connection fills

    @property
    def first(self) -> int:
        """The first data row."""
        return self.area.top + self.headings

    @property
    def last(self) -> int:
        """The last data row."""
        return self.area.bottom - self.totals

    @property
    def columns(self) -> frozenset[int]:
        """The columns between its left and its right edge."""
        return frozenset(range(self.area.left, self.area.right + 1))


def tables(parts: Mapping[str, bytes]) -> dict[str, TablePlace]:
    """Return the tables by the name that formulas call them."""
    found = {}
    for sheet, sheet_part in parts_of.sheet_parts(parts).items():
        for kind, part in parts_of.targets(parts, sheet_part).values():
            if kind.endswith("/table") and part in parts:
                place = _place(parts[part], part, sheet, sheet_part)
                found[place.name] = place
    return found


def companions(parts: Mapping[str, bytes], place: TablePlace, grid: Grid) -> frozenset[int]:
    """Return the columns beside a table, and of no other table, whose formulas are copied down to its last row."""
    others = [other.columns for other in tables(parts).values() if other.sheet == place.sheet]
    return grid.copied_down(place.first, place.last) - place.columns.union(*others)


def _place(content: bytes, part: str, sheet: str, sheet_part: str) -> TablePlace:
    root = parts_of.parse(content)
    cells = area(root.get("ref"))
    assert cells is not None, f"{part}: ref"
    return TablePlace(
        root.get("displayName") or root.get("name"),
        part,
        sheet,
        sheet_part,
        cells,
        int(root.get("headerRowCount", 1)),
        int(root.get("totalsRowCount", 0)),
        root.get("tableType", "worksheet"),
    )
