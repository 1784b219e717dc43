"""Our module Activation for one kind of Excel, and the Windows that a test plays for it in LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.end_to_end.libreoffice_vba import HERE
from xlsales.version import XLWINGS_VERSION, __version__
from xlsales.workbook.vba.project import Module, ModuleKind
from xlsales.workbook.vba.sources import modules

VERSIONS = f"xlwings {XLWINGS_VERSION}, xlsales {__version__}"
SETTINGS = {
    "interpreter": "C:\\Program Files\\Python 3\\python.exe",
    "server": "C:\\Program Files\\Python 3\\Lib\\serve.py",
    "dll64": "C:\\x64.dll",
    "dll32": "C:\\x32.dll",
    "xlwings": XLWINGS_VERSION,
    "xlsales": __version__,
}
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


def windows() -> list[Module]:
    """The modules that play Windows and the DLL of xlwings."""
    folder = HERE / "vba" / "windows"
    return [
        Module("Windows", (folder / "Windows.bas").read_text(encoding="ascii"), ModuleKind.STANDARD),
        Module("FoundServer", (folder / "FoundServer.cls").read_text(encoding="ascii"), ModuleKind.CLASS),
    ]


def settings(**changed: str) -> str:
    return "\n".join(f"{key}={value}" for key, value in {**SETTINGS, **changed}.items())
