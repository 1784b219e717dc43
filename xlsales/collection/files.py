"""The files that are looked at: those that are named, and the workbooks in folders; none that programs leave behind.

What a batch has copied before it replaced it is no planner that came back, unless its folder is the one that is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from xlsales.batch import backups
from xlsales.collection import elsewhere
from xlsales.errors import InputError
from xlsales.files.named import inside, named
from xlsales.files.objects import is_url, url_of
from xlsales.texts import _

_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
_OTHERS = (".xls", ".xlsb", ".ods")  # in which a planner may have been saved: it is said that they cannot be read
_OF_A_RUN = ("overview.xlsx", "findings.xlsx")  # what a batch writes beside the planners


def found(places: Iterable[Path]) -> list[Path]:
    """Return the files, each once: those of folders only where they are named as workbooks are."""
    paths = list(dict.fromkeys(path for place in places for path in _of(place)))
    if not paths:
        raise InputError(_("Name the planners that came back, or folders of them."))
    return paths


def _of(place: Path) -> Iterator[Path]:
    if is_url(place):
        found = [path for path in elsewhere.inside(place) if _is_planner(path) and not _is_copy(path, place)]
        if not found:
            raise InputError(_("{path}: there is no workbook in this folder.").format(path=url_of(place)))
        yield from found
        return
    if not place.is_dir():
        yield from named(place, lambda path: path.suffix.casefold() in (*_WORKBOOKS, *_OTHERS))
        return
    found = [
        path
        for path in inside(place, (*_WORKBOOKS, *_OTHERS))
        if path.name.casefold() not in _OF_A_RUN and not _is_copy(path, place)
    ]
    if not found:
        raise InputError(_("{path}: there is no workbook in this folder.").format(path=place))
    yield from found


def _is_planner(path: Path) -> bool:
    """Whether an object is named as workbooks are, and is none that a program or a run lays beside."""
    is_hidden = any(part.startswith((".", "~$")) for part in path.parts)  # .~lock.… too
    is_named = path.suffix.casefold() in (*_WORKBOOKS, *_OTHERS)
    return is_named and not is_hidden and path.name.casefold() not in _OF_A_RUN


def _is_copy(path: Path, folder: Path) -> bool:
    """Whether a file in a folder lies in one within it that a batch has made for copies."""
    return any(map(backups.is_backup, path.relative_to(folder).parts[:-1]))
