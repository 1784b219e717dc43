"""LibreOffice, calculating from scratch, agrees with the value stored in every formula cell of a planner."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.libreoffice import needed, recalculated
from xlsales.excel.values import serial
from xlsales.functions import CATALOGUE
from xlsales.template import shipped

pytestmark = [pytest.mark.libreoffice, needed()]
PLANNERS = ("T01 Anna Snelling.xlsm", "T10 Darcel Schlecht.xlsm", "T11 Mei-Mei Johns.xlsm", "Overview.xlsx")


@pytest.fixture(scope="module")
def pairs(crm_batch: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Files as written and as LibreOffice recalculates them, in one start of it."""
    written = [shipped("xlsx"), *(crm_batch.folder / name for name in PLANNERS)]
    return {
        path.name: (path, again)
        for path, again in zip(written, recalculated(written, tmp_path_factory.mktemp("again")), strict=True)
    }


@pytest.mark.parametrize("name", ["Sales Planner.xlsx", *PLANNERS])
def test_every_formula_cell_agrees(pairs: dict[str, tuple[Path, Path]], name: str) -> None:
    written, again = pairs[name]
    formulas = openpyxl.load_workbook(written)
    stored, fresh = (openpyxl.load_workbook(path, data_only=True) for path in (written, again))
    compared = 0
    differences = []
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and not _python_alone(cell):
                    mine, theirs = (_plain(book[sheet.title][cell.coordinate].value) for book in (stored, fresh))
                    compared += 1
                    if not _same(mine, theirs):
                        differences.append(f"{sheet.title}!{cell.coordinate}: stored {mine!r}, LibreOffice {theirs!r}")
    assert differences == []
    assert compared > 100


def _python_alone(cell: Any) -> bool:
    """Whether a cell of the bridge shows what only the Python functions give, which LibreOffice has not."""
    if cell.parent.title != "Functions" or not any(f"{name}(" in _formula(cell, "F") for name in CATALOGUE):
        return False
    return cell.column_letter in "EF" or (cell.column_letter == "C" and _formula(cell, "G") == '=""')


def _formula(cell: Any, column: str) -> str:
    return str(cell.parent[f"{column}{cell.row}"].value or "")


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-12)
    return bool(mine == theirs)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return float(serial(value.date()))
    return "" if value is None else value
