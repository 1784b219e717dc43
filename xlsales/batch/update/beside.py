"""What stands in a planner beside its inputs: sheets, notes, pictures and cells of one's own, overwritten formulas.

None of it is taken over, so it is named. Cells are told by what they hold, not by where they are, for rows may have
been inserted: what the template nowhere has on a sheet is somebody's own. Of what is no cell, it counts whether there
is more than in the template.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from xlsales.batch.update.own_formulas import OwnFormulas
from xlsales.cells.values import Address
from xlsales.texts import N_, _
from xlsales.workbook import package as packages
from xlsales.workbook import parts as parts_of
from xlsales.workbook import properties
from xlsales.workbook.given import Given
from xlsales.workbook.given_cells import GivenCells
from xlsales.workbook.returned import Returned
from xlsales.workbook.template import Template
from xlsales.workbook.worksheets import Worksheets

# What the names of parts begin with, of which a planner may have more than its template; what a person calls that.
_PARTS = (
    (("xl/comments", "xl/threadedComments/"), N_("its notes")),
    (("xl/pivotTables/",), N_("its pivot tables")),
    (("xl/slicers/", "xl/timelines/"), N_("its slicers")),
    (("xl/embeddings/", "xl/activeX/"), N_("its embedded objects")),
    (("xl/connections.xml", "xl/queryTables/"), N_("its queries and connections")),
    (("_xmlsignatures/sig",), N_("its digital signature")),
)
_DRAWING = "xl/drawings/drawing"
_DRAWN = re.compile(rb"</(?:\w+:)?(?:twoCell|oneCell|absolute)Anchor>")
_LABELS = ("docMetadata/LabelInfo.xml", "MSIP_Label_")  # a part, and what properties that tell one begin with


class Beside:
    """Knows what a template itself holds."""

    def __init__(self, template: Template) -> None:
        self._template = template

    def places(self, planner: Returned, inputs: Collection[Address]) -> list[str]:
        """Return what is somebody's own, as a person calls it: sheets, what is no cell, then cells."""
        own, known = self._own, set(parts_of.sheet_names(self._parts))
        sheets = [sheet for sheet in parts_of.sheet_names(planner.parts) if sheet not in known]
        cells = [
            f"{sheet}!{cell}"
            for sheet in planner.cells.sheets
            if sheet in own
            for cell in self._cells(planner, sheet)
            if (sheet, cell) not in inputs
        ]
        return [*(_("the sheet {name}").format(name=name) for name in sheets), *self._around(planner), *cells]

    def _cells(self, planner: Returned, sheet: str) -> Iterator[str]:
        for given in _constants(planner.cells, planner.worksheets, sheet):
            if _comparable(given) not in self._own[sheet]:
                yield given.cell
        yield from self._formulas.others(planner.worksheets.sheets[sheet])

    def _around(self, planner: Returned) -> Iterator[str]:
        """Yield what there is more of in a planner than in its template, and what is no cell."""
        for names, called in _PARTS:
            if _count(planner.parts, names) > _count(self._parts, names):
                yield _(called)
        if _drawn(planner.parts) > _drawn(self._parts):
            yield _("its pictures, shapes and charts")
        labels = {name for name in (*planner.parts, *planner.properties) if name.startswith(_LABELS)}
        if labels - {*self._parts, *properties.of_parts(self._parts)}:
            yield _("its sensitivity label")

    @cached_property
    def _parts(self) -> Mapping[str, bytes]:
        return packages.read(self._template.package)

    @cached_property
    def _own(self) -> dict[str, set[object]]:
        cells = GivenCells(self._sheets)
        return {sheet: {_comparable(one) for one in _constants(cells, self._sheets, sheet)} for sheet in cells.sheets}

    @cached_property
    def _formulas(self) -> OwnFormulas:
        found = OwnFormulas()
        for sheet in self._sheets.sheets.values():
            found.learn(sheet)
        return found

    @cached_property
    def _sheets(self) -> Worksheets:
        return Worksheets(self._parts, self._template.name)


def _count(parts: Collection[str], names: tuple[str, ...]) -> int:
    return sum(part.startswith(names) for part in parts)


def _drawn(parts: Mapping[str, bytes]) -> int:
    """Return how many things are drawn on the sheets."""
    return sum(len(_DRAWN.findall(parts[part])) for part in parts if part.startswith(_DRAWING))


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
