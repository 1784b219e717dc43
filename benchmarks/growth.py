"""Whole batches of more and more planners: does the time per planner, or the memory, grow with their number?"""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import memory

PROJECT = Path(__file__).resolve().parent.parent
_EVERY = 0.1  # seconds between looks at the workers' memory


@dataclass
class Grown:
    """What was measured of one batch."""

    sources: str  # now, or the commit
    planners: int
    workers: int
    read_seconds: float  # reading and validating the tables
    milliseconds: float  # per planner, with the workers' start and the overview
    processor: float  # milliseconds of processor time per planner, tables, workers and overview included
    leading: float  # of these, the leading process
    parent_peak: float | None  # MiB
    worker_peak: float | None  # MiB, of the largest worker


def grown(
    tables: Path, numbers: Sequence[int], workers: int | None, against: str | None = None
) -> tuple[list[Grown], str]:
    """Make a batch of each size, in a process of its own, and return the numbers and the table.

    With a commit, each is made by the sources of that commit as well, in turn.
    """
    with tempfile.TemporaryDirectory(prefix="xlsales-before-", ignore_cleanup_errors=True) as before:
        sources = {"now": PROJECT}
        if against:
            sources[against] = _unpacked(against, Path(before))
        lines = [_apart(tables, planners, workers, *one) for planners in numbers for one in sources.items()]
    return lines, _table(lines)


def _unpacked(commit: str, folder: Path) -> Path:
    """Unpack the sources of a commit."""
    command = ["git", "-C", str(PROJECT), "archive", "--format=tar", commit]
    packed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _table(lines: Sequence[Grown]) -> str:
    heads = (
        "sources",
        "planners",
        "workers",
        "processor ms per planner",
        "of these, the leading process",
        "reading, s",
        "ms per planner",
        "parent's peak MiB",
        "worker's peak MiB",
    )
    rows = [heads, ("---", *["---:"] * (len(heads) - 1))]
    for line in lines:
        peaks = ("–" if peak is None else f"{peak:,.0f}" for peak in (line.parent_peak, line.worker_peak))
        times = (f"{line.processor:.1f}", f"{line.leading:.1f}", f"{line.read_seconds:.1f}", f"{line.milliseconds:.1f}")
        rows.append((line.sources, f"{line.planners:,}", str(line.workers), *times, *peaks))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _apart(tables: Path, planners: int, workers: int | None, name: str, sources: Path) -> Grown:
    with tempfile.TemporaryDirectory(prefix="xlsales-growth-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        multiplied(tables, folder / "tables", planners)
        command = [sys.executable, str(Path(__file__)), str(folder), str(workers or 0), str(sources)]
        environment = {**os.environ, "PYTHONPATH": str(sources)}  # the workers' too
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True, env=environment, cwd=sources
        )
    made, used, reading, making, leading, others, parent, largest = done.stdout.split()
    peaks = [None if peak == "None" else float(peak) for peak in (parent, largest)]
    each = 1000 / int(made)
    processor = (float(leading) + float(others)) * each
    return Grown(
        name, int(made), int(used), float(reading), float(making) * each, processor, float(leading) * each, *peaks
    )


def multiplied(tables: Path, folder: Path, planners: int) -> None:
    """Write tables of so many territories: those of the example over and over, with new ids."""
    folder.mkdir(parents=True)
    with (tables / "territories.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = [row["territory_id"] for row in csv.DictReader(file)]
    copies = {known: range(turn, planners, len(ids)) for turn, known in enumerate(ids)}
    for table in sorted(tables.glob("*.csv")):
        with (
            table.open(encoding="utf-8-sig", newline="") as source,
            (folder / table.name).open("w", encoding="utf-8", newline="") as target,
        ):
            reader = csv.DictReader(source)
            writer = csv.DictWriter(target, reader.fieldnames or (), lineterminator="\n")
            writer.writeheader()
            for row in reader:
                for number in copies[row["territory_id"]]:
                    writer.writerow({**row, "territory_id": f"T{number:06}"})


class _Watch(threading.Thread):
    """Remembers the largest peak of this process's workers, looking again and again while they live."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak: float | None = None
        self._done = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._done.wait(_EVERY):
            peaks = [memory.peak(child.pid) for child in multiprocessing.active_children()]
            self.peak = max([self.peak or 0.0, *filter(None, peaks)], default=None) or None

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self.join()


def main(folder: Path, workers: int | None) -> None:
    """Make one batch and print its planners, workers, seconds of the clock and of processors, and peaks."""
    from xlsales.batch import Options, prepare
    from xlsales.batch.runners import default_workers

    before, start = os.times(), time.perf_counter()
    with prepare(folder / "tables", Options(folder / "plans", workers=workers)) as batch:
        reading = time.perf_counter() - start
        watch = _Watch()
        watch.start()
        start = time.perf_counter()
        batch.run()
        making = time.perf_counter() - start
        watch.stop()
    after = os.times()
    leading = after.user + after.system - before.user - before.system
    others = after.children_user + after.children_system - before.children_user - before.children_system
    made = len(list((folder / "plans").rglob("*.xlsm")))
    used = workers or default_workers(batch.count)
    sys.stdout.write(f"{made} {used} {reading} {making} {leading} {others} {memory.peak()} {watch.peak}\n")


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[3])  # whose sources are measured
    main(Path(sys.argv[1]), int(sys.argv[2]) or None)
