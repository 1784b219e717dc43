"""A workbook of one's own to resize: the table tblDeals at B3:F6 of Deals, with its headings and three rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import openpyxl
import xlsxwriter

from xlsales.workbook import package

Write: TypeAlias = Callable[[Any, Mapping[str, Any]], None]


def nothing(_workbook: Any, _sheets: Mapping[str, Any]) -> None:
    pass


def book(write: Write = nothing, typed: int = 3, **options: Any) -> bytes:
    """Return such a workbook; its rows after the first `typed` ones wait for input."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    sheets = {name: workbook.add_worksheet(name) for name in ("Deals", "View", "Other")}
    deals = sheets["Deals"]
    columns = [{"header": header} for header in ("Deal", "Amount", "Share", "Running", "Note")]
    deals.add_table("B3:F6", {"name": "tblDeals", "columns": columns, **options})
    bold, money = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "0.00"})
    for row in (4, 5, 6):
        deals.write(f"B{row}", f"D{row}" if row < 4 + typed else None, bold)
        deals.write(f"C{row}", row * 100 if row < 4 + typed else None, money)
        deals.write_formula(f"D{row}", f"=C{row}/SUM(C$4:C$6)", money, 0.5)
        deals.write_formula(f"E{row}", f"=SUM(C$4:C{row})", None, 1)
    write(workbook, sheets)
    workbook.close()
    return content.getvalue()


def long_book(write: Write) -> bytes:
    """Return a workbook whose table has blank rows from 4 to 97."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    sheets = {name: workbook.add_worksheet(name) for name in ("Deals", "View")}
    sheets["Deals"].add_table("B3:C97", {"name": "tblDeals"})
    write(workbook, sheets)
    workbook.close()
    return content.getvalue()


def cells(content: bytes, sheet: str, area: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))[sheet][area]]


def formula(content: bytes, sheet: str, cell: str) -> str:
    return str(cells(content, sheet, f"{cell}:{cell}")[0][0])


def edited(content: bytes, part: str, old: str, new: str) -> bytes:
    parts = package.read(content)
    assert parts[part].count(old.encode()) == 1
    parts[part] = parts[part].replace(old.encode(), new.encode())
    return package.write(parts)


DEALS, VIEW = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
FIVE = {"tblDeals": 5}
