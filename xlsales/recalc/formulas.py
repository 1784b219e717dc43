"""The formulas of a worksheet part: their texts, shared ones written out, and the cells that each fills."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.utils.cell import coordinate_to_tuple

from xlsales.excel.formulas import Formula
from xlsales.excel.references import Area, area, moved
from xlsales.excel.sheet_part import Cell, SheetPart

_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?f\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(?P<text>.*)</", re.DOTALL)
_EMPTY = re.compile(rb"<(?:[\w.-]+:)?f\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)/>\s*$", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_METADATA = re.compile(rb"""\scm\s*=\s*["'][^"'0]""")


class _Element(NamedTuple):
    attributes: dict[str, str]
    text: str


def formulas(part: SheetPart) -> Iterator[tuple[str, Formula]]:
    """Yield the formulas of a worksheet part with their cells."""
    masters: dict[str, tuple[str, str]] = {}
    for cell in part.formulas:
        attributes, text = _element(cell)
        match attributes.get("t"):
            case "array":
                dynamic = _METADATA.search(cell.head) is not None
                yield cell.reference, Formula(text, _area(attributes, cell), is_dynamic=dynamic)
            case "dataTable":
                yield cell.reference, Formula(text, _area(attributes, cell), is_data_table=True)
            case "shared":
                group = attributes.get("si", "")
                if text:
                    masters[group] = cell.reference, text
                yield cell.reference, Formula(text or _copied(masters.get(group), cell.reference))
            case _:
                yield cell.reference, Formula(text)


def _element(cell: Cell) -> _Element:
    found = _EMPTY.fullmatch(cell.formula) or _ELEMENT.match(cell.formula)
    if found is None:
        return _Element({}, "")
    attributes = {
        name.decode(): (double or single).decode() for name, double, single in _ATTRIBUTE.findall(found["attributes"])
    }
    text = found.groupdict().get("text") or b""
    return _Element(attributes, html.unescape(text.decode()).strip())


def _area(attributes: dict[str, str], cell: Cell) -> Area | None:
    return area(attributes.get("ref", "")) or area(cell.reference)


def _copied(master: tuple[str, str] | None, reference: str) -> str:
    """Return a shared formula as it reads in another cell; nothing where its first cell is missing."""
    if master is None:
        return ""
    (row, column), (first_row, first_column) = coordinate_to_tuple(reference), coordinate_to_tuple(master[0])
    return moved(master[1], row - first_row, column - first_column)
