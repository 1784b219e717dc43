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


def test_paths_beyond_the_code_page(windows: Machine, virtual_environment: PureWindowsPath, ask: Ask) -> None:
    windows.succeed(str(virtual_environment.with_name("xlsales.exe")), "addin", "install")
    lived = ask("life")
    assert "山" not in lived["line"], "the DLL would lose it"
    assert "~" in lived["line"]
    assert lived["first"]["answer"] == lived["second"]["answer"] == 25.0
    assert lived["first"]["executable"].lower().endswith("python.exe")
    assert lived["first"]["executable"] != str(PYTHON)


def test_user_name_beyond_the_code_page(installed: Machine, ask: Ask) -> None:
    """The DLL passes on a damaged LOCALAPPDATA; the log is found all the same."""
    other = PureWindowsPath(r"C:\users\山田 太郎\AppData\Local")
    installed.file(other / "xlsales").mkdir(parents=True, exist_ok=True)
    settings = LOCAL / "xlsales" / "excel.ini"
    shutil.copy(installed.file(settings), installed.file(other / "xlsales" / "excel.ini"))
    installed.file(LOG).unlink(missing_ok=True)
    lived = ask("life", {"LOCALAPPDATA": str(other)})
    assert lived["first"]["answer"] == 25.0
    assert "KeyError: 'MAGIC_NUMBER'" in installed.file(LOG).read_text(encoding="utf-8")
