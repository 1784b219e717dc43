"""A worksheet part gives the same cells whether it is read at one go or event by event."""

from __future__ import annotations

import pytest

from xlsales.errors import InputError
from xlsales.workbook import package, sheet_part, sheet_scan
from xlsales.workbook import template as templates

_ROOT = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_USUAL = {
    "numbers": '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"><v>1.5E-3</v></c></row>',
    "a style and a kind": '<row r="2" spans="1:2"><c r="B2" s="4" t="s"><v>0</v></c></row>',
    "blank cells": '<row r="1"><c r="A1" s="1"/><c r="B1"></c></row><row r="7"/>',
    "formulas": '<row r="1"><c r="A1" t="str"><f>"a&amp;b"&lt;B1</f><v>x &lt; &#233;&#x41;</v></c></row>',
    "shared formulas": '<row r="1"><c r="A1"><f t="shared" ref="A1:A9" si="0">B1</f><v>1</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>',
    "metadata of a value": '<row r="1"><c r="A1" s="1" cm="1" t="e" vm="2"><f t="array" ref="A1">B1</f>'
    "<v>#N/A</v></c></row>",
    "an empty value": '<row r="1"><c r="A1" t="str"><f>B1</f><v/></c><c r="B1"><v></v></c></row>',
    "spaces that count": '<row r="1"><c r="A1" t="str"><f>B1</f><v xml:space="preserve"> x\r\ny\rz </v></c></row>',
    "an angle bracket in an attribute": '<row r="1"><c r="A1" x="a>b" t="n"><v>1</v></c></row>',
    "no rows": "",
}
_UNUSUAL = {
    "texts inside cells": '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>',
    "a comment": '<row r="1"><!-- <c r="B1"/> --><c r="A1"><v>1</v></c></row>',
    "text marked as such": '<row r="1"><c r="A1" t="str"><f>B1</f><v><![CDATA[<c r="C1"/>]]></v></c></row>',
    "single quotes": "<row r='1'><c r='A1' t='b'><v>1</v></c></row>",
    "cells without references": "<row><c><v>1</v></c><c><v>2</v></c></row>",
    "a list of extensions": '<row r="1"><c r="A1"><f>B1</f><v>1</v><extLst><ext uri="x"/></extLst></c></row>',
    "a value before its formula": '<row r="1"><c r="A1"><v>1</v><f>B1</f></c></row>',
    "white space between elements": '<row r="1">\n <c r="A1">\n  <v>1</v>\n </c>\n</row>',
    "another order of attributes": '<row spans="1:1" r="3"><c s="1" r="A3"><v>1</v></c></row>',
    "a reference in an attribute": '<row r="1"><c r="A1" t="&#115;"><v>0</v></c></row>',
    "an instruction": '<row r="1"><?keep me?><c r="A1"><v>1</v></c></row>',
}


def _part(rows: str) -> bytes:
    return f"{_ROOT}<dimension ref='A1'/><sheetData>{rows}</sheetData><pageMargins left='1'/></worksheet>".encode()


def _event_by_event(content: bytes, monkeypatch: pytest.MonkeyPatch) -> sheet_part.SheetPart:
    with monkeypatch.context() as patch:
        patch.setattr(sheet_scan, "scanned", lambda _content: None)
        return sheet_part.read(content, "x")


@pytest.mark.parametrize("rows", _USUAL.values(), ids=_USUAL)
def test_what_excel_writes_is_read_at_one_go(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = _part(rows)
    assert sheet_scan.scanned(content) is not None
    assert sheet_part.read(content, "x") == _event_by_event(content, monkeypatch)


@pytest.mark.parametrize("rows", _UNUSUAL.values(), ids=_UNUSUAL)
def test_what_others_write_is_read_too(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = _part(rows)
    assert sheet_scan.scanned(content) is None
    assert sheet_part.read(content, "x") == _event_by_event(content, monkeypatch)


@pytest.mark.parametrize(
    "content",
    [
        _ROOT.encode() + b"</worksheet>",
        _ROOT.encode() + b"<sheetData/></worksheet>",
        _ROOT.encode() + b"<extLst><ext><sheetData><row r='1'/></sheetData></ext></extLst></worksheet>",
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>" + _part('<row r="1"><c r="A1"><v>1</v></c></row>'),
        b"<?xml version='1.0' encoding='ISO-8859-1'?>"
        + _part('<row r="1"><c r="A1" t="str"><v>').replace(b"</sheetData>", b"\xe9</v></c></row></sheetData>"),
    ],
)
def test_unusual_parts_are_read_too(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sheet_part.read(content, "x") == _event_by_event(content, monkeypatch)


@pytest.mark.parametrize(
    "rows",
    ['<row r="1"><c r="A1"><v>1</c></row>', '<row r="1"><c r="A1"><v>&x;</v></c></row>', '<row r="1" r="2"></row>'],
)
def test_what_is_no_xml_is_refused(rows: str) -> None:
    with pytest.raises(InputError, match="this sheet cannot be read"):
        sheet_part.read(_part(rows), "x")


def test_all_sheets_of_the_planner_are_read_at_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = package.read(templates.shipped("xlsm").read_bytes())
    sheets = [content for name, content in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) > 10
    for content in sheets:
        assert sheet_scan.scanned(content) is not None
        assert sheet_part.read(content, "x") == _event_by_event(content, monkeypatch)
