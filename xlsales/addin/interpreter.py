"""The Python that Excel will start: what it says of itself, and what it brings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from xlsales.addin.windows import Windows
from xlsales.errors import XlsalesError
from xlsales.texts import _
from xlsales.version import XLWINGS_VERSION

OLDEST = (3, 11)
_SCRIPT = Path(__file__).with_name("self_description.py")
_STORE = "windowsapps"  # the folder of the programs that come from the Microsoft Store


class InterpreterError(XlsalesError):
    """A Python that cannot serve Excel: what was found, and what to do."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(f"{found} {remedy}")
        self.found = found
        self.remedy = remedy


@dataclass(frozen=True)
class Interpreter:
    """A Python, as it describes itself."""

    path: PureWindowsPath
    version: str
    bits: int
    base: str  # the installation that it belongs to
    virtual: bool
    data: tuple[str, ...]
    xlwings: str  # its version; empty where it is not installed
    pywin32: str  # why it cannot be imported; empty where it can
    package: str  # the folder of xlsales; empty where it is not installed
    xlsales: str

    @property
    def kind(self) -> str:
        """Its version, its bitness, and whether it is a virtual environment."""
        kind = _("Python {version}, {bits}-bit").format(version=self.version, bits=self.bits)
        return kind + (_(", in a virtual environment") if self.virtual else "")

    @property
    def is_too_old(self) -> bool:
        """Whether xlsales needs a newer one."""
        return tuple(map(int, self.version.split(".")[:2])) < OLDEST

    def server(self, windows: Windows) -> PureWindowsPath | None:
        """Return the script that serves Excel: in the installed package, or beside it in a checkout."""
        if not self.package:
            return None
        package = PureWindowsPath(self.package)
        places = (folder / "udfs" / "serve.py" for folder in (package, package.parent))
        return next((place for place in places if windows.is_file(place)), None)

    def dll(self, windows: Windows, bits: int) -> PureWindowsPath | None:
        """Return the DLL of xlwings for Excel of this bitness."""
        name = f"xlwings{bits}-{XLWINGS_VERSION}.dll"
        folders = [*map(PureWindowsPath, self.data), self.path.parent, self.path.parent.parent]
        return next((folder / name for folder in folders if windows.is_file(folder / name)), None)


def described(windows: Windows, path: PureWindowsPath) -> Interpreter:
    """Ask a Python what it is; one that cannot serve Excel raises InterpreterError."""
    _refuse_the_store(path)  # before it is started: a stub would open the shop
    if not windows.is_file(path):
        found = _("{path}: there is no such file.").format(path=path)
        raise InterpreterError(found, _("Name the python.exe that has xlsales: xlsales addin install --python PATH."))
    interpreter = _asked(windows, path)
    _refuse_the_store(PureWindowsPath(interpreter.base), path)
    return interpreter


def _refuse_the_store(path: PureWindowsPath, asked: PureWindowsPath | None = None) -> None:
    """Refuse a Python of the Microsoft Store: what it writes for this user, other programs do not see.

    "Using Python on Windows", 4.2.2, known issues: such a Python writes to a private copy of these folders.
    """
    if _STORE not in (part.lower() for part in path.parts):
        return
    found = _("{path} comes from the Microsoft Store, and Excel cannot see what it installs.")
    remedy = _("Install Python from python.org, then xlsales into that, and run xlsales addin install there.")
    raise InterpreterError(found.format(path=asked or path), remedy)


def _asked(windows: Windows, path: PureWindowsPath) -> Interpreter:
    reason = _("it says nothing of itself")
    try:
        done = windows.run(str(path), "-B", str(_SCRIPT))
        reason = "".join(done.error.strip().splitlines()[-1:]) or reason
        said = json.loads(done.out.strip().splitlines()[-1])
        return Interpreter(path, **said | {"data": tuple(said["data"])})
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, IndexError, KeyError, TypeError):  # it printed something else, or nothing
        pass
    found = _("{path} does not work as a Python ({reason}).").format(path=path, reason=reason)
    raise InterpreterError(found, _("Name another: xlsales addin install --python PATH."))
