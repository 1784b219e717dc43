"""The server's script where there is no Excel: its log, and what it says to a person."""

from __future__ import annotations

import importlib.util
import logging
import os
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


IMPORTED = """
import sys, types
sys.modules["xlwings.com_server"] = types.ModuleType("xlwings.com_server")  # which imports what Windows alone has
import serve
serve.faces()
print("xlwings" in sys.modules, [name for name in serve.UNUSED if name in sys.modules])
import pandas
print(pandas.Series([25.0])[0])
"""


def test_first_cell_does_not_wait_for_what_xlwings_imports_and_no_cell_needs() -> None:
    """And who needs it afterwards gets it."""
    places = os.pathsep.join(map(str, (SCRIPT.parents[1], SCRIPT.parent)))
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": places},
    )
    assert done.stdout.splitlines() == ["True []", "25.0"]


def test_what_is_there_already_stays_and_what_is_kept_out_comes_back(serve: ModuleType) -> None:
    assert "json" in sys.modules
    sys.modules.pop("this", None)
    with serve.absent("json", "this"):
        assert importlib.import_module("json").__name__ == "json"
        with pytest.raises(ImportError):
            importlib.import_module("this")
    assert "this" not in sys.modules
