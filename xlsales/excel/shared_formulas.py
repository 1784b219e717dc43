"""Formulas that columns repeat, stored as Excel stores them: once, with the cells that share them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml import etree
from openpyxl.formula.translate import Translator
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from xlsales.excel import parts

_FEWEST = 3  # cells that share a formula


def share(sheet: bytes) -> bytes:
    """Return the worksheet part with each formula that follows from the one above it stored as shared."""
    root = parts.parse(sheet)
    index = 0
    for column in _columns(root):
        for run in _runs(column):
            if len(run) >= _FEWEST:
                _share(run, index)
                index += 1
    return parts.serialised(root)


def _columns(root: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield each column's cells that have a plain formula, from the top."""
    cells = [cell for cell in root.iter("{*}c") if _plain(cell)]
    places = {cell: coordinate_to_tuple(cell.get("r")) for cell in cells}
    cells.sort(key=lambda cell: (places[cell][1], places[cell][0]))
    for _column, found in groupby(cells, key=lambda cell: places[cell][1]):
        yield list(found)


def _plain(cell: etree._Element) -> bool:
    formula = cell.find("{*}f")
    return formula is not None and not formula.attrib


def _runs(column: Sequence[etree._Element]) -> Iterator[list[etree._Element]]:
    run: list[etree._Element] = []
    for cell in column:
        if run and not _follows(run[-1], cell):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def _follows(above: etree._Element, cell: etree._Element) -> bool:
    row, column = coordinate_to_tuple(above.get("r"))
    if cell.get("r") != f"{get_column_letter(column)}{row + 1}":
        return False
    moved = Translator(f"={above.find('{*}f').text}", above.get("r")).translate_formula(cell.get("r"))
    return bool(moved == f"={cell.find('{*}f').text}")


def _share(run: Sequence[etree._Element], index: int) -> None:
    for cell in run:
        formula = cell.find("{*}f")
        formula.set("t", "shared")
        formula.set("si", str(index))
        formula.text = formula.text if cell is run[0] else None
    run[0].find("{*}f").set("ref", f"{run[0].get('r')}:{run[-1].get('r')}")
