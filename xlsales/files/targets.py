"""The files that are about to be written into a folder: what is there already, and what stands in their way."""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from xlsales.errors import InputError
from xlsales.files import atomic, obstacles
from xlsales.files.file_names import comparable, refuse_unusable
from xlsales.texts import _

_WRITABLE = 0o222


class Targets:
    """Files in a folder by their names, as they were when it was looked at; the folder may be missing.

    Names are compared as Windows and macOS compare them, on every system. Those of files in sub-folders begin with
    these, as they are called there: `North/T01.xlsm`.
    """

    def __init__(self, folder: Path, subfolders: Iterable[str] = ()) -> None:
        self.folder = folder
        self._there: dict[str, list[str]] = defaultdict(list)
        self._blocked: dict[str, Path] = {}  # sub-folders that cannot be made: the file that is in the way
        for place in ("", *subfolders):
            with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder / place) as entries:
                for entry in entries:
                    name = f"{place}/{entry.name}" if place else entry.name
                    self._there[comparable(name)].append(name)
            if place and (file := _file_in_the_way(folder, place)):
                self._blocked[place] = file

    def stored(self, name: str) -> list[str]:
        """Return the names of the files that are taken for `name`, itself first."""
        return sorted(self._there.get(comparable(name), ()), key=lambda there: there != name)

    def existing(self, names: Iterable[str]) -> list[str]:
        """Return the names of the files that would be replaced, as they are in the folder."""
        return [there for name in names for there in self.stored(name)]

    def obstacle(self, name: str, called: object = None) -> str | None:
        """Return why a file cannot be written or replaced."""
        if (blocked := self._blocked.get(name.rpartition("/")[0])) is not None:
            return _("{path} is a file, and no folder for files. Choose another folder.").format(path=blocked)
        there = self.stored(name)
        if len(there) > 1:
            message = _(
                "{names} differ in letter case or accents only, and are one file on Windows and macOS: keep one."
            )
            return message.format(names=", ".join(there))
        return obstacles.before_writing(self.folder / there[0], called) if there else None

    def other_name(self, name: str) -> str | None:
        """Return what the file that is taken for `name` is called, if it is called otherwise."""
        there = self.stored(name)
        return there[0] if there and there[0] != name else None

    def adopt(self, name: str) -> str | None:
        """Give the file that is taken for `name` that very name, so that it is replaced; return what it was called."""
        before = self.other_name(name)
        if before is not None:
            (self.folder / before).rename(self.folder / name)
            self._there[comparable(name)] = [name]
        return before


def _file_in_the_way(folder: Path, place: str) -> Path | None:
    """Return what is no folder on the way to a sub-folder, which may be missing."""
    for part in place.split("/"):
        folder = folder / part
        if not folder.is_dir():
            return folder if os.path.lexists(folder) else None
    return None


def make_folder(folder: Path) -> None:
    """Make a folder for files where it is missing; raises InputError where nothing can be written into it."""
    refuse_folder(folder)
    with _in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _try(folder)


def refuse_folder(folder: Path) -> None:
    """Raise InputError for a folder that nothing can be written into, or that cannot be made; it is not made."""
    refuse_unusable(folder)
    with _in_words(folder):
        there = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
        if not there.is_dir():
            message = _("{path} is a file, and no folder for files. Choose another folder.")
            raise InputError(message.format(path=there))
        if os.name == "posix" and not (there.stat().st_mode & _WRITABLE and os.access(there, os.W_OK)):
            raise PermissionError(errno.EACCES, _("read-only"), str(there))
        if there == folder:
            _try(folder)


def _try(folder: Path) -> None:
    probe = folder / atomic.temporary_name()
    with probe.open("xb"):
        pass
    atomic.discard(probe)  # a run that holds the folder sweeps it


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        message = _("Nothing can be written into {folder} ({reason}). Allow it, or choose another folder.")
        raise InputError(message.format(folder=folder, reason=error.strerror)) from error
    except OSError as error:
        if obstacles.is_full(error):
            raise
        message = _("{folder} cannot be a folder for files ({reason}). Choose another one.")
        raise InputError(message.format(folder=folder, reason=error.strerror or error)) from error


def write(folder: Path, contents: Mapping[str, Callable[[], bytes]], *, overwrite: bool) -> Iterator[Path | str]:
    """Write files into a folder; yield where each is, or why it is not written.

    Raises InputError, before anything is made, where one is there and is not to be replaced, or none can be written.
    """
    refuse_folder(folder)
    targets = Targets(folder)
    there = targets.existing(contents)
    if there and not overwrite:
        message = _("{path} already exists. Choose another folder with --out, or replace it with --overwrite.")
        raise InputError(message.format(path=folder / there[0]))
    reasons = {name: targets.obstacle(name, folder / name) for name in contents}
    if all(reasons.values()):
        raise InputError("\n".join(filter(None, reasons.values())))
    made = {name: content() for name, content in contents.items() if reasons[name] is None}
    make_folder(folder)
    for name, content in made.items():
        try:
            targets.adopt(name)
            atomic.write(folder / name, content)
        except OSError as error:
            reasons[name] = obstacles.in_writing(folder / name, error, folder / name)
    yield from (reason or folder / name for name, reason in reasons.items())
