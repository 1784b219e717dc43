"""Runs xlwings' Windows half on any computer: pywin32, which it talks to Excel with, is a stub.

Nothing of xlwings itself is replaced: `call_udf` with its conversions, and `import_udfs` with its wrapper
generator, are the code that runs beside Excel. As a program it reads a pickled question from its standard
input and writes the pickled answer, so that the stubs stay out of every other test.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import importlib
import io
import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock, patch

FACES = Path(__file__).resolve().parents[2] / "udfs"
_MODULES = (
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32com",
    "win32com.client",
    "win32com.server",
    "win32com.server.dispatcher",
    "win32com.server.policy",
    "win32com.server.util",
    "win32con",
    "win32event",
    "win32gui",
    "win32process",
    "win32timezone",
)


class _Stub(ModuleType):
    """A module that has whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock()


class _Time(dt.datetime):
    """pywin32's date and time, which is Python's with a time zone."""


def install() -> None:
    """Import xlwings as on Windows."""
    stubs = {name: _Stub(name) for name in _MODULES}
    vars(stubs["pywintypes"]).update(TimeType=_Time, com_error=type("com_error", (Exception,), {}))
    vars(stubs["pythoncom"])["__file__"] = "pythoncom.dll"
    client = stubs["win32com.client"]
    vars(client).update({name: type(name, (), {}) for name in ("CDispatch", "DispatchBaseClass")})
    vars(stubs["win32com"])["client"] = client
    sys.modules.update(stubs)
    vars(ctypes).update(windll=MagicMock(), oledll=MagicMock())
    sys.path.insert(0, str(FACES))
    server: Any = importlib.import_module("serve")
    with server.absent(*server.UNUSED):
        _import_what_xlwings_uses()
        with patch.object(ctypes, "PyDLL"), patch.object(sys, "platform", "win32"):
            import xlwings

    if xlwings.func.__module__ != "xlwings.udfs":
        raise ImportError("xlwings did not load its Windows half: the stubs no longer fit this version.")


def _import_what_xlwings_uses() -> None:
    """Import xlwings once as this computer has it: what is not xlwings itself must not take it for Windows."""
    import asyncio

    import xlwings  # noqa: F401

    asyncio.new_event_loop().close()  # which kind there is, Python 3.14 finds out with the first
    for name in [name for name in sys.modules if name.partition(".")[0] == "xlwings"]:
        del sys.modules[name]


def call(name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Call a function as Excel does: True and the result, or False and the exception's text."""
    from xlwings.udfs import call_udf

    try:
        return True, call_udf("sales_udfs", name, arguments)  # type: ignore[no-untyped-call]
    except ValueError as error:
        return False, str(error)


def imported() -> tuple[str, list[tuple[str, dict[str, Any]]]]:
    """What xlwings' `Import Functions` writes: the VBA module, and each function's entry in the wizard."""
    from xlwings.udfs import import_udfs

    book = MagicMock()
    book.Name = "Sales Planner.xlsm"
    book.Application.Version = "16.0"
    modules: list[str] = []
    book.VBProject.VBComponents.Import = lambda path: modules.append(
        Path(path).read_text(encoding="utf-8", errors="replace")
    )
    with contextlib.redirect_stdout(io.StringIO()):
        import_udfs("sales_udfs", book)  # type: ignore[no-untyped-call]
    options = [(made.args[0], dict(made.kwargs)) for made in book.Application.MacroOptions.call_args_list]
    return modules[0], options


def main() -> None:
    """Answer a list of calls, or the question for the imported module."""
    question = pickle.load(sys.stdin.buffer)
    install()
    answer = imported() if question == "imported" else [call(*asked) for asked in question]
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    main()
