"""The server's script where there is no Excel: its log, and what it says to a person."""

from __future__ import annotations

import importlib.util
import logging
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "udfs" / "serve.py"


@pytest.fixture(scope="module")
def serve() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("serve", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(serve: ModuleType, path: Path, count: int) -> None:
    """Write messages of 100 bytes into a log that is full after some of them."""
    log = serve.Log(path, maxBytes=1000, backupCount=1, encoding="utf-8", delay=True)
    for number in range(count):
        log.emit(logging.LogRecord("xlsales", logging.ERROR, "", 0, f"{number:099}", (), None))
    log.close()


def test_full_log_makes_room(serve: ModuleType, tmp_path: Path) -> None:
    written(serve, tmp_path / "xlsales.log", 15)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["xlsales.log", "xlsales.log.1"]
    assert f"{14:099}" in (tmp_path / "xlsales.log").read_text(encoding="utf-8")
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())


def test_log_that_another_excel_has_open_goes_on(
    serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_source: str, _destination: str) -> None:
        raise PermissionError(32, "The process cannot access the file")

    monkeypatch.setattr("os.rename", refused)
    written(serve, tmp_path / "xlsales.log", 15)
    assert [path.name for path in tmp_path.iterdir()] == ["xlsales.log"]
    assert len((tmp_path / "xlsales.log").read_text(encoding="utf-8").splitlines()) == 15


def test_log_is_where_the_vba_says(serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert serve.log_file() == tmp_path / "xlsales" / "xlsales.log"


def test_person_who_starts_it_is_told_what_it_is() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "Excel starts this script. To see whether it works: python serve.py --check"
