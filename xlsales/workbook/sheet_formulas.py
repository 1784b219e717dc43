"""The formulas of a worksheet part: their texts, shared ones written out, and the cells that each fills."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from xlsales.cells import escapes
from xlsales.cells.columns import coordinate_to_tuple
from xlsales.cells.formulas import Formula
from xlsales.cells.references import Area, Copied, area
from xlsales.workbook.sheet_part import Cell, SheetPart

_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?f\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(?P<text>.*)</", re.DOTALL)
_EMPTY = re.compile(rb"<(?:[\w.-]+:)?f\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)/>\s*$", re.DOTALL)
_MEMBER = re.compile(rb'<(?:[\w.-]+:)?f t="shared" si="(\d+)"/>')  # that shares another cell's formula
_ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_METADATA = re.compile(rb"""\scm\s*=\s*["'][^"'0]""")


class _Element(NamedTuple):
    attributes: dict[str, str]
    text: str
    is_escaped: bool  # in the file


class _Master:
    """A formula that others share."""

    def __init__(self, reference: str, element: _Element) -> None:
        self._row, self._column = coordinate_to_tuple(reference)
        self._copied = Copied(element.text)
        self._is_escaped = element.is_escaped

    def copied(self, reference: str) -> Formula:
        """Return the formula as it reads in a cell."""
        row, column = coordinate_to_tuple(reference)
        return Formula(self._copied.by(row - self._row, column - self._column), is_escaped=self._is_escaped)


def formulas(part: SheetPart) -> Iterator[tuple[str, Formula]]:
    """Yield the formulas of a worksheet part with their cells."""
    masters: dict[str, _Master] = {}
    for cell in part.formulas:
        member = _MEMBER.fullmatch(cell.formula)
        if member and (known := masters.get(member[1].decode())):
            yield cell.reference, known.copied(cell.reference)
            continue
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
                    masters[group] = _Master(cell.reference, element)
                yield cell.reference, masters[group].copied(cell.reference) if group in masters else Formula("")
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
