"""Makes a planner for every territory of the input tables, with an overview, findings and a run report.

Nothing grows with the number of territories but a line for each planner: the tables come in parts, the planners
are made some at a time, and findings are written as they come.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from xlsales import stopping
from xlsales.batch import (
    findings_book,
    out_folder,
    overview_files,
    retries,
    run_report,
    runners,
    template_check,
    worker,
)
from xlsales.batch.assumptions import Assumptions
from xlsales.batch.filled_copies import WRITERS
from xlsales.batch.out_folder import FINDINGS, FINDINGS_BOOK, RUN_REPORT, Output
from xlsales.batch.overview import OVERVIEW, overview_name
from xlsales.batch.peers import Peers
from xlsales.batch.plan import Plan
from xlsales.batch.row_accounts import RowAccounts, TableAccount
from xlsales.batch.run_report import Planner, Status
from xlsales.batch.worker import Job, Made
from xlsales.calculation import session
from xlsales.calculation.compiled import Account, Compiled, Verdict
from xlsales.errors import InputError, Stopped, XlsalesError
from xlsales.files import atomic, obstacles
from xlsales.files.file_names import planner_names, refuse_unusable
from xlsales.findings import Finding, FindingsLog, findings_file
from xlsales.schema import SCHEMA_VERSION, TABLES
from xlsales.stopping import Stop
from xlsales.tables import Parts, Summary, Validated, parted, validate
from xlsales.tables.mapping import Map
from xlsales.tables.selection import selection
from xlsales.tables.spool import Spool
from xlsales.texts import _
from xlsales.version import __version__
from xlsales.workbook import template as templates
from xlsales.workbook.template import Template

_AHEAD = 2  # chunks that wait for each worker


@dataclass(frozen=True)
class Options:
    """How a batch is made."""

    out: Path
    file_format: str | None = None  # as the template's, else xlsm
    as_of: dt.date | None = None
    workers: int | None = None
    writer: str = next(iter(WRITERS))
    overwrite: bool = False
    template: Path | None = None
    mapping: Map | None = None  # of a foreign export
    only: Sequence[str] = ()  # territories: ids, patterns, or `leader=Lee*`


@dataclass(frozen=True)
class _Chunk:
    """Some plans, and the findings about their rows; of a part of the tables, or of what a worker makes at a time."""

    plans: Sequence[Plan]
    findings: Sequence[Finding] = ()


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
    log: FindingsLog
    peers: Peers = field(default_factory=Peers)
    opened: ExitStack = field(default_factory=ExitStack)
    parts_of_plans: Sequence[Callable[[], _Chunk]] = ()  # of each part; all but a single one wait in a file
    account: Account = field(default_factory=lambda: Account(0, {}, {}))  # of the template's formulas
    verdict: Verdict | None = None  # on them, where it was found out
    made: list[Planner] = field(default_factory=list)
    not_made: list[str] = field(default_factory=list)
    rows: RowAccounts = field(default_factory=RowAccounts)
    output: Output = field(default_factory=Output)  # what the folder allows, once a run has looked at it
    status: Status = "complete"

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
    def count(self) -> int:
        """How many planners are to be made."""
        return len(self.names)

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
        return self.rows.of(self.summary.accounting)

    @property
    def reports(self) -> list[str]:
        """The names of the files that a run writes beside the planners."""
        return [*overview_files.names(self.count), FINDINGS, FINDINGS_BOOK, RUN_REPORT]

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
        return out_folder.existing(self.options.out, self.names.values())

    def refuse_existing(self) -> None:
        """Raise InputError where a run would replace files: a planner may have been filled by hand since."""
        out_folder.refuse_existing(self.options.out, self.names.values())

    @property
    def plans(self) -> list[Plan]:
        """What goes into each planner; a run does not hold all of it at once."""
        return [plan for chunk in self._chunks() for plan in chunk.plans]

    def run(self, progress: Callable[[int], None] = lambda _count: None) -> None:
        """Make the planners, then the overview and the run report; findings are written as they come.

        After Ctrl-C, what was made until then is reported as stopped, and KeyboardInterrupt raised.
        """
        if not self.options.overwrite:
            self.refuse_existing()
        with stopping.noted(partial(atomic.sweep, self.options.out)) as stop:
            self.output = out_folder.opened(self.options.out, self.names, self.reports)
            try:
                self._write_all(stop, progress)
            except KeyboardInterrupt:
                stop.ask()
            except (XlsalesError, OSError):
                self.status = "stopped"
                with suppress(XlsalesError, OSError):
                    self._write_run_report()
                raise
            self.status = "stopped" if stop.asked else "complete"
            try:
                self._write_run_report()
            except XlsalesError as error:
                if self.status == "stopped":
                    raise Stopped(str(error)) from error
                raise
        if self.status == "stopped":
            raise KeyboardInterrupt

    def _write_all(self, stop: Stop, progress: Callable[[int], None]) -> None:
        """Write everything but the run report; what was found is written in any case."""
        with ExitStack() as opened:
            spool = opened.enter_context(Spool())
            places: list[int] = []
            self.log = FindingsLog(self._findings_file(opened), lambda new: places.append(spool.put(new)))
            self.log.add([*self.first_findings, *self.output.findings])
            self.not_made = [finding.territory_id for finding in self.output.held.values() if finding.territory_id]
            try:
                self._produce(stop, progress)
            finally:
                self.log.add(self.summary.findings())
                self._write_findings_book(lambda: map(spool.get, places))

    def _produce(self, stop: Stop, progress: Callable[[int], None]) -> None:
        def advance(count: int) -> None:
            try:
                progress(count)
            except KeyboardInterrupt:
                stop.ask()

        if self.not_made:
            advance(len(self.not_made))
        collector = overview_files.Collector(self.options.out, self.count, session.blank_values, self.output.held)
        try:
            with collector as overview:
                for findings, made in self._make(stop):
                    self.log.add(findings)
                    for one in made:
                        self._note(one, overview)
                    advance(len(made))
                if stop.asked:
                    raise KeyboardInterrupt
        finally:
            self.log.add(collector.findings)

    def _findings_file(self, opened: ExitStack) -> TextIO | None:
        """Open `findings.csv`; None where it cannot be written."""
        path = self.options.out / FINDINGS
        if FINDINGS in self.output.held:
            return None
        try:
            return opened.enter_context(findings_file(path))
        except OSError as error:
            self.output.held[FINDINGS] = out_folder.failed(path, error)
            return None

    def _write_findings_book(self, chunks: Callable[[], Iterable[Sequence[Finding]]]) -> None:
        if FINDINGS_BOOK in self.output.held:
            return
        path = self.options.out / FINDINGS_BOOK
        try:
            planners = {one.territory_id: one.file_name for one in self.made}
            findings_book.write(path, chunks, self.log, planners, self.accounts)
        except OSError as error:
            self.log.add([out_folder.failed(path, error)])

    def _write_run_report(self) -> None:
        path = self.options.out / RUN_REPORT
        try:
            atomic.write(path, self.report())
        except OSError as error:
            raise XlsalesError(obstacles.in_writing(path, error, path)) from error

    def _note(self, one: Made, overview: overview_files.Collector) -> None:
        self.log.add(one.findings)
        if one.file_name is None:
            self.not_made.append(one.territory_id)
        else:
            self.made.append(
                Planner(one.territory_id, one.file_name, one.sha256, one.input_hash, one.basis, one.checks)
            )
            self.rows.add(one.placed, one.left_out)
            overview.add(one.file_name, one.figures or {})

    def _make(self, stop: Stop) -> Iterator[tuple[Sequence[Finding], list[Made]]]:
        """Yield what was found in some rows, and what was made of them, in the order of the tables."""
        workers = runners.bounded(self.options.workers or runners.default_workers(self.count))
        job = Job(self.template, self.options.writer, self.options.out, self.run_id, self.as_of, self.verdict)
        with runners.executor(workers, worker.start_worker, (job,), stop, retries.limit) as pool:
            found: deque[Sequence[Finding]] = deque()

            def tasks() -> Iterator[Sequence[Plan]]:
                for chunk in self._chunks(workers):
                    found.append(chunk.findings)
                    yield chunk.plans

            ahead = _AHEAD * workers
            failed = retries.Retries(pool, worker.make, ahead, stop).made
            for made in runners.in_order(pool, worker.make, tasks(), ahead, stop, failed):
                yield found.popleft(), made

    def _chunks(self, workers: int = 1) -> Iterator[_Chunk]:
        size = max(1, min(WRITERS[self.options.writer], -(-self.count // (2 * workers))))
        for part in (load() for load in self.parts_of_plans):
            findings = part.findings
            given = (self.peers.given(plan) for plan in part.plans)
            named = (plan.named(self.names[plan.territory_id], self.as_of) for plan in given)
            named = (plan for plan in named if plan.file_name not in self.output.held)
            while plans := list(islice(named, size)):
                yield _Chunk(plans, findings)
                findings = ()
            if findings:
                yield _Chunk((), findings)

    def report(self) -> bytes:
        """Return the run report: what went in, what came out, with fingerprints."""
        head = {
            "run_id": self.run_id,
            "status": self.status,
            "xlsales": __version__,
            "schema_version": SCHEMA_VERSION,
            "template": {"name": self.template.name, "sha256": self.template.sha256},
            **({"map": {"name": mapping.name, "sha256": mapping.sha256}} if (mapping := self.options.mapping) else {}),
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "format": self.template.file_format,
            "writer": self.options.writer,
            "calculation": self.account.told(),
            "rows": {name: account.told() for name, account in self.accounts.items()},
            "findings": self.log.counts,
        }
        not_made = [*self.summary.skipped_territories, *self.not_made, *self._not_begun()]
        return "".join(run_report.lines(head, self.made, not_made)).encode(errors="backslashreplace")

    def _not_begun(self) -> list[str]:
        """Return the territories that a stopped run has left out."""
        if self.status == "complete":
            return []
        done = {planner.territory_id for planner in self.made}.union(self.not_made)
        return [territory_id for territory_id in self.names if territory_id not in done]


def prepare(source: str | Path, options: Options) -> Batch:
    """Read and validate the tables and the template; raises InputError when nothing can be made of them."""
    refuse_unusable(options.out)
    template, template_findings = _template(options)
    with ExitStack() as opened:
        parts = opened.enter_context(parted(source, mapping=options.mapping, selected=selection(options.only)))
        _refuse_unusable(parts)
        summary, log = Summary(), FindingsLog()
        log.add(first_findings := [*template_findings, *parts.findings])
        territories: dict[str, str] = {}
        inputs = 0
        spool = opened.enter_context(Spool())
        loads: list[Callable[[], _Chunk]] = []
        gaps, assumptions, peers = template_check.Gaps(template), Assumptions(template), Peers()
        for part in parts:
            validated = validate(part, options.as_of)
            summary.add(validated)
            log.add(validated.findings)
            territories |= {str(row["territory_id"]): str(row["territory_name"]) for row in validated.territories}
            chunk = _Chunk(list(plans_of(validated)), validated.findings)
            gaps.look(chunk.plans)
            assumptions.look(validated.territories)
            for plan in chunk.plans:
                peers.look(plan)
            hashes = (int(plan.content_hash, 16) for plan in chunk.plans)
            inputs = (inputs + sum(hashes)) % 2**256  # the same in any order
            loads.append(partial(_same, chunk) if parts.count == 1 else partial(spool.get, spool.put(chunk)))
        gaps.look_at_day(options.as_of or summary.as_of)
        gaps.refuse()
        log.add(assumed := list(assumptions.findings()))
        log.add(summary.findings())
        as_of = options.as_of or summary.as_of
        account, verdict = _calculation(template, options, as_of)
        log.add(calculated := template_check.calculation(template, account))
        names = planner_names(territories, template.file_format)
        log.add(places := [*out_folder.not_shared(options.out), *out_folder.too_long(options.out, names)])
        return Batch(
            options,
            template,
            parts,
            summary,
            as_of,
            [*first_findings, *calculated, *assumed, *places],
            names,
            f"{inputs:064x}",
            log,
            peers,
            opened.pop_all(),
            loads,
            account,
            verdict,
        )


def _refuse_unusable(parts: Parts) -> None:
    """Raise InputError, with all that is wrong, where a column is missing or there twice: its table would be lost."""
    errors = [str(finding) for finding in parts.findings if finding.severity == "error"]
    if errors:
        raise InputError("\n".join(errors))


def _same(chunk: _Chunk) -> _Chunk:
    return chunk


def plans_of(validated: Validated) -> Iterator[Plan]:
    """Yield what the rows of each territory say; its file and the as-of date follow."""
    for territory in validated.territories:
        territory_id = str(territory["territory_id"])
        rows = {name: validated.rows(name, territory_id) for name in TABLES if name != "territories"}
        yield Plan(territory, rows, "", None)


def _template(options: Options) -> tuple[Template, list[Finding]]:
    """Read the template, whose own kind decides the planners' where none is asked for; a changed one is looked at."""
    if options.template is None:
        return templates.read(templates.shipped(options.file_format or "xlsm")), []
    template = templates.read(options.template)
    if options.file_format not in (None, template.file_format):
        message = _("{name} makes .{kind} planners: leave --format out, or choose another template.")
        raise InputError(message.format(name=template.name, kind=template.file_format))
    return template, template_check.check(template)


def _calculation(template: Template, options: Options, as_of: dt.date | None) -> tuple[Account, Verdict | None]:
    """Find out what becomes of a template's formulas; all those of our own templates are compiled."""
    if options.template is None:
        return Account(len(template.formulas), {}, {}), None
    compiled = Compiled(template, as_of)
    return compiled.account, compiled.verdict
