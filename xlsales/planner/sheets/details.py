"""Details: what a company keeps of a territory beside the plan; a batch writes its own columns here."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.planner import names
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Sheet, TableBlock
from xlsales.planner.placing import FIRST_ROW, Lane
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_


def sheet(tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    block = TableBlock(layout=tables["tblDetails"], main=True, row_height=20)
    return Sheet(
        name=names.DETAILS,
        kind=SheetKind.INPUT,
        title=N_("Details"),
        subtitle=N_("What your company keeps of this territory beside the plan; no figure rests on it."),
        widths=(34, 82),
        lanes=(Lane(1, (block,), top=FIRST_ROW),),
        one_page=True,
    )
