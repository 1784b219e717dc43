"""Memory while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
