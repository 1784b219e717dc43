"""Planners for the territories of the input tables: filled, calculated, written and reported.

`prepare(source, Options(out=…)).run()` makes them; `prepare_each` does for a source with several fiscal years.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsales.batch.each_year import prepare_each as prepare_each
    from xlsales.batch.options import Options as Options
    from xlsales.batch.preparing import prepare as prepare
    from xlsales.batch.run import Batch as Batch

_ROOMS = {"Batch": "run", "Options": "options", "prepare": "preparing", "prepare_each": "each_year"}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:  # heavy: loaded when they are first used
        return getattr(import_module(f"xlsales.batch.{_ROOMS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
