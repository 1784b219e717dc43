"""A folder in object storage as the place of a run: what is there is listed once, and `run.json` is what counts.

The run report is put when the run begins, under a name that must be free or in the place of the very report that was
read, and once more at the end, in the place of its own: so two runs never mix, and what has no such report is not
finished. Reports are made in a temporary folder of this computer.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from xlsales.batch import backups, earlier, stale
from xlsales.batch.aside import Records, is_inside
from xlsales.batch.backups import Backups
from xlsales.batch.earlier import Earlier, Finished
from xlsales.batch.objects.planners import OTHER_RUN, How, Target
from xlsales.batch.objects.there import ObjectsThere
from xlsales.batch.options import Options
from xlsales.batch.out_folder import REPORTS, RUN_REPORT, Output
from xlsales.batch.place import Place
from xlsales.batch.transaction import Transaction
from xlsales.errors import InputError, XlsalesError
from xlsales.files.objects import Found, Objects, OtherObjectError, UnreachableError, url_of
from xlsales.findings import Finding
from xlsales.texts import _

_THREADS: Final = 32
_EXAMPLES: Final = 1


class ObjectPlace(Place):
    """The place, as it was when the run looked at it."""

    def __init__(self, options: Options) -> None:
        """List what is there; raises InputError where that is impossible, or a folder is needed."""
        if options.pdf is not None:
            message = _("--pdf needs a folder, and not {url}: make the planners there, and copy them.")
            raise InputError(message.format(url=url_of(options.out)))
        self.objects = Objects(url_of(options.out))
        self._how: How = "replaced" if options.overwrite else "resumed" if options.resume else "new"
        self._how = "updated" if options.update else self._how
        self._folders: dict[str, Collection[str]] = {}  # those that are there, by place
        self._mark = secrets.token_hex(8)
        try:
            self.listed = set(self.objects.names())
            before = self.objects.read(RUN_REPORT)
        except UnreachableError as error:
            raise InputError(str(error)) from error
        super().__init__(Path(tempfile.mkdtemp(prefix="xlsales-")))
        self.run_report: Found | None = None
        if before is not None:
            content, self.run_report = before
            (self.folder / RUN_REPORT).write_bytes(content)
        self.backup = ""
        self._there = ObjectsThere(self.objects, (), {})

    @property
    def where(self) -> str:
        """Its address."""
        return self.objects.url

    def settled(self, files: dict[str, str], before: Collection[str], *, stay: bool) -> dict[str, str]:
        """Return the planners' files, as in a folder; planners that are to be updated are looked at."""
        files = super().settled(files, before, stay=stay)
        if self._how == "updated":
            self._there = self._looked_into()
        return files

    def _everything(self) -> Iterable[str]:
        """Return the names of all objects, in whatever folder."""
        try:
            return [*self.objects.all_names()]
        except UnreachableError as error:
            raise InputError(str(error)) from error

    def _folders_in(self, place: str) -> Iterable[str]:
        """Return the names of the folders at a place; none, without asking, in one that is not there."""
        above, _slash, name = place.rpartition("/")
        if place and name not in self._folders.get(above, ()):
            return ()
        try:
            self._folders[place] = [*self.objects.folders(f"{place}/" if place else "")]
        except UnreachableError as error:
            raise InputError(str(error)) from error
        return self._folders[place]

    def _look_into_subfolders(self) -> Iterable[str]:
        """List what is in the sub-folders."""
        parted = {name: name.rpartition("/") for name in self.subfolders}
        wanted = [name for name, (above, _slash, own) in parted.items() if own in self._folders.get(above, ())]
        try:
            with ThreadPoolExecutor(_THREADS) as threads:
                for names in threads.map(self._names_in, wanted):
                    self.listed |= names
        except UnreachableError as error:
            raise InputError(str(error)) from error
        return self.listed

    def _names_in(self, subfolder: str) -> set[str]:
        return {f"{subfolder}/{name}" for name in self.objects.names(f"{subfolder}/")}

    def _looked_into(self) -> ObjectsThere:
        """Look at the planners that are to be updated; none of them comes here."""
        before = earlier.read(self.folder)
        known = {(one["file"], one["sha256"]): one["territory_id"] for one in [*before.left_alone, *before.planners]}
        try:
            return ObjectsThere(self.objects, filter(_may_be_planner, self.listed), known)
        except UnreachableError as error:
            raise InputError(str(error)) from error

    @property
    def there(self) -> ObjectsThere:
        """The planners that are there."""
        return self._there

    @property
    def target(self) -> Target:
        """What workers need."""
        run = self.run_report.etag if self.run_report else ""
        return Target(self.objects.url, self._how, self.backup, run, self._mark)

    def close(self) -> None:
        """Remove the temporary folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def refuse_held(self) -> None:
        """Leave that to the run report, which only one of two runs can put."""

    def existing(self, names: Iterable[str]) -> list[str]:
        """Return which of these objects, and of the reports, are there."""
        return [name for name in (*names, *REPORTS) if name in self.listed]

    def refuse_existing(self, names: Iterable[str]) -> None:
        """Raise InputError where one of them is there."""
        there = self.existing(names)
        if there:
            message = _(
                "{out} already holds {count} of these files, for example {name!r}. "
                "Choose another folder, or replace them with --overwrite."
            )
            raise InputError(message.format(out=self.objects.url, count=len(there), name=there[0]))

    def has(self, name: str) -> bool:
        """Whether an object is there."""
        return name in self.listed

    def finished(self, records: Records, names: Mapping[str, str]) -> Finished:
        """Return which planners are there as the run report says; one that somebody has changed stays too."""
        found = Finished(Records(), {})
        wanted = {
            key: name
            for key, name in names.items()
            if key in records.planners and records.planners[key].file_name == name and name in self.listed
        }
        for key, one in zip(wanted, self.looked_at(wanted.values()), strict=True):
            if one is not None:
                found.records.planners[key] = records.planners[key]
                if one.digest != records.planners[key].sha256:
                    found.edited[key] = wanted[key]
        return found

    def opened(self, planners: Mapping[str, str], reports: Iterable[str]) -> Output:
        """Look at what is to be written; nothing is renamed in the storage, where letter case makes another name."""
        return self.foreseen(planners, reports)

    def stale(
        self, belonging: Collection[str], written: Callable[[], Mapping[str, str]]
    ) -> list[dict[str, str | None]]:
        """Return the planners of other runs: what a run has written, or what the report of one names."""
        names = set(written().values())
        others = [name for name in sorted(self.listed) if name not in belonging and _may_be_planner(name)]
        looked = zip(others, self.looked_at(others), strict=True)
        return [{"file": name, "sha256": one.digest} for name, one in looked if one and (one.digest or name in names)]

    def looked_at(self, names: Iterable[str]) -> list[Found | None]:
        """Return what is known of each of these objects."""
        with ThreadPoolExecutor(_THREADS) as threads:
            return list(threads.map(self.objects.look, names))

    def transaction(self) -> Transaction:
        """Return the hold on the place."""
        return ObjectTransaction(self)

    def write_run_report(self, lines: Iterable[bytes]) -> None:
        """Put the run report: new, or in the place of the one that was read or put last."""
        try:
            self.run_report = self.objects.put(RUN_REPORT, b"".join(lines), self.run_report)
        except OtherObjectError as error:
            raise XlsalesError(_(OTHER_RUN).format(url=self.objects.url)) from error
        except UnreachableError as error:
            raise XlsalesError(str(error)) from error


class ObjectTransaction(Transaction):
    """A run's hold on its place: nothing is locked, but its run report is the one that is there."""

    def __init__(self, place: ObjectPlace) -> None:
        super().__init__(place.folder)
        self._place = place

    def begin(self, before: Earlier, finished: Finished | None) -> None:
        """Begin, with a folder for copies."""
        super().begin(before, finished)
        self._place.backup = self.backup
        self.backups = ObjectBackups(self._place, self.backup)

    def remove_reports(self, output: Output) -> None:
        """Remove the reports of earlier runs; copy what somebody has changed in them."""
        for name in REPORTS:
            if name == RUN_REPORT or name not in self._place.listed:
                continue
            there = self._place.objects.look(name)
            if there is not None:
                if there.digest is None:
                    self._place.objects.copy(name, f"{self.backup}/{name}", there)
                self._place.objects.remove(name)

    @contextmanager
    def report(self, name: str, **more: str) -> Iterator[BinaryIO]:
        """Open a report, which is put when it is whole."""
        with super().report(name, **more) as file:
            yield file
        self._place.objects.put(name, (self.out / name).read_bytes())

    def left_alone(self, owners: Mapping[str, str]) -> list[dict[str, str]]:
        """Return which of these objects a run before has put as they are: `owners` are territories by name."""
        looked = zip(owners.items(), self._place.looked_at(owners), strict=True)
        return [
            {"territory_id": key, "file": name, "sha256": one.digest}
            for (name, key), one in looked
            if one is not None and one.digest is not None
        ]

    def stale(self, belonging: set[str]) -> list[dict[str, str | None]]:
        """Return the planners of earlier runs that are none of these files."""
        return self._place.stale(belonging, lambda: {})


class ObjectBackups(Backups):
    """Copies within the storage, which workers make."""

    def __init__(self, place: ObjectPlace, name: str) -> None:
        super().__init__(place.folder, name)
        self._place = place

    def findings(self, *, of_update: bool = False) -> Iterator[Finding]:
        """Yield what was copied, in one finding."""
        names = sorted(self._place.objects.names(f"{self.folder.name}/", delimiter=""))
        yield from backups.told(names, self.folder.name, of_update=of_update)


def _may_be_planner(name: str) -> bool:
    """Whether an object may be one, whose name is also one for a file here."""
    is_plain = is_inside(name) and not set(name) & set('*?"<>|')
    return is_plain and PurePosixPath(name).suffix.lower() in stale.SUFFIXES and name not in REPORTS
