"""Processes that are copies of one that has imported everything: the import, which takes a second, is behind them.

`Forked` does what a `multiprocessing.Process` does, and `Module` what `python -m MODULE` does.
"""

from __future__ import annotations

import atexit
import multiprocessing.process
import os
import runpy
import signal
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any

import pytest

from tests import disks
from xlsales.batch import worker_process

_PROJECT = Path(__file__).resolve().parents[1]
_IMPORTED = (
    *("xlsales.batch.worker", "xlsales.batch.runners", "xlsales.calculation.session", "xlsales.workbook.lint"),
    *("xlsales.calculation.compiled.judging", "xlsales.collection.worker", "xlsales.recalc", "xlsales.recalc.worker"),
    *("formualizer", "ironcalc", "xlsxwriter", "openpyxl", "pandas", "xlsales.cli", "tests.batch.poison"),
    "tests.forked",
)  # not Dask, which lets any exception be sent to another process
_FAILED = 1
_one_at_a_time = threading.Lock()

HAS_COPIES = hasattr(os, "fork")


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
    with _one_at_a_time, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(_PROJECT), *sys.path]))
        forkserver.set_forkserver_preload(list(_IMPORTED))
        forkserver.ensure_running()


class Module:
    """A module that runs as with `python -m`, in a session of its own; what `subprocess.Popen` offers of it."""

    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None

    def __init__(
        self,
        module: str,
        words: tuple[str, ...],
        streams: Iterable[IO[bytes]],  # where input comes from, and output and errors go
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        ends_with_this: bool = False,
    ) -> None:
        self._starter = os.getpid()
        with ExitStack() as opened:
            ends = [opened.enter_context(Connection(os.dup(stream.fileno()))) for stream in streams]
            place = str(folder or Path.cwd())
            given = (module, words, ends, dict(environment or os.environ), place)
            self._process = Forked(target=_run, args=given, daemon=ends_with_this)
            self._process.start()
        multiprocessing.process._children.discard(self._process)  # type: ignore[attr-defined] # no child of that package
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode if self._starter == os.getpid() else None

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int | None:
        if self._starter == os.getpid():
            self._process.join(timeout)
        if self.poll() is None and timeout is not None:
            raise subprocess.TimeoutExpired("a module", timeout)
        return self.poll()


def bounded_work(module: str, *words: str) -> Module:
    """A process for bounded work, with pipes to it and from it."""
    (questions, to_it), (from_it, answers) = os.pipe(), os.pipe()
    with open(questions, "rb") as heard, open(answers, "wb") as said, ExitStack() as kept:  # noqa: PTH123
        stdin, stdout = kept.enter_context(open(to_it, "wb")), kept.enter_context(open(from_it, "rb"))  # noqa: PTH123
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            process = Module(module, words, (heard, said, nowhere), ends_with_this=True)
        process.stdin, process.stdout = stdin, stdout
        kept.pop_all()
        return process


def _run(
    module: str, words: tuple[str, ...], streams: list[Connection], environment: dict[str, str], folder: str
) -> None:
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        buffering = 1 if name == "stderr" else -1
        setattr(sys, name, open(number, mode, buffering, "utf-8", closefd=False))  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = [module, *words]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code: object = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the module was imported before
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = _FAILED
    atexit._run_exitfuncs()
    sys.exit(code)  # type: ignore[arg-type]
