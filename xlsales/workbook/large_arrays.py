"""Array formulas that fill more cells than any calculation is for."""

from __future__ import annotations

from xlsales.cells.formulas import Formulas
from xlsales.errors import InputError
from xlsales.texts import _

MOST_FILLED = 2_000_000  # cells; a whole column is half of that


def refuse(formulas: Formulas, name: str) -> None:
    """Raise InputError for the first of them; `name` is the workbook's."""
    for (sheet, cell), formula in formulas.cells.items():
        area = formula.area
        if area and (area.right - area.left + 1) * (area.bottom - area.top + 1) > MOST_FILLED:
            message = _(
                "{name}, {sheet}!{cell}: This array formula fills {area}, more than {most:,} cells. Enter it in Excel "
                "for the cells that it needs, and save the workbook."
            )
            raise InputError(message.format(name=name, sheet=sheet, cell=cell, area=area, most=MOST_FILLED))
