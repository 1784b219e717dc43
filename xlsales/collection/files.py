"""The files that are looked at: those that are named, and the workbooks in folders; none that programs leave behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from xlsales.errors import InputError
from xlsales.texts import _

_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
_OF_PROGRAMS = ("~$", ".~lock.", ".")  # an owner's file, a lock, what is hidden or being written
_OF_A_RUN = ("overview.xlsx", "findings.xlsx")  # what a batch writes beside the planners


def found(places: Iterable[Path]) -> list[Path]:
    """Return the files, each once: those of folders only where they are named as workbooks are."""
    paths = list(dict.fromkeys(path for place in places for path in _of(place)))
    if not paths:
        raise InputError(_("Name the planners that came back, or folders of them."))
    return paths


def _of(place: Path) -> Iterator[Path]:
    if place.is_dir():
        inside = sorted(path for path in place.rglob("*") if _is_workbook(path.relative_to(place)) and path.is_file())
        if not inside:
            raise InputError(_("{path}: there is no workbook in this folder.").format(path=place))
        yield from inside
    elif place.exists() or not set("*?") & set(place.name):
        yield place
    else:
        matching = sorted(path for path in place.parent.glob(place.name) if _is_workbook(Path(path.name)))
        yield from matching or [place]


def _is_workbook(path: Path) -> bool:
    hidden = any(part.startswith(_OF_PROGRAMS) for part in path.parts)
    return path.suffix.casefold() in _WORKBOOKS and not hidden and path.name.casefold() not in _OF_A_RUN
