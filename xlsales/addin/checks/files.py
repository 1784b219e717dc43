"""Whether the files that `xlsales addin install` writes are in place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import PureWindowsPath

from xlsales.addin.checks import Check, fails, note, ok
from xlsales.addin.places import ADDIN, Places
from xlsales.addin.program import OFFICE
from xlsales.addin.sayable import sayable
from xlsales.addin.settings import Settings
from xlsales.addin.windows import Hive, Windows
from xlsales.texts import _
from xlsales.version import XLWINGS_VERSION, __version__

INSTALL = "xlsales addin install"
_OPTIONS = rf"Software\Microsoft\Office\{OFFICE}\Excel\Options"


def checks(windows: Windows, places: Places, settings: Settings | None, shipped: bytes) -> Iterator[Check]:
    """Look at the add-in, the settings and the log."""
    addin = PureWindowsPath(settings.addin) if settings and settings.addin else places.addin
    yield _addin(windows, addin, shipped, settings)
    yield _mark(windows, addin)
    yield _once(windows, addin)
    yield _settings(windows, places, settings)
    yield _log(windows, places)


def _addin(windows: Windows, addin: PureWindowsPath, shipped: bytes, settings: Settings | None) -> Check:
    content = windows.read(addin)
    if content is None:
        return fails("add-in", _("There is none: {path}").format(path=addin), INSTALL)
    if content == shipped:
        return ok("add-in", str(addin))
    if settings and settings.addin_sha256 == hashlib.sha256(shipped).hexdigest():
        text = _("{path} was changed after it was installed, as by signing it.").format(path=addin)
        return note("add-in", text, _("If nobody meant to, close Excel, then run: {command}").format(command=INSTALL))
    text = _("{path} is not the one of xlsales {version}.").format(path=addin, version=__version__)
    return fails("add-in", text, _("Close Excel, then run: {command}").format(command=INSTALL))


def _mark(windows: Windows, addin: PureWindowsPath) -> Check:
    """Look for the mark that Windows gives to files from the web: a stream of the file ([MS-FSCC] 5.6.1)."""
    if b"ZoneId=" not in (windows.read(PureWindowsPath(f"{addin}:Zone.Identifier")) or b""):
        return ok("mark", _("The add-in is not marked as coming from the web."))
    found = _("The add-in is marked as coming from the web: Excel blocks its macros.")
    return fails("mark", found, _('In PowerShell: Unblock-File "{path}"').format(path=addin))


def _once(windows: Windows, addin: PureWindowsPath) -> Check:
    others = [place for place in _other_places(windows) if place != addin]
    if not others:
        return ok("loaded once", _("Excel opens no other {name}.").format(name=ADDIN))
    text = _("Excel also opens {path}: two add-ins with the same functions.").format(path=others[0])
    return note("loaded once", text, _("In Excel: File, Options, Add-ins, Go: untick it; or delete that file."))


def _other_places(windows: Windows) -> Iterator[PureWindowsPath]:
    """Find what else makes Excel open the add-in: its Add-ins dialogue (OPEN, OPEN1, …), a second start folder."""
    options = windows.values(Hive.USER, _OPTIONS)
    for name, value in sorted(options.items()):
        if name.startswith("open") and ADDIN in str(value).lower():
            # a value such as: /R "C:\Add ins\xlsales.xlam"; without a folder where the add-in lies in Excel's own
            quoted = str(value).split('"')
            yield PureWindowsPath(quoted[1] if len(quoted) > 2 else str(value).rpartition("/R ")[2])
    second = options.get("altstartup")
    if second and windows.is_file(PureWindowsPath(str(second)) / ADDIN):
        yield PureWindowsPath(str(second)) / ADDIN


def _settings(windows: Windows, places: Places, settings: Settings | None) -> Check:
    path = places.settings
    if settings is None:
        there = windows.is_file(path)
        text = _("{path} cannot be read as settings.") if there else _("There are none: {path}")
        return fails("settings", text.format(path=path), INSTALL)
    if (settings.xlwings, settings.xlsales) != (XLWINGS_VERSION, __version__):
        text = _("{path} was written by xlsales {version} with xlwings {xlwings}.")
        return fails("settings", text.format(path=path, version=settings.xlsales, xlwings=settings.xlwings), INSTALL)
    named = (settings.interpreter, settings.server, settings.dll64, settings.dll32)
    gone = [name for name in named if name and not windows.is_file(PureWindowsPath(name))]
    if gone or not (settings.interpreter and settings.server):
        text = _("{path} names a file that is not there: {gone}")
        return fails("settings", text.format(path=path, gone=gone[0] if gone else "interpreter, server"), INSTALL)
    here = sayable(windows, windows.executable)
    if PureWindowsPath(settings.interpreter) != here:
        text = _("Excel uses {there}, this command runs in {here}.")
        text = text.format(there=settings.interpreter, here=windows.executable)
        return note("settings", text, _("To let Excel use this one: {command}").format(command=INSTALL))
    return ok("settings", str(path))


def _log(windows: Windows, places: Places) -> Check:
    content = windows.read(places.log)
    if content is None:
        return ok("log", _("{path} (nothing unexpected has happened yet)").format(path=places.log))
    return ok("log", _("{path} ({size:,} bytes)").format(path=places.log, size=len(content)))
