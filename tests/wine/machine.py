"""A Windows computer without Excel: Wine with the real CPython and all that xlsales needs, xlwings with its DLL too.

It is made once for a user, in the cache folder, and kept there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from types import MappingProxyType
from zipfile import ZipFile

import pytest

from tests.wine import recipe
from tests.wine.recipe import HOME, PACKAGES

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 900  # seconds; the computer may be busy
PYTHON = HOME / "python.exe"
XLSALES = HOME / "Scripts" / "xlsales.exe"  # the command that pip makes
_PROGRAMS = ("/usr/lib/wine/wine64", "/opt/wine-stable/bin/wine64")
_MISSING = "Wine is not installed on this computer: apt-get install --no-install-recommends wine64"
_FIRST = "import ctypes; ctypes.windll.user32.GetDesktopWindow(); print('ready', flush=True); input()"
_INSIDE = "import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
_BYTECODE = PureWindowsPath(r"C:\bytecode")  # what Python compiles, kept beside no source and for later runs
_SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


class MachineError(RuntimeError):
    """Something that was run in Wine, or to prepare it, failed."""


def program() -> str | None:
    """Wine's program, where it is installed."""
    found = shutil.which("wine64") or shutil.which("wine")
    return found or next((place for place in _PROGRAMS if Path(place).exists()), None)


def needed() -> pytest.MarkDecorator:
    """A mark that skips tests where Wine is missing; on a build server they fail instead."""
    return pytest.mark.skipif(program() is None and not os.environ.get("CI"), reason=_MISSING)


class Machine:
    """A Windows computer of one user, Zoë Müller."""

    def __init__(self, prefix: Path, downloads: Path) -> None:
        found = program()
        if found is None:
            raise MachineError(_MISSING)
        self._wine = found
        self._downloads = downloads
        self.prefix = prefix

    def file(self, path: PureWindowsPath) -> Path:
        """Where a file of drive C is on this computer."""
        return self.prefix.joinpath("drive_c", *path.parts[1:])

    def run(self, *command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program of Windows, in drive C or another folder; its streams are pipes, which Wine needs."""
        with self.started(*command, folder=folder, settings={"PYTHONIOENCODING": "utf-8"}) as process:
            out, error = (text.decode(errors="replace").replace("\r\n", "\n") for text in _ended(process))
        return subprocess.CompletedProcess(command, process.returncode, out, error)

    def redirected(self, *command: str, folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run a program of Windows that finds what it finds behind `>` and `|`: a stream in the ANSI code page."""
        with self.started(*command, folder=folder) as process:
            out, error = _ended(process)
        return subprocess.CompletedProcess(command, process.returncode, out, error)

    @contextmanager
    def started(
        self, *command: str, folder: Path | None = None, settings: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start a program of Windows; at the end it is killed if it still runs."""
        process = subprocess.Popen(
            [self._wine, *command],
            cwd=folder or self.prefix / "drive_c",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self._environment(), **settings},
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def succeed(self, *command: str, folder: Path | None = None) -> str:
        """Run a program that must not fail, and return what it prints."""
        done = self.run(*command, folder=folder)
        if done.returncode:
            raise MachineError(f"{' '.join(command)} failed in Wine:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def pip(self, *arguments: str, python: PureWindowsPath = PYTHON) -> str:
        """Run pip in Windows, and return what it prints."""
        [wheel] = self._downloads.glob("pip-*.whl")
        unpacked = wheel.with_suffix(".folder")  # from a zip, Python would compile all of it each time
        if not unpacked.exists():
            with tempfile.TemporaryDirectory(dir=self._downloads, ignore_cleanup_errors=True) as unfinished:
                ZipFile(wheel).extractall(unfinished)
                Path(unfinished).rename(unpacked)
        return self.succeed(str(python), windows_path(unpacked / "pip"), *arguments)

    def pip_install(self, *arguments: str, python: PureWindowsPath = PYTHON) -> None:
        """Install with pip, which takes what it needs from the downloads alone."""
        options = ["--no-index", "--no-deps", "--no-warn-script-location", "--no-compile"]
        found = ["--find-links", windows_path(self._downloads)]
        self.pip("install", *options, *found, *arguments, python=python)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep Windows running: its services belong to the first program, whose pipes they keep open."""
        with self.started(str(PYTHON), "-c", _FIRST) as first:
            assert first.stdout is not None
            try:
                said = first.stdout.readline()
                if said.strip() != b"ready":
                    raise MachineError(f"Windows does not start in Wine: {said!r}")
                yield
            finally:
                first.kill()
                self._end()

    def first_start(self) -> None:
        """Make Windows, with its folders."""
        self._quietly(self._wine, "wineboot", "-i")
        self._quietly(self._wine, "winecfg", "-v", "win10")
        for name, place in recipe.SHELL_FOLDERS.items():  # where Wine takes the environment variables from
            self.file(place).mkdir(parents=True, exist_ok=True)
            self._quietly(self._wine, "reg", "add", _SHELL_FOLDERS, "/v", name, "/d", str(place), "/f")
        self._end()

    def _end(self) -> None:
        server = shutil.which("wineserver") or str(Path(self._wine).with_name("wineserver"))
        self._quietly(server, "-k", "-w", check=False)  # it complains where nothing runs any more

    def _quietly(self, *command: str, check: bool = True) -> None:
        nowhere = subprocess.DEVNULL
        streams = {"stdin": nowhere, "stdout": nowhere, "stderr": nowhere}
        subprocess.run(command, **streams, env=self._environment(), timeout=PATIENCE, check=check)  # type: ignore[call-overload]

    def _environment(self) -> Mapping[str, str]:
        # Of this computer's own settings nothing, so that it is the same Windows everywhere: code page 1252.
        kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        return kept | {
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",  # no offers to install .NET and a browser
            "LC_ALL": "C.UTF-8",  # how Wine reads the names of this computer's files
            "PYTHONPYCACHEPREFIX": str(_BYTECODE),
        }


def _ended(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    return process.communicate(timeout=PATIENCE)


def inside(name: str) -> tuple[str, ...]:
    """The words that run a program of the folder `inside` with the xlsales that is installed."""
    return str(PYTHON), "-c", _INSIDE, windows_path(PROJECT), f"tests.wine.inside.{name}"


def windows_path(path: Path) -> str:
    """A file of this computer as Windows names it."""
    return str(PureWindowsPath("Z:/", *path.resolve().parts[1:]))


@contextmanager
def machine() -> Iterator[Machine]:
    """The computer, made where it is not there yet, for one run of the tests at a time."""
    import fcntl  # Windows has none, and needs no Wine

    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xlsales-tests"
    root.mkdir(parents=True, exist_ok=True)
    with (root / "wine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = root / f"wine-{recipe.fingerprint()}"
        if not (folder / "prefix").exists():
            for old in root.glob("wine-*"):
                shutil.rmtree(old)
            _make(folder)
        used = Machine(folder / "prefix", folder / "downloads")
        with used.running():
            yield used


def _make(folder: Path) -> None:
    recipe.download(folder / "downloads")
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as unfinished:
        made = Machine(Path(unfinished) / "prefix", folder / "downloads")
        made.first_start()
        recipe.compile_random_numbers(made.file(recipe.RANDOM_NUMBERS))
        recipe.install_cpython(folder / "downloads", made.file(HOME))
        with made.running():
            made.pip_install(*PACKAGES)
        made.prefix.rename(folder / "prefix")
