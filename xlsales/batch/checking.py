"""What becomes of a part of the tables: its rows are checked and made into plans, in any process of the run.

The leading process divides the tables and adds up what it is told of the parts; their rows pass it as bytes.
"""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from xlsales.batch import fiscal_years, peers, runners
from xlsales.batch.packed import Chunk, packed
from xlsales.batch.peers import Peers
from xlsales.batch.plan import Plan
from xlsales.batch.runners import Kept
from xlsales.batch.template_check import values_for
from xlsales.batch.worker_process import WorkerLost
from xlsales.cells.rows import Rows
from xlsales.findings import Finding
from xlsales.memory import uncollected
from xlsales.schema import TABLES
from xlsales.tables import Part, Parts, Told, Validated, parquet_rows, validate
from xlsales.tables.mapping.counting import Counting, Facts
from xlsales.tables.shares import Share
from xlsales.tables.stored import UnseenError
from xlsales.tables.years import FiscalYears, end_of

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2  # parts that wait for each worker


@dataclass(frozen=True)
class Asked:
    """What is to be found out of each part."""

    as_of: dt.date | None
    years: FiscalYears | None = None  # where one of several is chosen
    places: Sequence[tuple[str, str]] = ()  # tables and columns that the template has no cell for
    columns: Collection[str] = ()  # of the territories, which are to be told; none for all
    plans: bool = True  # otherwise only what the planners of others need to know of these territories
    packed: bool = True  # otherwise the plans stay as they are, for this process
    has_room: Mapping[str, int] = field(default_factory=dict)  # the template, for so many rows of each table


@dataclass(frozen=True)
class Checked:
    """What a part holds."""

    told: Told
    territories: Rows
    own: Mapping[str, Mapping[str, str]]  # by territory: cells in columns of the company's own, by heading
    peers: Peers
    end: dt.date | None  # of the last fiscal year
    findings: Sequence[Finding] = ()
    inputs: int = 0  # the sum of the plans' fingerprints
    lost: Sequence[tuple[str, str]] = ()  # places with values, in the order in which they are found
    chunk: Chunk | bytes = field(default=b"", repr=False)  # the plans with the findings


def check(part: Part, asked: Asked) -> Checked:
    """Check the rows of a part, and make plans of those that are accepted."""
    with uncollected():
        validated = validate(part.tables(), asked.as_of)
        plans = list(plans_of(validated, asked.years))
        figures = Peers(asked.as_of)
        own = {key: value for plan in plans for key, value in figures.look(plan).items()}
        end = max(map(end_of, validated.territories), default=None)
        territories = validated.territory_rows
        if asked.columns:
            told = {name: cells for name, cells in territories.columns.items() if name in asked.columns}
            territories = Rows(told, len(territories))
        found = Checked(Told.of(validated), territories, validated.own, figures, end, validated.findings)
        if not asked.plans:
            return found
        for at, plan in enumerate(plans):
            vars(plan)["content_hash"] = plan.fingerprint(validated.territory_rows[at : at + 1])
        inputs = sum(int(plan.content_hash, 16) for plan in plans)
        lost = values_for(asked.places, plans)
        if asked.packed:
            chunk = Chunk(packed(plans, peers.COLUMNS, asked.has_room), validated.findings, own)
            return replace(found, inputs=inputs, lost=lost, chunk=pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL))
        return replace(found, inputs=inputs, lost=lost, chunk=Chunk(plans, validated.findings, own))


def plans_of(validated: Validated, years: FiscalYears | None = None) -> Iterator[Plan]:
    """Yield what the rows of each territory say; its file and the as-of date follow."""
    for territory in validated.territories:
        territory_id = str(territory["territory_id"])
        rows = {name: validated.rows(name, territory_id) for name in TABLES if name != "territories"}
        plan = Plan(territory, rows, "", None, own=validated.own.get(territory_id, {}))
        if years is not None:
            kept, elsewhere = fiscal_years.begun(rows, end_of(territory))
            plan = replace(plan, rows=kept, elsewhere=elsewhere, other_years=years.others(territory_id))
        yield plan


def each(parts: Parts, asked: Asked, workers: int | None, scheduler: str | None, kept: Kept) -> Iterator[Checked]:
    """Check all parts, by so many workers where there are several; yield what they hold, in their order."""
    if parts.count == 1:
        yield check(next(parts.apart()), replace(asked, packed=False))
        return
    workers = runners.bounded(workers or runners.default_workers(parts.territories))
    arguments = (asked,)
    with runners.executor(workers, start, arguments, scheduler=scheduler, kept=kept, keeps=True) as pool:
        ahead = _AHEAD * runners.size(pool, workers)
        counting = parts.counting
        if counting is not None and counting.facts is None:
            facts = partial(_facts, counting)
            counting.join(runners.in_order(pool, facts, parts.uncounted(), ahead, failed=_here(facts)))
        check_here = partial(check, asked=asked)
        yield from runners.in_order(pool, in_worker, parts.apart(), ahead, failed=_here(check_here))


def spread(
    workers: int | None,
    scheduler: str | None,
    kept: Kept,
    territories: int,
    work: Callable[[T], R],
    tasks: Iterable[T],
) -> Iterator[R]:
    """Have workers do some work on the tables, a cluster's or several of this computer; yield what comes of it.

    Where one of them does not see a file as it is here, this process sends its rows.
    """
    workers = runners.bounded(workers or runners.default_workers(territories))
    if workers == 1 and scheduler is None:
        yield from map(work, tasks)
        return
    with runners.executor(workers, begin, (), scheduler=scheduler, kept=kept, keeps=True) as pool:
        ahead = _AHEAD * runners.size(pool, workers)
        sight = _Sight()
        yield from runners.in_order(pool, work, sight.sent(tasks), ahead, failed=partial(sight.done, work))


class _Sight:
    """Whether the workers of a run see the files of its tables as this process does."""

    def __init__(self) -> None:
        self._is_clear = True

    def sent(self, tasks: Iterable[Any]) -> Iterator[Any]:
        """Yield tasks as workers can do them."""
        for task in tasks:
            yield task.held() if isinstance(task, Share) and not self._is_clear else task

    def done(self, work: Callable[[T], R], task: T, error: Exception) -> R:
        """Do a task whose worker was lost over it, or did not see what is asked for, in this process."""
        if isinstance(error, (UnseenError, ImportError)):  # which lacks a package that reads such files
            self._is_clear = False
        elif not isinstance(error, WorkerLost):
            raise error
        return work(task)


def begin(_stopped: object = None) -> None:
    """Begin what needs to know nothing."""
    parquet_rows.forget()


def _facts(counting: Counting, part: Part) -> Facts:
    """Find out what counting needs to know of a part."""
    return counting.facts_of(validate(part.tables()))


def _here(work: Callable[[T], R]) -> Callable[[T, Exception], R]:
    """Return what does the work of a worker that was lost over it, in this process."""

    def done(task: T, error: Exception) -> R:
        if isinstance(error, WorkerLost):
            return work(task)
        raise error

    return done


_asked: Asked | None = None  # of the run, in each process


def start(asked: Asked, _stopped: object = None) -> None:
    """Begin to check parts."""
    global _asked
    parquet_rows.forget()
    _asked = asked


def in_worker(part: Part) -> Checked:
    """Check a part in the worker at hand."""
    assert _asked is not None
    return check(part, _asked)
