"""`xlsales addin build`, as typed: the add-in as a file, on any system."""

from __future__ import annotations

from pathlib import Path

from tests.cli.printed import Type
from xlsales.addin import workbook


def test_addin_build_writes_it_on_any_system(typed: Type, tmp_path: Path) -> None:
    place = tmp_path / "für alle" / "xlsales.xlam"
    printed = typed("addin", "build", "--out", place.parent)
    assert (printed.code, printed.error) == (0, "")
    assert printed.out.splitlines() == [f"{place}  {-(-place.stat().st_size // 1024):,} KB"]
    assert place.read_bytes() == workbook.build()


def test_addin_build_does_not_replace_a_file_unasked(typed: Type, tmp_path: Path) -> None:
    place = tmp_path / "xlsales.xlam"
    place.write_bytes(b"signed")
    assert "xlsales.xlam already exists" in typed("addin", "build", "--out", tmp_path).stopped()
    assert place.read_bytes() == b"signed"
    assert typed("addin", "build", "--out", tmp_path, "--overwrite").code == 0
    assert place.read_bytes() == workbook.build()
