"""The Windows that this command runs in."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
import winreg
from pathlib import Path, PureWindowsPath

from xlsales.addin.windows import Finished, Hive
from xlsales.files import atomic

assert sys.platform == "win32"  # elsewhere nothing imports this module, and mypy reads no further

_HIVES = {
    Hive.CLASSES: winreg.HKEY_CLASSES_ROOT,
    Hive.USER: winreg.HKEY_CURRENT_USER,
    Hive.MACHINE: winreg.HKEY_LOCAL_MACHINE,
}
# A 32-bit Python would be shown the keys of 32-bit programs only.
_ACCESS = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
_EXCEL_WINDOW = "XLMAIN"
_PATIENCE = 60  # seconds; a virus scanner may read all of Python first


class ThisComputer:
    """The Windows that this command runs in."""

    @property
    def name(self) -> str:
        """Its name and version."""
        return f"Windows {platform.version()}"

    @property
    def executable(self) -> PureWindowsPath:
        """The Python that runs this command."""
        return PureWindowsPath(sys.executable)

    def variable(self, name: str) -> str | None:
        """Return an environment variable."""
        return os.environ.get(name)

    def values(self, hive: Hive, key: str) -> dict[str, str | int]:
        """Return the values of a registry key, their names in lower case; nothing where there is no such key."""
        found: dict[str, str | int] = {}
        try:
            with winreg.OpenKey(_HIVES[hive], key, access=_ACCESS) as opened:
                for index in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, kind = winreg.EnumValue(opened, index)
                    if kind == winreg.REG_EXPAND_SZ:
                        value = winreg.ExpandEnvironmentStrings(value)
                    if isinstance(value, (str, int)):
                        found[name.lower()] = value
        except OSError:  # no such key, or not for us to read
            return found
        return found

    def subkeys(self, hive: Hive, key: str) -> list[str]:
        """Return the names of the keys below a registry key."""
        try:
            with winreg.OpenKey(_HIVES[hive], key, access=_ACCESS) as opened:
                return [winreg.EnumKey(opened, index) for index in range(winreg.QueryInfoKey(opened)[0])]
        except OSError:
            return []

    def is_file(self, path: PureWindowsPath) -> bool:
        """Whether there is a file."""
        return Path(path).is_file()

    def is_folder(self, path: PureWindowsPath) -> bool:
        """Whether there is a folder."""
        return Path(path).is_dir()

    def names(self, folder: PureWindowsPath) -> list[str]:
        """Return the sorted names in a folder; nothing where there is no such folder."""
        place = Path(folder)
        return sorted(path.name for path in place.iterdir()) if place.is_dir() else []

    def read(self, path: PureWindowsPath, limit: int = -1) -> bytes | None:
        """Return a file's bytes, or the first of them; None where there is no such file."""
        try:
            with Path(path).open("rb") as file:
                return file.read(limit)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: PureWindowsPath, content: bytes) -> None:
        """Write a file whole or not at all; its folder is made if missing."""
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(place, content)

    def delete(self, path: PureWindowsPath) -> None:
        """Delete a file, or an empty folder."""
        place = Path(path)
        if place.is_dir():
            place.rmdir()
        else:
            place.unlink()

    def in_ansi(self, text: str) -> bool:
        """Whether the ANSI code page of this Windows has every character of a text."""
        try:
            text.encode("mbcs")
        except UnicodeEncodeError:
            return False
        return True

    def short(self, path: PureWindowsPath) -> PureWindowsPath:
        """Return the 8.3 form of a path; the path itself where the drive keeps none."""
        size = ctypes.windll.kernel32.GetShortPathNameW(str(path), None, 0)
        buffer = ctypes.create_unicode_buffer(size + 1)
        ctypes.windll.kernel32.GetShortPathNameW(str(path), buffer, size + 1)
        return PureWindowsPath(buffer.value) if buffer.value else path

    def excel_is_open(self) -> bool:
        """Whether a window of Excel is open."""
        return bool(ctypes.windll.user32.FindWindowW(_EXCEL_WINDOW, None))

    def run(self, *command: str) -> Finished:
        """Run a program to its end. Raises OSError where it cannot be started."""
        environment = os.environ | {"PYTHONUTF8": "1"}  # so that names of folders come back whole
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
                env=environment,
                timeout=_PATIENCE,
                check=False,
                creationflags=subprocess.CREATE_NO_WINDOW,
            )
        except subprocess.TimeoutExpired:
            return Finished(1, "", f"no answer in {_PATIENCE} seconds")
        return Finished(done.returncode, done.stdout, done.stderr)
