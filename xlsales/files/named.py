"""The files that somebody names on a command line, where `*.xlsx` may stand for many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

OF_PROGRAMS = ("~$", ".~lock.", ".")  # an owner's file, a lock, what is hidden or being written


def named(name: str | Path, is_one: Callable[[Path], bool] = lambda _path: True) -> Iterator[Path]:
    """Yield the file of this name, or those that match it: the Windows command line leaves that to programs."""
    path = Path(name)
    if path.exists() or not set("*?") & set(path.name):
        yield path
        return
    found = (one for one in path.parent.glob(path.name) if not one.name.startswith(OF_PROGRAMS) and one.is_file())
    yield from sorted(one for one in found if is_one(one)) or [path]


def inside(folder: Path, suffixes: Iterable[str]) -> list[Path]:
    """Return the files in a folder, and in those within it, that end so; none that programs leave behind."""
    ends = frozenset(suffixes)
    there = (path for path in folder.rglob("*") if path.suffix.casefold() in ends)
    return sorted(path for path in there if not _is_hidden(path.relative_to(folder)) and path.is_file())


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(OF_PROGRAMS) for part in path.parts)
