"""Lets the N-th call fail that concerns files below a folder, or workers; and folders to try that in.

with failing(out, number, errno.ENOSPC) as faults:
    folder.run(out)
assert faults.calls < number  # otherwise it was that call which failed
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from xlsales import bounded
from xlsales.batch import Batch, Options, planner_files, prepare, worker_process
from xlsales.files.journal import Journal

OWN = b"filled by hand"


class Faults:
    """Counts the calls that concern files below a folder, and lets one of them fail."""

    def __init__(self, root: Path, number: int, error: int) -> None:
        self.root, self.number, self.error = str(root), number, error
        self.calls = 0
        self._lock = threading.Lock()

    def concerns(self, path: object) -> bool:
        """Whether a path is the folder, or below it."""
        place = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
        return place == self.root or str(place).startswith(self.root + os.sep)

    def is_due(self, path: object) -> bool:
        """Count a call; return whether it is the one that fails."""
        if not self.concerns(path):
            return False
        with self._lock:
            self.calls += 1
            return self.calls == self.number

    def count(self, path: object) -> None:
        if self.is_due(path):
            self.fail(str(path))

    def fail(self, path: str) -> None:
        """Do what the call does that fails."""
        raise OSError(self.error, os.strerror(self.error), path)


class Kills(Faults):
    """Ends this process in the middle of the call, as from outside."""

    def fail(self, path: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Failing:
    """A file whose writes are counted."""

    def __init__(self, file: Any, faults: Faults, path: object) -> None:
        self._file, self._faults, self._path = file, faults, path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Failing:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def write(self, data: Any) -> Any:
        if self._faults.is_due(self._path):
            self._file.write(data[: len(data) // 2])  # as a disk does that fills up
            self._file.flush()
            self._faults.fail(str(self._path))
        return self._file.write(data)

    def flush(self) -> None:
        self._faults.count(self._path)
        self._file.flush()


@contextmanager
def failing(root: Path, number: int, error: int) -> Iterator[Faults]:
    """Let the call of this number fail inside a `with` block."""
    with counted(Faults(root, number, error)) as faults:
        yield faults


@contextmanager
def counted(faults: Faults) -> Iterator[Faults]:
    """Count what is done to files inside a `with` block."""
    patch = pytest.MonkeyPatch()
    usual, usual_handle, paths = io.open, os.open, {}

    def opened(path: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        writes = bool(set(mode) & set("wax+"))
        if writes or faults.error != errno.ENOSPC:  # a full disk can be read
            faults.count(path)
        file = usual(path, mode, *rest, **named)
        if not writes or not faults.concerns(path):
            return file
        paths[file.fileno()] = path
        return Failing(file, faults, path)

    def opened_handle(path: Any, *rest: Any, **named: Any) -> int:
        faults.count(path)
        handle = usual_handle(path, *rest, **named)
        paths[handle] = path
        return handle

    def watched(function: Callable[..., Any], place: Callable[..., object]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            faults.count(place(*arguments))
            return function(*arguments, **named)

        return call

    patch.setattr(io, "open", opened)
    patch.setattr(builtins, "open", opened)
    patch.setattr(os, "open", opened_handle)
    patch.setattr(os, "fsync", watched(os.fsync, lambda handle: paths.get(handle)))
    patch.setattr(os, "replace", watched(os.replace, lambda *names: names[1]))
    patch.setattr(os, "rename", watched(os.rename, lambda *names: names[1]))
    patch.setattr(os, "unlink", watched(os.unlink, lambda name, **_named: name))
    patch.setattr(os, "mkdir", watched(os.mkdir, lambda name, *_mode: name))
    patch.setattr(os, "chmod", watched(os.chmod, lambda name, *_mode, **_named: name))
    patch.setattr(os, "rmdir", watched(os.rmdir, lambda name, **_named: name))
    with patch.context():
        try:
            yield faults
        finally:
            patch.undo()


class Folder:
    """A folder in which a run has been made, and what a person has done there since."""

    def __init__(self, tmp_path: Path, source: Path, template: Path) -> None:
        self.tmp_path, self.source, self.template = tmp_path, source, template

    def run(self, out: Path, **options: Any) -> Batch:
        chosen = {"template": self.template, "workers": 1, **options}
        with prepare(self.source, Options(out, **chosen)) as batch:
            batch.run()
        return batch

    def stop(self, out: Path, **options: Any) -> None:
        """Make the first planner, and be killed."""
        publish = planner_files.PlannerFiles.publish

        class Killed(BaseException):
            pass

        def killed(files: Any, journal: Journal, ready: Any) -> Any:
            yield from publish(files, journal, ready[:1])
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(planner_files.PlannerFiles, "publish", killed)
            with pytest.raises(Killed):
                self.run(out, **options)


class WorkerFaults(Faults):
    """Counts what is done to start workers, and what goes to them and comes back."""

    def concerns(self, path: object) -> bool:
        return True

    def fail(self, path: str) -> None:
        if path == "thread":
            raise RuntimeError("can't start new thread")
        raise OSError(self.error, os.strerror(self.error))


@contextmanager
def failing_workers(number: int, error: int) -> Iterator[Faults]:
    """Let the call of this number fail inside a `with` block that starts processes or threads, or asks workers."""
    faults = WorkerFaults(Path(), number, error)

    def watched(usual: Callable[..., Any], what: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            faults.count(what)
            return usual(*arguments, **named)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker_process._Process, "start", watched(worker_process._Process.start, "process"))
        patch.setattr(worker_process.Context, "Pipe", watched(worker_process.Context.Pipe, "pipe"))
        patch.setattr(Connection, "send_bytes", watched(Connection.send_bytes, "question"))
        patch.setattr(Connection, "recv_bytes", watched(Connection.recv_bytes, "answer"))
        patch.setattr(threading.Thread, "start", watched(threading.Thread.start, "thread"))
        patch.setattr(subprocess, "Popen", watched(subprocess.Popen, "process"))
        patch.setattr(bounded, "_say", watched(bounded._say, "question"))
        patch.setattr(bounded, "_hear", watched(bounded._hear, "answer"))
        yield faults
