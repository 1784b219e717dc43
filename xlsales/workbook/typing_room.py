"""Where nobody can type on a worksheet: inside merged cells, and in locked cells of a protected sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlsales.cells.references import Area, area
from xlsales.workbook import parts
from xlsales.workbook.sheet_part import SheetPart

_MERGED = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s(?:[^>]*?\s)?ref\s*=\s*["']([^"']*)["']""")
_PROTECTED = re.compile(
    rb"""<(?:[\w.-]+:)?sheetProtection\s(?:(?:[^>"']|"[^"]*"|'[^']*')*?\s)?sheet\s*=\s*["'](?:1|true|on)["']"""
)
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_FALSE = ("0", "false", "off")


def merged(part: SheetPart) -> list[Area]:
    """Return the merged areas of a worksheet."""
    found = (area(reference.decode()) for reference in _MERGED.findall(part.content, part.data[1]))
    return [cells for cells in found if cells is not None]


def is_protected(part: SheetPart) -> bool:
    """Whether a worksheet is protected."""
    return _PROTECTED.search(part.content, part.data[1]) is not None


def open_styles(contents: Mapping[str, bytes]) -> frozenset[int]:
    """Return the indexes of the styles whose cells are not locked."""
    place = parts.target_of_kind(contents, parts.workbook_part(contents), "styles")
    if place is None:
        return frozenset()
    styles = parts.parse(contents[place]).iterfind("{*}cellXfs/{*}xf")
    protections = (style.find("{*}protection") for style in styles)
    return frozenset(
        index for index, one in enumerate(protections) if one is not None and one.get("locked", "1") in _FALSE
    )


def style_of(part: SheetPart, reference: str) -> int | None:
    """Return the index of a cell's style; None where the sheet has no such cell."""
    cell = part.cells.get(reference)
    if cell is None:
        return None
    style = _STYLE.search(cell.head)
    return int(style[1]) if style else 0
