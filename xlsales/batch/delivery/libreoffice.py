"""LibreOffice, which prints workbooks: found, and started with a profile of its own and a time limit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)
_LOOK = 0.1  # seconds between two looks whether it has ended
_MEMORY = 8192  # megabytes, of one that has run wild on Windows
# Values stand beside the formulas and are shown as they are; no macro runs, and nothing is fetched.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>1</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>1</value></prop>
</item>
</oor:items>
"""


def program() -> str | None:
    """Return LibreOffice's program; None where it is not installed."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((place for place in PLACES if Path(place).exists()), None)


def printed(
    soffice: str,
    workbooks: Sequence[Path],
    folder: Path,
    profile: Path,
    seconds: float,
    stopped: Callable[[], bool] = lambda: False,
) -> str:
    """Print workbooks into a folder, each as a PDF of its own; return why some may be missing, or nothing."""
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
    command = [soffice, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf:calc_pdf_Export", "--outdir", str(folder), *map(str, workbooks)]
    said = profile / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=os.name == "posix",  # so that it ends with all that it has started
        )
        job = _job(process)
        end = time.monotonic() + seconds
        try:
            while process.poll() is None:
                if stopped():
                    return "stopped"
                if time.monotonic() > end:
                    return "time"
                time.sleep(_LOOK)
        finally:
            _end(process)
            del job
    text = said.read_text(encoding="utf-8", errors="replace")
    lines = [line for line in text.splitlines() if line.startswith("Error")]
    return lines[0].strip() if lines else "" if process.returncode == 0 else f"exit code {process.returncode}"


def _job(process: subprocess.Popen[bytes]) -> object:
    if sys.platform != "win32":
        return None
    from xlsales import windows_jobs

    return windows_jobs.bounded(process, _MEMORY)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with what it has started."""
    if os.name == "posix":
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
