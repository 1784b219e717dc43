"""A sound workbook that has something of everything, to plant one defect in at a time."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zlib
from functools import cache
from typing import Any

import xlsxwriter

from tests.package_edit import TYPES, WORKBOOK, PackageEdit

CHAIN = "xl/calcChain.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@cache
def sound() -> bytes:
    """The workbook, as .xlsx: sheets Data (a table), Calc (formulas), Look (all that is drawn) and Other."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2027, 1, 1), "title": "Sound"})
    book.set_custom_property("first", "1")
    book.set_custom_property("second", "2")
    data, calc, look = (book.add_worksheet(name) for name in ("Data", "Calc", "Look"))
    other = book.add_worksheet("Other sheet")
    _data(book, data)
    _calc(book, calc)
    _look(book, look)
    other.write_string("A1", "here")
    other.write_comment("A1", "noted", {"author": "Ada"})
    other.write_comment("B2", "again", {"author": "Bo"})
    book.define_name("my_rate", "=Calc!$A$1")
    book.define_name("Calc!own", "=Calc!$A$2")
    book.close()
    return _with_chain(target.getvalue())


def _data(book: Any, data: Any) -> None:
    money = book.add_format({"num_format": '#,##0.00 "EUR"'})
    data.set_column(0, 0, 20)
    data.set_column(1, 3, 12, money)
    data.set_row(0, 20)
    rows = [["Ada", 1, 2], ["Bo ", 3, 4], ["Cy\nDy", 5, 6]]
    columns = [
        {"header": "Name", "total_string": "Total"},
        {"header": "Won"},
        {"header": "Lost", "total_function": "sum"},
        {"header": "Share", "formula": "tblDeals[[#This Row],[Won]]/SUM(tblDeals[Won])"},
    ]
    data.add_table("A1:D5", {"name": "tblDeals", "columns": columns, "data": rows, "total_row": True})
    data.add_table("F1:G3", {"name": "tblSmall", "columns": [{"header": "Key"}, {"header": "Word"}]})
    data.write_url("A8", "https://example.com/a%20b")
    data.write_url("A9", "internal:'Other sheet'!A1")
    data.merge_range("A11:B12", "merged")
    data.merge_range("C11:D12", "merged too")
    data.autofilter("I1:J3")
    data.write_row("I1", ["x", "y"])
    data.print_area("A1:D5")
    data.repeat_rows(0)
    data.set_footer("&CPage &P")
    data.set_landscape()
    data.set_print_scale(80)
    data.set_h_pagebreaks([20])
    data.freeze_panes(1, 0)


def _calc(book: Any, calc: Any) -> None:
    for row in range(3):
        calc.write_number(row, 0, row + 1)
        calc.write_formula(row, 1, f"=A{row + 1}*2", None, 2 * (row + 1))
    calc.write_formula("C1", "=IF(my_rate>1,\"more\",'Other sheet'!A1)", None, "here")
    calc.write_formula("C2", "=SUM(tblDeals[Won])+own", None, 11)
    calc.write_formula("C3", "=A1=1", None, True)
    calc.write_formula("C4", "=1/0", None, "#DIV/0!")
    calc.write_array_formula("D1:D3", "{=A1:A3*2}", None, 2)
    calc.write_array_formula("E1:E2", "{=A1:A2*3}", None, 3)
    calc.write_dynamic_array_formula("F1:F3", "=_xlfn._xlws.SORT(A1:A3)", None, 1)
    calc.write_formula("G1", "=_xlfn.CONCAT(A1:A3)", None, "123")
    calc.write_boolean("H1", True)
    calc.write_string("H2", "  edge ")
    calc.write_string("H3", "literal _x0041_")
    calc.set_column("J:J", 9, None, {"level": 1})
    del book


def _look(book: Any, look: Any) -> None:
    red = book.add_format({"bg_color": "#FF0000"})
    look.data_validation(
        "A1",
        {
            "validate": "list",
            "source": ["a", "b"],
            "input_title": "Choose",
            "input_message": "one",
            "error_title": "No",
            "error_message": "Choose a or b",
        },
    )
    look.data_validation("A2:A3", {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": "=Calc!$A$3"})
    look.conditional_format("B1:B9", {"type": "cell", "criteria": ">", "value": 3, "format": red})
    look.conditional_format("C1:C9", {"type": "data_bar", "data_bar_2010": True})
    look.conditional_format("D1:D9", {"type": "3_color_scale"})
    look.conditional_format("E1:E9", {"type": "icon_set", "icon_style": "4_arrows"})
    look.conditional_format("F1:F9", {"type": "formula", "criteria": "=$F1>my_rate", "format": red})
    look.add_sparkline("G1", {"range": "Calc!A1:A3"})
    look.insert_image("H1", "dot.png", {"image_data": io.BytesIO(_png()), "description": "a dot"})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Calc!$A$1:$A$3", "name": "=Look!$A$1"})
    look.insert_chart("J1", chart, {"description": "a line"})
    look.insert_button("A20", {"macro": "none", "caption": "Go"})


def _png() -> bytes:
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\1\2\3")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _with_chain(content: bytes) -> bytes:
    """With what XlsxWriter does not write: a shared formula, a calculation chain, a threaded comment."""
    edit = PackageEdit(content)
    sheet = edit.sheet("Calc")
    edit.replace(sheet, "<f>A1*2</f>", '<f t="shared" ref="B1:B3" si="0">A1*2</f>')
    edit.replace(sheet, "<f>A2*2</f>", '<f t="shared" si="0"/>')
    edit.replace(sheet, "<f>A3*2</f>", '<f t="shared" si="0"/>')
    edit.replace(WORKBOOK, ' fullCalcOnLoad="1"', "")
    chain = f'<calcChain xmlns="{_MAIN}"><c r="B1" i="2"/><c r="B2"/><c r="C1" i="2"/></calcChain>'
    edit.add(CHAIN, chain, f"{_SHEET_TYPES}.calcChain+xml")
    edit.link(WORKBOOK, "calcChain", CHAIN)
    assert TYPES in edit.parts
    return edit.close()
