"""Puts calculated values beside the formulas of a worksheet part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from lxml import etree

from xlsales.excel import package
from xlsales.excel.values import Address, CellValue, escaped
from xlsales.functions.errors import CellError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
Calculate: TypeAlias = Callable[[bytes], Mapping[Address, CellValue]]  # a workbook → its formulas' values
_SHEET = f"{{{MAIN}}}sheet"
_C, _F, _V = f"{{{MAIN}}}c", f"{{{MAIN}}}f", f"{{{MAIN}}}v"


def with_values(written: bytes, calculate: Calculate) -> dict[str, bytes]:
    """Return the parts of a workbook that XlsxWriter wrote, with its formulas' values and plain labels."""
    parts = package.read(written)
    values = calculate(written)
    sheets = [sheet.get("name") for sheet in etree.fromstring(parts["xl/workbook.xml"], _PARSER).iter(_SHEET)]
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
    root = etree.fromstring(sheet, _PARSER)
    for cell in root.iter(_C):
        formula = cell.find(_F)
        if formula is not None:
            _store(cell, formula, values.get(cell.get("r")))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _store(cell: etree._Element, formula: etree._Element, value: CellValue) -> None:
    for old in cell.findall(_V):
        cell.remove(old)
    cell.attrib.pop("t", None)
    if value is None:
        return
    kind, text = _stored(value)
    if kind:
        cell.set("t", kind)
    element = etree.Element(_V)
    element.text = text
    formula.addnext(element)


def _stored(value: float | str | bool | CellError) -> tuple[str, str]:
    """Return a value's cell type and its text: the shortest that reads back as the same number."""
    match value:
        case bool():
            return "b", str(int(value))
        case CellError():
            return "e", value.code
        case str():
            return "str", escaped(value)
        case _:
            return "", repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
