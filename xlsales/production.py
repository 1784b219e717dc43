"""Makes planners from plans: what a worker keeps open, and what it does with some plans at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from xlsales import atomic, copies, output, report
from xlsales import template as templates
from xlsales.excel import table_size
from xlsales.excel.values import CellValue
from xlsales.findings import Finding
from xlsales.plan import Filling, Plan, fill, overflow
from xlsales.schema import TABLES
from xlsales.template import Template
from xlsales.texts import _

Figures: TypeAlias = Mapping[str, CellValue]
Sizes: TypeAlias = tuple[tuple[str, int], ...]  # Excel tables and their rows

_STEP = 100  # an enlarged table has room for a multiple of so many rows: few different sizes
_MOST_LARGER = 2  # enlarged templates that a worker keeps open


@dataclass(frozen=True)
class Job:
    """What every worker needs to know."""

    template: Template
    writer: str
    out: Path
    run_id: str
    as_of: dt.date | None


@dataclass(frozen=True)
class Made:
    """What became of one plan: a file with its figures, or the findings that prevented it."""

    territory_id: str
    input_hash: str
    file_name: str | None = None
    sha256: str = ""
    figures: Figures | None = None
    findings: Sequence[Finding] = ()


class Prepared:
    """A template opened for filled copies."""

    def __init__(self, template: Template, job: Job) -> None:
        self.template = template
        self._copies = copies.copies(template, job.writer, job.as_of)
        self._run_id = job.run_id
        named = {name: template.names[name] for name in report.FIGURES if name in template.names}
        self._figures = {name: address for name, address in named.items() if address in template.formulas}

    def contents(self, plans: Sequence[Plan]) -> Iterator[tuple[Filling, bytes, Figures]]:
        """Yield what becomes of each plan: its filled cells, the workbook's bytes, the overview's figures.

        A plan that is refused has no bytes.
        """
        fillings = [fill(self.template, plan) for plan in plans]
        accepted = [(plan, filling) for plan, filling in zip(plans, fillings, strict=True) if not filling.refused]
        made = self._copies.make(
            [filling for _plan, filling in accepted],
            [self._provenance(plan) for plan, _filling in accepted],
            list(self._figures.values()),
        )
        for plan, filling in zip(plans, fillings, strict=True):
            if filling.refused:
                yield filling, b"", {}
            else:
                content, values = next(made)
                yield filling, content, self._named(plan, values)

    def _provenance(self, plan: Plan) -> dict[str, str]:
        return {
            "run_id": self._run_id,
            "input_hash": plan.input_hash,
            "as_of": "" if plan.as_of is None else plan.as_of.isoformat(),
            "territory_id": plan.territory_id,
        }

    def _named(self, plan: Plan, values: Sequence[CellValue]) -> Figures:
        of_territory = {name: plan.territory.get(name) for name in report.FIGURES}
        given = {name: value for name, value in of_territory.items() if isinstance(value, (str, int, float))}
        return given | dict(zip(self._figures, values, strict=True))


class Worker:
    """What a process keeps between planners: the template, and larger copies of it for those who need them."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._base = Prepared(job.template, job)
        self._larger: OrderedDict[Sizes, Prepared] = OrderedDict()
        self._reasons: dict[str, str | None] = {}

    def make(self, plans: Sequence[Plan]) -> list[Made]:
        """Fill, calculate and write some planners; one is written to the disk while the next is made."""
        sizes = [self._sizes(plan) for plan in plans]
        made: dict[str, Made | Future[Made]] = {}
        with ThreadPoolExecutor(1) as writing:
            for size in dict.fromkeys(sizes):
                group = [plan for plan, own in zip(plans, sizes, strict=True) if own == size]
                contents = self._prepared(size).contents(group)
                for plan, (filling, content, figures) in zip(group, contents, strict=True):
                    findings = [*(_grown(plan, table, rows) for table, rows in size), *filling.findings]
                    if filling.refused:
                        made[plan.territory_id] = Made(plan.territory_id, plan.input_hash, findings=findings)
                    else:
                        made[plan.territory_id] = writing.submit(self._written, plan, content, figures, findings)
            return [one.result() if isinstance(one, Future) else one for one in (made[p.territory_id] for p in plans)]

    def _written(self, plan: Plan, content: bytes, figures: Figures, findings: Sequence[Finding]) -> Made:
        path = self._job.out / plan.file_name
        try:
            atomic.write(path, content)
        except OSError as error:
            found = output.failed(path, error, plan.territory_id)
            return Made(plan.territory_id, plan.input_hash, findings=[*findings, found])
        sha256 = hashlib.sha256(content).hexdigest()
        return Made(plan.territory_id, plan.input_hash, plan.file_name, sha256, figures, findings)

    def _sizes(self, plan: Plan) -> Sizes:
        """Return the tables that must be larger for a plan, and can be, each with the rows that it gets."""
        needed = overflow(self._job.template, plan)
        return tuple((name, -(-rows // _STEP) * _STEP) for name, rows in sorted(needed.items()) if self._grows(name))

    def _grows(self, table: str) -> bool:
        if table not in self._reasons:
            self._reasons[table] = table_size.why_not(self._job.template.package, table)
        return self._reasons[table] is None

    def _prepared(self, size: Sizes) -> Prepared:
        if not size:
            return self._base
        if size not in self._larger:
            package = table_size.resized(self._job.template.package, dict(size), values_follow=True)
            self._larger[size] = Prepared(templates.parse(package, self._job.template.name), self._job)
        self._larger.move_to_end(size)
        if len(self._larger) > _MOST_LARGER:
            self._larger.popitem(last=False)
        return self._larger[size]


def _grown(plan: Plan, excel_table: str, rows: int) -> Finding:
    table = next(table for table in TABLES.values() if table.excel_table == excel_table)
    message = _("More rows than the template holds: in this planner the table has room for {rows}.")
    return Finding(
        "info", "TABLE_ENLARGED", message.format(rows=rows), table=table.name, territory_id=plan.territory_id
    )


_worker: Worker | None = None  # one in each process, set by start_worker


def start_worker(job: Job) -> None:
    """Open the template, once in each worker."""
    global _worker
    _worker = Worker(job)


def make(plans: Sequence[Plan]) -> list[Made]:
    """Make some planners in the worker at hand."""
    assert _worker is not None
    return _worker.make(plans)
