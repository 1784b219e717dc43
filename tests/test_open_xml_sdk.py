"""Microsoft's Open XML SDK finds nothing to fault in what xlsales writes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.foreign_templates import FOREIGN
from tests.open_xml_sdk import faults
from xlsales.addin.shipped import shipped as shipped_addin
from xlsales.batch import findings_book, table_book
from xlsales.findings import Finding, FindingsLog
from xlsales.recalc import recalculated
from xlsales.workbook import package
from xlsales.workbook.template import shipped

pytestmark = pytest.mark.sdk


@pytest.mark.parametrize("file_format", ["xlsm", "xlsx"])
def test_the_templates_are_sound(file_format: str) -> None:
    assert faults(shipped(file_format)) == []


def test_the_addin_is_sound() -> None:
    assert faults(shipped_addin()) == []


@pytest.mark.parametrize("name", ["T10 Darcel Schlecht.xlsm", "T11 Mei-Mei Johns.xlsm", "Overview.xlsx"])
def test_filled_planners_and_the_overview_are_sound(crm_batch: Any, name: str) -> None:
    assert faults(crm_batch.folder / name) == []


def test_long_tables_are_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_book, "MOST_ROWS", 3)
    log = FindingsLog()
    log.add(findings := [Finding("error", "X", "=1\n<&>\x01", row=row, territory_id="T1") for row in range(4)])
    path = tmp_path / "findings.xlsx"
    with path.open("w+b") as file:
        findings_book.write(file, lambda: [findings], log, {"T1": "T1 50% #1.xlsm"})
    assert faults(path) == []


def test_a_recalculated_planner_is_sound(small_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "again.xlsm"
    path.write_bytes(recalculated(small_template.read_bytes(), path.name, dt.date(2027, 1, 31)).package)
    assert faults(path) == []


def test_a_planner_that_somebody_changed_is_sound(small_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.xlsm"
    path.write_bytes(FOREIGN["everything"](small_template.read_bytes()))
    assert faults(path) == []


@pytest.mark.unsound("a list of rows in another element")
def test_a_broken_workbook_is_faulted(tmp_path: Path) -> None:
    parts = package.read(shipped("xlsx").read_bytes())
    parts["xl/worksheets/sheet1.xml"] = (
        parts["xl/worksheets/sheet1.xml"].replace(b"<sheetData>", b"<rows>").replace(b"</sheetData>", b"</rows>")
    )
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(package.write(parts))
    assert faults(broken) != []
