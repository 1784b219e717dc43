"""Windows' job objects: what a process and all that it starts may take, and that they end with the one that made it."""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

_EXTENDED_LIMITS = 9
_PROCESS_MEMORY, _KILL_ON_CLOSE = 0x100, 0x2000


class _Basic(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Job:
    """A job; what is in it ends when it is closed, or when this process ends."""

    def __init__(self, windows: Any, handle: int) -> None:
        """Take a job's handle."""
        self._windows, self._handle = windows, handle

    def __del__(self) -> None:
        self._windows.CloseHandle(self._handle)


def bounded(process: Any, megabytes: int) -> Job | None:
    """Put a process into a job of its own; None where Windows does not let it, as in some jobs of others.

    It is one that `subprocess` has started, or what `multiprocessing` has of one.
    """
    windows: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    windows.CreateJobObjectW.restype = wintypes.HANDLE
    windows.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
    windows.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    windows.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    windows.CloseHandle.argtypes = (wintypes.HANDLE,)
    handle = windows.CreateJobObjectW(None, None)
    if not handle:
        return None
    job = Job(windows, handle)
    limits = _Extended()
    limits.BasicLimitInformation.LimitFlags = _PROCESS_MEMORY | _KILL_ON_CLOSE
    limits.ProcessMemoryLimit = megabytes << 20
    windows.SetInformationJobObject(handle, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
    return job if windows.AssignProcessToJobObject(handle, int(process._handle)) else None
