"""Runs a command in a console of its own, presses Ctrl-C there once some files are made, and tells what came of it.

The question: the command, a folder, a pattern for its files and how many of them to wait for.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.wine.inside import processes

assert sys.platform == "win32"  # elsewhere mypy reads no further

_CTRL_C, _EVERY_PROCESS_OF_THE_CONSOLE = 0, 0
_PATIENCE = 600  # seconds; the computer may be busy
_OURS = ("python.exe", "xlsales.exe")

kernel = ctypes.windll.kernel32


@ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)
def ignored(_event: int) -> int:
    """Keep Ctrl-C from this program itself; unlike a console mode, that is not handed on to others."""
    return 1


def main(question: Path, answer: Path) -> None:
    asked = json.loads(question.read_text(encoding="utf-8"))
    kernel.FreeConsole()
    if not (kernel.AllocConsole() and kernel.SetConsoleCtrlHandler(ignored, True)):
        raise ctypes.WinError()
    answer.write_text(json.dumps(pressed(**asked)), encoding="utf-8")


def pressed(command: list[str], folder: str, pattern: str, after: int) -> dict[str, Any]:
    before = set(processes.running())
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        end = time.monotonic() + _PATIENCE
        while len(list(Path(folder).glob(pattern))) < after and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        pressed = process.poll() is None and kernel.GenerateConsoleCtrlEvent(_CTRL_C, _EVERY_PROCESS_OF_THE_CONSOLE)
        try:
            out, error = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return {"pressed": bool(pressed), "code": "it does not end", "left": left(before, 0)}
    texts = [text.decode("mbcs").replace("\r\n", "\n") for text in (out, error)]
    said = {"out": texts[0], "error": texts[1]}
    return {"pressed": bool(pressed), "code": process.returncode, "left": left(before, _PATIENCE), **said}


def left(before: set[int], patience: float) -> list[str]:
    """The programs that run although the command has ended, after some patience."""
    end = time.monotonic() + patience
    while True:
        running = processes.running().items()
        found = [name for number, (_parent, name) in running if number not in before and name.lower() in _OURS]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.1)


main(*map(Path, sys.argv[1:]))
