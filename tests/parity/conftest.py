from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.libreoffice import recalculated
from tests.parity.workbook import TWINS, Placed, write
from xlsales.calculation.session import blank_values
from xlsales.functions import CellError


@pytest.fixture(scope="session")
def parity_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the workbook with all cases stands."""
    return tmp_path_factory.mktemp("parity") / "parity.xlsx"


@pytest.fixture(scope="session")
def placed(parity_file: Path) -> list[Placed]:
    """All cases, written into the workbook."""
    return write(parity_file)


@pytest.fixture(scope="session")
def engine_values(parity_file: Path, placed: list[Placed]) -> Mapping[Any, Any]:
    """The workbook's values as the calculation engine sees them, by sheet and cell."""
    assert placed
    return blank_values(parity_file.read_bytes())


@pytest.fixture(scope="session")
def libreoffice_values(parity_file: Path, placed: list[Placed]) -> Mapping[Any, Any]:
    """The twins' values as LibreOffice calculates them, by sheet and cell."""
    assert placed
    [path] = recalculated([parity_file], parity_file.parent / "libreoffice")
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    try:
        return {
            (TWINS, cell.coordinate): CellError(str(cell.value)) if cell.data_type == "e" else cell.value
            for row in book[TWINS].iter_rows()
            for cell in row
            if cell.value is not None
        }
    finally:
        book.close()
        path.unlink()  # written by LibreOffice, which does not mark the spaces around a text: none of ours
