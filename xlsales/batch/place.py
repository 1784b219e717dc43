"""Where a run puts its planners: a folder here; `objects` has the one in object storage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.batch import aside, backups, earlier, out_folder, placing, stale, transaction
from xlsales.batch.aside import Records
from xlsales.batch.earlier import Finished
from xlsales.batch.out_folder import Output
from xlsales.batch.transaction import Transaction
from xlsales.batch.update.there import FolderPlanners, There
from xlsales.errors import InputError, XlsalesError
from xlsales.files import atomic, obstacles
from xlsales.texts import _

if TYPE_CHECKING:
    from xlsales.batch.objects.planners import Target


class Place:
    """A folder of this computer, or of a disk that several share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.subfolders: Sequence[str] = ()  # where planners are or will be

    def settled(self, files: dict[str, str], before: Collection[str], *, stay: bool) -> dict[str, str]:
        """Return the planners' files by territory, their sub-folders called as they are there.

        From now on the place looks into these sub-folders too, and into those of the runs `before`. Where planners
        `stay`, each is where one of its name is already.
        """
        wanted = sorted({*map(placing.folder_of, files.values()), *before} - {""})
        if not wanted:
            return files
        spelled = placing.spelled(wanted, self._folders_in)
        self.subfolders = sorted(set(spelled.values()))
        there = self._look_into_subfolders()
        own = {folder: name for folder, name in spelled.items() if folder != name}
        if own:
            files = {
                key: placing.placed(own[folder], placing.name_of(file))
                if (folder := placing.folder_of(file)) in own
                else file
                for key, file in files.items()
            }
        return placing.staying(files, there) if stay else files

    def folders_with_planners(self) -> set[str]:
        """Return the sub-folders that may hold planners of a run in the folder, and neither copies nor another run."""
        names: dict[str, list[str]] = {}
        for file in self._everything():
            names.setdefault(placing.folder_of(file), []).append(placing.name_of(file))
        others = tuple(f"{folder}/" for folder, there in names.items() if folder and out_folder.RUN_REPORT in there)
        return {
            folder
            for folder, there in names.items()
            if folder
            and any(name.lower().endswith(stale.SUFFIXES) for name in there)
            and not f"{folder}/".startswith(others)
            and not any(part.startswith((".", aside.BACKUP)) for part in folder.split("/"))
        }

    def _everything(self) -> Iterable[str]:
        """Return all files that are there, in whatever sub-folder."""
        return placing.everything(self.folder)

    def _folders_in(self, place: str) -> Iterable[str]:
        """Return the names of the folders in the folder, or in a sub-folder."""
        return placing.folders_in(self.folder, place)

    def _look_into_subfolders(self) -> Iterable[str]:
        """Return what is there by now, in the folder and its sub-folders."""
        return placing.inside(self.folder, self.subfolders)

    def sweep(self, processes: Iterable[int]) -> None:
        """Remove what processes that were ended in the middle have left."""
        for folder in backups.written_into(self.folder, self.subfolders):
            atomic.sweep(folder, processes)

    @property
    def where(self) -> str:
        """What it is called."""
        return str(self.folder)

    @property
    def target(self) -> Target | None:
        """What workers need to put planners elsewhere than into the folder."""
        return None

    @property
    def there(self) -> There:
        """The planners that are there."""
        return FolderPlanners(self.folder, self.subfolders)

    def close(self) -> None:
        """Remove what belongs to nobody afterwards."""

    def refuse_held(self) -> None:
        """Raise InputError where another run writes there."""
        transaction.lock_of(self.folder).refuse_held()

    def refuse_runs_inside(self) -> None:
        """Raise InputError where a sub-folder for planners is the folder of another run."""
        inside = next((name for name in self.subfolders if self.has(f"{name}/{out_folder.RUN_REPORT}")), None)
        if inside is not None:
            message = _(
                "{folder}, which would be a sub-folder for planners, holds a run of its own. Choose another folder for "
                "these planners, or other --subfolders."
            )
            raise InputError(message.format(folder=f"{self.where}/{inside}"))

    def existing(self, names: Iterable[str]) -> list[str]:
        """Return which of these files, and of the reports, are there."""
        return out_folder.existing(self.folder, names, self.subfolders)

    def refuse_existing(self, names: Iterable[str]) -> None:
        """Raise InputError where one of them is there."""
        out_folder.refuse_existing(self.folder, names, self.subfolders)

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.folder / name).exists()

    def finished(self, records: Records, names: Mapping[str, str]) -> Finished:
        """Return which planners are there as the records say."""
        return earlier.finished(self.folder, records, names)

    def opened(self, planners: Mapping[str, str], reports: Iterable[str]) -> Output:
        """Look at every file that is to be written; one under a name in other letter case gets its name of now."""
        return out_folder.opened(self.folder, planners, reports, self.subfolders)

    def foreseen(self, planners: Mapping[str, str], reports: Iterable[str]) -> Output:
        """Look at every file that would be written, as `opened` does; nothing is made or changed."""
        return out_folder.foreseen(self.folder, planners, reports, self.subfolders)

    def stale(
        self, belonging: Collection[str], written: Callable[[], Mapping[str, str]]
    ) -> list[dict[str, str | None]]:
        """Return the planners of other runs."""
        return stale.planners(self.folder, belonging, written, self.subfolders) if self.folder.is_dir() else []

    def transaction(self) -> Transaction:
        """Return the hold on the place."""
        return Transaction(self.folder, self.subfolders)

    def write_run_report(self, lines: Iterable[bytes]) -> None:
        """Write the run report, in the place of the one that was there."""
        path = self.folder / out_folder.RUN_REPORT
        try:
            with atomic.opened(path) as file:
                file.writelines(lines)
        except OSError as error:
            if obstacles.is_full(error):
                raise
            raise XlsalesError(obstacles.in_writing(path, error, path)) from error
