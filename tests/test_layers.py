"""Imports point down and never round; heavy packages stay where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "xlsales"
# From the bottom up; a module imports from its own layer (a package of its own only) or from those before it.
LAYERS = (
    {"version", "texts", "epoch", "standards", "memory"},
    {"schema", "errors", "windows_jobs"},
    {"functions", "findings", "schedule", "stopping", "bounded", "collected_tables"},
    {"cells", "files"},
    {"workbook"},
    {"tables", "calculation", "lambdas"},
    {"planner"},
    {"batch", "recalc", "addin"},
    {"rollup"},
    {"collection"},
    {"cli"},
)
ROOMS = {
    "numpy": {"functions", "tables", "calculation", "cells", "workbook", "collection"},
    "orjson": {"workbook", "calculation", "cells"},
    "xlwings": {"udfs"},
    "formualizer": {"calculation"},
    "ironcalc": {"calculation"},
    "deflate": {"workbook"},
    "xlsxwriter": {"planner", "batch", "addin", "lambdas", "rollup"},
    "pandas": {"tables", "collection"},
    "pandera": {"tables"},
    "lxml": {"workbook", "batch"},
    "distributed": {"batch"},
    "botocore": {"files"},
    "fsspec": {"tables"},
}


@cache
def _imports(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            if node.module == "xlsales":
                names |= {f"xlsales.{alias.name}" for alias in node.names}
    return frozenset(names)


def _room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if p.parent != PACKAGE or p.stem not in ("__init__", "__main__")]


def _level(room: str) -> int:
    return next(level for level, rooms in enumerate(LAYERS) if room in rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_below(path: Path) -> None:
    own = _room(path)
    used = {name.split(".")[1] for name in _imports(path) if name.startswith("xlsales.")} - {own}
    assert {room for room in used if _level(room) >= _level(own)} == set()


@pytest.mark.parametrize(("package", "rooms"), ROOMS.items())
def test_a_package_is_imported_only_where_it_belongs(package: str, rooms: set[str]) -> None:
    users = {_room(path) for path in MODULES if any(name.split(".")[0] == package for name in _imports(path))}
    assert users <= rooms


def test_every_room_has_a_layer() -> None:
    assert {_room(path) for path in MODULES} == set().union(*LAYERS)


def test_version_is_told_without_what_converts_options() -> None:
    code = (
        "import sys; sys.argv[1:] = ['--version']; from xlsales.cli import main\ntry: main()\nexcept SystemExit: pass"
    )
    code += "\nprint(sorted({'pydantic', 'pandas', 'openpyxl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    first, second = done.stdout.splitlines()
    assert first.startswith("xlsales ")
    assert second == "[]"


@pytest.mark.parametrize(
    "statement", ["import xlsales.cli", "import xlsales; xlsales.magic_number(15000, 2500, 0.6, 0.4, 1)"]
)
def test_start_up_imports_nothing_heavy(statement: str) -> None:
    heavy = "{'pandas', 'openpyxl', 'pandera', 'formualizer', 'xlsxwriter', 'lxml', 'xlwings'}"
    code = f"{statement}\nimport sys\nprint(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == "[]"


def test_small_batch_imports_only_what_it_uses() -> None:
    code = "import xlsales.batch.preparing, xlsales.batch.run, xlsales.batch.worker, sys"
    others = "{'openpyxl', 'formualizer', 'urllib.request', 'xlsales.workbook.worksheets'}"
    code += f"\nprint(sorted({others} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == "[]"
