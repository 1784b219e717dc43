from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlsales.workbook.template import shipped


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
