"""Microsoft's Open XML SDK finds nothing in a recalculated workbook that it did not find before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.open_xml_sdk import faults
from tests.recalc.books import done, openpyxl_book
from tests.recalc.test_values import xlsxwriter_book

LEFT = {"A1": "=NO_SUCH(1)", "A2": "=A1+1", "A3": "=1/0", "A4": '="a"&"<"', "A5": "=1=1"}


@pytest.mark.sdk
@pytest.mark.parametrize("package", [xlsxwriter_book(), openpyxl_book(LEFT)], ids=["spills", "left"])
def test_recalculated_workbook_is_as_sound_as_before(package: bytes, tmp_path: Path) -> None:
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    before.write_bytes(package)
    after.write_bytes(done(package).package)
    assert before.read_bytes() != after.read_bytes()
    assert faults(after) == faults(before)
