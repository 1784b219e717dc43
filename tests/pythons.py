"""The Pythons of this computer: those that xlsales could be installed with."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
_QUESTION = """
import json, sys, sysconfig
print(json.dumps({
    "version": list(sys.version_info[:3]), "release": sys.version_info[3], "implementation": sys.implementation.name,
    "platform": sysconfig.get_platform(), "bits": 64 if sys.maxsize > 2 ** 32 else 32,
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
}))
"""
_PATIENCE = 120  # seconds
_RULES: dict[str, Any] = runpy.run_path(str(PROJECT / ".ci" / "which_python.py"))


@dataclass(frozen=True, order=True)
class Python:
    """A Python that xlsales can be installed with."""

    version: tuple[int, ...]
    program: str

    @property
    def minor(self) -> tuple[int, ...]:
        """Which Python it is: (3, 12)."""
        return self.version[:2]

    @property
    def shown(self) -> str:
        """Its version in full: 3.12.1."""
        return ".".join(map(str, self.version))


def newest_of_each(programs: Iterable[str]) -> dict[tuple[int, ...], Python]:
    """Of all programs that are a Python for xlsales, the newest of each minor version."""
    found = sorted(python for program in dict.fromkeys(programs) if (python := _asked(program)))
    return {python.minor: python for python in found}


def everywhere() -> Iterator[str]:
    """Every program that could be a Python, wherever one may be installed."""
    yield sys.executable
    yield from _of_the_launcher()
    names = [f"python3.{minor}" for minor in range(11, 30)]
    yield from filter(None, map(shutil.which, ["python3", "python", *names]))
    home = Path.home()
    roots = [os.environ.get("PYENV_ROOT"), os.environ.get("PYENV"), home / ".pyenv", home / ".pyenv" / "pyenv-win"]
    for root in [Path(root) for root in roots if root]:
        yield from map(str, sorted(root.glob("versions/*/bin/python")))
        yield from map(str, sorted(root.glob("versions/*/python.exe")))
    yield from map(str, sorted(Path("/Library/Frameworks/Python.framework/Versions").glob("3.*/bin/python3")))


def _of_the_launcher() -> list[str]:
    """What Windows' `py` knows."""
    launcher = shutil.which("py") if os.name == "nt" else None
    if launcher is None:
        return []
    listed = subprocess.run([launcher, "-0p"], capture_output=True, text=True, errors="replace", check=False).stdout
    return launched(listed)


def launched(listed: str) -> list[str]:
    """The programs in what `py -0p` prints: ` -V:3.12 *        C:\\…\\python.exe`."""
    return re.findall(r"^\s*-\S+\s+(?:\*\s+)?(\S.*?\.exe)\s*$", listed, flags=re.MULTILINE)


def _asked(program: str) -> Python | None:
    try:
        done = subprocess.run(
            [program, "-c", _QUESTION],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        return usable(program, json.loads(done.stdout)) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def usable(program: str, told: dict[str, Any]) -> Python | None:
    """The Python that told this about itself, where xlsales runs with it and it is no preview."""
    implementation = {"cpython": "CPython"}.get(told["implementation"], told["implementation"])
    version = tuple(told["version"])
    wrong = _RULES["fault"](version, implementation, told["platform"], told["bits"], told["free_threaded"])
    return None if wrong or told["release"] != "final" else Python(version, program)
