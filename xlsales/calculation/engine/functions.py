"""The functions that the calculation engine knows, the sales functions among them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any

import formualizer

from xlsales.calculation.engine.values import received, sent
from xlsales.functions import CATALOGUE, SalesFunction

_RANDOM = frozenset(("RAND", "RANDBETWEEN", "RANDARRAY"))


def unknown(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some functions that the engine does not know."""
    return tuple(name for name in dict.fromkeys(names) if not _is_known(name))


@lru_cache(maxsize=4096)
def _is_known(name: str) -> bool:
    """Whether the engine knows a function: asked once for each name, in a workbook of its own."""
    if name in CATALOGUE or name in _RANDOM:
        return name not in _RANDOM
    scratch = formualizer.Workbook()
    scratch.add_sheet("S")
    scratch.set_formula("S", 1, 1, f"={name}()")
    try:
        result = scratch.evaluate_cell("S", 1, 1)
    except RuntimeError:
        result = {"kind": "Name"}
    return not (isinstance(result, dict) and result.get("kind") in ("Name", "NImpl"))


def register(workbook: formualizer.Workbook) -> None:
    """Let the formulas of a workbook call the sales functions."""
    for function in CATALOGUE.values():
        workbook.register_function(function.name, partial(_call, function), min_args=0, max_args=None)


def _call(function: SalesFunction, *arguments: Any) -> Any:
    return sent(function.call_cells(*(received(argument) for argument in arguments)))
