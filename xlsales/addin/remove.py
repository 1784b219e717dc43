"""`xlsales addin remove`: exactly what `install` put there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PureWindowsPath

from xlsales.addin import changes, settings
from xlsales.addin.install import is_ours
from xlsales.addin.places import Places, places
from xlsales.addin.windows import Windows
from xlsales.texts import _


def remove(windows: Windows, with_log: bool = False) -> Iterator[str]:
    """Remove the add-in and its settings for this user, sentence by sentence."""
    where = places(windows)
    yield from _addin(windows, where)
    if windows.is_file(where.settings):
        yield changes.drop(windows, where.settings)
    yield from _logs(windows, where, with_log)
    if windows.is_folder(where.own) and not windows.names(where.own):
        windows.delete(where.own)
    if windows.excel_is_open():
        yield _("Excel is open and keeps the functions until all its windows are closed.")


def _addin(windows: Windows, where: Places) -> Iterator[str]:
    written = settings.read(windows, where)
    addin = PureWindowsPath(written.addin) if written and written.addin else where.addin
    if not windows.is_file(addin):
        yield _("There is no add-in: {path}").format(path=addin)
    elif written and is_ours(windows, written):
        yield changes.drop(windows, addin)
    else:
        text = _("{path} stays: it is not the file that xlsales addin install wrote. Delete it yourself.")
        yield text.format(path=addin)


def _logs(windows: Windows, where: Places, with_log: bool) -> Iterator[str]:
    """Deal with the log and its older parts, xlsales.log.1 and so on."""
    for name in windows.names(where.own):
        if not name.startswith(where.log.name):
            continue
        path = where.own / name
        yield changes.drop(windows, path) if with_log else _("{path} stays; --all deletes it.").format(path=path)
