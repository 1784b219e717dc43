"""SECURITY.md: every test that it names is there, and every dependency has a lowest version."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[1]
PAGE = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
_PROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [*_PROJECT["dependencies"], *(one for extra in _PROJECT["optional-dependencies"].values() for one in extra)]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(tests/[^`]*)`", PAGE))))
def test_every_promise_names_a_test_that_is_there(name: str) -> None:
    assert (PROJECT / name).is_file()


def test_every_promise_has_a_test() -> None:
    promises = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert len(promises) >= 9
    assert all(re.search(r"`tests/[^`]*`", line) for line in promises)


@pytest.mark.parametrize("needed", [one for one in NEEDED if not one.startswith("xlsales[")])
def test_every_dependency_has_a_lowest_version(needed: str) -> None:
    assert {part.operator for part in Requirement(needed).specifier} & {">=", "=="}
