"""Holds files open and shares them with nobody, until its input ends."""

from __future__ import annotations

import ctypes
import sys

assert sys.platform == "win32"  # elsewhere mypy reads no further

_READ_AND_WRITE, _SHARED_WITH_NOBODY, _OPEN_EXISTING = 0xC0000000, 0, 3
_INVALID = ctypes.c_void_p(-1).value

CreateFileW = ctypes.WinDLL("kernel32", use_last_error=True).CreateFileW
CreateFileW.restype = ctypes.c_void_p


def main(*paths: str) -> None:
    for path in paths:
        handle = CreateFileW(path, _READ_AND_WRITE, _SHARED_WITH_NOBODY, None, _OPEN_EXISTING, 0, None)
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
    sys.stdout.write("held\n")
    sys.stdout.flush()
    sys.stdin.read()


main(*sys.argv[1:])
