"""Microsoft's Open XML SDK and openxml-audit, two independent validators, fault nothing in what xlsales writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from tests import open_xml_sdk
from tests.foreign_templates import FOREIGN
from xlsales.addin.shipped import shipped as shipped_addin
from xlsales.batch import findings_book, table_book
from xlsales.findings import Finding, FindingsLog
from xlsales.recalc import recalculated
from xlsales.workbook import package
from xlsales.workbook.template import shipped

if TYPE_CHECKING:
    from tests.conftest import Tables

Faults: TypeAlias = Callable[[Path], list[str]]

# What openxml-audit faults, though nothing is wrong, and why. Its verdict on what "opens cleanly" is not asked for: it
# calls a workbook with a part twice clean.
ALLOWED = {
    "xl/gadgets/data/gadget1.bin": "a part of a kind that nobody knows, whose bytes it takes for an OLE object",
    "inline-string cell(s)": "texts in their cells, which Excel reads, and shares when it saves them",
}


def audited(workbook: Path) -> list[str]:
    """What openxml-audit faults in a workbook, but for what is allowed."""
    from openxml_audit import OpenXmlValidator  # half a second, so only where it is used

    found = [str(error) for error in OpenXmlValidator().validate(str(workbook)).errors]
    return [fault for fault in found if not any(part in fault for part in ALLOWED)]


SDK = pytest.param(open_xml_sdk.faults, marks=pytest.mark.sdk, id="SDK")
each = pytest.mark.parametrize("faults", [SDK, pytest.param(audited, id="audit")])


@pytest.mark.sdk
@pytest.mark.parametrize("file_format", ["xlsm", "xlsx"])
def test_the_templates_are_sound(file_format: str) -> None:
    assert open_xml_sdk.faults(shipped(file_format)) == []


def test_templates_with_few_rows_are_sound_to_the_slow_one_too(small_template: Path, small_template_xlsx: Path) -> None:
    assert [audited(path) for path in (small_template, small_template_xlsx)] == [[], []]


@each
def test_the_addin_is_sound(faults: Faults) -> None:
    assert faults(shipped_addin()) == []


@pytest.mark.sdk
@pytest.mark.parametrize("name", ["T10 Darcel Schlecht.xlsm", "T11 Mei-Mei Johns.xlsm", "Overview.xlsx"])
def test_filled_planners_and_the_overview_are_sound(crm_batch: Any, name: str) -> None:
    assert open_xml_sdk.faults(crm_batch.folder / name) == []


def test_what_a_batch_makes_of_few_rows_is_sound_to_the_slow_one_too(run: Any, small_tables: Tables) -> None:
    """A planner whose lists were long enough, one whose lists grew, and the overview."""
    accounts = [{"territory_id": "T2", "account_id": f"B{number}", "account_name": "Ltd"} for number in range(7)]
    small_tables["accounts"] += accounts
    folder = run(small_tables).options.out
    workbooks = ["T1 North.xlsm", "T2 South.xlsm", "Overview.xlsx"]
    assert {name: audited(folder / name) for name in workbooks} == {name: [] for name in workbooks}


@each
def test_long_tables_are_sound(faults: Faults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_book, "MOST_ROWS", 3)
    log = FindingsLog()
    log.add(findings := [Finding("error", "X", "=1\n<&>\x01", row=row, territory_id="T1") for row in range(4)])
    path = tmp_path / "findings.xlsx"
    with path.open("w+b") as file:
        findings_book.write(file, lambda: [findings], log, {"T1": "T1 50% #1.xlsm"})
    assert faults(path) == []


@each
def test_a_recalculated_planner_is_sound(faults: Faults, small_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "again.xlsm"
    path.write_bytes(recalculated(small_template.read_bytes(), path.name, dt.date(2027, 1, 31)).package)
    assert faults(path) == []


@each
def test_a_planner_that_somebody_changed_is_sound(faults: Faults, small_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.xlsm"
    path.write_bytes(FOREIGN["everything"](small_template.read_bytes()))
    assert faults(path) == []


@each
@pytest.mark.unsound("a list of rows in another element")
def test_a_broken_workbook_is_faulted(faults: Faults, tiny_template: Path, tmp_path: Path) -> None:
    parts = package.read(tiny_template.read_bytes())
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"sheetData>", b"rows>")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(package.write(parts))
    assert faults(broken) != []
