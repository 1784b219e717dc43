"""Where nothing but NumPy can be installed, as in a browser, the functions work; all else says what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import numpy
import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[1]
EVERY_FUNCTION = """
import sys
import xlsales
for name, function in xlsales.CATALOGUE.items():
    for example in function.examples:
        getattr(xlsales, function.python_name)(*example.arguments)
        function.call_cells(*example.arguments)
print(len(xlsales.CATALOGUE), xlsales.magic_number(15000, 2500, 0.6, 0.4, 1), "pandas" in sys.modules)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = ["uv", "build", "--wheel", "--quiet", "--out-dir", str(folder), str(PROJECT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has xlsales and this NumPy, and nothing else."""
    folder = tmp_path_factory.mktemp("numpy alone") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    inside = next(folder.glob("lib/python3*/site-packages"), folder / "Lib" / "site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(inside)
    numpys = Path(numpy.__file__).parent
    for there in (numpys, numpys.with_name("numpy.libs")):
        if there.is_dir():
            _link(there, inside / there.name)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _link(there: Path, here: Path) -> None:
    if os.name == "nt":
        import shutil

        shutil.copytree(there, here)
    else:
        here.symlink_to(there, target_is_directory=True)


def _run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), "-I", *arguments], capture_output=True, text=True, check=False, cwd=python.parent
    )


def test_the_wheel_is_pure_python(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")


def test_every_function_works_with_numpy_alone(python: Path) -> None:
    done = _run(python, "-c", EVERY_FUNCTION)
    assert done.stderr == ""
    count, answer, pandas = done.stdout.split()
    assert (int(count) > 40, answer, pandas) == (True, "25.0", "False")


def test_the_command_line_says_what_is_missing(python: Path) -> None:
    done = _run(python, "-m", "xlsales", "calc", "CLOSE_RATIO", "1", "2")
    assert done.returncode == 1
    assert done.stderr.startswith("xlsales: The command line needs ")
    assert "pip install xlsales" in done.stderr
    assert "Traceback" not in done.stderr


def _environment(**changed: str) -> dict[str, str]:
    return {name: str(value) for name, value in default_environment().items()} | changed


def test_a_browser_installs_numpy_and_nothing_else() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    browser = _environment(sys_platform="emscripten", platform_system="Emscripten")
    needed = [Requirement(text) for text in project["dependencies"]]
    assert [one.name for one in needed if (one.marker or Marker("os_name != ''")).evaluate(browser)] == ["numpy"]
    here = [one for one in needed if one.marker and "emscripten" in str(one.marker)]
    assert all(one.marker.evaluate(_environment(sys_platform="linux")) for one in here if one.marker)
