"""A workbook's cells as openpyxl reads them, to hold one workbook against another."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.xml.constants import ARC_CUSTOM
from openpyxl.xml.functions import fromstring

_NOTHING = None, "n"


def cells_of(package: bytes) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every cell that holds or looks like something: its value or formula, stored value, type and style."""
    formulas = openpyxl.load_workbook(io.BytesIO(package))
    stored = dict(_stored(package))
    looks: dict[Any, tuple[Any, ...]] = {}  # thousands of cells look alike, and openpyxl takes long to tell

    def look(cell: Any) -> tuple[Any, ...]:
        key = tuple(cell._style)
        if key not in looks:
            looks[key] = _style(cell)
        return looks[key]

    found = {}
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.has_style:
                    place = sheet.title, cell.coordinate
                    value = stored.get(place, _NOTHING)
                    found[place] = _content(cell.value), cell.data_type, *value, *look(cell)
    return found


def _content(value: Any) -> Any:
    return getattr(value, "text", value)  # an array formula comes as an object


def _stored(package: bytes) -> Iterator[tuple[tuple[str, str], tuple[Any, str]]]:
    values = openpyxl.load_workbook(io.BytesIO(package), data_only=True, read_only=True)
    for sheet in values.worksheets:
        sheet.reset_dimensions()  # cells count, not what the sheet says of their number
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.data_type != "n":
                    yield (sheet.title, cell.coordinate), (cell.value, cell.data_type)
    values.close()


def _style(cell: Any) -> tuple[Any, ...]:
    font, fill, alignment = cell.font, cell.fill, cell.alignment
    return (
        cell.number_format,
        (font.name, font.sz, font.b, font.i, font.u, font.color and font.color.rgb),
        (fill.patternType, fill.fgColor.rgb),
        (alignment.horizontal, alignment.vertical, alignment.wrapText, alignment.indent),
        (cell.border.top.style, cell.border.bottom.style, cell.border.left.style, cell.border.right.style),
        cell.protection.locked,
    )


def properties_of(package: bytes) -> dict[str, str]:
    """The custom document properties, as openpyxl reads them; it need not read the sheets for them."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        found = CustomPropertyList.from_tree(fromstring(archive.read(ARC_CUSTOM)))
    return {prop.name: prop.value for prop in found.props}
