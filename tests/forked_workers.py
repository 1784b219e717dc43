"""Workers of batches that run in a test's own process are copies of one process that has imported everything.

On every computer they start anew, as on Windows, and import what they need, which takes a second of each: so they do
in commands that tests start as processes, and in tests that use the fixture `spawned_workers`. Otherwise they are the
same, with a pipe of their own, but that the import is behind them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from tests import disks
from xlsales.batch import worker_process

_PROJECT = Path(__file__).resolve().parents[1]
_IMPORTED = (
    *("xlsales.batch.worker", "xlsales.batch.runners", "xlsales.calculation.session", "xlsales.workbook.lint"),
    *("formualizer", "ironcalc", "xlsxwriter", "openpyxl", "pandas", "tests.batch.poison", "tests.forked_workers"),
)
_HAS_COPIES = hasattr(os, "fork")


class Forked(worker_process._Process):
    """A worker that is a copy of the server's process."""

    _start_method = "forkserver"
    _environment: dict[str, str]

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802
        from multiprocessing.popen_forkserver import Popen

        return Popen(process_obj)

    def start(self) -> None:
        """Start it; the server is there after the first time."""
        self._environment = dict(os.environ)
        _serve()
        super().start()

    def _bootstrap(self, parent_sentinel: int | None = None) -> int:
        os.environ.clear()
        os.environ.update(self._environment)
        setattr(os, "fsync", disks.written)  # noqa: B010 - with another name for its argument
        code: int = super()._bootstrap(parent_sentinel)  # type: ignore[misc]
        return code


def _serve() -> None:
    """Start the server, where it is not there yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(_PROJECT), *sys.path]))
        forkserver.set_forkserver_preload(list(_IMPORTED))
        forkserver.ensure_running()


def _start_anew() -> None:
    """In a copy of this process, whose server is none of the copy's own, let workers start anew."""
    if issubclass(worker_process.Context.Process, Forked):
        worker_process.Context.Process = worker_process._Process


if _HAS_COPIES:
    os.register_at_fork(after_in_child=_start_anew)


@pytest.fixture(scope="session", autouse=True)
def forked_workers() -> Iterator[None]:
    """Let workers be copies, where the system can copy processes."""
    with pytest.MonkeyPatch.context() as patch:
        if _HAS_COPIES:
            patch.setattr(worker_process.Context, "Process", Forked)
        yield


@pytest.fixture
def spawned_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers start anew, as everywhere outside these tests."""
    monkeypatch.setattr(worker_process.Context, "Process", worker_process._Process)
