"""A run's hold on its folder: locked, begun or resumed, and left with a report that says what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from xlsales.batch import aside, backups, out_folder, stale
from xlsales.batch.aside import Records
from xlsales.batch.backups import Backups
from xlsales.batch.earlier import Earlier, Finished
from xlsales.batch.made import finding_record
from xlsales.batch.out_folder import Output
from xlsales.errors import InputError
from xlsales.files import atomic, folder_lock
from xlsales.files.folder_lock import FolderLock
from xlsales.files.journal import Journal
from xlsales.findings import Finding
from xlsales.texts import _

_BLOCK = 2**20
_PATIENCE = 15.0  # seconds that a worker may take to end after the process that led it


class Transaction:
    """Use it in a `with` block: it is nobody else's folder inside."""

    def __init__(self, out: Path, subfolders: Sequence[str] = ()) -> None:
        """Take the folder, and the sub-folders in it where planners are or will be."""
        self.out = out
        self._subfolders = subfolders
        self.notices: list[str] = []  # for a person, not for the findings
        self.reports: dict[str, str] = {}  # those written, by name: their SHA-256
        self._lock = lock_of(out)
        self.begun = False
        self._complete = False

    def __enter__(self) -> Self:
        before = self._lock.acquire()
        try:
            self._wait_for_workers()
            if before is not None:
                self._sweep([before.process])
                message = _("A run in this folder was ended from outside ({holder}); its lock was taken over.")
                self.notices.append(message.format(holder=before))
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sweep(aside.processes(self.out))
        if self._complete:
            aside.clear(self.out)
        self._lock.release()

    def _wait_for_workers(self) -> None:
        locks = sorted(aside.folder_of(self.out).glob("planners-*.lock"))
        if not folder_lock.wait_for(locks, _PATIENCE):
            message = _("{out}: a worker of an earlier run is still writing into it. Wait until it has ended.")
            raise InputError(message.format(out=self.out))
        for folder in backups.written_into(self.out, self._subfolders):
            atomic.sweep_all(folder)  # such as what was tried before the folder was locked

    def _sweep(self, processes: Iterable[int]) -> None:
        for folder in backups.written_into(self.out, self._subfolders):
            atomic.sweep(folder, processes)

    def begin(self, before: Earlier, finished: Finished | None) -> None:
        """Record what earlier runs have written, and begin the journal; `finished` are the planners that stay."""
        aside.write_known(self.out, before.files())
        self.backup = (before.records.backup if finished is not None else None) or backups.new_name(self.out)
        if finished is None:
            aside.remove_journals(self.out)
        self._journal = aside.begin(self.out, self.backup, before.made_before() if finished is not None else ())
        atomic.settle(self.out)
        self.backups = Backups(self.out, self.backup)
        self.begun = True

    @property
    def journal(self) -> str:
        """The name of the run's own journal, which is there for as long as the run is."""
        return self._journal.name

    def note(self, findings: list[Finding]) -> None:
        """Record findings that a run which is resumed could not find again."""
        self._append({"found": finding_record(finding)} for finding in findings)

    def remove_reports(self, output: Output) -> None:
        """Remove the reports of earlier runs, which tell of other planners; copy what somebody has changed in them."""
        for name in out_folder.REPORTS:
            path = self.out / name
            if name == out_folder.RUN_REPORT or name in output.held or not path.exists():
                continue
            try:
                reason = self.backups.keep(path, backups.sha256_of(path))
                if reason is None:
                    path.unlink()
                else:
                    output.held[name] = out_folder.not_written(name, reason)
            except OSError as error:
                self.backups.forget(path)
                output.held[name] = out_folder.failed(path, error)

    @contextmanager
    def report(self, name: str, **more: str) -> Iterator[BinaryIO]:
        """Open a report, which gets its name when it is whole and recorded, with what `more` is to be known of it."""
        with atomic.opened(self.out / name) as file:
            yield file
            file.flush()
            file.seek(0)
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
            self._append([{"report": name, "sha256": digest.hexdigest(), **more}])
        self.reports[name] = digest.hexdigest()

    def records(self) -> Records:
        """Return what the journals say by now."""
        return aside.read(self.out)

    def stale(self, belonging: set[str]) -> list[dict[str, str | None]]:
        """Return the planners of earlier runs that are none of these files."""
        belonging = belonging | set(out_folder.REPORTS)
        return stale.planners(
            self.out, belonging, lambda: aside.known(self.out) | self.records().written, self._subfolders
        )

    def left_alone(self, owners: Mapping[str, str]) -> list[dict[str, str]]:
        """Return which of these files a run before has written as they are: `owners` are territories by file."""
        known = aside.known(self.out) | self.records().written if owners else {}
        there = [(name, key, stale.as_written(self.out, name, known)) for name, key in owners.items()]
        return [{"territory_id": key, "file": name, "sha256": sha256} for name, key, sha256 in there if sha256]

    def end(self) -> None:
        """Let the run report say everything."""
        self._complete = True

    def _append(self, records: Iterable[object]) -> None:
        with Journal(self._journal) as journal:
            journal.append(records)


def lock_of(out: Path) -> FolderLock:
    """Return the lock of a folder for planners."""
    return FolderLock(out, aside.folder_of(out))
