"""What a planner has that is no input is not taken over by an update, and none of it is lost without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.foreign_templates import (
    SINGLE,
    button,
    external_link,
    own_sheet,
    picture,
    slicer,
    threaded_comment,
)
from tests.package_edit import OFFICE, WORKBOOK, PackageEdit
from xlsales.batch.update import theirs
from xlsales.batch.update.beside import Beside
from xlsales.batch.update.inputs import Inputs
from xlsales.batch.update.layout import layout
from xlsales.workbook import returned
from xlsales.workbook.template import Template, read

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months

Change = Callable[[bytes], bytes]
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LABEL = '<labelList xmlns="http://schemas.microsoft.com/office/2020/mipLabelMetadata"/>'


def part(name: str, content: str, kind: str) -> Change:
    def added(planner: bytes) -> bytes:
        edit = PackageEdit(planner)
        edit.add(name, content, kind)
        return edit.close()

    return added


def sheet_of_another_kind(kind: str, folder: str) -> Change:
    def added(planner: bytes) -> bytes:
        edit = PackageEdit(planner)
        root = f'<{kind} xmlns="{_MAIN}"/>'
        edit.add(f"xl/{folder}/sheet1.xml", root, f"{_SHEETS}.{kind}+xml")
        identifier = edit.link(WORKBOOK, f"{OFFICE}/{kind}", f"xl/{folder}/sheet1.xml")
        edit.replace(WORKBOOK, "</sheets>", f'<sheet name="Mine" sheetId="77" r:id="{identifier}"/></sheets>')
        return edit.close()

    return added


def formula(text: str) -> Change:
    def typed(planner: bytes) -> bytes:
        edit = PackageEdit(planner)
        edit.put_cells("Targets", 60, f'<c r="Z60"><f>{text}</f><v>7</v></c>')
        return edit.close()

    return typed


def labelled(planner: bytes) -> bytes:
    edit = PackageEdit(planner)
    link = '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="999" name="MSIP_Label_1_Enabled">'
    value = '<lpwstr xmlns="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">true</lpwstr>'
    edit.insert("docProps/custom.xml", f"{link}{value}</property>")
    return edit.close()


BESIDE: dict[str, tuple[Change, str]] = {
    "picture": (picture, "its pictures, shapes and charts"),
    "button": (button, "its pictures, shapes and charts"),
    "slicer": (slicer, "its slicers, its pictures, shapes and charts"),
    "notes": (threaded_comment, "its notes"),
    "sheet": (own_sheet, "the sheet My bonus"),
    "chart sheet": (sheet_of_another_kind("chartsheet", "chartsheets"), "the sheet Mine"),
    "dialog sheet": (sheet_of_another_kind("dialogsheet", "dialogsheets"), "the sheet Mine"),
    "formula": (formula("SUM(C9:C11)*2%"), "Targets!Z60"),
    "formula with a text": (formula('IF(C9="a &amp; b",1,2)'), "Targets!Z60"),
    "Python": (formula("_xlfn._xlws.PY(0,1,C9)"), "Targets!Z60"),
    "link": (external_link, "Growth!Z3"),
    "pivot table": (part("xl/pivotTables/pivotTable1.xml", "<a/>", f"{_SHEETS}.pivotTable+xml"), "its pivot tables"),
    "queries": (part("xl/connections.xml", "<a/>", f"{_SHEETS}.connections+xml"), "its queries and connections"),
    "object": (part("xl/embeddings/oleObject1.bin", "", "application/x"), "its embedded objects"),
    "signature": (part("_xmlsignatures/sig1.xml", "<a/>", "application/x+xml"), "its digital signature"),
    "label": (part("docMetadata/LabelInfo.xml", _LABEL, "application/x+xml"), "its sensitivity label"),
    "label of an older Excel": (labelled, "its sensitivity label"),
}


@pytest.fixture(scope="module")
def template(small_template: Path) -> Template:
    return read(small_template)


@pytest.fixture(scope="module")
def beside(template: Template) -> Callable[[bytes], list[str]]:
    """What is told of a planner of the small template."""
    knows, at = Beside(template), layout(template)

    def told(package: bytes) -> list[str]:
        planner = returned.parse(package, "T1 North.xlsx")
        return knows.places(planner, theirs.read(planner, at, Inputs()).cells)

    return told


@pytest.mark.parametrize("kind", BESIDE)
def test_what_is_not_taken_over_is_told_by_its_kind(
    kind: str, template: Template, beside: Callable[[bytes], list[str]]
) -> None:
    change, called = BESIDE[kind]
    assert ", ".join(beside(change(template.package))) == called


@pytest.mark.parametrize("kind", ["moved_sheets", "sparklines", "TRUE"])
def test_what_is_none_of_it_is_not_told(kind: str, template: Template, beside: Callable[[bytes], list[str]]) -> None:
    change = {**SINGLE, "TRUE": formula("TRUE()")}[kind]
    assert beside(template.package) == beside(change(template.package)) == []


def test_an_update_tells_once_what_it_does_not_take_over(months: Months) -> None:
    months.run()
    path = months.out / "T1 North.xlsm"
    path.write_bytes(labelled(path.read_bytes()))
    [finding] = [one for one in months.update().findings if one.code == "OWN_CELLS"]
    assert "(1: its sensitivity label)" in finding.message
    assert "OWN_CELLS" not in [one.code for one in months.update().findings]
