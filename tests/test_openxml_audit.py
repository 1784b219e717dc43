"""openxml-audit, a second and independent validator, faults nothing in what xlsales writes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openxml_audit import OpenXmlValidator

from tests.foreign_templates import FOREIGN
from xlsales.addin.shipped import shipped as shipped_addin
from xlsales.recalc import recalculated
from xlsales.workbook import package
from xlsales.workbook.template import shipped

# What it faults, though nothing is wrong, and why. Its verdict on what "opens cleanly" is not asked for: it calls a
# workbook with a part twice clean.
ALLOWED = {"xl/gadgets/data/gadget1.bin": "a part of a kind that nobody knows, whose bytes it takes for an OLE object"}


def faults(workbook: Path) -> list[str]:
    """What openxml-audit faults in a workbook, but for what is allowed."""
    found = [str(error) for error in OpenXmlValidator().validate(str(workbook)).errors]
    return [fault for fault in found if not any(part in fault for part in ALLOWED)]


@pytest.mark.parametrize("file_format", ["xlsm", "xlsx"])
def test_the_templates_are_sound(file_format: str) -> None:
    assert faults(shipped(file_format)) == []


def test_the_addin_is_sound() -> None:
    assert faults(shipped_addin()) == []


@pytest.mark.parametrize("name", ["T10 Darcel Schlecht.xlsm", "Overview.xlsx"])
def test_a_filled_planner_and_the_overview_are_sound(crm_batch: Any, name: str) -> None:
    assert faults(crm_batch.folder / name) == []


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
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"sheetData>", b"rows>")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(package.write(parts))
    assert faults(broken) != []
