"""Before anything is installed, a Python that cannot run xlsales is told so, and which one to get."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from tests import depth

CI = Path(__file__).resolve().parents[1] / ".ci"
RULES: dict[str, Any] = runpy.run_path(str(CI / "which_python.py"))
KEEP = runpy.run_path(str(CI / "bytecode.py"))["keep"]
GIVE_PIP = runpy.run_path(str(CI / "environment.py"))["give_pip"]
OPTIONS = runpy.run_path(str(CI / "workers.py"))["options"]


@pytest.mark.parametrize(
    ("version", "implementation", "platform", "bits", "free_threaded", "said"),
    [
        ((3, 10, 13), "CPython", "linux-x86_64", 64, False, "needs Python 3.11 or newer; this is CPython 3.10.13"),
        ((3, 9, 1), "CPython", "win32", 32, False, "needs Python 3.11 or newer"),
        ((3, 12, 1), "CPython", "win32", 32, False, "needs a 64-bit Python; this is CPython 3.12.1 (32 bit, win32)"),
        ((3, 11, 2), "CPython", "linux-x86_64", 32, False, "needs a 64-bit Python"),  # on a 64-bit kernel
        ((3, 13, 0), "CPython", "win-arm64", 64, False, "On Windows for ARM, xlsales needs the Python for x64"),
        ((3, 12, 1), "CPython", "mingw_x86_64_ucrt", 64, False, "this is that of MSYS2"),
        ((3, 11, 9), "PyPy", "linux-x86_64", 64, False, "needs CPython, the usual Python; this is PyPy 3.11.9"),
        ((3, 14, 0), "CPython", "macosx-11.0-arm64", 64, True, "this is the free-threaded one"),
    ],
)
def test_a_python_that_will_not_do_is_told_which_one_to_get(
    version: tuple[int, ...], implementation: str, platform: str, bits: int, free_threaded: bool, said: str
) -> None:
    told = RULES["fault"](version, implementation, platform, bits, free_threaded)
    assert said in told
    assert "Get the 64-bit Python 3.14 from python.org" in told
    assert ('"py -3.14"' in told) == platform.startswith(("win", "mingw"))
    assert told.isascii()  # any console can show it


def test_on_arm_windows_the_installer_is_named() -> None:
    assert 'the "Windows installer (64-bit)", not the one for ARM64' in RULES["fault"](
        (3, 13), "CPython", "win-arm64", 64
    )


@pytest.mark.parametrize("platform", ["win-amd64", "macosx-10.13-universal2", "macosx-11.0-arm64", "linux-aarch64"])
@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (3, 15, 0)])
def test_the_others_will_do(platform: str, version: tuple[int, ...]) -> None:
    assert RULES["fault"](version, "CPython", platform, 64) == ""


def test_this_one_will_do() -> None:
    assert RULES["fault_of_this_one"]() == ""


@pytest.mark.parametrize(
    ("arguments", "shared"),
    [
        ([], True),
        (["-x", "-q"], True),
        (["tests/functions"], True),
        (["tests/batch/test_batch.py"], False),
        (["tests/batch/test_batch.py::test_one"], False),
        (["-n", "4"], False),
        (["-n0"], False),
        (["--pdb"], False),
        (["--capture=no"], False),
        (["--collect-only"], False),
    ],
)
def test_tests_are_shared_among_processors_unless_told_otherwise(arguments: list[str], shared: bool) -> None:
    assert bool(OPTIONS(arguments)) is shared


def test_python_compiles_a_module_once_though_the_computer_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("", encoding="utf-8")
    told = dict(os.environ) | {"PYTHONDONTWRITEBYTECODE": "1"}
    told.pop("PYTHONPYCACHEPREFIX", None)
    KEEP(told)
    assert Path(told["PYTHONPYCACHEPREFIX"]).parent == CI.parent / ".venv"
    told["PYTHONPYCACHEPREFIX"] = str(tmp_path / "bytecode")
    subprocess.run([sys.executable, "-c", "import module"], env=told, cwd=tmp_path, check=True)
    assert len(list(tmp_path.glob("bytecode/**/module.*.pyc"))) == 1
    assert not (tmp_path / "__pycache__").exists()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"PYTHONPYCACHEPREFIX": "/elsewhere"},
        {"PYTHONPYCACHEPREFIX": "/elsewhere", "PYTHONDONTWRITEBYTECODE": ""},
        {"PYTHONPYCACHEPREFIX": "/elsewhere", "PYTHONDONTWRITEBYTECODE": "1"},
    ],
)
def test_a_place_for_what_is_compiled_that_is_already_chosen_stays(told: dict[str, str]) -> None:
    kept = dict(told)
    KEEP(kept)
    assert kept == {name: value for name, value in told.items() if name != "PYTHONDONTWRITEBYTECODE"}


@pytest.mark.parametrize(
    ("told", "count"), [(None, 4), ("", 4), ("1", 4), ("25", 100), ("0", 4), ("0.5", 2), ("0.1", 1)]
)
def test_more_examples_or_fewer_are_tried_on_demand(
    told: str | None, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(depth.VARIABLE, raising=False)
    if told is not None:
        monkeypatch.setenv(depth.VARIABLE, told)
    assert depth.examples(4) == count


def test_every_variable_of_a_deep_run_is_read_by_a_test() -> None:
    tests = Path(__file__).parent
    read = "".join(path.read_text(encoding="utf-8") for path in tests.rglob("test_*.py"))
    assert [name for name in depth.DEEP if name != depth.VARIABLE and f'"{name}"' not in read] == []
    named = set(re.findall(r'environ(?:\.get\()?[^\n"]{0,4}"(XLSALES_[A-Z]+)"', read))
    assert named - depth.DEEP.keys() <= {"XLSALES_SEED"}  # which chooses others, not more


def test_an_environment_that_was_made_without_pip_gets_it(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    asked = [str(python), "-m", "pip", "--version"]
    assert subprocess.run(asked, capture_output=True, check=False).returncode != 0
    GIVE_PIP(python)
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0
