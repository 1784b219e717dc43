"""Where a run puts its planners: a folder here; `objects` has the one in object storage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.batch import earlier, out_folder, stale, transaction
from xlsales.batch.aside import Records
from xlsales.batch.earlier import Finished
from xlsales.batch.out_folder import Output
from xlsales.batch.transaction import Transaction
from xlsales.errors import XlsalesError
from xlsales.files import atomic, obstacles

if TYPE_CHECKING:
    from xlsales.batch.objects.planners import Target


class Place:
    """A folder of this computer, or of a disk that several share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def target(self) -> Target | None:
        """What workers need to put planners elsewhere than into the folder."""
        return None

    def close(self) -> None:
        """Remove what belongs to nobody afterwards."""

    def refuse_held(self) -> None:
        """Raise InputError where another run writes there."""
        transaction.lock_of(self.folder).refuse_held()

    def existing(self, names: Iterable[str]) -> list[str]:
        """Return which of these files, and of the reports, are there."""
        return out_folder.existing(self.folder, names)

    def refuse_existing(self, names: Iterable[str]) -> None:
        """Raise InputError where one of them is there."""
        out_folder.refuse_existing(self.folder, names)

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.folder / name).exists()

    def finished(self, records: Records, names: Mapping[str, str]) -> Finished:
        """Return which planners are there as the records say."""
        return earlier.finished(self.folder, records, names)

    def opened(self, planners: Mapping[str, str], reports: Iterable[str]) -> Output:
        """Look at every file that is to be written; one under a name in other letter case gets its name of now."""
        return out_folder.opened(self.folder, planners, reports)

    def stale(
        self, belonging: Collection[str], written: Callable[[], Mapping[str, str]]
    ) -> list[dict[str, str | None]]:
        """Return the planners of other runs."""
        return stale.planners(self.folder, belonging, written) if self.folder.is_dir() else []

    def transaction(self) -> Transaction:
        """Return the hold on the place."""
        return Transaction(self.folder)

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
