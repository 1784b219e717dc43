"""A function is complete, or this says which part of it is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import xlsales
from tests.parity.cases import RANDOM_SETS, cases
from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.markdown import document
from xlsales.functions.registry import CATEGORY, Example

PROJECT = Path(__file__).resolve().parents[2]
FACES = {
    node.name
    for node in ast.parse((PROJECT / "udfs" / "sales_udfs.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef)
}
GENERIC = {"completeness", "declarations", "benchmark_table", "lint", "markdown", "native_twins"}
WORKED = "".join(
    path.read_text(encoding="utf-8")
    for path in Path(__file__).parent.glob("test_*.py")
    if path.stem.removeprefix("test_") not in GENERIC
)


def missing(function: SalesFunction) -> Iterator[str]:
    """The parts that a function lacks."""
    said = {
        "summary": function.summary.endswith("."),
        "formula": function.formula,
        "unit of the result": function.unit,
        "source": function.source,
        "category": function.category == CATEGORY,
        "two examples": len(function.examples) >= 2,
        "working of an example": all(example.working for example in function.examples),
        "native twin, or the reason why there is none": function.native
        or (function.no_native.endswith(".") and len(function.no_native) > 20),
        "native twin without a reason against it": not (function.native and function.no_native),
        "argument": function.arguments,
    }
    yield from (part for part, present in said.items() if not present)
    for argument in function.arguments:
        if not argument.help.endswith("."):
            yield f"help of {argument.name}"
        if not argument.unit:
            yield f"unit of {argument.name}"
    yield from _missing_elsewhere(function)


def _missing_elsewhere(function: SalesFunction) -> Iterator[str]:
    name = function.name
    if name not in FACES:
        yield "face in udfs/sales_udfs.py"
    if function.python_name not in xlsales.__all__:
        yield "name in xlsales.__all__"
    if f"\n### {name}\n" not in document():
        yield "section of docs/functions.md"
    if f'"{name}"' not in WORKED:
        yield "values worked by hand in tests/functions"
    if CATALOGUE.get(name) is None:
        yield "place in the catalogue"
    elif sum(case.origin in ("sound", "odd") for case in cases(name)) < RANDOM_SETS:
        yield "parity cases"


@pytest.mark.parametrize("name", CATALOGUE)
def test_nothing_is_missing(name: str) -> None:
    assert list(missing(CATALOGUE[name])) == []


SOUND = CATALOGUE["CLOSE_RATIO"]
ARGUMENT = SOUND.arguments[0]
INCOMPLETE: list[tuple[dict[str, Any], str]] = [
    ({"summary": ""}, "summary"),
    ({"formula": ""}, "formula"),
    ({"unit": ""}, "unit of the result"),
    ({"source": ""}, "source"),
    ({"category": "xlwings"}, "category"),
    ({"examples": SOUND.examples[:1]}, "two examples"),
    ({"examples": (Example((1, 2), 0.5, ""),) * 2}, "working of an example"),
    ({"native": ""}, "native twin, or the reason why there is none"),
    ({"native": "", "no_native": "None."}, "native twin, or the reason why there is none"),
    ({"no_native": "It would have to fill several cells."}, "native twin without a reason against it"),
    ({"arguments": ()}, "argument"),
    ({"arguments": (replace(ARGUMENT, help=""),)}, "help of won"),
    ({"arguments": (replace(ARGUMENT, unit=""),)}, "unit of won"),
    ({"name": "LOST_RATIO"}, "face in udfs/sales_udfs.py"),
    ({"name": "LOST_RATIO"}, "name in xlsales.__all__"),
    ({"name": "LOST_RATIO"}, "section of docs/functions.md"),
    ({"name": "LOST_RATIO"}, "values worked by hand in tests/functions"),
    ({"name": "LOST_RATIO"}, "place in the catalogue"),
]


@pytest.mark.parametrize(("changes", "part"), INCOMPLETE, ids=[part for _changes, part in INCOMPLETE])
def test_missing_part_is_noticed(changes: dict[str, Any], part: str) -> None:
    assert part in missing(replace(SOUND, **changes))


def test_missing_parity_cases_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.functions.test_completeness.cases", lambda name: ())
    assert list(missing(SOUND)) == ["parity cases"]
