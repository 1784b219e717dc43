"""Planners in object storage: brought here some at a time, read, and called by their addresses."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from xlsales.collection.planner import Planner
from xlsales.errors import InputError
from xlsales.files.objects import Objects, UnreachableError, is_url, url_of

_THREADS = 16


def inside(place: Path) -> Iterator[Path]:
    """Yield what stands in a folder of object storage, and in folders in it; or the one object of that name."""
    objects = Objects(url_of(place))
    try:
        names = sorted(objects.all_names())
        if names:
            yield from (place / name for name in names if name and not name.endswith("/"))
        elif place.suffix:
            yield place
    except UnreachableError as error:
        raise InputError(str(error)) from error


@contextmanager
def brought(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield the same files on this computer, those from elsewhere for as long as the `with` block lasts."""
    if not any(map(is_url, paths)):
        yield list(paths)
        return
    with tempfile.TemporaryDirectory(prefix="xlsales-") as temporary, ThreadPoolExecutor(_THREADS) as threads:
        places = [Path(temporary, str(number)) for number in range(len(paths))]
        try:
            found = list(threads.map(_brought, paths, places))
        except UnreachableError as error:
            raise InputError(str(error)) from error
        yield found


def _brought(path: Path, place: Path) -> Path:
    if not is_url(path):
        return path
    read = Objects(url_of(path.parent)).read(path.name)
    place.mkdir()
    if read is not None:  # else it is gone since the folder was listed, and reads as a file that is
        (place / path.name).write_bytes(read[0])
    return place / path.name


def called(planner: Planner, path: Path) -> Planner:
    """Return a planner under the name by which a person knows its file."""
    name = url_of(path) if is_url(path) else str(path)
    if planner.file == name:
        return planner
    return replace(planner, file=name, findings=tuple(replace(one, file=name) for one in planner.findings))
