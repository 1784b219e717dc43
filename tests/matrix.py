"""`python tests --matrix`: the tests with every Python of this computer, with oldest and with newest dependencies.

All of them with the project's own Python, which has the newest dependencies. With the oldest dependencies, and with a
Python newer than the own, a part: whatever touches NumPy, pandas and dates, and batches; with those between, little
of each. So least is to be done where the project's own Python is the newest of the computer.
`--python PROGRAM` adds a Python that is not found by itself; with `--part` the project's own Python runs the part only.

The parts run beside all the tests, each in one process, and yield to them: whatever waits for a program, a lock or a
clock leaves the processors to them. What they say is shown when all is done.
"""

from __future__ import annotations

import argparse
import os
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tests.depth import SHALLOW
from tests.pythons import PROJECT, Python, everywhere, newest_of_each
from tests.table import printed
from tests.wheels import PYTHONS

FOLDER = PROJECT / ".matrix"
# What a Python, NumPy or pandas could do otherwise: functions, tables, both calculators, a batch to the last figure.
PART = (
    "tests/calculation/engine",
    *(f"tests/calculation/compiled/test_{name}.py" for name in ("formulas", "texts", "unsupported", "deviations")),
    *(f"tests/calculation/compiled/test_{name}.py" for name in ("order", "book", "remembered")),
    "tests/calculation/compiled/test_planners.py::test_small_planners_of_anything_are_what_the_calculation_engine_gives",
    "tests/calculation/compiled/test_planners.py::test_values_are_what_cells_hold_and_never_nan",
    "tests/functions",
    "tests/tables",
    "tests/batch/test_batch_truth.py",
    "tests/test_readme.py",
    "tests/test_schedule.py",
    "tests/udfs",
)
# With oldest dependencies and with a newer Python, all planners of the example too: one between them is like both.
AT_THE_ENDS = ("tests/batch/test_batch_crm.py",)
# With a Python between the two: whether it imports, reads tables, calls functions and makes a batch at all.
IN_BETWEEN = (
    "tests/batch/test_batch_truth.py",
    *(f"tests/calculation/compiled/test_{name}.py" for name in ("formulas", "texts")),
    *(f"tests/functions/test_{name}.py" for name in ("containers", "one_path", "properties", "registry", "serials")),
    *(f"tests/tables/test_{name}.py" for name in ("parquet_and_database", "source", "validation", "workbook")),
    "tests/test_readme.py",
    "tests/test_schedule.py",
    "tests/udfs",
)
NEEDING_PROGRAMS = "libreoffice or sdk or wine"
_LINTERS = ("mypy", "pandas-stubs", "ruff", "uv")  # of the extra `test`: no test imports them
_WORKERS: tuple[str, ...] = runpy.run_path(str(PROJECT / ".ci" / "workers.py"))["OPTIONS"]
_INSIDE = "Scripts/python.exe" if os.name == "nt" else "bin/python"  # of an environment
_PATIENT = 10  # how much less than others a process is given, from 0 to 19
_SHOWN = ("numpy", "pandas", "pyarrow", "typer")
_VERSIONS = f"import importlib.metadata as m; print(', '.join(f'{{n}} {{m.version(n)}}' for n in {_SHOWN!r}))"


@dataclass(frozen=True)
class Column:
    """A Python with oldest or newest dependencies, and how much of the tests."""

    minor: tuple[int, ...]
    python: Python | None  # None: this computer has none
    dependencies: str  # "oldest" or "newest"
    tests: tuple[str, ...] = PART  # none: all

    @property
    def whole(self) -> bool:
        """Whether all tests run."""
        return not self.tests


@dataclass(frozen=True)
class Result:
    """How the tests went."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    versions: str = ""
    broken: str = ""  # why there are no numbers

    @property
    def is_good(self) -> bool:
        """Whether tests ran and none failed."""
        return self.passed > 0 and not self.failed and not self.broken


def planned(found: Mapping[tuple[int, ...], Python], own: Python, *, part: bool) -> Iterator[Column]:
    """What is to run, in the order in which it is shown."""
    oldest, newest = PYTHONS[0], max(found.keys() | {own.minor})
    yield Column(oldest, found.get(oldest), "oldest", PART + AT_THE_ENDS)
    for minor in sorted({*PYTHONS, *found} - {oldest, own.minor}):
        yield Column(minor, found.get(minor), "newest", PART + AT_THE_ENDS if minor == newest else IN_BETWEEN)
    yield Column(own.minor, own, "newest", PART if part else ())


def run(column: Column) -> Result:
    """Make the environment, where it is not the project's own, and run the tests in it."""
    if column.python is None:
        return Result(broken="not on this computer")
    _tell(f"{_title(column)} ...")
    environment = FOLDER / f"{column.python.shown}-{column.dependencies}"
    report = FOLDER / f"{environment.name}.xml"
    report.unlink(missing_ok=True)
    if column.whole:
        return _pytest(report, sys.executable, *_WORKERS)
    python = str(environment / _INSIDE)
    with said(column).open("w+b") as log:
        wrong = _made(column.python, column.dependencies, environment, log)
        if wrong:
            return Result(broken=wrong)
        # One cache for all: a workbook that one of them finds sound is sound.
        options = ("-o", f"cache_dir={FOLDER / 'cache'}", "-m", f"not ({NEEDING_PROGRAMS})")
        result = _pytest(report, python, *column.tests, *options, log=log)
    _tell(f"{_title(column)}: {result.passed:,} passed, {result.failed} failed")
    return result


def said(column: Column) -> Path:
    """Where everything stands that was said while a part of the tests ran."""
    return FOLDER / f"{_shown(column)}-{column.dependencies}.log"


def _tell(line: str) -> None:
    sys.stderr.write(f"\n{line}\n")
    sys.stderr.flush()


def _pytest(report: Path, python: str, *options: str, log: IO[bytes] | None = None) -> Result:
    command = [python, "-m", "pytest", "-q", f"--junitxml={report}", *options]
    environment = dict(os.environ) if log is None else SHALLOW | os.environ
    with subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log, env=environment) as process:
        if log is not None:
            _yield_to_others(process.pid)
        code = process.wait()
    told = subprocess.run([python, "-c", _VERSIONS], capture_output=True, text=True, check=False).stdout.strip()
    return counted(report, code, told)


def _yield_to_others(process: int) -> None:
    """Let a process, and those that it starts, have what the others leave."""
    if hasattr(os, "setpriority"):  # Windows shares processors out evenly
        os.setpriority(os.PRIO_PROCESS, process, _PATIENT)


def run_all(columns: Sequence[Column]) -> list[Result]:
    """Run all of them: parts beside all the tests, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as beside:
        parts = {column: beside.submit(run, column) for column in columns if not column.whole}
        try:
            results = {column: run(column) for column in columns if column.whole}
            results |= {column: part.result() for column, part in parts.items()}
        except BaseException:  # Ctrl-C: what has not begun does not begin any more
            beside.shutdown(wait=False, cancel_futures=True)
            raise
    for column in parts:
        if said(column).exists():
            sys.stdout.write(f"\n{_title(column)}\n{said(column).read_text(encoding='utf-8', errors='replace')}")
    return [results[column] for column in columns]


def counted(report: Path, code: int, versions: str) -> Result:
    """What pytest's report says; a report is missing where pytest itself broke."""
    if not report.exists():
        return Result(broken=f"pytest stopped with exit code {code}", versions=versions)
    names = ("tests", "failures", "errors", "skipped", "time")
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests, failures, errors, skipped, seconds = (sum(float(suite.get(name, 0)) for suite in suites) for name in names)
    failed = int(failures + errors)
    broken = f"pytest stopped with exit code {code}" if code and not failed else ""
    return Result(int(tests - failures - errors - skipped), failed, int(skipped), seconds, versions, broken)


def requirements(pyproject: Mapping[str, object]) -> list[str]:
    """What the tests need beside xlsales, of the extra `test`."""
    extras: dict[str, list[str]] = pyproject["project"]["optional-dependencies"]  # type: ignore[index]
    return [one for one in extras["test"] if not one.startswith((*_LINTERS, "xlsales["))]


def _made(python: Python, dependencies: str, environment: Path, log: IO[bytes]) -> str:
    """Make the environment anew; what went wrong, or ""."""
    uv = [sys.executable, "-m", "uv"]
    resolution = {"oldest": "lowest-direct", "newest": "highest"}[dependencies]
    with (PROJECT / "pyproject.toml").open("rb") as file:
        wanted = requirements(tomllib.load(file))
    install = [*uv, "pip", "install", "--quiet", "--python", str(environment / _INSIDE), "--resolution", resolution]
    for command in (
        [*uv, "venv", "--quiet", "--clear", "--python", python.program, str(environment)],
        [*install, "--editable", ".[parquet,sql]", *wanted],
    ):
        if subprocess.run(command, cwd=PROJECT, stdout=log, stderr=log, check=False).returncode:
            return "the installation failed: see above"
    return ""


def _title(column: Column) -> str:
    share = "all tests" if column.whole else "a part of the tests"
    return f"Python {_shown(column)}, {column.dependencies} dependencies, {share}"


def _shown(column: Column) -> str:
    return column.python.shown if column.python else ".".join(map(str, column.minor))


def table(results: Sequence[tuple[Column, Result]]) -> str:
    """What ran, what did not, and how it went."""
    rows: list[tuple[str, ...]] = [
        ("Python", "dependencies", "tests", "passed", "failed", "skipped", "s", "result", "with")
    ]
    for column, result in results:
        numbers = [str(number) for number in (result.passed, result.failed, result.skipped, round(result.seconds))]
        if not result.seconds:
            numbers = ["-"] * len(numbers)
        verdict = result.broken or ("good" if result.is_good else "FAILED")
        share = "all" if column.whole else "part"
        rows.append((_shown(column), column.dependencies, share, *numbers, verdict, result.versions))
    return printed(rows)


def main(arguments: Sequence[str]) -> int:
    """Run everything, and say at the end what ran; 1 where something failed, or could not be installed."""
    parser = argparse.ArgumentParser(prog="python tests --matrix", description=__doc__)
    parser.add_argument("--python", action="append", default=[], metavar="PROGRAM", help="a Python in another place")
    parser.add_argument("--part", action="store_true", help="a part of the tests with the project's own Python too")
    given = parser.parse_args(arguments)
    lost = [program for program in given.python if shutil.which(program) is None]
    if lost:
        parser.error(f"{lost[0]} is no program: give the path of a Python")
    FOLDER.mkdir(exist_ok=True)
    own = Python(tuple(sys.version_info[:3]), sys.executable)
    found = newest_of_each([*everywhere(), *given.python])
    columns = list(planned(found, own, part=given.part))
    results = list(zip(columns, run_all(columns), strict=True))
    sys.stdout.write(f"\n{table(results)}\n")
    return int(not all(result.is_good for column, result in results if column.python))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
