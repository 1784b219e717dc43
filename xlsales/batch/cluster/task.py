"""A task on a worker of a cluster: what the run begins with is prepared once, then planners are made as anywhere."""

from __future__ import annotations

import pickle
import platform
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from xlsales.batch.cluster import client
from xlsales.version import __version__

Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Header:
    """Who asks, and for which run."""

    xlsales: str
    python: str
    run: str  # the fingerprint of what its workers begin with


class _Here:
    """What this process has begun with; a worker with several threads does one task after the other."""

    lock = threading.Lock()
    run = ""


def header(run: str) -> Header:
    """Return what a task says of this process and the run."""
    return Header(__version__, _python(), run)


def same(content: bytes) -> bytes:
    """Return what all tasks of a run begin with: Dask keeps the result, and makes it anew where that is lost."""
    return content


def do(asked: Header, beginning: bytes, call: bytes) -> bytes:
    """Do a task; what it raises is raised where it was asked for."""
    its = (__version__, _python())
    client.refuse_other(platform.node() or "?", (asked.xlsales, asked.python), its)
    with _Here.lock:
        if _Here.run != asked.run:
            _Here.run = ""
            start, arguments = pickle.loads(beginning)
            start(*arguments, lambda: False)
            _Here.run = asked.run
        function, given, named = pickle.loads(call)
        return pickle.dumps(function(*given, **named), pickle.HIGHEST_PROTOCOL)


def _python() -> str:
    return ".".join(map(str, sys.version_info[:2]))
