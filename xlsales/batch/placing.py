"""Where planners stand: in a run's folder or in a sub-folder of it, each by its place there, `North/T01 North.xlsm`.

Planners in the sub-folders of a run are as much its own as those in the folder; it looks into no other folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from xlsales.files.file_names import comparable


def folder_of(file: str) -> str:
    """Return the sub-folder that a file is in; nothing for the folder itself."""
    return file.rpartition("/")[0]


def name_of(file: str) -> str:
    """Return the name of a file without its sub-folder."""
    return file.rpartition("/")[2]


def placed(folder: str, name: str) -> str:
    """Return the place of a file in a sub-folder."""
    return sys.intern(f"{folder}/{name}" if folder else name)


def folders(out: Path, subfolders: Iterable[str]) -> Iterator[Path]:
    """Yield the folder and its sub-folders."""
    yield out
    yield from (out / name for name in subfolders)


def inside(out: Path, subfolders: Iterable[str] = ()) -> Iterator[str]:
    """Yield what is in a folder and in its sub-folders, those that are there."""
    for folder in ("", *subfolders):
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(out / folder) as entries:
            for entry in entries:
                yield f"{folder}/{entry.name}" if folder else entry.name


def everything(out: Path) -> Iterator[str]:
    """Yield the files in a folder and in those within it, but for what is hidden."""
    for place, subfolders, names in os.walk(out):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        folder = Path(place).relative_to(out)
        yield from ((folder / name).as_posix() for name in names)


def folders_in(out: Path, place: str) -> Iterator[str]:
    """Yield the names of the folders in one that is at this place."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(out / place) as entries:
        yield from (entry.name for entry in entries if entry.is_dir())


def spelled(subfolders: Iterable[str], folders_in: Callable[[str], Iterable[str]]) -> dict[str, str]:
    """Return what each sub-folder is called that is there already: to Windows and macOS, North and NORTH are one.

    `folders_in` tells the names of the folders that are at a place.
    """
    listed: dict[str, dict[str, str]] = {}
    found: dict[str, str] = {}
    for subfolder in subfolders:
        place = ""
        for part in subfolder.split("/"):
            if place not in listed:
                names = sorted(folders_in(place), reverse=True)
                listed[place] = {comparable(name): name for name in names} | {name: name for name in names}
            there = listed[place]
            place = placed(place, there.get(part) or there.get(comparable(part), part))
        found[subfolder] = place
    return found


def staying(files: Mapping[str, str], there: Iterable[str]) -> dict[str, str]:
    """Return the files by territory, each in the sub-folder where one of its name is already."""
    owners = {comparable(name_of(file)): key for key, file in files.items()}
    found: dict[str, set[str]] = {}
    for file in there:
        owner = owners.get(comparable(name_of(file)))
        if owner is not None:
            found.setdefault(owner, set()).add(folder_of(file))
    moved = {
        key: placed(min(places), name_of(files[key]))
        for key, places in found.items()
        if folder_of(files[key]) not in places
    }
    return {**files, **moved}
