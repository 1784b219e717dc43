"""The most memory that a process has held, in MiB."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

_MIB = 1024**2


def peak(process: int | None = None) -> float | None:
    """The peak of a running process, this one by default; None where the system does not tell."""
    if sys.platform == "linux":
        return _linux(process or os.getpid())
    if process is None and sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB  # bytes on macOS
    return _psutil(process)


def children_peak() -> float | None:
    """The peak of the largest child that has ended; Windows does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return largest / (_MIB if sys.platform == "darwin" else 1024)


def _linux(process: int) -> float | None:
    # Not getrusage: a new process begins there with the peak of the one that started it.
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None  # it has ended
    peaks = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")]
    return peaks[0] if peaks else None


def _psutil(process: int | None) -> float | None:
    """What psutil knows: the peak on Windows, the size at the moment elsewhere."""
    try:
        psutil: Any = importlib.import_module("psutil")  # not a dependency of xlsales
    except ImportError:
        return None
    try:
        memory = psutil.Process(process).memory_info()
    except psutil.Error:
        return None
    return float(getattr(memory, "peak_wset", memory.rss)) / _MIB
