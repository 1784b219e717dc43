"""Changes to this user's files, made or only told, each in one sentence."""

from __future__ import annotations

from pathlib import PureWindowsPath

from xlsales.addin.windows import Windows
from xlsales.errors import XlsalesError
from xlsales.texts import _


def put(windows: Windows, path: PureWindowsPath, content: bytes, dry_run: bool) -> str:
    """Write a file where it is missing or different, and say so."""
    before = windows.read(path)
    if before == content:
        return _("{path} is there already.").format(path=path)
    if not dry_run:
        try:
            windows.write(path, content)
        except PermissionError as error:
            raise _held(path) from error
    if before is None:
        text = _("Would write {path}.") if dry_run else _("Wrote {path}.")
    else:
        text = _("Would replace {path}.") if dry_run else _("Replaced {path}.")
    return text.format(path=path)


def drop(windows: Windows, path: PureWindowsPath, dry_run: bool = False) -> str:
    """Delete a file, and say so."""
    if not dry_run:
        try:
            windows.delete(path)
        except PermissionError as error:
            raise _held(path) from error
    return (_("Would delete {path}.") if dry_run else _("Deleted {path}.")).format(path=path)


def _held(path: PureWindowsPath) -> XlsalesError:
    text = _("{path}: Excel or another program holds this file. Close all windows of Excel and run this again.")
    return XlsalesError(text.format(path=path))
