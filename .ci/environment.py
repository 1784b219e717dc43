"""Makes the project's virtual environment, `.venv`, with Python's standard library alone.

`python examples/crm` and `python tests` use it, so that one line is enough on a fresh machine, in any shell.
"""

from __future__ import annotations

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / ".venv"
INTERRUPTED = 130  # the exit code after Ctrl-C, in every shell


def interpreter(extra: str = "") -> Path:
    """Return the environment's Python, with xlsales and one of its extras installed."""
    wrong = runpy.run_path(str(Path(__file__).with_name("which_python.py")))["fault_of_this_one"]()
    if wrong:
        sys.exit(wrong)
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        sys.stderr.write(f"Making the virtual environment {FOLDER.name} ...\n")
        try:
            venv.create(FOLDER, with_pip=True, clear=True)
        except KeyboardInterrupt:
            shutil.rmtree(FOLDER, ignore_errors=True)  # half of it would be taken for all of it
            raise
    _install(python, extra)
    return python


def start(extra: str, *arguments: str) -> int:
    """Run the environment's Python, made if need be, and return its exit code: 130 after Ctrl-C."""
    try:
        return run(interpreter(extra), *arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def run(python: Path, *arguments: str) -> int:
    """Run the environment's Python in the project's folder and return its exit code.

    Ctrl-C reaches that Python as well: it says what there is to say, and is waited for.
    """
    stopped = False
    with subprocess.Popen([str(python), *arguments], cwd=PROJECT) as process:
        while True:
            try:
                code = process.wait()
                return INTERRUPTED if stopped else code
            except KeyboardInterrupt:
                stopped = True


def _install(python: Path, extra: str) -> None:
    """Install once for each state of pyproject.toml; the project itself is installed in place."""
    wanted = hashlib.sha256((PROJECT / "pyproject.toml").read_bytes() + extra.encode()).hexdigest()
    stamp = FOLDER / f"xlsales-{extra or 'core'}.stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    target = f".[{extra}]" if extra else "."
    sys.stderr.write(f"Installing xlsales{target[1:]}; this takes a minute the first time ...\n")
    give_pip(python)
    # Not compiled: Python does that for what is used, which is the smaller part.
    options = ("--quiet", "--disable-pip-version-check", "--no-compile")
    code = run(python, "-m", "pip", "install", *options, "--editable", target)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code:
        sys.exit("The installation failed; the lines above say why. Is this computer connected to the internet?")
    stamp.write_text(wanted, encoding="ascii")


def give_pip(python: Path) -> None:
    """Put pip into an environment that another program has made without it, as `uv venv` does."""
    asked = subprocess.run([str(python), "-c", "import pip"], stderr=subprocess.DEVNULL, check=False)
    if asked.returncode:
        run(python, "-m", "ensurepip")
