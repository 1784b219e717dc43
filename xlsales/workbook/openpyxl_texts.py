"""Workbooks opened with openpyxl, their texts whole: by itself it drops some escapes and keeps the others."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS

from xlsales.cells.escapes import formula, unescaped


def opened(source: Any, **options: Any) -> Any:
    """Return a workbook as `openpyxl.load_workbook` does, but with its texts as they are stored, escapes included."""
    reader = _Reader(source, **options)
    reader.read()
    return reader.wb


def read(package: bytes, **options: Any) -> Any:
    """Return a workbook to be read: its texts and names as Excel shows them, its formulas as stored."""
    workbook = opened(io.BytesIO(package), **options)
    names = [*workbook.defined_names.values()]
    for sheet in workbook.worksheets:
        names += sheet.defined_names.values()
        for cell in sheet._cells.values():
            if cell.data_type == "s" and cell.value:
                cell._value = unescaped(cell.value)  # a text stays one, even if it begins with "="
    for defined in names:
        defined.attr_text = formula(defined.attr_text or "")
    return workbook


class _Reader(ExcelReader):  # type: ignore[misc]
    def read_strings(self) -> None:
        """Read the shared strings as they are stored."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_texts(source))


def _texts(source: IO[bytes]) -> Iterator[str]:
    """Yield the texts of a part of shared strings; phonetic readings are no part of them."""
    for _event, item in etree.iterparse(source, tag="{*}si", resolve_entities=False, no_network=True):
        pieces = (text for text in item.iter("{*}t") if etree.QName(text.getparent()).localname != "rPh")
        yield "".join(piece.text or "" for piece in pieces)
        item.clear()
        while item.getprevious() is not None:
            del item.getparent()[0]
