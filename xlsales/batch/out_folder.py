"""The files of a batch: which of them are there already, which cannot be replaced, which Excel could not open."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from xlsales.batch import overview
from xlsales.batch.delivery.recipients import RECIPIENTS
from xlsales.errors import DiskFull, InputError, XlsalesError
from xlsales.files import file_names, obstacles
from xlsales.files.objects import UnreachableError
from xlsales.files.targets import Targets, make_folder, refuse_folder
from xlsales.findings import Finding, shown
from xlsales.texts import _

FINDINGS = "findings.csv"
FINDINGS_BOOK = "findings.xlsx"
RUN_REPORT = "run.json"
REPORTS = (overview.OVERVIEW, overview.LONG_OVERVIEW, FINDINGS, FINDINGS_BOOK, RECIPIENTS, RUN_REPORT)
NOT_WRITTEN, RENAMED = "FILE_NOT_WRITTEN", "FILE_RENAMED"
LONGEST_PATH = 218  # of a workbook that Excel opens, folder and name


@dataclass
class Output:
    """What a run may write into its folder, once it was looked at."""

    held: dict[str, Finding] = field(default_factory=dict)  # files that cannot be written, by name
    renamed: list[Finding] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """What was found before the work began."""
        return [*self.held.values(), *self.renamed]


def existing(folder: Path, planners: Iterable[str], subfolders: Iterable[str] = ()) -> list[str]:
    """Return the names of files in the folder that a run would replace."""
    return Targets(folder, subfolders).existing([*planners, *REPORTS])


def refuse_existing(folder: Path, planners: Iterable[str], subfolders: Iterable[str] = ()) -> None:
    """Raise InputError where a run would replace files: a planner may have been filled by hand since."""
    targets = Targets(folder, subfolders)
    there = [(found, name) for name in (*planners, *REPORTS) for found in targets.stored(name)]
    if not there:
        return
    example, own = there[0]
    message = _(
        "{out} already holds {count} of these files, for example {name!r}. "
        "Choose another folder, or replace them with --overwrite."
    )
    if example != own:
        message = _(
            "{out} already holds {count} of these files, for example {name!r} in the place of {own!r}. {why} "
            "Choose another folder, or replace them with --overwrite."
        )
    why = _why_same(example, own)
    raise InputError(message.format(out=folder, count=len(there), name=example, own=own, why=why))


def refuse_unfinished(folder: object, status: str | None, made: int, count: int) -> None:
    """Raise InputError where a run in the folder was stopped or killed."""
    if status in ("started", "stopped"):
        message = _(
            "{out} holds a run that was not finished; {made} of {count} planners were made. Finish it with --resume, "
            "or start anew with --overwrite."
        )
        raise InputError(message.format(out=folder, made=made, count=count))


def refuse_unwritable(folder: Path) -> None:
    """Raise InputError where a run could not end with a true run report; nothing is made or changed."""
    refuse_folder(folder)
    reason = Targets(folder).obstacle(RUN_REPORT, folder / RUN_REPORT)
    if reason:
        raise InputError(reason)


def opened(folder: Path, planners: Mapping[str, str], reports: Iterable[str], subfolders: Iterable[str] = ()) -> Output:
    """Make the folder and look at every file that is to be written; `planners` are names by territory id.

    Raises InputError where nothing can be written. A file that is there under a name in other letter case gets its
    name of now, so that it is replaced and not doubled.
    """
    refuse_unwritable(folder)
    make_folder(folder)
    return _looked_at(Targets(folder, subfolders), planners, reports, Targets.adopt)


def foreseen(
    folder: Path, planners: Mapping[str, str], reports: Iterable[str], subfolders: Iterable[str] = ()
) -> Output:
    """Look at every file that would be written, as `opened` does; nothing is made or changed."""
    refuse_unwritable(folder)
    return _looked_at(Targets(folder, subfolders), planners, reports, Targets.other_name)


def _looked_at(
    targets: Targets,
    planners: Mapping[str, str],
    reports: Iterable[str],
    adopt: Callable[[Targets, str], str | None],
) -> Output:
    output = Output()
    planned = [*((name, key) for key, name in planners.items()), *((name, None) for name in reports)]
    for name, territory_id in planned:
        try:
            reason = targets.obstacle(name, _("The file"))
            before = None if reason else adopt(targets, name)
        except OSError as error:
            if obstacles.is_full(error):
                raise
            reason, before = obstacles.in_writing(targets.folder / name, error, _("The file")), None
        if reason:
            output.held[name] = not_written(name, reason, territory_id)
        elif before:
            output.renamed.append(_renamed(name, before, territory_id))
    return output


def not_written(name: str, reason: str, territory_id: str | None = None) -> Finding:
    """Return the finding about a planner or a report that could not be written."""
    rest = _("The planner was not made.") if territory_id else _("If it is there, it tells of another run.")
    return Finding("error", NOT_WRITTEN, f"{reason} {rest}", name, territory_id=territory_id)


def failed(path: Path, error: OSError, territory_id: str | None = None, name: str | None = None) -> Finding:
    """Return the finding about a file that could not be written, for whatever reason; a full disk is raised.

    `name` is what it is called where it is in a sub-folder.
    """
    if obstacles.is_full(error):
        raise error
    return not_written(name or path.name, obstacles.in_writing(path, error, _("The file")), territory_id)


@contextmanager
def ended_in_words(made: Callable[[], int], count: int, way_on: str) -> Iterator[None]:
    """Say of a run that the disk, the storage or the computer ends how many planners there are, and how to go on."""
    try:
        yield
    except UnreachableError as error:
        raise unreachable(error, made(), count, way_on) from error
    except OSError as error:
        if obstacles.is_full(error):
            raise full(error, made(), count, way_on) from error
        raise
    except (MemoryError, RuntimeError) as error:
        if obstacles.is_short(error):
            raise short(error, made(), count, way_on) from error
        raise


def full(error: OSError, made: int, count: int, way_on: str) -> DiskFull:
    """Return what is said of a run that a full disk ends."""
    message = _(
        "The disk is full ({reason}): {made} of {count} planners were made, and each of them is whole; left to make: "
        "{left}. Make room, then run the same command again with {option}."
    )
    reason = ": ".join(filter(None, [str(error.filename or ""), error.strerror or str(error)]))
    return DiskFull(message.format(reason=reason, made=made, count=count, left=count - made, option=way_on))


def unreachable(error: OSError, made: int, count: int, way_on: str) -> XlsalesError:
    """Return what is said of a run that the storage ends."""
    message = _(
        "{reason} {made} of {count} planners were made, and each of them is whole. Run the same command again with "
        "{option} when it answers."
    )
    return XlsalesError(message.format(reason=error, made=made, count=count, option=way_on))


def short(error: BaseException, made: int, count: int, way_on: str) -> XlsalesError:
    """Return what is said of a run that a computer ends which has no memory left, or no room for another thread."""
    message = _(
        "The computer has no room for more work ({reason}): {made} of {count} planners were made, and each of them is "
        "whole. Close other programs, or take fewer --workers, then run the same command again with {option}."
    )
    reason = str(error) or _("not enough memory")
    return XlsalesError(message.format(reason=reason, made=made, count=count, option=way_on))


def _renamed(name: str, before: str, territory_id: str | None) -> Finding:
    message = _("The file was called {before} and got its name of now. {why}")
    text = message.format(before=before, why=_why_same(before, name))
    return Finding("info", RENAMED, text, name, territory_id=territory_id)


def _why_same(name: str, other: str) -> str:
    """Say why names that are not equal are one for a file system."""
    if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", other):
        return _("Windows and macOS users see one name, however its accented letters are stored.")
    return _("Windows and macOS take names for one that differ in capitals and small letters only.")


def not_shared(folder: Path) -> Iterator[Finding]:
    """Yield a finding for a folder that SharePoint and OneDrive do not take."""
    for part in Path(os.path.abspath(folder)).parts[1:]:  # noqa: PTH100 (without links followed)
        reason = file_names.why_not_shared(part)
        if reason:
            message = _("SharePoint and OneDrive do not take the folder “{name}”: {reason}. Choose another name.")
            text = message.format(name=shown(part), reason=reason)
            yield Finding("warning", "PATH_NOT_SHARED", text)


def too_long(folder: Path, planners: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for every workbook that Excel could not open, because its path is too long."""
    place = _length(os.path.abspath(folder)) + 1  # noqa: PTH100 (without links followed)
    names = [*((name, key) for key, name in planners.items()), (overview.OVERVIEW, None), (FINDINGS_BOOK, None)]
    for name, territory_id in names:
        length = place + _length(name)
        if length > LONGEST_PATH:
            message = _(
                "Folder and name have {length} characters, and Excel opens no workbook with more than {most}: "
                "choose a shorter folder."
            )
            text = message.format(length=length, most=LONGEST_PATH)
            yield Finding("warning", "PATH_TOO_LONG", text, name, territory_id=territory_id)


def _length(text: str) -> int:
    """Count characters as Excel and Windows count them: a character outside the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
