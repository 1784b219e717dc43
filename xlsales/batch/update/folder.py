"""The planners that a folder holds: whose each of them is, and which of them must be left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from xlsales.batch import out_folder, placing
from xlsales.batch.update.there import There
from xlsales.errors import InputError
from xlsales.files.file_names import comparable
from xlsales.findings import Finding
from xlsales.texts import N_, _

LEFT_ALONE, RENAMED, MISSING = "PLANNER_LEFT_ALONE", "PLANNER_RENAMED", "PLANNER_MISSING"
_SUFFIXES = (".xlsm", ".xlsx")
_NOT_OURS = (".", "~$")  # hidden, or laid beside an open workbook

_TWICE = N_(
    "{names} are planners of this one territory: keep the one that came back in the folder, beside it at most the one "
    "that the run before wrote, and run again."
)
_STAYS = N_("It stays as it is, and the territory gets no new planner.")
_TAKEN = N_(
    "It would be called {name} now, which is the file of another territory: give the planners other names first."
)


@dataclass
class Folder:
    """What was found."""

    files: dict[str, str] = field(default_factory=dict)  # of territories that have one planner: its name
    originals: dict[str, str] = field(default_factory=dict)  # and of some, beside it, that planner as it was sent out
    moved: dict[str, str] = field(default_factory=dict)  # files that a run makes, where the planners of now are
    left: dict[str, Finding] = field(default_factory=dict)  # territories that must be left alone, with the reason
    others: list[Finding] = field(default_factory=list)  # about files of no known territory
    known: set[str] = field(default_factory=set)  # files of territories of this run, whatever becomes of them
    superseded: list[str] = field(default_factory=list)  # files that a stopped run had replaced under another name


def look(
    there: There,
    names: Mapping[str, str],
    before: Mapping[str, str],
    replaced: Mapping[str, str],
    written: Mapping[str, str] = MappingProxyType({}),
) -> Folder:
    """Look at the workbooks in a folder and its sub-folders; nothing is changed.

    `names` are the files that a run makes, by territory; `before` those that the last run has made; `replaced` the
    fingerprints of files that a stopped run had replaced, by their names; `written` of those that the last run wrote.
    """
    found = Folder()
    files = [file for file in there.files() if _may_be_ours(file)]
    by_file = {comparable(name): key for key, name in [*before.items(), *names.items()]}
    owners: dict[str, list[str]] = {}
    for file in files:
        if file in replaced and there.sha256_of(file) == replaced[file]:
            found.superseded.append(file)
            continue
        try:
            owner = there.owner_of(file)
        except InputError as error:
            owner = by_file.get(comparable(file))
            finding = left_alone(file, str(error), owner)
            if owner in names:
                found.known.add(file)
                found.left[str(owner)] = finding
            elif owner is None:
                found.others.append(finding)
            continue
        if owner is not None:
            owners.setdefault(owner, []).append(file)
    for owner, own in owners.items():
        if owner not in names:
            continue
        own = _without_superseded(there, own, before.get(owner), found)
        found.known.update(own)
        own = _without_original(there, own, names[owner], owner, written, found)
        if len(own) > 1:
            found.left[owner] = left_alone(own[0], _(_TWICE).format(names=", ".join(own)), owner)
        elif owner not in found.left:
            found.files[owner] = own[0]
            _stay(found, owner, names[owner])
    owned = {file: owner for owner, own in owners.items() for file in own}
    _refuse_taken(found, {**names, **found.moved}, files, owned)
    return found


def _stay(found: Folder, owner: str, file: str) -> None:
    """Leave a territory's planner in the sub-folder where it is, whatever name it gets."""
    folder = placing.folder_of(found.originals.get(owner, found.files[owner]))
    if folder != placing.folder_of(file):
        found.moved[owner] = placing.placed(folder, placing.name_of(file))


def _without_superseded(there: There, own: list[str], last: str | None, found: Folder) -> list[str]:
    """Return a territory's files without those that an update has put into a backup and could not remove."""
    others = [name for name in own if name != last and there.is_in_backup(name)] if last in own else []
    found.superseded += others
    return [name for name in own if name not in others]


def _without_original(
    there: There, own: list[str], name: str, owner: str, written: Mapping[str, str], found: Folder
) -> list[str]:
    """Return a territory's files without the one that is as the last run wrote it, where one other came back."""
    alike = [file for file in own if placing.name_of(file) == placing.name_of(name)] if len(own) == 2 else []
    for file in alike:
        if file in written and there.sha256_of(file) == written[file]:
            found.originals[owner] = file
            return [other for other in own if other != file]
    return own


def missing(found: Folder, names: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is to be said of planners of the last run that are no longer in the folder."""
    for owner, name in names.items():
        if owner in before and owner not in found.files and owner not in found.left:
            message = _("{old} is no longer in the folder: the planner is made anew, from the tables alone.")
            text = message.format(old=before[owner])
            yield Finding("warning", MISSING, text, name, territory_id=owner)


def _refuse_taken(found: Folder, names: Mapping[str, str], files: Sequence[str], owners: Mapping[str, str]) -> None:
    """Leave a planner alone whose new name is the file of something else: that would be replaced unread."""
    there = {comparable(file): file for file in files}
    for owner, name in names.items():
        file = there.get(comparable(name))
        if file is None or owner in found.left or found.files.get(owner) == file or file in found.superseded:
            continue
        if owners.get(file) == owner:
            continue
        if owner in found.files:
            found.left[owner] = left_alone(found.files.pop(owner), _(_TAKEN).format(name=name), owner)
        else:
            message = _("It is no planner of this territory, but has the name of one: move it, and run again.")
            found.left[owner] = left_alone(file, message, owner)


def left_alone(file: str, reason: str, territory_id: str | None) -> Finding:
    """Return the finding about a planner that stays as it is."""
    text = f"{reason} {_(_STAYS)}" if territory_id else reason
    return Finding("error", LEFT_ALONE, text, file, territory_id=territory_id)


def _may_be_ours(file: str) -> bool:
    is_other = file in out_folder.REPORTS or placing.name_of(file).startswith(_NOT_OURS)
    return not is_other and file.lower().endswith(_SUFFIXES)
