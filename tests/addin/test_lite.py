"""The functions for xlwings Lite: the personal module as it is written, under the rules that xlwings publishes."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner
from xlwings import conversion, engines
from xlwings.main import Engine

from xlsales.addin import lite
from xlsales.cli import app
from xlsales.functions import CATALOGUE, CellError
from xlsales.functions.lite import answer


class Cells:
    """The cells of Lite for xlwings' own conversion: errors are texts where `err_to_str` asks for them, else blank."""

    name = "lite"
    type = "remote"

    @staticmethod
    def clean_value_data(rows: Any, _dates: Any, _empty: Any, _numbers: Any, err_to_str: bool) -> Any:
        def clean(cell: Any) -> Any:
            is_error = isinstance(cell, str) and cell.startswith("#")
            return None if cell == "" or (is_error and not err_to_str) else cell

        return [[clean(cell) for cell in row] for row in rows]


class Lite:
    """Sends cells as xlwings Lite does: `None` for a blank cell takes the default, all else goes through `convert`."""

    def __init__(self) -> None:
        self.options: dict[str, dict[str, Any]] = {}
        self.named: dict[str, Callable[..., Any]] = {}
        module = ModuleType("xlwings")
        module.arg = self._arg  # type: ignore[attr-defined]
        module.func = self._func  # type: ignore[attr-defined]
        there = sys.modules.get("xlwings")
        sys.modules["xlwings"] = module
        try:
            exec(compile(lite.module(), lite.MODULE, "exec"), {"__name__": "sales_functions"})
        finally:
            sys.modules.pop("xlwings")
            if there is not None:
                sys.modules["xlwings"] = there

    def _arg(self, name: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
            options.pop("doc")
            self.options.setdefault(function.__name__, {})[name] = options
            return function

        return decorated

    def _func(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.named[function.__name__] = function
        return function

    def call(self, name: str, *cells: Any) -> Any:
        arguments = list(self.options[name].values())[::-1]
        given = [self._sent(cell, arguments[min(place, len(arguments) - 1)]) for place, cell in enumerate(cells)]
        return self.named[name](*given)

    @staticmethod
    def _sent(cell: Any, options: dict[str, Any]) -> Any:
        while isinstance(cell, list) and len(cell) == 1:
            [cell] = cell
        return None if cell is None else conversion.read(None, cell, dict(options), engine_name=Cells.name)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def workbook() -> Iterator[Lite]:
    engine = Engine(impl=Cells())
    engines.add(engine)
    yield Lite()
    engines.engines.remove(engine)
    engines.engines_by_name.pop(Cells.name)


def test_every_function_is_there_with_its_help(workbook: Lite) -> None:
    assert list(workbook.named) == list(CATALOGUE)
    assert all(workbook.named[name].__doc__ == function.summary for name, function in CATALOGUE.items())
    described = {name: set(arguments) for name, arguments in workbook.options.items()}
    assert described == {name: {argument.name for argument in one.arguments} for name, one in CATALOGUE.items()}


def _cells(value: Any) -> Any:
    return [[cell] for cell in value] if isinstance(value, (list, tuple)) else value


def _examples() -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    for function in CATALOGUE.values():
        for example in function.examples:
            # A blank owner and none at all look the same in Lite: docs/excel.md.
            if (function.name, example.arguments[2:]) != ("COVERAGE_STATUS", ("",)):
                yield function.name, example.arguments, example.result


@pytest.mark.parametrize(("name", "arguments", "result"), list(_examples()))
def test_examples_give_in_lite_what_they_give_everywhere(
    workbook: Lite, name: str, arguments: tuple[Any, ...], result: Any
) -> None:
    cells = tuple(map(_cells, arguments))
    assert workbook.call(name, *cells) == CATALOGUE[name].call_cells(*cells)
    if isinstance(result, float):
        assert workbook.call(name, *cells) == pytest.approx(result)


@pytest.mark.parametrize(
    ("name", "cells", "shown"),
    [
        ("CLOSE_RATIO", (13, None), "#N/A"),
        ("CLOSE_RATIO", (13, 0), "#DIV/0!"),
        ("CLOSE_RATIO", (30, 20), "#NUM!"),
        ("CLOSE_RATIO", ("many", 20), "#VALUE!"),
        ("CLOSE_RATIO", ("#REF!", 20), "#REF!"),
        ("MAGIC_NUMBER", (15000, 2500, 0.6, 0.4, None), 15000 / 2500 / 0.4 / 0.6 / 52),
        ("CLOSE_RATIO", ([[13], [30], [None]], 20), [[0.65], ["#NUM!"], ["#N/A"]]),
        ("CLOSE_RATIO", ([[1, 2]], [[10], [20]]), [[0.1, 0.2], [0.05, 0.1]]),
        ("PEER_GAP", (66, [[50], [None], [60], [70]]), 0.1),
        ("COVERAGE_STATUS", (11, 12, None), "UNDER"),
        ("ORG_GAPS", ([[2], *[[3]] * 11], None, None), [["Management and rep relationship"]]),
    ],
)
def test_blanks_errors_and_ranges_as_lite_sends_them(
    workbook: Lite, name: str, cells: tuple[Any, ...], shown: Any
) -> None:
    found = workbook.call(name, *cells)
    assert found == (shown if isinstance(shown, (str, list)) else pytest.approx(shown))


def test_an_error_that_excel_takes_back_from_no_add_in_becomes_value() -> None:
    assert answer("CLOSE_RATIO", CellError("#SPILL!"), 20) == "#VALUE!"


def test_the_module_imports_nothing_but_xlwings_and_the_functions() -> None:
    imports = [node.module for node in ast.walk(ast.parse(lite.module())) if isinstance(node, ast.ImportFrom)]
    assert imports == ["xlsales.functions.lite", "xlwings"]
    code = "import sys, xlsales.functions.lite; print(sorted({n.partition('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"xlwings", "pandas", "lxml", "typer", "openpyxl"} & set(ast.literal_eval(done.stdout))


def test_the_command_writes_both_files_and_three_steps(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["addin", "lite", "--out", str(tmp_path / "for Lite")])
    assert result.exit_code == 0
    assert [line[:2] for line in result.output.splitlines() if line[1:2] == "."] == ["1.", "2.", "3."]
    folder = tmp_path / "for Lite"
    assert sorted(path.name for path in folder.iterdir()) == ["requirements.txt", "sales_functions.py"]
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line[:3] for line in lines[:3]] == ["# 1", "# 2", "# 3"]
    assert lines[3:] == ["xlwings", "numpy", f"xlsales=={__import__('xlsales').__version__}"]
