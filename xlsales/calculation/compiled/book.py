"""A template as the calculation engine reads it: its sheets, its names, and what its cells hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import formualizer

from xlsales.calculation.compiled.cells import Places
from xlsales.calculation.compiled.tree import Cells, UnsupportedFormulaError, fixed
from xlsales.calculation.engine.package import known_as, opened
from xlsales.calculation.engine.values import cell_value
from xlsales.texts import _
from xlsales.workbook.template import Template


class Book:
    """A template, read once."""

    def __init__(self, template: Template) -> None:
        self._workbook = opened(template.package, template.name, template.source, sheets=template.sheets)
        self._names = {
            name["name"].casefold(): name
            for name in self._workbook.get_named_ranges()
            if name["kind"] in ("range", "cell") and "sheet" in name and name["scope"] == "workbook"
        }
        self._of_one_sheet = {(sheet, name.casefold()) for sheet, name in template.source.names if sheet}
        self._sheets = set(self._workbook.sheet_names)

    def check(self, cells: Cells) -> None:
        """Refuse a reference to a sheet that is not there."""
        if cells.sheet is not None and cells.sheet not in self._sheets:
            raise UnsupportedFormulaError(_("there is no sheet {sheet}").format(sheet=cells.sheet))

    def named(self, sheet: str, name: str) -> Cells | None:
        """Return the cells that a defined name of the workbook means on a sheet that has none of the same name."""
        found = self._names.get(name.casefold())
        if found is None or (sheet, name.casefold()) in self._of_one_sheet:
            return None
        first = (found["start_row"], found["start_col"])
        last = (found["end_row"], found["end_col"])
        return fixed(found["sheet"], first, last, is_range=first != last)

    def cells(self, places: Places) -> Iterator[tuple[int, Any]]:
        """Yield the places of cells with what they hold."""
        for first, box in places.runs():
            if known_as(box.sheet) in self._sheets:
                area = formualizer.RangeAddress(known_as(box.sheet), box.top, box.left, box.bottom, box.right)
                for place, (value,) in enumerate(self._workbook.sheet(known_as(box.sheet)).get_values(area), first):
                    if value is not None:
                        yield place, cell_value(value)
