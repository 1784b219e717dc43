"""Times ways to make planners from the CRM example, side by side: every way in a process of its own, taking turns.

python benchmarks/batch.py [--rounds N] [--planners N] [--only NAME …] [--json]
python benchmarks/batch.py --growth 100 1000 10000 [--against COMMIT]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import pickle
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import memory
from benchmarks.growth import Grown, grown
from benchmarks.ways import Job, Make, Way, ways, worker_of

TABLES = Path(__file__).resolve().parent.parent / "examples" / "crm" / "tables"


@dataclass
class Line:
    """What was measured of one way."""

    name: str
    milliseconds: float | None = None  # per planner, the median of the rounds
    processor: float | None = None  # milliseconds of processor time per planner, with that of programs started
    times_openpyxl: float | None = None  # how many planners it makes while openpyxl makes one
    times_processor: float | None = None  # the same by processor time
    right: str = ""  # the share of the formulas whose right value is in the file
    parts: str = ""  # how many of the template's parts are there still
    peak_memory: float | None = None  # MiB
    reason: str = ""  # why there is nothing to show
    rounds: list[tuple[float, float]] = field(default_factory=list, repr=False)


class Process:
    """A way at work in a process of its own."""

    def __init__(self, way: Way, job: Job, folder: Path) -> None:
        folder.mkdir(parents=True)
        spawn = multiprocessing.get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(way, job, folder, theirs))
        self._process.start()
        theirs.close()
        self.way = way
        self.line = Line(way.name)
        self.first: Path | None = None  # the first planner that it made

    def round(self, planners: int) -> None:
        """Let it make all the planners once."""
        if self.line.reason:
            return
        try:
            self._connection.send("make")
            seconds, processor, first = self._connection.recv()
        except (EOFError, OSError):
            self.line.reason = "its process ended unexpectedly"
            return
        if isinstance(seconds, str):
            self.line.reason = seconds
            return
        made = self.way.planners or planners * self.way.times
        self.line.rounds.append((seconds * 1000 / made, processor * 1000 / made))
        self.first = first

    def end(self) -> Line:
        """Stop the process and return what was measured; the first round only warmed up."""
        try:
            self._connection.send("stop")
            self.line.peak_memory = self._connection.recv()
        except (EOFError, OSError):
            pass
        self._process.join()
        counted = self.line.rounds[1:] or self.line.rounds
        if counted and not self.line.reason:
            self.line.milliseconds, self.line.processor = map(statistics.median, zip(*counted, strict=True))
        return self.line


def _work(way: Way, job: Job, folder: Path, connection: Connection) -> None:
    """Do what one way does whenever the parent asks for it."""
    make: Make | None = None
    paths: Sequence[Path] = ()
    while connection.recv() == "make":
        try:
            make = make or way.start(job, folder)
            for path in paths:  # a batch does not find its planners there already
                path.unlink()
            before, start = _processor(), time.perf_counter()
            paths = make()
            connection.send((time.perf_counter() - start, _processor() - before, paths[0]))
        except ImportError as error:
            connection.send((f"needs {way.package or error.name}", 0, None))
        except Exception as error:  # whatever a library does, the other ways go on
            connection.send((f"{type(error).__name__}: {error}".partition("\n")[0], 0, None))
    connection.send(memory.children_peak() if way.with_children else memory.peak())


def _processor() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def prepared(planners: int, folder: Path) -> Job:
    """Read the CRM example's tables and make the finished planners that are copied."""
    from xlsales.batch import Options, prepare
    from xlsales.batch.plan import fill

    with prepare(TABLES, Options(folder)) as read:
        template = read.template
        # Those with more deals than the template holds get a larger one, which only xlsales can make.
        plans = [plan for plan in read.plans if not fill(template, plan).refused][:planners]
    path = folder / template.name
    path.write_bytes(template.package)
    finished = folder / "finished"
    finished.mkdir()
    maker = worker_of(template, Options(folder).writer, finished)
    names = [finished / (one.file_name or "") for one in maker.make(plans)]
    return Job(path, [fill(template, plan).inputs for plan in plans], pickle.dumps(plans), names)


def measured(job: Job, chosen: Sequence[Way], rounds: int, folder: Path) -> list[Line]:
    """Let the ways take turns, so that whatever else the computer does hits all of them alike."""
    processes = [Process(way, job, folder / str(number)) for number, way in enumerate(chosen)]
    for _round in range(rounds + 1):
        for process in processes:
            process.round(len(job.inputs))
    lines = [process.end() for process in processes]
    judge = _Judge(job)
    for process, line in zip(processes, lines, strict=True):
        if line.milliseconds is not None and process.first is not None:
            line.right, line.parts = judge(process.first)
            line.right = line.right if process.way.fills_the_same else ""
    base = next((line for line in lines if line.name == "openpyxl"), None)
    for line in lines:
        if base and base.milliseconds and line.milliseconds:
            line.times_openpyxl = base.milliseconds / line.milliseconds
        if base and base.processor and line.processor:
            line.times_processor = base.processor / line.processor
    return lines


class _Judge:
    """Looks at the first planner that a way made: which values are right, which parts are still there."""

    def __init__(self, job: Job) -> None:
        from xlsales.calculation import session
        from xlsales.workbook import package, template

        read = template.read(job.template)
        values = session.Session(read).values(job.inputs[0])
        self._values = {place: value for place, value in values.items() if value not in ("", None)}
        self._parts = set(package.read(job.template.read_bytes()))

    def __call__(self, path: Path) -> tuple[str, str]:
        import openpyxl

        from xlsales.workbook import package

        workbook = openpyxl.load_workbook(path, data_only=True)
        right = sum(_same(workbook[s][c].value, value) for (s, c), value in self._values.items())
        kept = self._parts & set(package.read(path.read_bytes()))
        return f"{int(100 * right / len(self._values))}%", f"{len(kept)} of {len(self._parts)}"


def _same(found: Any, value: Any) -> bool:
    from openpyxl.utils.datetime import to_excel

    if hasattr(found, "year"):
        found = to_excel(found)
    if isinstance(value, float) and isinstance(found, (int, float)):
        return abs(found - value) <= 1e-9 * max(1.0, abs(value))
    return bool(found == value or str(found) == str(value))


_FOUND = ("right values", "parts there", "peak MiB")


def table(lines: Sequence[Line]) -> str:
    """The table, in Markdown."""
    heads = ("way", "ms per planner", "times openpyxl", "processor ms", "times openpyxl", *_FOUND)
    rows = [heads, ("---", *["---:"] * (len(heads) - 1))]
    for line in lines:
        if line.reason:
            rows.append((line.name, f"– ({line.reason})", *[""] * (len(heads) - 2)))
            continue
        numbers = map(_number, (line.milliseconds, line.times_openpyxl, line.processor, line.times_processor))
        rows.append((line.name, *numbers, line.right, line.parts, _number(line.peak_memory)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count, after one to warm up")
    parser.add_argument(
        "--planners",
        type=int,
        default=35,
        help="planners of the example, 35 at most",
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help="ways with these names, or beginning so")
    parser.add_argument("--growth", nargs="+", type=int, metavar="N", help="numbers of planners of whole batches")
    parser.add_argument("--workers", type=int, help="processes of a batch, with --growth")
    parser.add_argument("--against", metavar="COMMIT", help="whole batches by these sources as well, with --growth")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    arguments = _arguments()
    lines: Sequence[Line | Grown]
    if arguments.growth:
        lines, text = grown(TABLES, arguments.growth, arguments.workers, arguments.against)
    else:
        lines, text = side_by_side(arguments.only, arguments.planners, arguments.rounds)
    sys.stdout.write(json.dumps([asdict(line) for line in lines], indent=2) if arguments.json else text)
    sys.stdout.write("\n")


def side_by_side(only: Sequence[str], planners: int, rounds: int) -> tuple[list[Line], str]:
    """Measure the ways, or those asked for, and return the numbers and the table."""
    chosen = _asked_for(ways(), only)
    folder = Path(tempfile.mkdtemp(prefix="xlsales-benchmark-"))
    try:
        lines = measured(prepared(planners, folder), chosen, rounds, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return lines, table(lines)


def _asked_for(all_ways: Sequence[Way], names: Sequence[str]) -> list[Way]:
    found = {way.name: way for way in all_ways}
    chosen = [n for name in names for n in found if n == name or (name not in found and n.startswith(name))]
    return [way for way in all_ways if not names or way.name in chosen]


if __name__ == "__main__":
    main()
