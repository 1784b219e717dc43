"""How our VBA finds and starts Python, and what it says when it cannot, with Windows played by a test."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.end_to_end.libreoffice_vba import HERE, bridge_needed, recalculated
from xlsales.excel.vba.project import Module, ModuleKind, vba_project
from xlsales.excel.vba.sources import modules
from xlsales.version import XLWINGS_VERSION, __version__

pytestmark = [pytest.mark.libreoffice, bridge_needed()]

VERSIONS = f"xlwings {XLWINGS_VERSION}, xlsales {__version__}"
SETTINGS = {
    "interpreter": "C:\\Program Files\\Python 3\\python.exe",
    "server": "C:\\Program Files\\Python 3\\Lib\\serve.py",
    "dll64": "C:\\x64.dll",
    "dll32": "C:\\x32.dll",
    "xlwings": XLWINGS_VERSION,
    "xlsales": __version__,
}
LINE = '"C:\\Program Files\\Python 3\\python.exe" -B "C:\\Program Files\\Python 3\\Lib\\serve.py" $(CLSID)'
INSTALL, DOCTOR = "In a terminal run: xlsales addin install", "In a terminal run: xlsales addin doctor"
# What LibreOffice has otherwise than Excel.
PATCHES = {
    r"StrPtr\((\w+)\)": r"\1",  # the functions of Windows are ours, and take texts
    r"\.(Str|GetAttr|Module)\(": r".\1Of(",  # no class can have methods of these names
    r"ThisWorkbook\.IsAddin": "False",  # unknown
    r"(?m)^Private Declare (.*_\n)*.*\n": "",
}


def resolved(source: str, constants: Mapping[str, bool]) -> str:
    """A source as VBA's conditional compilation leaves it ([MS-VBAL] 3.4)."""
    kept, taken = [], [True]
    for line in source.splitlines(keepends=True):
        words = line.split()
        if words[:1] == ["#If"]:
            taken.append(constants[words[1]])
        elif words[:1] == ["#Else"]:
            taken[-1] = not taken[-1]
        elif words[:2] == ["#End", "If"]:
            taken.pop()
        elif all(taken):
            kept.append(line)
    assert taken == [True], "an #If without #End If"
    return "".join(kept)


def activation(constants: Mapping[str, bool]) -> Module:
    """Our module for this kind of Excel."""
    [ours] = [module for module in modules([]) if module.name == "Activation"]
    source = resolved(ours.source, constants)
    for excel, libreoffice in PATCHES.items():
        source = re.sub(excel, libreoffice, source)
    return Module(ours.name, source, ours.kind)


def outcomes(folder: Path, constants: Mapping[str, bool], arrangements: list[tuple[Any, ...]]) -> list[str]:
    """What our module says in each arrangement of Windows."""
    path = folder / "Activation.xlsm"
    windows = HERE / "vba" / "windows"
    book = xlsxwriter.Workbook(str(path))
    listed = [
        Module("ThisWorkbook", "", ModuleKind.DOCUMENT_WORKBOOK),
        Module("Sheet1", "", ModuleKind.DOCUMENT_SHEET),
        activation(constants),
        Module("Windows", (windows / "Windows.bas").read_text(encoding="ascii"), ModuleKind.STANDARD),
        Module("FoundServer", (windows / "FoundServer.cls").read_text(encoding="ascii"), ModuleKind.CLASS),
    ]
    book.add_vba_project(io.BytesIO(vba_project("xlsales_planner", listed)), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    book.add_worksheet().set_vba_name("Sheet1")
    book.close()
    scripts = [
        step for arranged in arrangements for step in (("Windows", "Arrange", arranged), ("Windows", "Outcome", ()))
    ]
    return recalculated(path, scripts, hand_in=False).scripts[1::2]


def settings(**changed: str) -> str:
    return "\n".join(f"{key}={value}" for key, value in {**SETTINGS, **changed}.items())


OTHER = "xlwings 0.1.2, xlsales 0.0.9"
AGAIN = (
    "Make this workbook again with what is installed, or install what it needs: "
    f"python -m pip install xlsales=={__version__}\r\n{INSTALL}"
)
CASES = {
    "all is there": ((settings(), True, 0, VERSIONS), f"[{LINE}] "),
    "not installed": (
        ("", True, 0, VERSIONS),
        f"[] The sales functions need Python and xlsales on this computer. {INSTALL}",
    ),
    "no DLL of this bitness": (
        (settings(dll64="", dll32=""), True, 0, VERSIONS),
        "[] The DLL of xlwings for this Excel (dll{bits}) is not there: \r\n" + INSTALL,
    ),
    "a DLL that does not load": (
        (settings(), False, 0, VERSIONS),
        "[] The DLL of xlwings for this Excel (dll{bits}) is not there: C:\\x{bits}.dll\r\n" + INSTALL,
    ),
    "other versions were installed": (
        (settings(xlwings="0.1.2", xlsales="0.0.9"), True, 0, VERSIONS),
        f"[] Installed: {OTHER}. Made for: {VERSIONS}.\r\n{AGAIN}",
    ),
    "the server has other versions": (
        (settings(), True, 0, OTHER),
        f"[{LINE}] Installed: {OTHER}. Made for: {VERSIONS}.\r\n{AGAIN}",
    ),
    "Python does not start": (
        (settings(), True, 0, ""),
        f"[{LINE}] Python did not start. {DOCTOR}\r\nCould not create Python process.",
    ),
    "two servers have stopped before": ((settings(), True, 2, VERSIONS), f"[{LINE}  ] "),
    "every server has stopped": (
        (settings(), True, 99, VERSIONS),
        f"[{LINE}{' ' * 20}] Python did not start. {DOCTOR}\r\nCould not activate Python COM server, hr = -2147023174",
    ),
}


@pytest.mark.parametrize("bits", ["64", "32"])
def test_python_is_started_or_the_message_says_what_to_do(bits: str, tmp_path: Path) -> None:
    found = outcomes(tmp_path, {"Mac": False, "Win64": bits == "64"}, [arranged for arranged, _told in CASES.values()])
    assert dict(zip(CASES, found, strict=True)) == {
        name: told.replace("{bits}", bits) for name, (_arranged, told) in CASES.items()
    }


def test_excel_for_mac_says_where_the_functions_work(tmp_path: Path) -> None:
    [found] = outcomes(tmp_path, {"Mac": True, "Win64": True}, [(settings(), True, 0, VERSIONS)])
    assert found == (
        "[] The sales functions work in Excel for Windows; here they show #VALUE!. "
        "The planner's own formulas work everywhere."
    )
