"""A lock on a folder: who writes into it, and since when. It goes with the process, however that ends."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import platform
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from xlsales.errors import InputError
from xlsales.files import atomic
from xlsales.texts import _

_LOCK, _HOLDER = "lock", "holder.json"
_BEAT, _SILENT = 15.0, 120.0  # seconds: how often a holder shows that it is there, and when it is taken for gone
_TRIES = 5
_WITHOUT_LOCKS = tuple(getattr(errno, name) for name in ("ENOLCK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL"))


@dataclass(frozen=True)
class Holder:
    """A process that writes into the folder."""

    process: int
    host: str
    since: str

    def __str__(self) -> str:
        return _("process {process} on {host}, since {since}").format(**asdict(self))


class FolderLock:
    """Locks a folder by files in a folder of its own inside it.

    The system's lock vanishes with the process. What the holder tells of itself is for people, and for disks whose
    locks do not reach from one computer to the other: there, a holder counts until it has been silent for a while.
    """

    def __init__(self, folder: Path, aside: Path) -> None:
        """Take the folder, and the one inside it that the lock may lie in."""
        self._folder = folder
        self._aside = aside
        self._lock: FileLock | None = None
        self._ended = threading.Event()

    def acquire(self) -> Holder | None:
        """Take the lock; return who held it last, where it was left behind. Raises InputError where it is held."""
        for _attempt in range(_TRIES):
            self._aside.mkdir(exist_ok=True)
            self._take()
            if (self._aside / _LOCK).exists() or self._lock is None:
                break
            self._lock.release()  # of a file that a run has removed as it ended
        try:
            before = self._holder()
            if before is not None and self._is_there(before):
                raise self._refusal(before)
            own = Holder(os.getpid(), platform.node() or "?", _now())
            atomic.write(self._aside / _HOLDER, json.dumps(asdict(own)).encode())
        except BaseException:
            self._give_back()
            raise
        self._ended.clear()
        try:
            threading.Thread(target=self._show, daemon=True).start()
        except RuntimeError:  # no room for it
            self.release()
            raise
        return before

    def refuse_held(self) -> None:
        """Raise InputError where another process holds the lock; nothing is made or left."""
        if (self._aside / _LOCK).exists():
            self._take()
            try:
                before = self._holder()
                if before is not None and self._is_there(before):
                    raise self._refusal(before)
            finally:
                self._give_back()

    def release(self) -> None:
        """Give the lock back, and leave nothing of it."""
        self._ended.set()
        with suppress(OSError):
            (self._aside / _HOLDER).unlink(missing_ok=True)
        with suppress(OSError):  # Windows removes no file that is open
            (self._aside / _LOCK).unlink(missing_ok=True)
        self._give_back()
        with suppress(OSError):
            (self._aside / _LOCK).unlink(missing_ok=True) if os.name == "nt" else None
        with suppress(OSError):
            self._aside.rmdir()  # stays where there is something else in it

    def _take(self) -> None:
        lock = FileLock(self._aside / _LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise self._refusal(self._holder()) from None
        except (NotImplementedError, OSError) as error:
            if isinstance(error, OSError) and error.errno not in _WITHOUT_LOCKS:
                raise
            return  # a disk without locks: the holder's own word counts
        self._lock = lock

    def _give_back(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _show(self) -> None:
        """Show now and then that this process is there."""
        while not self._ended.wait(_BEAT):
            with suppress(OSError):
                os.utime(self._aside / _HOLDER)

    def _holder(self) -> Holder | None:
        try:
            told: Any = json.loads((self._aside / _HOLDER).read_bytes())
            return Holder(int(told["process"]), str(told["host"]), str(told["since"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _is_there(self, holder: Holder) -> bool:
        """Whether a holder that the system's lock says nothing of is there all the same."""
        if holder.host == (platform.node() or "?"):
            return self._lock is None and holder.process != os.getpid() and _runs(holder.process)
        return self._silent_for() < _SILENT

    def _silent_for(self) -> float:
        """Return the seconds since the holder showed itself, by the clock of the disk."""
        probe = self._aside / atomic.temporary_name()
        try:
            probe.write_bytes(b"")
            return probe.stat().st_mtime - (self._aside / _HOLDER).stat().st_mtime
        except OSError:
            return 0.0
        finally:
            atomic.discard(probe)

    def _refusal(self, holder: Holder | None) -> InputError:
        message = _(
            "{folder}: another run is writing into it ({holder}). Wait until it has ended, or choose another folder."
        )
        who = _("it has not said yet who it is") if holder is None else str(holder)
        return InputError(message.format(folder=self._folder, holder=who))


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file inside a `with` block, on disks that have locks."""
    lock = FileLock(path, timeout=0)
    with suppress(NotImplementedError, Timeout, OSError):
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def wait_for(paths: Iterable[Path], seconds: float) -> bool:
    """Wait until nobody holds some lock files; return whether that came true in time."""
    end = time.monotonic() + seconds
    for path in paths:
        lock = FileLock(path, timeout=max(0.0, end - time.monotonic()))
        try:
            lock.acquire()
        except Timeout:
            return False
        except (NotImplementedError, OSError):
            continue
        lock.release()
    return True


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(" ", "seconds")


def _runs(process: int) -> bool:
    if os.name == "nt":  # which has locks on every disk; to signal a process there would end it
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
