"""What a run delivers beside the planners: the list of recipients, a total in one currency, PDFs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from xlsales.batch import aside, backups, out_folder
from xlsales.batch.delivery import pdf, stale_pdfs
from xlsales.batch.delivery.group_currency import GroupCurrency
from xlsales.batch.delivery.pdf import Printing, Task, pdf_name
from xlsales.batch.delivery.recipients import RECIPIENTS, Recipients
from xlsales.batch.delivery.stale_pdfs import Printed
from xlsales.batch.options import Options
from xlsales.batch.run_report import Planner
from xlsales.batch.transaction import Transaction
from xlsales.files import journal
from xlsales.findings import Finding
from xlsales.stopping import Stop

Progress: TypeAlias = Callable[[int], AbstractContextManager[Callable[[int], object]]]  # of so many PDFs


def no_progress(_count: int) -> AbstractContextManager[Callable[[int], object]]:
    """Show nothing."""
    return nullcontext(lambda _count: None)


@dataclass
class Deliveries:
    """What is asked for, and which PDFs there are."""

    name: str | None = None  # what the planners are called by
    fiscal_year: int | None = None  # of a source with several
    printing: Printing | None = None
    recipients: Recipients = field(default_factory=Recipients)
    group: GroupCurrency | None = None
    subfolders: Mapping[str, Any] = field(default_factory=dict)  # what the run report says of them
    printed: dict[str, str] = field(default_factory=dict)  # PDFs by name, each with its key
    older: dict[str, Printed] = field(default_factory=dict)  # those of earlier runs, by name

    @property
    def reports(self) -> list[str]:
        """The names of the files that are written beside the planners, once each."""
        return [RECIPIENTS] if self.recipients.headings else []

    def pdfs(self, planners: Sequence[str]) -> list[str]:
        """Return the names of the PDFs of these planners."""
        return [] if self.printing is None else [pdf_name(planner) for planner in planners]

    def told(self) -> dict[str, Any]:
        """Return what the run report says of it."""
        told: dict[str, Any] = {"fiscal_year": self.fiscal_year} if self.fiscal_year is not None else {}
        told |= {"name": self.name} if self.name is not None else {}
        told |= self.subfolders
        told |= {"rates": self.group.told()} if self.group is not None else {}
        if self.printing is not None:
            told["pdf"] = {"sheets": list(self.printing.sheets), "files": dict(sorted(self.printed.items()))}
        older = {name: one for name, one in self.older.items() if name not in self.printed}
        return told | ({"older_pdfs": stale_pdfs.told(older)} if older else {})

    def remember(self, out: Path, report: Mapping[str, Any] | None) -> None:
        """Note the PDFs that earlier runs have left in the folder."""
        self.older = {name: one for name, one in stale_pdfs.of_report(report).items() if (out / name).is_file()}

    def stale(
        self, options: Options, made: Sequence[Planner], old: Sequence[str], *, prints: bool
    ) -> Iterator[Finding]:
        """Yield what is to be said of PDFs that show something else than their planners; `old` are names of before."""
        if not self.older:
            return
        now = self.pdfs([one.file_name for one in made]) if not prints else self.printed
        older = {name: one for name, one in self.older.items() if name not in now}
        sums = dict.fromkeys(old, "") | {one.file_name: one.sha256 for one in made}
        asked = [pdf_name(name) for name in sums] if options.only else None
        yield from stale_pdfs.findings(options.out, older, sums, asked)

    def resume(self, out: Path, report: Mapping[str, Any] | None) -> None:
        """Find out which PDFs an earlier run has made: by its report, and by its journals where it did not end."""
        told = (report or {}).get("pdf")
        files = told.get("files") if isinstance(told, Mapping) else None
        found = {str(name): str(key) for name, key in files.items()} if isinstance(files, Mapping) else {}
        for path in aside.journals(out):
            for _place, record in journal.read(path):
                match record:
                    case {"report": str(name), "pdf": str(key)}:
                        found[name] = key
        self.printed = {name: key for name, key in found.items() if (out / name).is_file()}

    def left(self, out: Path, planners: Sequence[tuple[str, str, str]]) -> list[Task]:
        """Return which of these planners (id, file, SHA-256) are to be printed."""
        if self.printing is None:
            return []
        tasks = [Task(key, out, name, sha256) for key, name, sha256 in planners]
        return [task for task in tasks if self.printed.get(task.name) != self.printing.key(task.sha256)]

    def print_all(
        self, folder: Transaction, made: Sequence[Planner], workers: int | None, stop: Stop, progress: Progress
    ) -> Iterator[Finding]:
        """Print the planners that were made; yield what could not be printed."""
        tasks = self.left(folder.out, [(one.territory_id, one.file_name, one.sha256) for one in made])
        if self.printing is None or not tasks:
            return
        with progress(len(tasks)) as advance:
            for task, content in pdf.printed(self.printing, tasks, pdf.processes(workers), lambda: stop.asked):
                if isinstance(content, Finding):
                    yield content
                elif found := self._written(folder, task, content, self.printing.key(task.sha256)):
                    yield found
                advance(1)

    def _written(self, folder: Transaction, task: Task, content: bytes, key: str) -> Finding | None:
        path = folder.out / task.name
        try:
            reason = folder.backups.keep(path, backups.sha256_of(path))
            if reason is not None:
                return out_folder.not_written(task.name, reason)
            with folder.report(task.name, pdf=key) as file:
                file.write(content)
        except OSError as error:
            folder.backups.forget(path)
            return out_folder.failed(path, error, name=task.name)
        self.printed[task.name] = key
        return None

    def list_recipients(
        self, folder: Transaction, made: Sequence[Planner], held: Mapping[str, Finding]
    ) -> Iterator[Finding]:
        """Write who gets which file, where there are columns of their own; yield why not."""
        if not self.reports or RECIPIENTS in held:
            return
        files = [(one.territory_id, one.file_name, self._pdf_of(one)) for one in made]
        try:
            with folder.report(RECIPIENTS) as file:
                self.recipients.write(file, files, with_pdf=self.printing is not None)
        except OSError as error:
            yield out_folder.failed(folder.out / RECIPIENTS, error)

    def _pdf_of(self, planner: Planner) -> str | None:
        name = pdf_name(planner.file_name)
        return name if name in self.printed else None
