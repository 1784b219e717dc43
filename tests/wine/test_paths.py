"""Users, folders and virtual environments whose names the ANSI code page lacks: the DLL knows no other letters."""

from __future__ import annotations

import shutil
from pathlib import PureWindowsPath

import pytest

from tests.wine.conftest import Ask
from tests.wine.machine import PYTHON, Machine, needed
from tests.wine.recipe import LOCAL

pytestmark = [pytest.mark.wine, needed()]

LOG = LOCAL / "xlsales" / "xlsales.log"


OTHER_USER = PureWindowsPath(r"C:\users\山田 太郎\AppData\Local")


def test_paths_beyond_the_code_page(windows: Machine, virtual_environment: PureWindowsPath, ask: Ask) -> None:
    """For a user of whose LOCALAPPDATA the DLL passes on a damaged one; the log is found all the same."""
    windows.succeed(str(virtual_environment.with_name("xlsales.exe")), "addin", "install")
    settings, other = LOCAL / "xlsales" / "excel.ini", OTHER_USER / "xlsales" / "excel.ini"
    windows.file(other.parent).mkdir(parents=True, exist_ok=True)
    shutil.copy(windows.file(settings), windows.file(other))
    windows.file(LOG).unlink(missing_ok=True)
    lived = ask("life", {"LOCALAPPDATA": str(OTHER_USER)})
    assert "山" not in lived["line"], "the DLL would lose it"
    assert "~" in lived["line"]
    assert lived["first"]["answer"] == lived["second"]["answer"] == 25.0
    assert lived["first"]["executable"].lower().endswith("python.exe")
    assert lived["first"]["executable"] != str(PYTHON)
    assert "KeyError: 'MAGIC_NUMBER'" in windows.file(LOG).read_text(encoding="utf-8")
