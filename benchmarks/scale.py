"""Planners per second of whole batches: one and two workers, of this computer's pool and of a Dask cluster.

Nothing is asserted: times differ from computer to computer. `python benchmarks/scale.py 2000` takes so many planners.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.growth import multiplied  # noqa: E402
from tests.scale.dask_cluster import cluster  # noqa: E402

_HOUR = 3600
_HEADS = (
    "way",
    "workers",
    "planners",
    "seconds",
    "planners a second",
    "processor ms a planner",
    "of these, the leading process",
    "planners a core-hour",
    "bytes a planner",
)


@dataclass
class Measured:
    """One batch."""

    way: str
    workers: int
    planners: int
    seconds: float  # from the tables to the last file
    processor: float  # seconds of all processes, the start of workers included where they are the run's own
    leading: float  # of these, the leading process
    size: float  # bytes of all planners

    def cells(self) -> tuple[str, ...]:
        """Return the line of the table."""
        each = 1000 / self.planners
        return (
            self.way,
            str(self.workers),
            f"{self.planners:,}",
            f"{self.seconds:.1f}",
            f"{self.planners / self.seconds:.1f}",
            f"{self.processor * each:.1f}",
            f"{self.leading * each:.1f}",
            f"{self.planners * _HOUR / self.processor:,.0f}",
            f"{self.size / self.planners:,.0f}",
        )


def measured(tables: Path, planners: int, workers: Sequence[int], ways: Sequence[str]) -> list[Measured]:
    """Make a batch of so many planners in each way, by each number of workers."""
    with tempfile.TemporaryDirectory(prefix="xlsales-scale-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        multiplied(tables, folder / "tables", planners)
        return [_made(folder, way, number) for number in workers for way in ways]


def _made(folder: Path, way: str, workers: int) -> Measured:
    import psutil

    from xlsales.batch import Options, prepare

    out = folder / f"{way} {workers}"
    with ExitStack() as opened:
        options, elsewhere = Options(out, workers=workers), []
        if way == "dask":
            made = opened.enter_context(cluster(folder / f"cluster {workers}", workers))
            options = Options(out, scheduler=made.address)
            processes = [one for one in (made.scheduler, *made.workers) if one is not None]
            elsewhere = [psutil.Process(one.pid) for one in processes]
        _until_there(options)
        before, theirs, start = os.times(), _seconds(elsewhere), time.perf_counter()
        with prepare(folder / "tables", options) as batch:
            batch.run()
        seconds, after = time.perf_counter() - start, os.times()
        leading = (after.user - before.user) + (after.system - before.system)
        own = (after.children_user - before.children_user) + (after.children_system - before.children_system)
        others = _seconds(elsewhere) - theirs if elsewhere else own
    files = list(out.rglob("*.xlsm"))
    size = sum(path.stat().st_size for path in files)
    for path in files:
        path.unlink()
    return Measured(way, workers, len(files), seconds, leading + others, leading, size)


def _until_there(options: object) -> None:
    """Wait for the first worker of a cluster, whose start is none of the run."""
    address = getattr(options, "scheduler", None)
    if address:
        from xlsales.batch.cluster import client

        client.refuse_unusable(address)


def _seconds(processes: Sequence[object]) -> float:
    times = [getattr(one, "cpu_times")() for one in processes]  # noqa: B009 - psutil has no types
    return float(sum(one.user + one.system for one in times))


def table(lines: Sequence[Measured]) -> str:
    """Return the lines as a table."""
    rows = [_HEADS, ("---", *["---:"] * (len(_HEADS) - 1)), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("planners", type=int, nargs="?", default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--ways", nargs="+", default=["local", "dask"], choices=["local", "dask"])
    asked = parser.parse_args()
    lines = measured(PROJECT / "examples" / "crm" / "tables", asked.planners, asked.workers, asked.ways)
    sys.stdout.write(table(lines) + "\n")


if __name__ == "__main__":
    main()
