from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest

from xlsales.calculation import session
from xlsales.cells.values import Address, CellValue
from xlsales.planner.build import build
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


@dataclass(frozen=True)
class Built:
    """A template that was built anew, and the values that were calculated for it."""

    package: bytes
    values: FreshValues


@pytest.fixture(scope="session")
def built(template_path: Path) -> Built:
    """The template as its source builds it now."""
    values: dict[Address, CellValue] = {}

    def calculate(written: bytes) -> FreshValues:
        values.update(session.blank_values(written))
        return values

    return Built(build(template_path.suffix.removeprefix("."), calculate), values)


@pytest.fixture(scope="session")
def fresh_values(built: Built) -> FreshValues:
    """The template's values calculated anew, whatever is stored."""
    return built.values
