"""What is dear, and the same for every test, is made once for a run: by whichever of its processes asks first."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

MADE_ONCE = "made once"  # the folder of such files in that of the run


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of this run, which all of pytest-xdist's workers share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[], bytes]) -> Path:
    """A file of the run, made where it is not there yet; tests read it, and change copies of it."""
    folder = run_folder(factory) / MADE_ONCE
    folder.mkdir(exist_ok=True)
    path = folder / name
    with FileLock(folder / f"{name}.lock"):
        if not path.exists():
            unfinished = folder / f"{name}.unfinished"
            unfinished.write_bytes(make())
            unfinished.rename(path)
    return path
