"""The planners of the run before in object storage, for who looks at them and who reads them: none is kept here."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Final

from xlsales.batch import aside
from xlsales.batch.backups import Backups
from xlsales.batch.objects.planners import Target
from xlsales.batch.update.owners import owner_of
from xlsales.batch.update.there import Read
from xlsales.errors import InputError
from xlsales.files.object_file import ObjectFile
from xlsales.files.objects import Found, Objects, OtherObjectError
from xlsales.workbook import opening

_THREADS: Final = 32
_AHEAD: Final = 16  # planners that are fetched before they are asked for


class ObjectsThere:
    """What there is to ask about the objects of a folder, as they were when they were looked at."""

    def __init__(self, objects: Objects, names: Iterable[str], known: Mapping[tuple[str, str], str]) -> None:
        """Look at objects; `known` are the territories of those that the run before has put, by name and SHA-256."""
        self._objects = objects
        self._known = known
        self._found: dict[str, Found] = {}
        self._owners: dict[str, str | InputError | None] = {}
        ordered = sorted(names)
        with ThreadPoolExecutor(_THREADS) as threads:
            for name, looked in zip(ordered, threads.map(self._looked_at, ordered), strict=True):
                if looked is not None:
                    self._found[name], self._owners[name] = looked
        self._copies = list(objects.names(aside.BACKUP, delimiter="")) if self._found else []

    def _looked_at(self, name: str) -> tuple[Found, str | InputError | None] | None:
        found = self._objects.look(name)
        if found is None:
            return None
        known = self._known.get((name, found.digest or ""))
        if known is not None:
            return found, known
        try:
            file = io.BufferedReader(ObjectFile(self._objects, name, found))
            return found, owner_of(file, partial(self._whole, name), name)
        except InputError as error:
            return found, error
        except (OtherObjectError, FileNotFoundError):  # somebody is just changing it
            return self._looked_at(name)

    def _whole(self, name: str) -> bytes:
        read = self._objects.read(name, partial(opening.refuse_large, called=name))
        if read is None:
            raise FileNotFoundError(name)
        return read[0]

    def files(self) -> list[str]:
        """Return their names, sorted."""
        return [*self._found]

    def owner_of(self, file: str) -> str | None:
        """Return whose planner it is; None for another workbook, InputError where that cannot be known."""
        owner = self._owners[file]
        if isinstance(owner, InputError):
            raise owner
        return owner

    def sha256_of(self, file: str) -> str | None:
        """Return its fingerprint as a run has put it; None for what somebody else has put there."""
        found = self._found.get(file)
        return None if found is None else found.digest

    def is_in_backup(self, file: str) -> bool:
        """Whether there is a copy of it in a folder for copies."""
        copies = (copy for copy in self._copies if copy.partition("/")[2] == file)
        found = (self._objects.look(f"{aside.BACKUP}{copy}") for copy in copies)
        return any(copy is not None and copy.etag == self._found[file].etag for copy in found)

    def obstacle(self, _file: str) -> str | None:
        """Return nothing: an object is open nowhere."""
        return None

    def remove(self, file: str, _copies: Backups) -> None:
        """Remove it, of which there is a copy."""
        self._objects.remove(file)


class ObjectPlanners:
    """Where a worker reads planners: each is fetched by the worker that updates it."""

    def __init__(self, target: Target) -> None:
        self._objects = Objects(target.url)
        self._target = target
        self._coming: dict[str, Future[Read]] = {}
        self._fetch_next: Callable[[], None] = lambda: None

    @contextmanager
    def fetched(self, names: Iterable[str]) -> Iterator[None]:
        """Have planners at hand that are asked for one after the other: some come before."""
        rest = iter(names)
        with ThreadPoolExecutor(_AHEAD, "xlsales-get") as threads:

            def fetch_next() -> None:
                for name in islice(rest, 1):
                    self._coming[name] = threads.submit(self._fetched, name)

            self._fetch_next = fetch_next
            for _number in range(_AHEAD):
                fetch_next()
            try:
                yield
            finally:
                self._coming.clear()
                self._fetch_next = lambda: None

    def read(self, name: str, _new_name: str) -> Read:
        """Return a planner as it was when this run came to it; raises OSError where there is none."""
        coming = self._coming.pop(name, None)
        self._fetch_next()
        return self._fetched(name) if coming is None else coming.result()

    def _fetched(self, name: str) -> Read:
        accept = partial(opening.refuse_large, called=name)
        there = self._objects.read(name, accept)
        if self._target.backup and (there is None or there[1].run == self._target.mark):
            # This run has updated it, and the worker that did was lost before it could tell.
            copy = self._objects.read(f"{self._target.backup}/{name}", accept)
            if copy is not None:
                return Read(name, copy[0])
        if there is None:
            raise FileNotFoundError(errno.ENOENT, "no such object", name)
        return Read(name, there[0], there[1].etag)
