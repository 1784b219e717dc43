from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest

from xlsales.calculation import session
from xlsales.cells.values import Address, CellValue
from xlsales.workbook.template import shipped

FreshValues: TypeAlias = Mapping[Address, CellValue]


@pytest.fixture(scope="session", params=["xlsm", "xlsx"])
def template_path(request: pytest.FixtureRequest) -> Path:
    """One of the two shipped templates."""
    return shipped(request.param)


@pytest.fixture(scope="session")
def workbook(template_path: Path) -> Any:
    """The template with its formulas."""
    return openpyxl.load_workbook(io.BytesIO(template_path.read_bytes()))


@pytest.fixture(scope="session")
def blank_values(template_path: Path) -> Any:
    """The template with its formulas' values."""
    return openpyxl.load_workbook(io.BytesIO(template_path.read_bytes()), data_only=True)


@pytest.fixture(scope="session")
def fresh_values(template_path: Path) -> FreshValues:
    """The template's values calculated anew, whatever is stored."""
    return session.blank_values(template_path.read_bytes())
