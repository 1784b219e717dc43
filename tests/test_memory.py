"""The collector of garbage rests while a program starts, and looks again from then on."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from xlsales import memory


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the collector as it was."""
    threshold = gc.get_threshold()
    yield
    memory.settle()
    gc.set_threshold(*threshold)
    gc.unfreeze()
    gc.enable()


def test_collector_rests_until_memory_is_settled() -> None:
    memory.rest()
    assert not gc.isenabled()
    with memory.uncollected():
        pass
    assert not gc.isenabled()
    memory.settle()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_collector_that_does_not_rest_is_left_alone() -> None:
    gc.disable()
    memory.settle()
    assert not gc.isenabled()
    assert gc.get_freeze_count() == 0
