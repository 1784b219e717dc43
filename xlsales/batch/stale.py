"""Planners in a folder that are none of this run: its tables no longer have the territory, or it was refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xlsales.batch import backups, placing
from xlsales.findings import Finding
from xlsales.texts import _n
from xlsales.workbook import properties

STALE = "STALE_PLANNER"
SUFFIXES = (".xlsm", ".xlsx")
_NOT_OURS = (".", "~$")  # hidden, or laid beside an open workbook
_MARKS = {"territory_id", "input_hash"}
_EXAMPLES = 3


def planners(
    out: Path,
    belonging: Collection[str],
    written: Callable[[], Mapping[str, str]],
    subfolders: Iterable[str] = (),
) -> list[dict[str, str | None]]:
    """Return the planners of other runs, each with its SHA-256 where a run has written it as it is.

    `written` tells what runs have written, by SHA-256; it is asked only where there is anything else.
    """
    # of what belongs to the run, nothing is made: there may be very many
    others = sorted(name for name in placing.inside(out, subfolders) if name not in belonging)
    others = [name for name in others if _may_be_ours(out / name)]
    known = written() if others else {}
    names = set(known.values())
    return [
        {"file": name, "sha256": as_written(out, name, known)}
        for name in others
        if name in names or _is_stamped(out / name)
    ]


def as_written(out: Path, name: str, known: Mapping[str, str]) -> str | None:
    """Return the SHA-256 of a file that a run has written, where it is as it was; `known` are files by SHA-256.

    One that cannot be read now is taken for what was recorded of it: else the next run knew nothing of it any more.
    """
    try:
        digest = backups.sha256_of(out / name)
    except OSError:
        return next((sha256 for sha256, file in known.items() if file == name), None)
    return digest if digest in known else None


def findings(stale: Sequence[Mapping[str, str | None]]) -> Iterator[Finding]:
    """Yield what is to be said of them, in one finding."""
    if stale:
        message = _n(
            "{count} planner in the folder is of an earlier run and not of this one: {examples}. It stays; move or "
            "delete it where its territory is gone.",
            "{count} planners in the folder are of an earlier run and not of this one: {examples}. They stay; move or "
            "delete them where their territories are gone. run.json lists them.",
            len(stale),
        )
        examples = ", ".join(str(one["file"]) for one in stale[:_EXAMPLES]) + ("…" if len(stale) > _EXAMPLES else "")
        yield Finding("warning", STALE, message.format(count=len(stale), examples=examples))


def _may_be_ours(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(_NOT_OURS) and path.is_file()


def _is_stamped(path: Path) -> bool:
    """Whether a workbook says that a run has made it."""
    try:
        return properties.of_file(path).keys() >= _MARKS
    except OSError:
        return False
