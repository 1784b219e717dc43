"""A Windows in memory: files, registry, code page and programs, to be damaged by tests."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from pathlib import PureWindowsPath

from xlsales.addin.windows import Finished, Hive
from xlsales.version import XLWINGS_VERSION, __version__

HOME = PureWindowsPath("C:/Users/Zoë Müller")
START = HOME / "AppData/Roaming/Microsoft/Excel/XLSTART"
ADDIN = START / "xlsales.xlam"
OWN = HOME / "AppData/Local/xlsales"
SETTINGS = OWN / "excel.ini"
LOG = OWN / "xlsales.log"
EXCEL = PureWindowsPath("C:/Program Files/Microsoft Office/root/Office16/EXCEL.EXE")
VENV = HOME / "sales planning/.venv"
PYTHON = VENV / "Scripts/python.exe"
PACKAGE = VENV / "Lib/site-packages/xlsales"
SERVER = PACKAGE / "udfs/serve.py"
DLL64 = VENV / f"xlwings64-{XLWINGS_VERSION}.dll"
DLL32 = VENV / f"xlwings32-{XLWINGS_VERSION}.dll"
SHIPPED = b"the add-in of this version"
APP_PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
TRUSTED = r"Software\Microsoft\Office\16.0\Excel\Security\Trusted Locations"


def program(machine: int) -> bytes:
    """Return the beginning of a Windows program: 0x8664 is 64-bit, 0x014C 32-bit."""
    return b"MZ".ljust(60, b"\0") + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + struct.pack("<H", machine)


@dataclass
class FakePython:
    """A Python of the simulated Windows: what it says of itself, and to `serve.py --check`."""

    description: dict[str, object]
    checked: Finished


def working_python(venv: PureWindowsPath = VENV) -> FakePython:
    """Return a Python that has all it needs."""
    description: dict[str, object] = {
        "version": "3.12.4",
        "bits": 64,
        "base": r"C:\Users\Zoë Müller\AppData\Local\Programs\Python\Python312",
        "virtual": True,
        "data": [str(venv)],
        "xlwings": XLWINGS_VERSION,
        "pywin32": "",
        "package": str(venv / "Lib/site-packages/xlsales"),
        "xlsales": __version__,
    }
    answer = {"xlsales": __version__, "xlwings": XLWINGS_VERSION, "MAGIC_NUMBER": 25.0}
    return FakePython(description, Finished(0, json.dumps(answer) + "\n", ""))


@dataclass
class SimulatedWindows:
    """A Windows in memory; paths compare as Windows compares them, without regard to case."""

    files: dict[PureWindowsPath, bytes] = field(default_factory=dict)
    registry: dict[tuple[Hive, str], dict[str, str | int]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    pythons: dict[PureWindowsPath, FakePython] = field(default_factory=dict)
    short_names: dict[str, str] = field(default_factory=dict)  # of folders
    code_page: str = "cp1252"
    executable: PureWindowsPath = PYTHON
    held: set[PureWindowsPath] = field(default_factory=set)  # files that Excel has open
    excel_window: bool = False
    started: list[tuple[str, ...]] = field(default_factory=list)
    name: str = "Windows 10.0.22631"

    def variable(self, name: str) -> str | None:
        return self.variables.get(name)

    def set(self, hive: Hive, key: str, **values: str | int) -> None:
        """Set values of a registry key."""
        self.registry.setdefault((hive, key.lower()), {}).update(values)

    def values(self, hive: Hive, key: str) -> dict[str, str | int]:
        return self.registry.get((hive, key.lower()), {})

    def subkeys(self, hive: Hive, key: str) -> list[str]:
        below = key.lower() + "\\"
        return [name.removeprefix(below) for root, name in self.registry if root is hive and name.startswith(below)]

    def is_file(self, path: PureWindowsPath) -> bool:
        return path in self.files

    def is_folder(self, path: PureWindowsPath) -> bool:
        return any(path in file.parents for file in self.files)

    def names(self, folder: PureWindowsPath) -> list[str]:
        return sorted(path.name for path in self.files if path.parent == folder)

    def read(self, path: PureWindowsPath, limit: int = -1) -> bytes | None:
        content = self.files.get(path)
        return content if content is None or limit < 0 else content[:limit]

    def write(self, path: PureWindowsPath, content: bytes) -> None:
        self._refuse_held(path)
        self.files[path] = content

    def delete(self, path: PureWindowsPath) -> None:
        self._refuse_held(path)
        self.files.pop(path, None)

    def _refuse_held(self, path: PureWindowsPath) -> None:
        if path in self.held:
            raise PermissionError(13, "Permission denied", str(path))

    def in_ansi(self, text: str) -> bool:
        try:
            text.encode(self.code_page)
        except UnicodeEncodeError:
            return False
        return True

    def short(self, path: PureWindowsPath) -> PureWindowsPath:
        return PureWindowsPath(*(self.short_names.get(part, part) for part in path.parts))

    def excel_is_open(self) -> bool:
        return self.excel_window

    def run(self, *command: str) -> Finished:
        self.started.append(command)
        path = self.as_long(PureWindowsPath(command[0]))
        if path not in self.pythons:
            raise OSError(193, "%1 is not a valid Win32 application", command[0])
        python = self.pythons[path]
        if command[-1] == "--check":
            return python.checked
        return Finished(0, json.dumps(python.description) + "\n", "")

    def as_long(self, path: PureWindowsPath) -> PureWindowsPath:
        """Return what a short path stands for."""
        long_names = {short: long for long, short in self.short_names.items()}
        return PureWindowsPath(*(long_names.get(part, part) for part in path.parts))


def working() -> SimulatedWindows:
    """Return a Windows with Excel and Python where everything is right and nothing of ours is installed yet."""
    windows = SimulatedWindows()
    windows.variables = {"APPDATA": str(HOME / "AppData/Roaming"), "LOCALAPPDATA": str(HOME / "AppData/Local")}
    windows.files = dict.fromkeys((PYTHON, SERVER, DLL64, DLL32), b"") | {EXCEL: program(0x8664)}
    windows.pythons = {PYTHON: working_python()}
    windows.registry[Hive.MACHINE, APP_PATHS.lower()] = {"": str(EXCEL)}
    windows.registry[Hive.CLASSES, r"excel.application\curver"] = {"": "Excel.Application.16"}
    windows.set(Hive.USER, rf"{TRUSTED}\Location2", path=str(START) + "\\", allowsubfolders=1)
    return windows


def move(windows: SimulatedWindows, old: PureWindowsPath, new: PureWindowsPath) -> None:
    """Move a virtual environment, as if it had been made there."""
    for path in [path for path in windows.files if old in path.parents]:
        windows.files[new / path.relative_to(old)] = windows.files.pop(path)
    windows.pythons = {new / "Scripts/python.exe": working_python(new)}
    windows.executable = new / "Scripts/python.exe"
