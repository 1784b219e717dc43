"""What xlwings' own generator makes of the faces says the same as the declarations."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.parity import excel
from xlsales.functions import CATALOGUE
from xlsales.functions.registry import CATEGORY

LINE_BREAK = re.compile(r" _\n")
FUNCTION = re.compile(r"^Function (\w+)\((.*)\)$", re.MULTILINE)


@pytest.fixture(scope="module")
def imported() -> tuple[str, dict[str, dict[str, Any]]]:
    """The VBA module and the function wizard's entries, as `Import Functions` makes them."""
    module, options = excel.ask("imported")
    return LINE_BREAK.sub("", module), {macro.rpartition("!")[2]: entry for macro, entry in options}


def declared_parameters(name: str) -> list[str]:
    written = []
    for argument in CATALOGUE[name].arguments:
        if argument.variadic:
            written.append(f"ParamArray {argument.name}()")
        else:
            written.append(argument.name if argument.required else f"Optional {argument.name}")
    return written


def test_vba_has_every_function_and_no_other(imported: tuple[str, dict[str, Any]]) -> None:
    found = {name: parameters.split(", ") for name, parameters in FUNCTION.findall(imported[0])}
    assert found == {name: declared_parameters(name) for name in CATALOGUE}


@pytest.mark.parametrize("name", CATALOGUE)
def test_function_wizard_shows_the_declaration(imported: tuple[str, dict[str, dict[str, Any]]], name: str) -> None:
    entry = imported[1][name]
    assert entry["Description"] == CATALOGUE[name].summary
    assert entry["Category"] == CATEGORY
    assert entry["ArgumentDescriptions"] == [argument.help for argument in CATALOGUE[name].arguments]


@pytest.mark.parametrize("name", CATALOGUE)
def test_wrapper_passes_the_arguments_in_order(imported: tuple[str, dict[str, Any]], name: str) -> None:
    if CATALOGUE[name].is_variadic:
        assert re.search(rf'{name} = XLPy.CallUDF\("sales_udfs", "{name}", argsArray', imported[0])
    else:
        passed = ", ".join(argument.name for argument in CATALOGUE[name].arguments)
        assert f'{name} = XLPy.CallUDF("sales_udfs", "{name}", Array({passed})' in imported[0]
