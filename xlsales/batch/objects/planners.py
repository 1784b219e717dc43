"""What a worker does with planners for object storage: one PUT of complete bytes each, several at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import PurePosixPath
from typing import Final, Literal, TypeAlias

from xlsales.batch import out_folder
from xlsales.batch.earlier import EDITED
from xlsales.batch.made import Made
from xlsales.batch.out_folder import RUN_REPORT
from xlsales.batch.planner_files import Behind, PutAside
from xlsales.errors import XlsalesError
from xlsales.files.objects import Found, Objects, OtherObjectError
from xlsales.findings import Finding
from xlsales.texts import N_, _

How: TypeAlias = Literal["new", "resumed", "replaced", "updated"]
OTHER_RUN: Final = N_("{url}: another run has begun there meanwhile. Wait until it has ended.")
_THREADS: Final = 16  # a PUT waits for the storage most of the time
_TRIES: Final = 3


@dataclass(frozen=True)
class Target:
    """A folder in object storage, and what may be done with objects that are there."""

    url: str
    how: How
    backup: str  # the folder in it for copies
    run: str  # the tag of the run report that the run has put, which is there for as long as the run is
    mark: str = ""  # what all that it puts in the place of planners carries


class ObjectFiles:
    """Puts planners; the same planner put twice is the same."""

    def __init__(self, target: Target) -> None:
        self._objects = Objects(target.url)
        self._target = target

    def put_aside(self, made: Made, refused: Made, content: bytes) -> Made:
        """Put a planner under its name; where somebody else's object has it, say what becomes of that."""
        name = str(made.file_name)
        if made.before:
            return self._updated(made, refused, content, name)
        for _attempt in range(_TRIES):
            try:
                there = self._objects.look(name) if self._target.how == "replaced" else None
                if there is not None and there.digest == made.sha256:
                    return made
                if there is not None and there.digest is None:
                    self._objects.copy(name, f"{self._target.backup}/{name}", there)
                self._objects.put(name, content, there)
            except OtherObjectError:
                if self._target.how == "replaced":
                    continue  # it has changed in this moment
                return self._taken(made, refused, content, name)
            else:
                return made
        message = _("Somebody else is changing the file at the same time.")
        return _not_made(refused, name, message)

    def _taken(self, made: Made, refused: Made, content: bytes, name: str) -> Made:
        """Return what becomes of a planner whose name is taken."""
        if self._target.how == "resumed":
            there = self._objects.look(name)
            if there is None or there.digest is not None:  # of an earlier run, as it had put it
                return self._replaced(made, refused, content, name, there)
            message = _("The planner was changed since it was made: it stays as it is, and is not made again.")
            found = Finding("warning", EDITED, message, name, territory_id=made.territory_id)
            return replace(made, findings=[*made.findings, found])
        message = _("A file of that name has come there meanwhile, and stays as it is.")
        return _not_made(refused, name, message)

    def _updated(self, made: Made, refused: Made, content: bytes, name: str) -> Made:
        """Put an updated planner in the place of the one that it was made of, which is copied before."""
        old, tag = made.before["file"], made.before.get("tag", "")
        if made.sha256 == made.before["sha256"] and old == name:
            return made  # nothing has changed in it
        try:
            if not tag:
                raise OtherObjectError(old)
            there = Found(tag)
            self._keep(old, there)
            self._objects.put(name, content, there if old == name else None, self._target.mark)
        except (OtherObjectError, FileNotFoundError):
            found = self._objects.look(name)
            if found is None or found.digest != made.sha256:  # else made twice, as after the death of a worker
                return _not_made(refused, old, _("Somebody has changed the planner while it was being updated."))
        if old != name:
            self._objects.remove(old)
        return made

    def _keep(self, name: str, there: Found) -> None:
        """Copy an object that is to be replaced, under a name that no other copy has."""
        path = PurePosixPath(self._target.backup, name)
        for number in count(1):
            copy = str(path if number == 1 else path.with_stem(f"{path.stem} ({number})"))
            taken = self._objects.look(copy)
            if taken is None:
                self._objects.copy(name, copy, there)
            if taken is None or taken.etag == there.etag:
                return

    def _replaced(self, made: Made, refused: Made, content: bytes, name: str, there: Found | None) -> Made:
        try:
            self._objects.put(name, content, there)
        except OtherObjectError:
            return _not_made(refused, name, _("Somebody else is changing the file at the same time."))
        return made

    @contextmanager
    def written(self) -> Iterator[ObjectWriting]:
        """Open threads that put planners while the next ones are made.

        Raises XlsalesError where the run has ended, or another has begun: a worker that was cut off is late.
        """
        there = self._objects.look(RUN_REPORT)
        if there is None or there.etag != self._target.run:
            raise XlsalesError(_(OTHER_RUN).format(url=self._target.url))
        with ThreadPoolExecutor(_THREADS, "xlsales-put") as threads:
            yield ObjectWriting(self, threads)


class ObjectWriting:
    """Takes planners as they are made."""

    def __init__(self, files: ObjectFiles, threads: ThreadPoolExecutor) -> None:
        self.files = files
        self._threads = threads
        self._waiting: list[Future[PutAside | Made]] = []
        self._behind = Behind()

    def put(self, write: Callable[[], PutAside | Made], size: int) -> None:
        """Let a thread put a planner of some bytes; wait where they are too far behind."""
        self._waiting.append(self._threads.submit(write))
        self._behind.add(self._waiting[-1], size)

    def results(self) -> list[Made]:
        """Return what became of all planners; raises what ended the writing, once all others are there."""
        failure = next((error for one in self._waiting if (error := one.exception())), None)
        if failure is not None:
            raise failure
        return [made for one in self._waiting if isinstance(made := one.result(), Made)]


def _not_made(refused: Made, name: str, reason: str) -> Made:
    found = out_folder.not_written(name, reason, refused.territory_id)
    return replace(refused, findings=[*refused.findings, found])
