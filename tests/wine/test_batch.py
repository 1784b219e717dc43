"""The main job in Windows: our wheel with all it needs makes the planners of the example, with the bytes of Linux."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.wine.machine import PROJECT, PYTHON, XLSALES, Machine, needed, windows_path

pytestmark = [pytest.mark.wine, needed()]

BATCH = ("batch", "examples/crm/tables", "--as-of", "2017-12-31", "--out")


def bytes_of(folder: Path) -> Mapping[str, bytes]:
    """What each file of a folder holds."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The files that the command makes on this computer."""
    folder = tmp_path_factory.mktemp("here") / "plans"
    subprocess.run([sys.executable, "-m", "xlsales", *BATCH, str(folder)], cwd=PROJECT, check=True)
    return bytes_of(folder)


def test_nothing_is_missing(windows: Machine) -> None:
    """What the wheel asks for on Windows is there, in versions that it allows."""
    assert windows.pip("check").strip() == "No broken requirements found."


def test_same_files_as_on_this_computer(windows: Machine, here: Mapping[str, bytes], tmp_path: Path) -> None:
    """Made in worker processes; tests/wine/test_files.py holds what one process makes alone."""
    out = tmp_path / "Pläne ż"
    command = [str(XLSALES), *BATCH, windows_path(out), "--workers", "2"]
    said = windows.succeed(*command, folder=PROJECT)
    assert f"35 planners written to {windows_path(out)}" in said
    made = bytes_of(out)
    assert sorted(made) == sorted(here)
    assert {"Overview.xlsx", "findings.csv", "findings.xlsx", "run.json", "T01 Anna Snelling.xlsm"} < set(made)
    assert len(made) == 39
    assert [name for name, content in made.items() if content != here[name]] == []


def test_python_m_xlsales(windows: Machine) -> None:
    """The way for those whose PATH does not know the command."""
    [line] = windows.succeed(str(PYTHON), "-m", "xlsales", "--version").splitlines()
    assert line.startswith("xlsales ")
