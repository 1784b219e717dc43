"""Formulas that read more cells than are calculated here, such as those of a sheet with a far cell, or other ones."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.calculation.engine.dependents import ANYWHERE, referred
from xlsales.cells.formulas import Formulas
from xlsales.cells.values import Address
from xlsales.texts import N_, _

MOST_READ = 20_000_000  # cells, the blank ones between others too
_TOO_MANY = N_("it reads more than {most:,} cells of the sheet {sheet}, whose last cell is far from the others")
_ANYWHERE = N_(
    "only calculating it tells what it reads, and the sheet {sheet}, whose last cell is far from the others, has more "
    "than {most:,} cells"
)
_MACROS = N_("it may refer to a sheet of macros, which are not run here")


class FarCells:
    """The sheets of a workbook with more cells than one formula may read, and those whose cells are not read at all."""

    def __init__(self, formulas: Formulas) -> None:
        """Find them; mostly there are none, and then nothing is looked for in formulas."""
        self._names = formulas.names
        self._unread = {sheet.casefold() for sheet in formulas.unread}
        self._sizes: Mapping[str, tuple[int, int]] = {
            sheet.casefold(): size for sheet, size in formulas.sizes.items() if size[0] * size[1] > MOST_READ
        }

    def read_by(self, text: str, address: Address) -> str:
        """Return why a formula is left; nothing where it reads no more cells than it may."""
        for sheet, cells in referred(text, address[0], self._names) if self._sizes or self._unread else ():
            if (sheet, cells) == ANYWHERE and self._sizes:
                return _(_ANYWHERE).format(most=MOST_READ, sheet=min(self._sizes))
            if sheet in self._unread or (sheet, cells) == ANYWHERE:
                return _(_MACROS)
            rows, columns = self._sizes.get(sheet, (0, 0))
            height = min(cells.bottom, rows) - cells.top + 1
            width = min(cells.right, columns) - cells.left + 1
            if height > 0 and width > 0 and height * width > MOST_READ:
                return _(_TOO_MANY).format(most=MOST_READ, sheet=sheet)
        return ""
