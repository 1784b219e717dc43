"""What comes back: returned planners read, checked and put into one set of tables.

files               which files are looked at
worker, workers     each read in a process that is bounded
quickly             planners at a glance, where others of their shape were read before
  shapes, glance    the shapes, and what is calculated and compared as arrays
reading             one planner: its record, and what was found
  typed             what somebody typed, read where it is certain
  reference         the template, its formulas compiled
  places            where its cells stand by now
  comparing         formulas by meaning, values by recalculation, cells that are no inputs
  surroundings      macros, links, hidden sheets
kept_records        what was read, outside the memory
copies              planners against one another and the run that made them
elsewhere           planners in object storage
on_cluster          read by the workers of a Dask cluster
collected, writing  all of it in tables, and as files
  rolled_up         handed to the roll-up, which is the workbook
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from xlsales.bounded import Bounds
from xlsales.collection import copies, files, workers
from xlsales.collection.collected import Collected, collected
from xlsales.collection.kept_records import Records
from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook import returned

__all__ = ["Collected", "collect"]

BOUNDS = Bounds(seconds=180, megabytes=2048)
_MOST_WORKERS = 61  # that Windows lets a process wait for


def collect(
    paths: Iterable[str | Path] | str | Path,
    *,
    prefer: str = "",
    expected: str | Path | None = None,
    template: str | Path | None = None,
    number_of_workers: int | None = None,
    bounds: Bounds = BOUNDS,
    advance: Callable[[int], None] = lambda _count: None,
    scheduler: str | None = None,
) -> Collected:
    """Read returned planners: files, and folders of them.

    `prefer` is "newest" or a file, where several files are the plan of one territory and year. `expected` is the
    run.json of the batch that made the planners. `template` is the one that they were made from, if it is not ours.
    `scheduler` is that of a Dask cluster whose workers read them.
    """
    places = [paths] if isinstance(paths, str | Path) else list(paths)
    wanted = None if expected is None else copies.expected(Path(expected))
    found = files.found([Path(place) for place in places])
    _refuse_unfit(found, prefer, template)
    most = number_of_workers or os.cpu_count() or 1
    name = "" if template is None else str(template)
    if scheduler is None:
        planners = workers.read(found, min(most, _MOST_WORKERS), bounds, name, advance)
    else:
        from xlsales.collection import on_cluster  # Dask, which a local run does without

        planners = on_cluster.read(found, scheduler, bounds, name, advance)
    records = Records()
    read = [records.kept(planner) for planner in planners]
    counted, findings = copies.settled(read, prefer, wanted)
    return collected(read, counted, findings)


def _refuse_unfit(found: Sequence[Path], prefer: str, template: str | Path | None) -> None:
    """Raise InputError where what is preferred is none of the files, or what they are compared with is no planner."""
    if prefer not in ("", copies.NEWEST) and Path(prefer).resolve() not in {path.resolve() for path in found}:
        message = _("--prefer {path}: this is none of the files that are looked at; say newest, or name one of them.")
        raise InputError(message.format(path=prefer))
    if template is not None:
        returned.read(Path(template), template)
