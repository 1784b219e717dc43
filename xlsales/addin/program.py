"""The Excel on this computer: where it is, and whether it is a 64-bit or a 32-bit program."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import PureWindowsPath

from xlsales.addin.windows import Hive, Windows

OFFICE = "16.0"  # the registry's number for Excel 2016 and everything newer, Microsoft 365 too
_APP_PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_CLICK_TO_RUN = r"Software\Microsoft\Office\ClickToRun\Configuration"
_CURRENT = r"Excel.Application\CurVer"
_OLDEST = 16
_I386 = 0x014C  # IMAGE_FILE_MACHINE_I386 in the header of a program (Microsoft, PE format)


@dataclass(frozen=True)
class Excel:
    """The Excel that is installed."""

    path: PureWindowsPath
    bits: int
    version: int

    @property
    def is_too_old(self) -> bool:
        """Whether it is older than Excel 2016."""
        return self.version < _OLDEST


def found(windows: Windows) -> Excel | None:
    """Return the Excel that is installed; None where there is none."""
    for hive in (Hive.USER, Hive.MACHINE):
        named = windows.values(hive, _APP_PATHS).get("")
        if not named:
            continue
        path = PureWindowsPath(str(named).strip('"'))
        if windows.is_file(path):
            return Excel(path, _bits(windows, path), _version(windows))
    return None


def _version(windows: Windows) -> int:
    """Return the number that Excel registered; where it registered none, it passes as new enough."""
    number = str(windows.values(Hive.CLASSES, _CURRENT).get("", "")).rpartition(".")[2]
    return int(number) if number.isdecimal() else _OLDEST


def _bits(windows: Windows, path: PureWindowsPath) -> int:
    header = windows.read(path, 4096) or b""
    if header[:2] == b"MZ" and len(header) >= 64:
        (start,) = struct.unpack_from("<I", header, 60)
        if header[start : start + 4] == b"PE\0\0" and len(header) >= start + 6:
            return 32 if struct.unpack_from("<H", header, start + 4) == (_I386,) else 64
    click_to_run = windows.values(Hive.MACHINE, _CLICK_TO_RUN).get("platform")
    return 32 if click_to_run == "x86" else 64
