"""`xlsales addin install`: the add-in into Excel's start-up folder, and the settings that lead it to Python."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PureWindowsPath

from xlsales.addin import changes, program, settings
from xlsales.addin.checks import Result, python
from xlsales.addin.interpreter import Interpreter, InterpreterError, described
from xlsales.addin.places import Places, places
from xlsales.addin.sayable import sayable
from xlsales.addin.settings import Settings
from xlsales.addin.windows import Hive, Windows
from xlsales.texts import _
from xlsales.version import XLWINGS_VERSION, __version__

_INTERNATIONAL = r"Control Panel\International"


def install(
    windows: Windows,
    addin: bytes,
    python_path: PureWindowsPath | None = None,
    start_folder: PureWindowsPath | None = None,
    dry_run: bool = False,
) -> Iterator[str]:
    """Install for this user, sentence by sentence; a Python that cannot serve Excel raises before anything is done."""
    where = places(windows)
    if start_folder is not None:
        where = replace(where, start=start_folder)
    interpreter = described(windows, python_path or windows.executable)
    _refuse_what_cannot_work(windows, interpreter)
    before = settings.read(windows, where)
    yield _("Excel will use {path} ({kind}).").format(path=interpreter.path, kind=interpreter.kind)
    yield changes.put(windows, where.addin, addin, dry_run)
    yield changes.put(windows, where.settings, _settings(windows, interpreter, where, addin).to_bytes(), dry_run)
    if before and before.addin and PureWindowsPath(before.addin) != where.addin and is_ours(windows, before):
        yield changes.drop(windows, PureWindowsPath(before.addin), dry_run)
    yield _next(windows, dry_run)


def is_ours(windows: Windows, written: Settings) -> bool:
    """Whether the add-in is still the file that `install` wrote."""
    content = windows.read(PureWindowsPath(written.addin)) if written.addin else None
    return content is not None and hashlib.sha256(content).hexdigest() == written.addin_sha256


def _refuse_what_cannot_work(windows: Windows, interpreter: Interpreter) -> None:
    for check in python.checks(windows, interpreter, program.found(windows)):
        if check.result is Result.FAILS:
            raise InterpreterError(f"{check.name}: {check.found}", check.remedy)


def _settings(windows: Windows, interpreter: Interpreter, where: Places, addin: bytes) -> Settings:
    server = interpreter.server(windows)
    return Settings(
        interpreter=str(sayable(windows, interpreter.path)),
        server=str(server and sayable(windows, server)),
        dll64=str(interpreter.dll(windows, 64) or ""),
        dll32=str(interpreter.dll(windows, 32) or ""),
        xlwings=XLWINGS_VERSION,
        xlsales=__version__,
        addin=str(where.addin),
        addin_sha256=hashlib.sha256(addin).hexdigest(),
    )


def _next(windows: Windows, dry_run: bool) -> str:
    if dry_run:
        return _("Nothing was changed. Without --dry-run, this is done.")
    excel = _("Close all windows of Excel, then start it") if windows.excel_is_open() else _("Start Excel")
    text = _("{excel} and type {formula} into a cell: it shows 25. If it does not: xlsales addin doctor")
    return text.format(excel=excel, formula=_formula(windows))


def _formula(windows: Windows) -> str:
    """Return a formula to try, with the list separator of this Windows: Excel takes the arguments with it."""
    separator = str(windows.values(Hive.USER, _INTERNATIONAL).get("slist") or ",")
    return f"=MAGIC_NUMBER({f'{separator} '.join(('15000', '2500', '60%', '40%', '1'))})"
