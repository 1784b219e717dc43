"""What a folder says of the run before: its report and, where that did not end, its journals."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from xlsales.batch import aside, backups, out_folder, placing
from xlsales.batch.aside import Record, Records
from xlsales.batch.made import Made
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.findings import Finding
from xlsales.texts import N_, _

EDITED: Final = "EDITED_KEPT"
SUBFOLDERS, STAY = "subfolders", "subfolders_kept"  # what a run report calls it
# What a run that is resumed must have in common with its beginning, by its name in the run report.
_ALIKE = {
    "xlsales": N_("the version of xlsales"),
    "format": N_("--format"),
    "template": N_("the template"),
    "as_of": N_("--as-of"),
    "writer": N_("--writer"),
    "tables_sha256": N_("the tables"),
    "name": N_("--name"),
    SUBFOLDERS: N_("--subfolders"),
    "update": N_("--update or --prefer"),
}


@dataclass(frozen=True)
class Earlier:
    """The run before, as far as the folder tells."""

    out: Path
    report: Mapping[str, Any] | None  # None where there is none that can be read
    records: Records

    @property
    def status(self) -> str | None:
        """What the run report says of it."""
        return None if self.report is None else str(self.report.get("status"))

    @property
    def unfinished(self) -> bool:
        """Whether it did not end, or was stopped."""
        return self.status in ("started", "stopped")

    @property
    def was_update(self) -> bool:
        """Whether it has updated planners."""
        return bool((self.report or {}).get("update"))

    @property
    def planners(self) -> list[Mapping[str, Any]]:
        """What the run report says of each planner."""
        return _entries(self.report, "planners", "territory_id", "file", "sha256")

    @property
    def left_alone(self) -> list[Mapping[str, Any]]:
        """What the run report says of planners of runs before, which that one could not replace."""
        return _entries(self.report, "left_alone", "territory_id", "file", "sha256")

    def files(self) -> dict[str, str]:
        """Return all files that it and those before it have written, by their SHA-256."""
        entries = [*self.planners, *self.left_alone, *_entries(self.report, "stale", "file", "sha256")]
        reports = (self.report or {}).get("reports")
        named = {one["sha256"]: one["file"] for one in entries}
        if isinstance(reports, dict):
            named |= {str(sha256): str(name) for name, sha256 in reports.items()}
        return aside.known(self.out) | named | self.records.written

    def folders(self) -> set[str]:
        """Return the sub-folders in which it and those before it have left planners; nothing that leads elsewhere."""
        told = [*self.planners, *self.left_alone, *_entries(self.report, "stale", "file")]
        recorded = self.records.planners.values()
        files = {*(one["file"] for one in told), *(one.file_name for one in recorded)}
        files |= {one.before["file"] for one in recorded if one.before}
        found = {placing.folder_of(file) for file in files if "/" in file and aside.is_inside(file)}
        return {folder for folder in found if not folder.startswith((".", aside.BACKUP))}

    def made_before(self) -> list[Mapping[str, Any]]:
        """Return the planners that the run report knows and no journal does."""
        return [one for one in self.planners if one["territory_id"] not in self.records.planners]

    def all_records(self) -> Records:
        """Return the planners of the journals and of the run report."""
        planners = dict(self.records.planners)
        for one in self.made_before():
            planners[one["territory_id"]] = Record(one["file"], one["sha256"], None, done=True, figures=False)
        return replace(self.records, planners=planners)

    def is_complete(self, names: Mapping[str, str], finished: Finished, reports: Iterable[str]) -> bool:
        """Whether the run has ended with these planners and reports, but for those that it refused."""
        if self.report is None or self.status != "complete":
            return False
        refused, held, failed = (self.report.get(name) for name in ("not_made", "not_written", "failed"))
        if not isinstance(refused, list) or not isinstance(held, list) or not set(held).isdisjoint(reports):
            return False
        if not isinstance(failed, list) or not set(failed).isdisjoint(names):
            return False  # whatever prevented them may be over
        missing = [key for key in names if key not in finished]
        return all(key in refused and names[key] not in held for key in missing)

    def refuse_other(self, head: Mapping[str, Any]) -> None:
        """Raise InputError where a run with this head is not the one that is to be resumed."""
        if self.report is None:
            message = _(
                "{out}: run.json cannot be read, so that --resume cannot know what is to be resumed. "
                "Start anew with --overwrite."
            )
            raise InputError(message.format(out=self.out))
        differing = [name for name in _ALIKE if _compared(self.report.get(name)) != _compared(head.get(name))]
        if "format" in differing and "template" in differing:
            differing.remove("template")  # each format has its own
        if differing:
            message = _(
                "{out}: --resume finishes a run with what it began with, and {what} changed since. "
                "Take what it began with, or start anew with --overwrite."
            )
            raise InputError(message.format(out=self.out, what=_listed([_(_ALIKE[name]) for name in differing])))


@dataclass(frozen=True)
class PlacesBefore:
    """Where the runs before have put their planners."""

    folders: Collection[str] = ()  # the sub-folders
    subfolders: object = None  # what the run report says of how they were chosen
    stay: bool | None = None  # whether planners that were there stayed where they were
    is_known: bool = True  # whether a run report tells of them


@dataclass
class Finished:
    """The planners that a run that is resumed does not make again, by territory id."""

    records: Records
    edited: dict[str, str]  # those that somebody has changed since they were made: their files

    def __contains__(self, territory_id: str) -> bool:
        return territory_id in self.records.planners

    @property
    def ids(self) -> list[str]:
        """Their territories, in the order of the tables."""
        return [*self.records.planners]

    def kept(self, territory_id: str, made: Made | None) -> Made | None:
        """Return what is known of one; `made` is what was made or calculated now."""
        if territory_id not in self:
            return made
        record = self.records.planners[territory_id]
        return self.records.load(territory_id) if record.figures else made and replace(made, sha256=record.sha256)

    def __len__(self) -> int:
        return len(self.records.planners)

    @property
    def without_figures(self) -> frozenset[str]:
        """Those of which the figures are to be calculated again."""
        return frozenset(key for key, one in self.records.planners.items() if not one.figures)

    def findings(self) -> list[Finding]:
        """Return what is to be said of them."""
        message = _("The planner was changed since it was made: it stays as it is, and is not made again.")
        return [Finding("warning", EDITED, message, name, territory_id=key) for key, name in self.edited.items()]


def file_format(out: Path) -> str | None:
    """Return the kind of planners that a folder holds, as its report says."""
    told = (read(out).report or {}).get("format")
    return told if told in ("xlsm", "xlsx") else None


def places(out: Path) -> PlacesBefore:
    """Return where the runs before have put their planners."""
    before = read(out)
    told = before.report or {}
    stay = told.get(STAY)
    is_known = before.report is not None
    return PlacesBefore(before.folders(), told.get(SUBFOLDERS), stay if isinstance(stay, bool) else None, is_known)


def read(out: Path) -> Earlier:
    """Read what a folder says, which may be missing; a run report that cannot be opened raises InputError.

    One that says nothing to a program tells of nothing: what is there then counts as somebody's own.
    """
    path = out / out_folder.RUN_REPORT
    try:  # a folder or a pipe of this name is refused by whoever wants to write
        report = json.loads(path.read_bytes()) if path.is_file() else None
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        report = None
    except OSError as error:
        raise InputError(obstacles.in_reading(path, error, path)) from error
    return Earlier(out, report if isinstance(report, dict) else None, aside.read(out))


def finished(out: Path, records: Records, names: Mapping[str, str]) -> Finished:
    """Return what is there of planners with these names; all else is to be made."""
    found = Finished(Records(), {})
    for territory_id, name in names.items():
        record = records.planners.get(territory_id)
        digest = backups.sha256_of(out / name) if record is not None and record.file_name == name else None
        if record is None or digest is None:
            continue
        if digest == record.sha256 or record.done:
            found.records.planners[territory_id] = record
            if digest != record.sha256:
                found.edited[territory_id] = name
    return found


def _compared(value: object) -> object:
    """Return what decides whether two are alike: of a template its content, whatever its file is called."""
    return value.get("sha256") if isinstance(value, dict) else value


def _entries(report: Mapping[str, Any] | None, name: str, *texts: str) -> list[Mapping[str, Any]]:
    entries = (report or {}).get(name)
    whole = entries if isinstance(entries, list) else []
    return [one for one in whole if isinstance(one, dict) and all(isinstance(one.get(text), str) for text in texts)]


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return _("{names} and {last}").format(names=", ".join(most), last=last) if most else last
