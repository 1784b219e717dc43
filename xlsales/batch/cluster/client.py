"""The scheduler of a Dask cluster: found, and its workers refused where they would make something else."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from xlsales.errors import InputError
from xlsales.texts import _

_ANSWER: Final = 10  # seconds that a scheduler has to answer
_LOOK: Final = 0.2
_FIRST_WORKER: Final = 60.0  # seconds in which the first worker must be there


def connected(address: str, seconds: float = _ANSWER) -> Any:
    """Return a client of the scheduler; raises InputError where none answers, in one line."""
    try:
        import distributed

        client: Any = distributed.Client.__new__(distributed.Client)
    except ImportError as error:
        raise InputError(_('--scheduler needs Dask: pip install "xlsales[cluster]"')) from error
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.utils"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a person reads sentences of ours, and no traceback
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions that differ: those that matter are refused below
            client.__init__(address, timeout=seconds, set_as_default=False, name="xlsales")
            return client
    except (
        OSError,
        ValueError,
        TypeError,
        RuntimeError,
        ImportError,
        AssertionError,
    ) as error:  # tls://, ucx://; where the thread of Dask has not begun after ten seconds
        # Otherwise the garbage collector closes it, which can happen in the thread of the next client, for which
        # that one waits while it holds the lock that closing needs.
        close(client)
        message = _(
            "--scheduler {address}: no scheduler of Dask answers there ({reason}). Start one with “dask scheduler”, "
            "and workers with “dask worker {address} --nthreads 1”."
        )
        reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
        raise InputError(message.format(address=address, reason=reason)) from error


def ready(address: str, seconds: float = _ANSWER) -> tuple[Any, int]:
    """Return a client and how many tasks its workers do at a time, once there is one that makes the same as this."""
    client = connected(address, seconds)
    try:
        return client, _workers(client, address)
    except BaseException:
        close(client)
        raise


def refuse_unusable(address: str) -> None:
    """Raise InputError where there is no such scheduler, no worker, or one of another version."""
    client, _count = ready(address)
    close(client)


def close(client: Any) -> None:
    """Let a client go, whatever has become of its scheduler."""
    with suppress(Exception):
        client.close(timeout=2)


def _workers(client: Any, address: str) -> int:
    until = time.monotonic() + _FIRST_WORKER
    while not (threads := dict(client.nthreads())):
        if time.monotonic() > until:
            message = _("--scheduler {address}: it has no workers. Start some: dask worker {address} --nthreads 1")
            raise InputError(message.format(address=address))
        time.sleep(_LOOK)
    refuse_skew(client.get_versions(packages=["xlsales"]))
    return sum(threads.values())


def refuse_skew(versions: Mapping[str, Any]) -> None:
    """Raise SkewError where a worker has another xlsales or another Python, and so might make other bytes."""
    own = versions["client"]["packages"]
    for worker, found in sorted(versions["workers"].items()):
        if isinstance(found, Mapping):
            refuse_other(worker, _version(own), _version(found["packages"]))


class SkewError(InputError):
    """A worker has another version of xlsales or of Python."""


def refuse_other(worker: str, own: tuple[str, str], its: tuple[str, str]) -> None:
    """Raise SkewError where the versions, of xlsales and of Python's minor, are not the same."""
    if own == its:
        return
    message = _(
        "The worker {worker} has xlsales {its} on Python {its_python}, this computer xlsales {own} on Python "
        "{own_python}: install the same on both."
    )
    if its[0] == "":
        message = _(
            "The worker {worker} has no xlsales (Python {its_python}), this computer xlsales {own} on Python "
            "{own_python}: install the same on both."
        )
    raise SkewError(message.format(worker=worker, its=its[0], its_python=its[1], own=own[0], own_python=own[1]))


def _version(packages: Mapping[str, Any]) -> tuple[str, str]:
    python = ".".join(str(packages.get("python") or "?").split(".")[:2])
    return str(packages.get("xlsales") or ""), python
