"""Makes a planner for every territory of the input tables, with an overview, findings and a run report."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from xlsales import atomic, calculate, openpyxl_writer, report, runners
from xlsales import template as templates
from xlsales.errors import InputError, XlsalesError
from xlsales.excel.values import CellValue
from xlsales.file_names import planner_names
from xlsales.findings import Finding, findings_csv, ordered, tally
from xlsales.plan import Plan, fill
from xlsales.schema import SCHEMA_VERSION
from xlsales.tables import Validated, default_as_of, read_tables, validate
from xlsales.template import Template
from xlsales.texts import _
from xlsales.version import __version__

OVERVIEW = "Overview.xlsx"
FINDINGS = "findings.csv"
RUN_REPORT = "run.json"
WRITERS = {"openpyxl": openpyxl_writer.write}
_CHUNK = 4  # planners a worker makes before it reports


@dataclass(frozen=True)
class Options:
    """How a batch is made."""

    out: Path
    file_format: str | None = None  # as the template's, else xlsm
    as_of: dt.date | None = None
    workers: int | None = None
    writer: str = "openpyxl"
    overwrite: bool = False
    template: Path | None = None


@dataclass(frozen=True)
class Made:
    """What became of one plan: a file with its figures, or the findings that prevented it."""

    territory_id: str
    file_name: str | None
    sha256: str
    figures: Mapping[str, CellValue]
    findings: Sequence[Finding] = ()


@dataclass
class Batch:
    """A batch, prepared: nothing is written until `run`."""

    options: Options
    template: Template
    validated: Validated
    as_of: dt.date | None
    plans: list[Plan]
    findings: list[Finding] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)

    @property
    def run_id(self) -> str:
        """A fingerprint of everything that decides the bytes of the planners."""
        parts = [__version__, self.template.sha256, str(self.as_of)]
        return hashlib.sha256("\n".join(parts + [plan.input_hash for plan in self.plans]).encode()).hexdigest()[:16]

    @property
    def failed(self) -> bool:
        """Whether something was refused or not produced."""
        return any(finding.severity == "error" for finding in self.findings)

    def run(self, progress: Callable[[int], None] = lambda _count: None) -> None:
        """Make the planners, then the overview, the findings and the run report."""
        if not self.options.overwrite:
            self.refuse_existing()
        self.options.out.mkdir(parents=True, exist_ok=True)
        made = {one.territory_id: one for one in self._make(progress)}
        self.made = [made[plan.territory_id] for plan in self.plans]
        self.findings = ordered([*self.findings, *(f for one in self.made for f in one.findings)])
        produced = [one for one in self.made if one.file_name]
        if produced:
            overview = report.overview([(one.file_name or "", one.figures) for one in produced], calculate.blank_values)
            atomic.write(self.options.out / OVERVIEW, overview)
        atomic.write(self.options.out / FINDINGS, findings_csv(self.findings))
        atomic.write(self.options.out / RUN_REPORT, self.report())

    @property
    def existing(self) -> list[str]:
        """The names of files in the folder that a run would replace."""
        names = [*(plan.file_name for plan in self.plans), OVERVIEW, FINDINGS, RUN_REPORT]
        return [name for name in names if (self.options.out / name).exists()]

    def refuse_existing(self) -> None:
        """Raise InputError where a run would replace files: a planner may have been filled by hand since."""
        if self.existing:
            message = _(
                "{out} already holds {count} of these files, for example {name!r}. "
                "Choose another folder, or replace them with --overwrite."
            )
            raise InputError(message.format(out=self.options.out, count=len(self.existing), name=self.existing[0]))

    def _make(self, progress: Callable[[int], None]) -> Iterator[Made]:
        workers = self.options.workers or runners.default_workers(len(self.plans))
        arguments = (
            self.template.package,
            self.template.name,
            self.options.writer,
            self.options.out,
            self.run_id,
        )
        chunks = [self.plans[start : start + _CHUNK] for start in range(0, len(self.plans), _CHUNK)]
        with runners.executor(workers, start_worker, arguments) as pool:
            futures: list[Future[list[Made]]] = []
            try:
                futures.extend(pool.submit(make, chunk) for chunk in chunks)
                for future in as_completed(futures):
                    made = future.result()
                    progress(len(made))
                    yield from made
            except BrokenProcessPool as error:
                message = _(
                    "A worker process was stopped from outside, perhaps for want of memory. "
                    "Run again with --overwrite and fewer --workers."
                )
                raise XlsalesError(message) from error
            finally:
                for future in futures:
                    future.cancel()

    def report(self) -> bytes:
        """Return the run report: what went in, what came out, with fingerprints."""
        content = {
            "run_id": self.run_id,
            "xlsales": __version__,
            "schema_version": SCHEMA_VERSION,
            "template": {"name": self.template.name, "sha256": self.template.sha256},
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "format": self.template.file_format,
            "writer": self.options.writer,
            "rows": {name: vars(counts) for name, counts in self.validated.accounting.items()},
            "findings": tally(self.findings),
            "planners": [
                {
                    "territory_id": plan.territory_id,
                    "file": one.file_name,
                    "sha256": one.sha256,
                    "input_sha256": plan.input_hash,
                }
                for plan, one in zip(self.plans, self.made, strict=True)
                if one.file_name
            ],
            "not_made": [
                *self.validated.skipped_territories,
                *(o.territory_id for o in self.made if not o.file_name),
            ],
        }
        return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def prepare(source: str | Path, options: Options) -> Batch:
    """Read and validate the tables and the template; raises InputError when nothing can be made of them."""
    raw = read_tables(source)
    validated = validate(raw, options.as_of)
    as_of = options.as_of or default_as_of(validated)
    template = _template(options)
    names = planner_names(
        {str(row["territory_id"]): str(row["territory_name"]) for row in validated.territories},
        template.file_format,
    )
    detail = [name for name in validated.frames if name != "territories"]
    plans = [
        Plan(
            territory,
            {table: validated.rows(table, str(territory["territory_id"])) for table in detail},
            names[str(territory["territory_id"])],
            as_of,
        )
        for territory in validated.territories
    ]
    return Batch(options, template, validated, as_of, plans, list(validated.findings))


def _template(options: Options) -> Template:
    """Read the template; its own kind decides the planners' where no format is asked for."""
    if options.template is None:
        return templates.read(templates.shipped(options.file_format or "xlsm"))
    template = templates.read(options.template)
    if options.file_format not in (None, template.file_format):
        message = _("{name} makes .{kind} planners: leave --format out, or choose another template.")
        raise InputError(message.format(name=template.name, kind=template.file_format))
    return template


@dataclass(frozen=True)
class Worker:
    """What a worker keeps between planners."""

    template: Template
    session: calculate.Session
    writer: str
    out: Path
    run_id: str

    def make(self, plan: Plan) -> Made:
        """Fill, calculate and write one planner."""
        filling = fill(self.template, plan)
        if filling.refused:
            return Made(plan.territory_id, None, "", {}, filling.findings)
        values = self.session.values(filling.inputs)
        provenance = {
            "run_id": self.run_id,
            "input_hash": plan.input_hash,
            "as_of": "" if plan.as_of is None else plan.as_of.isoformat(),
            "territory_id": plan.territory_id,
        }
        content = WRITERS[self.writer](self.template, filling.inputs, values, provenance)
        atomic.write(self.out / plan.file_name, content)
        figures = {**plan_figures(plan), **named_values(self.template, values)}
        sha256 = hashlib.sha256(content).hexdigest()
        return Made(plan.territory_id, plan.file_name, sha256, figures, filling.findings)


def plan_figures(plan: Plan) -> dict[str, CellValue]:
    """Return what the overview shows of the territory itself."""
    return {name: value for name, value in plan.territory.items() if isinstance(value, (str, int, float))}


def named_values(template: Template, values: Mapping[tuple[str, str], CellValue]) -> dict[str, CellValue]:
    """Return the values of the named formulas: `out_…`, `fig_…`, `calc_…`."""
    return {name: values[address] for name, address in template.names.items() if address in values}


_worker: Worker | None = None  # one in each process, set by start_worker


def start_worker(package: bytes, name: str, writer: str, out: Path, run_id: str) -> None:
    """Read the template and open a calculation session, once in each worker."""
    global _worker
    template = templates.parse(package, name)
    _worker = Worker(template, calculate.Session(template), writer, out, run_id)


def make(plans: Sequence[Plan]) -> list[Made]:
    """Make some planners in the worker at hand."""
    assert _worker is not None
    return [_worker.make(plan) for plan in plans]
