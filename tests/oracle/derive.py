"""Derives facts from workbooks that Excel saved: a formula, the cells that it reads, and what Excel stored.

    git clone --bare https://github.com/ironcalc/IronCalc FOLDER/ironcalc+IronCalc      (and so on: see PROJECTS)
    python -m tests.oracle.derive FOLDER > tests/oracle/facts.jsonl

The same commits give the same facts. Only facts are written, no part of a workbook. Workbooks that calculate by
iteration, or whose values another program made up, are passed over.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from xlsales.calculation.engine.dependents import area_referred
from xlsales.calculation.engine.ranges import DiffersError, functions_in, parsed, references_in
from xlsales.errors import InputError
from xlsales.functions import CellError
from xlsales.recalc import book
from xlsales.recalc.book import Book
from xlsales.workbook import parts
from xlsales.workbook.sheet_part import Cell

_MOST = 12  # facts of a function
_ALIKE = 3  # facts of a function with the same kinds of arguments
_MOST_CELLS = 30
# The public projects whose workbooks are read, each as it was at this commit, some of them one folder only.
PROJECTS = {
    "ironcalc/IronCalc": "0d797798e12ba3b3ff561ff7ba6ca834c7edec56",
    "apache/poi": "a528d43590b3f71aa94310de881a35af887fdd0f:test-data/spreadsheet",
    "ClosedXML/ClosedXML": "f77503d58e0edaefea5108739548d1568fe377e6",
    "dgorissen/pycel": "15c8dd17338eb2ec31c9fe9dab11ae7b77b2633b",
    "vinci1it2000/formulas": "78e4b77f7deaee5328cd769662fb915f785eb7a1",
}
# Names of workbooks whose stored values are not what Excel calculates once: of one cell, or by iteration.
_PASSED_OVER = re.compile(r"sheet_1x1|iter", re.IGNORECASE)
_NOT_REPEATABLE = re.compile(
    r"\b(TODAY|NOW|RAND\w*|CELL|INFO|OFFSET|INDIRECT|SHEETS?|ROWS?|COLUMNS?|FORMULATEXT|ISFORMULA|SUBTOTAL|AGGREGATE"
    r"|GETPIVOTDATA|_xlpm)\b",
    re.IGNORECASE,
)


def workbooks(clone: Path, chosen: str) -> Iterator[tuple[str, bytes]]:
    """Yield the workbooks of a project at `commit:folder`, each with its place; `clone` is a clone, bare or not."""
    commit, _colon, under = chosen.partition(":")
    git = ["git", "-C", str(clone)]
    listed = subprocess.run(
        [*git, "ls-tree", "-r", "-z", "--name-only", commit, *under.split()], check=True, capture_output=True
    )
    for place in sorted(listed.stdout.decode().split("\0")):
        if place.endswith((".xlsx", ".xlsm")) and not _PASSED_OVER.search(place.replace("/", "~")):
            found = subprocess.run([*git, "cat-file", "blob", f"{commit}:{place}"], capture_output=True)
            if found.returncode == 0:  # some clones lack the largest files
                yield place, found.stdout


def facts(name: str, place: str, package: bytes) -> Iterator[dict[str, Any]]:
    """Yield the facts of one workbook."""
    try:
        read = book.read(package, place)
        program, texts = book.application(read), _shared(read)
    except (InputError, SyntaxError, KeyError, ValueError):  # lxml's errors are SyntaxErrors
        return
    if (
        not read.is_calculated
        or b"Microsoft" not in program
        or read.formulas.counts_from_1904
        or read.formulas.iterates
    ):
        return
    stored, own = read.stored(), read.formulas.functions
    for (sheet, cell), formula in read.formulas.cells.items():
        if formula.is_array or (sheet, cell) not in stored or stored[sheet, cell] is None or len(formula.text) > 160:
            continue
        if any(name.lower() in own for name in re.findall(r"\w+(?=\()", formula.text)):
            continue  # Excel did not calculate that, the workbook's own VBA did
        given = _given(read, sheet, formula.text, texts)
        if given is not None and cell not in given:
            yield {
                "formula": formula.text,
                "cells": given,
                "excel": plain(stored[sheet, cell]),
                "source": f"{name}: {place} {sheet}!{cell}",
            }


def _shared(read: Book) -> list[str]:
    place = next((name for name in read.parts if name.endswith("sharedStrings.xml")), None)
    if place is None:
        return []
    root = parts.parse(read.parts[place])
    return ["".join(text.text or "" for text in entry.iter("{*}t")) for entry in root.iter("{*}si")]


def _given(read: Book, sheet: str, formula: str, texts: list[str]) -> dict[str, Any] | None:
    """Return the cells that a formula reads, all of them on its own sheet; nothing where that cannot be told."""
    if _NOT_REPEATABLE.search(formula) or "[" in formula or "!" in formula:
        return None
    found: dict[str, Any] = {}
    for reference in references_in(formula):
        area = area_referred(reference)
        if (area.right - area.left + 1) * (area.bottom - area.top + 1) > _MOST_CELLS:
            return None
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                place = f"{get_column_letter(column)}{row}"
                cell = read.sheets[sheet].cells.get(place)
                if cell is not None and cell.has_value:
                    found[place] = _value(cell, texts)
    names = formula.lower()
    return None if any(name in names for _scope, name in read.formulas.names) else found


def _value(cell: Cell, texts: list[str]) -> Any:
    return texts[int(cell.shown or 0)] if cell.kind == "s" else plain(book.value(cell))


def plain(value: Any) -> Any:
    """Return a value as JSON has it: an error as an object."""
    return {"error": value.code} if isinstance(value, CellError) else value


def chosen(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return at most some facts of each function, those of different kinds of arguments first."""
    functions: Counter[str] = Counter()
    kinds: Counter[tuple[Any, ...]] = Counter()
    seen: set[str] = set()
    kept: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for fact in sorted(found, key=lambda one: (len(one["formula"]), json.dumps(one, sort_keys=True))):
        key = json.dumps([fact["formula"], fact["cells"]], sort_keys=True)
        try:
            called = sorted(set(functions_in(parsed(fact["formula"])))) or ["none"]
        except DiffersError:
            continue
        shape = tuple(type(value).__name__ for value in [*fact["cells"].values(), fact["excel"]])
        alike = ("&".join(called), re.sub(r"\d+", "#", fact["formula"]), *shape)
        if key in seen or any(functions[name] >= _MOST for name in called) or kinds[alike] >= _ALIKE:
            continue
        seen.add(key)
        kinds[alike] += 1
        functions.update(called)
        kept["&".join(called)].append(fact)
    return [fact for name in sorted(kept) for fact in kept[name]]


def main(folder: str) -> None:
    """Print the chosen facts of all projects, whose clones stand in a folder as owner+name."""
    found = [
        fact
        for name, commit in PROJECTS.items()
        for place, package in workbooks(Path(folder) / name.replace("/", "+"), commit)
        for fact in facts(name, place, package)
    ]
    for fact in chosen(found):
        sys.stdout.write(json.dumps(fact, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
