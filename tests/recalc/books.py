"""Workbooks as others make them, and what a recalculated one shows."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlsales.recalc import Recalculated, recalculated

AS_OF = dt.date(2027, 1, 31)  # day 46,418


def openpyxl_book(
    cells: Mapping[str, Any],
    *,
    names: Mapping[str, str] | None = None,
    tables: Mapping[str, str] | None = None,
    from_1904: bool = False,
    change: Callable[[Any], None] | None = None,
) -> bytes:
    """A workbook of one sheet, S, as openpyxl writes it: no formula has a value."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "S"
    if from_1904:
        workbook.epoch = CALENDAR_MAC_1904
    for address, value in cells.items():
        sheet[address] = value
    for name, meaning in (names or {}).items():
        workbook.defined_names[name] = DefinedName(name, attr_text=meaning)
    for name, area in (tables or {}).items():
        sheet.add_table(Table(displayName=name, ref=area))
    if change:
        change(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def saved_by_excel(package: bytes, values: Mapping[str, Any]) -> bytes:
    """A workbook of openpyxl as if Excel had calculated and saved it, with these values of the formulas on S."""
    sheet = parts(package)["xl/worksheets/sheet1.xml"]
    for cell, value in values.items():
        kind = "b" if isinstance(value, bool) else "n"
        if isinstance(value, str):
            kind = "e" if value.startswith("#") else "str"
        shown_as = int(value) if isinstance(value, bool) else value
        given = rf'<c r="{cell}" t="{kind}">\g<formula><v>{shown_as}</v></c>'.encode()
        before = rb'<c r="%b"[^>]*>(?P<formula><f.*?</f>|<f[^>]*/>)<v ?/?>(?:</v>)?</c>' % cell.encode()
        sheet, found = re.subn(before, given, sheet)
        assert found == 1
    workbook = re.sub(rb' fullCalcOnLoad="1"', b"", parts(package)["xl/workbook.xml"])
    program = re.sub(rb"<Application>[^<]*<", b"<Application>Microsoft Excel<", parts(package)["docProps/app.xml"])
    changed = {"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": workbook, "docProps/app.xml": program}
    return with_parts(package, changed)


def done(package: bytes) -> Recalculated:
    """The workbook recalculated, as of the last day of January 2027."""
    return recalculated(package, "book.xlsx", AS_OF)


def shown(package: bytes, sheet: str = "S") -> dict[str, Any]:
    """What the cells of a sheet hold, dates as serial numbers, blank ones left out."""
    workbook = openpyxl.load_workbook(io.BytesIO(package), data_only=True)
    found = {cell.coordinate: cell.value for row in workbook[sheet].iter_rows() for cell in row}
    return {
        place: to_excel(value, workbook.epoch) if isinstance(value, (dt.date, dt.time)) else value
        for place, value in found.items()
        if value is not None
    }


def value(formula: Any, **cells: Any) -> Any:
    """What a formula in Z1 shows beside these cells; None where it is left for Excel."""
    return shown(done(openpyxl_book({**cells, "Z1": formula})).package).get("Z1")


def why_left(formula: Any, **cells: Any) -> str:
    """Why a formula in Z1 is left for Excel; nothing where it is not."""
    return done(openpyxl_book({**cells, "Z1": formula})).left.get(("S", "Z1"), "")


def parts(package: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(package: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The workbook with these parts in place of its own, or in addition."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts(package), **changed}.items():
            archive.writestr(name, content)
    return target.getvalue()
