"""The functions that the calculation engine knows, the sales functions among them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import formualizer

from xlsales.calculation.engine.values import received, sent
from xlsales.functions import CATALOGUE, SalesFunction

_RANDOM = frozenset(("RAND", "RANDBETWEEN", "RANDARRAY"))


class Functions:
    """Which functions the engine knows: asked once for each name, in a workbook of its own."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = dict.fromkeys(CATALOGUE, True) | dict.fromkeys(_RANDOM, False)

    def unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of some functions that the engine does not know."""
        return tuple(name for name in dict.fromkeys(names) if not self._is_known(name))

    def _is_known(self, name: str) -> bool:
        if name not in self._known:
            scratch = formualizer.Workbook()
            scratch.add_sheet("S")
            scratch.set_formula("S", 1, 1, f"={name}()")
            try:
                result = scratch.evaluate_cell("S", 1, 1)
            except RuntimeError:
                result = {"kind": "Name"}
            self._known[name] = not (isinstance(result, dict) and result.get("kind") in ("Name", "NImpl"))
        return self._known[name]


def register(workbook: formualizer.Workbook) -> None:
    """Let the formulas of a workbook call the sales functions."""
    for function in CATALOGUE.values():
        workbook.register_function(function.name, partial(_call, function), min_args=0, max_args=None)


def _call(function: SalesFunction, *arguments: Any) -> Any:
    return sent(function.call_cells(*(received(argument) for argument in arguments)))
