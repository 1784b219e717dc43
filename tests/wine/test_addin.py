"""`xlsales addin` in Windows, beside an Excel that is there by name only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import PureWindowsPath
from typing import Any

import pytest

from tests.wine.conftest import SITE_PACKAGES, START_FOLDER, Commands
from tests.wine.machine import PROJECT, PYTHON, XLSALES, Machine, needed
from tests.wine.recipe import HOME, LOCAL
from xlsales.addin.shipped import shipped
from xlsales.version import XLWINGS_VERSION, __version__

pytestmark = [pytest.mark.wine, needed()]

EXCEL = PureWindowsPath(r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE")
APP_PATHS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
ADDIN = START_FOLDER / "xlsales.xlam"
SETTINGS = LOCAL / "xlsales" / "excel.ini"
READ = r"""
from tests.wine.inside.excel import setting
print([setting(key) for key in ("interpreter", "server", "dll64", "dll32", "xlwings", "xlsales", "nothing")])
"""
CALC = "calc", "MAGIC_NUMBER", "15000", "2500", "60%", "40%", "1"
WITHOUT_PANDAS = f"""
import sys
sys.modules["pandas"] = None
from xlsales.cli import main
for command in (["--version"], {list(CALC)}):
    sys.argv[1:] = command
    try:
        main()
    except SystemExit as end:
        assert not end.code, end.code
"""


@pytest.fixture(scope="module")
def computer(windows: Machine, command: Commands) -> Iterator[Machine]:
    """The computer as if a 64-bit Excel were installed, and nothing of ours in it."""
    windows.file(EXCEL).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(windows.file(PYTHON), windows.file(EXCEL))
    windows.succeed("reg", "add", APP_PATHS, "/ve", "/d", str(EXCEL), "/f")
    command("addin", "remove", "--all")
    shutil.rmtree(windows.file(SETTINGS.parent), ignore_errors=True)  # what batches before have kept there
    yield windows
    windows.succeed("reg", "delete", APP_PATHS, "/f")
    shutil.rmtree(windows.file(EXCEL).parents[2])


def by_name(shown: str) -> dict[str, dict[str, Any]]:
    """The doctor's findings by name."""
    return {row["check"]: row for row in json.loads(shown)}


def test_install_doctor_remove(computer: Machine, command: Commands) -> None:
    code, said = command("addin", "doctor", "--json")
    assert code == 1
    assert by_name(said)["add-in"]["remedy"] == "xlsales addin install"

    code, dry = command("addin", "install", "--dry-run")
    assert code == 0
    assert str(ADDIN) in dry
    assert not computer.file(ADDIN).exists()

    computer.succeed(str(XLSALES), "addin", "install")
    assert computer.file(ADDIN).read_bytes() == shipped().read_bytes()
    done = computer.run(str(XLSALES), "addin", "doctor", "--json")
    findings = by_name(done.stdout)
    assert done.stderr == ""
    assert [row for row in findings.values() if row["result"] == "fails"] == []
    assert done.returncode == 0
    assert findings["excel"]["found"] == f"{EXCEL}, 64-bit"
    assert findings["python"]["found"] == f"{PYTHON} (Python 3.12.9, 64-bit)"
    assert findings["call"]["result"] == "ok"
    assert findings["pywin32"]["result"] == "ok"
    assert str(HOME / f"xlwings64-{XLWINGS_VERSION}.dll") in findings["dll"]["found"]

    assert command("addin", "remove", "--all")[0] == 0
    assert not computer.file(ADDIN).exists()
    assert list(computer.file(START_FOLDER).iterdir()) == []
    assert not computer.file(SETTINGS.parent).exists()


def test_vba_reads_the_settings(installed: Machine) -> None:
    """GetPrivateProfileStringW takes the file for what it is: UTF-16 with letters that are not ASCII."""
    read = installed.succeed(str(PYTHON), "-B", "-c", READ, folder=PROJECT)
    dlls = [str(HOME / f"xlwings{bits}-{XLWINGS_VERSION}.dll") for bits in (64, 32)]
    server = SITE_PACKAGES / "xlsales" / "udfs" / "serve.py"
    assert read.strip() == str([str(PYTHON), str(server), *dlls, XLWINGS_VERSION, __version__, ""])


def test_commands_start_without_pandas(windows: Machine) -> None:
    assert windows.succeed(str(XLSALES), *CALC).strip() == "25"
    version, number = windows.succeed(str(PYTHON), "-c", WITHOUT_PANDAS).splitlines()
    assert (version, number) == (f"xlsales {__version__}", "25")
