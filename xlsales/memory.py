"""Memory while much is made that stays, and how much may be in the making."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Bytes of planners that a process holds while it makes them: so many of their cells, as they are calculated together;
# a third as much of their worksheets, before these are compressed; and a third of their files, before they are written.
# Of our template 100 planners are calculated together, and eight written in a row; of one twice as large half as many.
IN_THE_MAKING = 48_000_000


@contextmanager
def uncollected() -> Iterator[None]:
    """Let Python's collector of garbage rest: where a hundred thousand objects are made that stay, it finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_resting = False
# So many more objects than there were: what is made of some planners, or read of a file, is not looked through.
_SELDOM = 100_000


def rest() -> None:
    """Let the collector rest while a program starts, or ends: what it imports stays, and in the end all of it goes."""
    global _resting
    _resting = True
    gc.disable()


def settle() -> None:
    """Let a collector that rests look for garbage again, in what is made from now on: what is there by now stays."""
    global _resting
    if _resting:
        _resting = False
        gc.freeze()
        gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])
        gc.enable()


_MODULES: dict[str, Any] = sys.modules  # None stands for a package that is not there
_ARROW = "pyarrow"
# Where Arrow has its memory from, once it is imported: its own allocators keep what was freed, which others could use.
_POOL = ("ARROW_DEFAULT_MEMORY_POOL", "system")
_spares = False


def spare() -> None:
    """Have this process, which runs nobody else's code, import no package that others could do without."""
    global _spares
    _spares = not {"pandas", _ARROW} & _MODULES.keys()
    if _spares:
        os.environ.setdefault(*_POOL)


@contextmanager
def spared() -> Iterator[None]:
    """Import pandas, and what builds on it, in a process that spares as if pyarrow were not installed.

    pandas imports it wherever it is, which takes 50 MiB and 0.1 seconds. Who reads Parquet files imports it then.
    """
    if not _spares:
        yield
        return
    there = {_ARROW: _MODULES[_ARROW]} if _ARROW in _MODULES else {}
    _MODULES[_ARROW] = None
    try:
        yield
    finally:
        del _MODULES[_ARROW]
        _MODULES.update(there)
