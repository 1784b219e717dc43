"""Where the add-in, its settings and the log are, for this user."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PureWindowsPath

from xlsales.addin.windows import Windows
from xlsales.errors import XlsalesError
from xlsales.texts import _

ADDIN = "xlsales.xlam"


@dataclass(frozen=True)
class Places:
    """The folders of one user; nothing outside them is ever written."""

    start: PureWindowsPath  # what lies here, Excel opens whenever it starts
    own: PureWindowsPath

    @property
    def addin(self) -> PureWindowsPath:
        """The add-in."""
        return self.start / ADDIN

    @property
    def settings(self) -> PureWindowsPath:
        """What the add-in's VBA reads."""
        return self.own / "excel.ini"

    @property
    def log(self) -> PureWindowsPath:
        """What Python writes when something unexpected happens."""
        return self.own / "xlsales.log"


def places(windows: Windows) -> Places:
    """Return this user's folders."""
    start = _folder(windows, "APPDATA") / "Microsoft" / "Excel" / "XLSTART"
    return Places(start, _folder(windows, "LOCALAPPDATA") / "xlsales")


def _folder(windows: Windows, name: str) -> PureWindowsPath:
    folder = windows.variable(name)
    if not folder:
        text = _("The environment variable {name} is not set. Sign in to Windows as a user and try again.")
        raise XlsalesError(text.format(name=name))
    return PureWindowsPath(folder)
