"""A workbook as the calculation engine's reader gets it."""

from __future__ import annotations

import re
from dataclasses import replace

import formualizer

from xlsales.excel import package as packages
from xlsales.excel import parts, sheet_part
from xlsales.excel.formulas import Formulas, cells_of
from xlsales.excel.sheet_part import SheetPart

_ITERATE = re.compile(rb"""\siterate\s*=\s*("[^"]*"|'[^']*')""")


def opened(package: bytes, name: str, formulas: Formulas) -> formualizer.Workbook:
    """Return a workbook in the engine; dates and times come from it as serial numbers."""
    settings = formualizer.EvaluationConfig()
    settings.enable_parallel = False  # every processor has a worker of its own
    settings.date_system = "1904" if formulas.counts_from_1904 else "1900"
    configuration = formualizer.WorkbookConfig(eval_config=settings, enable_changelog=False)
    if formulas.iterates or any(formula.is_array for formula in formulas.cells.values()):
        package = _readable(package, name, formulas)
    try:
        workbook = formualizer.Workbook.from_bytes(package, config=configuration)
    except OSError:  # an extension list inside a cell stops its reader
        workbook = formualizer.Workbook.from_bytes(_readable(package, name, formulas), config=configuration)
    workbook.set_temporal_egress("serial")
    return workbook


def _readable(package: bytes, name: str, formulas: Formulas) -> bytes:
    """Return the workbook without extension lists in cells, and without values where array formulas spill.

    Nor may the engine go round in circles where Excel is told to: what comes out depends on what was shown before.
    """
    contents = packages.read(package)
    workbook = parts.workbook_part(contents)
    contents[workbook] = _ITERATE.sub(b"", contents[workbook])
    for sheet, place in parts.sheet_parts(contents).items():
        part = sheet_part.read(contents[place], f"{name}, {sheet}")
        contents[place] = part.with_cells(_without_extensions(part) | _emptied(part, sheet, formulas))
    return packages.write(contents)


def _without_extensions(part: SheetPart) -> dict[str, bytes]:
    extended = [cell for cell in part.cells.values() if cell.after]
    return {cell.reference: part.content[cell.start : cell.end].replace(cell.after, b"") for cell in extended}


def _emptied(part: SheetPart, sheet: str, formulas: Formulas) -> dict[str, bytes]:
    """Return the cells that array formulas spill into, where values would be in the way."""
    found = {}
    for (own, cell), formula in formulas.cells.items():
        for _sheet, place in cells_of((own, cell), formula.area) if own == sheet else ():
            spilled = part.cells.get(place)
            if spilled is not None and place != cell and not spilled.formula:
                found[place] = replace(spilled, after=b"").with_value(None, part.prefix)
    return found
