from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any, TypeAlias
from zlib import crc32

import pytest

from tests.wine.machine import PROJECT, PYTHON, Machine, MachineError, inside, machine, windows_path
from tests.wine.recipe import HOME, LOCAL, ROAMING

Ask: TypeAlias = Callable[..., Any]

SITE_PACKAGES = HOME / "Lib" / "site-packages"
START_FOLDER = ROAMING / "Microsoft" / "Excel" / "XLSTART"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our wheel, built as for a release."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(PROJECT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MachineError(f"No wheel was built:\n{done.stderr[-2000:]}")
    [built] = folder.glob("xlsales-*.whl")
    return built


@pytest.fixture(scope="session")
def bare_windows() -> Iterator[Machine]:
    """A Windows computer without anything of ours; skipped without a connection, but not on CI."""
    try:
        with machine() as made:
            for folder in (LOCAL / "xlsales", ROAMING / "Microsoft"):
                shutil.rmtree(made.file(folder), ignore_errors=True)
            made.file(START_FOLDER).mkdir(parents=True)  # Excel's, which is not there itself
            yield made
    except ConnectionError as offline:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(offline))


@pytest.fixture(scope="session")
def windows(bare_windows: Machine, wheel: Path) -> Machine:
    """The computer after `pip install` of our wheel."""
    for earlier in bare_windows.file(SITE_PACKAGES).glob("xlsales*"):  # which pip takes much longer to remove
        shutil.rmtree(earlier)
    bare_windows.pip_install(windows_path(wheel))
    for source in bare_windows.file(SITE_PACKAGES / "xlsales").rglob("*.py"):
        of_content = crc32(source.read_bytes()) >> 1  # so that what an earlier run compiled of the same text is good
        os.utime(source, (of_content, of_content))
    return bare_windows


class Commands:
    """Commands of xlsales in Windows, all of them in one process: what starts it is shown elsewhere."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, *words: str) -> tuple[int, str]:
        """The exit code of a command, and everything that it said."""
        done = self._ran(words, "utf-8")
        return done.returncode, (done.stdout + done.stderr).decode("utf-8").replace("\r\n", "\n")

    def redirected(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """A command whose streams are what they are behind `>` and `|`: in the ANSI code page."""
        return self._ran(words, None)

    def _ran(self, words: Sequence[str], encoding: str | None) -> subprocess.CompletedProcess[bytes]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([words, encoding]).encode() + b"\n")
        self._process.stdin.flush()
        code, out, error = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(words, code, out.encode("latin-1"), error.encode("latin-1"))


@pytest.fixture(scope="session")
def command(windows: Machine) -> Iterator[Commands]:
    with windows.started(*inside("commands")) as process:
        yield Commands(process)


@pytest.fixture(scope="module")
def installed(windows: Machine, command: Commands) -> Machine:
    """The computer after `xlsales addin install`."""
    code, said = command("addin", "install")
    assert code == 0, said
    return windows


@pytest.fixture(scope="module")
def ask(installed: Machine, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Run a program of the folder `inside` in Windows with a question, and return its answer."""

    def asked(name: str, question: Any = None) -> Any:
        folder = tmp_path_factory.mktemp(name)
        files = folder / "question.json", folder / "answer.json"
        files[0].write_text(json.dumps(question), encoding="utf-8")
        installed.succeed(*inside(name), *map(windows_path, files))
        return json.loads(files[1].read_text(encoding="utf-8"))

    return asked


@pytest.fixture
def virtual_environment(windows: Machine, wheel: Path) -> PureWindowsPath:
    """The Python of a virtual environment with xlsales, in a folder whose name the ANSI code page lacks."""
    folder = PureWindowsPath(r"C:\users\山田 太郎\Łódź\.venv")
    scripts = windows.file(folder / "Scripts")
    shutil.rmtree(windows.file(folder), ignore_errors=True)
    scripts.mkdir(parents=True)
    for name in ("python.exe", "python3.dll", "python312.dll", "vcruntime140.dll", "vcruntime140_1.dll"):
        shutil.copy(windows.file(PYTHON).parent / name, scripts / name)
    told = f"home = {PYTHON.parent}\nversion = 3.12.9\ninclude-system-site-packages = true\n"
    (scripts.parent / "pyvenv.cfg").write_text(told, encoding="utf-8")
    python = folder / "Scripts" / "python.exe"
    windows.pip_install("--ignore-installed", "xlwings", windows_path(wheel), python=python)
    return python
