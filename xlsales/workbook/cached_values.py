"""Puts calculated values beside the formulas of a worksheet part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from lxml import etree

from xlsales.cells.escapes import has_edge_space
from xlsales.cells.stored import stored
from xlsales.cells.values import Address, CellValue
from xlsales.workbook import package
from xlsales.workbook import parts as parts_of
from xlsales.workbook.parts import MAIN

Calculate: TypeAlias = Callable[[bytes], Mapping[Address, CellValue]]  # a workbook → its formulas' values
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SHEET = f"{{{MAIN}}}sheet"
_C, _F, _V = f"{{{MAIN}}}c", f"{{{MAIN}}}f", f"{{{MAIN}}}v"


def with_values(written: bytes, calculate: Calculate) -> dict[str, bytes]:
    """Return the parts of a workbook that XlsxWriter wrote, with its formulas' values and plain labels."""
    parts = package.read(written)
    values = calculate(written)
    sheets = [sheet.get("name") for sheet in parts_of.parse(parts["xl/workbook.xml"]).iter(_SHEET)]
    put_all(parts, sheets, values)
    package.explicit_charts(parts)
    return parts


def put_all(parts: dict[str, bytes], sheets: Sequence[str], values: Mapping[Address, CellValue]) -> None:
    """Put values into the worksheet parts, which are numbered in the order of the sheets."""
    by_sheet: defaultdict[str, dict[str, CellValue]] = defaultdict(dict)
    for (sheet, cell), value in values.items():
        by_sheet[sheet][cell] = value
    for number, sheet in enumerate(sheets, start=1):
        part = f"xl/worksheets/sheet{number}.xml"
        parts[part] = put(parts[part], by_sheet[sheet])


def put(sheet: bytes, values: Mapping[str, CellValue]) -> bytes:
    """Return the worksheet part with these values in its formula cells; a formula without one stays empty."""
    root = parts_of.parse(sheet)
    for cell in root.iter(_C):
        formula = cell.find(_F)
        if formula is not None:
            _store(cell, formula, values.get(cell.get("r")))
    return parts_of.serialised(root)


def _store(cell: etree._Element, formula: etree._Element, value: CellValue) -> None:
    for old in cell.findall(_V):
        cell.remove(old)
    cell.attrib.pop("t", None)
    found = stored(value)
    if found is None:
        return
    if found.kind:
        cell.set("t", found.kind)
    element = etree.Element(_V)
    element.text = found.text
    if has_edge_space(found.text):
        element.set(_SPACE, "preserve")
    formula.addnext(element)
