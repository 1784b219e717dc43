"""The workbook as a zip of parts: the same parts, the same bytes."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from xlsales.workbook import package

TYPES = b'<Types><Override PartName="/xl/workbook.xml" ContentType="%s"/></Types>'
PLAIN = TYPES % b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO = TYPES % b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def test_parts_come_back_as_they_were_with_the_content_types_first() -> None:
    parts = {"xl/workbook.xml": b"<w/>", "docProps/é.xml": b"", "[Content_Types].xml": PLAIN}
    written = package.write(parts)
    assert package.read(written) == parts
    assert list(package.read(written)) == ["[Content_Types].xml", "xl/workbook.xml", "docProps/é.xml"]


def test_same_parts_give_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {"[Content_Types].xml": PLAIN, "xl/workbook.xml": b"<w/>" * 1000}
    first = package.write(parts)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert package.write(parts) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert member.compress_type == zipfile.ZIP_DEFLATED
            assert member.create_system == 0  # the same on Windows, macOS and Linux


@pytest.mark.parametrize(
    ("types", "model", "result"),
    [(PLAIN, MACRO, MACRO), (MACRO, PLAIN, PLAIN), (MACRO, MACRO, MACRO), (PLAIN, PLAIN, PLAIN)],
)
def test_content_types_follow_the_model(types: bytes, model: bytes, result: bytes) -> None:
    assert package.of_kind(types, model) == result


def test_chart_labels_not_wanted_are_named_so() -> None:
    label = b'<c:dLbls><c:showVal val="1"/></c:dLbls>'
    parts = {"[Content_Types].xml": PLAIN, "xl/charts/chart1.xml": label, "xl/other.xml": label}
    package.explicit_charts(parts)
    assert parts["xl/other.xml"] == label
    chart = parts["xl/charts/chart1.xml"]
    assert chart.count(b'<c:showVal val="1"/>') == 1
    for name in (b"LegendKey", b"CatName", b"SerName", b"Percent", b"BubbleSize"):
        assert b'<c:show%s val="0"/>' % name in chart


@pytest.mark.parametrize(("name", "macro"), [("Sales Planner.xlsm", True), ("Sales Planner.xlsx", False)])
def test_shipped_template_has_the_content_type_of_its_extension(name: str, macro: bool) -> None:
    path = Path(__file__).parents[2] / "workbook" / name
    types = package.read(path.read_bytes())["[Content_Types].xml"]
    assert (package.MAIN_XLSM in types, package.MAIN_XLSX in types) == (macro, not macro)
