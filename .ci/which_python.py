"""Says whether xlsales can run with a Python, before anything is installed, and else which one to get."""

from __future__ import annotations

import sys
import sysconfig

OLDEST = (3, 11)
NEWEST = (3, 14)  # that `python tests --wheels` has found wheels for


def fault(version: tuple[int, ...], implementation: str, platform: str, bits: int, free_threaded: bool = False) -> str:
    """What is wrong with a Python, and what to get instead; "" where nothing is.

    The platform is as `sysconfig` names it: win-amd64, macosx-11.0-arm64, linux-x86_64 …
    """
    this = f"{implementation} {'.'.join(map(str, version[:3]))} ({bits} bit, {platform})"
    windows = platform.startswith(("win", "mingw"))
    newest = ".".join(map(str, NEWEST))
    get = f"Get the 64-bit Python {newest} from python.org"
    if windows and "arm64" in platform:
        get += ' (the "Windows installer (64-bit)", not the one for ARM64)'
    again = f'start with "py -{newest}" instead of "python"' if windows else f'start with "python{newest}"'
    get += f" and {again}."
    if tuple(version[:2]) < OLDEST:
        return f"xlsales needs Python {'.'.join(map(str, OLDEST))} or newer; this is {this}. {get}"
    if implementation != "CPython":
        return f"xlsales needs CPython, the usual Python; this is {this}. {get}"
    if bits != 64:
        return f"xlsales needs a 64-bit Python; this is {this}. {get}"
    if platform.startswith("mingw"):
        return f"xlsales needs the Python from python.org; this is that of MSYS2, {this}. {get}"
    if platform == "win-arm64":
        return f"On Windows for ARM, xlsales needs the Python for x64, which runs there too; this is {this}. {get}"
    if free_threaded:
        return f"xlsales needs the usual build of Python; this is the free-threaded one, {this}. {get}"
    return ""


def fault_of_this_one() -> str:
    """What is wrong with the Python that runs this."""
    return fault(
        tuple(sys.version_info[:3]),
        {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy"}.get(
            sys.implementation.name, sys.implementation.name
        ),
        sysconfig.get_platform(),
        64 if sys.maxsize > 2**32 else 32,
        bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    )
