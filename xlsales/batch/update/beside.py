"""What stands in a planner beside its inputs: sheets, notes and cells of one's own, formulas that were overwritten.

None of it is taken over, so it is named. Cells are told by what they hold, not by where they are, for rows may have
been inserted: what the template nowhere has on a sheet is somebody's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from xlsales.cells.values import Address
from xlsales.texts import _
from xlsales.workbook import package as packages
from xlsales.workbook.given import Given
from xlsales.workbook.given_cells import GivenCells
from xlsales.workbook.returned import Returned
from xlsales.workbook.template import Template
from xlsales.workbook.worksheets import Worksheets

_NOTES = ("xl/comments", "xl/threadedComments/")


class Beside:
    """Knows what a template itself holds."""

    def __init__(self, template: Template) -> None:
        self._template = template

    def places(self, planner: Returned, inputs: Collection[Address]) -> list[str]:
        """Return what is somebody's own, as a person calls it: sheets, notes, then cells."""
        own = self._own
        sheets = [sheet for sheet in planner.cells.sheets if sheet not in own]
        notes = [_("its notes")] if self._has_more_notes(planner) else []
        cells = [
            f"{given.sheet}!{given.cell}"
            for sheet in planner.cells.sheets
            if sheet in own
            for given in _constants(planner.cells, planner.worksheets, sheet)
            if given.address not in inputs and _comparable(given) not in own[sheet]
        ]
        return [*(_("the sheet {name}").format(name=name) for name in sheets), *notes, *cells]

    def _has_more_notes(self, planner: Returned) -> bool:
        def of(parts: Collection[str]) -> int:
            return sum(part.startswith(_NOTES) for part in parts)

        return of(list(planner.parts)) > of(self._parts)

    @cached_property
    def _parts(self) -> list[str]:
        return list(packages.read(self._template.package))

    @cached_property
    def _own(self) -> dict[str, set[object]]:
        worksheets = Worksheets(packages.read(self._template.package), self._template.name)
        cells = GivenCells(worksheets)
        return {sheet: {_comparable(one) for one in _constants(cells, worksheets, sheet)} for sheet in cells.sheets}


def _constants(cells: GivenCells, worksheets: Worksheets, sheet: str) -> Iterator[Given]:
    """Yield the cells of a sheet that hold a value and no formula."""
    for reference, cell in worksheets.sheets[sheet].cells.items():
        if not cell.formula and cell.has_value:
            given = cells.at((sheet, reference))
            if given.value not in (None, ""):
                yield given


def _comparable(given: Given) -> object:
    value = given.value
    return f"{value:.15g}" if isinstance(value, float) else str(value).replace("\r\n", "\n")
