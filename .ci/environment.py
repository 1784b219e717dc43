"""Makes the project's virtual environment, `.venv`, with Python's standard library alone.

`python examples/crm` and `python tests` use it, so that one line is enough on a fresh machine, in any shell.
"""

from __future__ import annotations

import hashlib
import os
import runpy
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / ".venv"


def interpreter(extra: str = "") -> Path:
    """Return the environment's Python, with xlsales and one of its extras installed."""
    wrong = runpy.run_path(str(Path(__file__).with_name("which_python.py")))["fault_of_this_one"]()
    if wrong:
        sys.exit(wrong)
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        sys.stderr.write(f"Making the virtual environment {FOLDER.name} …\n")
        venv.create(FOLDER, with_pip=True, clear=True)
    _install(python, extra)
    return python


def run(python: Path, *arguments: str) -> int:
    """Run the environment's Python in the project's folder and return its exit code."""
    return subprocess.run([str(python), *arguments], cwd=PROJECT, check=False).returncode


def _install(python: Path, extra: str) -> None:
    """Install once for each state of pyproject.toml; the project itself is installed in place."""
    wanted = hashlib.sha256((PROJECT / "pyproject.toml").read_bytes() + extra.encode()).hexdigest()
    stamp = FOLDER / f"xlsales-{extra or 'core'}.stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    target = f".[{extra}]" if extra else "."
    sys.stderr.write(f"Installing xlsales{target[1:]}; this takes a minute the first time …\n")
    code = run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", target)
    if code:
        sys.exit("The installation failed; the lines above say why. Is this computer connected to the internet?")
    stamp.write_text(wanted, encoding="ascii")
