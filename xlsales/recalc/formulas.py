"""The formulas of a worksheet part: their texts, shared ones written out, and the cells that each fills."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.utils.cell import coordinate_to_tuple

from xlsales.cells import escapes
from xlsales.cells.formulas import Formula
from xlsales.cells.references import Area, area, moved
from xlsales.workbook.sheet_part import Cell, SheetPart

_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?f\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(?P<text>.*)</", re.DOTALL)
_EMPTY = re.compile(rb"<(?:[\w.-]+:)?f\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)/>\s*$", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_METADATA = re.compile(rb"""\scm\s*=\s*["'][^"'0]""")


class _Element(NamedTuple):
    attributes: dict[str, str]
    text: str
    is_escaped: bool  # in the file


def formulas(part: SheetPart) -> Iterator[tuple[str, Formula]]:
    """Yield the formulas of a worksheet part with their cells."""
    masters: dict[str, tuple[str, _Element]] = {}
    for cell in part.formulas:
        element = _element(cell)
        attributes, text, is_escaped = element
        match attributes.get("t"):
            case "array":
                dynamic = _METADATA.search(cell.head) is not None
                filled = _area(attributes, cell)
                yield cell.reference, Formula(text, filled, is_dynamic=dynamic, is_escaped=is_escaped)
            case "dataTable":
                yield cell.reference, Formula(text, _area(attributes, cell), is_data_table=True)
            case "shared":
                group = attributes.get("si", "")
                if text:
                    masters[group] = cell.reference, element
                yield cell.reference, _shared(masters.get(group), cell.reference, text)
            case _ if text:  # an element without text is no formula: some programs mark what an array fills so
                yield cell.reference, Formula(text, is_escaped=is_escaped)


def _element(cell: Cell) -> _Element:
    found = _EMPTY.fullmatch(cell.formula) or _ELEMENT.match(cell.formula)
    if found is None:
        return _Element({}, "", False)
    attributes = {
        name.decode(): (double or single).decode() for name, double, single in _ATTRIBUTE.findall(found["attributes"])
    }
    stored = found.groupdict().get("text") or b""
    lines = stored.decode().replace("\r\n", "\n").replace("\r", "\n")  # as XML reads them
    written = html.unescape(lines).strip()
    text = escapes.formula(written)
    return _Element(attributes, text, text != written)


def _area(attributes: dict[str, str], cell: Cell) -> Area | None:
    return area(attributes.get("ref", "")) or area(cell.reference)


def _shared(master: tuple[str, _Element] | None, reference: str, text: str) -> Formula:
    """Return a shared formula as it reads in a cell; nothing where its first cell is missing."""
    if master is None:
        return Formula(text)
    (row, column), (first_row, first_column) = coordinate_to_tuple(reference), coordinate_to_tuple(master[0])
    copied = text or moved(master[1].text, row - first_row, column - first_column)
    return Formula(copied, is_escaped=master[1].is_escaped)
