"""How a value worked by hand is held against a function: in Python, in a cell, and as an array's element."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from xlsales.functions import CATALOGUE, CellError, SalesFunctionError
from xlsales.functions.serials import moments

Value: TypeAlias = tuple[str, tuple[Any, ...], Any]  # name, arguments, result
Error: TypeAlias = tuple[str, tuple[Any, ...], str, str]  # name, arguments, code, argument at fault


def close(result: Any) -> Any:
    """A result, with numbers a hair of binary noise wide."""
    if isinstance(result, list):
        return [close(cell) for cell in result]
    return pytest.approx(result, rel=1e-12, abs=1e-12) if isinstance(result, (int, float)) else result


def assert_gives(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    function = CATALOGUE[name]
    assert function.call(*arguments) == (moments(result) if function.gives_date else close(result))
    assert function.call_cells(*arguments) == close(result)
    spread = not function.spills and not all(argument.is_range for argument in function.arguments)
    if spread:
        assert function.call_cells(*twice(name, arguments)) == [[close(result)], [close(result)]]


def assert_refuses(name: str, arguments: tuple[Any, ...], code: str, argument: str) -> None:
    function = CATALOGUE[name]
    with pytest.raises(SalesFunctionError) as caught:
        function.call(*arguments)
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert caught.value.message.endswith(".")
    assert function.call_cells(*arguments) == CellError(code)


def twice(name: str, arguments: tuple[Any, ...]) -> list[Any]:
    """The arguments as two rows of the same; ranges stay as they are."""
    declared = CATALOGUE[name].arguments
    return [
        value if argument.is_range else [[value], [value]] for argument, value in zip(declared, arguments, strict=False)
    ]
