"""`python tests --wheels`: what has no wheel for a computer is found in the lock, and said."""

from __future__ import annotations

import runpy
import tomllib
from typing import Any

import pytest

from tests import wheels
from tests.pythons import PROJECT
from tests.wheels import COMPUTERS, PYTHONS, without_wheel

BY_NAME = {computer.name: computer for computer in COMPUTERS}


def package(*names: str, marker: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"name": "engine", "version": "1.0"}
    if names:
        made["wheels"] = [{"url": f"https://example.org/engine-1.0-{name}.whl"} for name in names]
    return made | ({"marker": marker} if marker else {})


@pytest.mark.parametrize(
    ("names", "computer", "pythons"),
    [
        (["py3-none-any"], "Windows ARM64", "11 12 13 14"),
        (["py2.py3-none-any"], "macOS on Intel", "11 12 13 14"),
        (["cp310-abi3-win_amd64"], "Windows x64", "11 12 13 14"),
        (["cp312-abi3-win_amd64"], "Windows x64", "12 13 14"),
        (["cp310-abi3-win_amd64"], "Windows ARM64", ""),
        (["cp310-abi3-win32"], "Windows x64", ""),
        (["cp311-cp311-win_arm64", "cp313-cp313-win_arm64"], "Windows ARM64", "11 13"),
        (["cp314-cp314t-win_amd64"], "Windows x64", ""),  # the free-threaded build
        (["cp313-cp313-macosx_11_0_arm64"], "macOS on Apple silicon", "13"),
        (["cp313-cp313-macosx_10_13_universal2"], "macOS on Apple silicon", "13"),
        (["cp313-cp313-macosx_10_13_universal2"], "macOS on Intel", "13"),
        (["cp313-cp313-macosx_99_0_arm64"], "macOS on Apple silicon", ""),
        (["cp313-cp313-macosx_11_0_arm64"], "macOS on Intel", ""),
        (["cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"], "Linux x86_64", "12"),
        (["cp312-cp312-manylinux_2_28_aarch64"], "Linux aarch64", "12"),
        (["cp312-cp312-manylinux_2_35_x86_64"], "Linux x86_64", ""),  # needs a newer glibc
        (["cp312-cp312-musllinux_1_2_x86_64"], "Linux x86_64", ""),
        ([], "Linux x86_64", ""),  # source only
    ],
)
def test_a_wheel_serves_the_computers_that_it_names(names: list[str], computer: str, pythons: str) -> None:
    served = [
        str(python[1]) for python in PYTHONS if not list(without_wheel([package(*names)], python, BY_NAME[computer]))
    ]
    assert served == pythons.split()


@pytest.mark.parametrize(
    ("marker", "needed"),
    [
        ("python_full_version == '3.11.*'", [(3, 11)]),
        ("python_full_version >= '3.12'", [(3, 12), (3, 13), (3, 14)]),
        ("sys_platform == 'darwin' or sys_platform == 'win32'", []),
        ("platform_machine == 'x86_64' and implementation_name == 'cpython'", list(PYTHONS)),
    ],
)
def test_only_what_a_computer_needs_is_missing_there(marker: str, needed: list[tuple[int, int]]) -> None:
    linux = BY_NAME["Linux x86_64"]
    assert [python for python in PYTHONS if list(without_wheel([package(marker=marker)], python, linux))] == needed


def test_the_table_says_in_words_what_has_no_wheel(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    everywhere = ["win_amd64", "macosx_11_0_arm64", "macosx_10_12_x86_64", "manylinux_2_17_x86_64"]
    everywhere += ["manylinux_2_17_aarch64"]
    monkeypatch.setattr(wheels, "locked", lambda: [package(*(f"cp310-abi3-{tag}" for tag in everywhere))])
    assert wheels.main() == 0  # ARM Windows is not promised
    told = capsys.readouterr().out.splitlines()
    assert told[2].split() == ["Windows", "x64", "all", "all", "all", "all"]
    assert told[7].split() == ["Windows", "ARM64", *["1", "missing"] * 4]
    assert told[8].startswith(
        "Windows ARM64: engine 1.0 has no wheel for Python 3.11, 3.12, 3.13, 3.14; the Python for x"
    )

    monkeypatch.setattr(wheels, "locked", lambda: [package(*(f"cp314-cp314-{tag}" for tag in everywhere))])
    assert wheels.main() == 1
    assert "macOS on Intel: engine 1.0 has no wheel for Python 3.11, 3.12, 3.13." in capsys.readouterr().out


def test_every_python_that_is_promised_is_looked_up() -> None:
    rules = runpy.run_path(str(PROJECT / ".ci" / "which_python.py"))
    assert (rules["OLDEST"], rules["NEWEST"]) == (PYTHONS[0], PYTHONS[-1])
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    promised = [text.rpartition(" ")[2] for text in project["classifiers"] if "Python :: 3." in text]
    assert promised == [".".join(map(str, python)) for python in PYTHONS]
