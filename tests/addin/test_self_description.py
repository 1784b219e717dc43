"""What a Python says of itself when it is asked, by really asking one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import fields
from importlib import metadata
from pathlib import Path

import pytest

import xlsales
from xlsales.addin import self_description
from xlsales.addin.interpreter import Interpreter

SCRIPT = Path(self_description.__file__)
PROJECT = SCRIPT.parents[2]


def _asked(cwd: Path, **environment: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-B", str(SCRIPT)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=cwd,
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
    )
    said = json.loads(done.stdout)
    assert isinstance(said, dict)
    return said


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return _asked(tmp_path_factory.mktemp("elsewhere"), PYTHONPATH=str(PROJECT))


def test_it_says_what_the_installation_wants_to_know(said: dict[str, object]) -> None:
    assert set(said) == {field.name for field in fields(Interpreter)} - {"path"}


def test_it_says_the_truth(said: dict[str, object]) -> None:
    assert said["version"] == ".".join(map(str, sys.version_info[:3]))
    assert said["bits"] == (64 if sys.maxsize > 2**32 else 32)
    assert said["base"] == sys.base_prefix
    assert said["virtual"] is (sys.prefix != sys.base_prefix)
    assert said["xlwings"] == metadata.version("xlwings")
    assert said["xlsales"] == xlsales.__version__
    assert said["package"] == str(PROJECT / "xlsales")
    assert isinstance(said["data"], list)
    assert said["data"][0] == sysconfig.get_path("data")


@pytest.mark.skipif(sys.platform == "win32", reason="pywin32 can be installed on this computer")
def test_it_says_why_pywin32_cannot_be_imported(said: dict[str, object]) -> None:
    assert said["pywin32"] == "No module named 'pywintypes'"


def test_a_python_without_our_packages_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    # -S: without the folder of installed packages, as in a Python just installed
    command = [sys.executable, "-S", "-B", str(SCRIPT)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=True, cwd=tmp_path / "home", env=environment
    )
    bare = json.loads(done.stdout)
    assert (bare["xlwings"], bare["xlsales"], bare["package"]) == ("", "", "")
    assert bare["pywin32"]


def test_no_module_beside_the_script_hides_one_of_pythons_own() -> None:
    names = {path.stem for path in SCRIPT.parent.iterdir()}
    assert names & sys.stdlib_module_names == set()
