"""How our VBA finds and starts Python, and what it says when it cannot, with Windows played by a test."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.end_to_end.libreoffice_vba import Office, bridge_needed
from tests.end_to_end.windows_vba import VERSIONS, activation, settings, windows
from xlsales.version import __version__
from xlsales.workbook.vba.project import Module, ModuleKind, vba_project

pytestmark = [pytest.mark.libreoffice, bridge_needed()]

LINE = '"C:\\Program Files\\Python 3\\python.exe" -B "C:\\Program Files\\Python 3\\Lib\\serve.py" $(CLSID)'
INSTALL = "In a terminal run: xlsales addin install"
DOCTOR = "In a terminal run: xlsales addin doctor. Then: Refresh, on the tab Formulas."


def outcomes(
    office: Office, folder: Path, constants: Mapping[str, bool], arrangements: list[tuple[Any, ...]]
) -> list[str]:
    """What our module says in each arrangement of Windows."""
    path = folder / "Activation.xlsm"
    book = xlsxwriter.Workbook(str(path))
    listed = [
        Module("ThisWorkbook", "", ModuleKind.DOCUMENT_WORKBOOK),
        Module("Sheet1", "", ModuleKind.DOCUMENT_SHEET),
        activation(constants),
        *windows(),
    ]
    book.add_vba_project(io.BytesIO(vba_project("xlsales_planner", listed)), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    book.add_worksheet().set_vba_name("Sheet1")
    book.close()
    scripts = [
        step for arranged in arrangements for step in (("Windows", "Arrange", arranged), ("Windows", "Outcome", ()))
    ]
    return office.recalculated(path, scripts, hand_in=False).scripts[1::2]


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
def test_python_is_started_or_the_message_says_what_to_do(bits: str, office: Office, tmp_path: Path) -> None:
    constants, arranged = {"Mac": False, "Win64": bits == "64"}, [arranged for arranged, _told in CASES.values()]
    found = outcomes(office, tmp_path, constants, arranged)
    assert dict(zip(CASES, found, strict=True)) == {
        name: told.replace("{bits}", bits) for name, (_arranged, told) in CASES.items()
    }


def test_excel_for_mac_says_where_the_functions_work(office: Office, tmp_path: Path) -> None:
    [found] = outcomes(office, tmp_path, {"Mac": True, "Win64": True}, [(settings(), True, 0, VERSIONS)])
    assert found == "[] The sales functions work in Excel for Windows; here they show #VALUE!."
