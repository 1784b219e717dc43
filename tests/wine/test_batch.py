"""The main job in Windows: our wheel with all it needs makes the planners of the example, with the bytes of Linux."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.wine.machine import PROJECT, PYTHON, XLSALES, Machine, needed, windows_path

if TYPE_CHECKING:
    from tests.conftest import MadeBatch

pytestmark = [pytest.mark.wine, needed()]


def bytes_of(folder: Path) -> Mapping[str, bytes]:
    """What each file of a folder holds."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nothing_is_missing(windows: Machine) -> None:
    """What the wheel asks for on Windows is there, in versions that it allows."""
    assert windows.pip("check").strip() == "No broken requirements found."


def test_same_files_as_on_this_computer(windows: Machine, crm_batch: MadeBatch, tmp_path: Path) -> None:
    """Made in worker processes; tests/wine/test_files.py holds what one process makes alone."""
    out = tmp_path / "Pläne ż"
    command = [str(XLSALES), "batch", "examples/crm/tables", "--out", windows_path(out), "--workers", "2"]
    said = windows.succeed(*command, folder=PROJECT)
    assert f"35 planners written to {windows_path(out)}" in said
    here, made = bytes_of(crm_batch.folder), bytes_of(out)
    assert sorted(made) == sorted(here)
    assert {"Overview.xlsx", "findings.csv", "findings.xlsx", "run.json", "T01 Anna Snelling.xlsm"} < set(made)
    assert len(made) == 39
    assert [name for name, content in made.items() if content != here[name]] == []


def test_python_m_xlsales(windows: Machine) -> None:
    """The way for those whose PATH does not know the command."""
    [line] = windows.succeed(str(PYTHON), "-m", "xlsales", "--version").splitlines()
    assert line.startswith("xlsales ")
