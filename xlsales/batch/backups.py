"""Copies of files that somebody has changed since a run wrote them, made before they are replaced."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from xlsales.batch import aside, placing
from xlsales.files import atomic, obstacles
from xlsales.findings import Finding
from xlsales.texts import _, _n

_NAME = re.compile(re.escape(aside.BACKUP) + r"\d{4}-\d{2}-\d{2} \d{6}( \d+)?")
COPIED = "EDITED_COPIED"
BEFORE_UPDATE = "BEFORE_UPDATE"


def new_name(out: Path) -> str:
    """Return the name of a folder for copies, by date and time, that is not there yet."""
    stem = f"{aside.BACKUP}{dt.datetime.now():%Y-%m-%d %H%M%S}"
    names = (stem if number == 1 else f"{stem} {number}" for number in count(1))
    return next(name for name in names if not (out / name).exists())


def is_backup(name: str) -> bool:
    """Whether a run has made a folder of this name for copies."""
    return _NAME.fullmatch(name) is not None


def written_into(out: Path, subfolders: Iterable[str]) -> Iterator[Path]:
    """Yield the folders that runs write into: those of planners, and those of copies with what is in them."""
    yield from placing.folders(out, subfolders)
    for name in filter(is_backup, placing.folders_in(out, "")):
        yield from (Path(place) for place, _folders, _files in os.walk(out / name))


def sha256_of(path: Path) -> str | None:
    """Return the fingerprint of a file; None where there is none, or something that is no ordinary file."""
    if not path.is_file():  # a pipe would not end
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


class Backups:
    """Keeps what would be lost."""

    def __init__(self, out: Path, name: str) -> None:
        """Take the folder, and the name of the one in it for copies, which is made when it is needed."""
        self.folder = out / name
        self._out = out
        self._made: dict[Path, Path] = {}
        self._known: dict[str, str] | None = None

    def keep(self, path: Path, digest: str | None, *, always: bool = False) -> str | None:
        """Copy a file with this fingerprint that no run has written, or any; return why it cannot be copied.

        The copies stand as the files do: what is in a sub-folder is in one of that name.
        """
        try:
            if digest is None or (not always and digest in self._of_runs()):
                return None
            copy = self.folder / path.relative_to(self._out)
            if sha256_of(copy) != digest:
                atomic.make_folder(self._out, copy.parent.relative_to(self._out))
                copy = _free(copy)
                atomic.write(copy, path.read_bytes())
                self._made[path] = copy
        except OSError as error:
            if obstacles.is_full(error):
                raise
            message = _("No copy of the file could be made, as one is before it is replaced ({reason}).")
            if not always:
                message = _("The file is not as a run had written it, and no copy of it could be made ({reason}).")
            return message.format(reason=error.strerror or error)
        return None

    def forget(self, path: Path) -> None:
        """Remove the copy of a file that was not replaced in the end."""
        copy = self._made.pop(path, None)
        if copy is not None:
            with suppress(OSError):
                copy.unlink()
                place = copy.parent.relative_to(self._out)
                for folder in (place, *place.parents[:-1]):
                    (self._out / folder).rmdir()  # stays where there is something else in it

    def _of_runs(self) -> dict[str, str]:
        if self._known is None:
            self._known = aside.known(self._out)
        return self._known

    def findings(self, *, of_update: bool = False) -> Iterator[Finding]:
        """Yield what was copied, in one finding."""
        there = (path for path in self.folder.rglob("*") if path.is_file())
        copies = sorted(path.relative_to(self.folder).as_posix() for path in there)
        yield from told(copies, self.folder.name, of_update=of_update)


def told(copies: Sequence[str], folder: str, *, of_update: bool) -> Iterator[Finding]:
    """Yield what was copied into a folder, in one finding."""
    if copies and of_update:
        message = _n(
            "{count} file that was updated, {example}, is as it was in the folder {folder}.",
            "{count} files that were updated, for example {example}, are as they were in the folder {folder}.",
            len(copies),
        )
        yield Finding("info", BEFORE_UPDATE, message.format(count=len(copies), example=copies[0], folder=folder))
    elif copies:
        message = _n(
            "{count} file was not as a run had written it, {example}, and was replaced: its copy is in the folder "
            "{folder}.",
            "{count} files were not as a run had written them, for example {example}, and were replaced: their "
            "copies are in the folder {folder}.",
            len(copies),
        )
        yield Finding("warning", COPIED, message.format(count=len(copies), example=copies[0], folder=folder))


def _free(path: Path) -> Path:
    """Return a name that no other copy has."""
    names = (path if number == 1 else path.with_stem(f"{path.stem} ({number})") for number in count(1))
    return next(name for name in names if not name.exists())
