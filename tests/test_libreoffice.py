"""The second opinion really calculates, and says plainly when it cannot."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests import libreoffice
from tests.libreoffice import LibreOfficeError, needed, recalculated


def stale(path: Path) -> Path:
    """A workbook whose stored value is wrong: 2 + 3 stored as 99."""
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_formula("A1", "=2+3", None, 99)
    book.close()
    return path


@pytest.mark.libreoffice
@needed()
def test_stored_values_are_ignored(tmp_path: Path) -> None:
    written = [stale(tmp_path / "one.xlsx"), stale(tmp_path / "with a blank.xlsx")]
    copies = recalculated(written, tmp_path / "again")
    assert [copy.name for copy in copies] == ["one.xlsx", "with a blank.xlsx"]
    for copy in copies:
        assert openpyxl.load_workbook(copy, data_only=True).active["A1"].value == 5


@pytest.mark.libreoffice
@needed()
def test_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibreOfficeError, match=r"wrote no absent\.xlsx"):
        recalculated([tmp_path / "absent.xlsx"], tmp_path / "again")


def test_originals_are_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: "soffice")
    with pytest.raises(LibreOfficeError, match="overwrite"):
        recalculated([tmp_path / "one.xlsx"], tmp_path)
    with pytest.raises(LibreOfficeError, match="overwrite"):
        recalculated([tmp_path / "one.xlsx", tmp_path / "one.xlsm"], tmp_path / "again")


def test_missing_program_skips_at_home_and_fails_on_a_build_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    assert needed().args == (True,)
    monkeypatch.setenv("CI", "true")
    assert needed().args == (False,)
    with pytest.raises(LibreOfficeError, match="is not installed"):
        recalculated([tmp_path / "one.xlsx"], tmp_path / "again")
