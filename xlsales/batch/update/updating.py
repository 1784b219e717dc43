"""An update as a run sees it: which planners are in its folder, and which of them stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.batch.backups import Backups
from xlsales.batch.earlier import Earlier, Finished
from xlsales.batch.options import Options
from xlsales.batch.planner_files import NOT_REMOVED
from xlsales.batch.run_report import Planner
from xlsales.batch.update import folder
from xlsales.batch.update.folder import Folder
from xlsales.batch.update.merging import Prefer
from xlsales.batch.update.there import There
from xlsales.files import obstacles
from xlsales.files.objects import UnreachableError
from xlsales.findings import Finding
from xlsales.texts import _, _n

if TYPE_CHECKING:
    from xlsales.batch.place import Place
    from xlsales.batch.update.refreshed import Update


@dataclass
class Updating:
    """What a run with `--update` finds in its folder; nothing for another run."""

    is_asked: bool = False
    prefer: Prefer = "planner"
    found: Folder = field(default_factory=Folder)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, options: Options) -> Updating:
        """Return what a run with these options does."""
        return cls(options.update, options.prefer or "planner")

    def look(self, place: Place, names: dict[str, str], before: Earlier, finished: Finished) -> None:
        """Look at the planners that are there; nothing is changed. `finished` are those that a resumed run leaves.

        In the `names` that a run makes, each gets the sub-folder in which its planner is.
        """
        if not self.is_asked:
            return
        there = place.there
        last = {one["territory_id"]: one["file"] for one in [*before.left_alone, *before.planners]}
        own = {key: name for key, name in names.items() if key not in finished}
        written = {one["file"]: one["sha256"] for one in before.planners}
        self.found = folder.look(there, own, last, _replaced(there, before), written)
        names |= self.found.moved
        own |= self.found.moved
        for key, name in self.found.files.items():
            reason = there.obstacle(name)
            if reason is not None and key in own:
                self.found.left[key] = folder.left_alone(name, reason, key)
        self.found.files = {key: name for key, name in self.found.files.items() if key not in self.found.left}
        missing = folder.missing(self.found, own, last)
        self.findings = [*self.found.left.values(), *self.found.others, *missing]

    def to_make(self, names: Mapping[str, str]) -> dict[str, str]:
        """Return the files of those territories whose planners are not left alone."""
        return {key: name for key, name in names.items() if key not in self.found.left}

    def remove_superseded(self, there: There, backups: Backups) -> None:
        """Remove the old files of planners that a stopped run has given new names; their copies are in the backup."""
        for name in self.found.superseded:
            try:
                there.remove(name, backups)
            except UnreachableError:
                raise
            except OSError as error:  # such as a file that is open elsewhere
                if obstacles.is_full(error):
                    raise
                message = _("The planner has a new name, and the old file could not be removed: {reason}")
                text = message.format(reason=obstacles.in_writing(Path(name), error, _("The file")))
                self.findings.append(Finding("warning", NOT_REMOVED, text, name))

    def still_there(self, not_made: Sequence[str]) -> set[str]:
        """Return the files of territories whose planners were left alone, at once or when they were read."""
        read = {self.found.files[key] for key in not_made if key in self.found.files}
        of_many = self.found.known - set(self.found.files.values())
        return read | of_many

    def old_names(self, made: Sequence[Planner]) -> list[str]:
        """Return what the planners that were made had been called before."""
        return [self.found.files[one.territory_id] for one in made if one.territory_id in self.found.files]

    def owners(self, names: Mapping[str, str], not_made: Sequence[str]) -> dict[str, str]:
        """Return the territories of the files that stand for those that got no planner, by file."""
        return {names[key]: key for key in not_made if key in names} | self._standing(not_made)

    def _standing(self, not_made: Sequence[str]) -> dict[str, str]:
        read = {self.found.files[key]: key for key in not_made if key in self.found.files}
        left = {str(finding.file): key for key, finding in self.found.left.items() if finding.file}
        return read | left

    def not_updated(self, not_made: Sequence[str]) -> list[dict[str, str]]:
        """Return what the run report says of the planners that stay as they were: they are expected back, too."""
        return [{"territory_id": key, "file": name} for name, key in sorted(self._standing(not_made).items())]

    @property
    def job(self) -> Update | None:
        """What the workers need to know."""
        if not self.is_asked:
            return None
        from xlsales.batch.update.refreshed import Update  # with all that reads planners

        return Update(self.prefer, self.found.files, self.found.originals)

    @property
    def head(self) -> dict[str, str]:
        """What the run report says of it."""
        return {"update": self.prefer} if self.is_asked else {}


def _replaced(there: There, before: Earlier) -> dict[str, str]:
    """Return the fingerprints, by file, of planners to which a run that did not end had given another name."""
    renamed = [one for one in before.records.planners.values() if one.before and one.before["file"] != one.file_name]
    return {
        one.before["file"]: one.before["sha256"]
        for one in renamed
        if one.done or there.sha256_of(one.file_name) == one.sha256
    }


def kept(planners: Sequence[Planner]) -> str | None:
    """Return how many values stay as managers left them, in words; None where there are none."""
    count, of = sum(one.kept for one in planners), sum(one.kept > 0 for one in planners)
    if not count:
        return None
    values = _n("{count} value kept", "{count} values kept", count).format(count=count)
    return _n("{values} in {planners} planner.", "{values} in {planners} planners.", of).format(
        values=values, planners=of
    )
