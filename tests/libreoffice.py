"""LibreOffice as a second opinion: workbooks recalculated from their formulas, stored values ignored."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
_PATIENCE = 900  # seconds


class LibreOfficeError(RuntimeError):
    """LibreOffice is missing, or did not do what it was asked."""


def soffice() -> str | None:
    """The program, where it is installed."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((place for place in _PLACES if Path(place).exists()), None)


def needed() -> pytest.MarkDecorator:
    """A mark that skips tests where LibreOffice is missing; on a build server they fail instead."""
    absent = soffice() is None and not os.environ.get("CI")
    return pytest.mark.skipif(absent, reason="LibreOffice (soffice) is not installed on this computer")


def recalculated(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Recalculate workbooks with one start of LibreOffice; the copies, as .xlsx, go into `folder`."""
    program = soffice()
    if program is None:
        raise LibreOfficeError("LibreOffice (soffice) is not installed: install it, or unset CI to skip.")
    wanted = [folder / f"{path.stem}.xlsx" for path in paths]
    if len(set(wanted)) < len(wanted) or set(wanted) & set(paths):
        raise LibreOfficeError(f"Copies in {folder} would overwrite one another, or the originals.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        told = _convert(program, paths, folder, Path(temporary))
    missing = [path.name for path in wanted if not path.exists()]
    if missing:
        raise LibreOfficeError(f"LibreOffice wrote no {', '.join(missing)} into {folder}. It said: {told}")
    return wanted


def _convert(program: str, paths: Sequence[Path], folder: Path, profile: Path) -> str:
    """Run LibreOffice with a profile of its own, so that no open window of it is disturbed."""
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir()
    settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    command = [program, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), *map(str, paths)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        names = ", ".join(path.name for path in paths)
        raise LibreOfficeError(f"LibreOffice did not finish {names} in {_PATIENCE} seconds.") from late
    return f"{done.stdout}{done.stderr}".strip() or "nothing"
