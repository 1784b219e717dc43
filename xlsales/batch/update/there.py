"""The planners of the run before, for who looks at them and who reads them: in a folder; `objects` has the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from xlsales.batch import backups, placing
from xlsales.batch.backups import Backups
from xlsales.batch.update.owners import owner_of
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.texts import _
from xlsales.workbook import opening


class There(Protocol):
    """What there is to ask about the files of a folder, before any planner is made."""

    def files(self) -> list[str]:
        """Return their names, sorted."""

    def owner_of(self, file: str) -> str | None:
        """Return whose planner it is; None for another workbook, InputError where that cannot be known."""

    def sha256_of(self, file: str) -> str | None:
        """Return its fingerprint; None where there is none, or nobody knows it."""

    def is_in_backup(self, file: str) -> bool:
        """Whether there is a copy of it in a folder for copies."""

    def obstacle(self, file: str) -> str | None:
        """Return why it could not be replaced."""

    def remove(self, file: str, copies: Backups) -> None:
        """Remove it, once there is a copy."""


@dataclass(frozen=True)
class Read:
    """A planner as it is there."""

    name: str
    content: bytes = field(repr=False)
    tag: str = ""  # in object storage: what it must still have when it is replaced


class Readable(Protocol):
    """Where a worker reads planners."""

    def fetched(self, names: Iterable[str]) -> AbstractContextManager[None]:
        """Have planners at hand that are asked for one after the other."""

    def read(self, name: str, new_name: str) -> Read:
        """Return a planner, under its new name where it has that already; raises OSError where there is none."""


class FolderPlanners:
    """Those of a folder here."""

    def __init__(self, out: Path, subfolders: Iterable[str] = ()) -> None:
        """Take the folder, and the sub-folders in which planners are."""
        self._out = out
        self._subfolders = subfolders

    def files(self) -> list[str]:
        """Return their names, sorted."""
        return sorted(file for file in placing.inside(self._out, self._subfolders) if (self._out / file).is_file())

    def owner_of(self, file: str) -> str | None:
        """Return whose planner it is; None for another workbook, InputError where that cannot be known."""
        path = self._out / file
        try:
            return owner_of(path, lambda: opening.read(path, file), file)
        except OSError as error:
            raise InputError(obstacles.in_reading(path, error, file)) from error

    def sha256_of(self, file: str) -> str | None:
        """Return its fingerprint; None where there is none."""
        return backups.sha256_of(self._out / file)

    def is_in_backup(self, file: str) -> bool:
        """Whether there is a copy of it in a folder for copies."""
        digest = self.sha256_of(file)
        return any(backups.sha256_of(folder / file) == digest for folder in self._out.glob("backup *"))

    def obstacle(self, file: str) -> str | None:
        """Return why it could not be replaced."""
        return obstacles.before_writing(self._out / file, _("The file"))

    def remove(self, file: str, copies: Backups) -> None:
        """Remove it, once there is a copy."""
        path = self._out / file
        if copies.keep(path, backups.sha256_of(path), always=True) is None:
            path.unlink(missing_ok=True)

    @contextmanager
    def fetched(self, names: Iterable[str]) -> Iterator[None]:
        """Have planners at hand that are asked for one after the other: here they are anyway."""
        yield

    def read(self, name: str, new_name: str) -> Read:
        """Return a planner, under its new name where it has that already; raises OSError where there is none."""
        if name != new_name and not (self._out / name).exists() and (self._out / new_name).exists():
            name = new_name  # written by a worker that was lost before it could tell
        return Read(name, opening.read(self._out / name, name))
