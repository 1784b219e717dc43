"""Makes planners from plans: what a worker keeps open, and what it does with some plans at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from xlsales.batch import filled_copies, larger, left_out, opened_apart, overview_columns, reconciliation
from xlsales.batch.filled_copies import Left
from xlsales.batch.larger import Sizes
from xlsales.batch.made import Figures as Figures
from xlsales.batch.made import Made as Made
from xlsales.batch.objects.planners import ObjectFiles, ObjectWriting, Target
from xlsales.batch.packed import AnyPlan, unpacked
from xlsales.batch.plan import Plan, fill, overflow
from xlsales.batch.planner_files import NoFiles, PlannerFiles, PutAside, Writing
from xlsales.batch.update import base
from xlsales.batch.update.base import Recorder
from xlsales.batch.update.layout import layout
from xlsales.calculation.compiled import Room, Verdict
from xlsales.calculation.compiled.account import groups
from xlsales.cells.references import LAST_ROW
from xlsales.cells.values import CellValue
from xlsales.files.objects import UnreachableError
from xlsales.findings import Finding
from xlsales.memory import uncollected
from xlsales.schema import TABLES
from xlsales.texts import _
from xlsales.workbook import carried
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template

if TYPE_CHECKING:
    from xlsales.batch.update.refreshed import Refreshed, Update, Updater

Copied: TypeAlias = tuple[Filling, bytes, Figures, Left]  # filled cells, the workbook's bytes, the overview's figures
Files: TypeAlias = PlannerFiles | ObjectFiles
Written: TypeAlias = Writing | ObjectWriting | None

_MOST_LARGER = 4  # enlarged templates that a worker keeps open


@dataclass(frozen=True)
class Job:
    """What every worker needs to know."""

    template: Template
    writer: str
    out: Path
    run_id: str
    as_of: dt.date | None
    known: Verdict | None = None  # how the formulas are divided
    backup: str = "backup"  # the folder in `out` for copies of what somebody has changed
    journal: str = ""  # of the run, which a worker must see in the folder for as long as it writes there
    finished: frozenset[str] = frozenset()  # territories whose planners are there: asked for are their figures alone
    writes: bool = True  # otherwise it is a rehearsal, and the figures of all are asked for
    update: Update | None = None  # the planners that are brought up to the tables
    target: Target | None = None  # in object storage, in the place of `out`


class Prepared:
    """A template opened for filled copies."""

    def __init__(self, template: Template, job: Job, room: Room) -> None:
        self.template = template
        known = job.known if template is job.template else None
        self._run_id = job.run_id
        self._layout = layout(template)
        self._recorder = Recorder(self._layout, job.template.sha256)
        wanted = dict.fromkeys((*overview_columns.FIGURES, *reconciliation.NAMES))
        named = {name: template.names[name] for name in wanted if name in template.names}
        self._figures = {name: address for name, address in named.items() if address in template.formulas}
        inputs = {name: template.names.get(f"in_{name}") for name in overview_columns.FIGURES}
        self._inputs = {name: address for name, address in inputs.items() if address is not None}
        template.forget_formulas()
        self._copies = filled_copies.copies(template, job.writer, job.as_of, known, room)
        template.forget_sheets()
        template.forget_formulas()

    def contents(self, plans: Sequence[Plan], updated: Mapping[str, Refreshed] | None = None) -> Iterator[Copied]:
        """Yield what becomes of each plan; one that is refused has no bytes. `updated` are those with a planner."""
        before = updated or {}
        fillings = [self._filling(plan, before.get(plan.territory_id)) for plan in plans]
        accepted = [(plan, filling) for plan, filling in zip(plans, fillings, strict=True) if not filling.refused]
        made = self._copies.make(
            [filling for _plan, filling in accepted],
            (self._provenance(plan, filling, before.get(plan.territory_id)) for plan, filling in accepted),
            list(self._figures.values()),
        )
        for plan, filling in zip(plans, fillings, strict=True):
            if filling.refused:
                yield filling, b"", {}, {}
            else:
                content, values, left = next(made)
                kept = filling if plan.territory_id in before else None
                yield filling, content, self._named(plan, kept, values), left

    def _filling(self, plan: Plan, before: Refreshed | None) -> Filling:
        if before is None:
            return fill(self.template, plan)
        from xlsales.batch.update.refreshed import filled

        return filled(self._layout, plan, before)

    def _provenance(self, plan: Plan, filling: Filling, before: Refreshed | None) -> dict[str, str]:
        """Return what a planner says of itself, and what its next update needs to know."""
        record = self._recorder.record(filling) if before is None else before.record
        return {
            "run_id": self._run_id,
            "input_hash": plan.input_hash,
            "as_of": "" if plan.as_of is None else plan.as_of.isoformat(),
            "territory_id": plan.territory_id,
            **carried.texts(base.NAME, record),
        }

    def _named(self, plan: Plan, kept: Filling | None, values: Sequence[CellValue]) -> Figures:
        """Return what the overview tells: of a planner that keeps what its manager typed, what then stands in it."""
        of_territory = {name: plan.territory.get(name) for name in overview_columns.FIGURES}
        given = {name: value for name, value in of_territory.items() if isinstance(value, (str, int, float))}
        if kept is not None:
            usual = self.template.defaults
            held = {name: kept.single.get(place, usual.get(place)) for name, place in self._inputs.items()}
            texts = {name: value if isinstance(value, (str, int, float)) else "" for name, value in held.items()}
            given |= {name: value for name, value in texts.items() if value != given.get(name, "")}
        return given | dict(zip(self._figures, values, strict=True))


class Worker:
    """What a process keeps between planners: the template, and larger copies of it for those who need them."""

    def __init__(self, job: Job, stopped: Callable[[], bool] = lambda: False) -> None:
        """Open the template; `stopped` says whether the run is asked to end."""
        self._job = job
        self._stopped = stopped
        self._memory = Room()  # planners are made of one template after the other
        opened_apart.open_first(job.template, job.writer, job.as_of)
        self._base = Prepared(job.template, job, self._memory)
        self._larger: OrderedDict[Sizes, Prepared] = OrderedDict()
        self._reasons: dict[str, str | None] = {}
        self._files = _files(job)
        self._updater = _updater(job)
        self._updated: dict[str, Refreshed] = {}  # of the planners that are being made

    def make(self, plans: Sequence[Plan]) -> list[Made]:
        """Fill, calculate and write some planners; one is written to the disk while the next is made.

        When the run is asked to end, those that are not made yet are left out.
        """
        made: dict[str, Made] = {}
        groups: dict[Sizes, list[Plan]] = {}
        self._updated = {}
        with nullcontext() if self._updater is None else self._updater.fetched(plans):
            for plan in plans:
                with _guarded(plan, made):
                    left_alone = self._read(plan)
                    if left_alone is not None:
                        made[plan.territory_id] = left_alone
                        continue
                    groups.setdefault(self._sizes(plan), []).append(plan)
        with uncollected(), self._files.written() as writing:
            for size, group in groups.items():
                if self._stopped():
                    break
                for plan, copy in self._copies(size, group):
                    if self._stopped():
                        break
                    with _guarded(plan, made):
                        one = self._begun(plan, size, copy, writing)
                        if one is not None:
                            made[plan.territory_id] = one
            if writing is not None:
                made |= {one.territory_id: one for one in writing.results()}
        return [made[plan.territory_id] for plan in plans if plan.territory_id in made]

    def _read(self, plan: Plan) -> Made | None:
        """Read the planner that is to be updated; return what became of the plan where that must be left alone."""
        found = None if self._updater is None else self._updater.refreshed(plan)
        if isinstance(found, Finding):
            return Made(plan.territory_id, plan.input_hash, findings=[found])
        if found is not None:
            self._updated[plan.territory_id] = found
        return None

    def _copies(self, size: Sizes, plans: Sequence[Plan]) -> Iterator[tuple[Plan, Copied | BaseException]]:
        """Yield what becomes of each plan; after a fault, those that are left are made alone, so that it costs one."""
        made = 0
        try:
            for copied in self._prepared(size).contents(plans, self._updated):
                yield plans[made], copied
                made += 1
        except left_out.ASKED_TO_END:
            raise
        except BaseException as error:
            if len(plans) == 1 or (size and size not in self._larger):  # no template for any of them
                yield from ((plan, error) for plan in plans[made:])
            else:
                for plan in plans[made:]:
                    yield from self._copies(size, [plan])

    def _begun(self, plan: Plan, size: Sizes, copied: Copied | BaseException, writing: Written) -> Made | None:
        """Begin to write a planner; return what became of it where there is nothing to write."""
        if isinstance(copied, BaseException):
            raise copied
        filling = copied[0]
        own = (self._with_reason(finding, plan) for finding in filling.findings)
        findings = [*(_grown(plan, table, rows) for table, rows in size), *own]
        if filling.refused:
            return Made(plan.territory_id, plan.input_hash, findings=findings)
        if writing is None or plan.territory_id in self._job.finished:
            return self._told(plan, copied, findings)
        writing.put(partial(self._written, writing.files, plan, copied, findings), len(copied[1]))
        return None

    def _written(self, files: Files, plan: Plan, copied: Copied, findings: Sequence[Finding]) -> PutAside | Made:
        refused = Made(plan.territory_id, plan.input_hash, findings=findings)
        try:
            return files.put_aside(self._told(plan, copied, findings), refused, copied[1])
        except (*left_out.ASKED_TO_END, OSError):  # such as a full disk, which concerns all
            raise
        except BaseException as error:
            return _not_made(plan, error)

    def _told(self, plan: Plan, copied: Copied, findings: Sequence[Finding]) -> Made:
        """Return what a planner says of itself."""
        filling, content, figures, left = copied
        sha256 = hashlib.sha256(content).hexdigest()
        own = (*findings, *_left_for_excel(plan, left), *reconciliation.findings(plan, figures))
        basis, checks = reconciliation.basis(self._job.template, figures), reconciliation.checks(figures)
        made = Made(plan.territory_id, plan.input_hash, plan.file_name, sha256, figures, own, basis, checks)
        told = tuple(groups(left))
        made = replace(made, placed=filling.placed, left_out=filling.left_out, left_for_excel=told)
        before = self._updated.get(plan.territory_id)
        return made if before is None else replace(made, before=before.place, kept=before.kept)

    def _sizes(self, plan: Plan) -> Sizes:
        """Return the tables that must be larger for a plan, and can be, each with the rows that it gets."""
        updated = self._updated.get(plan.territory_id)
        needed = overflow(self._job.template, plan) if updated is None else updated.needed
        return tuple((name, self._room(name, rows)) for name, rows in sorted(needed.items()) if self._grows(name))

    def _room(self, table: str, rows: int) -> int:
        """Return how many rows a larger table gets: the template's, doubled until there is room.

        So there are few sizes, each prepared once and used by many planners, and a planner is never more than twice
        as large as it must be; which of them it gets depends on its own rows alone.
        """
        own = self._job.template.tables[table]
        room = own.rows
        while room < rows:
            room *= 2
        return max(rows, min(room, LAST_ROW - own.first_row + 1))

    def _with_reason(self, finding: Finding, plan: Plan) -> Finding:
        """Return a finding about too many rows with what keeps this template's table from growing.

        A table that cannot grow in our own template either is a matter of building a larger one.
        """
        table = TABLES[finding.table].excel_table if finding.table in TABLES else None
        reason = self._reasons.get(table or "")
        if finding.code != "TOO_MANY_ROWS" or table is None or reason is None or not larger.grows_in_ours(table):
            return finding
        message = _("{count} rows, but the template holds {rows}: no planner was made. {reason}")
        count, rows = len(plan.rows.get(finding.table or "", ())), self._job.template.tables[table].rows
        return replace(finding, message=message.format(count=count, rows=rows, reason=reason))

    def _grows(self, table: str) -> bool:
        if table not in self._reasons:
            self._reasons[table] = larger.why_not(self._job.template, table)
        return self._reasons[table] is None

    def _prepared(self, size: Sizes) -> Prepared:
        if not size:
            return self._base
        if size not in self._larger:
            template = self._job.template
            opened_apart.open_first(template, self._job.writer, self._job.as_of, size)
            self._larger[size] = Prepared(larger.resized(template, size), self._job, self._memory)
        self._larger.move_to_end(size)
        if len(self._larger) > _MOST_LARGER:
            self._larger.popitem(last=False)
        return self._larger[size]


def _updater(job: Job) -> Updater | None:
    if job.update is None:
        return None
    from xlsales.batch.objects.there import ObjectPlanners
    from xlsales.batch.update.refreshed import Updater  # with all that reads planners
    from xlsales.batch.update.there import FolderPlanners

    there = FolderPlanners(job.out) if job.target is None else ObjectPlanners(job.target)
    return Updater(job.template, job.update, there)


def _files(job: Job) -> Files | NoFiles:
    """Return what takes the planners."""
    if not job.writes:
        return NoFiles()
    return ObjectFiles(job.target) if job.target is not None else PlannerFiles(job.out, job.backup, job.journal)


@contextmanager
def _guarded(plan: Plan, made: dict[str, Made]) -> Iterator[None]:
    """Let whatever goes wrong inside a `with` block cost this planner alone."""
    try:
        yield
    except (*left_out.ASKED_TO_END, UnreachableError):  # a storage that does not answer concerns all of them
        raise
    except BaseException as error:
        made[plan.territory_id] = _not_made(plan, error)


def _not_made(plan: Plan, error: BaseException) -> Made:
    return Made(plan.territory_id, plan.input_hash, findings=[left_out.finding(plan, error)])


def _grown(plan: Plan, excel_table: str, rows: int) -> Finding:
    table = next((table.name for table in TABLES.values() if table.excel_table == excel_table), excel_table)
    message = _("More rows than the template holds: in this planner the table has room for {rows}.")
    return Finding("info", "TABLE_ENLARGED", message.format(rows=rows), table=table, territory_id=plan.territory_id)


def _left_for_excel(plan: Plan, left: Left) -> Iterator[Finding]:
    """Tell of the formulas that have no value in this planner alone."""
    if left:
        (sheet, cell), reason = next(iter(left.items()))
        message = _(
            "In this planner {count} formulas, and what depends on them, are left for Excel, which calculates them on "
            "opening. This is the first of them: {reason}. All of them stand in run.json."
        )
        if len(left) == 1:
            message = _(
                "In this planner this formula, and what depends on it, is left for Excel, which calculates it on "
                "opening: {reason}."
            )
        told = message.format(count=len(left), reason=reason)
        yield Finding(
            "warning", "LEFT_FOR_EXCEL", told, plan.file_name, table=sheet, column=cell, territory_id=plan.territory_id
        )


_worker: Worker | None = None  # one in each process, set by start_worker


def start_worker(job: Job, stopped: Callable[[], bool]) -> None:
    """Open the template, once in each worker."""
    global _worker
    _worker = Worker(job, stopped)


def make(plans: Sequence[AnyPlan]) -> list[Made]:
    """Make some planners in the worker at hand."""
    assert _worker is not None
    return _worker.make(unpacked(plans))
