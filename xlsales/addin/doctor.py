"""`xlsales addin doctor`: everything that can stand between a cell and Python, in the order it matters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PureWindowsPath

from xlsales.addin import program, settings
from xlsales.addin.checks import Check, call, fails, files, ok, python, security
from xlsales.addin.interpreter import InterpreterError, described
from xlsales.addin.places import Places, places
from xlsales.addin.program import Excel
from xlsales.addin.settings import Settings
from xlsales.addin.windows import Windows
from xlsales.texts import _


def examine(windows: Windows, shipped: bytes) -> Iterator[Check]:
    """Yield every check; `shipped` is the add-in as this version has it."""
    where = places(windows)
    kept = settings.read(windows, where)
    excel = program.found(windows)
    yield ok("windows", windows.name)
    yield _excel(excel)
    yield from _python(windows, kept, excel)
    yield from files.checks(windows, where, kept, shipped)
    yield from security.checks(windows, _addin(where, kept))
    yield call.check(windows, where, kept)


def _addin(where: Places, kept: Settings | None) -> PureWindowsPath:
    return PureWindowsPath(kept.addin) if kept and kept.addin else where.addin


def _excel(excel: Excel | None) -> Check:
    if excel is None:
        return fails("excel", _("Excel is not installed on this computer."), _("Install Excel 2016 or newer."))
    found = _("{path}, {bits}-bit").format(path=excel.path, bits=excel.bits)
    if excel.is_too_old:
        return fails("excel", found, _("Install Excel 2016 or newer."))
    return ok("excel", found)


def _python(windows: Windows, kept: Settings | None, excel: Excel | None) -> Iterator[Check]:
    """Look at the Python that Excel uses, else at the one that runs this command."""
    path = PureWindowsPath(kept.interpreter) if kept and kept.interpreter else windows.executable
    try:
        interpreter = described(windows, path)
    except InterpreterError as error:
        yield fails("python", error.found, error.remedy)
        return
    yield from python.checks(windows, interpreter, excel)
