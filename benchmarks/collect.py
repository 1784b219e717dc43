"""How long it takes to read planners that came back, beside what others take to read their input sheets alone.

    python benchmarks/collect.py FOLDER…

Ours reads all of it, recalculates and compares; the others read the input sheets' values. Processor time of one
process each, side by side in one run; the least of three rounds. Workbooks with macros are measured on their own.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

import openpyxl
import pandas as pd

from xlsales.collection.quickly import calculated, opened, read
from xlsales.collection.reference import References

SHEETS = ("Targets", "Accounts", "Pipeline", "Activity", "Growth", "Team", "Plan", "Check-ins", "Org health")
ROUNDS = 3
TOGETHER = 128  # planners that a process takes at a time, as the command has it; the same ones again if they are fewer


def pandas_with_openpyxl(path: Path) -> None:
    """What most scripts do."""
    pd.read_excel(path, sheet_name=list(SHEETS), header=None, engine="openpyxl")


def openpyxl_read_only(path: Path) -> None:
    """The same without data frames."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in SHEETS:
        list(book[sheet].iter_rows(values_only=True))
    book.close()


def calamine(path: Path) -> None:
    """A reader in Rust; one kind of blank, no formulas."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    for sheet in SHEETS:
        book.get_sheet_by_name(sheet).to_python()


def fastexcel(path: Path) -> None:
    """Another one, into Arrow tables."""
    book = import_module("fastexcel").read_excel(path)
    for sheet in SHEETS:
        book.load_sheet(sheet, header_row=None).to_arrow()


def collected(paths: Sequence[Path], references: References) -> float:
    """Return the processor time of ours for each file, in milliseconds: many are calculated at once."""
    many = (list(paths) * TOGETHER)[:TOGETHER]
    start = time.process_time()
    calculated(opened(path, path.name, references) for path in many)
    return 1000 * (time.process_time() - start) / len(many)


def timed(work: Callable[[Path], object], paths: Sequence[Path]) -> float:
    """Return the processor time for each file, in milliseconds."""
    start = time.process_time()
    for path in paths:
        work(path)
    return 1000 * (time.process_time() - start) / len(paths)


def measured(paths: Sequence[Path], files: int) -> Iterator[tuple[str, float]]:
    """Yield each way with the processor time of a planner, in milliseconds, for the first of these planners."""
    paths, beside = paths[:files], paths[files:]
    references = References()
    works: dict[str, Callable[[Path], object]] = {
        "pandas + openpyxl": pandas_with_openpyxl,
        "openpyxl, read-only": openpyxl_read_only,
    }
    others = {"python_calamine": calamine, "fastexcel": fastexcel}
    works |= {name: work for name, work in others.items() if importlib.util.find_spec(name)}
    for path in beside or paths:  # templates are compiled once, and rows that come again are known: of other planners
        read(path, path.name, references)
    yield "xlsales collect", min(collected(paths, references) for _round in range(ROUNDS))
    for name, work in works.items():
        yield name, min(timed(work, paths) for _round in range(ROUNDS))


def main() -> None:
    """Measure and print, xlsx and xlsm each on its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="planners that a batch made, or that came back")
    parser.add_argument("--files", type=int, default=16, help="how many of them, of each kind")
    arguments = parser.parse_args()
    reports = ("Overview.xlsx", "findings.xlsx")
    found = [path for folder in arguments.folders for path in sorted(folder.rglob("*")) if path.name not in reports]
    for kind in (".xlsx", ".xlsm"):
        paths = [path for path in found if path.suffix == kind]
        if not paths:
            continue
        best = dict(measured(paths, arguments.files))
        slowest = best["pandas + openpyxl"]
        sys.stdout.write(f"{kind.removeprefix('.')}, {min(len(paths), arguments.files)} planners\n")
        for name, milliseconds in best.items():
            times = slowest / milliseconds
            sys.stdout.write(f"{name:22}{milliseconds:9.1f} ms a planner{times:9.1f} times pandas + openpyxl\n")


if __name__ == "__main__":
    main()
