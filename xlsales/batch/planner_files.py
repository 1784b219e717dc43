"""Puts planners into the folder: each recorded before it gets its name, what somebody has changed copied first."""

from __future__ import annotations

import platform
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xlsales import memory
from xlsales.batch import aside, backups, out_folder
from xlsales.batch.made import Made
from xlsales.errors import XlsalesError
from xlsales.files import atomic, folder_lock, obstacles
from xlsales.files.journal import Journal
from xlsales.findings import Finding
from xlsales.texts import _

NOT_REMOVED = "OLD_FILE_NOT_REMOVED"
_TOGETHER = 16  # planners that are recorded at once: the record is on the disk before the first of them has its name


class Behind:
    """Planners that wait for a slow disk or storage: with too many bytes of them, no more are made meanwhile."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Future[Any], int]] = deque()
        self._bytes = 0

    def add(self, planner: Future[Any], size: int) -> None:
        """Note one that waits; wait for the first ones where they have become too many."""
        self._waiting.append((planner, size))
        self._bytes += size
        while self._bytes > memory.IN_THE_MAKING // 3:
            first, of_first = self._waiting.popleft()
            wait([first])
            self._bytes -= of_first


@dataclass(frozen=True)
class PutAside:
    """A planner whose bytes are on the disk, under a temporary name."""

    made: Made
    refused: Made  # what becomes of it where it cannot get its name
    temporary: Path


class PlannerFiles:
    """What a process needs to write planners; the same file made twice is the same."""

    def __init__(self, out: Path, backup: str, run: str) -> None:
        """Take the folder, the name of the one in it for copies, and the journal of the run that writes there.

        Raises XlsalesError where that is not to be seen: on another computer, whose folder of that name is another.
        """
        self._out = out
        self._run = aside.folder_of(out) / run
        self._refuse_where_ended()
        aside.folder_of(out).mkdir(exist_ok=True)
        self._journal = aside.new_journal(out, of_planners=True)
        self._folders = {out}  # that are known to be there
        self.backups = backups.Backups(out, backup)

    def _refuse_where_ended(self) -> None:
        """Raise XlsalesError where no run is writing here that began as this one: a worker that was cut off is late."""
        if not self._run.is_file():
            message = _(
                "{folder}: on the computer {computer}, a worker does not see the run that writes into this folder. "
                "Either that has ended, or the folder is another one there: take a folder that all computers share."
            )
            raise XlsalesError(message.format(folder=self._out, computer=platform.node() or "?"))

    def put_aside(self, made: Made, refused: Made, content: bytes) -> PutAside | Made:
        """Write a planner under a temporary name; where it cannot be written, return what was found."""
        path = self._out / str(made.file_name)
        try:
            self._make_folder(path.parent)
            return PutAside(made, refused, atomic.put_aside(path, content))
        except OSError as error:
            return _not_made(refused, path, error, made.file_name)

    def _make_folder(self, folder: Path) -> None:
        """Make a sub-folder for planners once the first of them comes."""
        if folder not in self._folders:
            atomic.make_folder(self._out, folder.relative_to(self._out))
            self._folders.add(folder)

    def publish(self, journal: Journal, ready: Sequence[PutAside]) -> Iterator[Made]:
        """Give planners their names, and yield what became of each."""
        self._refuse_where_ended()
        journal.append(aside.to_make(one.made) for one in ready)
        published = [self._published(one) for one in ready]
        for folder in dict.fromkeys(one.temporary.parent for one in ready):
            atomic.settle(folder)
        journal.append((aside.done(made) for made in published if made.file_name), durable=False)
        yield from published

    def _published(self, one: PutAside) -> Made:
        name = str(one.made.file_name)
        path = self._out / name
        if one.made.before:
            return self._updated(one, path, self._out / one.made.before["file"])
        try:
            there = backups.sha256_of(path)
            if there == one.made.sha256:  # made twice, as after the death of a worker
                return one.made
            reason = self.backups.keep(path, there)
            if reason is not None:
                return _refused(one.refused, out_folder.not_written(name, reason, one.made.territory_id))
            atomic.publish(one.temporary, path)
        except OSError as error:
            self.backups.forget(path)
            return _not_made(one.refused, path, error, name)
        return one.made

    def _updated(self, one: PutAside, path: Path, old: Path) -> Made:
        """Put an updated planner in the place of the one that it was made of, which is copied whatever it holds."""
        territory_id, name, old_name = one.made.territory_id, str(one.made.file_name), one.made.before["file"]
        try:
            there = backups.sha256_of(old)
            if there != one.made.before["sha256"]:
                if backups.sha256_of(path) == one.made.sha256:  # made twice, as after the death of a worker
                    return one.made
                message = _("Somebody has changed the planner while it was being updated.")
                return _refused(one.refused, out_folder.not_written(old_name, message, territory_id))
            if there == one.made.sha256 and old == path:
                return one.made  # nothing has changed in it
            reason = self.backups.keep(old, there, always=True)
            if reason is not None:
                return _refused(one.refused, out_folder.not_written(old_name, reason, territory_id))
            atomic.publish(one.temporary, path)
        except OSError as error:
            self.backups.forget(old)
            return _not_made(one.refused, path, error, name)
        if old != path:
            try:
                old.unlink(missing_ok=True)
            except OSError as error:
                message = _("The planner has a new name, {name}, and the old file could not be removed: {reason}")
                text = message.format(name=name, reason=obstacles.in_writing(old, error, _("The file")))
                found = Finding("warning", NOT_REMOVED, text, old_name, territory_id=territory_id)
                return replace(one.made, findings=[*one.made.findings, found])
        return one.made

    def written(self) -> Writing:
        """Open the journal, and a thread that writes while the next planners are made."""
        return Writing(self, self._journal)


class Writing:
    """Takes planners as they are made; use it in a `with` block."""

    def __init__(self, files: PlannerFiles, path: Path) -> None:
        self.files = files
        self._path = path
        self._waiting: list[Future[PutAside | Made]] = []
        self._behind = Behind()
        self._published: list[Future[list[Made]]] = []

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(folder_lock.held(self._path.with_suffix(".lock")))
            self._journal = opened.enter_context(Journal(self._path))
            self._thread = opened.enter_context(ThreadPoolExecutor(1))
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._publish()
        self._opened.close()

    def put(self, write: Callable[[], PutAside | Made], size: int) -> None:
        """Let the thread write a planner of some bytes; wait where it is too far behind."""
        self._waiting.append(self._thread.submit(write))
        self._behind.add(self._waiting[-1], size)
        if len(self._waiting) == _TOGETHER:
            self._publish()

    def results(self) -> list[Made]:
        """Return what became of all planners so far; raises what ended the writing, once all that is whole is there."""
        self._publish()
        return [made for group in self._published for made in group.result()]

    def _publish(self) -> None:
        if self._waiting:
            self._published.append(self._thread.submit(self._all_of, self._waiting))
            self._waiting = []

    def _all_of(self, group: Sequence[Future[PutAside | Made]]) -> list[Made]:
        failure = next((error for one in group if (error := one.exception())), None)
        written = [one.result() for one in group if not one.exception()]
        ready = [one for one in written if isinstance(one, PutAside)]
        try:
            made = list(self.files.publish(self._journal, ready))
        finally:
            for one in ready:
                atomic.discard(one.temporary)
        if failure:
            raise failure
        return [*made, *(one for one in written if isinstance(one, Made))]


class NoFiles:
    """Stands in the place of files where nothing is to be written: a rehearsal, which puts nothing into it."""

    @contextmanager
    def written(self) -> Iterator[Writing | None]:
        """Open nothing."""
        yield None


def _not_made(refused: Made, path: Path, error: OSError, name: str | None) -> Made:
    return _refused(refused, out_folder.failed(path, error, refused.territory_id, name))


def _refused(refused: Made, found: Finding) -> Made:
    return replace(refused, findings=[*refused.findings, found])
