"""`--pdf Dashboard,Plan`: chosen sheets of every planner as a PDF beside it, printed by LibreOffice.

LibreOffice prints a copy of the planner, of which the other sheets show nothing. Several processes print at once, each
some planners at a time; what one could not print is tried alone once more, and then told.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from queue import SimpleQueue

from lxml import etree

from xlsales.batch.delivery import libreoffice
from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.planner import names as sheet_names
from xlsales.tables.raw import near_match
from xlsales.texts import _
from xlsales.workbook import package as packages
from xlsales.workbook import parts as parts_of

FAILED = "PDF_FAILED"
ENDING = ".pdf"
_TOGETHER = 8  # planners that one start of LibreOffice prints
_TO_START, _EACH = 60.0, 60.0  # seconds
_MAIN = f"{{{parts_of.MAIN}}}"
_PRINTED = ("_xlnm.Print_Area", "_xlnm.Print_Titles")
_LAST_CELL = "$XFD$1048576"


@dataclass(frozen=True)
class Printing:
    """What is to be printed of each planner, and by which program."""

    sheets: Sequence[str]
    program: str

    def key(self, sha256: str) -> str:
        """Return what tells whether a PDF shows a planner with this fingerprint as it is asked for."""
        return hashlib.sha256("\n".join([sha256, *self.sheets]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Task:
    """A planner that is to be printed."""

    territory_id: str
    out: Path
    file: str  # its place in there
    sha256: str

    @property
    def planner(self) -> Path:
        """The planner's file."""
        return self.out / self.file

    @property
    def name(self) -> str:
        """The place of its PDF, beside it."""
        return pdf_name(self.file)


def pdf_name(planner: str) -> str:
    """Return what the PDF of a planner is called."""
    return PurePosixPath(planner).with_suffix(ENDING).as_posix()


def printing(asked: str, template: bytes) -> Printing:
    """Read what was typed behind `--pdf`; raises InputError for unknown sheets, and where nothing can print them."""
    there = list(_sheets(packages.read(template)))
    known = {name.casefold(): name for name in there} | {
        _(name).casefold(): name for name in vars(sheet_names).values() if isinstance(name, str) and name in there
    }
    sheets: list[str] = []
    for text in (text.strip() for text in asked.split(",")):
        if not text:
            continue
        if text.casefold() not in known:
            near = near_match(text, there)
            hint = _("did you mean {near}?") if near else _("there are {names}.")
            message = _("--pdf {text}: the planner has no such sheet: {hint}")
            raise InputError(message.format(text=text, hint=hint.format(near=near, names=", ".join(there))))
        sheets.append(known[text.casefold()])
    if not sheets:
        raise InputError(_("--pdf: name sheets of the planner, such as Dashboard,Plan."))
    program = libreoffice.program()
    if program is None:
        message = _(
            "--pdf needs LibreOffice, which is not installed here (no soffice in the PATH): install it, or leave --pdf "
            "out and print from Excel."
        )
        raise InputError(message)
    return Printing([name for name in there if name in sheets], program)


def printed(
    how: Printing, tasks: Sequence[Task], workers: int, stopped: Callable[[], bool]
) -> Iterator[tuple[Task, bytes | Finding]]:
    """Print planners, and yield each with its PDF, or with what kept it from being printed."""
    with tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True) as temporary:
        size = _group(len(tasks), workers)
        groups = [tasks[at : at + size] for at in range(0, len(tasks), size)]
        room = _Room(how, Path(temporary), stopped, workers)
        with ThreadPoolExecutor(max(1, min(workers, len(groups)))) as pool:
            waiting: set[Future[list[tuple[Task, bytes | Finding]]]] = set()
            left = iter(groups)
            while not stopped():
                while len(waiting) < 2 * workers and (group := next(left, None)):
                    waiting.add(pool.submit(room.printed, group))
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for one in done:
                    yield from one.result()


def _group(count: int, workers: int) -> int:
    """Return how many planners are printed at a time: so many that every worker has some."""
    return max(1, min(_TOGETHER, -(-count // workers)))


class _Room:
    """A folder with a profile for each process that prints at the same time."""

    def __init__(self, how: Printing, folder: Path, stopped: Callable[[], bool], workers: int) -> None:
        self._how = how
        self._folder = folder
        self._stopped = stopped
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(workers):
            self._free.put(folder / f"profile {number}")

    def printed(self, tasks: Sequence[Task]) -> list[tuple[Task, bytes | Finding]]:
        """Print some planners at once, and again one by one what was not printed."""
        found, _reason = self._tried(tasks)
        results: list[tuple[Task, bytes | Finding]] = []
        for task in tasks:
            content, reason = found.get(task.territory_id), ""
            if content is None and not self._stopped():
                again, reason = self._tried([task])
                content = again.get(task.territory_id)
            if content is not None:
                results.append((task, content))
            elif not self._stopped():
                results.append((task, _failed(task, reason)))
        return results

    def _tried(self, tasks: Sequence[Task]) -> tuple[dict[str, bytes], str]:
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as temporary:
            folder, reason = Path(temporary), ""
            (folder / "out").mkdir()
            copies: dict[str, Path] = {}
            for task in tasks:
                try:
                    copy = folder / task.planner.name  # which its footers print
                    copy.write_bytes(showing(task.planner.read_bytes(), self._how.sheets))
                    copies[task.territory_id] = copy
                except (OSError, InputError, ValueError) as error:
                    reason = str(error)
            if copies:
                profile = self._free.get()
                seconds = _TO_START + _EACH * len(copies)
                try:
                    told = libreoffice.printed(
                        self._how.program, [*copies.values()], folder / "out", profile, seconds, self._stopped
                    )
                except OSError as error:
                    told = str(error)
                finally:
                    self._free.put(profile)
                reason = _in_words(told, seconds) or reason
            made = {key: folder / "out" / pdf_name(copy.name) for key, copy in copies.items()}
            return {key: content for key, path in made.items() if (content := _whole(path))}, reason


def showing(planner: bytes, sheets: Sequence[str]) -> bytes:
    """Return a copy of a planner of which these sheets alone are printed.

    LibreOffice prints hidden sheets too, but no page without content: the others print their last cell alone.
    """
    parts = packages.read(planner)
    name = parts_of.workbook_part(parts)
    book = parts_of.parse(parts[name])
    every = [*book.iter(f"{_MAIN}sheet")]
    shown = [index for index, sheet in enumerate(every) if sheet.get("name") in sheets]
    if not shown:
        raise ValueError(_("the planner has none of these sheets: {sheets}").format(sheets=", ".join(sheets)))
    names = _names_of(book)
    for defined in [*names]:
        if defined.get("name") in _PRINTED and defined.get("localSheetId") not in map(str, shown):
            names.remove(defined)
    for index, sheet in enumerate(every):
        if index in shown:
            sheet.attrib.pop("state", None)
            continue
        sheet.set("state", "hidden")
        area = etree.SubElement(names, f"{_MAIN}definedName", name=_PRINTED[0], localSheetId=str(index))
        quoted = str(sheet.get("name")).replace("'", "''")
        area.text = f"'{quoted}'!{_LAST_CELL}"
    for view in book.iter(f"{_MAIN}workbookView"):
        view.set("activeTab", str(shown[0]))
        view.set("firstSheet", "0")
    parts[name] = parts_of.serialised(book)
    return packages.write(parts, None)


def _names_of(book: etree._Element) -> etree._Element:
    """Return the list of a workbook's defined names, which is made where there is none."""
    names = book.find(f"{_MAIN}definedNames")
    if names is None:
        names = etree.Element(f"{_MAIN}definedNames")
        before = book.find(f"{_MAIN}externalReferences")
        (book.find(f"{_MAIN}sheets") if before is None else before).addnext(names)
    return names


def _sheets(parts: Mapping[str, bytes]) -> Iterator[str]:
    book = parts_of.parse(parts[parts_of.workbook_part(parts)])
    yield from (str(sheet.get("name")) for sheet in book.iter(f"{_MAIN}sheet"))


def _whole(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if content.startswith(b"%PDF-") and b"%%EOF" in content[-64:] else None


def _in_words(told: str, seconds: float) -> str:
    if told == "time":
        return _("it did not end in {seconds:.0f} seconds").format(seconds=seconds)
    return told


def _failed(task: Task, reason: str) -> Finding:
    message = _(
        "LibreOffice made no PDF of {planner} ({reason}). The planner is whole: open it and print it, or run again "
        "with --resume."
    )
    told = message.format(planner=task.file, reason=reason or _("it said nothing"))
    return Finding("error", FAILED, told, task.name, territory_id=task.territory_id)


def processes(workers: int | None) -> int:
    """Return how many processes print at the same time: as many as asked for, else one for each processor."""
    return workers or max(1, os.cpu_count() or 1)
