"""What a run keeps beside the planners until it is complete: a hidden folder in theirs.

lock, holder.json     who writes into the folder
known.jsonl           what earlier runs have written: files and their SHA-256
run-….jsonl           what this run has found before the planners, and its reports
planners-….jsonl      the planners of one process: `make` before a file gets its name, `done` afterwards
findings.csv          the findings so far
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from xlsales.batch import made as records
from xlsales.batch.made import Made
from xlsales.files import atomic, journal
from xlsales.files.journal import Journal
from xlsales.findings import Finding

NAME = ".xlsales"
KNOWN = "known.jsonl"
FINDINGS_SO_FAR = "findings.csv"
BACKUP = "backup "  # what the names of folders for copies begin with
_RUN, _PLANNERS, _END = "run-", "planners-", ".jsonl"


def folder_of(out: Path) -> Path:
    """Return the folder beside the planners."""
    return out / NAME


def new_journal(out: Path, *, of_planners: bool) -> Path:
    """Return the name of a journal that no other process writes into."""
    kind = _PLANNERS if of_planners else _RUN
    return folder_of(out) / f"{kind}{os.getpid()}-{secrets.token_hex(8)}{_END}"


def journals(out: Path) -> list[Path]:
    """Return the journals of a run, in a certain order."""
    found = [path for kind in (_RUN, _PLANNERS) for path in folder_of(out).glob(f"{kind}*{_END}") if path.is_file()]
    return sorted(found, key=lambda path: (not path.name.startswith(_RUN), path.name))


def processes(out: Path) -> set[int]:
    """Return the ids of the processes that have written journals."""
    ids = (path.name.split("-")[1] for path in journals(out))
    return {int(process) for process in ids if process.isdecimal()}


def to_make(made: Made) -> dict[str, Any]:
    """Return the record that a planner is about to get its name."""
    return {"make": records.to_record(made)}


def done(made: Made) -> dict[str, Any]:
    """Return the record that a planner has got its name."""
    return {"done": made.territory_id, "sha256": made.sha256}


@dataclass
class Record:
    """A planner in a journal or in a run report."""

    file_name: str
    sha256: str
    place: tuple[Path, int] | None  # of all that is known of it, in a journal
    done: bool = False  # whether it has got its name for sure
    figures: bool = True  # whether they are known
    before: Mapping[str, str] = field(default_factory=dict)  # the planner that it updates: its file and sha256


@dataclass
class Records:
    """What the journals of a run say; of each planner only where it stands."""

    planners: dict[str, Record] = field(default_factory=dict)  # by territory id
    findings: list[dict[str, Any]] = field(default_factory=list)
    backup: str | None = None  # the name of the folder for copies
    written: dict[str, str] = field(default_factory=dict)  # files by SHA-256, planners and reports
    there: bool = False  # whether there is any journal

    def load(self, territory_id: str) -> Made | None:
        """Return all that is known of a planner; None where a disk has lost it."""
        place = self.planners[territory_id].place
        record = journal.read_one(*place) if place else None
        with suppress(TypeError, KeyError, ValueError, AttributeError):  # which this version would not have written
            if record is not None and "make" in record:
                return records.from_record(record["make"])
            return None if record is None else records.from_report(record["made before"])
        return None


def read(out: Path) -> Records:
    """Read the journals of a run; what this version would not have written counts as a line that a kill has torn."""
    found = Records()
    named: set[tuple[str, str]] = set()
    for path in journals(out):
        found.there = True
        for place, record in journal.read(path):
            _take(found, named, record, (path, place))
    for territory_id, sha256 in named:
        one = found.planners.get(territory_id)
        if one is not None and one.sha256 == sha256:
            one.done = True
    return found


def _take(found: Records, named: set[tuple[str, str]], record: object, place: tuple[Path, int]) -> None:
    match record:
        case {"make": {"territory_id": str(key), "file_name": str(name), "sha256": str(sha256), **more}}:
            before = more.get("before")
            found.planners[key] = Record(name, sha256, place, before=before if _is_place(before) else {})
            found.written[sha256] = name
        case {"done": str(key), "sha256": str(sha256)}:
            named.add((key, sha256))
        case {"made before": {"territory_id": str(key), "file": str(name), "sha256": str(sha256)}}:
            found.planners.setdefault(key, Record(name, sha256, place, done=True, figures=False))
            found.written[sha256] = name
        case {"report": str(name), "sha256": str(sha256)}:
            found.written[sha256] = name
        case {"found": dict(told)} if _is_finding(told):
            found.findings.append(told)
        case {"backup": str(name)} if name.startswith(BACKUP) and _is_name(name):
            found.backup = found.backup or name


def _is_place(before: object) -> TypeGuard[Mapping[str, str]]:
    match before:
        case {"file": str(name), "sha256": str(_)}:
            return is_inside(name)
    return False


def is_inside(text: str) -> bool:
    """Whether it is the place of a file in the folder or in a sub-folder, and leads nowhere else."""
    return all(map(_is_name, text.split("/")))


def _is_name(text: str) -> bool:
    return text not in ("", ".", "..") and not set("/\\:\0") & set(text)


def _is_finding(told: Mapping[str, Any]) -> bool:
    try:
        Finding(**told)
    except TypeError:
        return False
    return True


def known(out: Path) -> dict[str, str]:
    """Return the files that earlier runs have written, by their SHA-256."""
    path, files = folder_of(out) / KNOWN, {}
    for _place, record in journal.read(path) if path.is_file() else ():
        match record:
            case {"sha256": str(sha256), "file": str(name)}:
                files[sha256] = name
    return files


def write_known(out: Path, files: Mapping[str, str]) -> None:
    """Record what earlier runs have written, whole or not at all."""
    lines = [journal.line({"sha256": sha256, "file": name}) for sha256, name in sorted(files.items())]
    atomic.write(folder_of(out) / KNOWN, b"".join(lines))


def begin(out: Path, backup: str, made_before: Iterable[Mapping[str, Any]]) -> Path:
    """Begin the journal of a run; return it."""
    path = new_journal(out, of_planners=False)
    with Journal(path) as opened:
        opened.append([{"backup": backup}, *({"made before": dict(one)} for one in made_before)])
    return path


def remove_journals(out: Path) -> None:
    """Remove the journals, whose planners are then those of an earlier run."""
    for path in journals(out):
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)


def clear(out: Path) -> None:
    """Remove all but the lock, once the run report says everything."""
    for path in _own(folder_of(out)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _own(folder: Path) -> Iterator[Path]:
    for pattern in ("*.jsonl", f"{_PLANNERS}*.lock", FINDINGS_SO_FAR, ".xlsales-*.tmp"):
        yield from folder.glob(pattern)
