"""The crafted broken files of all test modules, by the rule that each breaks."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.workbook.lint.crafted import Changed, Crafted

HERE = Path(__file__).resolve().parent
_PROJECT = HERE.parents[2]


class Listed(NamedTuple):
    """A crafted file and the test that makes it."""

    rule: str
    kind: str
    test: str  # the test module, from the project's folder


def crafted_files() -> Iterator[Listed]:
    """Yield every crafted file, module by module."""
    for path in sorted(HERE.glob("test_*.py")):
        if path.stem == "test_rules":
            continue
        module = importlib.import_module(f"{__package__}.{path.stem}")
        for _name, function in inspect.getmembers(module, inspect.isfunction):
            for mark in getattr(function, "pytestmark", ()):
                if mark.name == "parametrize" and mark.args[0] == "crafted":
                    yield from (
                        Listed(one.rule, one.kind, path.relative_to(_PROJECT).as_posix())
                        for one in mark.args[1]
                        if isinstance(one, Crafted | Changed)
                    )
