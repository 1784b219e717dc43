"""The programs that run, as Windows lists them."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from typing import Any, ClassVar

assert sys.platform == "win32"  # elsewhere mypy reads no further

_ALL_PROCESSES = 2  # TH32CS_SNAPPROCESS


class Process(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_: ClassVar[Any] = (
        ("size", ctypes.c_uint),
        ("usage", ctypes.c_uint),
        ("number", ctypes.c_uint),
        ("heap", ctypes.c_void_p),
        ("module", ctypes.c_uint),
        ("threads", ctypes.c_uint),
        ("parent", ctypes.c_uint),
        ("priority", ctypes.c_long),
        ("flags", ctypes.c_uint),
        ("name", ctypes.c_wchar * 260),
    )


def running() -> dict[int, tuple[int, str]]:
    """Every process with its parent's number and its program's name."""
    return {number: (parent, name) for number, parent, name in _listed()}


def _listed() -> Iterator[tuple[int, int, str]]:
    kernel = ctypes.windll.kernel32
    kernel.CreateToolhelp32Snapshot.restype = ctypes.c_void_p
    snapshot = ctypes.c_void_p(kernel.CreateToolhelp32Snapshot(_ALL_PROCESSES, 0))
    process = Process(size=ctypes.sizeof(Process))
    found = kernel.Process32FirstW(snapshot, ctypes.byref(process))
    while found:
        yield process.number, process.parent, process.name
        found = kernel.Process32NextW(snapshot, ctypes.byref(process))
    kernel.CloseHandle(snapshot)
