"""The rows and cells of a worksheet part: their formulas, and rows added to or taken from a table's end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from xlsales.cells.columns import coordinate_to_tuple, get_column_letter
from xlsales.cells.references import Area, Copied, area, moved
from xlsales.workbook.parts import MAIN
from xlsales.workbook.shared_formulas import can_be_shared

_ROW, _CELL, _FORMULA, _VALUE, _INLINE = (f"{{{MAIN}}}{name}" for name in ("row", "c", "f", "v", "is"))
_OF_ONE_ROW = ("r", "hidden", "collapsed")  # a row's attributes that a copy of it does not get


class Cell(NamedTuple):
    """A place on the sheet."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


class Grid:
    """A worksheet's rows and cells."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.data = root.find(f"{{{MAIN}}}sheetData")
        self.rows: dict[int, etree._Element] = {}
        self.cells: dict[Cell, etree._Element] = {}
        number = 0
        for row in self.data.iterchildren(_ROW):
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))  # Excel writes addresses, other programs leave them to be counted
            self.rows[number] = row
            column = 0
            for cell in row.iterchildren(_CELL):
                column = coordinate_to_tuple(cell.get("r"))[1] if cell.get("r") else column + 1
                cell.set("r", str(Cell(number, column)))
                self.cells[Cell(number, column)] = cell
        self.formulas = {
            place: formula for place, cell in self.cells.items() if (formula := cell.find(_FORMULA)) is not None
        }
        self._copies: dict[str, Copied] = {}
        self._plain = {place: formula.text for place, formula in self.formulas.items() if formula.text}

    @cached_property
    def shared(self) -> dict[str, list[Cell]]:
        """The cells of each shared formula; the first of them holds its text."""
        groups: dict[str, list[Cell]] = {}
        for place, formula in self.formulas.items():
            if formula.get("t") == "shared":
                groups.setdefault(formula.get("si"), []).append(place)
        return {
            number: sorted(places, key=lambda place: not self._plain.get(place)) for number, places in groups.items()
        }

    def text(self, place: Cell) -> str | None:
        """Return a cell's formula, written out where it is shared; None without one."""
        if place in self._plain or place not in self.formulas:
            return self._plain.get(place)
        group = self.shared.get(self.formulas[place].get("si"), [place])
        master = group[0]
        text = self._plain.get(master)
        return text and self._copied(text, master, place)

    def _copied(self, text: str, source: Cell, target: Cell) -> str:
        if text not in self._copies:
            self._copies[text] = Copied(text)
        return self._copies[text].by(target.row - source.row, target.column - source.column)

    def rewrite(self, new: Mapping[Cell, str]) -> None:
        """Give cells other formulas; one that is shared stays so where its cells still share one."""
        for number, places in list(self.shared.items()):
            if any(place in new for place in places):
                self._rewrite_shared(number, places, new)
        for place, text in new.items():
            if self.formulas[place].get("t") != "shared":
                self.formulas[place].text = self._plain[place] = text

    def _rewrite_shared(self, number: str, places: Sequence[Cell], new: Mapping[Cell, str]) -> None:
        texts = {place: new.get(place) or self.text(place) or "" for place in places}
        master = places[0]
        alike = all(self._copied(texts[master], master, place) == text for place, text in texts.items())
        if alike and can_be_shared(texts[master]):
            self.formulas[master].text = self._plain[master] = texts[master]
        else:
            self._unshare(number, texts)

    def _unshare(self, number: str, texts: Mapping[Cell, str]) -> None:
        """Give each cell of a shared formula its own."""
        del self.shared[number]
        for place, text in texts.items():
            formula = self.formulas[place]
            formula.text = self._plain[place] = text
            for name in ("t", "si", "ref"):
                formula.attrib.pop(name, None)

    def runs(self, place: Cell) -> bool:
        """Whether a formula is the one above or below it, copied down."""
        text = self.text(place)
        for step in (-1, 1):
            neighbour = self.text(Cell(place.row + step, place.column))
            if text is not None and neighbour is not None and moved(neighbour, -step) == text:
                return True
        return False

    def copied_down(self, first: int, last: int) -> frozenset[int]:
        """Return the columns whose formula in row `last` is that of the row above, copied down."""
        if first == last:
            return frozenset()
        columns = [place.column for place in self.formulas if place.row == last]
        above = {column: self.text(Cell(last - 1, column)) for column in columns}
        return frozenset(
            column
            for column, text in above.items()
            if text is not None and moved(text, 1) == self.text(Cell(last, column))
        )

    def contents(self, first: int, last: int, columns: frozenset[int]) -> Iterator[tuple[Cell, bool]]:
        """Yield the cells in these rows and columns that hold something, and whether it is a formula."""
        for place, cell in self.cells.items():
            if first <= place.row <= last and place.column in columns:
                formula = place in self.formulas
                if formula or cell.find(_VALUE) is not None or cell.find(_INLINE) is not None:
                    yield place, formula

    def grow(self, columns: frozenset[int], last: int, new_last: int) -> None:
        """Add rows below a table's last one: the styles and formulas of its columns, without its values."""
        pattern = self.rows.get(last)
        if pattern is None:
            return
        cells = {place.column: _Pattern(self, place) for place in self.cells if place.row == last}
        for number in range(last + 1, new_last + 1):
            row = self._row(number, pattern)
            standing = {coordinate_to_tuple(cell.get("r"))[1]: cell for cell in row}
            for column, cell in cells.items():
                if column in columns or (column not in standing and cell.blank):
                    standing[column] = cell.copy(number)
            row[:] = [standing[column] for column in sorted(standing)]
        self.data[:] = [self.rows[number] for number in sorted(self.rows)]

    def _row(self, number: int, pattern: etree._Element) -> etree._Element:
        row = self.rows.get(number)
        if row is None:
            row = self.rows[number] = etree.SubElement(self.data, _ROW, r=str(number))
        for name, value in pattern.attrib.items():
            if name not in _OF_ONE_ROW:
                row.set(name, value)
        return row

    def shrink(self, columns: frozenset[int], last: int, new_last: int) -> None:
        """Take away a table's last rows; what stands in other columns of them stays."""
        for number in range(new_last + 1, last + 1):
            row = self.rows.get(number)
            if row is None:
                continue
            for cell in list(row):
                column = coordinate_to_tuple(cell.get("r"))[1] if cell.tag == _CELL else 0
                if column in columns:
                    row.remove(cell)
            if all(cell.find("*") is None for cell in row):
                self.data.remove(row)
                del self.rows[number]
        for group, places in list(self.shared.items()):
            staying = [place for place in places if not (new_last < place.row <= last and place.column in columns)]
            if staying and len(staying) < len(places):
                self._trim_shared(group, places[0], staying)

    def _trim_shared(self, number: str, master: Cell, staying: Sequence[Cell]) -> None:
        """Let a shared formula's range be that of the cells that stay, and its text not go with the first of them."""
        if master not in staying:
            self._unshare(number, {place: self.text(place) or "" for place in staying})
            return
        rows, columns = zip(*staying, strict=True)
        self.formulas[master].set("ref", str(Area(min(columns), min(rows), max(columns), max(rows))))
        self.shared[number] = list(staying)

    def used_last(self) -> int:
        """Return the last row that has cells."""
        return max((number for number, row in self.rows.items() if len(row)), default=1)


class _Pattern:
    """A cell of a table's last row, to be copied into the rows below: without its value."""

    def __init__(self, grid: Grid, place: Cell) -> None:
        cell = grid.cells[place]
        formula = cell.find(_FORMULA)
        self.blank = len(cell) == 0
        self._place = place
        self._letter = get_column_letter(place.column)
        self._make = grid.data.makeelement
        self._attributes = {"s": cell.get("s")} if cell.get("s") else {}
        self._formula: Copied | None = None
        if formula is None:
            return
        self._formula = Copied(formula.text or grid.text(place) or "")
        self._calculated_always = formula.get("ca")
        self._array = area(formula.get("ref", "")) if formula.get("t") == "array" else None
        if self._array and cell.get("cm"):
            self._attributes["cm"] = cell.get("cm")  # a dynamic array

    def copy(self, number: int) -> etree._Element:
        """Return the cell of this column in another row."""
        cell = self._make(_CELL, r=f"{self._letter}{number}", **self._attributes)
        if self._formula is None:
            return cell
        rows = number - self._place.row
        formula = etree.SubElement(cell, _FORMULA)
        formula.text = self._formula.by(rows)
        if self._calculated_always:
            formula.set("ca", self._calculated_always)
        if self._array:
            moved_array = self._array._replace(top=self._array.top + rows, bottom=self._array.bottom + rows)
            formula.set("t", "array")
            formula.set("ref", str(moved_array))
        return cell
