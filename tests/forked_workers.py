"""Workers that a test's own process starts are copies of one process that has imported everything.

So are the workers of batches, and the processes of bounded work. On every computer they start anew, as on Windows,
and import what they need, which takes a second of each: so they do in commands that tests start as processes, and in
tests that use the fixture `spawned_workers`. Otherwise they are the same, with pipes of their own, but that the
import is behind them. `tests.forked` starts other programs so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.forked import HAS_COPIES, Forked, bounded_work
from xlsales import bounded
from xlsales.batch import worker_process

_anew = bounded._process


def _start_anew() -> None:
    """In a copy of this process, whose server is none of the copy's own, let workers start anew."""
    if issubclass(worker_process.Context.Process, Forked):
        worker_process.Context.Process = worker_process._Process
    bounded._process = _anew
    bounded.shared.cache_clear()  # for it is the other's


if HAS_COPIES:
    os.register_at_fork(after_in_child=_start_anew)


@pytest.fixture(scope="session", autouse=True)
def forked_workers() -> Iterator[None]:
    """Let workers be copies, where the system can copy processes."""
    with pytest.MonkeyPatch.context() as patch:
        if HAS_COPIES:
            patch.setattr(worker_process.Context, "Process", Forked)
            patch.setattr(bounded, "_process", bounded_work)
        yield


@pytest.fixture
def spawned_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers start anew, as everywhere outside these tests."""
    monkeypatch.setattr(worker_process.Context, "Process", worker_process._Process)
    monkeypatch.setattr(bounded, "_process", _anew)
