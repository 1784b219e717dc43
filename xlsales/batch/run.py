"""Makes a planner for every territory of the input tables, with an overview, findings and a run report.

Nothing grows with the number of territories but a line for each planner: the tables come in parts, the planners
are made some at a time, and findings are written as they come.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from xlsales import stopping
from xlsales.batch import (
    aside,
    earlier,
    findings_files,
    left_out,
    out_folder,
    overview_files,
    retries,
    run_head,
    run_report,
    runners,
    stale,
    worker,
)
from xlsales.batch import made as records
from xlsales.batch.aside import Records
from xlsales.batch.delivery.deliveries import Deliveries, Progress, no_progress
from xlsales.batch.earlier import Finished
from xlsales.batch.filled_copies import WRITERS
from xlsales.batch.gathering import Tasks
from xlsales.batch.made_planners import MadePlanners
from xlsales.batch.options import Options
from xlsales.batch.out_folder import FINDINGS, FINDINGS_BOOK, RUN_REPORT, Output
from xlsales.batch.overview import OVERVIEW, overview_name
from xlsales.batch.packed import AnyPlan, Chunk, unpacked
from xlsales.batch.peers import Peers
from xlsales.batch.place import Place
from xlsales.batch.plan import Plan, rooms
from xlsales.batch.row_accounts import RowAccounts, TableAccount
from xlsales.batch.run_report import Status, planner_of
from xlsales.batch.runners import Kept
from xlsales.batch.transaction import Transaction
from xlsales.batch.update.updating import Updating
from xlsales.batch.worker import Job, Made
from xlsales.calculation.compiled import Account, Verdict
from xlsales.cells.values import Address, CellValue
from xlsales.errors import Stopped, XlsalesError
from xlsales.files.targets import make_folder
from xlsales.findings import Finding, FindingsLog, findings_file
from xlsales.stopping import Stop, told_unless_asked
from xlsales.tables import Parts, Summary
from xlsales.tables.spool import Spool
from xlsales.version import __version__
from xlsales.workbook.template import Template

MEGABYTES = 2048  # that a worker may take where formulas of a template are left to the calculation engine
_AHEAD = 2  # chunks that wait for each worker


@dataclass
class Batch:
    """A batch, prepared: nothing is written until `run`."""

    options: Options
    template: Template
    parts: Parts
    summary: Summary
    as_of: dt.date | None
    first_findings: Sequence[Finding]  # about the template, the source and the names, before any row
    names: dict[str, str]  # file names by territory id, in the order of the tables
    inputs_hash: str  # of everything that goes into the planners
    tables_hash: str  # of that, and of what is left out
    log: FindingsLog
    peers: Peers = field(default_factory=Peers)
    opened: ExitStack = field(default_factory=ExitStack)
    parts_of_plans: Sequence[Callable[[], Chunk]] = ()  # of each part; all but a single one wait in a file
    kept: Kept = field(default_factory=Kept)  # the processes that have read the tables
    account: Account = field(default_factory=lambda: Account(0, {}, {}))  # of the template's formulas
    known: Verdict | None = None  # how the formulas are divided, where that was found out
    made: MadePlanners = field(default_factory=MadePlanners)
    not_made: list[str] = field(default_factory=list)
    failed_ids: list[str] = field(default_factory=list)  # of those, which a fault prevented, so that another try is due
    rows: RowAccounts = field(default_factory=RowAccounts)
    output: Output = field(default_factory=Output)  # what the folder allows, once a run has looked at it
    status: Status = "complete"
    finished: Finished = field(default_factory=lambda: Finished(Records(), {}))  # planners that are not made again
    stale: list[dict[str, str | None]] = field(default_factory=list)  # planners of earlier runs in the folder
    left_alone: list[dict[str, str]] = field(default_factory=list)  # those of territories that got no new one
    notices: list[str] = field(default_factory=list)  # for a person, about the folder
    written_reports: dict[str, str] = field(default_factory=dict)  # by name, their SHA-256
    deliveries: Deliveries = field(default_factory=Deliveries)
    place: Place = field(default_factory=lambda: Place(Path()))
    updating: Updating = field(init=False)

    def __post_init__(self) -> None:
        self.updating = Updating.of(self.options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was put aside of the tables."""
        self.opened.close()

    @property
    def folder(self) -> Path:
        """The folder that a run works in: the planners' own, or a temporary one where they go elsewhere."""
        return self.place.folder

    @property
    def count(self) -> int:
        """How many planners are to be made."""
        return len(self.names)

    @property
    def fiscal_years(self) -> list[int]:
        """The fiscal years of the source where there are several, each of which is a run of its own."""
        years = self.parts.years
        return years.wanted if years.chosen is None and len(years.all) > 1 else []

    @property
    def overview(self) -> str:
        """The name of the overview's file."""
        return overview_name(self.count)

    @property
    def run_id(self) -> str:
        """A fingerprint of everything that decides the bytes of the planners."""
        parts = [__version__, self.template.sha256, str(self.as_of), self.options.writer, self.inputs_hash]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def failed(self) -> bool:
        """Whether something was refused or not produced."""
        return self.log.counts["error"] > 0

    @property
    def findings(self) -> list[Finding]:
        """The first findings of each code; `findings.csv` holds all of them."""
        return self.log.kept

    @property
    def accounts(self) -> dict[str, TableAccount]:
        """What became of the rows of each table, once a run has ended."""
        return self.rows.of(self.summary.accounting, self.parts.left_out)

    @property
    def reports(self) -> list[str]:
        """The names of the files that a run writes beside the planners."""
        return [*overview_files.names(self.count), *self.deliveries.reports, FINDINGS, FINDINGS_BOOK, RUN_REPORT]

    @property
    def written(self) -> list[str]:
        """The names of the files that a run has written beside the planners."""
        failed = {finding.file for finding in self.findings if finding.code == out_folder.NOT_WRITTEN}
        missing = failed | self.output.held.keys()
        without = {OVERVIEW} if not self.made and self.overview == OVERVIEW else set()
        return [name for name in self.reports if name not in missing | without]

    @property
    def existing(self) -> list[str]:
        """The names of files in the folder that a run would replace."""
        return self.place.existing(self._files())

    def refuse_existing(self) -> None:
        """Raise InputError where a run would replace files: a planner may have been filled by hand since.

        One that resumes another replaces nothing, but must make the same.
        """
        self.place.refuse_held()
        self.place.refuse_runs_inside()
        self._refuse_other_files()

    def _refuse_other_files(self) -> None:
        before = earlier.read(self.folder)
        if self.options.resume and (before.report is not None or self.existing):
            before.refuse_other(run_head.of(self))
        elif not self.options.overwrite:
            if not (self.options.update and before.was_update):  # which may be begun again at any time
                made = len(before.records.planners)
                out_folder.refuse_unfinished(self.options.where, before.status, made, self.count)
            if not self.options.update:
                self.place.refuse_existing(self._files())

    def _files(self) -> list[str]:
        return [*self.names.values(), *self.deliveries.pdfs([*self.names.values()])]

    def find_finished(self) -> bool:
        """Find out which planners a run that resumes another leaves as they are; return whether nothing is left."""
        before = earlier.read(self.folder)
        self.finished = self.place.finished(before.all_records(), self.names)
        expected = set(self.reports) - {RUN_REPORT} - (set() if self.names else {OVERVIEW})
        there = all(map(self.place.has, expected))
        self.deliveries.resume(self.folder, before.report)
        planners = [(key, one.file_name, one.sha256) for key, one in self.finished.records.planners.items()]
        printed = not self.deliveries.left(self.folder, planners)
        return there and printed and before.is_complete(self.names, self.finished, expected)

    @property
    def plans(self) -> list[Plan]:
        """What goes into each planner; a run does not hold all of it at once."""
        return unpacked([plan for plans, _findings in self._divided_plans() for plan in plans])

    def run(self, progress: Callable[[int], None] = lambda _count: None, printing: Progress = no_progress) -> None:
        """Make the planners, then the overview and the run report, which says "started" until then.

        After Ctrl-C, what was made until then is reported as stopped, and KeyboardInterrupt raised.
        """
        out = self.folder
        with out_folder.ended_in_words(lambda: len(self.made), self.count, self.options.way_on):
            self.refuse_existing()
            out_folder.refuse_unwritable(out)
            make_folder(out)
            with stopping.noted(self.place.sweep) as stop, self.place.transaction() as folder:
                self._run(folder, stop, progress, printing)
        if self.status == "stopped":
            raise KeyboardInterrupt

    def rehearse(self, progress: Callable[[int], None] = lambda _count: None, findings: Path | None = None) -> None:
        """Do what a run does, and write nothing but the findings where a file for them is given.

        The refusals, findings and counts are those of a run.
        """
        self.refuse_existing()
        with stopping.noted() as stop, ExitStack() as opened:
            file = None if findings is None else opened.enter_context(findings_file(findings))
            if self.options.resume:
                self.find_finished()
            self.updating.look(self.place, self.names, before := earlier.read(self.folder), self.finished)
            self.deliveries.remember(self.folder, before.report)
            self.output = self.place.foreseen(self._to_make(), self.reports)
            self.output.renamed += self.finished.findings()
            self.log = FindingsLog(file)
            self._note_first()
            advance = partial(told_unless_asked, stop, progress)
            advance(len(self.not_made))
            for found, made in self._make(self._job(), stop):
                self.log.add(found)
                for one in made:
                    self._note(one)
                advance(len(made))
            self.stale = self._foreseen_stale()
            self.log.add([*self.summary.findings(), *(() if self.options.only else stale.findings(self.stale))])
            self.log.add(self._stale_pdfs(prints=False))
        if stop.asked:
            raise KeyboardInterrupt

    def _foreseen_stale(self) -> list[dict[str, str | None]]:
        belonging = {one.file for one in self.output.held.values() if one.file} | self._belonging(ended=True)
        return self.place.stale(belonging | set(out_folder.REPORTS), earlier.read(self.folder).files)

    def _run(self, folder: Transaction, stop: Stop, progress: Callable[[int], None], printing: Progress) -> None:
        self.notices, self.written_reports = folder.notices, folder.reports
        self._refuse_other_files()  # once more, now that nobody else can write here
        if self.options.resume and self.find_finished():
            before = earlier.read(self.folder)
            self.made = MadePlanners(planner_of(records.from_report(one)) for one in before.planners)
            self.rows.take((before.report or {}).get("rows"))
            folder.end()  # what a fault at the end of that run has left aside
            return
        try:
            self._begin(folder)
            self._write_all(folder, stop, progress, printing)
        except KeyboardInterrupt:
            stop.ask()
        except (XlsalesError, OSError):
            self.status = "stopped"
            with suppress(XlsalesError, OSError):
                if folder.begun:  # else the report of the run before still says what is there
                    self._write_run_report()
            raise
        self.status = "stopped" if stop.asked else "complete"
        try:
            self._write_run_report()
        except XlsalesError as error:
            if self.status == "stopped":
                raise Stopped(str(error)) from error
            raise
        if self.status == "complete":
            folder.end()

    def _begin(self, folder: Transaction) -> None:
        """Look at the folder, say there that a run has started, and take away what tells of another one."""
        before = earlier.read(self.folder)
        self.deliveries.remember(self.folder, before.report)
        folder.begin(before, self.finished if self.options.resume else None)
        self.updating.look(self.place, self.names, before, self.finished)
        self.output = self.place.opened(self._to_make(), self.reports)
        if self.output.renamed:  # files have got their names of now
            self.updating.look(self.place, self.names, before, self.finished)
        self.updating.remove_superseded(self.place.there, folder.backups)
        self.output.renamed += self.finished.findings()
        if self.options.resume:
            self.output.renamed += [Finding(**found) for found in before.records.findings]
        folder.note([one for one in self.output.renamed if one.code == out_folder.RENAMED])
        self.status = "started"
        self._write_run_report()
        folder.remove_reports(self.output)

    def _to_make(self) -> dict[str, str]:
        to_make = {key: name for key, name in self.names.items() if key not in self.finished}
        return self.updating.to_make(to_make)

    def _note_first(self) -> None:
        """Note what was found before any planner is made, and which ones cannot be."""
        self.log.add([*self.first_findings, *self.output.findings, *self.updating.findings])
        held = [*self.output.held.values(), *self.updating.found.left.values()]
        self.not_made = [finding.territory_id for finding in held if finding.territory_id]

    def _write_all(self, folder: Transaction, stop: Stop, progress: Callable[[int], None], printing: Progress) -> None:
        """Write everything but the run report; what was found is written in any case."""
        with ExitStack() as opened:
            spool = opened.enter_context(Spool())
            places = array("Q")
            so_far = opened.enter_context(findings_file(aside.folder_of(self.folder) / aside.FINDINGS_SO_FAR))
            self.log = FindingsLog(so_far, lambda new: places.append(spool.put(new)))
            self._note_first()
            ended = False
            try:
                self._produce(folder, stop, progress)
                ended = True
                self.log.add(self.deliveries.print_all(folder, self.made, self.options.workers, stop, printing))
            except BaseException:
                self._note_the_rest(folder)
                raise
            finally:
                owners = self.updating.owners(self.names, self.not_made)
                self.left_alone = folder.left_alone(owners)
                self.stale = folder.stale(self._belonging(ended=ended) | owners.keys())
                told = () if self.options.only else stale.findings(self._untold())  # else the others were not asked for
                copied = folder.backups.findings(of_update=self.options.update)
                self.log.add([*self.summary.findings(), *told, *self._stale_pdfs(), *copied])
                self.log.add(self.deliveries.list_recipients(folder, self.made, self.output.held))
                chunks = partial(map, spool.get, places)
                findings_files.write(folder, chunks, self.log, self.made, self.accounts, self.output)

    def _stale_pdfs(self, *, prints: bool = True) -> list[Finding]:
        old = self.updating.old_names(self.made)
        return [*self.deliveries.stale(self.options, self.made, old, prints=prints)]

    def _untold(self) -> list[dict[str, str | None]]:
        """Return the planners of earlier runs that no finding names already, as one that could not be replaced."""
        return [one for one in self.stale if one["file"] not in self.output.held]

    def _belonging(self, *, ended: bool) -> set[str]:
        """Return the planners that are no stale ones: those that are made, and those that are still to be."""
        if not ended:
            return set(self.names.values()) | self.updating.found.known
        return {one.file_name for one in self.made} | self.updating.still_there(self.not_made)

    def _note_the_rest(self, folder: Transaction) -> None:
        """Note planners that are there and that this process has not heard of."""
        heard = {one.territory_id for one in self.made}
        there = self.place.finished(folder.records(), self.names)
        rest = (there.records.load(key) for key in there.ids if key not in heard)
        collector = overview_files.Collector(folder, 0, _blank_values)
        for one in filter(None, rest):
            self._note(one, collector)
        places = {key: place for place, key in enumerate(self.names)}
        self.made = MadePlanners(sorted(self.made, key=lambda one: places[one.territory_id]))

    def _produce(self, folder: Transaction, stop: Stop, progress: Callable[[int], None]) -> None:
        advance = partial(told_unless_asked, stop, progress)
        if self.not_made:
            advance(len(self.not_made))
        collector = overview_files.Collector(folder, self.count, _blank_values, self.output.held, self.deliveries.group)
        try:
            with collector as overview:
                job = self._job(folder)
                for findings, made in self._make(job, stop):
                    self.log.add(findings)
                    for one in made:
                        self._note(one, overview)
                    advance(len(made))
                if stop.asked:
                    raise KeyboardInterrupt
        finally:
            self.log.add(collector.findings)

    def _write_run_report(self) -> None:
        self.place.write_run_report(self._report())

    def _note(self, one: Made, overview: overview_files.Collector | None = None) -> None:
        self.log.add(one.findings)
        if one.file_name is None:
            self.not_made.append(one.territory_id)
            self.failed_ids += left_out.failed(one.territory_id, one.findings)
            failed = (found for found in one.findings if found.code == out_folder.NOT_WRITTEN and found.file)
            self.output.held |= {str(found.file): found for found in failed}
        else:
            self.made.append(planner_of(one))
            self.rows.add(one.placed, one.left_out)
            if overview is not None:
                overview.add(one.file_name, one.figures or {})

    def _job(self, folder: Transaction | None = None) -> Job:
        """Return what workers need to know; without a folder they write nothing."""
        return Job(
            self.template,
            self.options.writer,
            self.folder.absolute(),
            self.run_id,
            self.as_of,
            self.known,
            "" if folder is None else folder.backup,
            "" if folder is None else folder.journal,
            frozenset() if folder is None else self.finished.without_figures,
            folder is not None,
            self.updating.job,
            self.place.target,
        )

    @property
    def _workers(self) -> int:
        return runners.bounded(self.options.workers or runners.default_workers(self.count))

    def _make(self, job: Job, stop: Stop) -> Iterator[tuple[Sequence[Finding], list[Made]]]:
        """Yield what was found in some rows, and what was made of them, in the order of the tables."""
        workers = self._workers
        megabytes = MEGABYTES if self.account.slow else None  # what the engine takes depends on what is in the cells
        start, cluster = worker.start_worker, self.options.scheduler
        with runners.executor(workers, start, (job,), stop, retries.limit, megabytes, cluster, kept=self.kept) as pool:
            workers = runners.size(pool, workers)
            size = max(1, min(WRITERS[self.options.writer], -(-self.count // (2 * workers))))
            tasks = Tasks(rooms(self.template), size, self._is_to_be_made)
            ahead = _AHEAD * workers
            failed = retries.Retries(pool, worker.make, ahead, stop).made
            begun = tasks.begun(self._divided_plans())
            for some in runners.in_order(pool, worker.make, begun, ahead, stop, failed):
                for chunk, made in tasks.ended(some):
                    yield chunk.findings, self._in_order(chunk, made)

    def _divided_plans(self) -> Iterator[tuple[Iterator[AnyPlan], Sequence[Finding]]]:
        """Yield the plans of each part that can get a planner, and what was found in its rows."""
        left = self.updating.found.left
        for part in (load() for load in self.parts_of_plans):
            given = map(partial(self.peers.given, own=part.own), part.plans)
            named = (plan.named(self.names[plan.territory_id], self.as_of) for plan in given)
            kept = (plan for plan in named if plan.file_name not in self.output.held and plan.territory_id not in left)
            yield kept, part.findings

    def _is_to_be_made(self, plan: AnyPlan) -> bool:
        key = plan.territory_id
        return key not in self.finished or key in self.finished.without_figures

    def _in_order(self, chunk: Chunk, made: Sequence[Made]) -> list[Made]:
        """Return what was made together with what was finished before."""
        by_id = {one.territory_id: one for one in made}
        known = ((plan, by_id.get(plan.territory_id)) for plan in chunk.plans)
        ordered = (self.finished.kept(plan.territory_id, one) for plan, one in known)
        return [one for one in ordered if one]

    def report(self) -> bytes:
        """Return the run report: what went in, what came out, with fingerprints."""
        return b"".join(self._report())

    def _report(self) -> Iterator[bytes]:
        not_made = [*self.summary.skipped_territories, *self.not_made, *self._not_begun()]
        not_updated = self.updating.not_updated(not_made)
        lines = run_report.lines(run_head.of(self), self.made, not_made, self.left_alone, self.stale, not_updated)
        return (line.encode(errors="backslashreplace") for line in lines)

    def _not_begun(self) -> list[str]:
        """Return the territories that a stopped run has left out."""
        if self.status == "complete":
            return []
        done = {planner.territory_id for planner in self.made}.union(self.not_made)
        return [territory_id for territory_id in self.names if territory_id not in done]


def _blank_values(package: bytes) -> dict[Address, CellValue]:
    from xlsales.calculation.session import blank_values  # with the engine, which most runs do without

    return blank_values(package)
