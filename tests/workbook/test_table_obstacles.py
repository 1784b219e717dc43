"""Tables that cannot grow or shrink, and the reasons that are told."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from tests.workbook.deals_book import DEALS, FIVE, Write, book, edited, long_book
from xlsales.errors import InputError
from xlsales.workbook.table_size import resized, why_not

LINK = '<hyperlinks><hyperlink ref="D12" location="View!A1"/></hyperlinks>'


def place(cell: str, value: str = "x") -> Write:
    return lambda _workbook, sheets: sheets["Deals"].write_string(cell, value)


def merged_below(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].merge_range("E20:G20", "")


def merged_at_once(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].merge_range("E7:G7", "")


def note_at_once(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].write_comment("C7", "remember")


def label_beside(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].merge_range("A4:A6", "2027")
    sheets["Deals"].merge_range("H20:I20", "")
    sheets["Deals"].write_string("A9", "x")


def table_below(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].add_table("F10:G12", {"name": "tblOther", "header_row": False})


def rule_below(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].data_validation("C9", {"validate": "integer", "criteria": ">", "value": 0})


def sparkline_below(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].add_sparkline("C9", {"range": "Deals!C4:C5"})


def note_below(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].write_comment("C9", "remember")


def array_over_rows(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].write_array_formula("F4:F6", "{=C4:C6*2}")


def table_beside(_workbook: Any, sheets: Mapping[str, Any]) -> None:
    sheets["Deals"].add_table("H3:I20", {"name": "tblOther"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (book(), None),
        (book(place("A7")), None),
        (book(place("G7")), None),
        (book(table_beside), None),
        (book(lambda _workbook, sheets: sheets["Deals"].merge_range("H20:I20", "")), None),
        (book(label_beside), "The table tblDeals on Deals cannot grow: A9 stands below it."),
        (book(place("B7")), "The table tblDeals on Deals cannot grow: B7 stands below it."),
        (book(place("F1000")), "The table tblDeals on Deals cannot grow: F1000 stands below it."),
        (book(merged_below), "The table tblDeals on Deals cannot grow: a merged cell stands below it, at E20:G20."),
        (book(table_below), "The table tblDeals on Deals cannot grow: the table tblOther stands below it, at F10:G12."),
        (book(rule_below), "The table tblDeals on Deals cannot grow: a data validation stands below it, at C9."),
        (book(sparkline_below), "The table tblDeals on Deals cannot grow: a sparkline stands below it, at C9."),
        (book(merged_at_once), "The table tblDeals on Deals cannot grow: a merged cell stands below it, at E7:G7."),
        (book(note_at_once), "The table tblDeals on Deals cannot grow: a note stands below it, at C7."),
        (
            book(lambda w, _s: w.define_name("in_x", "=Deals!$C$7")),
            "The table tblDeals on Deals cannot grow: the name in_x stands below it, at C7.",
        ),
        (book(array_over_rows), "The table tblDeals on Deals cannot grow: one formula fills F4:F6."),
        (book(total_row=True), "The table tblDeals on Deals has a totals row, at B6:F6. Switch it off"),
        (book(note_below), "The table tblDeals on Deals cannot grow: a note stands below it, at C9."),
        (
            edited(book(), DEALS, "</sheetData>", f"</sheetData>{LINK}"),
            "The table tblDeals on Deals cannot grow: a link stands below it, at D12.",
        ),
        (
            book(lambda w, _s: w.define_name("in_x", "=Deals!$C$40")),
            "The table tblDeals on Deals cannot grow: the name in_x stands below it, at C40.",
        ),
        (book(lambda w, _s: w.define_name("all", "=Deals!$C$4:$C$4000")), None),
        (book(lambda w, _s: w.define_name("beside", "=Deals!$J$40")), None),
        (
            edited(book(), "xl/tables/table1.xml", " totalsRowShown", ' tableType="queryTable" totalsRowShown'),
            "The table tblDeals on Deals is filled by a connection, which sets its size.",
        ),
    ],
)
def test_what_stands_below_a_table_keeps_it_as_it_is(content: bytes, reason: str | None) -> None:
    told = why_not(content, "tblDeals")
    if reason is None:
        assert told is None
        assert openpyxl.load_workbook(io.BytesIO(resized(content, FIVE)))["Deals"].tables["tblDeals"].ref == "B3:F8"
        return
    assert told is not None
    assert told.startswith(reason)
    with pytest.raises(InputError, match=re.escape(reason)):
        resized(content, FIVE)


def chart_of_rows(workbook: Any, sheets: Mapping[str, Any]) -> None:
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=Deals!$C$50:$C$60"})
    sheets["View"].insert_chart("A1", chart)


def reads(text: str) -> Write:
    return lambda _workbook, sheets: sheets["View"].write_formula("A1", text)


@pytest.mark.parametrize(
    ("content", "rows", "told"),
    [
        (book(), 2, "cannot shrink to row 5: B6 holds something."),
        (book(place("F6"), typed=2), 2, "cannot shrink to row 5: F6 holds something."),
        (book(reads("=Deals!C6"), typed=2), 2, "cannot end at row 5: View!A1 reads Deals!C6."),
        (book(reads("=SUM(Deals!$C$5:$C$6)"), typed=1), 1, "cannot end at row 4: View!A1 reads Deals!$C$5:$C$6."),
        (book(lambda w, _s: w.define_name("last", "=Deals!$C$6"), typed=2), 2, "the name last reads Deals!$C$6."),
        (long_book(chart_of_rows), 10, "cannot end at row 13: xl/charts/chart1.xml reads Deals!$C$50:$C$60."),
        (book(), 0, "cannot have 0 rows: give it 1 to 1048573."),
        (book(), 1_048_574, "cannot have 1048574 rows: give it 1 to 1048573."),
    ],
)
def test_a_table_never_loses_what_somebody_typed_or_reads(content: bytes, rows: int, told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        resized(content, {"tblDeals": rows})


def test_a_table_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"no table tblX\. Its tables are: tblDeals\."):
        resized(book(), {"tblX": 5})
    assert why_not(book(), "tblX") == "The template has no table tblX. Its tables are: tblDeals."
