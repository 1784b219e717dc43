"""One table's change of size, and which references follow it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from xlsales.cells.references import LAST_ROW, Area, Reference, replaced
from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook.table_size.place import TablePlace

_NUMBER = re.compile("[0-9]+")

Running = Callable[[], bool]


def always() -> bool:
    """Take a formula as one that is copied down row by row."""
    return True


def never() -> bool:
    """Take a formula as one that stands alone."""
    return False


@dataclass(frozen=True)
class Resize:
    """A table that gets a new last data row.

    `companions` are columns beside it, filled down to the same row by formulas: they follow as its own do.
    """

    place: TablePlace
    companions: frozenset[int]
    new_last: int

    @cached_property
    def columns(self) -> frozenset[int]:
        """The columns that get new rows, or lose them."""
        return self.place.columns | self.companions

    @property
    def grows(self) -> bool:
        """Whether rows are added."""
        return self.new_last > self.place.last

    def followed(self, formula: str, sheet: str, where: str, running: Running, *, inside: bool = False) -> str:
        """Return a formula of `sheet` with the ranges that end at the table's last row ending at the new one.

        A range whose end moves when the formula is copied down does not follow where `running` says that the
        formula is such a copy: `$H$7:$H406` in row 406 is that row's own. Rows that go while a formula outside
        the table (not `inside`) reads them alone are an error, which names the place `where`.
        """

        def change(reference: Reference) -> Reference:
            if not reference.on(self.place.sheet, sheet):
                return reference
            if self._follows(reference, running, inside=inside):
                assert reference.end is not None
                self._check_start(reference, where)
                return reference._replace(end=reference.end._replace(row=self.new_last))
            if self._reaches_beyond(reference):
                assert reference.end is not None
                assert reference.end.row is not None
                beyond = min(reference.end.row + self.new_last - self.place.last, LAST_ROW)
                return reference._replace(end=reference.end._replace(row=beyond))
            if not inside:
                self._check_start(reference, where)
            return reference

        return replaced(formula, change) if self._may_follow(formula, sheet) else formula

    @cached_property
    def _named(self) -> str:
        """The table's sheet as formulas name it, but for the case of its letters."""
        return self.place.sheet.replace("'", "''").casefold()

    def _may_follow(self, formula: str, sheet: str) -> bool:
        """Whether a formula may have to change: in a table that grows, only ranges down to its last row do, or beyond.

        Most formulas have none, or read other sheets, and need not be taken apart.
        """
        if sheet.casefold() != self.place.sheet.casefold() and self._named not in formula.casefold():
            return False
        if not self.grows:
            return True
        return ":" in formula and any(int(number) >= self.place.last for number in _NUMBER.findall(formula))

    def _follows(self, reference: Reference, running: Running, *, inside: bool) -> bool:
        start, end = reference.start, reference.end
        if end is None or start.row is None or end.row != self.place.last or not self._within(reference):
            return False
        if start.row == end.row and (self.place.first != self.place.last or not end.fixed_row):
            return False  # the cells of one row
        if end.fixed_row:
            return True
        whole = start.row == self.place.first and not start.fixed_row
        return (whole and not inside and running is not always) or not running()

    def _reaches_beyond(self, reference: Reference) -> bool:
        """Whether a range holds all rows and some beneath them: it goes on doing so, as where Excel inserts rows."""
        start, end = reference.start, reference.end
        if end is None or start.row is None or end.row is None or not (start.fixed_row and end.fixed_row):
            return False
        return start.row <= self.place.first and self.place.last < end.row < LAST_ROW and self._within(reference)

    def _within(self, reference: Reference) -> bool:
        start, end = reference.start.column, (reference.end or reference.start).column
        return start is not None and end is not None and {start, end} <= self.columns

    def _check_start(self, reference: Reference, where: str) -> None:
        row = reference.start.row
        if row is not None and self.new_last < row <= self.place.last and self._within(reference):
            message = _(
                "The table {table} cannot end at row {last}: {where} reads {reference}. "
                "Point it elsewhere, or leave the table as long as it is."
            )
            raise InputError(
                message.format(table=self.place.name, last=self.new_last, where=where, reference=reference)
            )

    def stretched(self, cells: Area) -> Area | None:
        """Return an area of the table's sheet that covers its last row as it follows; None when nothing is left."""
        if not (cells.top <= self.place.last <= cells.bottom and cells.meets(self.columns)):
            return cells
        if cells.bottom > self.place.last:
            return cells._replace(bottom=max(cells.bottom, self.new_last))
        return cells._replace(bottom=self.new_last) if cells.top <= self.new_last else None
