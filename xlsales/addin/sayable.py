"""Paths as the DLL of xlwings can say them: its command line knows the ANSI code page only."""

from __future__ import annotations

from pathlib import PureWindowsPath

from xlsales.addin.windows import Windows


def sayable(windows: Windows, path: PureWindowsPath) -> PureWindowsPath | None:
    """Return a path or, where the code page lacks a character, its 8.3 form; None where that fails too."""
    if windows.in_ansi(str(path)):
        return path
    short = windows.short(path)
    return short if windows.in_ansi(str(short)) else None
