"""A workbook of one sheet, as a template: its cells and its names are given, all else is openpyxl's."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from xlsales.workbook.template import Template, parse

Book: TypeAlias = Callable[..., Template]


def one_sheet(
    cells: Mapping[str, Any], names: Mapping[str, str], change: Callable[[Any], object] = lambda _sheet: None
) -> Template:
    """The sheet S with these cells, and defined names with what each stands for."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "S"
    for address, value in cells.items():
        sheet[address] = value
    for name, meaning in names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=meaning)
    change(sheet)
    saved = io.BytesIO()
    workbook.save(saved)
    return parse(saved.getvalue(), "book.xlsx")
